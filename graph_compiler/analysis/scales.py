"""Numbers too large or too small for a network that starts out near 0: targets in dollars, inputs in thousands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.goals import ObjectivePlan
from graph_compiler.analysis.reach import last_activation
from graph_compiler.specs.tensors import Column, Tensor

LARGE, SMALL = 100.0, 0.01
"""Numbers of a typical size outside of these are learnt badly with the usual learning rates."""
UNITS = frozenset({"MeanSquaredError", "MeanAbsoluteError", "Huber", "LogCosh"})
"""Losses that compare in the unit of the target."""
UNIT_BOUND = frozenset({"SGD", "Ftrl"})
"""Optimisers whose steps grow with the loss; the others divide it out."""


def scale_problems(engine: GraphEngine, objectives: Iterable[ObjectivePlan], sources: Iterable[str]) -> Iterator[Diagnostic]:
    """A warning at each Loss, and at each Dense behind a source, that meets such numbers as they stand in the table."""
    for plan in objectives:
        column = _odd(plan.target_tensor)
        if column is not None and plan.resolved.loss in UNITS and _open_ended(engine, plan):
            size = "large" if column.typical > LARGE else "small"
            yield engine.problem(
                "target-scale", f"{column.name} is {size} for a network", plan.node, port="prediction", severity="warning",
                expected="numbers of a size near 1 to learn", received=f"{column.name} around {_words(column.typical)}",
                hint="An inverted Normalization behind the last layer lets it learn small numbers; predictions, metrics and "
                     "files stay in the unit of the target.",
                facts={"insert": "Normalization", "params": {"invert": True}, "label": "insert an inverted Normalization"})
    for node_id in dict.fromkeys(target for source in sources for target in engine.graph.successors(source)):
        facts = engine.facts[node_id]
        if facts.spec is None or facts.spec.name != "Dense" or facts.node.muted or not facts.inputs.get("in"):
            continue
        column = _odd(facts.inputs["in"][0])
        if column is not None and column.typical > LARGE:
            yield engine.problem(
                "input-scale", f"{facts.node.name} reads large numbers", node_id, port="in", severity="warning",
                expected="numbers of a size near 1", received=f"{column.name} with numbers around {_words(column.typical)}",
                hint="A Normalization before it brings every feature to the same size.", facts={"insert": "Normalization"})


def step_problems(engine: GraphEngine, objectives: Iterable[ObjectivePlan]) -> Iterator[Diagnostic]:
    """A warning at a Loss in the unit of a target, where an optimiser steps as far as that loss is large."""
    optimizer = engine.document.training.optimizers.get("")
    if optimizer is None or optimizer.name not in UNIT_BOUND:
        return
    for plan in objectives:
        column = _odd(plan.target_tensor)
        if column is not None and plan.restored_by:
            yield engine.problem(
                "unit-steps", f"{optimizer.name} steps by the unit of {column.name}", plan.node, severity="warning",
                expected="an optimiser whose steps know no unit, such as Adam", received=optimizer.name,
                hint=f"The loss is in the unit of {column.name}, around {_words(column.typical)}. Choose Adam.")


def _odd(x: Tensor) -> Column | None:
    """The column of numbers that a tensor is, where their size is known and out of the way."""
    column = x.column
    known = column is not None and column.kind == "number" and column.typical > 0
    return column if known and column is not None and not SMALL <= column.typical <= LARGE else None


def _open_ended(engine: GraphEngine, plan: ObjectivePlan) -> bool:
    """Whether the prediction comes straight from a layer with weights and without activation."""
    last = last_activation(engine, *plan.prediction)
    if plan.restored_by or last.name != "linear":
        return False
    return "." in last.path or (last.path in engine.facts and engine.facts[last.path].weights > 0)


def _words(size: float) -> str:
    return f"{size:,.0f}" if size >= 1 else f"{size:g}"
