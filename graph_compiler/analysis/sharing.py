"""Weights that several instances share: counted once, and only between instances that agree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.facts import Facts

if TYPE_CHECKING:
    from graph_compiler.analysis.engine import GraphEngine


def once(facts: Iterable[Facts]) -> list[Facts]:
    """The facts whose weights count: of the instances that share weights only the first that has any."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for one in facts:
        if one.node.weights and one.weights:
            key = (one.node.block, one.node.weights)
            if key in seen:
                continue
            seen.add(key)
        kept.append(one)
    return kept


def sharing_problems(engine: GraphEngine) -> list[Diagnostic]:
    """Instances of one weights name in a graph that differ in parameters, in what they receive, or in freezing."""
    first: dict[tuple[str, str], Facts] = {}
    found = []
    for node in engine.graph.nodes.values():
        if not (node.weights and node.block) or node.muted:
            continue
        facts = engine.facts[node.id]
        if facts.failed:
            continue
        like = first.setdefault((node.block, node.weights), facts)
        if dict(like.values) != dict(facts.values):
            expected = f"the parameters of {like.node.id}: {_values(like, facts)}"
            found.append(_mismatch(facts, like, expected, _values(facts, like)))
        elif facts.inputs and like.inputs and _shapes(facts) != _shapes(like):
            found.append(_mismatch(facts, like, f"the input of {like.node.id}: {_shapes(like)}", _shapes(facts)))
        elif node.frozen != like.node.frozen:
            found.append(_mismatch(facts, like, f"{_frozen(like)}, like {like.node.id}", _frozen(facts)))
    return found


def _values(facts: Facts, other: Facts) -> str:
    """Parameters that differ, with their values here."""
    return ", ".join(f"{name} {value}" for name, value in facts.values.items() if other.values.get(name) != value)


def _shapes(facts: Facts) -> str:
    return ", ".join(x.words for tensors in facts.inputs.values() for x in tensors)


def _frozen(facts: Facts) -> str:
    return "frozen" if facts.node.frozen else "not frozen"


def _mismatch(facts: Facts, like: Facts, expected: str, received: str) -> Diagnostic:
    return Diagnostic("shared-mismatch", f"{facts.node.name} cannot share the weights “{facts.node.weights}”", facts.node.id,
                      facts.path, facts.scope, expected=expected, received=received,
                      hint="Instances that share weights agree in parameters, inputs and freezing.",
                      facts={"like": like.node.id})
