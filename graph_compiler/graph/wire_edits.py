"""Edits of wires: connect, disconnect, route."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from graph_compiler.graph.changes import ChangeSet
from graph_compiler.graph.edit import Edit, EditRefused, graph_of, node_of, sound_edge
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import ROOT, Edge, EdgeKey


@dataclass(frozen=True)
class Connect(Edit):
    """Lay a wire. Both nodes must exist and the very same wire must not; ports and cycles are analysis's business.

    A port takes one wire unless the caller gives a further `index` (ports that take many).
    """

    edge: Edge
    scope: str = ROOT

    def apply(self, document: Document) -> Edit:
        graph = graph_of(document, self.scope)
        node_of(document, self.scope, self.edge.source)
        node_of(document, self.scope, self.edge.target)
        for other in graph.into_port(self.edge.target, self.edge.target_port):
            if other.index == self.edge.index:
                raise EditRefused(f"“{self.edge.target_port}” of {self.edge.target} has a wire already.")
        graph.put_edge(sound_edge(self.edge))
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
        graph = graph_of(document, self.scope)
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
    drag: int = 0
    """Routes of one drag carry the same number, so that they become one step."""

    def apply(self, document: Document) -> Edit:
        graph = graph_of(document, self.scope)
        edge = graph.edges.get(self.key)
        if edge is None:
            raise EditRefused("That wire is not here.")
        graph.put_edge(sound_edge(msgspec.structs.replace(edge, points=tuple(self.points))))
        return RouteEdge(self.key, edge.points, self.scope, self.drag)

    def changes(self) -> ChangeSet:
        return ChangeSet(edges=frozenset({(self.scope, self.key)}))

    def describe(self) -> str:
        return f"bend the wire to {self.key[2]}" if self.points else f"straighten the wire to {self.key[2]}"

    @property
    def merge_key(self) -> tuple[str, ...] | None:
        return ("route", self.scope, *map(str, self.key), str(self.drag)) if self.drag else None
