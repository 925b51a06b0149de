"""Which way the data flows on screen. The document always counts from left to right; only this and geometry know better.

From top to bottom, a place (x, y) of the document is seen at (y * SPREAD, x): cards are wider than high, so what stands
side by side needs more room than what stood below one another.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainterPath, QTransform

SPREAD = 1.5
_TURN = QTransform(0, 1, 1, 0, 0, 0)
"""Swaps the axes; its own inverse."""


@dataclass(frozen=True)
class Flow:
    """`place` and `back` between document and scene; `turned` between the scene and axes along and across the flow."""

    down: bool = False

    def place(self, x: float, y: float) -> QPointF:
        """Where the scene has a place of the document."""
        return QPointF(y * SPREAD, x) if self.down else QPointF(x, y)

    def back(self, place: QPointF) -> tuple[float, float]:
        """The place of the document that is seen at a place of the scene."""
        return (place.y(), place.x() / SPREAD) if self.down else (place.x(), place.y())

    def size(self, width: float, height: float) -> QSizeF:
        """How large the scene shows a frame of the document."""
        return QSizeF(height * SPREAD, width) if self.down else QSizeF(width, height)

    def framed(self, rect: QRectF) -> tuple[tuple[float, float], tuple[int, int]]:
        """Place and size, in whole pixels, of the frame of the document that is seen as this rectangle."""
        width, height = (rect.height(), rect.width() / SPREAD) if self.down else (rect.width(), rect.height())
        return self.back(rect.topLeft()), (round(width), round(height))

    def turned(self, place: QPointF) -> QPointF:
        """From the scene to along and across the flow, and back."""
        return QPointF(place.y(), place.x()) if self.down else place

    def turned_rect(self, rect: QRectF) -> tuple[float, float, float, float]:
        """First and last corner of a rectangle, along and across the flow."""
        if self.down:
            return rect.top(), rect.left(), rect.bottom(), rect.right()
        return rect.left(), rect.top(), rect.right(), rect.bottom()

    def turned_path(self, path: QPainterPath) -> QPainterPath:
        """The same for a line."""
        return _TURN.map(path) if self.down else path


RIGHTWARDS = Flow()
