"""Several drawings side by side: every place where they are not all the same, with what each of them has there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from graph_compiler.graph.model import Document, Graph
from graph_compiler.graph.values import EdgeKey, Node
from graph_compiler.runs.differences import SILENT, DefaultOf, word

ABSENT = "–"
WIRE = "wire to "


@dataclass(frozen=True)
class Difference:
    """One place (`conv2d_2`, and a parameter unless it is the node itself) and its value in each drawing, in order."""

    place: str
    what: str
    values: tuple[str, ...]


def comparison(documents: Sequence[Document], default_of: DefaultOf | None = None) -> list[Difference]:
    """Where the drawings differ: nodes, parameters, wires, then training settings. Empty when they mean the same."""
    found: list[Difference] = []
    scopes = dict.fromkeys(name for document in documents for name, _ in document.scopes())
    for scope in scopes:
        graphs = [_graph(document, scope) for document in documents]
        prefix = f"{scope}." if scope else ""
        found += _nodes(graphs, prefix, default_of)
        found += _wires(graphs, prefix)
    settings = [dict(_flat("", msgspec.to_builtins(document.training))) for document in documents]
    for key in dict.fromkeys(key for values in settings for key in values):
        found += _differing("training", key, [word(v[key]) if key in v else ABSENT for v in settings])
    return found


@dataclass(frozen=True)
class Marks:
    """What to mark in two drawings laid side by side: `removed` ones stand in the first, `added` in the second."""

    nodes: dict[str, str]
    """removed, added or changed, by the id of a node of the drawing itself."""
    wires: dict[EdgeKey, str]
    """removed or added."""


def marks(before: Document, after: Document, default_of: DefaultOf | None = None) -> Marks:
    """Nodes and wires of the drawings themselves that differ; an instance is changed when the inside of its block is."""
    nodes: dict[str, str] = {}
    insides: set[str] = set()
    for line in comparison((before, after), default_of):
        scope, _, name = line.place.rpartition(".")
        if scope:
            insides.add(scope)
        elif line.what.startswith(WIRE):
            continue
        elif line.what or ABSENT not in line.values:
            nodes.setdefault(name, "changed")
        else:
            nodes[name] = "added" if line.values[0] == ABSENT else "removed"
    insides = _containing(insides, (before, after))
    for graph in (before.graph, after.graph):
        nodes.update({n.id: "changed" for n in graph.nodes.values() if n.block in insides and n.id not in nodes})
    known = before.graph.nodes.keys() | after.graph.nodes.keys()
    old, new = before.graph.edges.keys(), after.graph.edges.keys()
    wires = {**dict.fromkeys(old - new, "removed"), **dict.fromkeys(new - old, "added")}
    return Marks({name: kind for name, kind in nodes.items() if name in known}, wires)


def _containing(changed: set[str], documents: Sequence[Document]) -> set[str]:
    """These blocks, and those that hold an instance of one of them, however deep."""
    found, size = set(changed), -1
    while size != len(found):
        size = len(found)
        found |= {scope for document in documents for scope, graph in document.scopes()
                  if scope and any(n.block in found for n in graph.nodes.values())}
    return found


def _graph(document: Document, scope: str) -> Graph:
    try:
        return document.scope(scope)
    except KeyError:
        return Graph()


def _differing(place: str, what: str, values: Sequence[str]) -> list[Difference]:
    return [Difference(place, what, tuple(values))] if len(set(values)) > 1 else []


def _nodes(graphs: Sequence[Graph], prefix: str, default_of: DefaultOf | None) -> Iterator[Difference]:
    names = dict.fromkeys(n.id for graph in graphs for n in graph.nodes.values() if n.type not in SILENT)
    for name in names:
        nodes = [graph.nodes.get(name) for graph in graphs]
        yield from _differing(prefix + name, "", [_kind(node) if node is not None else ABSENT for node in nodes])
        there = [node for node in nodes if node is not None]
        if len({node.type for node in there}) == 1:
            yield from _params(nodes, prefix + name, default_of)


def _kind(node: Node) -> str:
    """What a node is: type, block and weights name, and whether it is muted or frozen."""
    parts = [node.block or node.type, f"weights {node.weights}" if node.weights else ""]
    return ", ".join(filter(None, [*parts, "muted" if node.muted else "", "frozen" if node.frozen else ""]))


def _params(nodes: Sequence[Node | None], place: str, default_of: DefaultOf | None) -> Iterator[Difference]:
    for key in dict.fromkeys(key for node in nodes if node is not None for key in node.params):
        values = [ABSENT if node is None else word(_value(node, key, default_of)) for node in nodes]
        if len({v for v, node in zip(values, nodes, strict=True) if node is not None}) > 1:
            yield Difference(place, key, tuple(values))


def _value(node: Node, key: str, default_of: DefaultOf | None) -> Any:
    if key not in node.params and default_of is not None:
        with contextlib.suppress(KeyError, AttributeError):
            return default_of(node.type, key)
    return node.params.get(key, "default")


def _wires(graphs: Sequence[Graph], prefix: str) -> Iterator[Difference]:
    """Wires between nodes that every drawing has; those of other nodes are said by the nodes."""
    everywhere = set.intersection(*(set(graph.nodes) for graph in graphs)) if graphs else set()
    for key in dict.fromkeys(key for graph in graphs for key in graph.edges):
        source, source_port, target, target_port, _ = key
        if {source, target} <= everywhere:
            start = source if source_port == "out" else f"{source}.{source_port}"
            end = target if target_port == "in" else f"{target}.{target_port}"
            yield from _differing(f"{prefix}{start}", f"{WIRE}{end}",
                                  ["yes" if key in graph.edges else ABSENT for graph in graphs])


def _flat(prefix: str, values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Settings in settings become names with spaces: `schedule kind`."""
    for key, value in values.items():
        name = f"{prefix} {key}".strip()
        if isinstance(value, dict):
            yield from _flat(name, value)
        else:
            yield name, value
