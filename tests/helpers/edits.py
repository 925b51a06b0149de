"""Hypothesis strategies for edits that fit the document as it stands, and for some that do not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from hypothesis import strategies as st

from graph_compiler.graph.edits import (
    UNSET,
    AddBlock,
    AddNode,
    Batch,
    Connect,
    Disconnect,
    Edit,
    Move,
    RemoveBlock,
    RemoveNode,
    ReplaceNode,
    Resize,
    RouteEdge,
    SetAbout,
    SetBlockParameters,
    SetBlockSummary,
    SetField,
    SetParam,
    SetTraining,
)
from graph_compiler.graph.ids import fresh_id
from graph_compiler.graph.model import BlockDefinition, Document, Graph
from graph_compiler.graph.values import BlockParameter, Edge, Json, Node
from tests.helpers.layered import any_verb

Draw = Callable[[st.SearchStrategy[Any]], Any]

TYPES = ("Dense", "Conv2D", "Add", "Loss", "MNIST", "FromTheFuture")
PORTS = ("in", "out", "prediction", "target", "image")
PLACES = st.sampled_from([0.0, 8.0, 16.5, -120.25])
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(-2, 2), st.sampled_from(["", "relu", "ü “quoted”\n"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)),
    max_leaves=5)


class Palette:
    """What may be drawn: types, and values for a parameter of a type."""

    def __init__(self, types: Sequence[str] = TYPES,
                 params: Callable[[Document, str], dict[str, st.SearchStrategy[Json]]] | None = None) -> None:
        self.types = types
        self._params = params

    def params(self, document: Document, type_name: str) -> dict[str, st.SearchStrategy[Json]]:
        """Parameter names with strategies for their values."""
        return self._params(document, type_name) if self._params else dict.fromkeys(("units", "padding", "x"), VALUES)


def valid_edit(draw: Draw, document: Document, palette: Palette, depth: int = 0) -> Edit:
    """An edit the document accepts now."""
    scope = draw(st.sampled_from([name for name, _ in document.scopes()]))
    graph = document.scope(scope)
    makers = [_add]
    if graph.nodes:
        makers += [_remove, _set_param, _set_param, _set_field, _move, _connect, _connect, _replace]
    if graph.edges:
        makers += [_disconnect, _route]
    makers += [_outside, _verb] + ([_batch] if depth == 0 else [])
    return draw(st.sampled_from(makers))(draw, document, scope, graph, palette)


def _add(draw: Draw, document: Document, scope: str, graph: Graph, palette: Palette) -> Edit:
    type_name = draw(st.sampled_from(palette.types))
    extra = draw(st.sampled_from([{}, {}, {"later": [1]}]))
    node = Node(id=fresh_id(type_name, graph.nodes), type=type_name, x=draw(PLACES), y=draw(PLACES), extra=extra)
    return AddNode(node, scope)


def _node(draw: Draw, graph: Graph) -> Node:
    return graph.nodes[draw(st.sampled_from(sorted(graph.nodes)))]


def _remove(draw: Draw, document: Document, scope: str, graph: Graph, palette: Palette) -> Edit:
    return RemoveNode(_node(draw, graph).id, scope)


def _set_param(draw: Draw, document: Document, scope: str, graph: Graph, palette: Palette) -> Edit:
    node = _node(draw, graph)
    choices = palette.params(document, node.type)
    if not choices:
        return SetField(node.id, "muted", not node.muted, scope)
    name = draw(st.sampled_from(sorted(choices)))
    return SetParam(node.id, name, draw(st.one_of(choices[name], st.just(UNSET))), scope)


def _set_field(draw: Draw, document: Document, scope: str, graph: Graph, palette: Palette) -> Edit:
    node = _node(draw, graph)
    name = draw(st.sampled_from(["label", "muted", "frozen", "weights"]))
    value = draw(st.booleans()) if name in ("muted", "frozen") else draw(st.sampled_from(["", "D", "a longer label"]))
    return SetField(node.id, name, value, scope)


def _replace(draw: Draw, document: Document, scope: str, graph: Graph, palette: Palette) -> Edit:
    node = _node(draw, graph)
    return ReplaceNode(Node(id=node.id, type=draw(st.sampled_from(palette.types)), x=node.x, y=node.y), scope)


def _move(draw: Draw, document: Document, scope: str, graph: Graph, palette: Palette) -> Edit:
    chosen = draw(st.lists(st.sampled_from(sorted(graph.nodes)), min_size=1, max_size=3, unique=True))
    if len(chosen) == 1 and draw(st.booleans()):
        sides = st.sampled_from([None, 0, 48, 400])
        return Resize(chosen[0], (draw(PLACES), draw(PLACES)), (draw(sides), draw(sides)), scope)
    points = st.tuples(st.tuples(PLACES, PLACES))
    bends = {e.key: draw(points) for n in chosen for e in graph.out_of(n) if e.target in chosen}
    return Move({n: (draw(PLACES), draw(PLACES)) for n in chosen}, scope, bends=bends)


def _connect(draw: Draw, document: Document, scope: str, graph: Graph, palette: Palette) -> Edit:
    source, target = _node(draw, graph).id, _node(draw, graph).id
    port = draw(st.sampled_from(PORTS))
    index = graph.next_index(target, port)
    out = draw(st.sampled_from(PORTS))
    return Connect(Edge(source=source, source_port=out, target=target, target_port=port, index=index), scope)


def _edge(draw: Draw, graph: Graph) -> Edge:
    return graph.edges[draw(st.sampled_from(sorted(graph.edges)))]


def _disconnect(draw: Draw, document: Document, scope: str, graph: Graph, palette: Palette) -> Edit:
    return Disconnect(_edge(draw, graph).key, scope)


def _route(draw: Draw, document: Document, scope: str, graph: Graph, palette: Palette) -> Edit:
    return RouteEdge(_edge(draw, graph).key, tuple(draw(st.lists(st.tuples(PLACES, PLACES), max_size=3))), scope)


def _outside(draw: Draw, document: Document, scope: str, graph: Graph, palette: Palette) -> Edit:
    """Training, texts and block definitions."""
    name = fresh_id("block", document.blocks)
    edits: list[Edit] = [
        SetTraining("epochs", draw(st.integers(1, 9))), SetTraining("l2", draw(st.sampled_from([0, 0.5]))),
        SetTraining("early_stopping", draw(st.sampled_from([None, {"patience": 2}]))),
        SetAbout("title", draw(st.sampled_from(["A", "B", UNSET]))),
        AddBlock(name, BlockDefinition(Graph([Node(id="in_1", type="BlockInput")]), [BlockParameter(name="filters")], "twice"))]
    for block in document.blocks:
        rate = BlockParameter(name="rate", kind="float", default=draw(st.sampled_from([0, 0.5])))
        edits += [SetBlockParameters(block, (rate,)), SetBlockSummary(block, draw(st.sampled_from(["", "what it does"])))]
        if not any(n.block == block for _, g in document.scopes() for n in g.nodes.values()):
            edits.append(RemoveBlock(block))
    return draw(st.sampled_from(edits))


def _verb(draw: Draw, document: Document, scope: str, graph: Graph, palette: Palette) -> Edit:
    """A verb of blocks, or a new node where it is refused."""
    return any_verb(Random(draw(st.integers(0, 999))), document) or _add(draw, document, scope, graph, palette)


def _batch(draw: Draw, document: Document, scope: str, graph: Graph, palette: Palette) -> Edit:
    """A few edits, each valid after those before it."""
    twin, parts = document.copy(), []
    for _ in range(draw(st.integers(1, 4))):
        parts.append(valid_edit(draw, twin, palette, depth=1))
        parts[-1].apply(twin)
    return Batch(tuple(parts), "several")


def bad_edit(draw: Draw, document: Document) -> Edit:
    """An edit that must be refused."""
    scope = draw(st.sampled_from([name for name, _ in document.scopes()]))
    graph = document.scope(scope)
    edits: list[Edit] = [
        RemoveNode("nobody", scope), SetParam("nobody", "units", 1, scope), Move({"nobody": (0, 0)}, scope),
        Disconnect(("a", "out", "b", "in", 0), scope), AddNode(Node(id="a/b", type="Dense"), scope), RemoveBlock("none"),
        SetParam("x", "y", 1, "no-scope"),
        AddNode(Node(id="", type="Dense"), scope), SetTraining("epochs", "many"), SetTraining("nothing", 1),
        SetTraining("l1", float("nan")), SetAbout("title", {1: 2}), AddBlock("a.b", BlockDefinition()),
        Connect(Edge(source="nobody", source_port="out", target="nobody", target_port="in"), scope)]
    for node in graph.nodes.values():
        edits += [AddNode(node, scope), SetParam(node.id, "units", float("inf"), scope), SetField(node.id, "muted", 1, scope),
                  SetField(node.id, "id", "other", scope), Move({node.id: (0.0, 1.0), "nobody": (0, 0)}, scope),
                  Move({node.id: (float("nan"), 0.0)}, scope), SetParam(node.id, "units", object(), scope)]
    edits += [Connect(edge, scope) for edge in graph.edges.values()]
    edits += [AddBlock(name, BlockDefinition()) for name in document.blocks]
    return draw(st.sampled_from(edits))
