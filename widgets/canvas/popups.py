"""The search box of a view: adding a node, ending a pulled wire, replacing a node in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF
from shiboken6 import isValid

from graph_compiler.graph.edits import AddNode, Connect, Disconnect, Edit, Move, ReplaceNode
from graph_compiler.graph.ids import fresh_id
from graph_compiler.graph.values import Edge, EdgeKey, Node
from graph_compiler.specs.nodes import NodeSpec
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor
from widgets.canvas.connecting import Pull, best_wire, connect_edits, pulled_tensor
from widgets.canvas.gestures import snapped
from widgets.canvas.room import free_place
from widgets.canvas.steps import Steps

if TYPE_CHECKING:
    from widgets.canvas.pulling import Pulling
    from widgets.canvas.view import CanvasView
    from widgets.search import SearchPopup

BESIDE = QPoint(16, 0)
PITCH = 256.0
"""From the left edge of a node to that of the next one, px."""
_NOT_REPLACED = frozenset({"Note", "Frame", "Block", "BlockInput", "BlockOutput"})
Found = Callable[[str, dict[str, Any]], object]


class Popups(Steps):
    """Adding and replacing nodes, by search or directly."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self.search: SearchPopup | None = None
        self.held: Pulling | None = None
        """The wire that waits for the search to end."""

    def open_search(self, place: QPointF | None = None, pulling: Pulling | None = None) -> None:
        """The search box at a place (the pointer without one); with a pulled wire it lists what can take it."""
        at, pull = place if place is not None else self.pointer(), pulling.pull if pulling is not None else None
        tensor = pulled_tensor(self._view.canvas, pull) if pull is not None else None
        aimed = place is not None or self._view.pointer is not None

        def found(name: str, params: dict[str, Any]) -> None:
            before = self._outlet() if place is None else None
            if before is not None:
                self._add_behind(before, name, params)
            else:
                self._view.reveal(self.add(name, at, aimed, params, pull, free=True))

        self._open(at, tensor, found)
        self.held = pulling

    def replace(self) -> None:
        """Another type for the selected node; parameters of the same name and all wires stay."""
        canvas, ids = self._view.canvas, self._ids
        if len(ids) != 1 or canvas.graph.nodes[ids[0]].type in _NOT_REPLACED:
            return
        into = canvas.graph.into(ids[0])
        source = canvas.facts(into[0].source) if len(into) == 1 else None
        tensor = source.outputs.get(into[0].source_port) if source else None
        self._open(canvas.boxes[ids[0]].card_rect().topRight(), tensor,
                   lambda name, params: self._swap(ids[0], name, params))

    def _open(self, at: QPointF, tensor: Tensor | None, found: Found) -> None:
        from widgets.search import SearchPopup

        self.close_popups()
        self._view.bubbles.close()
        self.search = SearchPopup(self._view.document.registry, tensor, self._view)
        self.search.chosen.connect(lambda name, params, stay: self._chosen(found, name, params, stay))
        self.search.closed.connect(self.close_popups)
        self.search.open_at(self._view.mapFromScene(at) + BESIDE)

    def _chosen(self, found: Found, name: str, params: dict[str, Any], stay: bool) -> None:
        if not stay:
            self.close_popups()
        found(name, params)

    def close_popups(self) -> None:
        """Close the search."""
        if self.search is not None:
            search, self.search = self.search, None
            held, self.held = self.held, None
            if not isValid(self._view):  # the window is being taken down
                return
            if held is not None:
                held.end()
                self._view.viewport().update()
            search.blockSignals(True)
            search.hide()
            search.deleteLater()
            self._view.setFocus()
            self._view.bubbles.refresh()

    def add(self, type_name: str, place: QPointF, insert: bool = True, params: dict[str, Any] | None = None,
            pull: Pull | None = None, free: bool = False) -> str:
        """A new node at a place, connected with the pulled wire or inserted into the wire that lies there. Its id.

        `free` moves it down until it covers no other card.
        """
        canvas = self._view.canvas
        wire = canvas.wire_at(place, self._view.zoom) if insert and pull is None else None
        node_id = fresh_id(type_name, canvas.graph.nodes)
        x, y = (place.x() - 84 if pull is None else place.x() if pull.out else place.x() - 168), place.y() - 20
        if self._view.snap:
            x, y = snapped(x), snapped(y)
        node = Node(id=node_id, type=type_name, params=params or {}, x=x, y=y)
        if free and wire is None:
            node = free_place(canvas, node)
        with self._one_step(f"add {type_name}", [node]):
            self._view.document.do(AddNode(node, canvas.scope))
            if pull is not None:
                self._connect(pull, node_id)
            elif wire is not None:
                self.insert_into(wire.key, node_id)
        canvas.select([node_id])
        return node_id

    def _outlet(self) -> str | None:
        """The only selected node, when something can flow out of it."""
        ids = self._ids
        facts = self._view.canvas.facts(ids[0]) if len(ids) == 1 else None
        return ids[0] if facts is not None and facts.ports_out else None

    def _add_behind(self, before: str, type_name: str, params: dict[str, Any]) -> None:
        """A new node at the right of another, connected with it where their ports allow."""
        canvas = self._view.canvas
        old = canvas.graph.nodes[before]
        node = Node(id=fresh_id(type_name, canvas.graph.nodes), type=type_name, params=params, x=old.x + PITCH, y=old.y)
        with self._one_step(f"add {type_name}", [node]):
            self._view.document.do(AddNode(free_place(canvas, node), canvas.scope))
            self.wire_up(before, node.id)
        self._view.reveal(node.id)

    def wire_up(self, source: str, target: str) -> str:
        """Connect two nodes by the ports that fit; why not where none do."""
        pull, port, reason = best_wire(self._view.canvas, source, target)
        if pull is not None:
            self._do(*connect_edits(self._view.canvas, pull, target, port))
        return reason

    def _connect(self, pull: Pull, node_id: str) -> None:
        facts = self._view.canvas.facts(node_id)
        if facts is not None and (facts.ports_in if pull.out else facts.ports_out):
            self._do(*connect_edits(self._view.canvas, pull, node_id))

    def insert_into(self, key: EdgeKey, node_id: str, place: tuple[float, float] | None = None) -> None:
        """Put a node into a wire, and to a place: what came stays in front of it, what followed behind."""
        canvas = self._view.canvas
        facts, edge = canvas.facts(node_id), canvas.graph.edges.get(key)
        moves: list[Edit] = [Move({node_id: place}, canvas.scope)] if place is not None else []
        if facts is None or edge is None or not facts.ports_in or not facts.ports_out:
            self._do(moves, f"move {node_id}")
            return
        into, out = facts.ports_in[0], facts.ports_out[0]
        index = canvas.graph.next_index(node_id, into.name) if into.many else 0
        first = Edge(source=edge.source, source_port=edge.source_port, target=node_id, target_port=into.name, index=index)
        second = replace(edge, source=node_id, source_port=out.name, points=())
        self._do([*moves, Disconnect(key, canvas.scope), Connect(first, canvas.scope), Connect(second, canvas.scope)],
                 f"insert {node_id}")

    def _swap(self, node_id: str, type_name: str, params: dict[str, Any]) -> None:
        canvas, spec = self._view.canvas, self._view.document.registry.node(type_name)
        old = canvas.graph.nodes.get(node_id)
        if old is not None and spec is not None:
            kept = {name: value for name, value in old.params.items() if _fits(spec, name, value)}
            self._view.document.do(ReplaceNode(replace(old, type=type_name, params={**kept, **params}), canvas.scope))


def _fits(spec: NodeSpec, name: str, value: Any) -> bool:
    """Whether a type has a parameter of that name that takes the value."""
    param = spec.param(name)
    try:
        return param is not None and param.check(value) is not None
    except Refusal:
        return False
