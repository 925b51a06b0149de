"""A card at 40 to 70 %: tint, strip, name at 11 px on screen, icon, live miniature."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from widgets.canvas.edges import border_pen, paint_offer, paint_sheet, strip
from widgets.canvas.geometry import Card
from widgets.canvas.inside import paint_bars
from widgets.canvas.painting import MIDDLE, paint_histogram
from widgets.canvas.samples import paint_small
from widgets.canvas.states import Look, mark_of
from widgets.fonts import mono_font, scaled, text_width, ui_font, wrapped
from widgets.icons import family_icon, paint_icon
from widgets.pens import steady
from widgets.theme import Theme, theme

MARKS = ("error", "warning", "mute", "snowflake")
"""What is said of a node also from afar."""
LINE = 13
"""Height of a line of the name at 100 % of the text size."""
NARROWEST = 0.8
"""How narrow letters may get before a name goes on in another line."""


def paint_plain(painter: QPainter, card: Card, look: Look, scale: float) -> None:
    """40 to 70 %: tint, strip, name at 11 px on screen, icon, live miniature. Errors keep outline and mark."""
    t = theme()
    hue = t.hue(card.family)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if card.kind == "block":
        paint_sheet(painter, card, QColor(hue.tint), t)
    _fill_plain(painter, card, look, QColor(hue.tint), scale)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(hue.strip))
    painter.drawPath(strip(card, 4 / scale))
    paint_offer(painter, card, look, t)
    painter.save()
    painter.scale(1 / scale, 1 / scale)
    width, height = card.width * scale, card.height * scale
    painter.setPen(t.color("text", 0.5 if look.muted else 1.0))
    line = scaled(LINE)
    signs = height >= 30 + line
    named = _paint_name(painter, card.name, QRectF(7, 4, width - 10, min(height - 4, 2 * LINE)),
                        lines=2 if height >= 41 + line + (7 if look.live_text else 0) else 1)
    if signs:
        paint_icon(painter, family_icon(card.family), QRectF(9, height - 19, 12, 12), QColor(hue.ink))
    right = width - 6.0
    mark, token = mark_of(look)
    if mark in MARKS and (signs or look.error):
        paint_icon(painter, mark, QRectF(right - 14, max(4, height - 20), 14, 14), t.color(token))
        right -= 18
    if look.weights_name and signs:
        paint_icon(painter, "link", QRectF(right - 13, height - 19, 12, 12), QColor(t.hues[look.weights_hue].ink))
        right -= 18
    if height >= 41 + line:
        _paint_live(painter, QRectF(28, height - 30, max(right - 32, 8), 22), look, QColor(hue.strip), t, named)
    painter.restore()


def _paint_name(painter: QPainter, name: str, box: QRectF, lines: int) -> float:
    """The name in 11 px; a long one is set narrower, then in two lines where the card is high enough. Where it ends."""
    room = box.width()
    parts: tuple[str, ...] = (name,)
    if text_width(name, 11, 600) * NARROWEST > room and lines > 1:
        parts = wrapped(name, int(room / NARROWEST), 11, 600)[:2]
    widest = max(text_width(part, 11, 600) for part in parts)
    narrow = min(max(room / widest if widest else 1.0, NARROWEST), 1.0)
    painter.save()
    painter.translate(box.topLeft())
    painter.scale(narrow, 1.0)
    painter.setFont(ui_font(11, 600))
    for place, part in enumerate(parts):
        shown = painter.fontMetrics().elidedText(part, Qt.TextElideMode.ElideRight, int(room / narrow) + 1)
        painter.drawText(QRectF(0, scaled(LINE) * place, room / narrow + 2, box.height()), MIDDLE, shown)
    painter.restore()
    return box.center().y() + scaled(LINE) * (len(parts) - 0.5)


def _paint_live(painter: QPainter, box: QRectF, look: Look, color: QColor, t: Theme, top: float) -> None:
    """What a run says of the node: words in as many lines as there is room for below `top`, the first before others."""
    if look.live_text:
        painter.setPen(t.color("text"))
        painter.setFont(mono_font(11, 600))
        parts = look.live_text.split(", ") if text_width(look.live_text, 11, 600) * 1.2 > box.width() else [look.live_text]
        high = scaled(14)
        fitting = parts[:max(int((box.center().y() + high / 2 + 2 - top) / high), 0)]
        for place, part in enumerate(reversed(fitting)):
            shown = painter.fontMetrics().elidedText(part, Qt.TextElideMode.ElideRight, int(box.width()) + 1)
            painter.drawText(box.translated(0, -high * place), MIDDLE, shown)
    elif look.live:
        paint_histogram(painter, box, look.live, color)
    elif look.inside:
        paint_bars(painter, box.translated(0, 6), look.inside, t, 0.6)
    else:
        paint_small(painter, QRectF(box.right() - 22, box.top(), 22, 22), look.samples)


def _fill_plain(painter: QPainter, card: Card, look: Look, fill: QColor, scale: float) -> None:
    t = theme()
    painter.setBrush(fill)
    pen = steady(border_pen(look, t, card.kind))
    painter.setPen(pen)
    if look.selected:
        painter.setPen(steady(QPen(t.color("accent" if look.error else "halo"), 6)))
        painter.drawRoundedRect(card.rect, 8, 8)
        painter.setPen(pen)
    painter.drawRoundedRect(card.rect, 8, 8)
