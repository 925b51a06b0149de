"""The ports of a block: add, remove, rename, reorder; the wires of all instances follow."""

from __future__ import annotations

from msgspec.structs import replace

from graph_compiler.graph.blocks.grouping import APART, BESIDE
from graph_compiler.graph.blocks.inside import BOUNDARY, INPUT, OUTPUT, boundary, definition_of, instances, port_name
from graph_compiler.graph.blocks.names import sound_port_name
from graph_compiler.graph.edit import UNSET, Edit, EditRefused
from graph_compiler.graph.edits import AddNode, Batch, Connect, Disconnect, RemoveNode, SetField, SetParam
from graph_compiler.graph.ids import fresh_id
from graph_compiler.graph.model import BlockDefinition, Document
from graph_compiler.graph.values import Edge, Node

KINDS = {"in": INPUT, "out": OUTPUT}


def add_port(document: Document, block: str, side: str, name: str, place: tuple[float, float] | None = None) -> Edit:
    """A further port at the end of one `side` (`in` or `out`); `place` is where its node stands inside."""
    definition = definition_of(document, block)
    kind = KINDS[side]
    others = boundary(definition, kind)
    name = sound_port_name(name, map(port_name, others))
    x, y = place or _beside(definition, kind)
    order = _order(others[-1]) + 1 if others else 0
    node = Node(id=fresh_id(kind, definition.graph.nodes), type=kind, label=name, x=x, y=y,
                params={"order": order} if order else {})
    return Batch((AddNode(node, block),), f"add port {name} to {block}")


def remove_port(document: Document, block: str, boundary_id: str) -> Edit:
    """Take a port away, with the wires that end at it inside and at every instance."""
    node = _port(document, block, boundary_id)
    edits: list[Edit] = [Disconnect(edge.key, scope) for scope, edge in _wires(document, block, node)]
    return Batch((*edits, RemoveNode(boundary_id, block)), f"remove port {port_name(node)} of {block}")


def rename_port(document: Document, block: str, boundary_id: str, new: str) -> Edit:
    """Give a port another name; wires at every instance in every graph follow."""
    node = _port(document, block, boundary_id)
    others = [n for n in boundary(document.blocks[block], node.type) if n.id != boundary_id]
    new = sound_port_name(new, map(port_name, others))
    edits: list[Edit] = [SetField(boundary_id, "label", new, block)]
    end = "target_port" if node.type == INPUT else "source_port"
    wires = _wires(document, block, node)
    edits += [Disconnect(edge.key, scope) for scope, edge in wires]
    edits += [Connect(replace(edge, **{end: new}), scope) for scope, edge in wires]
    return Batch(tuple(edits), f"rename port {port_name(node)} to {new}")


def reorder_port(document: Document, block: str, boundary_id: str, place: int) -> Edit:
    """Put a port at a place (from 0) among those of its side."""
    node = _port(document, block, boundary_id)
    ports = [n for n in boundary(document.blocks[block], node.type) if n.id != boundary_id]
    ports.insert(max(0, min(place, len(ports))), node)
    edits = [SetParam(n.id, "order", order or UNSET, block) for order, n in enumerate(ports)
             if n.params.get("order", 0) != order]
    return Batch(tuple(edits), f"move port {port_name(node)} of {block}")


def _port(document: Document, block: str, boundary_id: str) -> Node:
    node = definition_of(document, block).graph.nodes.get(boundary_id)
    if node is None or node.type not in BOUNDARY:
        raise EditRefused(f"The block “{block}” has no port “{boundary_id}”.")
    return node


def _order(node: Node) -> int:
    order = node.params.get("order", 0)
    return order if isinstance(order, int) else 0


def _beside(definition: BlockDefinition, kind: str) -> tuple[float, float]:
    """Below the other ports of a side, or beside everything inside."""
    others = boundary(definition, kind)
    if others:
        return max(n.x for n in others), max(n.y for n in others) + APART
    inside = [n for n in definition.graph.nodes.values() if n.type not in BOUNDARY]
    if not inside:
        return (0.0, 0.0) if kind == INPUT else (2 * BESIDE, 0.0)
    x = min(n.x for n in inside) - BESIDE if kind == INPUT else max(n.x for n in inside) + BESIDE
    return x, min(n.y for n in inside)


def _wires(document: Document, block: str, node: Node) -> list[tuple[str, Edge]]:
    """Every wire at a port of any instance, each once, with its scope."""
    name, found = port_name(node), dict[tuple[str, object], tuple[str, Edge]]()
    for scope, instance in instances(document, block):
        graph = document.scope(scope)
        wires = graph.into_port(instance.id, name) if node.type == INPUT else [
            edge for edge in graph.out_of(instance.id) if edge.source_port == name]
        found.update(((scope, edge.key), (scope, edge)) for edge in wires)
    return list(found.values())
