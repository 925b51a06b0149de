"""Which file for which purpose, in plain words, with the size that is to be expected; after an export, what it came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from widgets.controls import Button
from widgets.fonts import scaled
from widgets.pages.metrics import metric_words
from widgets.parts import Words
from widgets.theme import theme, themes

COLUMN = 250
"""Pixels a purpose needs at least."""
_SAME = 1.15
"""Files that are not this many times faster are as fast."""


@dataclass(frozen=True)
class Purpose:
    """What somebody wants, the format for it, and why."""

    wish: str
    format: str
    why: str


PURPOSES = (
    Purpose("Any phone or tablet, on its CPU", "tflite", "The same numbers as in training: start here."),
    Purpose("A phone's NPU or DSP", "tflite-int8", "Whole numbers throughout. Look at what the figure loses."),
    Purpose("A small download", "tflite-dynamic", "Large weights in 8 bits, recurrent layers too; sums in float32."),
    Purpose("A phone's GPU", "tflite-float16", "Half the size, nearly the same answers."),
    Purpose("Desktop, server or web page", "onnx", "ONNX Runtime runs it on every system and in browsers."),
    Purpose("To go on training", "keras", "Opens in Keras 3 with everything it learnt."),
    Purpose("TensorFlow Serving, TensorFlow.js", "savedmodel", "A folder with a named signature."),
    Purpose("To train it elsewhere, from the start", "python", "One script and its rows, without this program."),
)

BEFORE = "Fewer bits make a file smaller, and often faster, and cost digits. How many, the export measures."


class WhichOne(QWidget):
    """A quiet box: one sentence, and a purpose a cell. It is open until there are proofs, then as the user leaves it."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__()
        self._titles, self._chosen = titles, False
        self.verdict = Words(BEFORE, 12, 400, "text2", wrap=True)
        self.toggle = Button("", small=True)
        self.toggle.clicked.connect(self._toggle)
        self.lines = {p.format: _Line(p, titles[p.format]) for p in PURPOSES if p.format in titles}
        self.cells = QWidget()
        self._grid = QGridLayout(self.cells)
        self._columns = 0
        self.setAccessibleName("Which file for which purpose")
        self._build()
        self.set_open(True)
        themes.changed.connect(self._retheme)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Words("Which one?", 15, 600))
        head.addWidget(self.verdict, 1)
        head.addWidget(self.toggle)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(12)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 10, 16, 12)
        box.setSpacing(10)
        box.addLayout(head)
        box.addWidget(self.cells)
        self._lay_out(4)

    @property
    def is_open(self) -> bool:
        """Whether the purposes are there."""
        return not self.cells.isHidden()

    def set_open(self, opened: bool) -> None:
        """Show the purposes, or the sentence alone."""
        self.cells.setVisible(opened)
        self.toggle.setText("Hide" if opened else "All purposes")

    def fold(self) -> None:
        """An export begins: the sentence alone, unless the user has it open."""
        if not self._chosen:
            self.set_open(False)

    def _toggle(self, _: object = None) -> None:
        self._chosen = True
        self.set_open(not self.is_open)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out(4 if self.width() >= 4 * scaled(COLUMN) + 120 else 2)

    def _lay_out(self, columns: int) -> None:
        """Purposes in so many columns, read along the rows."""
        if columns == self._columns:
            return
        self._columns = columns
        for place, line in enumerate(self.lines.values()):
            self._grid.addWidget(line, place // columns, place % columns)
        for column in range(4):
            self._grid.setColumnStretch(column, int(column < columns))

    def set_sizes(self, sizes: Mapping[str, str]) -> None:
        """What a file of each format weighs, or is expected to, in words."""
        for name, line in self.lines.items():
            line.set_size(sizes.get(name, ""))

    def set_kept(self, names: Sequence[str]) -> None:
        """Formats that what is drawn cannot leave as: it is said in place of a size."""
        for name, line in self.lines.items():
            line.weight.set_token("warn" if name in names else "text2")
            if name in names:
                line.set_size("not ready")

    def show_rows(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Proofs of an export; without any, what it is about."""
        if not self._chosen:
            self.set_open(not rows)
        self.verdict.setText(verdict(rows, self._titles) or BEFORE)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.color("line"), 1))
        painter.setBrush(t.color("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.end()

    def _retheme(self, _: object) -> None:
        self.update()


class _Line(QWidget):
    """One purpose: what for, the format with its size, why."""

    def __init__(self, purpose: Purpose, title: str) -> None:
        super().__init__()
        self.weight = Words("", 12, 400, "text2")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addWidget(Words(purpose.wish, 12, 400, "text2"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Words(title, 13, 600))
        row.addWidget(self.weight)
        row.addStretch(1)
        box.addLayout(row)
        why = Words(purpose.why, 12, 400, "text3", wrap=True)
        why.setAlignment(Qt.AlignmentFlag.AlignTop)
        box.addWidget(why)
        box.addStretch(1)

    def set_size(self, words: str) -> None:
        """The size in words, empty where nobody knows."""
        self.weight.setText(words)


def verdict(rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> str:
    """What the proofs of one part say to an app developer; empty without two .tflite files to compare.

    The fastest file on this CPU, or the smallest where none is faster than float32; files over their limits do not count.
    """
    part = next((str(row["part"]) for row in rows if row["format"] == "tflite"), "")
    own = [row for row in rows if row["part"] == part and str(row["format"]).startswith("tflite") and not row.get("accepted")]
    plain = next((row for row in own if row["format"] == "tflite"), None)
    if plain is None or len(own) < 2:
        return ""
    others = [row for row in own if row is not plain]
    best = min(others, key=lambda row: float(row["latency_ms"]))
    if float(plain["latency_ms"]) < _SAME * float(best["latency_ms"]):
        best = min(others, key=lambda row: int(row["bytes"]))
    smaller, faster = _times(plain, best, "bytes"), _times(plain, best, "latency_ms")
    if smaller < _SAME and faster < _SAME:
        return f"For a phone's CPU: {titles[plain['format']]}. No other file is smaller or faster.{_where(part)}"
    size = f"{smaller:.1f} times smaller" if smaller >= _SAME else "as large" if smaller > 1 / _SAME else "larger"
    speed = (f"{faster:.1f} times faster" if faster >= _SAME else "as fast" if faster > 1 / _SAME
             else f"{1 / faster:.1f} times slower")
    return (f"For a phone's CPU: {titles[best['format']]}. Beside float32 it is {size} and {speed} on this computer"
            f"{_figures(best)}.{_where(part)}")


def _times(plain: Mapping[str, Any], other: Mapping[str, Any], key: str) -> float:
    return float(plain[key]) / (float(other[key]) or 1.0)


def _figures(row: Mapping[str, Any]) -> str:
    if row.get("before") is None or row.get("after") is None:
        return ""
    before, after = (metric_words(str(row["metric"]), float(row[key])) for key in ("before", "after"))
    return f"; its {row['metric']} is {after}" + (f" instead of {before}" if after != before else ", as before")


def _where(part: str) -> str:
    return "" if part == "whole" else f" (Measured on {part}.)"
