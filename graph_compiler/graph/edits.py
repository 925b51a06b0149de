"""Edits: small frozen values that change a document and return their inverse.

`apply(document)` checks first; a refused edit raises `EditRefused` and changes nothing. Every writer of the program
(mouse, keyboard, undo, paste, templates, tests) goes through these verbs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import msgspec

from graph_compiler.graph.changes import ChangeSet
from graph_compiler.graph.model import BlockDefinition, Document, Graph, with_values
from graph_compiler.graph.values import ROOT, BlockParameter, Edge, EdgeKey, Json, Node, TrainingSettings


class EditRefused(ValueError):
    """The edit does not fit the document. The message is for people."""


class Edit:
    """One step. `title` is shown in the undo menu; `merge_key` lets a spin or a drag become one step."""

    title: ClassVar[str] = "edit"

    def apply(self, document: Document) -> Edit:
        """Change the document and return the edit that takes it back. EditRefused: nothing was changed."""
        raise NotImplementedError

    def changes(self) -> ChangeSet:
        """What this edit touches (the inverse touches the same)."""
        raise NotImplementedError

    def describe(self) -> str:
        """The undo text, such as `set filters of conv2d_3`."""
        return self.title

    @property
    def merge_key(self) -> tuple[str, ...] | None:
        """Edits with the same key, one after another, become one undo step; None never merges."""
        return None


def _graph(document: Document, scope: str) -> Graph:
    try:
        return document.scope(scope)
    except KeyError:
        raise EditRefused(f"There is no block named “{scope}”.") from None


def _node(document: Document, scope: str, node_id: str) -> Node:
    node = _graph(document, scope).nodes.get(node_id)
    if node is None:
        raise EditRefused(f"There is no node “{node_id}” here.")
    return node


@dataclass(frozen=True)
class AddNode(Edit):
    """Put a new node without wires into a graph."""

    node: Node
    scope: str = ROOT

    def apply(self, document: Document) -> Edit:
        graph = _graph(document, self.scope)
        if self.node.id in graph.nodes:
            raise EditRefused(f"A node “{self.node.id}” is here already.")
        if not self.node.id or "/" in self.node.id:
            raise EditRefused("An id needs at least one letter and no “/”.")
        graph.put_node(self.node)
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
        graph = _graph(document, self.scope)
        node = _node(document, self.scope, self.id)
        wires = graph.touching(self.id)
        self._wires[:] = [edge.key for edge in wires]
        for edge in wires:
            graph.drop_edge(edge.key)
        order = list(graph.nodes)
        graph.drop_node(self.id)
        return RestoreNode(node, tuple(wires), order.index(self.id), self.scope)

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
        graph = _graph(document, self.scope)
        if self.node.id in graph.nodes:
            raise EditRefused(f"A node “{self.node.id}” is here already.")
        ends = {end for edge in self.wires for end in (edge.source, edge.target)} - {self.node.id}
        if lost := sorted(ends - graph.nodes.keys()):
            raise EditRefused(f"There is no node “{lost[0]}” here.")
        tail = list(graph.nodes.items())[self.place:]
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
        old = _node(document, self.scope, self.node.id)
        _graph(document, self.scope).put_node(self.node)
        return ReplaceNode(old, self.scope)

    def changes(self) -> ChangeSet:
        return ChangeSet(nodes=frozenset({(self.scope, self.node.id)}))

    def describe(self) -> str:
        return f"replace {self.node.id}"


UNSET = msgspec.UNSET


@dataclass(frozen=True)
class SetParam(Edit):
    """Set one parameter of a node; `UNSET` gives it back its default."""

    id: str
    name: str
    value: Json
    scope: str = ROOT

    def apply(self, document: Document) -> Edit:
        node = _node(document, self.scope, self.id)
        old = node.params.get(self.name, UNSET)
        params = dict(node.params)
        if self.value is UNSET:
            params.pop(self.name, None)
        else:
            params[self.name] = self.value
        _graph(document, self.scope).put_node(with_values(node, params=params))
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
        node = _node(document, self.scope, self.id)
        if self.name not in _FIELDS:
            raise EditRefused(f"“{self.name}” is not a field of a node.")
        old = getattr(node, self.name)
        if type(self.value) is not type(old):
            raise EditRefused(f"“{self.name}” expects {type(old).__name__}, received {type(self.value).__name__}.")
        _graph(document, self.scope).put_node(with_values(node, **{self.name: self.value}))
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

    def apply(self, document: Document) -> Edit:
        old = {}
        for node_id in self.positions:
            node = _node(document, self.scope, node_id)
            old[node_id] = (node.x, node.y)
        graph = _graph(document, self.scope)
        for node_id, (x, y) in self.positions.items():
            graph.put_node(with_values(graph.nodes[node_id], x=float(x), y=float(y)))
        return Move(old, self.scope)

    def changes(self) -> ChangeSet:
        return ChangeSet(moved=frozenset((self.scope, node_id) for node_id in self.positions))

    def describe(self) -> str:
        return f"move {next(iter(self.positions))}" if len(self.positions) == 1 else f"move {len(self.positions)} nodes"

    @property
    def merge_key(self) -> tuple[str, ...] | None:
        return ("move", self.scope, str(self.drag)) if self.drag else None


@dataclass(frozen=True)
class Connect(Edit):
    """Lay a wire. Both nodes must exist and the very same wire must not; ports and cycles are analysis's business.

    A port takes one wire unless the caller gives a further `index` (ports that take many).
    """

    edge: Edge
    scope: str = ROOT

    def apply(self, document: Document) -> Edit:
        graph = _graph(document, self.scope)
        _node(document, self.scope, self.edge.source)
        _node(document, self.scope, self.edge.target)
        for other in graph.into_port(self.edge.target, self.edge.target_port):
            if other.index == self.edge.index:
                raise EditRefused(f"“{self.edge.target_port}” of {self.edge.target} has a wire already.")
        graph.put_edge(self.edge)
        return Disconnect(self.edge.key, self.scope)

    def changes(self) -> ChangeSet:
        return ChangeSet(edges=frozenset({(self.scope, self.edge.key)}))

    def describe(self) -> str:
        return f"connect {self.edge.source} to {self.edge.target}"


@dataclass(frozen=True)
class Disconnect(Edit):
    """Take a wire away."""

    key: EdgeKey
    scope: str = ROOT

    def apply(self, document: Document) -> Edit:
        graph = _graph(document, self.scope)
        edge = graph.edges.get(self.key)
        if edge is None:
            raise EditRefused("That wire is not here.")
        graph.drop_edge(self.key)
        return Connect(edge, self.scope)

    def changes(self) -> ChangeSet:
        return ChangeSet(edges=frozenset({(self.scope, self.key)}))

    def describe(self) -> str:
        return f"disconnect {self.key[0]} from {self.key[2]}"


@dataclass(frozen=True)
class RouteEdge(Edit):
    """Set the reroute points of a wire."""

    key: EdgeKey
    points: tuple[tuple[float, float], ...]
    scope: str = ROOT

    def apply(self, document: Document) -> Edit:
        graph = _graph(document, self.scope)
        edge = graph.edges.get(self.key)
        if edge is None:
            raise EditRefused("That wire is not here.")
        graph.put_edge(msgspec.structs.replace(edge, points=self.points))
        return RouteEdge(self.key, edge.points, self.scope)

    def changes(self) -> ChangeSet:
        return ChangeSet(edges=frozenset({(self.scope, self.key)}))

    def describe(self) -> str:
        return f"route the wire to {self.key[2]}"


@dataclass(frozen=True)
class SetTraining(Edit):
    """Set one field of the training settings; the value must have the field's type."""

    name: str
    value: Json

    def apply(self, document: Document) -> Edit:
        old = document.training
        if self.name not in TrainingSettings.__struct_fields__:
            raise EditRefused(f"“{self.name}” is not a training setting.")
        try:
            fresh = msgspec.structs.replace(old, **{self.name: self.value})
            document.training = msgspec.convert(msgspec.to_builtins(fresh), TrainingSettings)
        except msgspec.ValidationError as error:
            raise EditRefused(f"{self.name}: {error}") from None
        return SetTraining(self.name, getattr(old, self.name))

    def changes(self) -> ChangeSet:
        return ChangeSet(training=True)

    def describe(self) -> str:
        return f"set {self.name.replace('_', ' ')} of training"

    @property
    def merge_key(self) -> tuple[str, ...]:
        return ("training", self.name)


