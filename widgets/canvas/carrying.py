"""All wires of a port carried to another one: Ctrl and drag from an output, or from an input that takes many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QToolTip

from graph_compiler.graph.edits import Connect, Disconnect, Edit
from graph_compiler.graph.values import Edge
from widgets.canvas.connecting import Pull, beyond, can_take
from widgets.canvas.items import NodeItem
from widgets.canvas.pulling import box_for
from widgets.canvas.routing import loose
from widgets.theme import theme
from widgets.words import plural

if TYPE_CHECKING:
    from widgets.canvas.view import CanvasView

ROW = 14.0


class Carrying:
    """The loose ends of several wires in one hand. `out` says whether their sources or their targets are loose."""

    def __init__(self, view: CanvasView, node: str, port: str, out: bool, now: QPointF) -> None:
        self._view, self.node, self.port, self._out, self._now = view, node, port, out, now
        graph = view.canvas.graph
        self.edges = [e for e in graph.out_of(node) if e.source_port == port] if out else graph.into_port(node, port)
        self._fixed = [self._pull(edge) for edge in self.edges]
        circles = [beyond(view.canvas, pull) for pull in self._fixed]
        self.reasons = {n: self._reason(n, circles) for n, box in view.canvas.boxes.items() if isinstance(box, NodeItem)}
        view.canvas.looks.fade({n for n, reason in self.reasons.items() if reason})
        view.canvas.looks.offer({n for n, reason in self.reasons.items() if not reason}, "out" if out else "in")
        self._target = ""

    def _pull(self, edge: Edge) -> Pull:
        """A wire as it is held at its other end."""
        boxes = self._view.canvas.boxes
        other, port = (edge.target, edge.target_port) if self._out else (edge.source, edge.source_port)
        box = boxes[other]
        place = box.port_place(port, not self._out) if isinstance(box, NodeItem) else box.pos()
        return Pull(other, port, not self._out, place, edge.key)

    def _reason(self, node_id: str, circles: list[set[str]]) -> str:
        """Why a node cannot take all of the wires; empty when it can."""
        canvas = self._view.canvas
        facts = canvas.facts(node_id)
        ports = (facts.ports_out if self._out else facts.ports_in) if facts is not None else ()
        if not self._out and len(self.edges) > 1 and ports and not any(p.many for p in ports) and node_id != self.node:
            return f"{facts.node.name if facts else node_id} has no input for {len(self.edges)} wires."
        found = (can_take(canvas, pull, node_id, circle) for pull, circle in zip(self._fixed, circles, strict=True))
        return next(filter(None, found), "")

    def move(self, now: QPointF, on_screen: QPoint) -> None:
        """The pointer is elsewhere: light what is under it, or say why it cannot take the wires."""
        self._now, canvas = now, self._view.canvas
        box = box_for(self._view, now, self.reasons, self._out)
        target = box.node_id if box is not None and box.node_id in self.reasons else ""
        if target != self._target:
            for node_id in (self._target, target):
                if (item := canvas.boxes.get(node_id)) is not None:
                    item.look.target = node_id == target and not self.reasons[node_id]
                    item.update()
            self._target = target
            QToolTip.showText(on_screen, self.reasons.get(target, ""), self._view)
        self._view.viewport().update()

    def drop(self, now: QPointF) -> None:
        """Let go over a node: all wires go to it, in one step."""
        view = self._view
        self.end()
        box = box_for(view, now, self.reasons, self._out)
        if not isinstance(box, NodeItem):
            return
        if reason := self.reasons.get(box.node_id, ""):
            view.status.emit(reason)
            return
        port = self._port_of(box, now)
        if port and (box.node_id, port) != (self.node, self.port):
            view.document.do_all(self._edits(box.node_id, port),
                                 f"move {plural(len(self.edges), 'wire')} to {box.node_id}")

    def _edits(self, node_id: str, port: str) -> list[Edit]:
        canvas = self._view.canvas
        away: list[Edit] = [Disconnect(e.key, canvas.scope) for e in self.edges]
        if self._out:
            fresh = [replace(edge, source=node_id, source_port=port, points=()) for edge in self.edges]
            return [*away, *(Connect(edge, canvas.scope) for edge in fresh)]
        facts = canvas.facts(node_id)
        many = facts is not None and any(p.name == port and p.many for p in facts.ports_in)
        if not many:
            away += [Disconnect(e.key, canvas.scope) for e in canvas.graph.into_port(node_id, port) if e not in self.edges]
        first = canvas.graph.next_index(node_id, port) if many else 0
        return [*away, *(Connect(replace(e, target=node_id, target_port=port, index=first + i, points=()), canvas.scope)
                         for i, e in enumerate(self.edges))]

    def _port_of(self, box: NodeItem, now: QPointF) -> str:
        """The port next to the pointer, else the first one that takes the wires."""
        spots = [s for s in box.card.ports if s.out == self._out and (self._out or s.many or len(self.edges) == 1)]
        near = min(spots, key=lambda s: (s.place + box.pos() - now).manhattanLength(), default=None)
        if near is None:
            return ""
        return near.name if (near.place + box.pos() - now).manhattanLength() < 4 * ROW else spots[0].name

    def end(self) -> None:
        """Take fading and lights away."""
        self._view.canvas.looks.fade(set())
        self._view.canvas.looks.offer(set(), "")
        QToolTip.hideText()

    def paint(self, painter: QPainter) -> None:
        """The wires from their fixed ends to the pointer; scene coordinates."""
        t = theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.color("accent"), 2.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pull in self._fixed:
            ends = (self._now, pull.place) if self._out else (pull.place, self._now)
            painter.drawPath(loose(self._view.canvas.flow, *ends))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.color("accent"))
        painter.drawEllipse(self._now, 6, 6)
