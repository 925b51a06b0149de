"""Notes and frames: text on the canvas, and coloured groups behind the cards."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from graph_compiler.graph.values import Node
from widgets.canvas.flow import RIGHTWARDS, Flow
from widgets.canvas.items import FAR, NEAR
from widgets.canvas.states import Look
from widgets.fonts import ui_font
from widgets.paragraph import paint_paragraph, paragraph_height
from widgets.theme import theme

NOTE_Z, FRAME_Z = 1.5, 0.0
HINT = "Double-click to write"
LARGEST = 100_000.0
"""Pixels a side; a file may say anything."""


def _size(node: Node, name: str, default: int) -> float:
    """A side of a note or frame; the default where the file holds something else than a number."""
    value = node.params.get(name, default)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(min(max(value, 0), LARGEST)) if number else float(default)


class NoteItem(QGraphicsItem):
    """Free text on the canvas."""

    def __init__(self, node: Node, _: Flow = RIGHTWARDS) -> None:
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
        width = _size(node, "width", 168)
        given = _size(node, "height", 0)
        self._title_height = 22.0 if self.title else 0.0
        self._hint = "" if self.title or self.text else HINT
        shown = self.text or self._hint
        text = paragraph_height(shown, ui_font(12), int(width) - 24) if shown else 0
        self.rect = QRectF(0, 0, width, given or text + self._title_height + 24)
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
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        if scale < NEAR:
            self._paint_small(painter, scale)
            return
        inside = self.rect.adjusted(12, 12, -12, -8)
        if self.title:
            painter.setFont(ui_font(12, 600))
            painter.drawText(QRectF(inside.left(), inside.top(), inside.width(), 18), Qt.AlignmentFlag.AlignVCenter, self.title)
        painter.setFont(ui_font(12))
        if not self.title and not self.text:
            painter.setPen(t.color("notetext", 0.6))
        paint_paragraph(painter, inside.adjusted(0, self._title_height, 0, 0), self.text or self._hint)

    def _paint_small(self, painter: QPainter, scale: float) -> None:
        """The beginning of the text in letters that can be read."""
        painter.setClipRect(self.rect.adjusted(2, 2, -2, -2))
        painter.scale(1 / scale, 1 / scale)
        painter.setFont(ui_font(11))
        room = QRectF(6, 4, self.rect.width() * scale - 10, self.rect.height() * scale - 6)
        paint_paragraph(painter, room, self.title or self.text or self._hint)


class FrameItem(QGraphicsItem):
    """A coloured group behind its nodes."""

    def __init__(self, node: Node, flow: Flow = RIGHTWARDS) -> None:
        super().__init__()
        self.node_id = node.id
        self.look = Look()
        self._flow = flow
        self.setZValue(FRAME_Z)
        self.set_node(node)

    def set_node(self, node: Node) -> None:
        """Take title, colour and size from the node."""
        self.prepareGeometryChange()
        self.title, self.hue = str(node.params.get("title", "")), str(node.params.get("color", "grey"))
        self.rect = QRectF(QPointF(), self._flow.size(_size(node, "width", 400), _size(node, "height", 240)))
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
        scale = min(option.levelOfDetailFromTransform(painter.worldTransform()), 1.0)
        painter.setFont(ui_font(12, 600))
        painter.scale(1 / scale, 1 / scale)  # the title stays readable at every zoom
        room = QRectF(12 * scale, 4 * scale, (self.rect.width() - 24) * scale, max(22 * scale, 16.0))
        title = painter.fontMetrics().elidedText(self.title, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, title)
