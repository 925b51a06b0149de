"""How a card looks: strip, header, ports, picture, parameters, shape and cost, in every state. Coordinates of the card."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from widgets import words
from widgets.canvas.geometry import HEADER, NAME_X, OUT_ROW, PAD, PARAM_ROW, PORT, TILE, TILE_GAP, TILES, Card, PortSpot
from widgets.canvas.shadow import paint_shadow
from widgets.fonts import mono_font, ui_font
from widgets.icons import family_icon, paint_icon, paint_tile
from widgets.plots.pictures import paint_picture
from widgets.theme import Theme, theme

MIDDLE = Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass
class Look:
    """The state a card is drawn in."""

    selected: bool = False
    hovered: bool = False
    muted: bool = False
    frozen: bool = False
    error: bool = False
    warning: bool = False
    faded: bool = False
    target: bool = False
    """A wire being pulled can end here."""
    shares: tuple[float, float] = (0.0, 0.0)
    """Of the parameters and of the multiply-adds of the whole drawing."""
    bad_ports: frozenset[str] = frozenset()
    connected: frozenset[tuple[str, bool]] = frozenset()
    pictures: list[QImage] = field(default_factory=list)
    inside: list[tuple[str, float]] = field(default_factory=list)
    """For blocks: (family, height 0..1) of what is inside."""
    weights_name: str = ""
    weights_hue: str = "vermilion"
    live: tuple[float, ...] = ()
    live_text: str = ""


def outline(card: Card) -> QPainterPath:
    """The shape of the card."""
    path = QPainterPath()
    path.addRoundedRect(card.rect, 8, 8)
    return path


def paint_card(painter: QPainter, card: Card, look: Look) -> None:
    """Everything above 70 %."""
    t = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if card.kind == "block":
        _paint_sheet(painter, card, t)
    paint_shadow(painter, card.rect)
    _paint_body(painter, card, look, t)
    painter.setOpacity(0.45 if look.muted else 1.0)
    _paint_header(painter, card, look, t)
    _paint_port_rows(painter, card, look, t)
    _paint_picture(painter, card, look, t)
    _paint_rows(painter, card, look, t)
    _paint_out(painter, card, look, t)
    _paint_cost(painter, card, look, t)
    painter.setOpacity(1.0)
    if look.muted:
        _paint_bypass(painter, card, t)
    _paint_border(painter, card, look, t)
    for spot in card.ports:
        paint_port(painter, spot, look, t)


def _paint_sheet(painter: QPainter, card: Card, t: Theme) -> None:
    painter.setPen(QPen(t.color("line2"), 1))
    painter.setBrush(t.color("card"))
    painter.drawRoundedRect(card.rect.translated(6, -6).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)


def _paint_body(painter: QPainter, card: Card, look: Look, t: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(t.color("card"))
    painter.drawPath(outline(card))
    painter.save()
    painter.setClipPath(outline(card))
    painter.fillRect(QRectF(0, 0, 4, card.height), QColor(t.hue(card.family).strip))
    if look.frozen and card.cost_top:
        painter.fillRect(QRectF(4, card.cost_top, card.width, card.height), QBrush(t.color("line"), Qt.BrushStyle.BDiagPattern))
    painter.restore()


def _paint_header(painter: QPainter, card: Card, look: Look, t: Theme) -> None:
    paint_tile(painter, card.family, QRectF(PAD, 8, 24, 24))
    painter.setPen(t.color("text2" if look.muted else "text"))
    painter.setFont(ui_font(13, 600))
    painter.drawText(QRectF(NAME_X, 0, card.width - NAME_X - 28, HEADER), MIDDLE, card.name)
    mark, token = _mark(look)
    if mark:
        ink = QColor(t.hues["sky"].ink) if mark == "snowflake" else t.color(token)
        paint_icon(painter, mark, QRectF(card.width - 28, 12, 16, 16), ink)
    if look.live_text:
        painter.setPen(t.color("text"))
        painter.setFont(mono_font(11, 600))
        painter.drawText(QRectF(NAME_X, 0, card.width - NAME_X - (32 if mark else PAD), HEADER), RIGHT, look.live_text)


def _mark(look: Look) -> tuple[str, str]:
    if look.error:
        return "error", "error"
    if look.warning:
        return "warning", "warn"
    if look.muted:
        return "mute", "text3"
    if look.frozen:
        return "snowflake", "text2"
    return "", ""


def _paint_port_rows(painter: QPainter, card: Card, look: Look, t: Theme) -> None:
    for spot in card.ports:
        if not spot.caption:
            continue
        row = QRectF(PAD, spot.place.y() - 12, card.width - 2 * PAD, 24)
        painter.setFont(ui_font(12, 500 if spot.name in look.bad_ports else 400))
        painter.setPen(t.color("error" if spot.name in look.bad_ports else "text2"))
        painter.drawText(row, RIGHT if spot.out else MIDDLE, spot.caption)
        if spot.detail:
            painter.setFont(mono_font(11))
            painter.setPen(t.color("text2"))
            painter.drawText(row, MIDDLE, spot.detail)


def _paint_picture(painter: QPainter, card: Card, look: Look, t: Theme) -> None:
    if card.picture is None:
        return
    if card.kind == "block":
        _paint_inside(painter, card, look, t)
        return
    for i in range(2 * TILES):
        row, column = divmod(i, TILES)
        box = QRectF(card.picture.left() + column * (TILE + TILE_GAP), card.picture.top() + row * (TILE + TILE_GAP), TILE, TILE)
        if i < len(look.pictures):
            paint_picture(painter, look.pictures[i], box, 3)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.color("track"))
            painter.drawRoundedRect(box, 3, 3)


def _paint_inside(painter: QPainter, card: Card, look: Look, t: Theme) -> None:
    assert card.picture is not None
    box = card.picture
    room = box.width() - (64 if look.weights_name else 0)
    step = min(20.0, room / max(len(look.inside), 1))
    painter.setPen(QPen(t.color("wire"), 1))
    painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.left() + step * len(look.inside), box.center().y()))
    painter.setPen(Qt.PenStyle.NoPen)
    for i, (family, share) in enumerate(look.inside):
        height = 10 + 24 * share
        painter.setBrush(QColor(t.hue(family).strip))
        painter.drawRoundedRect(QRectF(box.left() + i * step, box.center().y() - height / 2, min(12.0, step - 4), height), 2, 2)
    if look.weights_name:
        hue = t.hues[look.weights_hue]
        pill = QRectF(box.right() - 52, box.center().y() - 10, 52, 20)
        painter.setPen(QPen(QColor(hue.strip), 1))
        painter.setBrush(QColor(hue.tint))
        painter.drawRoundedRect(pill, 10, 10)
        paint_icon(painter, "link", QRectF(pill.left() + 8, pill.top() + 4, 12, 12), QColor(hue.ink))
        painter.setPen(QColor(hue.ink))
        painter.setFont(ui_font(12, 500))
        painter.drawText(pill.adjusted(24, 0, -4, 0), MIDDLE, look.weights_name)


def _paint_rows(painter: QPainter, card: Card, look: Look, t: Theme) -> None:
    live = bool(look.live) and len(card.rows) >= 2
    if live:
        top = card.rows_top + PARAM_ROW * (len(card.rows) - 2)
        box = QRectF(PAD, top + 2, card.width - 2 * PAD, 2 * PARAM_ROW - 2)
        _paint_histogram(painter, box, look.live, QColor(t.hue(card.family).strip))
    for i, (key, value) in enumerate(card.rows[:-2] if live else card.rows):
        row = QRectF(PAD, card.rows_top + PARAM_ROW * i, card.width - 2 * PAD, PARAM_ROW)
        if not key:
            painter.setFont(ui_font(12))
            painter.setPen(t.color("warn" if card.kind == "unknown" else "text"))
            painter.drawText(row, MIDDLE, value)
            continue
        painter.setFont(ui_font(12))
        painter.setPen(t.color("text2"))
        painter.drawText(row, MIDDLE, key)
        used = painter.fontMetrics().horizontalAdvance(key) + 8
        painter.setFont(mono_font(11))
        painter.setPen(t.color("text"))
        room = row.adjusted(used, 0, 0, 0)
        painter.drawText(room, RIGHT, painter.fontMetrics().elidedText(value, Qt.TextElideMode.ElideRight, int(room.width())))


def _paint_out(painter: QPainter, card: Card, look: Look, t: Theme) -> None:
    if not card.out:
        return
    top = card.out_top
    painter.setPen(QPen(t.color("line"), 1))
    painter.drawLine(QPointF(4, top + 0.5), QPointF(card.width - 1, top + 0.5))
    row = QRectF(PAD, top, card.width - 2 * PAD, OUT_ROW)
    painter.setFont(ui_font(12))
    painter.setPen(t.color("text2"))
    painter.drawText(row, MIDDLE, "out")
    painter.setFont(mono_font(11, 500))
    painter.setPen(t.color("text"))
    painter.drawText(row, RIGHT, card.out)


def _paint_cost(painter: QPainter, card: Card, look: Look, t: Theme) -> None:
    if not card.cost_top:
        return
    weights = "frozen" if look.frozen else words.short_count(card.weights)
    macs = words.short_count(card.macs) if card.macs is not None else "–"
    lines = (("params", look.shares[0], weights, t.hue(card.family).strip), ("MACs", look.shares[1], macs, t.wire))
    for i, (name, share, value, color) in enumerate(lines):
        top = card.cost_top + 16 * i
        painter.setFont(ui_font(11))
        painter.setPen(t.color("text2"))
        painter.drawText(QRectF(PAD, top, 46, 16), MIDDLE, name)
        painter.setPen(QColor(t.hues["sky"].ink) if look.frozen and not i else t.color("text2"))
        painter.drawText(QRectF(card.width - PAD - 62, top, 62, 16), RIGHT, value)
        bar = QRectF(PAD + 46, top + 6, card.width - 2 * PAD - 46 - 66, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.color("track"))
        painter.drawRoundedRect(bar, 2, 2)
        if share > 0:
            painter.setBrush(QColor(color))
            painter.drawRoundedRect(QRectF(bar.left(), bar.top(), max(2.0, bar.width() * min(share, 1.0)), 4), 2, 2)


def _paint_bypass(painter: QPainter, card: Card, t: Theme) -> None:
    painter.setPen(QPen(t.color("text3"), 2))
    y, name_end = 20.0, NAME_X + 4 + painter.fontMetrics().horizontalAdvance(card.name)
    painter.drawLine(QPointF(0, y), QPointF(PAD - 3, y))
    painter.drawLine(QPointF(min(name_end + 14, card.width - 40), y), QPointF(card.width - 32, y))
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


def _paint_border(painter: QPainter, card: Card, look: Look, t: Theme) -> None:
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


def paint_plain(painter: QPainter, card: Card, look: Look, scale: float) -> None:
    """40 to 70 %: tint, strip, name at 11 px on screen, icon, live miniature. Errors keep outline and mark."""
    t = theme()
    hue = t.hue(card.family)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _fill_plain(painter, card, look, QColor(hue.tint), scale)
    painter.save()
    painter.setClipPath(outline(card))
    painter.fillRect(QRectF(0, 0, 4 / scale, card.height), QColor(hue.strip))
    painter.restore()
    painter.save()
    painter.scale(1 / scale, 1 / scale)
    width, height = card.width * scale, card.height * scale
    painter.setPen(t.color("text", 0.5 if look.muted else 1.0))
    painter.setFont(ui_font(11, 600))
    name = painter.fontMetrics().elidedText(card.name, Qt.TextElideMode.ElideRight, int(width - 8))
    painter.drawText(QRectF(7, 4, width - 7, min(height - 4, 26)), MIDDLE, name)
    if height >= 40:
        paint_icon(painter, family_icon(card.family), QRectF(9, height - 19, 12, 12), QColor(hue.ink))
    if height >= 54:
        _paint_live(painter, QRectF(28, height - 30, width - 38, 22), look, QColor(hue.strip), t)
    if look.error:
        paint_icon(painter, "error", QRectF(width - 20, max(4, height - 20), 14, 14), t.color("error"))
    painter.restore()


def _paint_live(painter: QPainter, box: QRectF, look: Look, color: QColor, t: Theme) -> None:
    if look.live_text:
        painter.setPen(t.color("text"))
        painter.setFont(mono_font(11, 600))
        painter.drawText(box, MIDDLE, look.live_text)
    elif look.live:
        _paint_histogram(painter, box, look.live, color)
    elif look.pictures:
        paint_picture(painter, look.pictures[0], QRectF(box.right() - 22, box.top(), 22, 22), 3)


def _paint_histogram(painter: QPainter, box: QRectF, values: tuple[float, ...], color: QColor) -> None:
    step, top = box.width() / len(values), max(values) or 1.0
    for i, value in enumerate(values):
        height = box.height() * max(value, 0.0) / top
        painter.fillRect(QRectF(box.left() + i * step, box.bottom() - height, max(step - 1, 1), height), color)


def _fill_plain(painter: QPainter, card: Card, look: Look, fill: QColor, scale: float) -> None:
    t = theme()
    painter.setBrush(fill)
    pen = border_pen(look, t, card.kind)
    pen.setCosmetic(True)
    painter.setPen(pen)
    if look.selected:
        halo = QPen(t.color("accent" if look.error else "halo"), 6)
        halo.setCosmetic(True)
        painter.setPen(halo)
        painter.drawRoundedRect(card.rect, 8, 8)
        painter.setPen(pen)
    painter.drawRoundedRect(card.rect, 8, 8)
