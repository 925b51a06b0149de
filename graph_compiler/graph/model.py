"""The two mutable containers: `Graph` (nodes, edges, adjacency) and `Document` (root graph, blocks, settings).

Only edits write to them. Edges stay sorted by their key inside a port, so that undo gives back the very same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from graph_compiler.graph.values import ROOT, BlockParameter, Edge, EdgeKey, Json, Node, TrainingSettings

FORMAT = 1


class Graph:
    """Nodes by id and edges by key, with both directions of adjacency kept up to date."""

    def __init__(self, nodes: Iterable[Node] = (), edges: Iterable[Edge] = ()) -> None:
        self.nodes: dict[str, Node] = {}
        self.edges: dict[EdgeKey, Edge] = {}
        self._into: dict[str, dict[EdgeKey, Edge]] = {}
        self._out_of: dict[str, dict[EdgeKey, Edge]] = {}
        for node in nodes:
            self.put_node(node)
        for edge in edges:
            self.put_edge(edge)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Graph) and self.nodes == other.nodes and self.edges == other.edges

    __hash__ = None  # type: ignore[assignment]

    def into(self, node_id: str) -> list[Edge]:
        """Wires that end at the node, sorted by target port and index."""
        found = self._into.get(node_id)
        if not found:
            return []
        edges = list(found.values())
        if len(edges) > 1:
            edges.sort(key=_by_port)
        return edges

    def count_into(self, node_id: str) -> int:
        """How many wires end at the node."""
        found = self._into.get(node_id)
        return len(found) if found else 0

    def count_out(self, node_id: str) -> int:
        """How many wires start at the node."""
        found = self._out_of.get(node_id)
        return len(found) if found else 0

    def into_port(self, node_id: str, port: str) -> list[Edge]:
        """Wires that end at one port, in the order the layer receives them."""
        return [edge for edge in self.into(node_id) if edge.target_port == port]

    def out_of(self, node_id: str) -> list[Edge]:
        """Wires that start at the node, in the order of their keys."""
        found = self._out_of.get(node_id)
        return [found[key] for key in sorted(found)] if found else []

    def successors(self, node_id: str) -> Iterator[str]:
        """Targets of the node's outgoing wires (a target may come more than once)."""
        return (key[2] for key in self._out_of.get(node_id, ()))

    def predecessors(self, node_id: str) -> Iterator[str]:
        """Sources of the node's incoming wires (a source may come more than once)."""
        return (key[0] for key in self._into.get(node_id, ()))

    def touching(self, node_id: str) -> list[Edge]:
        """Every wire at the node, each once."""
        return list({**self._into.get(node_id, {}), **self._out_of.get(node_id, {})}.values())

    def reaches(self, start: str, goal: str) -> bool:
        """Whether a path of wires leads from `start` to `goal`; a node reaches itself."""
        seen, todo = {start}, [start]
        while todo:
            here = todo.pop()
            if here == goal:
                return True
            fresh = [n for n in self.successors(here) if n not in seen]
            seen.update(fresh)
            todo.extend(fresh)
        return False

    def next_index(self, node_id: str, port: str) -> int:
        """The index a further wire into a port that takes many gets."""
        return max((e.index for e in self.into_port(node_id, port)), default=-1) + 1

    # The writers below belong to edits and the file reader.

    def put_node(self, node: Node) -> None:
        """Store or replace a node."""
        self.nodes[node.id] = node

    def drop_node(self, node_id: str) -> None:
        """Forget a node that has no wires left."""
        del self.nodes[node_id]
        self._into.pop(node_id, None)
        self._out_of.pop(node_id, None)

    def put_edge(self, edge: Edge) -> None:
        """Store or replace a wire."""
        key = edge.key
        self.edges[key] = edge
        self._into.setdefault(edge.target, {})[key] = edge
        self._out_of.setdefault(edge.source, {})[key] = edge

    def drop_edge(self, key: EdgeKey) -> None:
        """Forget a wire."""
        edge = self.edges.pop(key)
        del self._into[edge.target][key]
        del self._out_of[edge.source][key]


def _by_port(edge: Edge) -> tuple[str, int]:
    return edge.target_port, edge.index


class BlockDefinition:
    """A sub-graph with declared parameters. Its ports are the `BlockInput` and `BlockOutput` nodes inside."""

    def __init__(self, graph: Graph | None = None, parameters: Iterable[BlockParameter] = (), summary: str = "") -> None:
        self.graph = graph or Graph()
        self.parameters: tuple[BlockParameter, ...] = tuple(parameters)
        self.summary = summary
        self.extra: dict[str, Json] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BlockDefinition) and (self.graph, self.parameters, self.summary, self.extra) == (
            other.graph, other.parameters, other.summary, other.extra)

    __hash__ = None  # type: ignore[assignment]


class Document:
    """A whole `.netloom` file in memory."""

    def __init__(self, graph: Graph | None = None, blocks: dict[str, BlockDefinition] | None = None,
                 training: TrainingSettings | None = None) -> None:
        self.graph = graph or Graph()
        self.blocks: dict[str, BlockDefinition] = blocks or {}
        self.training = training or TrainingSettings()
        self.about: dict[str, Json] = {}
        """Free text of the document: `title`, `summary`, `text`, and a template's `figure`, `tags`, `minutes`."""
        self.extra: dict[str, Json] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and (
            self.graph, self.blocks, self.training, self.about, self.extra) == (
            other.graph, other.blocks, other.training, other.about, other.extra)

    __hash__ = None  # type: ignore[assignment]

    def scope(self, name: str) -> Graph:
        """The root graph for `ROOT`, else the graph of that block definition. KeyError when there is none."""
        return self.graph if name == ROOT else self.blocks[name].graph

    def scopes(self) -> Iterator[tuple[str, Graph]]:
        """Every graph of the document with its scope, the root first."""
        yield ROOT, self.graph
        for name, block in self.blocks.items():
            yield name, block.graph

    def copy(self) -> Document:
        """An independent document with the same values (nodes are frozen, so this is cheap)."""
        twin = Document(Graph(self.graph.nodes.values(), self.graph.edges.values()), {}, self.training)
        for name, block in self.blocks.items():
            inside = Graph(block.graph.nodes.values(), block.graph.edges.values())
            copied = BlockDefinition(inside, block.parameters, block.summary)
            copied.extra = dict(block.extra)
            twin.blocks[name] = copied
        twin.about, twin.extra = dict(self.about), dict(self.extra)
        return twin


def with_values(node: Node, **values: Json) -> Node:
    """The node with some fields replaced."""
    return msgspec.structs.replace(node, **values)
