"""A block at every step of a series: a TimeDistributed takes a block in the place of a layer, and the way back."""

from __future__ import annotations

from msgspec.structs import replace

from graph_compiler.graph.blocks.inside import (
    EACH_STEP,
    INPUT,
    OUTPUT,
    boundary,
    definition_of,
    port_name,
    refuse_recursion,
)
from graph_compiler.graph.edit import Edit, EditRefused, graph_of, node_of
from graph_compiler.graph.edits import Batch, Connect, Disconnect, ReplaceNode
from graph_compiler.graph.model import BlockDefinition, Document
from graph_compiler.graph.values import Json

LAYERED = "TimeDistributed"


def can_be_each_step(block: BlockDefinition) -> bool:
    """Whether a block has one way in and one way out, as TimeDistributed needs it."""
    return len(boundary(block, INPUT)) == 1 and len(boundary(block, OUTPUT)) == 1


def each_step_blocks(document: Document, scope: str) -> list[str]:
    """The blocks that can be chosen for a node of this graph."""
    fit = [name for name, block in document.blocks.items() if can_be_each_step(block)]
    return [name for name in fit if not _recursive(document, scope, name)]


def _recursive(document: Document, scope: str, name: str) -> bool:
    try:
        refuse_recursion(document, scope, name)
    except EditRefused:
        return True
    return False


def each_step_of(document: Document, scope: str, node_id: str, block: str) -> Edit:
    """Let a TimeDistributed, over a layer or over another block, work with this block. Its wires stay."""
    definition = definition_of(document, block)
    if not can_be_each_step(definition):
        raise EditRefused(f"The block “{block}” needs one input and one output to work at every step.")
    refuse_recursion(document, scope, block)
    node = node_of(document, scope, node_id)
    fresh = replace(node, type=EACH_STEP, block=block, params={}, weights="")
    ports = port_name(boundary(definition, INPUT)[0]), port_name(boundary(definition, OUTPUT)[0])
    return Batch((ReplaceNode(fresh, scope), *_rewired(document, scope, node_id, *ports)), f"set layer of {node_id}")


def each_step_by_layer(document: Document, scope: str, node_id: str, layer: Json) -> Edit:
    """Let it work with a Keras layer again: the value of the parameter `layer`."""
    fresh = replace(node_of(document, scope, node_id), type=LAYERED, block="", params={"layer": layer}, weights="")
    return Batch((ReplaceNode(fresh, scope), *_rewired(document, scope, node_id, "in", "out")), f"set layer of {node_id}")


def _rewired(document: Document, scope: str, node_id: str, into: str, out: str) -> list[Edit]:
    """The wires at a node led to its ports under their new names."""
    graph = graph_of(document, scope)
    edits: list[Edit] = []
    for edge in (*graph.into(node_id), *graph.out_of(node_id)):
        moved = replace(edge, target_port=into) if edge.target == node_id else replace(edge, source_port=out)
        if moved != edge:
            edits += [Disconnect(edge.key, scope), Connect(moved, scope)]
    return edits
