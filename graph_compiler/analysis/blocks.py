"""Blocks seen from an instance: ports, parameters, and the inside analysed with what the instance receives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from graph_compiler.analysis.facts import Facts
from graph_compiler.graph.blocks.inside import boundary, port_name
from graph_compiler.graph.model import BlockDefinition, Document
from graph_compiler.graph.values import BlockParameter, Node
from graph_compiler.specs.nodes import Port
from graph_compiler.specs.params import Bool, Float, Int, Param, Text
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor

if TYPE_CHECKING:
    from graph_compiler.analysis.engine import GraphEngine

DEEPEST = 16
"""How many blocks may stand inside one another."""
LARGEST = 20_000
"""How many nodes one instance may have inside, at all depths together."""


def _definition(document: Document, node: Node) -> BlockDefinition:
    block = document.blocks.get(node.block)
    if block is None:
        raise Refusal("no-block", f"There is no block “{node.block}”", hint="Remove the node, or paste the block's definition.")
    return block


def block_ports(document: Document, node: Node) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
    """The ports of an instance."""
    block = _definition(document, node)
    ins, outs = boundary(block, "BlockInput"), boundary(block, "BlockOutput")
    return tuple(Port(port_name(n)) for n in ins), tuple(Port(port_name(n)) for n in outs)


def block_params(document: Document, node: Node) -> tuple[Param, ...]:
    """The parameters of an instance; none when its definition is missing."""
    block = document.blocks.get(node.block)
    return tuple(map(_param, block.parameters)) if block else ()


def expanded(document: Document, name: str) -> int:
    """How many nodes a block has with everything inside it; 0 when that is too many, too deep or without end."""
    sizes: dict[str, int] = {}

    def size(block: str, depth: int) -> int:
        if block in sizes or block not in document.blocks:
            return sizes.get(block, 1)
        if depth > DEEPEST:
            return LARGEST + 1
        total = 0
        for node in document.blocks[block].graph.nodes.values():
            total += 1 + (size(node.block, depth + 1) if node.block else 0)
            if total > LARGEST:
                return LARGEST + 1
        sizes[block] = total
        return total

    count = size(name, 1)
    return count if count <= LARGEST else 0


def once(facts: Iterable[Facts]) -> list[Facts]:
    """The facts whose weights count: of the instances that share weights only the first."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for one in facts:
        key = (one.node.block, one.node.weights)
        if one.node.weights and key in seen:
            continue
        if one.node.weights:
            seen.add(key)
        kept.append(one)
    return kept


def _param(declared: BlockParameter) -> Param:
    kinds: dict[str, type[Param]] = {"int": Int, "float": Float, "bool": Bool, "text": Text}
    return kinds.get(declared.kind, Param)(name=declared.name, default=declared.default, key=True)


def infer_block(engine: GraphEngine, blank: Facts, node: Node, inputs: Mapping[str, tuple[Tensor, ...]]) -> Facts:
    """The instance's outputs and costs: the inside, analysed with these inputs and parameter values."""
    from graph_compiler.analysis.engine import GraphEngine

    block = _definition(engine.document, node)
    if not expanded(engine.document, node.block):
        raise Refusal("too-deep", f"{node.name} contains itself, or too much",
                      expected=f"at most {DEEPEST} blocks inside one another and {LARGEST:,} nodes in all", received="more",
                      hint="Take one out.")
    prefix = f"{engine.prefix}{node.id}."
    ins = boundary(block, "BlockInput")
    given = {n.id: inputs[port_name(n)][0] for n in ins if port_name(n) in inputs}
    child = GraphEngine(engine.document, engine.registry, block.graph, node.block, prefix, blank.values, given, engine.checked)
    child.run()
    engine.children[node.id] = child
    outputs = {}
    for out in boundary(block, "BlockOutput"):
        tensor = child.facts[out.id].outputs.get("out") or next(
            (t[0] for t in child.facts[out.id].inputs.values() if t), None)
        if tensor is not None:
            outputs[port_name(out)] = tensor
    inside = list(child.facts.values())
    if any(f.failed for f in inside):
        failed = next(f for f in inside if f.failed)
        raise Refusal("block-inside", f"{node.name} has a problem inside", expected="an inside without problems",
                      received=f"“{failed.problems[0].title}”", hint="Open the block.")
    counted = once(inside)
    weights = sum(f.weights for f in counted)
    fixed = weights if node.frozen else sum(f.fixed for f in counted)
    macs = sum(f.macs or 0 for f in inside)
    return replace(blank, outputs=outputs, weights=weights, fixed=fixed, macs=macs)
