"""Sums over one graph with everything inside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.sharing import once, sharing_problems
from graph_compiler.graph.blocks.inside import EACH_STEP
from graph_compiler.graph.values import ROOT

if TYPE_CHECKING:
    from graph_compiler.analysis.engine import GraphEngine

_WIDTH = {"float64": 8, "int64": 8, "uint8": 1, "int8": 1, "bool": 1, "float16": 2, "bfloat16": 2}
_PASSING = frozenset({"boundary", "output"})
_WORKING = frozenset({"layer", "operation", "block"})


@dataclass(frozen=True)
class Sums:
    """Weights (shared ones once), those of them that are fixed, multiply-adds and bytes of results, both for one sample.

    `problems` are those of the graph as a whole. `guilty` is the first error inside: its path and title.
    """

    weights: int = 0
    fixed: int = 0
    macs: int = 0
    results: int = 0
    problems: tuple[Diagnostic, ...] = ()
    guilty: tuple[str, str] | None = None


def sums_of(engine: GraphEngine) -> Sums:
    """Sums of a graph; those of its instances come from their insides."""
    facts = [engine.facts[node_id] for node_id in engine.graph.nodes]
    weights = fixed = macs = results = 0
    for one in once(facts):
        weights += one.weights
        fixed += one.fixed
    for one in facts:
        macs += one.macs or 0
        results += result_bytes(engine, one)
    problems = (*sharing_problems(engine), *(_dangling(engine) if engine.scope != ROOT else ()))
    wrong = bool(problems) or any(one.problems for one in facts)
    return Sums(weights, fixed, macs, results, problems, _guilty(engine, problems) if wrong else None)


def result_bytes(engine: GraphEngine, facts: Facts) -> int:
    """Bytes of what a node of this graph gives for one sample, an instance with everything inside it."""
    inner = engine.inner.get(facts.node.id)
    if inner is not None:
        return inner.sums.results * _times(facts)
    if facts.spec is None or facts.spec.kind in _PASSING:
        return 0
    return sum((tensor.size or 0) * _WIDTH.get(tensor.dtype, 4) for tensor in facts.outputs.values())


def _times(facts: Facts) -> int:
    """How often the inside of an instance works for one sample: once a step, or once."""
    if facts.node.type != EACH_STEP:
        return 1
    return next((tensor.shape[0] or 1 for tensor in facts.outputs.values() if tensor.shape), 1)


def _dangling(engine: GraphEngine) -> Iterator[Diagnostic]:
    """Nodes inside a block that nothing reads."""
    for node_id in engine.unread:
        facts = engine.facts[node_id]
        if facts.spec is None or facts.spec.kind not in _WORKING or facts.failed:
            continue
        yield engine.problem(
            "dangling", f"{facts.node.name} leads nowhere", node_id, severity="warning",
            expected="a way to an output port of the block", received="none", hint="Pull a wire from it, or remove it.")


def _guilty(engine: GraphEngine, problems: tuple[Diagnostic, ...]) -> tuple[str, str] | None:
    """The first error, followed to where it is."""
    for node_id in (*engine.order, *(n for n in engine.graph.nodes if n not in engine.rank)):
        problem = next((p for p in engine.facts[node_id].problems if p.severity == "error"), None)
        if problem is not None and "inside" in problem.facts:
            return f"{node_id}.{problem.facts['inside']}", problem.facts["words"]
        if problem is not None:
            return node_id, problem.title
    first = next((p for p in problems if p.severity == "error"), None)
    return (first.node, first.title) if first is not None else None
