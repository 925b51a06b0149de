"""Graphics items: a card, a wire with its label, a note, a frame. They hold layout and look; events belong to the view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from graph_compiler.graph.values import Edge, EdgeKey
from widgets.canvas.geometry import SHADOW, Card
from widgets.canvas.painting import Look, outline, paint_card, paint_plain
from widgets.fonts import mono_font, ui_font
from widgets.theme import theme

if TYPE_CHECKING:
    from graph_compiler.graph.values import Node

NEAR, FAR = 0.7, 0.4
"""Zoom from which a card shows everything, and below which all cards are drawn in one go."""
WIRE_Z, NODE_Z, NOTE_Z, FRAME_Z, LABEL_Z = 1.0, 2.0, 1.5, 0.0, 1.2


class NodeItem(QGraphicsItem):
    """One card. The pixmap of it is kept by Qt until layout, look or zoom change."""

    def __init__(self, node_id: str, card: Card) -> None:
        super().__init__()
        self.node_id = node_id
        self.card = card
        self.look = Look()
        self.setZValue(NODE_Z)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def set_card(self, card: Card) -> None:
        """Another layout."""
        if card != self.card:
            if card.rect != self.card.rect:
                self.prepareGeometryChange()
            self.card = card
            self.update()

    def boundingRect(self) -> QRectF:
        return self.card.rect.adjusted(-SHADOW, -SHADOW - 4, SHADOW + 4, SHADOW)

    def card_rect(self) -> QRectF:
        """The card in scene coordinates."""
        return self.card.rect.translated(self.pos())

    def shape(self) -> QPainterPath:
        return outline(self.card)

    def port_place(self, name: str, out: bool) -> QPointF:
        """Where a port is in the scene; the header's edge when there is no such port."""
        spot = self.card.port(name, out)
        return self.pos() + (spot.place if spot else QPointF(self.card.width if out else 0, 20))

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        if self.look.faded:
            painter.setOpacity(0.38)
        if scale >= NEAR:
            paint_card(painter, self.card, self.look)
        else:
            paint_plain(painter, self.card, self.look, scale)


class WireItem(QGraphicsPathItem):
    """One wire; Qt draws the path, so that thousands of them cost no Python."""

    def __init__(self, edge: Edge) -> None:
        super().__init__()
        self.edge = edge
        self.key: EdgeKey = edge.key
        self.selected = self.dashed = self.bad = self.dim = self.lit = False
        self.label = ""
        self.label_place = QPointF()
        self.label_fits = False
        self.label_breaks = False
        """The label interrupts the line (gutter wires) instead of standing above it."""
        self.setZValue(WIRE_Z)

    def restyle(self) -> None:
        """Pen for the state."""
        t = theme()
        token = "error" if self.bad else "accent" if self.selected or self.lit else "wire"
        pen = QPen(t.color(token), 2.5 if self.selected or self.lit else 2)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if self.dashed:
            pen.setDashPattern([3, 2.5])
        self.setPen(pen)
        self.setOpacity(0.4 if self.dim else 1.0)
        self.setZValue(WIRE_Z + (0.1 if self.selected or self.bad else 0))

    def shape(self) -> QPainterPath:
        stroker = QPainterPathStroker()
        stroker.setWidth(12)
        return stroker.createStroke(self.path())


class LabelItem(QGraphicsItem):
    """The shape on a wire, 6 px above it, or in the gap of a gutter wire."""

    def __init__(self, wire: WireItem) -> None:
        super().__init__()
        self.wire = wire
        self._box = QRectF()
        self.setZValue(LABEL_Z)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def refit(self) -> None:
        """Take text and place from the wire."""
        self.prepareGeometryChange()
        width = QFontMetricsF(mono_font(11, 500)).horizontalAdvance(self.wire.label) + 8
        self._box = QRectF(-width / 2, -8 if self.wire.label_breaks else -21, width, 16)
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
        if self.wire.label_breaks:
            painter.fillRect(self._box, t.color("canvas"))
        painter.setFont(mono_font(11, 500))
        painter.setPen(t.color("error" if self.wire.bad else "accent" if self.wire.selected else "text2"))
        painter.drawText(self._box, Qt.AlignmentFlag.AlignCenter, self.wire.label)


