"""How a card looks above 70 %: strip, header, ports, picture, parameters, shape and cost. Coordinates of the card."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from widgets import words
from widgets.canvas.edges import hatch, outline, paint_border, paint_bypass, paint_offer, paint_port, paint_sheet, strip
from widgets.canvas.geometry import BOUNDARY_X, HEADER, NAME_X, OUT_ROW, PAD, PARAM_ROW, Card
from widgets.canvas.inside import paint_inside
from widgets.canvas.ports_down import BESIDE
from widgets.canvas.samples import paint_samples
from widgets.canvas.shadow import paint_shadow
from widgets.canvas.states import Look, mark_of
from widgets.fonts import mono_font, text_width, ui_font
from widgets.icons import family_icon, paint_icon, paint_tile
from widgets.theme import Theme, theme

MIDDLE = Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def paint_card(painter: QPainter, card: Card, look: Look) -> None:
    """Everything above 70 %."""
    t = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if card.kind == "block":
        paint_sheet(painter, card, t.color("card"), t)
    paint_shadow(painter, card.rect)
    _paint_body(painter, card, look, t)
    if card.kind == "boundary":
        _paint_boundary(painter, card, look, t)
        return
    painter.setOpacity(0.45 if look.muted else 1.0)
    _paint_header(painter, card, look, t)
    _paint_port_rows(painter, card, look, t)
    _paint_picture(painter, card, look, t)
    _paint_rows(painter, card, look, t)
    _paint_out(painter, card, look, t)
    _paint_cost(painter, card, look, t)
    painter.setOpacity(1.0)
    if look.muted and not card.down:
        paint_bypass(painter, card, t)
    paint_border(painter, card, look, t)
    paint_offer(painter, card, look, t)
    for spot in card.ports:
        paint_port(painter, spot, look, t)


def _paint_body(painter: QPainter, card: Card, look: Look, t: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(t.color("card"))
    painter.drawPath(outline(card))
    painter.setBrush(QColor(t.hue(card.family).strip))
    painter.drawPath(strip(card, 4))
    if look.frozen and card.cost_top:
        painter.setPen(QPen(t.color("line"), 1))
        painter.drawLines(hatch(QRectF(QPointF(4, card.cost_top), QPointF(card.width - 1, card.height - 1))))


def _paint_boundary(painter: QPainter, card: Card, look: Look, t: Theme) -> None:
    """A port of the block one is in: an arrow in the direction of what flows, name and shape."""
    paint_icon(painter, family_icon(card.family), QRectF(PAD, 12, 16, 16), t.color("text2"))
    room = QRectF(BOUNDARY_X, 4, card.width - BOUNDARY_X - 8, 18)
    painter.setPen(t.color("text"))
    painter.setFont(ui_font(13, 600))
    painter.drawText(room, MIDDLE, card.name)
    painter.setPen(t.color("text2"))
    painter.setFont(mono_font(11))
    painter.drawText(room.translated(0, 15), MIDDLE, card.out)
    if look.error or look.warning:
        mark, token = mark_of(look)
        paint_icon(painter, mark, QRectF(card.width - 24, 4, 14, 14), t.color(token))
    paint_border(painter, card, look, t)
    paint_offer(painter, card, look, t)
    for spot in card.ports:
        paint_port(painter, spot, look, t)


def _paint_header(painter: QPainter, card: Card, look: Look, t: Theme) -> None:
    paint_tile(painter, card.family, QRectF(PAD, 8, 24, 24))
    painter.setPen(t.color("text2" if look.muted else "text"))
    painter.setFont(ui_font(13, 600))
    painter.drawText(QRectF(NAME_X, 0, card.width - NAME_X - 28, HEADER), MIDDLE, card.name)
    mark, token = mark_of(look)
    if mark:
        ink = QColor(t.hues["sky"].ink) if mark == "snowflake" else t.color(token)
        paint_icon(painter, mark, QRectF(card.width - 28, 12, 16, 16), ink)
    if look.live_text:
        painter.setPen(t.color("text"))
        painter.setFont(mono_font(11, 600))
        row = live_row(card, look.live_text, 32 if mark else PAD)
        words = painter.fontMetrics().elidedText(look.live_text, Qt.TextElideMode.ElideRight, max(int(row.width()) + 1, 0))
        painter.drawText(row, RIGHT, words)


def live_row(card: Card, words: str, end: float = PAD) -> QRectF:
    """Where the newest losses stand, right-aligned: beside the name, or beside the first named port where both have no room."""
    taken = QFontMetricsF(ui_font(13, 600)).horizontalAdvance(card.name) + 8
    header = QRectF(NAME_X + taken, 0, card.width - NAME_X - taken - end, HEADER)
    row = next((spot.place.y() for spot in card.ports if spot.caption and not spot.out and not card.down), None)
    if row is None or QFontMetricsF(mono_font(11, 600)).horizontalAdvance(words) <= header.width():
        return header
    return QRectF(PAD, row - 12, card.width - 2 * PAD, 24)


def _paint_port_rows(painter: QPainter, card: Card, look: Look, t: Theme) -> None:
    if card.down:
        _paint_captions(painter, card, look, t)
        return
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
            painter.drawText(row.adjusted(0, 0, -spot.beside, 0), RIGHT if spot.beside else MIDDLE, spot.detail)


def _paint_captions(painter: QPainter, card: Card, look: Look, t: Theme) -> None:
    """Names of ports outside of the card, beside their wires."""
    painter.setFont(ui_font(11))
    for spot in card.ports:
        if spot.caption:
            painter.setPen(t.color("error" if spot.name in look.bad_ports else "text2"))
            row = QRectF(spot.place.x() + BESIDE, spot.place.y() + (3 if spot.out else -17), 120, 14)
            painter.drawText(row, MIDDLE, spot.caption)


def _paint_picture(painter: QPainter, card: Card, look: Look, t: Theme) -> None:
    if card.picture is None:
        return
    if card.kind == "block":
        paint_inside(painter, card.picture, look, t)
        return
    paint_samples(painter, card.picture, look.samples)


def _paint_rows(painter: QPainter, card: Card, look: Look, t: Theme) -> None:
    live = bool(look.live) and len(card.rows) >= 2
    if live:
        top = card.rows_top + PARAM_ROW * (len(card.rows) - 2)
        box = QRectF(PAD, top + 2, card.width - 2 * PAD, 2 * PARAM_ROW - 2)
        paint_histogram(painter, box, look.live, QColor(t.hue(card.family).strip))
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
    weights = "frozen" if look.frozen else words.short_count(card.weights) if look.counted else "shared"
    macs = words.short_count(card.macs) if card.macs is not None else "–"
    lines = (("params", look.shares[0], weights, t.hue(card.family).strip), ("MACs", look.shares[1], macs, t.wire))
    caption = max(46.0, text_width("params", 11) + 6)
    for i, (name, share, value, color) in enumerate(lines):
        top = card.cost_top + 16 * i
        painter.setFont(ui_font(11))
        painter.setPen(t.color("text2"))
        painter.drawText(QRectF(PAD, top, caption, 16), MIDDLE, name)
        painter.setPen(QColor(t.hues["sky"].ink) if look.frozen and not i else t.color("text2"))
        painter.drawText(QRectF(card.width - PAD - 62, top, 62, 16), RIGHT, value)
        bar = QRectF(PAD + caption, top + 6, card.width - 2 * PAD - caption - 66, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.color("track"))
        painter.drawRoundedRect(bar, 2, 2)
        if share > 0:
            painter.setBrush(QColor(color))
            painter.drawRoundedRect(QRectF(bar.left(), bar.top(), max(2.0, bar.width() * min(share, 1.0)), 4), 2, 2)


def paint_histogram(painter: QPainter, box: QRectF, values: tuple[float, ...], color: QColor) -> None:
    """Bars of what flows out of a layer now."""
    step, top = box.width() / len(values), max(values) or 1.0
    for i, value in enumerate(values):
        height = box.height() * max(value, 0.0) / top
        painter.fillRect(QRectF(box.left() + i * step, box.bottom() - height, max(step - 1, 1), height), color)
