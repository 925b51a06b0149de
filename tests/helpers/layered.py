"""Random documents whose drawings run through blocks inside blocks, and random verbs that fit them. A seed gives them back."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from graph_compiler.graph import blocks as verbs
from graph_compiler.graph.edits import Edit, EditRefused
from graph_compiler.graph.ids import fresh_id
from graph_compiler.graph.model import BlockDefinition, Document, Graph
from graph_compiler.graph.values import ROOT, BlockParameter, Edge, Json, Node

UNITS: list[Json] = [1, 2, {"=": "width"}, {"=": "width * 2 + depth"}, {"=": "nobody"}]
GIVEN: list[dict[str, Json]] = [{}, {"width": 3}, {"width": {"=": "depth+1"}, "depth": {"=": "width"}}]
PLACES = [n * 160.0 for n in range(-4, 5)]


def layered(rng: Random) -> Document:
    """A drawing over two definitions, one inside the other, with wires that run forward."""
    document = Document()
    for name, inner in (("leaf", []), ("outer", ["leaf"])):
        parameters = [BlockParameter(name=n, default=rng.randint(1, 3)) for n in ("width", "depth")]
        document.blocks[name] = BlockDefinition(_graph(rng, document, inner, ports=True), parameters, name)
    document.graph = _graph(rng, document, ["leaf", "outer"], ports=False)
    return document


def _graph(rng: Random, document: Document, inner: list[str], ports: bool) -> Graph:
    graph = Graph()
    heads = [Node(id=f"block_input_{n}", type="BlockInput", label=rng.choice(["", f"x{n}"]), params={"order": n})
             for n in range(rng.randint(1, 2) if ports else 0)]
    middle = [_node(rng, inner, number, ports) for number in range(rng.randint(2, 6))]
    tails = [Node(id=f"block_output_{n}", type="BlockOutput", label=rng.choice(["", f"y{n}"]))
             for n in range(rng.randint(1, 2) if ports else 0)]
    order = [*heads, *middle, *tails]
    for node in order:
        graph.put_node(node)
    for place, node in enumerate(order):
        if node.type != "BlockInput":
            _wire(rng, document, graph, order[:place], node)
    return graph


def _node(rng: Random, inner: list[str], number: int, expressions: bool) -> Node:
    kind = rng.choice(["Dense", "Dense", "Add", *inner, *inner])
    place: dict[str, Any] = {"x": rng.choice(PLACES), "y": rng.choice(PLACES), "frozen": rng.choice([False, False, True])}
    if kind in inner:
        return Node(id=f"{kind}_{number}", type="Block", block=kind, weights=rng.choice(["", "", "L"]), **place,
                    params=rng.choice(GIVEN if expressions else GIVEN[:2]))
    size: Json = rng.choice(UNITS if expressions else UNITS[:2])
    params = {"units": size} if kind == "Dense" else {"pool": [size, {"=": "depth"}] if expressions else [size, 2]}
    return Node(id=f"{kind.lower()}_{number}", type=kind, label=rng.choice(["", "named"]), params=params, **place)


def _wire(rng: Random, document: Document, graph: Graph, earlier: list[Node], node: Node) -> None:
    """Wires from earlier nodes into the ports of a node; some stay open."""
    sources = [n for n in earlier if n.type != "BlockOutput"]
    for port, index in _ports_in(document, node):
        source = rng.choice([None, *sources, *sources[-2:]])
        if source is not None:
            out = rng.choice(_ports_out(document, source))
            graph.put_edge(Edge(source=source.id, source_port=out, target=node.id, target_port=port, index=index))


def _ports_in(document: Document, node: Node) -> list[tuple[str, int]]:
    if node.block:
        return [(verbs.port_name(n), 0) for n in verbs.boundary(document.blocks[node.block], "BlockInput")]
    return [("in", 0), ("in", 1)] if node.type == "Add" else [("in", 0)]


def _ports_out(document: Document, node: Node) -> list[str]:
    if node.block:
        return [verbs.port_name(n) for n in verbs.boundary(document.blocks[node.block], "BlockOutput")] or ["out"]
    return ["out", "h"] if node.type == "Dense" else ["out"]


def same_meaning(rng: Random, document: Document) -> Edit | None:
    """A verb that cuts the drawing another way or renames something; None when it is refused here."""
    scope = rng.choice([name for name, _ in document.scopes()])
    makers = [_group, _unpack, _unpack, _rename_block, _rename_port, _reorder, _rename_parameter, _expose, _clear]
    return _tried(rng.choice(makers), rng, document, scope)


def any_verb(rng: Random, document: Document) -> Edit | None:
    """Any verb of blocks; None when it is refused here."""
    scope = rng.choice([name for name, _ in document.scopes()])
    makers = [_group, _unpack, _rename_block, _rename_port, _reorder, _rename_parameter, _expose, _clear, _again, _repeat,
              _place, _add_port, _remove_port, _insert]
    return _tried(rng.choice(makers), rng, document, scope)


def _tried(maker: Callable[[Random, Document, str], Edit | None], rng: Random, document: Document, scope: str) -> Edit | None:
    try:
        return maker(rng, document, scope)
    except EditRefused:
        return None


def _group(rng: Random, document: Document, scope: str) -> Edit | None:
    ids = sorted(document.scope(scope).nodes)
    chosen = rng.sample(ids, rng.randint(1, min(4, len(ids)))) if ids else []
    return verbs.group(document, scope, chosen, fresh_id("made", document.blocks))


def _instance(rng: Random, document: Document, scope: str) -> str:
    found = sorted(n.id for n in document.scope(scope).nodes.values() if n.block)
    return rng.choice(found) if found else ""


def _block(rng: Random, document: Document) -> str:
    return rng.choice(sorted(document.blocks)) if document.blocks else ""


def _unpack(rng: Random, document: Document, scope: str) -> Edit | None:
    return verbs.unpack(document, scope, _instance(rng, document, scope), drop=rng.random() < 0.5)


def _rename_block(rng: Random, document: Document, scope: str) -> Edit | None:
    return verbs.rename_block(document, _block(rng, document), fresh_id("renamed", document.blocks))


def _port(rng: Random, document: Document, block: str) -> str:
    found = sorted(n.id for n in document.blocks[block].graph.nodes.values() if n.type in ("BlockInput", "BlockOutput"))
    return rng.choice(found) if found else ""


def _rename_port(rng: Random, document: Document, scope: str) -> Edit | None:
    block = _block(rng, document)
    return verbs.rename_port(document, block, _port(rng, document, block), rng.choice("pqrs")) if block else None


def _reorder(rng: Random, document: Document, scope: str) -> Edit | None:
    block = _block(rng, document)
    return verbs.reorder_port(document, block, _port(rng, document, block), rng.randint(0, 2)) if block else None


def _rename_parameter(rng: Random, document: Document, scope: str) -> Edit | None:
    block = _block(rng, document)
    declared = document.blocks[block].parameters if block else ()
    if not declared:
        return None
    chosen, new = rng.choice(declared), rng.choice("klmn")
    if any(p.name == new for p in declared):
        return None
    fresh = [BlockParameter(name=new, kind=p.kind, default=p.default) if p is chosen else p for p in declared]
    return verbs.set_parameters(document, block, fresh, {chosen.name: new})


def _expose(rng: Random, document: Document, scope: str) -> Edit | None:
    if scope == ROOT:
        return None
    ids = sorted(n.id for n in document.scope(scope).nodes.values() if "units" in n.params)
    node = rng.choice(ids) if ids else ""
    return verbs.expose(document, scope, node, "units", rng.choice(["units", "other"]))


def _clear(rng: Random, document: Document, scope: str) -> Edit | None:
    return verbs.delete_unused_blocks(document)


def _again(rng: Random, document: Document, scope: str) -> Edit | None:
    return verbs.place_again(document, scope, _instance(rng, document, scope), rng.random() < 0.5, 8.0, 16.0)


def _repeat(rng: Random, document: Document, scope: str) -> Edit | None:
    return verbs.repeat(document, scope, _instance(rng, document, scope), rng.randint(2, 3))


def _place(rng: Random, document: Document, scope: str) -> Edit | None:
    return verbs.place(document, scope, _block(rng, document), 0.0, 0.0)


def _add_port(rng: Random, document: Document, scope: str) -> Edit | None:
    return verbs.add_port(document, _block(rng, document), rng.choice(["in", "out"]), rng.choice("ab"))


def _remove_port(rng: Random, document: Document, scope: str) -> Edit | None:
    block = _block(rng, document)
    return verbs.remove_port(document, block, _port(rng, document, block)) if block else None


def _insert(rng: Random, document: Document, scope: str) -> Edit | None:
    other = layered(rng)
    return verbs.insert_block(document, other, rng.choice(["leaf", "outer"]))[0]
