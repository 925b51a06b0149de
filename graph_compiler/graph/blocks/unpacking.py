"""Put what is inside an instance in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from graph_compiler.graph.blocks.grouping import End, middle
from graph_compiler.graph.blocks.inside import BOUNDARY, EACH_STEP, INPUT, OUTPUT, boundary, instance_of, instances, port_name
from graph_compiler.graph.blocks.names import fresh_weights, weights_of
from graph_compiler.graph.edit import Edit, EditRefused, graph_of
from graph_compiler.graph.edits import AddNode, Batch, Connect, RemoveBlock, RemoveNode, SetParam
from graph_compiler.graph.ids import fresh_id
from graph_compiler.graph.model import BlockDefinition, Document, Graph
from graph_compiler.graph.substitution import substituted
from graph_compiler.graph.values import Edge, Json, Node

_Outside = Callable[[End], End | None]
"""The end outside that an inner end becomes; None when nothing feeds it."""


def unpack(document: Document, scope: str, node_id: str, drop: bool = False, own: bool = False) -> Edit:
    """Replace an instance by the nodes of its block; the wires that ended at its ports go on to what lies behind them.

    Ids that are taken become fresh ones. Expressions get the values of the instance's parameters. A frozen instance leaves
    frozen nodes. With `drop` the definition goes too when this was its last instance. An instance that shares its weights is
    refused, unless `own` says that its nodes shall have their own. EditRefused says why not.
    """
    node, block = instance_of(document, scope, node_id)
    graph = graph_of(document, scope)
    _refuse(graph, node, own)
    fresh = _moved(graph, node, block)
    edits: list[Edit] = [RemoveNode(node_id, scope)]
    edits += [AddNode(one, scope) for one in fresh.values()]
    edits += [Connect(edge, scope) for edge in _wires(graph, node, block, fresh)]
    edits += _trainees(graph, scope, node_id, [n.id for n in fresh.values()])
    if drop and sum(1 for _ in instances(document, node.block)) == 1:
        edits.append(RemoveBlock(node.block))
    return Batch(tuple(edits), f"unpack {node_id}")


def twins(graph: Graph, node: Node) -> list[Node]:
    """The other instances that an instance shares its weights with."""
    key = (node.block, node.weights)
    return [n for n in graph.nodes.values() if (n.block, n.weights) == key and n.id != node.id] if node.weights else []


def _refuse(graph: Graph, node: Node, own: bool) -> None:
    if node.type == EACH_STEP:
        raise EditRefused(f"{node.name} ({node.id}) works at every step, which its nodes by themselves would not.")
    if node.muted:
        raise EditRefused(f"{node.name} ({node.id}) is muted. Unmute it first.")
    if not own and (others := twins(graph, node)):
        raise EditRefused(f"{node.name} ({node.id}) shares its weights with {others[0].id}, which single nodes cannot. "
                          "Set its Weights to “own” in the inspector first.")


def _moved(graph: Graph, node: Node, block: BlockDefinition) -> dict[str, Node]:
    """The inner nodes as they will stand outside, by their id inside."""
    inside = [n for n in block.graph.nodes.values() if n.type not in BOUNDARY]
    if not inside:
        return {}
    x, y = middle(inside)
    values = {p.name: node.params.get(p.name, p.default) for p in block.parameters}
    names, weights = _fresh_ids(graph, node, inside), _fresh_weights(graph, inside)
    return {n.id: replace(n, id=names[n.id], x=n.x + (node.x - x), y=n.y + (node.y - y), frozen=n.frozen or node.frozen,
                          weights=weights.get((n.block, n.weights), ""), params=_computed(n.params, values))
            for n in inside}


def _computed(params: Mapping[str, Json], values: Mapping[str, Json]) -> dict[str, Json]:
    return {name: substituted(value, values) for name, value in params.items()}


def _fresh_ids(graph: Graph, node: Node, inside: list[Node]) -> dict[str, str]:
    outside = graph.nodes.keys() - {node.id}
    names = {n.id: n.id for n in inside if n.id not in outside}
    taken = {*outside, *names}
    for inner in inside:
        if inner.id not in names:
            names[inner.id] = fresh_id(inner.block or inner.type, taken)
            taken.add(names[inner.id])
    return names


def _fresh_weights(graph: Graph, inside: list[Node]) -> dict[tuple[str, str], str]:
    """Weights names of inner instances; one that is taken outside becomes another, so that nothing is shared by accident."""
    pairs = {(n.block, n.weights) for n in graph.nodes.values()}
    taken = weights_of(graph) | {n.weights for n in inside}
    names: dict[tuple[str, str], str] = {}
    for pair in dict.fromkeys((n.block, n.weights) for n in inside if n.weights):
        names[pair] = fresh_weights(pair[0], taken) if pair in pairs else pair[1]
        taken.add(names[pair])
    return names


def _wires(graph: Graph, node: Node, block: BlockDefinition, fresh: dict[str, Node]) -> list[Edge]:
    """Inner wires, and those outside that ended at the instance, from end to end."""
    feeds: dict[str, End] = {}
    for edge in graph.into(node.id):
        if edge.source != node.id:
            feeds.setdefault(edge.target_port, (edge.source, edge.source_port))
    heads = {n.id: feeds.get(port_name(n)) for n in boundary(block, INPUT)}

    def outside(end: End) -> End | None:
        return heads[end[0]] if end[0] in heads else (fresh[end[0]].id, end[1]) if end[0] in fresh else None

    found = []
    for edge in block.graph.edges.values():
        end = outside((edge.source, edge.source_port))
        if end is not None and edge.target in fresh:
            points = _shifted(edge, block, fresh) if edge.source in fresh else ()
            found.append(replace(edge, source=end[0], source_port=end[1], target=fresh[edge.target].id, points=points))
    return found + _leaving(graph, node, block, outside)


def _shifted(edge: Edge, block: BlockDefinition, fresh: dict[str, Node]) -> tuple[tuple[float, float], ...]:
    old, new = block.graph.nodes[edge.source], fresh[edge.source]
    return tuple((x + (new.x - old.x), y + (new.y - old.y)) for x, y in edge.points)


def _leaving(graph: Graph, node: Node, block: BlockDefinition, outside: _Outside) -> list[Edge]:
    """Wires from the instance's outputs, from the inner ends that gave them."""
    ends: dict[str, End] = {}
    for tail in boundary(block, OUTPUT):
        for edge in block.graph.into(tail.id)[:1]:
            if (end := outside((edge.source, edge.source_port))) is not None:
                ends.setdefault(port_name(tail), end)
    return [replace(edge, source=ends[edge.source_port][0], source_port=ends[edge.source_port][1], points=())
            for edge in graph.out_of(node.id) if edge.source_port in ends and edge.target != node.id]


def _trainees(graph: Graph, scope: str, instance: str, ids: list[str]) -> list[Edit]:
    """Objectives that name the instance as what they train name its nodes instead."""
    edits: list[Edit] = []
    for node in graph.nodes.values():
        named = node.params.get("trains")
        if isinstance(named, list) and instance in named:
            fresh = [one for n in named for one in (ids if n == instance else [n])]
            edits.append(SetParam(node.id, "trains", fresh, scope))
    return edits
