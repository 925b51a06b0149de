"""The proof table: one line a file, painted by Qt's own table in the program's look."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from widgets.controls import Button
from widgets.fonts import text_width
from widgets.pages.metrics import metric_words, moved_words, proof_markdown
from widgets.parts import Glyph, Line, Words
from widgets.theme import theme, themes
from widgets.words import duration, size_words

HEADINGS = ("File", "Difference", "Allowed", "{metric} before", "After", "Size", "Latency", "")
_MEASURES = (5, 6)
WHOLE = "whole"
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignVCenter
Name = tuple[str, str]
"""(part, format)."""


class ProofTable(QWidget):
    """Lines come with `add` and `add_failure`; `clear` starts over. `accepted(format)`: keep a file that was refused."""

    accepted = Signal(str)

    def __init__(self, titles: dict[str, str]) -> None:
        super().__init__()
        self._titles = titles
        self.title = "Model"
        self.apart: frozenset[str] = frozenset()
        """Formats that are no models but bring rows along: no bar is drawn for their size and time."""
        self._lines: dict[Name, dict[str, Any]] = {}
        self._failures: dict[Name, str] = {}
        self._expected: tuple[Name, ...] = ()
        self._going_on = False
        self.hint = Words("Each file is opened again in its own runtime and compared with the Keras model on the test rows.",
                          12, 400, "text2", wrap=True)
        self.words = Words("", 13, 400, "error", wrap=True)
        self.foot = Words("Latency: median of up to 200 runs on this CPU, one sample, one thread. "
                          "A file that misses “allowed” is not left behind.", 12, 400, "text3", wrap=True)
        self.copy = Button("Copy report", icon="copy", small=True)
        self.copy.setToolTip("The table as Markdown")
        self.copy.clicked.connect(self._copy)
        head = QHBoxLayout()
        title = Words("Proof", 15, 600)
        title.setFixedHeight(28)
        head.addWidget(title)
        head.addSpacing(8)
        head.addWidget(self.hint, 1)
        head.addWidget(self.copy)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(0)
        self.grid.setColumnStretch(0, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addLayout(head)
        box.addLayout(self.grid)
        box.addWidget(self.words)
        box.addWidget(self.foot)
        self.clear()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The proofs shown, in their order."""
        return [self._lines[name] for name in self._ordered(self._lines)]

    @property
    def report(self) -> str:
        """The table as Markdown."""
        return proof_markdown(self.title, self.lines, [(self._called(name), text) for name, text in self._failures.items()],
                              self._titles)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report)

    def _ordered(self, names: Mapping[Name, Any] | Sequence[Name]) -> list[Name]:
        """Parts as they came, the formats of each as the cards stand."""
        parts = list(dict.fromkeys([part for part, _ in self._expected] + [part for part, _ in names]))
        order = {name: place for place, name in enumerate(self._titles)}
        return sorted(names, key=lambda name: (parts.index(name[0]), order.get(name[1], len(order))))

    def _called(self, name: Name) -> str:
        title = self._titles.get(name[1], name[1])
        return title if name[0] == WHOLE else f"{name[0]} · {title}"

    def clear(self) -> None:
        """No lines."""
        self._lines, self._failures, self._expected = {}, {}, ()
        self.say("")
        self._rebuild()

    def expect(self, names: Sequence[Name], going_on: bool = False) -> None:
        """Files without a proof yet stand there with an empty line, or with dots while the export goes on."""
        self._expected, self._going_on = tuple(names), going_on
        self._rebuild()

    def say(self, sentence: str, token: str = "error") -> None:
        """A sentence under the table, in the colour of a token."""
        self.words.set_token(token)
        self.words.setText(sentence)
        self.words.setVisible(bool(sentence))

    def add(self, row: dict[str, Any]) -> None:
        """A proven file (see `exporters.proof.Proof`)."""
        name = (str(row["part"]), str(row["format"]))
        self._failures.pop(name, None)
        self._lines[name] = row
        self._rebuild()

    def add_failure(self, part: str, name: str, problem: str) -> None:
        """A file that was refused, and why."""
        self._lines.pop((part, name), None)
        self._failures[part, name] = problem
        self._rebuild()

    # Filling.

    def _rebuild(self) -> None:
        while (item := self.grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        names = self._ordered({**dict.fromkeys(self._expected), **self._lines, **self._failures})
        self.foot.setVisible(bool(names))
        self.copy.setVisible(bool(self._lines))
        if not names:
            return
        metric = next((row["metric"] for row in self._lines.values() if row["metric"]), "")
        for column, heading in enumerate(HEADINGS):
            words = Words(heading.format(metric=metric).strip().capitalize(), 12, 500, "text3")
            words.setFixedHeight(32)
            if column in _MEASURES:  # its end stands over the end of the values, not over that of the bars
                words.setFixedWidth(_Measure.room())
                words.setAlignment(_RIGHT)
            self.grid.addWidget(words, 0, column, _RIGHT if 0 < column < 5 else _LEFT)
        self.grid.addWidget(Line(strong=True), 1, 0, 1, len(HEADINGS))
        line = 2
        for name in names:
            self.grid.setRowMinimumHeight(line, 48)
            if name in self._lines:
                self._fill(line, name, self._lines[name])
            elif name in self._failures:
                self._fill_failure(line, name)
            else:
                self._fill_waiting(line, name)
            self.grid.addWidget(Line(), line + 1, 0, 1, len(HEADINGS))
            line += 2
        while line < self.grid.rowCount():  # of a longer table before
            self.grid.setRowMinimumHeight(line, 0)
            line += 1

    def _name(self, name: Name, notes: Sequence[str] = ()) -> QWidget:
        title = self._titles.get(name[1], name[1])
        return _Name(title, [*([] if name[0] == WHOLE else [f"Part: {name[0]}"]), *notes])

    def _fill_waiting(self, line: int, name: Name) -> None:
        self.grid.addWidget(self._name(name), line, 0)
        for column in range(1, 7):
            holder: QWidget = Words("…" if self._going_on else "–", 13, 400, "text3")
            if column > 4:
                holder = _Measure("…" if self._going_on else "–", 0.0)
            self.grid.addWidget(holder, line, column, _RIGHT if column < 5 else _LEFT)
        self.grid.addWidget(Glyph("clock", "accent" if self._going_on else "line2"), line, 7, _RIGHT)

    def _fill_failure(self, line: int, name: Name) -> None:
        self.grid.addWidget(self._name(name), line, 0)
        words = Words(self._failures[name], 12, 400, "error", wrap=True)
        words.setMinimumHeight(40)
        keep = "accept the loss" in self._failures[name].lower() and not self._going_on
        self.grid.addWidget(words, line, 1, 1, 5 if keep else 6)
        if keep:
            button = Button("Accept the loss", small=True)
            button.clicked.connect(lambda: self.accepted.emit(name[1]))
            self.grid.addWidget(button, line, 6, _RIGHT)
        self.grid.addWidget(Glyph("error", "error"), line, 7, _RIGHT)

    def _fill(self, line: int, name: Name, row: dict[str, Any]) -> None:
        alike = [r for r in self._lines.values() if (r["format"] in self.apart) == (row["format"] in self.apart)]
        largest, slowest = max(r["bytes"] for r in alike), max(r["latency_ms"] for r in alike) or 1.0
        drawn = float(row["format"] not in self.apart)
        judged = str(row.get("judged") or "max_abs_diff")
        difference = Words(f"{row[judged]:.1e}", 12, 400, mono=True)
        difference.setToolTip(f"largest {row['max_abs_diff']:.1e}, mean {row['mean_abs_diff']:.1e}; "
                              f"{row['agreement']:.2%} decide the same")
        time = _Measure(duration(row["latency_ms"] / 1000), drawn * row["latency_ms"] / slowest)
        time.setToolTip(f"95 % within {duration(row.get('latency_p95_ms', 0.0) / 1000)}" + (
            f"; on all threads {duration(row['latency_all_ms'] / 1000)}" if row.get("latency_all_ms") else "") + (
            f"; memory {size_words(row['memory'])}" if row.get("memory") else ""))
        notes = [*row.get("notes", ()), *([f"Accepted: {row['accepted']}"] if row.get("accepted") else [])]
        cells: list[QWidget] = [
            self._name(name, notes), difference, Words(f"{row['allowed']:.0e}", 12, 400, "text2", mono=True),
            Words(metric_words(row["metric"], row["before"]), 13), _After(row),
            _Measure(size_words(row["bytes"]), drawn * row["bytes"] / largest), time,
            Glyph("warning" if row.get("accepted") else "check", "warn" if row.get("accepted") else "ok")]
        for column, cell in enumerate(cells):
            if column == 0:
                self.grid.addWidget(cell, line, 0)
            else:
                self.grid.addWidget(cell, line, column, _LEFT if column in (5, 6) else _RIGHT)


class _After(QWidget):
    """The metric after the export, and below it by how much it moved."""

    def __init__(self, row: dict[str, Any]) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(Words(metric_words(row["metric"], row["after"]), 13), 0, Qt.AlignmentFlag.AlignRight)
        if moved := moved_words(row["metric"], row["before"], row["after"]):
            box.addWidget(Words(moved, 11, 400, "text3"), 0, Qt.AlignmentFlag.AlignRight)


class _Name(QWidget):
    """The format, and under it what one must know of the file."""

    def __init__(self, title: str, notes: Sequence[str]) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 8)
        box.setSpacing(2)
        box.addStretch(1)
        box.addWidget(Words(title, 13, 500))
        for note in notes:
            box.addWidget(Words(note, 12, 400, "text2", wrap=True))
        box.addStretch(1)


class _Measure(QWidget):
    """A value with a bar of 72 x 4 behind it, as far as there is one. All are as wide as the longest value."""

    LONGEST, BAR, GAP = "0.00000 ms", 72, 8

    def __init__(self, text: str, share: float) -> None:
        super().__init__()
        self._share = share
        self.label = Words(text, 13, parent=self)
        self._room = self.room()
        self.setFixedSize(self._room + self.GAP + self.BAR, 32)
        self.label.setGeometry(0, 0, self._room, 32)
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        themes.changed.connect(self._repaint)

    @classmethod
    def room(cls) -> int:
        """Pixels for the value."""
        return math.ceil(text_width(cls.LONGEST, 13)) + 2

    def _repaint(self, _: object) -> None:
        self.update()

    def text(self) -> str:
        """The value in words."""
        return str(self.label.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._share:
            return
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for share, token in ((1.0, "track"), (self._share, "wire")):
            painter.setBrush(t.color(token))
            painter.drawRoundedRect(QRectF(self._room + self.GAP, 14, self.BAR * share, 4), 2, 2)
        painter.end()
