"""Verbs of wires: swap two, bend and straighten them."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import QPointF

from graph_compiler.graph.edits import Connect, Disconnect, Edit, RouteEdge
from graph_compiler.graph.values import Edge, EdgeKey
from widgets.canvas.bending import with_point
from widgets.canvas.steps import Steps
from widgets.words import plural


class WireVerbs(Steps):
    """What is done to the wires of one view."""

    def disconnect_wire(self, key: EdgeKey) -> None:
        """Take a wire away."""
        self._view.document.do(Disconnect(key, self._view.canvas.scope))

    def swap(self) -> None:
        """Exchange where two selected wires end; of a node its first two inputs."""
        canvas = self._view.canvas
        pair = self._pair()
        if pair is None:
            self._view.status.emit("Select two wires, or a node with two wires coming in.")
            return
        a, b = pair
        if any(canvas.graph.reaches(target, source) for source, target in ((a.source, b.target), (b.source, a.target))):
            self._view.status.emit("Swapping these would make a circle.")
            return
        one = replace(a, target=b.target, target_port=b.target_port, index=b.index, points=())
        two = replace(b, target=a.target, target_port=a.target_port, index=a.index, points=())
        edits: list[Edit] = [Disconnect(a.key, canvas.scope), Disconnect(b.key, canvas.scope),
                             Connect(one, canvas.scope), Connect(two, canvas.scope)]
        chosen = list(canvas.selected)
        if self._do(edits, "swap two wires"):
            canvas.select(chosen, [] if chosen else [one.key, two.key])

    def _pair(self) -> tuple[Edge, Edge] | None:
        canvas, ids = self._view.canvas, self._ids
        found = [canvas.graph.edges[k] for k in sorted(canvas.selected_wires)]
        if not found and len(ids) == 1:
            found = canvas.graph.into(ids[0])[:2]
        return (found[0], found[1]) if len(found) == 2 else None

    # Points.

    def add_bend(self, key: EdgeKey, place: QPointF) -> None:
        """A point in a wire, to lead it elsewhere."""
        canvas = self._view.canvas
        points, _ = with_point(canvas, key, self._view.on_grid(place))
        self._view.document.do(RouteEdge(key, points, canvas.scope))

    def take_bend(self, key: EdgeKey, point: int) -> None:
        """One point less in a wire."""
        points = self._view.canvas.wires[key].edge.points
        self._view.document.do(RouteEdge(key, (*points[:point], *points[point + 1:]), self._view.canvas.scope))

    def straighten(self) -> None:
        """Take the points out of the selected wires, or of all wires at the selected nodes."""
        canvas, chosen = self._view.canvas, set(self._ids)
        keys = [w.key for w in canvas.bent_wires() if w.key in canvas.selected_wires or {w.key[0], w.key[2]} & chosen]
        if not keys:
            self._view.status.emit("Select bent wires, or nodes that have some.")
        self._do([RouteEdge(k, (), canvas.scope) for k in keys], f"straighten {plural(len(keys), 'wire')}")
