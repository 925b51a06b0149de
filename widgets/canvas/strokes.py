"""A line drawn freely over wires: it cuts those it crosses, or gives each of them a point where it crosses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen, QPolygonF

from graph_compiler.graph.edits import Disconnect, Edit, RouteEdge
from graph_compiler.graph.values import EdgeKey
from widgets.canvas.bending import crossing_of, with_point
from widgets.pens import steady
from widgets.theme import theme
from widgets.words import plural

if TYPE_CHECKING:
    from widgets.canvas.view import CanvasView

STEP = 3.0
"""The pointer must go so far before the line gets another point, px on screen."""


class Stroke:
    """`cuts` says whether wires are cut or bent."""

    def __init__(self, view: CanvasView, start: QPointF, cuts: bool) -> None:
        self._view, self.cuts = view, cuts
        self._line = [start]

    def move(self, now: QPointF) -> None:
        """The pointer goes on."""
        if (now - self._line[-1]).manhattanLength() * self._view.zoom >= STEP:
            self._line.append(now)

    def drop(self, now: QPointF) -> None:
        """Let go: do it, in one step."""
        self._line.append(now)
        canvas, found = self._view.canvas, self.crossed()
        edits: list[Edit] = [Disconnect(key, canvas.scope) if self.cuts else
                             RouteEdge(key, with_point(canvas, key, self._view.on_grid(place))[0], canvas.scope)
                             for key, place in found.items()]
        if edits:
            self._view.document.do_all(edits, f"{'cut' if self.cuts else 'bend'} {plural(len(edits), 'wire')}")

    def crossed(self) -> dict[EdgeKey, QPointF]:
        """The wires the line crosses, and where."""
        around = QPolygonF(self._line).boundingRect().adjusted(-1, -1, 1, 1)
        found: dict[EdgeKey, QPointF] = {}
        for key, wire in self._view.canvas.wires.items():
            path = wire.path()
            if wire.isVisible() and path.boundingRect().adjusted(0, -1, 0, 1).intersects(around):
                steps = max(8, int(path.length() / 24))
                place = crossing_of(self._line, [path.pointAtPercent(i / steps) for i in range(steps + 1)])
                if place is not None:
                    found[key] = place
        return found

    def paint(self, painter: QPainter) -> None:
        """The line; scene coordinates."""
        painter.setPen(steady(QPen(theme().color("error" if self.cuts else "accent"), 1.5)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPolyline(QPolygonF(self._line))