@dataclass(frozen=True)
class SetAbout(Edit):
    """Set one text of the document (`title`, `summary`, ...); `UNSET` removes it."""

    name: str
    value: Json

    def apply(self, document: Document) -> Edit:
        old = document.about.get(self.name, UNSET)
        if self.value is UNSET:
            document.about.pop(self.name, None)
        else:
            document.about[self.name] = self.value
        return SetAbout(self.name, old)

    def changes(self) -> ChangeSet:
        return ChangeSet(about=True)

    def describe(self) -> str:
        return f"set {self.name} of the document"

    @property
    def merge_key(self) -> tuple[str, ...]:
        return ("about", self.name)


@dataclass(frozen=True)
class AddBlock(Edit):
    """Put a block definition into the document."""

    name: str
    definition: BlockDefinition

    def apply(self, document: Document) -> Edit:
        if not self.name or "/" in self.name:
            raise EditRefused("A block's name needs at least one letter and no “/”.")
        if self.name in document.blocks:
            raise EditRefused(f"A block “{self.name}” is here already.")
        document.blocks[self.name] = self.definition
        return RemoveBlock(self.name)

    def changes(self) -> ChangeSet:
        return ChangeSet(blocks=frozenset({self.name}))

    def describe(self) -> str:
        return f"make block {self.name}"


