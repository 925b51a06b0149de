"""Where a network looked while it wrote: one row a token that was made, one column a token that was given."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.fonts import mono_font, text_width
from widgets.plots.readout import ReadOut
from widgets.theme import theme, themes
from widgets.words import percent

HEAD = 22
CELL = 34
"""Px a cell is wide and high at most."""


class AttentionMap(QWidget):
    """Shares of attention float [made, given] between 0 and 1 with the tokens at the top and at the left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weights = np.zeros((0, 0), np.float32)
        self._given: list[str] = []
        self._made: list[str] = []
        self._card = ReadOut(self)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Attention")
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_map(self, weights: np.ndarray, given: list[str], made: list[str]) -> None:
        """Show another map; tokens beyond its size are left out, and so is what lies beyond the tokens."""
        rows, columns = min(len(made), weights.shape[0]), min(len(given), weights.shape[1])
        self._weights, self._given, self._made = weights[:rows, :columns], given[:columns], made[:rows]
        self.setAccessibleDescription(f"from {''.join(given)} to {''.join(made)}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    @property
    def _ahead(self) -> float:
        return max((text_width(token, 11, mono=True) for token in self._made), default=0.0) + 10

    def cell(self, row: int, column: int) -> QRectF:
        """Where a share is painted."""
        rows, columns = self._weights.shape
        wide = min(CELL, (self.width() - self._ahead) / max(columns, 1))
        high = min(CELL, (self.height() - HEAD) / max(rows, 1))
        return QRectF(self._ahead + column * wide, HEAD + row * high, wide, high)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        first = self.cell(0, 0)
        column, row = (int((event.position().x() - first.left()) // max(first.width(), 1)),
                       int((event.position().y() - first.top()) // max(first.height(), 1)))
        inside = 0 <= row < self._weights.shape[0] and 0 <= column < self._weights.shape[1]
        self._card.setVisible(inside)
        if inside:
            line = (f"“{self._given[column]}”", theme().color("accentfill"), "square",
                    percent(float(self._weights[row, column]), 0))
            self._card.show_lines(f"Writing “{self._made[row]}”", [line], int(event.position().x()))

    def leaveEvent(self, event: object) -> None:
        self._card.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        for row, column in np.ndindex(*self._weights.shape):
            box = self.cell(row, column).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.fillRect(box, t.color("sunken"))
            painter.fillRect(box, t.color("accentfill", min(max(float(self._weights[row, column]), 0.0), 1.0)))
        painter.setFont(mono_font(11))
        painter.setPen(t.color("text2"))
        for column, token in enumerate(self._given):
            box = self.cell(0, column)
            painter.drawText(QRectF(box.left(), 0, box.width(), HEAD), Qt.AlignmentFlag.AlignCenter, token)
        for row, token in enumerate(self._made):
            box = self.cell(row, 0)
            side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(0, box.top(), self._ahead - 6, box.height()), side, token)
        painter.end()
