"""A block at every step of a series, as Keras's TimeDistributed has it: analysed once, for one step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.leaving import staying
from graph_compiler.graph.blocks.inside import INPUT, OUTPUT, boundary, port_name
from graph_compiler.graph.model import BlockDefinition
from graph_compiler.graph.values import Node
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor

if TYPE_CHECKING:
    from graph_compiler.analysis.engine import GraphEngine


def one_step(x: Tensor) -> Tensor:
    """A series [T, ...] without its first axis."""
    return Tensor(x.shape[1:], x.dtype)


def infer_each_step(engine: GraphEngine, blank: Facts, node: Node, block: BlockDefinition) -> Facts:
    """[T, ...] -> [T, what the block makes of ...]. Weights once, multiply-adds T times."""
    from graph_compiler.analysis.blocks import sums_inside

    head, tail = _ends(node, block)
    x = _series(node, blank.inputs[port_name(head)][0], port_name(head))
    inside = engine.inner[node.id] = engine.within(node, blank.values, {head.id: one_step(x)})
    sums = sums_inside(node, inside)
    out = next((t[0] for t in inside.facts[tail.id].inputs.values() if t), None)
    if out is None:
        return blank
    if out.dtype != "float32":
        raise Refusal("dtype", "TimeDistributed gives decimal numbers", expected="decimal numbers", received=out.dtype,
                      hint="End the block with a layer, Rescaling or Cast.")
    for facts in _every(inside):
        if getattr(facts.spec, "adapts", False):
            raise Refusal("each-step", f"{facts.node.name} learns before training", param="layer",
                          expected="layers that learn in training only, at every step",
                          received=f"{facts.node.name} inside {node.block}", hint="Place it before the series is taken apart.")
    for facts in _every(inside):
        if facts.spec is not None and any(stays.cut_off for stays in facts.spec.stays):
            raise Refusal("each-step", f"{facts.node.name} stays outside of files", expected="layers that can leave in a file",
                          received=f"{facts.node.name} inside {node.block}", hint="Place it before the series is taken apart.")
    macs = None if x.shape[0] is None or sums.macs is None else x.shape[0] * sums.macs
    made = Tensor((x.shape[0], *out.shape), "float32")
    blank = replace(blank, problems=(*blank.problems, *staying(engine, blank)))
    return replace(blank, outputs={port_name(tail): made}, weights=sums.weights, fixed=sums.fixed, macs=macs)


def _ends(node: Node, block: BlockDefinition) -> tuple[Node, Node]:
    heads, tails = boundary(block, INPUT), boundary(block, OUTPUT)
    if len(heads) != 1 or len(tails) != 1:
        raise Refusal("each-step", "TimeDistributed passes one tensor through",
                      expected="a block with one input and one output",
                      received=f"{node.block} with {len(heads)} and {len(tails)}",
                      hint="Lead the others past it, or join them.")
    return heads[0], tails[0]


def _series(node: Node, x: Tensor, port: str) -> Tensor:
    if x.rank < 2:
        raise Refusal("rank", "TimeDistributed needs a series of lists, pictures or more", port=port, rank=2,
                      expected="steps × anything: 2 axes or more", received=x.words,
                      hint=f"Use {node.block} itself, or insert Reshape.")
    if x.masked:
        raise Refusal("mask", "TimeDistributed over a block takes no padding", port=port, expected="a series without a mask",
                      received="a series whose padding is masked",
                      hint="Switch mask_zero off, or take a TimeDistributed around each layer.")
    return x


def _every(engine: GraphEngine) -> Iterator[Facts]:
    """Facts of a graph and of the insides of its instances."""
    for node_id, facts in engine.facts.items():
        yield facts
        if node_id in engine.inner:
            yield from _every(engine.inner[node_id])
