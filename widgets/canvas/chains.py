"""The dotted line between instances that share weights, with a chain on it, while one of them is selected."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from widgets.canvas.items import NodeItem
from widgets.icons import paint_icon
from widgets.pens import steady
from widgets.theme import theme

if TYPE_CHECKING:
    from widgets.canvas.scene import CanvasScene

CHAIN_Z = 1.4
RADIUS = 11.0
"""Of the free circle around a chain, px on screen."""


class ChainItem(QGraphicsItem):
    """All dotted lines of a scene. It takes no mouse. `gather` looks at the selection again."""

    def __init__(self, scene: CanvasScene) -> None:
        super().__init__()
        self._scene = scene
        self.lines: list[tuple[str, QLineF]] = []
        """Hue and line between two instances, from edge to edge."""
        self._box = QRectF()
        self.setZValue(CHAIN_Z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def gather(self) -> None:
        """Lines for the weights names of the selected instances."""
        canvas, sharing = self._scene, self._scene.looks.sharing
        nodes = canvas.graph.nodes
        groups = {sharing.twins(nodes[n]): sharing.hue(nodes[n]) for n in canvas.selected if nodes[n].weights}
        lines = [(hue, line) for twins, hue in groups.items() for line in self._between(twins)]
        if lines == self.lines:
            return
        self.prepareGeometryChange()
        self.lines, box = lines, QRectF()
        for _, line in lines:
            box = box.united(QRectF(line.p1(), line.p2()).normalized())
        self._box = box.adjusted(-40, -40, 40, 40) if lines else box
        self.update()

    def _between(self, twins: tuple[str, ...]) -> list[QLineF]:
        boxes = [box.card_rect() for n in twins if isinstance(box := self._scene.boxes.get(n), NodeItem)]
        boxes.sort(key=lambda b: (b.top(), b.left()))
        return [_from_edge_to_edge(a, b) for a, b in pairwise(boxes)]

    def boundingRect(self) -> QRectF:
        return self._box

    def shape(self) -> QPainterPath:
        return QPainterPath()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        t, zoom = theme(), option.levelOfDetailFromTransform(painter.worldTransform())
        radius = RADIUS / min(zoom, 1.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for hue, line in self.lines:
            if line.length() * zoom < RADIUS:
                continue
            pen = QPen(QColor(t.hues[hue].ink), 1.5, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap)
            pen.setDashPattern([0.1, 3])
            painter.setPen(steady(pen) if zoom < 1 else pen)
            painter.drawLine(line)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.color("canvas"))
            middle = line.center()
            painter.drawEllipse(middle, radius, radius)
            side = radius * 12 / RADIUS
            paint_icon(painter, "link", QRectF(middle - QPointF(side, side) / 2, middle + QPointF(side, side) / 2),
                       QColor(t.hues[hue].ink))


def _from_edge_to_edge(a: QRectF, b: QRectF) -> QLineF:
    """Straight down or across where two cards face one another, else from middle to middle."""
    left, right = max(a.left(), b.left()), min(a.right(), b.right())
    if right - left > 24 and (a.bottom() <= b.top() or b.bottom() <= a.top()):
        x = (left + right) / 2
        return QLineF(x, min(a.bottom(), b.bottom()), x, max(a.top(), b.top()))
    top, bottom = max(a.top(), b.top()), min(a.bottom(), b.bottom())
    if bottom - top > 24 and (a.right() <= b.left() or b.right() <= a.left()):
        y = (top + bottom) / 2
        return QLineF(min(a.right(), b.right()), y, max(a.left(), b.left()), y)
    return QLineF(a.center(), b.center())
