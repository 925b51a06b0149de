"""The confusion matrix: true classes down, predicted across, a cell opens its samples."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets.fonts import text_width, ui_font
from widgets.theme import theme, themes
from widgets.words import count, percent

GAP, LARGEST, SMALLEST = 2, 44, 12
NARROW = 38
"""Cells with less room say whole percentages."""
LONGEST = 84
"""Room for names that stand on end."""
FEW, LARGE = 4, 68
"""Up to so many classes the cells are larger, so that names have room."""


class ConfusionMatrix(QWidget):
    """Counts [n, n], row = true class. `chosen(true, predicted)` when a cell is picked; (-1, -1) when it is let go."""

    access_role = QAccessible.Role.Table
    focus_ring = True
    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts = np.zeros((0, 0), int)
        self._names: tuple[str, ...] = ()
        self._cell = (-1, -1)
        self._shares: np.ndarray | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Confusion matrix, true classes down, predicted classes across")
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_counts(self, counts: np.ndarray, names: tuple[str, ...], shares: bool = False) -> None:
        """counts: int [n, n]; names: n class names; cells say the shares of a true class in place of counts where asked."""
        self._shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1) if shares else None
        self._counts, self._names, self._cell = counts, names, (-1, -1)
        self.setMaximumHeight(self.sizeHint().height())
        self.updateGeometry()
        self.update()

    @property
    def cell(self) -> tuple[int, int]:
        """The chosen cell (true, predicted), (-1, -1) without one."""
        return self._cell

    def choose(self, true: int, predicted: int) -> None:
        """Pick a cell; picking it again lets it go."""
        self._cell = (-1, -1) if (true, predicted) == self._cell else (true, predicted)
        self.chosen.emit(*self._cell)
        self.update()

    def sizeHint(self) -> QSize:
        n = len(self._counts)
        return QSize(int(self._margin()) + n * (self._largest + GAP), int(self._head()) + n * (self._largest + GAP))

    @property
    def _largest(self) -> int:
        return LARGE if len(self._counts) <= FEW else LARGEST

    def minimumSizeHint(self) -> QSize:
        n = min(len(self._counts), 12)
        return QSize(int(self._margin()) + n * (24 + GAP), int(self._head()) + n * (24 + GAP))

    def _margin(self) -> float:
        metrics = self.fontMetrics()
        return 28 + min(96, max((metrics.horizontalAdvance(n) for n in self._names), default=0)) + 8

    @property
    def _upright(self) -> bool:
        """Whether names across stand on end: some are wider than the cells can be."""
        n = max(len(self._counts), 1)
        return self._widest() > min(self._largest, (self.width() - self._margin()) / n - GAP)

    def _widest(self) -> float:
        return max((text_width(name, 12, 600) for name in self._names), default=0.0)

    def _head(self) -> float:
        """Height of the names across and the word above them."""
        return 20 + min(LONGEST, self._widest()) + 6 if self._upright else 36.0

    def _size(self) -> float:
        n = max(len(self._counts), 1)
        across, down = (self.width() - self._margin()) / n - GAP, (self.height() - self._head()) / n - GAP
        return float(max(min(self._largest, across, down), 4))

    def rect_of(self, true: int, predicted: int) -> QRectF:
        """Where a cell is drawn."""
        size = self._size()
        return QRectF(self._margin() + predicted * (size + GAP), self._head() + true * (size + GAP), size, size)

    def _at(self, place: QPointF) -> tuple[int, int]:
        step = self._size() + GAP
        column, row = int((place.x() - self._margin()) // step), int((place.y() - self._head()) // step)
        n = len(self._counts)
        return (row, column) if 0 <= row < n and 0 <= column < n else (-1, -1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setMaximumHeight(self.sizeHint().height())
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._at(event.position())
        if cell != (-1, -1):
            self.choose(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        move = moves.get(Qt.Key(event.key()))
        if move is None or not len(self._counts):
            super().keyPressEvent(event)
            return
        row, column = self._cell if self._cell != (-1, -1) else (0, -1 if move == (0, 1) else 0)
        n = len(self._counts) - 1
        target = (min(max(row + move[0], 0), n), min(max(column + move[1], 0), n))
        if target != self._cell:
            self.choose(*target)

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            true, predicted = self._at(QPointF(event.pos()))
            if true >= 0:
                words = f"{count(int(self._counts[true, predicted]))} × {self._names[true]} read as {self._names[predicted]}"
                if self._shares is not None:
                    words += f": {percent(float(self._shares[true, predicted]))} of all that are {self._names[true]}"
                QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if len(self._counts):
            self._paint_names(painter)
            for true in range(len(self._counts)):
                for predicted in range(len(self._counts)):
                    self._paint_cell(painter, true, predicted)
        painter.end()

    def _paint_names(self, painter: QPainter) -> None:
        t, size, margin = theme(), self._size(), self._margin()
        n = len(self._counts)
        painter.setPen(t.color("text3"))
        painter.setFont(ui_font(12))
        painter.drawText(QRectF(margin, 0, n * (size + GAP), 16), Qt.AlignmentFlag.AlignCenter, "predicted")
        painter.save()
        painter.translate(8, self._head() + n * (size + GAP) / 2)
        painter.rotate(-90)
        painter.drawText(QRectF(-60, -8, 120, 16), Qt.AlignmentFlag.AlignCenter, "true")
        painter.restore()
        painter.setFont(ui_font(12, 600))
        painter.setPen(t.color("text2"))
        metrics = painter.fontMetrics()
        for i, name in enumerate(self._names):
            row, column = self.rect_of(i, 0), self.rect_of(0, i)
            side = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(margin - 32))
            painter.drawText(QRectF(24, row.top(), margin - 32, size),
                             Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, side)
            self._paint_across(painter, name, column)

    def _paint_across(self, painter: QPainter, name: str, column: QRectF) -> None:
        """The name of a column: level where all fit, else on end, read upwards."""
        if not self._upright:
            painter.drawText(QRectF(column.left() - 1, 18, column.width() + 2, 16), Qt.AlignmentFlag.AlignCenter, name)
            return
        room = self._head() - 24
        words = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(room) + 1)
        painter.save()
        painter.translate(column.center().x(), self._head() - 4)
        painter.rotate(-90)
        painter.drawText(QRectF(0, -9, room + 2, 18), Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    def _paint_cell(self, painter: QPainter, true: int, predicted: int) -> None:
        t, box, value = theme(), self.rect_of(true, predicted), int(self._counts[true, predicted])
        if true == predicted:
            painter.setBrush(t.color("accentfill") if value else t.color("track"))
        elif value:
            painter.setBrush(t.color("sunken"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(box, 4, 4)
            color = QColor(t.hues["orange"].strip)
            color.setAlphaF(min(0.10 + 0.055 * self._weight(true, predicted), 0.75))
            painter.setBrush(color)
        else:
            painter.setBrush(t.color("sunken"))
        painter.setPen(QPen(t.color("text"), 2) if (true, predicted) == self._cell else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, 4, 4)
        if value and box.width() >= 20:
            painter.setPen(t.color("onfill") if true == predicted else t.color("text"))
            painter.setFont(ui_font(12, 600 if true == predicted or self._weight(true, predicted) > 4 else 400))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.words(true, predicted, box.width() < NARROW))

    def _weight(self, true: int, predicted: int) -> float:
        """How heavy a mistake looks: its count, or its percentage."""
        return float(self._counts[true, predicted] if self._shares is None else 100 * self._shares[true, predicted])

    def words(self, true: int, predicted: int, narrow: bool = False) -> str:
        """What a cell says: a count, or a percentage without its sign; a whole one where there is little room."""
        if self._shares is None:
            return count(int(self._counts[true, predicted]))
        share = 100 * float(self._shares[true, predicted])
        if not share:
            return ""
        if narrow:
            return "" if share < 0.5 else "99" if 99 < share < 100 else f"{share:.0f}"
        # All or nothing is said only where it is so.
        return "<0.1" if share < 0.05 else ">99.9" if 99.95 <= share < 100 else f"{share:.1f}" if share < 100 else "100"
