"""The current node: where the keyboard is among the nodes, with a ring around it, whether the node is selected or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from widgets.pens import steady
from widgets.theme import theme

if TYPE_CHECKING:
    from widgets.canvas.scene import CanvasScene

RING_Z = 3.2
AWAY = 7.0
"""From the edge of the node to the ring, px on screen: past the halo of a selected one."""
MARGIN = 40.0
"""Room for the ring where the drawing is seen from afar, px of the scene."""


class RingItem(QGraphicsItem):
    """A dashed ring around a rectangle, as wide on screen at every zoom. It takes no mouse."""

    def __init__(self) -> None:
        super().__init__()
        self._rect = QRectF()
        self.setZValue(RING_Z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.hide()

    def surround(self, rect: QRectF) -> None:
        """Stand around this rectangle of the scene."""
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect
        self.update()

    def boundingRect(self) -> QRectF:
        return self._rect.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)

    def shape(self) -> QPainterPath:
        return QPainterPath()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        away = min(AWAY / option.levelOfDetailFromTransform(painter.worldTransform()), MARGIN - 4)
        pen = QPen(theme().color("text"), 2, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([2, 1.5])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(steady(pen))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self._rect.adjusted(-away, -away, away, away), 8 + away, 8 + away)


class Current(QObject):
    """The current node of a scene; none until keys have led to one, and none again once something else is selected."""

    def __init__(self, scene: CanvasScene) -> None:
        super().__init__(scene)
        self._scene, self._id, self._keys = scene, "", True
        self.ring = RingItem()
        scene.addItem(self.ring)
        scene.followed.connect(self.refit)

    @property
    def id(self) -> str:
        """The node, empty for none."""
        return self._id if self._id in self._scene.boxes else ""

    def move(self, node_id: str) -> None:
        """Another node, or none."""
        if node_id != self._id:
            self._id = node_id
            self.refit()

    def have_keys(self, on: bool) -> None:
        """Whether the canvas has the keyboard: without it there is no ring."""
        self._keys = on
        self.refit()

    def refit(self) -> None:
        """The ring where the node is now."""
        if self.id:
            self.ring.surround(self._scene.boxes[self.id].card_rect())
        self.ring.setVisible(self._keys and bool(self.id))
