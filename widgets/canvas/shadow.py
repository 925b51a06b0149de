"""The shadow of cards: painted once a theme, then stretched as a nine-part picture."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPixmap

from widgets.theme import theme

REACH = 8
"""How far the shadow extends beyond the card."""
CORNER = 24
"""Side of the corner pictures: reach and radius, and a little of the straight edge."""
FINE = 2
"""Pixels of the picture for one of the card."""
_LAYERS = ((4.0, 2.0, 0.25, 1), (3.0, 2.0, 0.33, 1), (2.0, 2.0, 0.5, 1), (1.0, 1.0, 0.5, 0))
"""Growth, drop, share of the strength, and which of the two strengths."""


@lru_cache(maxsize=4)
def _picture(near: float, far: float) -> QPixmap:
    side = 2 * CORNER + 2
    picture = QPixmap(side * FINE, side * FINE)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.scale(FINE, FINE)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_layers(painter, QRectF(REACH, REACH, side - 2 * REACH, side - 2 * REACH), near, far)
    painter.end()
    return picture


def _paint_layers(painter: QPainter, card: QRectF, near: float, far: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    for grow, drop, share, which in _LAYERS:
        shade = QColor(0, 0, 0)
        shade.setAlphaF((near, far)[which] * share)
        painter.setBrush(shade)
        painter.drawRoundedRect(card.adjusted(-grow, -grow + drop, grow, grow + drop), 8 + grow, 8 + grow)


def paint_shadow(painter: QPainter, card: QRectF) -> None:
    """Two soft lines around and below a card: stronger in the dark theme, where only they part it from the canvas."""
    strengths = (0.10, 0.06) if theme().name.startswith("light") else (0.40, 0.22)
    if painter.paintEngine().type() == QPaintEngine.Type.SVG:  # which writes a part of a picture as the whole of it
        _paint_layers(painter, card, *strengths)
        return
    picture = _picture(*strengths)
    box = card.adjusted(-REACH, -REACH, REACH, REACH)
    xs, widths = (box.left(), box.left() + CORNER, box.right() - CORNER), (CORNER, box.width() - 2 * CORNER, CORNER)
    ys, heights = (box.top(), box.top() + CORNER, box.bottom() - CORNER), (CORNER, box.height() - 2 * CORNER, CORNER)
    if widths[1] < 0 or heights[1] < 0:
        painter.drawPixmap(box, picture, QRectF(picture.rect()))
        return
    starts, sizes = (0, CORNER, CORNER + 2), (CORNER, 2, CORNER)
    for row in range(3):
        for column in range(3):
            if row != 1 or column != 1:
                source = QRectF(starts[column] * FINE, starts[row] * FINE, sizes[column] * FINE, sizes[row] * FINE)
                painter.drawPixmap(QRectF(xs[column], ys[row], widths[column], heights[row]), picture, source)
