"""Guides: a moved node holds on where its wires run straight or where it is in line with another, and a line says so.

Numbers here count along and across the flow.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QPainter, QPen

from widgets.canvas.items import NodeItem
from widgets.pens import steady
from widgets.theme import theme

if TYPE_CHECKING:
    from widgets.canvas.view import CanvasView

REACH = 5.0
"""How near a node must come to hold on, px on screen."""
PORT_LINE = 20.0
"""From the corner of a card to the line of its ports, px."""


@dataclass(frozen=True, order=True)
class _Hold:
    """A place to hold on to: the coordinate of the node's corner, where its line is drawn, and a point the line leads to."""

    at: float
    line: float
    other: float


class Guides:
    """Where one node of a view may hold on, gathered when its drag begins."""

    def __init__(self, view: CanvasView, node_id: str, moving: Container[str]) -> None:
        self._view, self._flow = view, view.canvas.flow
        self._across: list[_Hold] = []
        self._along: list[_Hold] = []
        self.lines: list[QLineF] = []
        """In scene coordinates."""
        box = view.canvas.boxes[node_id]
        if isinstance(box, NodeItem):
            self._gather(box, moving)

    def _gather(self, box: NodeItem, moving: Container[str]) -> None:
        canvas, turned = self._view.canvas, self._flow.turned
        seen = self._view.visible_rect()
        here = turned(box.pos())
        for node_id, other in canvas.boxes.items():
            if node_id not in moving and isinstance(other, NodeItem) and seen.intersects(other.card_rect()):
                there = turned(other.pos())
                self._across.append(_Hold(there.y(), there.y() + PORT_LINE, there.x()))
                self._along.append(_Hold(there.x(), there.x(), there.y()))
        for edge in canvas.graph.touching(box.node_id):
            out = edge.source == box.node_id
            other_id, port, own = ((edge.target, edge.target_port, edge.source_port) if out
                                   else (edge.source, edge.source_port, edge.target_port))
            end = canvas.boxes[other_id]
            if other_id not in moving and isinstance(end, NodeItem):
                level, offset = turned(end.port_place(port, not out)), turned(box.port_place(own, out)).y() - here.y()
                self._across.append(_Hold(level.y() - offset, level.y(), level.x()))
        self._across.sort()
        self._along.sort()

    def hold(self, place: QPointF) -> tuple[QPointF, bool, bool]:
        """The place of the node's corner (scene), and whether it holds on along and across the flow."""
        here, reach = self._flow.turned(place), REACH / self._view.zoom
        along, across = _nearest(self._along, here.x(), reach), _nearest(self._across, here.y(), reach)
        there = QPointF(along.at if along else here.x(), across.at if across else here.y())
        before, self.lines = self.lines, []
        if across is not None:
            self._draw(QPointF(across.other, across.line), QPointF(there.x(), across.line))
        if along is not None:
            self._draw(QPointF(along.line, along.other), QPointF(along.line, there.y()))
        if before or self.lines:
            self._view.viewport().update()
        return self._flow.turned(there), along is not None, across is not None

    def _draw(self, a: QPointF, b: QPointF) -> None:
        self.lines.append(QLineF(self._flow.turned(a), self._flow.turned(b)))

    def paint(self, painter: QPainter) -> None:
        """Lines to what the node is in line with; scene coordinates."""
        pen = steady(QPen(theme().color("accent"), 1))
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLines(self.lines)


def _nearest(holds: list[_Hold], at: float, reach: float) -> _Hold | None:
    i = bisect_left(holds, _Hold(at, float("-inf"), 0.0))
    near = min(holds[max(0, i - 1):i + 1], key=lambda hold: abs(hold.at - at), default=None)
    return near if near is not None and abs(near.at - at) <= reach else None
