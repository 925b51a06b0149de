"""Graphics items: a card, a wire and its label. They hold layout and look; events belong to the view."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from graph_compiler.analysis.facts import Facts
from graph_compiler.graph.values import Edge, EdgeKey
from widgets.canvas.edges import outline
from widgets.canvas.geometry import SHADOW, Card
from widgets.canvas.labels import label_box
from widgets.canvas.painting import paint_card
from widgets.canvas.plain import paint_plain
from widgets.canvas.ports_down import FIRST
from widgets.canvas.states import Look
from widgets.fonts import mono_font
from widgets.pens import screen_scale, steady
from widgets.theme import theme

NEAR, FAR = 0.7, 0.4
"""Zoom from which a card shows everything, and below which all cards are drawn in one go."""
FADED = 0.38
BEND = 5.0
"""Radius of the dot at a reroute point, px."""
CAPTION = 12.0
"""How far names of ports reach beyond shadow and halo, px."""
WIRE_Z, LABEL_Z, NODE_Z, LIFTED_Z = 1.0, 1.2, 2.0, 2.6


class NodeItem(QGraphicsItem):
    """One card. The pixmap of it is kept by Qt until layout, look or zoom change."""

    __slots__ = ("_bounds", "card", "facts", "look", "node_id")

    def __init__(self, node_id: str, card: Card) -> None:
        super().__init__()
        self.node_id = node_id
        self.card = card
        self._bounds = _around(card.width, card.height, card.down)
        self.facts: Facts | None = None
        """What the card was laid out from."""
        self.look = Look()
        self.setZValue(NODE_Z)

    def show_near(self, near: bool) -> None:
        """Draw it, and let Qt keep a pixmap of it; or leave it to the item that draws all cards in one go."""
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents, not near)
        cache = QGraphicsItem.CacheMode
        self.setCacheMode(cache.DeviceCoordinateCache if near else cache.NoCache)

    def set_card(self, card: Card) -> None:
        """Another layout."""
        if card != self.card:
            if (card.rect, card.down) != (self.card.rect, self.card.down):
                self.prepareGeometryChange()
            self.card, self._bounds = card, _around(card.width, card.height, card.down)
            self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def fade(self, faded: bool) -> None:
        """Draw it faint (it cannot take the wire that is being pulled) or as ever."""
        self.look.faded = faded
        self.setOpacity(FADED if faded else 1.0)

    def card_rect(self) -> QRectF:
        """The card in scene coordinates."""
        return self.card.rect.translated(self.pos())

    def shape(self) -> QPainterPath:
        return outline(self.card)

    def port_place(self, name: str, out: bool) -> QPointF:
        """Where a port is in the scene; the header's edge when there is no such port."""
        spot = self.card.port(name, out)
        if spot is not None:
            return self.pos() + spot.place
        if self.card.down:
            return self.pos() + QPointF(FIRST, self.card.height if out else 0)
        return self.pos() + QPointF(self.card.width if out else 0, 20)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        if scale >= NEAR:
            paint_card(painter, self.card, self.look)
        else:
            paint_plain(painter, self.card, self.look, scale)


@lru_cache(maxsize=512)
def _around(width: int, height: int, down: bool) -> QRectF:
    """The card with shadow, halo, ports, and the names of ports outside of it. One rectangle serves all cards of a size."""
    outside = CAPTION if down else 0
    return QRectF(-SHADOW, -SHADOW - 4 - outside, width + 2 * SHADOW + 4, height + 2 * SHADOW + 4 + 2 * outside)


