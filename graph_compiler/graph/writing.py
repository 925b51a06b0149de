"""A document as bytes: UTF-8 JSON with sorted keys, one node and one wire a line, nothing that equals its default."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

from graph_compiler.graph.model import FORMAT, BlockDefinition, Document, Graph
from graph_compiler.graph.values import Edge, Json, Node


def dumps(document: Document) -> bytes:
    """The file of this document. The same document always gives the same bytes."""
    parts = [f'"format": {FORMAT}']
    if document.about:
        parts.append(f'"about": {_pretty(document.about)}')
    if training := lean(document.training):
        parts.append(f'"training": {_pretty(training)}')
    parts.extend(_graph(document.graph))
    if document.blocks:
        blocks = ",\n".join(f"{_line(name)}: {_block(document.blocks[name])}" for name in sorted(document.blocks))
        parts.append('"blocks": {\n' + blocks + "\n}")
    parts.extend(f"{_line(key)}: {_line(document.extra[key])}" for key in sorted(document.extra))
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def snapshot(document: Document) -> Document:
    """The document as it is now, for `dumps` in another thread: values shared, without what leads from node to wire."""
    blocks = {name: BlockDefinition(_still(b.graph), b.parameters, b.summary) for name, b in document.blocks.items()}
    for name, block in document.blocks.items():
        blocks[name].extra = dict(block.extra)
    still = Document(_still(document.graph), blocks, document.training)
    still.about, still.extra = dict(document.about), dict(document.extra)
    return still


def _still(graph: Graph) -> Graph:
    still = Graph()
    still.nodes, still.edges = dict(graph.nodes), dict(graph.edges)
    return still


def node_json(node: Node) -> dict[str, Json]:
    """A node as it stands in a file."""
    out: dict[str, Json] = {"id": node.id, "type": node.type, **lean(node)}
    for axis in ("x", "y"):
        if axis in out:
            out[axis] = _short(out[axis])
    return out


def edge_json(edge: Edge) -> dict[str, Json]:
    """A wire as it stands in a file: `{"from": [node, port], "to": [node, port]}`, index and points where they matter."""
    out: dict[str, Json] = {"from": [edge.source, edge.source_port], "to": [edge.target, edge.target_port]}
    if edge.index:
        out["index"] = edge.index
    if edge.points:
        out["points"] = [[_short(x), _short(y)] for x, y in edge.points]
    return {**out, **_sorted(edge.extra)}


def lean(value: msgspec.Struct) -> dict[str, Json]:
    """The fields of a struct that differ from their defaults, then the unknown keys it came with, in alphabetical order."""
    out: dict[str, Json] = {}
    for name, default, decimal in _fields(type(value)):
        current = getattr(value, name)
        if decimal and isinstance(current, int):
            current = float(current)
        if current != default or type(current) is not type(default):
            out[name] = _jsonable(current)
    return {**_sorted(getattr(value, "extra", {})), **out}


@cache
def _fields(cls: type[msgspec.Struct]) -> tuple[tuple[str, Any, bool], ...]:
    """Fields that have a default, the default, and whether they are decimal numbers."""
    return tuple((f.name, f.default if f.default is not msgspec.NODEFAULT else f.default_factory(), f.type is float)
                 for f in msgspec.structs.fields(cls) if not f.required and f.name != "extra")


def _jsonable(value: Any) -> Json:
    if isinstance(value, msgspec.Struct):
        return lean(value)
    if isinstance(value, dict):
        return {key: _jsonable(value[key]) for key in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [_jsonable(part) for part in value]
    return value


def _sorted(values: dict[str, Json]) -> dict[str, Json]:
    return {key: values[key] for key in sorted(values)}


def _short(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _graph(graph: Graph) -> Iterable[str]:
    yield _rows("nodes", [_line(node_json(node), keep_order=True) for node in graph.nodes.values()])
    yield _rows("edges", [_line(edge_json(graph.edges[key]), keep_order=True) for key in sorted(graph.edges)])


def _block(block: BlockDefinition) -> str:
    parts = [f'"summary": {_line(block.summary)}'] if block.summary else []
    if block.parameters:
        parts.append(_rows("parameters", [_line({"name": p.name, **lean(p)}, keep_order=True) for p in block.parameters]))
    parts.extend(_graph(block.graph))
    parts.extend(f"{_line(key)}: {_line(block.extra[key])}" for key in sorted(block.extra))
    return "{\n" + ",\n".join(parts) + "\n}"


def _rows(name: str, lines: list[str]) -> str:
    return f'"{name}": [' + ("\n  " + ",\n  ".join(lines) + "\n" if lines else "") + "]"


def _pretty(values: dict[str, Json]) -> str:
    return "{\n  " + ",\n  ".join(f"{_line(key)}: {_line(values[key])}" for key in sorted(values)) + "\n}"


def _line(value: Json, keep_order: bool = False) -> str:
    """JSON on one line. `keep_order` keeps the order of the outermost keys (id and type come first)."""
    if keep_order and isinstance(value, dict):
        return "{" + ", ".join(f"{_line(key)}: {_line(part)}" for key, part in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True)
