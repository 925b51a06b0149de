"""The proof table: one line a file, painted by Qt's own table in the program's look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from widgets.parts import Glyph, Line, Words
from widgets.theme import theme, themes
from widgets.words import MINUS, duration, number, percent, size_words

HEADINGS = ("File", "Max difference", "Allowed", "{metric} before", "After", "Size", "Latency, this CPU", "")
SHARES = frozenset({"accuracy"})


class ProofTable(QWidget):
    """Lines come with `add` and `add_failure`; `clear` starts over."""

    def __init__(self, titles: dict[str, str]) -> None:
        super().__init__()
        self._titles = titles
        self._lines: list[dict[str, Any]] = []
        self._expected: tuple[str, ...] = ()
        self._going_on = False
        self._failures: list[tuple[str, str]] = []
        self.hint = Words("Each file is opened again in its own runtime and compared with the Keras model on the test rows.",
                          12, 400, "text2", wrap=True)
        self.words = Words("", 13, 400, "error", wrap=True)
        self.foot = Words("Latency: median of up to 200 runs, one sample, one thread. "
                          "A file that misses “allowed” is not left behind.",
                          12, 400, "text3", wrap=True)
        head = QHBoxLayout()
        head.addWidget(Words("Proof", 15, 600))
        head.addSpacing(8)
        head.addWidget(self.hint, 1)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(0)
        self.grid.setColumnStretch(0, 2)
        for column in range(1, 7):
            self.grid.setColumnStretch(column, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addLayout(head)
        box.addLayout(self.grid)
        box.addWidget(self.words)
        box.addWidget(self.foot)
        box.addStretch(1)
        self.clear()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The proofs shown."""
        return list(self._lines)

    def clear(self) -> None:
        """No lines."""
        self._lines, self._failures, self._expected = [], [], ()
        self.say("")
        self._rebuild()

    def expect(self, formats: Sequence[str], going_on: bool = False) -> None:
        """Formats without a proof yet stand there with an empty line, or with dots while the export goes on."""
        self._expected, self._going_on = tuple(formats), going_on
        self._rebuild()

    def say(self, sentence: str, token: str = "error") -> None:
        """A sentence under the table, in the colour of a token."""
        self.words.set_token(token)
        self.words.setText(sentence)
        self.words.setVisible(bool(sentence))

    def add(self, row: dict[str, Any]) -> None:
        """A proven file (see `exporters.proof.Proof`)."""
        order = {name: place for place, name in enumerate(self._titles)}
        self._lines = sorted([*self._lines, row], key=lambda r: order.get(r["format"], len(order)))
        self._rebuild()

    def add_failure(self, name: str, problem: str) -> None:
        """A file that was refused, and why."""
        self._failures.append((self._titles.get(name, name), problem))
        self._rebuild()

    def _rebuild(self) -> None:
        while (item := self.grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if not self._lines and not self._failures and not self._expected:
            self.foot.hide()
            return
        self.foot.show()
        metric = next((row["metric"] for row in self._lines if row["metric"]), "metric")
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for column, heading in enumerate(HEADINGS):
            words = Words(heading.format(metric=metric.capitalize()), 12, 500, "text3")
            words.setFixedHeight(32)
            self.grid.addWidget(words, 0, column, right if 0 < column < 5 else Qt.AlignmentFlag.AlignVCenter)
        self.grid.addWidget(Line(), 1, 0, 1, len(HEADINGS))
        there = {row["format"] for row in self._lines} | {name for name, title in self._titles.items()
                                                          if title in dict(self._failures)}
        waiting = [name for name in self._expected if name not in there]
        for i, row in enumerate(self._lines):
            self._fill(2 + 2 * i, row, right)
            self.grid.addWidget(Line(), 3 + 2 * i, 0, 1, len(HEADINGS))
        start = 2 + 2 * len(self._lines)
        for i, name in enumerate(waiting):
            self._fill_waiting(start + 2 * i, name, right)
            self.grid.addWidget(Line(), start + 1 + 2 * i, 0, 1, len(HEADINGS))
        start += 2 * len(waiting)
        for i, (title, problem) in enumerate(self._failures):
            self.grid.addWidget(Words(title, 13, 500), start + i, 0)
            words = Words(problem, 12, 400, "error", wrap=True)
            words.setMinimumHeight(40)
            self.grid.addWidget(words, start + i, 1, 1, len(HEADINGS) - 1)

    def _fill_waiting(self, line: int, name: str, right: Qt.AlignmentFlag) -> None:
        self.grid.setRowMinimumHeight(line, 48)
        self.grid.addWidget(Words(self._titles.get(name, name), 13, 500), line, 0)
        for column in range(1, 7):
            holder = Words("…" if self._going_on else "–", 13, 400, "text3")
            if column > 4:
                holder.setFixedWidth(78)
            holder.setAlignment(right)
            self.grid.addWidget(holder, line, column, right if column < 5 else Qt.AlignmentFlag.AlignVCenter)
        self.grid.addWidget(Glyph("clock", "accent" if self._going_on else "line2"), line, 7, right)

    def _fill(self, line: int, row: dict[str, Any], right: Qt.AlignmentFlag) -> None:
        largest = max(r["bytes"] for r in self._lines)
        slowest = max(r["latency_ms"] for r in self._lines) or 1.0
        cells: list[tuple[QWidget, Qt.AlignmentFlag]] = [
            (_Name(self._titles.get(row["format"], row["format"]), row.get("notes", ())), Qt.AlignmentFlag.AlignVCenter),
            (Words(f"{row['max_abs_diff']:.1e}", 12, 400, mono=True), right),
            (Words(f"{row['allowed']:.0e}", 12, 400, "text2", mono=True), right),
            (Words(metric_words(row["metric"], row["before"]), 13), right),
            (_After(row), right),
            (_Measure(size_words(row["bytes"]), row["bytes"] / largest), Qt.AlignmentFlag.AlignVCenter),
            (_Measure(duration(row["latency_ms"] / 1000), row["latency_ms"] / slowest), Qt.AlignmentFlag.AlignVCenter),
            (Glyph("check", "ok"), right)]
        self.grid.setRowMinimumHeight(line, 48)
        for column, (cell, alignment) in enumerate(cells):
            self.grid.addWidget(cell, line, column, alignment)


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


def moved_words(name: str, before: float | None, after: float | None) -> str:
    """How far a metric moved: `±0.00`, `+0.02`, `−0.06`; shares in points."""
    if before is None or after is None:
        return ""
    moved = (after - before) * (100 if name in SHARES else 1)
    words = f"{abs(moved):.2f}" if name in SHARES else f"{abs(moved):.2g}"
    return f"±{words}" if not float(words) else f"{'+' if moved > 0 else MINUS}{words}"


def metric_words(name: str, value: float | None) -> str:
    """A metric as a person reads it."""
    if value is None:
        return "–"
    return percent(value) if name in SHARES else number(value, 4)


class _Name(QWidget):
    """The format, and under it what one must know of the file."""

    def __init__(self, title: str, notes: Sequence[str]) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 8)
        box.setSpacing(2)
        box.addWidget(Words(title, 13, 500))
        for note in notes:
            box.addWidget(Words(note, 12, 400, "text2", wrap=True))


class _Measure(QWidget):
    """A value with a bar of 80 x 4 behind it."""

    def __init__(self, text: str, share: float) -> None:
        super().__init__()
        self._share = share
        self.label = Words(text, 13, parent=self)
        self.setFixedSize(168, 32)
        self.label.setGeometry(0, 0, 78, 32)
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for share, token in ((1.0, "track"), (self._share, "wire")):
            painter.setBrush(t.color(token))
            painter.drawRoundedRect(QRectF(88, 14, 80 * share, 4), 2, 2)
        painter.end()
