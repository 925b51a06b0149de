"""Lays all wires of a scene: which way each goes, and whether its label has room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from widgets.canvas.items import NodeItem, WireItem
from widgets.canvas.routing import crosses, cubic, goes_back, gutter, lane, through
from widgets.fonts import text_width

if TYPE_CHECKING:
    from widgets.canvas.scene import CanvasScene

SPACING = 12.0
LANE_GAP = 40.0


class Router:
    """Routes the wires at given nodes. Long target wires get a lane below everything that stands between their ends."""

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene

    def route(self, nodes: set[str]) -> None:
        """Lay every wire that touches one of these nodes."""
        scene = self._scene
        training_only = scene.document.analysis.plan.training_only
        if len(nodes) > len(scene.boxes) / 2:
            keys = list(scene.wires)
        else:
            keys = list({edge.key for n in nodes if n in scene.graph.nodes for edge in scene.graph.touching(n)})
        for key in keys:
            if key in scene.wires:
                self._lay(scene.wires[key], key in training_only)

    def _lay(self, wire: WireItem, dashed: bool) -> None:
        scene = self._scene
        source, target = scene.boxes.get(wire.edge.source), scene.boxes.get(wire.edge.target)
        if not isinstance(source, NodeItem) or not isinstance(target, NodeItem):
            return
        start = source.port_place(wire.edge.source_port, out=True)
        end = target.port_place(wire.edge.target_port, out=False)
        wire.dashed = dashed
        wire.bad = wire.edge.target_port in target.look.bad_ports
        wire.dim = source.look.faded and target.look.faded
        wire.label = scene.wire_words(wire)
        path = self._path(wire, start, end, source, target)
        wire.setPath(path)
        wire.restyle()
        self._place_label(wire)

    def _path(self, wire: WireItem, start: QPointF, end: QPointF, source: NodeItem, target: NodeItem) -> QPainterPath:
        wire.label_breaks = False
        if wire.edge.points:
            path = through(start, wire.edge.points, end)
            wire.label_place, room = path.pointAtPercent(0.5), path.length()
        elif goes_back(start, end):
            path, y = gutter(start, end, source.card_rect(), target.card_rect())
            wire.label_place, wire.label_breaks = QPointF((start.x() + end.x()) / 2, y), True
            room = abs(start.x() - end.x())
        elif wire.dashed and (y := self._lane_height(start, end, source, target)) is not None:
            path = lane(start, end, y)
            wire.label_place, wire.label_breaks = QPointF((start.x() + end.x()) / 2, y), True
            room = abs(end.x() - start.x()) - 80
        else:
            path = cubic(start, end)
            wire.label_place, room = path.pointAtPercent(0.5), end.x() - start.x() - 12
            if abs(end.y() - start.y()) > 24:
                room -= 24
        wire.label_fits = room >= text_width(wire.label, 11, 500, mono=True) + 16
        return path

    def _lane_height(self, start: QPointF, end: QPointF, source: NodeItem, target: NodeItem) -> float | None:
        """Below every card between the ends, when the straight way would cross one."""
        if end.x() - start.x() < 320:
            return None
        between = QRectF(source.card_rect().right() + 8, -1e6, end.x() - source.card_rect().right() - 60, 2e6)
        cards = [b.card_rect() for b in self._scene.boxes.values()
                 if isinstance(b, NodeItem) and b is not source and b is not target and between.intersects(b.card_rect())]
        straight = cubic(start, end)
        if not crosses(straight, [c.adjusted(-4, -4, 4, 4) for c in cards]):
            return None
        return max([c.bottom() for c in cards]) + LANE_GAP

    def _place_label(self, wire: WireItem) -> None:
        label = self._scene.labels[wire.key]
        shown = bool(wire.label) and (wire.label_fits or wire.selected)
        label.setVisible(shown and self._scene.level == 2)
        if wire.label:
            label.refit()
