"""Instances: place a block, place one again, repeat one in a chain."""

from __future__ import annotations

from msgspec.structs import replace

from graph_compiler.graph.blocks.inside import (
    INPUT,
    INSTANCE,
    OUTPUT,
    boundary,
    definition_of,
    instance_of,
    port_name,
    refuse_recursion,
)
from graph_compiler.graph.blocks.names import fresh_weights, weights_of
from graph_compiler.graph.edit import Edit, EditRefused, graph_of
from graph_compiler.graph.edits import AddNode, Batch, Connect, Disconnect, Move, SetField
from graph_compiler.graph.ids import fresh_id
from graph_compiler.graph.model import Document, Graph
from graph_compiler.graph.values import Edge, Node

STRIDE = 240.0
"""From one repeated instance to the next, px."""
MOST = 100
"""Instances that one `repeat` may make."""


def place(document: Document, scope: str, block: str, x: float, y: float) -> Edit:
    """A first or further instance of a definition, with weights of its own."""
    definition_of(document, block)
    refuse_recursion(document, scope, block)
    node_id = fresh_id(block, graph_of(document, scope).nodes)
    return Batch((AddNode(Node(id=node_id, type=INSTANCE, block=block, x=x, y=y), scope),), f"place {block}")


def place_again(document: Document, scope: str, node_id: str, shared: bool, x: float, y: float) -> Edit:
    """A second instance with the same parameter values, without wires.

    `shared` gives both one weights name (a fresh one such as `D` when the first has none); else the new one has
    weights of its own.
    """
    node, _ = instance_of(document, scope, node_id)
    graph = graph_of(document, scope)
    edits: list[Edit] = []
    weights = node.weights if shared else ""
    if shared and not weights:
        weights = fresh_weights(node.block, weights_of(graph))
        edits.append(SetField(node_id, "weights", weights, scope))
    twin = Node(id=fresh_id(node.block, graph.nodes), type=node.type, block=node.block, weights=weights,
                params=dict(node.params), frozen=node.frozen, x=x, y=y)
    edits.append(AddNode(twin, scope))
    return Batch(tuple(edits), f"place {node.block} again{', shared' if shared else ''}")


def repeat(document: Document, scope: str, node_id: str, count: int) -> Edit:
    """`count` instances in a chain in place of one, first output to first input, each with its own weights.

    What left the one leaves the last. Further inputs of each come from where those of the one come from. Nodes further on
    make room.
    """
    node, block = instance_of(document, scope, node_id)
    graph = graph_of(document, scope)
    ins, outs = boundary(block, INPUT), boundary(block, OUTPUT)
    if not 2 <= count <= MOST:
        raise EditRefused(f"A block can be repeated 2 to {MOST} times.")
    if not ins or not outs:
        raise EditRefused(f"{node.name} needs an input and an output to stand in a chain.")
    copies = _copies(graph, node, count - 1)
    edits: list[Edit] = [AddNode(copy, scope) for copy in copies]
    leaving = [edge for edge in graph.out_of(node_id) if edge.target != node_id]
    edits += [Disconnect(edge.key, scope) for edge in leaving]
    before = node_id
    for copy in copies:
        link = Edge(source=before, source_port=port_name(outs[0]), target=copy.id, target_port=port_name(ins[0]))
        aside = [replace(edge, target=copy.id, points=()) for edge in graph.into(node_id)
                 if edge.target_port != port_name(ins[0]) and edge.source != node_id]
        edits += [Connect(edge, scope) for edge in (link, *aside)]
        before = copy.id
    edits += [Connect(replace(edge, source=before, points=()), scope) for edge in leaving]
    edits += _room(graph, node, scope, (count - 1) * STRIDE)
    return Batch(tuple(edits), f"repeat {node.name} × {count}")


def _copies(graph: Graph, node: Node, count: int) -> list[Node]:
    taken, found = set(graph.nodes), []
    for number in range(1, count + 1):
        node_id = fresh_id(node.block, taken)
        taken.add(node_id)
        found.append(replace(node, id=node_id, label="", weights="", x=node.x + number * STRIDE, params=dict(node.params)))
    return found


def _room(graph: Graph, node: Node, scope: str, width: float) -> list[Edit]:
    """Move what lies behind a node to the right, as far as it stands right of it."""
    seen, todo = {node.id}, [node.id]
    while todo:
        for target in graph.successors(todo.pop()):
            if target not in seen:
                seen.add(target)
                todo.append(target)
    behind = {n: graph.nodes[n] for n in seen - {node.id}}
    positions = {n: (one.x + width, one.y) for n, one in sorted(behind.items()) if one.x > node.x}
    return [Move(positions, scope)] if positions else []
