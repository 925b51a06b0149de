"""Predictions as plain values: a class with its probabilities, a number with its unit, or what else a network gives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from graph_compiler.analysis.plan import ObjectivePlan, OutputPlan
from graph_compiler.runs.evaluation import Evaluation
from graph_compiler.worker.jobs.measuring import classes_of, unit_of
from graph_compiler.worker.jobs.restored import Restored

MOST_VALUES = 4096
"""Numbers of one answer that go through the pipe; larger ones are summed up."""


def answer_of(restored: Restored, outputs: list[np.ndarray], row: int) -> dict[str, Any]:
    """The answer for one row of the outputs: the first output at the top, the others by name under `others`."""
    told = [_told(output, restored.objective_of(output.end), found[row])
            for output, found in zip(restored.compiled.plan.outputs, outputs, strict=True)]
    answer = {"output": restored.compiled.plan.outputs[0].name, **told[0]}
    if len(told) > 1:
        answer["others"] = {output.name: one for output, one in zip(restored.compiled.plan.outputs[1:], told[1:], strict=True)}
    return answer


def truth_of(restored: Restored, part: str, place: int) -> dict[str, Any]:
    """What a row of the table should have given, where its objective compares with a column."""
    plan = restored.objective_of(restored.compiled.plan.outputs[0].end)
    if plan is None or plan.target not in restored.feed.columns:
        return {}
    target, classes = restored.column(part, plan.target)[place], classes_of(plan)
    if classes:
        number = int(target.argmax()) if target.ndim and target.size > 1 else int(target.reshape(-1)[0])
        return {"true": classes[number]}
    return {"true": float(target.reshape(-1)[0])} if target.size == 1 else {}


def _told(output: OutputPlan, plan: ObjectivePlan | None, found: np.ndarray) -> dict[str, Any]:
    classes = classes_of(plan) if plan is not None else ()
    if plan is not None and classes:
        logits = bool(plan.resolved.arguments.get("from_logits"))
        one = Evaluation(plan.resolved.task, {}, classes, found[None], np.zeros(1), np.zeros(1), logits=logits)
        shares = one.probabilities()[0]
        best = int(shares.argmax())
        return {"class": classes[best], "index": best, "probability": _plain(shares[best]), "classes": list(classes),
                "probabilities": [_plain(share) for share in shares]}
    flat = np.asarray(found).reshape(-1)
    if flat.size == 1:
        unit = unit_of(plan) if plan is not None else ""
        return {"value": _plain(flat[0]), **({"unit": unit} if unit else {})}
    if flat.size <= MOST_VALUES:
        return {"values": [_plain(v) for v in flat], "shape": list(found.shape)}
    return {"shape": list(found.shape), "mean": _plain(flat.mean()), "minimum": _plain(flat.min()),
            "maximum": _plain(flat.max())}


def _plain(value: Any) -> float | int | None:
    if isinstance(value, np.integer):
        return int(value)
    number = float(value)
    return number if math.isfinite(number) else None