@dataclass(frozen=True)
class RemoveBlock(Edit):
    """Take a block definition away; refused while an instance of it stands anywhere."""

    name: str

    def apply(self, document: Document) -> Edit:
        if self.name not in document.blocks:
            raise EditRefused(f"There is no block named “{self.name}”.")
        for _, graph in document.scopes():
            for node in graph.nodes.values():
                if node.block == self.name:
                    raise EditRefused(f"“{node.id}” still uses the block “{self.name}”.")
        return AddBlock(self.name, document.blocks.pop(self.name))

    def changes(self) -> ChangeSet:
        return ChangeSet(blocks=frozenset({self.name}))

    def describe(self) -> str:
        return f"remove block {self.name}"


@dataclass(frozen=True)
class SetBlockParameters(Edit):
    """Replace the parameters a block declares."""

    name: str
    parameters: tuple[BlockParameter, ...]

    def apply(self, document: Document) -> Edit:
        if self.name not in document.blocks:
            raise EditRefused(f"There is no block named “{self.name}”.")
        block = document.blocks[self.name]
        old, block.parameters = block.parameters, self.parameters
        return SetBlockParameters(self.name, old)

    def changes(self) -> ChangeSet:
        return ChangeSet(blocks=frozenset({self.name}))

    def describe(self) -> str:
        return f"set parameters of {self.name}"


@dataclass(frozen=True)
class Batch(Edit):
    """Several edits as one step, all or nothing."""

    edits: tuple[Edit, ...]
    words: str = "edit"

    def apply(self, document: Document) -> Edit:
        done: list[Edit] = []
        try:
            for edit in self.edits:
                done.append(edit.apply(document))
        except EditRefused:
            for inverse in reversed(done):
                inverse.apply(document)
            raise
        return Batch(tuple(reversed(done)), self.words)

    def changes(self) -> ChangeSet:
        nodes: set[tuple[str, str]] = set()
        edges: set[tuple[str, EdgeKey]] = set()
        moved: set[tuple[str, str]] = set()
        blocks: set[str] = set()
        flags = [False, False, False]
        for edit in self.edits:
            part = edit.changes()
            nodes |= part.nodes
            edges |= part.edges
            moved |= part.moved
            blocks |= part.blocks
            flags = [flags[0] or part.training, flags[1] or part.about, flags[2] or part.everything]
        return ChangeSet(frozenset(nodes), frozenset(edges), frozenset(moved - nodes), frozenset(blocks), *flags)

    def describe(self) -> str:
        return self.words if len(self.edits) != 1 else self.edits[0].describe()