class NoteItem(QGraphicsItem):
    """Free text on the canvas."""

    def __init__(self, node: Node) -> None:
        super().__init__()
        self.node_id = node.id
        self.look = Look()
        self.setZValue(NOTE_Z)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.set_node(node)

    def set_node(self, node: Node) -> None:
        """Take text and size from the node."""
        self.prepareGeometryChange()
        self.title, self.text = str(node.params.get("title", "")), str(node.params.get("text", ""))
        width = float(node.params.get("width", 168))
        given = float(node.params.get("height", 0))
        inside = QRectF(0, 0, width - 24, 10000)
        flags = Qt.TextFlag.TextWordWrap
        self._title_height = 20.0 if self.title else 0.0
        text = QFontMetricsF(ui_font(12)).boundingRect(inside, int(flags), self.text)
        self.rect = QRectF(0, 0, width, given or text.height() + self._title_height + 24)
        self.update()

    def boundingRect(self) -> QRectF:
        return self.rect.adjusted(-4, -4, 4, 4)

    def card_rect(self) -> QRectF:
        """The note in scene coordinates."""
        return self.rect.translated(self.pos())

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        t = theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.look.selected:
            painter.setPen(QPen(t.color("halo"), 3))
            painter.drawRoundedRect(self.rect.adjusted(-2, -2, 2, 2), 8, 8)
        painter.setPen(QPen(t.color("accent" if self.look.selected else "noteline"), 2 if self.look.selected else 1))
        painter.setBrush(t.color("note"))
        painter.drawRoundedRect(self.rect.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if option.levelOfDetailFromTransform(painter.worldTransform()) < FAR:
            return
        painter.setPen(t.color("notetext"))
        inside = self.rect.adjusted(12, 12, -12, -8)
        if self.title:
            painter.setFont(ui_font(12, 600))
            painter.drawText(QRectF(inside.left(), inside.top(), inside.width(), 18), Qt.AlignmentFlag.AlignVCenter, self.title)
        painter.setFont(ui_font(12))
        painter.drawText(inside.adjusted(0, self._title_height, 0, 0), Qt.TextFlag.TextWordWrap, self.text)


class FrameItem(QGraphicsItem):
    """A coloured group behind its nodes."""

    def __init__(self, node: Node) -> None:
        super().__init__()
        self.node_id = node.id
        self.look = Look()
        self.setZValue(FRAME_Z)
        self.set_node(node)

    def set_node(self, node: Node) -> None:
        """Take title, colour and size from the node."""
        self.prepareGeometryChange()
        self.title, self.hue = str(node.params.get("title", "")), str(node.params.get("color", "grey"))
        self.rect = QRectF(0, 0, float(node.params.get("width", 400)), float(node.params.get("height", 240)))
        self.update()

    def boundingRect(self) -> QRectF:
        return self.rect.adjusted(-3, -3, 3, 3)

    def card_rect(self) -> QRectF:
        """The frame in scene coordinates."""
        return self.rect.translated(self.pos())

    def shape(self) -> QPainterPath:
        """Only title bar and edge can be grabbed, so that what is inside stays within reach."""
        path = QPainterPath()
        path.addRect(QRectF(0, 0, self.rect.width(), 28))
        edge = QPainterPath()
        edge.addRect(self.rect)
        stroker = QPainterPathStroker()
        stroker.setWidth(8)
        return path.united(stroker.createStroke(edge))

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        t = theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = QColor(t.hues.get(self.hue, t.hues["grey"]).tint)
        fill.setAlphaF(0.4)
        painter.setBrush(fill)
        painter.setPen(QPen(t.color("accent" if self.look.selected else "line2"), 2 if self.look.selected else 1))
        painter.drawRoundedRect(self.rect, 8, 8)
        painter.setPen(t.color("text2"))
        painter.setFont(ui_font(12, 600))
        painter.drawText(QRectF(12, 4, self.rect.width() - 24, 22), Qt.AlignmentFlag.AlignVCenter, self.title)
