"""What lies behind the cards: the dot grid, and the words of an empty canvas."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from widgets.canvas.items import NEAR
from widgets.fonts import ui_font
from widgets.theme import theme

DOT = 24
Lines = tuple[tuple[str, int], ...]
"""Words and their sizes in px."""
EMPTY: Lines = (("Drag a source from the left,", 15), ("double-click to search, or drop a CSV file", 13))
EMPTY_BLOCK: Lines = (("Nothing is inside yet.", 15), ("Double-click to search; Esc leads out", 13))


@lru_cache(maxsize=64)
def _dots(columns: int, rows: int) -> QPolygonF:
    """A grid of points, remembered by its size."""
    return QPolygonF([QPointF(x * DOT, y * DOT) for x in range(columns) for y in range(rows)])


def paint_ground(painter: QPainter, rect: QRectF | QRect, zoom: float) -> None:
    """The canvas with its dots; scene coordinates."""
    t = theme()
    painter.fillRect(rect, t.color("canvas"))
    if zoom < NEAR:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(t.color("dot"), 1.6 / zoom))
    left, top = int(rect.left()) // DOT * DOT, int(rect.top()) // DOT * DOT
    painter.save()
    painter.translate(left, top)
    painter.drawPoints(_dots(int(rect.width()) // DOT + 3, int(rect.height()) // DOT + 3))
    painter.restore()


def paint_empty(painter: QPainter, room: QRect, lines: Lines) -> None:
    """What to do first, in the middle of the view; viewport coordinates."""
    painter.save()
    painter.resetTransform()
    painter.setPen(theme().color("text2"))
    middle = QRectF(room).center()
    for (text, size), away in zip(lines, (-24.0, 2.0), strict=True):
        painter.setFont(ui_font(size))
        painter.drawText(QRectF(0, middle.y() + away, 2 * middle.x(), 22), Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
