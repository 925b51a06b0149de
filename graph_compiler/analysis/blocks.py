"""Blocks seen from an instance: ports, parameters, and the inside analysed with what the instance receives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from graph_compiler.analysis.each_step import infer_each_step, one_step
from graph_compiler.analysis.extent import refuse_endless
from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.places import Doors
from graph_compiler.graph.blocks.inside import EACH_STEP, boundary, port_name
from graph_compiler.graph.model import BlockDefinition, Document
from graph_compiler.graph.values import BlockParameter, Node
from graph_compiler.specs.nodes import Port
from graph_compiler.specs.params import Bool, Float, Int, Param, Text
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor

if TYPE_CHECKING:
    from graph_compiler.analysis.engine import GraphEngine
    from graph_compiler.analysis.sums import Sums

def _definition(document: Document, node: Node) -> BlockDefinition:
    block = document.blocks.get(node.block)
    if block is None:
        raise Refusal("no-block", f"There is no block “{node.block}”", hint="Remove the node, or paste the block's definition.")
    return block


def block_ports(document: Document, node: Node) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
    """The ports of an instance."""
    return _doors(_definition(document, node)).ports


def door_ports(engine: GraphEngine, node: Node) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
    """The same, known from other instances."""
    doors = doors_of(engine, node)
    return doors.ports if doors is not None else block_ports(engine.document, node)


def doors_of(engine: GraphEngine, node: Node) -> Doors | None:
    """What the definition of an instance shows to the outside, known from other instances; None without a definition."""
    known = engine.shared.doors
    if node.block not in known:
        block = engine.document.blocks.get(node.block)
        if block is None:
            return None
        known[node.block] = _doors(block)
    return known[node.block]


def _doors(block: BlockDefinition) -> Doors:
    ins, outs = tuple(boundary(block, "BlockInput")), tuple(boundary(block, "BlockOutput"))
    ports = tuple(Port(port_name(n)) for n in ins), tuple(Port(port_name(n)) for n in outs)
    return Doors(ins, outs, ports, tuple(map(_param, block.parameters)))


def block_params(document: Document, node: Node) -> tuple[Param, ...]:
    """The parameters of an instance; none when its definition is missing."""
    block = document.blocks.get(node.block)
    return tuple(map(_param, block.parameters)) if block else ()


def _param(declared: BlockParameter) -> Param:
    kinds: dict[str, type[Param]] = {"int": Int, "float": Float, "bool": Bool, "text": Text}
    return kinds.get(declared.kind, Param)(name=declared.name, default=declared.default, key=True)


def received_inside(node: Node, block: BlockDefinition, inputs: Mapping[str, tuple[Tensor, ...]]) -> dict[str, Tensor]:
    """What each input port delivers inside, by node id: what the instance receives, or one step of it."""
    given = {n.id: inputs[port_name(n)][0] for n in boundary(block, "BlockInput") if inputs.get(port_name(n))}
    return {n: one_step(x) for n, x in given.items() if x.rank > 1} if node.type == EACH_STEP else given


def sums_inside(node: Node, inside: GraphEngine) -> Sums:
    """What the inside costs. Refusal (code `block-inside`) when something is wrong there."""
    if inside.sums.guilty is not None:
        path, title = inside.sums.guilty
        raise Refusal("block-inside", f"{node.name} has a problem inside", expected="an inside without problems",
                      received=f"“{title}”", hint="Open the block.", inside=path, words=title)
    return inside.sums


def infer_block(engine: GraphEngine, blank: Facts, node: Node, inputs: Mapping[str, tuple[Tensor, ...]]) -> Facts:
    """The instance's outputs and costs: the inside, analysed with these inputs and parameter values."""
    block = _definition(engine.document, node)
    refuse_endless(engine.document, node, engine.shared.extents)
    if node.type == EACH_STEP:
        return infer_each_step(engine, blank, node, block)
    doors = doors_of(engine, node)
    assert doors is not None
    given = {n.id: inputs[port_name(n)][0] for n in doors.ins if inputs.get(port_name(n))}
    inside = engine.inner[node.id] = engine.within(node, blank.values, given)
    outputs = {}
    for out in doors.outs:
        tensor = next((t[0] for t in inside.facts[out.id].inputs.values() if t), None)
        if tensor is not None:
            outputs[port_name(out)] = tensor
    sums = sums_inside(node, inside)
    return replace(blank, outputs=outputs, weights=sums.weights, fixed=sums.fixed, macs=sums.macs)
