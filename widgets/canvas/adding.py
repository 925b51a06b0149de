"""New nodes and blocks: at a place, behind another node, into a wire; and what it takes to wire them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QPointF

from graph_compiler.graph.blocks import add_port, boundary, place, port_name
from graph_compiler.graph.blocks.inside import INSTANCE
from graph_compiler.graph.blocks.names import fresh_name
from graph_compiler.graph.clipboard import Part, to_text
from graph_compiler.graph.edits import AddNode, Batch, Connect, Disconnect, Edit, EditRefused, Move
from graph_compiler.graph.ids import fresh_id
from graph_compiler.graph.values import ROOT, Edge, EdgeKey, Node
from widgets.canvas.connecting import Pull, best_wire, connect_edits
from widgets.canvas.inserting import in_wire, with_room
from widgets.canvas.room import free_place
from widgets.canvas.scopes import scope_at
from widgets.canvas.steps import Steps
from widgets.offer import BLOCK, PORTS, SAVED

PITCH = 256.0
"""From the left edge of a node to that of the next one, px."""


class Adding(Steps):
    """Adding nodes to the graph in view. `key` is a node type, or names a block (see `widgets.offer`)."""

    def add(self, key: str, where: QPointF, insert: bool = True, params: dict[str, Any] | None = None,
            pull: Pull | None = None, free: bool = False) -> str:
        """A new node at a place, connected with the pulled wire or inserted into the wire that lies there.

        Its id, empty when it was refused. `free` moves it down until it covers no other card.
        """
        canvas = self._view.canvas
        wire = canvas.wire_at(where, self._view.zoom) if insert and pull is None else None
        x, y = canvas.flow.back(self._view.on_grid(where - self._grip(pull)))
        node = _blank(key, params or {}, x, y)
        if free and wire is None:
            node = free_place(canvas, node)
        edits, node_id = self._edits_for(key, node)
        if not edits:
            return ""
        with self._one_step(f"add {node.block or key}", edits):
            self._do(edits, "add")
            if pull is not None:
                self._connect(pull, node_id)
            elif wire is not None:
                self.insert_into(wire.key, node_id)
        canvas.select([node_id])
        return node_id

    def _grip(self, pull: Pull | None) -> QPointF:
        """Where on a new card the pointer is: at the port that takes the wire, else at the middle of its header."""
        if self._view.canvas.flow.down:
            return QPointF(84, 20 if pull is None else 0 if pull.out else 120)
        return QPointF(84 if pull is None else 0 if pull.out else 168, 20)

    def add_behind(self, before: str, key: str, params: dict[str, Any], via: str = "") -> None:
        """A new node at the right of another, connected with it where their ports allow, and shown; `via` stands between."""
        canvas = self._view.canvas
        old = canvas.graph.nodes[before]
        node = free_place(canvas, _blank(via or key, {} if via else params, old.x + PITCH, old.y))
        edits, node_id = self._edits_for(via or key, node)
        if edits:
            with self._one_step(f"add {node.block or key}", edits):
                self._do(edits, "add")
                self.wire_up(before, node_id)
                if via:
                    self.add_behind(node_id, key, params)
            if not via:
                self._view.reveal(node_id)

    def add_into(self, wires: Iterable[EdgeKey], key: str, params: dict[str, Any], via: str = "") -> list[EdgeKey]:
        """A new node in each of these wires, behind one of the type `via` if there is one; the wires that go on from them."""
        canvas = self._view.canvas
        found = [wire for wire in wires if wire in canvas.graph.edges]
        name = key.rpartition("/")[2]
        rest: list[EdgeKey] = []
        with self._one_step(f"insert {name}" + (f" into {len(found)} wires" if len(found) > 1 else ""), found):
            for wire in found:
                behind = self._put_in(wire, via, {}) if via else wire
                behind = self._put_in(behind, key, params) if behind is not None else None
                rest += [behind] if behind is not None else []
        if rest:
            canvas.select([wire[0] for wire in rest])
            self._view.bring(rest[0][0])
            if len(rest) > 1:
                self._view.status.emit(f"Inserted {name} into {len(rest)} wires.")
        return rest

    def _put_in(self, wire: EdgeKey, key: str, params: dict[str, Any]) -> EdgeKey | None:
        """A new node in a wire; the wire that goes on from it."""
        canvas = self._view.canvas
        source = canvas.graph.nodes[wire[0]]
        edits, node_id = self._edits_for(key, free_place(canvas, _blank(key, params, source.x, source.y)))
        if not edits or not self._do(edits, "add"):
            return None
        self.insert_into(wire, node_id, keep="")
        return next((edge.key for edge in canvas.graph.out_of(node_id)), None)

    def add_through(self, via: str, pull: Pull, where: QPointF, key: str, params: dict[str, Any]) -> None:
        """The pulled wire ends in a new node of the type `via`, behind which stands what was asked for."""
        with self._one_step(f"add {key}", [via]):
            first = self.add(via, where, pull=pull, free=True)
            if first:
                self.add_behind(first, key, params)

    def _edits_for(self, key: str, node: Node) -> tuple[list[Edit], str]:
        """Edits that add a node, and its id; none, and words in the status bar, when it is refused."""
        document, scope = self._view.document.document, self._view.canvas.scope
        if scope != ROOT and key in self._view.document.registry.drawing_only:
            self._view.status.emit(f"{key} stands in the drawing itself, not inside a block.")
            return [], ""
        try:
            if key.startswith(SAVED):
                found = self._saved(node)
            elif key.startswith(BLOCK):
                found = _flat(place(document, scope, node.block, node.x, node.y))
            elif key in PORTS and scope != ROOT:
                taken = [port_name(n) for n in boundary(document.blocks[scope], key)]
                side = PORTS[key][1]
                found = _flat(add_port(document, scope, side, fresh_name(side, taken), (node.x, node.y)))
            else:
                found = [AddNode(replace(node, id=fresh_id(key, self._view.canvas.graph.nodes)), scope)]
        except EditRefused as refusal:
            self._view.status.emit(str(refusal))
            return [], ""
        made = next(edit.node for edit in found if isinstance(edit, AddNode))
        return [AddNode(replace(made, params={**made.params, **node.params}), scope) if isinstance(edit, AddNode) else edit
                for edit in found], made.id

    def _saved(self, node: Node) -> list[Edit]:
        """An instance of a saved block, with the definitions it needs. EditRefused when it cannot stand here."""
        saved = self._view.saved.document(node.block) if self._view.saved is not None else None
        if saved is None:
            raise EditRefused(f"“{node.block}” is no longer among the saved blocks.")
        instance = next(n.id for n in saved.graph.nodes.values() if n.block == node.block)
        part = Part(to_text(saved, ROOT, [instance]))
        return part.edits(self._view.document.document, self._view.canvas.scope, node.x, node.y)[0]

    def with_room(self, edit: Edit, path: str) -> Edit:
        """An edit at a node, with places for what it adds: in view, or inside a block that is not."""
        view, outer = self._view, path.rpartition(".")[0]
        if scope_at(view.document.document, outer) == view.canvas.scope:
            return with_room(view.canvas, edit)
        inside = type(view.canvas)(view.document, outer, view, appearance=view.appearance)
        edit = with_room(inside, edit)
        inside.detach()
        return edit

    # Wires.

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

    def insert_into(self, key: EdgeKey, node_id: str, where: tuple[float, float] | None = None, keep: str = "pointer") -> None:
        """Put a node into a wire, and to a place: what came stays in front of it, what followed behind. `keep`: `in_wire`."""
        canvas = self._view.canvas
        facts, edge = canvas.facts(node_id), canvas.graph.edges.get(key)
        moves: list[Edit] = [Move({node_id: where}, canvas.scope)] if where is not None else []
        if facts is None or edge is None or not facts.ports_in or not facts.ports_out:
            self._do(moves, f"move {node_id}")
            return
        into, out = facts.ports_in[0], facts.ports_out[0]
        index = canvas.graph.next_index(node_id, into.name) if into.many else 0
        node = canvas.graph.nodes[node_id]
        here = node if where is None else replace(node, x=where[0], y=where[1])
        placed, further = in_wire(canvas, edge, here, keep if where is None else "place")
        if (placed.x, placed.y) != (node.x, node.y):
            moves = [Move({node_id: (placed.x, placed.y)}, canvas.scope), *further]
        first = Edge(source=edge.source, source_port=edge.source_port, target=node_id, target_port=into.name, index=index)
        second = replace(edge, source=node_id, source_port=out.name, points=())
        self._do([*moves, Disconnect(key, canvas.scope), Connect(first, canvas.scope), Connect(second, canvas.scope)],
                 f"insert {node_id}")


def _blank(key: str, params: dict[str, Any], x: float, y: float) -> Node:
    """The node a key stands for, without an id that fits."""
    if key.startswith((BLOCK, SAVED)):
        return Node(id="new", type=INSTANCE, block=key.partition("/")[2], params=params, x=x, y=y)
    return Node(id="new", type=key, params=params, x=x, y=y)


def _flat(edit: Edit) -> list[Edit]:
    return list(edit.edits) if isinstance(edit, Batch) else [edit]
