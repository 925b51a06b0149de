"""Bends: a wire dragged by its line gets a point it runs through; points are dragged, and taken away by a double click."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF

from graph_compiler.graph.edits import RouteEdge
from graph_compiler.graph.values import EdgeKey

if TYPE_CHECKING:
    from widgets.canvas.scene import CanvasScene
    from widgets.canvas.view import CanvasView

REACH = 8.0
"""How near a point the pointer must be, px on screen."""
DRAG_START = 4.0
Points = tuple[tuple[float, float], ...]


def bend_at(canvas: CanvasScene, place: QPointF, zoom: float) -> tuple[EdgeKey, int] | None:
    """The wire and the number of its point under the pointer."""
    reach = REACH / min(max(zoom, 0.1), 1.0)
    for wire in canvas.bent_wires():
        for i, bend in enumerate(wire.bends):
            if abs(bend.x() - place.x()) <= reach and abs(bend.y() - place.y()) <= reach:
                return wire.key, i
    return None


def bends_between(canvas: CanvasScene, ids: Container[str]) -> dict[EdgeKey, Points]:
    """Points of the wires between these nodes: they go where the nodes go."""
    return {w.key: w.edge.points for w in canvas.bent_wires() if w.edge.source in ids and w.edge.target in ids}


def shifted(bends: Mapping[EdgeKey, Points], dx: float, dy: float) -> dict[EdgeKey, Points]:
    """The points moved by so much, in the document."""
    return {key: tuple((x + dx, y + dy) for x, y in points) for key, points in bends.items()}


def with_point(canvas: CanvasScene, key: EdgeKey, place: QPointF) -> tuple[Points, int]:
    """The wire's points with one more where it makes the shortest way, and its number."""
    wire = canvas.wires[key]
    stops = [wire.path().pointAtPercent(0), *wire.bends, wire.path().pointAtPercent(1)]
    i = min(range(len(stops) - 1), key=lambda i: _detour(stops[i], place, stops[i + 1]))
    points = wire.edge.points
    return (*points[:i], canvas.flow.back(place), *points[i:]), i


def _detour(a: QPointF, by: QPointF, b: QPointF) -> float:
    return QLineF(a, by).length() + QLineF(by, b).length() - QLineF(a, b).length()


def crossing_of(stroke: Sequence[QPointF], line: Sequence[QPointF]) -> QPointF | None:
    """Where a stroke first crosses the line of a wire."""
    for a, b in pairwise(stroke):
        for c, d in pairwise(line):
            kind, place = QLineF(a, b).intersects(QLineF(c, d))
            if kind == QLineF.IntersectionType.BoundedIntersection:
                return place
    return None


class Bending:
    """One wire held at its line or at one of its points. Positions are scene coordinates."""

    def __init__(self, view: CanvasView, key: EdgeKey, start: QPointF, point: int | None, drag: int) -> None:
        self._view, self.key, self._start, self._point, self._drag = view, key, start, point, drag
        self._before = view.canvas.wires[key].edge.points
        self._points = self._before
        self.moved = False

    def move(self, now: QPointF) -> None:
        """The pointer is elsewhere: the point goes with it, made where the wire was taken."""
        view, canvas = self._view, self._view.canvas
        if self.key not in canvas.wires:
            return
        if not self.moved and QLineF(self._start, now).length() * view.zoom < DRAG_START:
            return
        if self._point is None:
            self._points, self._point = with_point(canvas, self.key, self._start)
        i = self._point
        self._points = (*self._points[:i], canvas.flow.back(view.on_grid(now)), *self._points[i + 1:])
        self.moved = view.document.do(RouteEdge(self.key, self._points, canvas.scope, self._drag)) or self.moved

    def cancel(self) -> None:
        """The wire as it was."""
        if self.moved and self.key in self._view.canvas.wires:
            self._view.document.do(RouteEdge(self.key, self._before, self._view.canvas.scope, self._drag))
        self.end()

    def end(self) -> None:
        """The next drag is another step."""
        self._view.document.end_gesture()
