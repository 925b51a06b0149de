"""The edge of a card: its outline in every state, the ports on it, the sheet behind a block, the line through a muted node."""

from __future__ import annotations

from math import acos, degrees, sqrt

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from widgets.canvas.geometry import NAME_X, PAD, PORT, Card
from widgets.canvas.ports import PortSpot
from widgets.canvas.states import Look
from widgets.fonts import text_width
from widgets.pens import steady
from widgets.theme import Theme

SHEET = 6.0
"""How far right and up the second edge of a block stands, px."""
RADIUS = 8.0
HATCH = 8.0
"""From one line of the hatch of a frozen card to the next, along its edge, px."""


def outline(card: Card) -> QPainterPath:
    """The shape of the card."""
    path = QPainterPath()
    path.addRoundedRect(card.rect, RADIUS, RADIUS)
    return path


def strip(card: Card, width: float) -> QPainterPath:
    """So much of the card's left side, with its corners. A shape of its own: SVG files know no clipping."""
    away = RADIUS - min(width, RADIUS)
    angle, rise = degrees(acos(away / RADIUS)), RADIUS - sqrt(RADIUS**2 - away**2)
    path, side = QPainterPath(QPointF(width, rise)), 2 * RADIUS
    path.arcTo(QRectF(0, 0, side, side), 180 - angle, angle)
    path.arcTo(QRectF(0, card.height - side, side, side), 180, angle)
    path.lineTo(width, card.height - rise)
    path.closeSubpath()
    return path


def hatch(box: QRectF) -> list[QLineF]:
    """Diagonal lines in a box, but for its right lower corner, which is rounded."""
    lines, along = [], HATCH
    while along < box.width() + box.height() - RADIUS / 2:
        right, down = max(along - box.height(), 0.0), max(along - box.width(), 0.0)
        lines.append(QLineF(box.topLeft() + QPointF(right, along - right), box.topLeft() + QPointF(along - down, down)))
        along += HATCH
    return lines


def paint_sheet(painter: QPainter, card: Card, fill: QColor, t: Theme) -> None:
    """The second edge of a block: the same card behind, shifted."""
    painter.setPen(steady(QPen(t.color("line2"), 1)))
    painter.setBrush(fill)
    painter.drawRoundedRect(card.rect.translated(SHEET, -SHEET).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)


def paint_bypass(painter: QPainter, card: Card, t: Theme) -> None:
    """The line through the header of a muted node, with gaps at tile, name and mark."""
    painter.setPen(QPen(t.color("text3"), 2))
    y, name_end = 20.0, NAME_X + text_width(card.name, 13, 600)
    painter.drawLine(QPointF(0, y), QPointF(PAD - 3, y))
    if name_end + 6 < card.width - 36:
        painter.drawLine(QPointF(name_end + 6, y), QPointF(card.width - 32, y))
    painter.drawLine(QPointF(card.width - 9, y), QPointF(card.width, y))


def border_pen(look: Look, t: Theme, kind: str = "") -> QPen:
    """The pen of the card's edge in its state."""
    if look.target or (look.selected and not look.error):
        return QPen(t.color("accent"), 2)
    if look.error:
        return QPen(t.color("error"), 2)
    if look.muted or kind == "unknown":
        pen = QPen(t.color("warn" if kind == "unknown" else "text3"), 1)
        pen.setDashPattern([3, 3])
        return pen
    return QPen(t.color("text3" if look.hovered else "line2"), 1)


def paint_border(painter: QPainter, card: Card, look: Look, t: Theme) -> None:
    """The outline in the card's state, with the halo of a selected one."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if look.selected:
        painter.setPen(QPen(t.color("halo"), 3))
        painter.drawRoundedRect(card.rect.adjusted(-2.5, -2.5, 2.5, 2.5), 10, 10)
        if look.error:  # the outline stays red, the accent lies around it
            painter.setPen(QPen(t.color("accent"), 2))
            painter.drawRoundedRect(card.rect.adjusted(-1, -1, 1, 1), 9, 9)
    pen = border_pen(look, t, card.kind)
    half = pen.widthF() / 2
    painter.setPen(pen)
    painter.drawRoundedRect(card.rect.adjusted(half, half, -half, -half), 8, 8)


def paint_offer(painter: QPainter, card: Card, look: Look, t: Theme) -> None:
    """An accent line along the side that takes the wire being pulled."""
    if not look.takes:
        return
    pen = steady(QPen(t.color("accent"), 2))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    out, width, height = look.takes == "out", card.rect.width(), card.rect.height()
    if card.down:
        y = height - 1 if out else 1.0
        painter.drawLine(QPointF(8, y), QPointF(width - 8, y))
    else:
        x = width - 1 if out else 1.0
        painter.drawLine(QPointF(x, 8), QPointF(x, height - 8))


def paint_port(painter: QPainter, spot: PortSpot, look: Look, t: Theme) -> None:
    """One port: circle, square or diamond; filled when connected."""
    token = "error" if spot.name in look.bad_ports and not spot.out else "accent" if look.selected else "wire"
    size = PORT + (2 if look.hovered else 0)
    filled = (spot.name, spot.out) in look.connected
    painter.setPen(QPen(t.color(token), 2))
    painter.setBrush(t.color(token if filled else "card"))
    half = (size - 2) / 2
    box = QRectF(spot.place.x() - half, spot.place.y() - half, 2 * half, 2 * half)
    if spot.shape == "square":
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
    elif spot.shape == "diamond":
        c = spot.place
        corners = ((0, -half), (half, 0), (0, half), (-half, 0))
        painter.drawPolygon(QPolygonF([c + QPointF(x, y) for x, y in corners]))
    else:
        painter.drawEllipse(box)