class WireItem(QGraphicsPathItem):
    """One wire; Qt draws the path, so that thousands of them cost no Python."""

    __slots__ = ("_bends", "_label_at", "_style", "bad", "bends", "cosmetic", "dashed", "dim", "edge", "hovered", "key",
                 "label", "label_breaks", "label_fits", "label_room", "lit", "muted", "said_by", "selected", "upright")

    def __init__(self, edge: Edge, key: EdgeKey) -> None:
        super().__init__()
        self.edge = edge
        self.key = key
        self.selected = self.dashed = self.bad = self.muted = self.dim = self.lit = self.hovered = False
        self.upright = False
        """It runs from top to bottom: its label stands beside it."""
        self.label = ""
        self._label_at = (0.0, 0.0)
        self.label_room = self.label_fits = False
        """Whether the wire is long enough for its label, and whether it is seen: unless another of its output says it."""
        self.said_by: EdgeKey | None = None
        """The wire of the same output whose label this one's would lie on."""
        self.label_breaks = False
        """The label interrupts the line (gutter wires) instead of standing above it."""
        self.cosmetic = False
        """Zoomed out, lines keep their width on screen."""
        self._style: object = None
        self.bends: tuple[QPointF, ...] = ()
        """Where the reroute points are in the scene."""
        self._bends: QGraphicsPathItem | None = None
        """A dot at every reroute point."""
        self.setZValue(WIRE_Z)

    @property
    def label_place(self) -> QPointF:
        """Where the label stands in the scene."""
        return QPointF(*self._label_at)

    @label_place.setter
    def label_place(self, place: QPointF) -> None:
        self._label_at = place.x(), place.y()

    def is_near(self, place: QPointF, reach: float) -> bool:
        """Whether the line runs so near a place (Qt's own shape counts the area under a bent line too)."""
        stroker = QPainterPathStroker()
        stroker.setWidth(2 * reach)
        return stroker.createStroke(self.path()).contains(place)

    def show_bends(self, places: Sequence[QPointF]) -> None:
        """A dot at every point the wire is led through, in scene coordinates."""
        self.bends = tuple(places)
        if not self.bends and self._bends is None:
            return
        if self._bends is None:
            self._bends = QGraphicsPathItem(self)
            self._bends.setPen(QPen(Qt.PenStyle.NoPen))
        dots = QPainterPath()
        for place in self.bends:
            dots.addEllipse(place, BEND, BEND)
        self._bends.setPath(dots)
        self._bends.setBrush(self.pen().color())

    def restyle(self) -> None:
        """Pen for the state."""
        strong = self.selected or self.lit or self.hovered
        style = (theme(), "error" if self.bad else "accent" if self.selected or self.lit else "wire", strong, self.dashed,
                 self.cosmetic, FADED if self.dim else 0.4 if self.muted else 1.0)
        if style == self._style:
            return
        self._style = style
        pen = wire_pen(style[1], 2.5 if strong else 2.0, self.dashed, self.cosmetic)
        self.setPen(pen)
        if self._bends is not None:
            self._bends.setBrush(pen.color())
        self.setOpacity(style[5])
        self.setZValue(WIRE_Z + (0.1 if self.selected or self.bad else 0))


def wire_pen(token: str, width: float, dashed: bool, cosmetic: bool = False) -> QPen:
    """The pen of a wire; dashes are 6 px, gaps 5. Kept: thousands of wires share a handful."""
    return _pen(getattr(theme(), token), width, dashed, cosmetic, screen_scale())


@lru_cache(maxsize=64)
def _pen(color: str, width: float, dashed: bool, cosmetic: bool, _: float) -> QPen:
    pen = QPen(QColor(color), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dashed:
        pen.setDashPattern([6 / width, 5 / width])
    return steady(pen) if cosmetic else pen


class LabelItem(QGraphicsItem):
    """The shape on a wire, 6 px above it, or in the gap of a gutter wire."""

    __slots__ = ("_box", "_lifted", "wire")

    def __init__(self, wire: WireItem) -> None:
        super().__init__()
        self.wire = wire
        self._box = QRectF()
        self._lifted = False
        """It lies on cards: a sheet of its own keeps it readable there."""
        self.setZValue(LABEL_Z)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def refit(self, lifted: bool = False) -> None:
        """Take text and place from the wire; `lifted` above cards."""
        self._lifted = lifted
        self.setZValue(LIFTED_Z if lifted else LABEL_Z)
        box = label_box(self.wire)
        if box != self._box:
            self.prepareGeometryChange()
            self._box = box
        self.setPos(self.wire.label_place)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._box

    def shape(self) -> QPainterPath:
        return QPainterPath()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if option.levelOfDetailFromTransform(painter.worldTransform()) < NEAR:
            return
        t = theme()
        if self._lifted:
            painter.setPen(QPen(t.color("line2"), 1))
            painter.setBrush(t.color("card"))
            painter.drawRoundedRect(self._box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        elif self.wire.label_breaks:
            painter.fillRect(self._box, t.color("canvas"))
        painter.setFont(mono_font(11, 500))
        painter.setPen(t.color("error" if self.wire.bad else "accent" if self.wire.selected else "text2"))
        painter.drawText(self._box, Qt.AlignmentFlag.AlignCenter, self.wire.label)
