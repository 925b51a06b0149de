"""The picture of a block: what is inside as bars in family hues, and the pill of shared weights."""

from __future__ import annotations

from math import sqrt

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from graph_compiler.analysis.engine import GraphEngine
from widgets.canvas.states import Look
from widgets.fonts import text_width, ui_font
from widgets.icons import paint_icon
from widgets.theme import Theme

BAR, PITCH = 12.0, 20.0
LOWEST, HIGHEST = 10.0, 34.0
PILL, WIDEST = 20.0, 88.0
"""Height of a pill and the most it may be wide, px."""
_WORKING = ("layer", "operation", "block")

Bars = tuple[tuple[str, float], ...]
"""Family and height (0 to 1) of what is inside a block."""


def bars_of(engine: GraphEngine) -> Bars:
    """Family and height (0 to 1) of each layer inside, in order; its share of weights or of multiply-adds, the larger one.

    The root of the share is taken, so that small layers can still be told apart.
    """
    facts = [engine.facts[n] for n in (*engine.order, *(n for n in engine.graph.nodes if n not in engine.rank))]
    layers = [(f, f.spec.family) for f in facts if f.spec is not None and f.spec.kind in _WORKING]
    weights = max((f.weights for f, _ in layers), default=0) or 1
    macs = max((f.macs or 0 for f, _ in layers), default=0) or 1
    return tuple((family, sqrt(max(f.weights / weights, (f.macs or 0) / macs))) for f, family in layers)


def chosen(bars: Bars, most: int) -> list[tuple[str, float]]:
    """The tallest bars, in their order, when there is no room for all."""
    ranked = sorted(range(len(bars)), key=lambda i: (-bars[i][1], i))[:max(most, 1)]
    return [bars[i] for i in sorted(ranked)]


def paint_inside(painter: QPainter, box: QRectF, look: Look, t: Theme) -> None:
    """Bars from the left on a line through their middles; the pill at the right."""
    pill = pill_box(box, look.weights_name) if look.weights_name else None
    paint_bars(painter, box.adjusted(0, 0, pill.left() - 8 - box.right(), 0) if pill else box, look.inside, t)
    if pill is not None:
        paint_pill(painter, pill, look, t)


def paint_bars(painter: QPainter, box: QRectF, inside: Bars, t: Theme, scale: float = 1.0) -> None:
    """As many bars as there is room for, on a line through their middles; `scale` makes all of them smaller."""
    pitch, bar, middle = PITCH * scale, BAR * scale, box.center().y()
    bars = chosen(inside, int((box.width() + pitch - bar) // pitch))
    if len(bars) > 1:
        painter.setPen(QPen(t.color("wire"), 1))
        painter.drawLine(QPointF(box.left() + 1, middle), QPointF(box.left() + pitch * (len(bars) - 1) + bar - 1, middle))
    painter.setPen(Qt.PenStyle.NoPen)
    for i, (family, share) in enumerate(bars):
        height = (LOWEST + (HIGHEST - LOWEST) * share) * scale
        painter.setBrush(QColor(t.hue(family).strip))
        painter.drawRoundedRect(QRectF(box.left() + i * pitch, middle - height / 2, bar, height), 2 * scale, 2 * scale)


def pill_box(box: QRectF, name: str) -> QRectF:
    """Where the pill of a weights name stands in the picture."""
    width = min(text_width(name, 12, 500) + 35, WIDEST)
    return QRectF(box.right() - width, box.center().y() - PILL / 2, width, PILL)


def paint_pill(painter: QPainter, pill: QRectF, look: Look, t: Theme) -> None:
    """Chain and weights name in the colour of the name."""
    hue = t.hues[look.weights_hue]
    painter.setPen(QPen(QColor(hue.strip), 1))
    painter.setBrush(QColor(hue.tint))
    painter.drawRoundedRect(pill.adjusted(0.5, 0.5, -0.5, -0.5), PILL / 2, PILL / 2)
    paint_icon(painter, "link", QRectF(pill.left() + 8, pill.top() + 4, 12, 12), QColor(hue.ink))
    painter.setPen(QColor(hue.ink))
    painter.setFont(ui_font(12, 500))
    room = pill.adjusted(25, 0, -6, 0)
    name = QFontMetrics(ui_font(12, 500)).elidedText(look.weights_name, Qt.TextElideMode.ElideRight, int(room.width()) + 1)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
