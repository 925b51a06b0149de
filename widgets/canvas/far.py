"""Below 40 % all cards and wires are one item: rectangles by colour and one path, drawn by a handful of calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from widgets.canvas.flow import Flow
from widgets.canvas.items import NodeItem, WireItem
from widgets.icons import family_icon, paint_icon
from widgets.pens import steady
from widgets.theme import FAMILY_HUES, theme

if TYPE_CHECKING:
    from widgets.canvas.scene import CanvasScene

ICONS_FROM = 0.15
STRIP = 12.0
"""Width of the strip of the family at the left of a card, in its own px: 2 to 5 on screen."""
MOST_ICONS = 400
MARK = 12.0
"""Size of the mark of an error on screen, px."""


class FarItem(QGraphicsItem):
    """Everything at a distance. `stale()` says that positions or colours changed."""

    def __init__(self, scene: CanvasScene) -> None:
        super().__init__()
        self._scene = scene
        self._stale = True
        self._groups: dict[str, list[QRectF]] = {}
        self._muted: dict[str, list[QRectF]] = {}
        self._strips: dict[str, list[QRectF]] = {}
        self._families: list[tuple[str, QRectF]] = []
        self._lines = QPainterPath()
        self._box = QRectF()
        self.setZValue(1.8)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setVisible(False)

    def stale(self) -> None:
        """Gather again before the next painting."""
        self._stale = True
        if self.isVisible():
            self._gather()
            self.update()

    def setVisible(self, visible: bool) -> None:
        if visible and self._stale:
            self._gather()
        super().setVisible(visible)

    def boundingRect(self) -> QRectF:
        return self._box

    def shape(self) -> QPainterPath:
        return QPainterPath()

    def _gather(self) -> None:
        self.prepareGeometryChange()
        self._stale = False
        self._groups, self._muted, self._strips, self._families = {}, {}, {}, []
        box = QRectF()
        for item in self._scene.boxes.values():
            if isinstance(item, NodeItem):
                rect = item.card_rect()
                hue = FAMILY_HUES.get(item.card.family, "grey")
                (self._muted if item.look.muted else self._groups).setdefault(hue, []).append(rect)
                self._strips.setdefault(hue, []).append(QRectF(rect.x(), rect.y(), STRIP, rect.height()))
                self._families.append((item.card.family, rect))
                box = box.united(rect)
        self._lines = QPainterPath()
        for wire in filter(self._scene.shows, self._scene.wires.values()):
            stops = _bent(wire, self._scene.flow) if wire.edge.points else _stops(wire.path())
            for place, stop in enumerate(stops):
                self._lines.lineTo(stop) if place else self._lines.moveTo(stop)
        self._box = box.adjusted(-40, -40, 40, 40)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        t = theme()
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(steady(QPen(t.color("wire"), 1)))
        painter.strokePath(self._lines, painter.pen())
        self._paint_cards(painter, scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if scale >= ICONS_FROM:
            self._paint_icons(painter, option.exposedRect)
        self._paint_marks(painter, scale)
        if scale >= ICONS_FROM:
            self._paint_errors(painter, scale, option.exposedRect)

    def _paint_cards(self, painter: QPainter, scale: float) -> None:
        """Rectangles by colour; those of muted nodes are see-through with a dashed edge."""
        t, tiny = theme(), scale < ICONS_FROM
        for groups, muted in ((self._groups, False), (self._muted, True)):
            for hue, rects in groups.items():
                fill, edge = QColor(t.hues[hue].strip if tiny else t.hues[hue].tint), t.color("text3" if muted else "line2")
                fill.setAlphaF(0.45 if muted else 1.0)
                dashed = Qt.PenStyle.DashLine if muted else Qt.PenStyle.SolidLine
                painter.setPen(steady(QPen(fill if tiny else edge, 1, dashed)))
                painter.setBrush(fill)
                painter.drawRects(rects)
        for hue, strips in self._strips.items() if not tiny else ():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.hues[hue].strip))
            painter.drawRects(strips)

    def _paint_icons(self, painter: QPainter, exposed: QRectF) -> None:
        t = theme()
        seen = [(family, rect) for family, rect in self._families if exposed.intersects(rect)]
        for family, rect in seen[:MOST_ICONS]:
            side = min(40.0, rect.height() * 0.6)
            square = QRectF(0, 0, side, side)
            square.moveCenter(rect.center())
            paint_icon(painter, family_icon(family), square, QColor(t.hue(family).ink))

    def _paint_marks(self, painter: QPainter, scale: float) -> None:
        """Errors and the selection are seen at every zoom."""
        t = theme()
        painter.setBrush(QColor(0, 0, 0, 0))
        for item in self._scene.boxes.values():
            if not isinstance(item, NodeItem):
                continue
            around = 2 / scale if item.look.error else 0.0
            for token, on, grow in (("accent", item.look.selected, around), ("error", item.look.error, 0.0)):
                if on:
                    painter.setPen(steady(QPen(t.color(token), 2)))
                    painter.drawRect(item.card_rect().adjusted(-grow, -grow, grow, grow))

    def _paint_errors(self, painter: QPainter, scale: float, exposed: QRectF) -> None:
        """The mark of an error, as large on screen as ever, in the upper right corner of its card."""
        bad = [rect for item in self._scene.boxes.values() if isinstance(item, NodeItem) and item.look.error
               and exposed.intersects(rect := item.card_rect())]
        for rect in bad[:MOST_ICONS]:
            side, edge = min(MARK / scale, rect.height() / 2), 4 / scale
            corner = rect.topRight() + QPointF(-side - edge, edge)
            paint_icon(painter, "error", QRectF(corner.x(), corner.y(), side, side), theme().color("error"))


def _bent(wire: WireItem, flow: Flow) -> list[QPointF]:
    """A wire straight from point to point."""
    path = wire.path()
    if path.isEmpty():
        return []
    return [path.pointAtPercent(0), *(flow.place(x, y) for x, y in wire.edge.points), path.pointAtPercent(1)]


def _stops(path: QPainterPath) -> list[QPointF]:
    """The ends of a cubic, the corners of a wire that has some."""
    count = path.elementCount()
    if count < 2:
        return []
    elements = [path.elementAt(i) for i in ((0, count - 1) if count <= 4 else range(count))]
    return [QPointF(at.x, at.y) for at in elements]
