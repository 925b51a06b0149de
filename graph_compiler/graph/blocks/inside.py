"""Looking at blocks: the ports of a definition, its instances, and which definitions stand in which."""

from __future__ import annotations

from collections.abc import Iterator

from graph_compiler.graph.edit import EditRefused, node_of
from graph_compiler.graph.model import BlockDefinition, Document
from graph_compiler.graph.values import ROOT, Node

INPUT, OUTPUT, INSTANCE = "BlockInput", "BlockOutput", "Block"
BOUNDARY = frozenset({INPUT, OUTPUT})
EACH_STEP = "TimeDistributedBlock"
"""An instance that works at every step of a series (Keras's TimeDistributed around a block)."""


def boundary(block: BlockDefinition, type_name: str) -> list[Node]:
    """The `BlockInput` or `BlockOutput` nodes of a definition in port order."""
    nodes = [n for n in block.graph.nodes.values() if n.type == type_name]
    return sorted(nodes, key=lambda n: (_order(n), n.id))


def _order(node: Node) -> float:
    order = node.params.get("order", 0)
    return order if isinstance(order, (int, float)) else 0


def port_name(node: Node) -> str:
    """The name of the port a boundary node makes."""
    return node.label or node.id


def definition_of(document: Document, name: str) -> BlockDefinition:
    """The definition of that name, or a refusal."""
    block = document.blocks.get(name)
    if block is None:
        raise EditRefused(f"There is no block named “{name}”.")
    return block


def instance_of(document: Document, scope: str, node_id: str) -> tuple[Node, BlockDefinition]:
    """An instance and its definition, or a refusal."""
    node = node_of(document, scope, node_id)
    if not node.block:
        raise EditRefused(f"{node.name} is not a block. Make a block of it first.")
    return node, definition_of(document, node.block)


def instances(document: Document, name: str) -> Iterator[tuple[str, Node]]:
    """Every instance of a block with the scope it stands in."""
    for scope, graph in document.scopes():
        for node in graph.nodes.values():
            if node.block == name:
                yield scope, node


def needed(document: Document, names: list[str]) -> list[str]:
    """The blocks of these names and all that stand inside them; those that stand in others come first."""
    found: list[str] = []
    seen: set[str] = set()
    todo = [(name, False) for name in reversed(names)]
    while todo:
        name, done = todo.pop()
        if done:
            found.append(name)
        elif name not in seen and name in document.blocks:
            seen.add(name)
            todo.append((name, True))
            todo.extend((node.block, False) for node in document.blocks[name].graph.nodes.values() if node.block)
    return found


def refuse_recursion(document: Document, scope: str, name: str) -> None:
    """Refuse a block that would stand inside itself."""
    if scope == name:
        raise EditRefused(f"The block “{name}” cannot stand inside itself: it would have no end.")
    if scope != ROOT and scope in needed(document, [name]):
        raise EditRefused(f"The block “{name}” cannot stand inside “{scope}”, which is a part of it: it would have no end.")
