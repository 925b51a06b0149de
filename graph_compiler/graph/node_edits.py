"""Edits of nodes: add, remove, replace, move, set a parameter or a field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from graph_compiler.graph.changes import ChangeSet
from graph_compiler.graph.edit import UNSET, Edit, EditRefused, graph_of, node_of, sound, sound_node, sound_place
from graph_compiler.graph.model import Document, with_values
from graph_compiler.graph.values import ROOT, Edge, EdgeKey, Json, Node

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class AddNode(Edit):
    """Put a new node without wires into a graph."""

    node: Node
    scope: str = ROOT

    def apply(self, document: Document) -> Edit:
        graph = graph_of(document, self.scope)
        if self.node.id in graph.nodes:
            raise EditRefused(f"A node “{self.node.id}” is here already.")
        graph.put_node(sound_node(self.node))
        return RemoveNode(self.node.id, self.scope)

    def changes(self) -> ChangeSet:
        return ChangeSet(nodes=frozenset({(self.scope, self.node.id)}))

    def describe(self) -> str:
        return f"add {self.node.name}"


@dataclass(frozen=True)
class RemoveNode(Edit):
    """Take a node away together with its wires."""

    id: str
    scope: str = ROOT
    _wires: list[EdgeKey] = field(default_factory=list, init=False, compare=False, repr=False)

    def apply(self, document: Document) -> Edit:
        graph = graph_of(document, self.scope)
        node = node_of(document, self.scope, self.id)
        wires = graph.touching(self.id)
        self._wires[:] = [edge.key for edge in wires]
        for edge in wires:
            graph.drop_edge(edge.key)
        last = next(reversed(graph.nodes)) == self.id  # as when a paste is taken back: nothing has to be counted
        place = len(graph.nodes) - 1 if last else list(graph.nodes).index(self.id)
        graph.drop_node(self.id)
        return RestoreNode(node, tuple(wires), place, self.scope)

    def changes(self) -> ChangeSet:
        return ChangeSet(nodes=frozenset({(self.scope, self.id)}), edges=frozenset((self.scope, key) for key in self._wires))

    def describe(self) -> str:
        return f"delete {self.id}"


@dataclass(frozen=True)
class RestoreNode(Edit):
    """Put a removed node back at its old place among the nodes, with the wires it had."""

    node: Node
    wires: tuple[Edge, ...]
    place: int
    scope: str = ROOT

    def apply(self, document: Document) -> Edit:
        graph = graph_of(document, self.scope)
        if self.node.id in graph.nodes:
            raise EditRefused(f"A node “{self.node.id}” is here already.")
        ends = {end for edge in self.wires for end in (edge.source, edge.target)} - {self.node.id}
        if lost := sorted(end for end in ends if end not in graph.nodes):
            raise EditRefused(f"There is no node “{lost[0]}” here.")
        tail = list(graph.nodes.items())[self.place:] if self.place < len(graph.nodes) else []
        for node_id, _ in tail:
            del graph.nodes[node_id]
        graph.put_node(self.node)
        graph.nodes.update(tail)
        for edge in self.wires:
            graph.put_edge(edge)
        return RemoveNode(self.node.id, self.scope)

    def changes(self) -> ChangeSet:
        return ChangeSet(nodes=frozenset({(self.scope, self.node.id)}),
                         edges=frozenset((self.scope, edge.key) for edge in self.wires))


@dataclass(frozen=True)
class ReplaceNode(Edit):
    """Swap the whole value of a node (type, parameters, everything but its id); wires stay."""

    node: Node
    scope: str = ROOT

    def apply(self, document: Document) -> Edit:
        old = node_of(document, self.scope, self.node.id)
        graph_of(document, self.scope).put_node(sound_node(self.node))
        return ReplaceNode(old, self.scope)

    def changes(self) -> ChangeSet:
        return ChangeSet(nodes=frozenset({(self.scope, self.node.id)}))

    def describe(self) -> str:
        return f"replace {self.node.id}"


@dataclass(frozen=True)
class SetParam(Edit):
    """Set one parameter of a node; `UNSET` gives it back its default."""

    id: str
    name: str
    value: Json
    scope: str = ROOT

    def apply(self, document: Document) -> Edit:
        node = node_of(document, self.scope, self.id)
        old = node.params.get(self.name, UNSET)
        params = dict(node.params)
        if self.value is UNSET:
            params.pop(self.name, None)
        else:
            params[sound(self.name)] = sound(self.value)
        graph_of(document, self.scope).put_node(with_values(node, params=params))
        return SetParam(self.id, self.name, old, self.scope)

    def changes(self) -> ChangeSet:
        return ChangeSet(nodes=frozenset({(self.scope, self.id)}))

    def describe(self) -> str:
        return f"set {self.name} of {self.id}"

    @property
    def merge_key(self) -> tuple[str, ...]:
        return ("param", self.scope, self.id, self.name)


_FIELDS = frozenset({"label", "muted", "frozen", "block", "weights"})


@dataclass(frozen=True)
class SetField(Edit):
    """Set one field of a node that is not a parameter: label, muted, frozen, block or weights."""

    id: str
    name: str
    value: Json
    scope: str = ROOT

    def apply(self, document: Document) -> Edit:
        node = node_of(document, self.scope, self.id)
        if self.name not in _FIELDS:
            raise EditRefused(f"“{self.name}” is not a field of a node.")
        old = getattr(node, self.name)
        if type(self.value) is not type(old):
            raise EditRefused(f"“{self.name}” expects {type(old).__name__}, received {type(self.value).__name__}.")
        graph_of(document, self.scope).put_node(sound_node(with_values(node, **{self.name: self.value})))
        return SetField(self.id, self.name, old, self.scope)

    def changes(self) -> ChangeSet:
        return ChangeSet(nodes=frozenset({(self.scope, self.id)}))

    def describe(self) -> str:
        words = {"muted": ("unmute", "mute"), "frozen": ("unfreeze", "freeze")}
        if self.name in words:
            return f"{words[self.name][bool(self.value)]} {self.id}"
        return f"set {self.name} of {self.id}"

    @property
    def merge_key(self) -> tuple[str, ...] | None:
        return ("field", self.scope, self.id, self.name) if self.name == "label" else None


@dataclass(frozen=True)
class Move(Edit):
    """Move nodes to new positions in scene coordinates (px at 100 %)."""

    positions: Mapping[str, tuple[float, float]]
    scope: str = ROOT
    drag: int = 0
    """Moves of one drag carry the same number, so that they become one step."""
    words: str = ""
    """What the undo menu says in place of `move`."""
    bends: Mapping[EdgeKey, Points] = field(default_factory=dict)
    """Points of wires that go with the nodes."""

    def apply(self, document: Document) -> Edit:
        old = {}
        for node_id in self.positions:
            node = node_of(document, self.scope, node_id)
            old[node_id] = (node.x, node.y)
        graph = graph_of(document, self.scope)
        if lost := self.bends.keys() - graph.edges.keys():
            raise EditRefused(f"There is no wire from {min(lost)[0]} to {min(lost)[2]} here.")
        fresh = {node_id: sound_place(x, y) for node_id, (x, y) in self.positions.items()}
        bent = {key: tuple(sound_place(x, y) for x, y in points) for key, points in self.bends.items()}
        before = {key: graph.edges[key].points for key in bent}
        for node_id, (x, y) in fresh.items():
            graph.put_node(with_values(graph.nodes[node_id], x=x, y=y))
        for key, points in bent.items():
            graph.put_edge(replace(graph.edges[key], points=points))
        return Move(old, self.scope, self.drag, self.words, before)

    def changes(self) -> ChangeSet:
        return ChangeSet(moved=frozenset((self.scope, node_id) for node_id in self.positions),
                         edges=frozenset((self.scope, key) for key in self.bends))

    def describe(self) -> str:
        if self.words:
            return self.words
        return f"move {next(iter(self.positions))}" if len(self.positions) == 1 else f"move {len(self.positions)} nodes"

    @property
    def merge_key(self) -> tuple[str, ...] | None:
        return ("move", self.scope, str(self.drag)) if self.drag else None

    def then(self, later: Edit) -> Edit:
        if not isinstance(later, Move):
            return later
        return Move({**self.positions, **later.positions}, self.scope, self.drag, self.words, {**self.bends, **later.bends})
