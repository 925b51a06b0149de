"""What is in one column: a bar for every class (click shows only its samples) or token, or the histogram of its numbers."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from graph_compiler.datasets.thumbnails import (
    ClassSummary,
    MaskSummary,
    NumberSummary,
    PictureSummary,
    Summary,
    TokenSummary,
)
from graph_compiler.specs.tensors import Column
from widgets.fonts import ui_font
from widgets.parts import Facts
from widgets.plots.masks import BACKGROUND, mask_color
from widgets.theme import theme, themes
from widgets.words import count, number, percent

BAR_ROW = 26
MOST_TOKENS = 12
"""So many of the most frequent tokens have a bar."""
SIGNS = {" ": "blank", "\n": "line end", "\t": "tab"}
"""Names of characters that cannot be seen."""


class ClassBars(QWidget):
    """One row a class: name, bar, rows. One class can be chosen; choosing it again lets go."""

    access_role = QAccessible.Role.List
    focus_ring = True
    chosen = Signal(int)
    """The class number, -1 when none is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._counts: tuple[int, ...] = ()
        self._current = -1
        self._hover = -1
        self._choosable, self._pixels = True, False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Rows by class")
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    @property
    def current(self) -> int:
        """The chosen class, -1 for none."""
        return self._current

    def set_counts(self, names: tuple[str, ...], counts: tuple[int, ...], choosable: bool = True, pixels: bool = False) -> None:
        """Show these; a choice that is still there stays. Pixels of masks are shown as shares, in the colours of the mask."""
        if names != self._names or not choosable:
            self._current = -1
        self._choosable, self._pixels = choosable, pixels
        self._names, self._counts = names, counts
        self.setAccessibleDescription(", ".join(f"{n} {count(c)}" for n, c in zip(names, counts, strict=True)))
        self.updateGeometry()
        self.update()

    def choose(self, place: int) -> None:
        """Choose a class; -1 or the chosen one lets go."""
        self._current = -1 if place == self._current or not 0 <= place < len(self._names) else place
        self.chosen.emit(self._current)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, BAR_ROW * len(self._names))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def _at(self, point: QPoint) -> int:
        place = point.y() // BAR_ROW
        return place if 0 <= place < len(self._names) and self._choosable else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._at(event.position().toPoint())
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._hover = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._choosable:
            self.choose(self._at(event.position().toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is None or not self._names or not self._choosable:
            super().keyPressEvent(event)
        else:
            self.choose(min(max(self._current + step, 0), len(self._names) - 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(ui_font(12, 500))
        widest = max((painter.fontMetrics().horizontalAdvance(n) for n in self._names), default=0)
        name_width = min(widest + 12.0, self.width() * 0.45)
        most = max(self._counts, default=0) or 1
        for i, (name, rows) in enumerate(zip(self._names, self._counts, strict=True)):
            self._paint(painter, QRectF(0, i * BAR_ROW, self.width(), BAR_ROW), name, rows, rows / most, name_width, i)
        painter.end()

    def _paint(self, painter: QPainter, box: QRectF, name: str, rows: int, share: float, name_width: float, place: int) -> None:
        t, middle = theme(), Qt.AlignmentFlag.AlignVCenter
        painter.setPen(Qt.PenStyle.NoPen)
        if place in (self._current, self._hover):
            painter.setBrush(t.color("accenttint" if place == self._current else "hover"))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), 6, 6)
        bar = QRectF(box.left() + 6 + name_width, box.center().y() - 2, max(8.0, box.width() - name_width - 72), 4)
        painter.setBrush(t.color("track"))
        painter.drawRoundedRect(bar, 2, 2)
        if rows:
            painter.setBrush(self._ink(name, place))
            painter.drawRoundedRect(QRectF(bar.left(), bar.top(), max(2.0, bar.width() * share), 4), 2, 2)
        painter.setPen(t.color("text"))
        painter.setFont(ui_font(12, 500))
        words = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(name_width - 6))
        painter.drawText(box.adjusted(6, 0, 0, 0), middle, words)
        painter.setFont(ui_font(12, 400))
        words = percent(rows / (sum(self._counts) or 1), 1) if self._pixels else count(rows)
        painter.drawText(box.adjusted(0, 0, -6, 0), middle | Qt.AlignmentFlag.AlignRight, words)
        if place == self._current and self.hasFocus():
            painter.setPen(QPen(t.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 1.5, -0.5, -1.5), 6, 6)

    def _ink(self, name: str, place: int) -> QColor:
        """The colour of a bar: that of the mask's class, or the same for all."""
        if not self._pixels:
            return theme().color("accentfill")
        return theme().color("text3") if name == BACKGROUND else mask_color(self._names, place)


class Histogram(QWidget):
    """The distribution of a column of numbers, its extremes below the ends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._summary: NumberSummary | None = None
        self.setFixedHeight(116)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Histogram")
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_summary(self, summary: NumberSummary) -> None:
        """Show this distribution."""
        self._summary = summary
        self.setAccessibleDescription(f"from {number(summary.low)} to {number(summary.high)}, mean {number(summary.mean)}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._summary is None:
            return
        t, s = theme(), self._summary
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(0, 4, self.width(), self.height() - 28)
        most, width = max(s.counts) or 1, self.width() / len(s.counts)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.color("accentfill", 0.75))
        for i, rows in enumerate(s.counts):
            if rows:
                height = max(1.5, room.height() * rows / most)
                painter.drawRoundedRect(QRectF(i * width + 0.75, room.bottom() - height, width - 1.5, height), 1.5, 1.5)
        painter.setPen(t.color("line2"))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        if s.high > s.low:
            x = (s.mean - s.low) / (s.high - s.low) * self.width()
            painter.setPen(QPen(t.color("text3"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(int(x), int(room.top()), int(x), int(room.bottom()))
        painter.setFont(ui_font(11))
        painter.setPen(t.color("text3"))
        below = QRectF(0, room.bottom() + 4, self.width(), 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, _plain(s.low))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, _plain(s.high))
        painter.end()


class ColumnSummary(QWidget):
    """One column: bars or histogram, then its figures."""

    class_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars, self.histogram, self.facts, self.ranges = ClassBars(), Histogram(), Facts(), Facts(row_height=24)
        self.bars.chosen.connect(self.class_chosen)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        for widget in (self.bars, self.histogram, self.facts, self.ranges):
            box.addWidget(widget)
        box.addStretch(1)

    def show_column(self, column: Column, summary: Summary, missing: int, parts: Mapping[str, ClassSummary], part: str) -> None:
        """Show a column; class counts are those of `part`."""
        self.ranges.hide()
        self.bars.setVisible(isinstance(summary, ClassSummary | MaskSummary | TokenSummary))
        self.histogram.setVisible(isinstance(summary, NumberSummary))
        if isinstance(summary, TokenSummary):
            self.bars.set_counts(*_frequent(column, summary), choosable=False)
        elif isinstance(summary, ClassSummary | MaskSummary):
            counts = parts[part].counts if part in parts else summary.counts
            self.bars.set_counts(column.classes, counts[:len(column.classes)], pixels=isinstance(summary, MaskSummary))
        elif isinstance(summary, NumberSummary):
            self.histogram.set_summary(summary)
        self.facts.set_rows([*_facts(column, summary), ("Missing", count(missing) if missing else "none")])
        self.facts.show()

    def show_vector(self, parts: Mapping[str, NumberSummary]) -> None:
        """Show a vector of columns: the range of each, the share of ones where there is nothing but 0 and 1."""
        for widget in (self.bars, self.histogram, self.facts):
            widget.hide()
        self.ranges.set_rows([(name, _range(s)) for name, s in parts.items()])
        self.ranges.show()


def _facts(column: Column, summary: Summary) -> list[tuple[str, str]]:
    if isinstance(summary, ClassSummary):
        ratio = 1 / summary.balance if summary.balance else 0.0
        share = f"1 : {count(round(ratio)) if ratio >= 10 else f'{ratio:.2g}'}" if ratio else "0 rows"
        return [("Classes", count(len(column.classes))), ("Rarest to most frequent", share)]
    if isinstance(summary, MaskSummary):
        rarest = min(summary.counts) / (sum(summary.counts) or 1)
        return [("Classes", count(len(column.classes))), ("Rarest, share of pixels", percent(rarest, 1))]
    if isinstance(summary, TokenSummary):
        spread = f"{count(summary.shortest)} to {count(summary.longest)}"
        seen = count(sum(map(bool, summary.counts)))
        return [("Vocabulary", count(len(column.vocabulary))), ("Different tokens used", seen),
                ("Tokens in a row", count(summary.longest) if summary.shortest == summary.longest else spread)]
    if isinstance(summary, PictureSummary):
        return [("Values", f"{summary.low} to {summary.high}"), ("Mean", number(summary.mean, 3))]
    if isinstance(summary, NumberSummary):
        return [("Mean", number(summary.mean)), ("Standard deviation", number(summary.std))]
    return []


def _frequent(column: Column, summary: TokenSummary) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Names and counts of the most frequent tokens."""
    order = sorted(range(len(summary.counts)), key=lambda i: -summary.counts[i])[:MOST_TOKENS]
    kept = [i for i in order if summary.counts[i]]
    names = [column.vocabulary[i] if i < len(column.vocabulary) else str(i) for i in kept]
    return tuple(SIGNS.get(name, name) for name in names), tuple(summary.counts[i] for i in kept)


def _range(s: NumberSummary) -> str:
    if (s.low, s.high) == (0.0, 1.0) and not any(s.counts[1:-1]):
        return percent(s.mean, 1)
    return f"{_plain(s.low)} to {_plain(s.high)}"


def _plain(x: float) -> str:
    """A value of the data: whole numbers without a point."""
    return count(int(x)) if x.is_integer() and abs(x) < 1e9 else number(x)
