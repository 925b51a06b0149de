"""Evaluations of a run: predictions and targets of every objective on the rows it is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph_compiler.analysis.plan import End, ObjectivePlan
from graph_compiler.build.compile import as_graph, one_or_list
from graph_compiler.datasets.previews import stills
from graph_compiler.runs.evaluation import Evaluation
from graph_compiler.runs.folder import now
from graph_compiler.runs.places import class_numbers
from graph_compiler.specs.datasets import SourceSpec
from graph_compiler.trainers.measures import Measures
from graph_compiler.trainers.phases import Phase
from graph_compiler.trainers.steps import Steps
from graph_compiler.worker.jobs.judging import judged
from graph_compiler.worker.jobs.restored import Restored

BATCH = 256


def figures(restored: Restored, batch_size: int) -> dict[str, float]:
    """Figures of validation and test rows, `val_` and `test_` before their names; parts without rows are left out."""
    compiled = restored.compiled
    steps = Steps(compiled, restored.feed, [Phase(compiled, phase) for phase in compiled.plan.phases], batch_size)
    measures = Measures(compiled, restored.feed, steps)
    return {prefix + name: value for part, prefix in (("validation", "val_"), ("test", "test_"))
            for name, value in measures.of(part).items()}


def evaluations(restored: Restored, metrics: Mapping[str, float]) -> list[Evaluation]:
    """One evaluation a Loss, on the same rows; none where nothing is compared with a target."""
    compiled, part = restored.compiled, restored.part
    if not compiled.plan.objectives:
        return []
    outputs = run_model(compiled.training_model, [restored.column(part, end) for end in compiled.columns])
    shown = {name: value for name, value in metrics.items() if name.startswith(f"{_prefix(part)}_")}
    pictures, inputs, names = _inputs(restored, part)
    text = _text(restored, part)
    made = []
    for number, plan in enumerate(compiled.plan.objectives):
        place = compiled.computed_targets.get(number)
        target = restored.column(part, plan.target) if place is None else outputs[place]
        task, logits, found = plan.resolved.task, bool(plan.resolved.arguments.get("from_logits")), outputs[number]
        classes, placed, told = classes_of(plan), place_classes_of(plan), shown
        if (other := judged(plan, found, target)) is not None:
            task, found, target = other.task, other.prediction, other.target
            classes, placed = other.classes, other.place_classes
            told = {**shown, **{f"{_prefix(part)}_{name}": value for name, value in other.figures}}
        elif placed:  # scores of every place would take a file of gigabytes
            found, target = class_numbers(found, target, task == "binary", logits)
        made.append(Evaluation(
            task, told, classes, found, target, restored.rows(part, (restored.feed.sources[0], "")), pictures, inputs,
            names, logits, part, unit_of(plan), plan.node, tuple(o.node for o in compiled.plan.objectives), now(), placed,
            *text))
    return made


def run_model(model: Any, columns: list[np.ndarray]) -> list[np.ndarray]:
    """Outputs [rows, ...] of a Keras model in inference, in its order."""
    pieces: list[list[np.ndarray]] = []
    graph = as_graph(model)
    for start in range(0, len(columns[0]), BATCH):
        found = graph(one_or_list([c[start:start + BATCH] for c in columns]))
        pieces.append([np.asarray(y) for y in (found if isinstance(found, (list, tuple)) else [found])])
    return [np.concatenate(parts) for parts in zip(*pieces, strict=True)]


def classes_of(plan: ObjectivePlan) -> tuple[str, ...]:
    """Names of the classes of one answer a row, made up where the column has none; empty where there is no such answer."""
    shape, names = plan.prediction_tensor.shape, plan.resolved.classes
    if plan.resolved.task == "classification" and len(shape) == 1:
        return names or tuple(map(str, range(shape[0] or 0)))
    if plan.resolved.task == "binary" and shape in ((), (1,)):
        return names or ("0", "1")
    return ()


def place_classes_of(plan: ObjectivePlan) -> tuple[str, ...]:
    """Names of the classes where each of several places of a row has one, made up where the column has none; else empty."""
    shape, names = plan.prediction_tensor.shape, plan.resolved.classes
    if plan.resolved.task == "classification" and len(shape) > 1:
        return names or tuple(map(str, range(shape[-1] or 0)))
    if plan.resolved.task == "binary" and len(names) == 2 and shape not in ((), (1,)):
        return names
    return ()


def unit_of(plan: ObjectivePlan) -> str:
    """The unit of what is predicted, empty when there is none."""
    column = plan.target_tensor.column
    return column.unit if column is not None else ""


def _prefix(part: str) -> str:
    return "val" if part == "validation" else part


def _inputs(restored: Restored, part: str) -> tuple[np.ndarray | None, dict[str, np.ndarray], dict[str, tuple[str, ...]]]:
    """The first picture, and number and category columns with the names of their parts."""
    pictures: np.ndarray | None = None
    inputs: dict[str, np.ndarray] = {}
    names: dict[str, tuple[str, ...]] = {}
    for planned in restored.compiled.plan.inputs:
        kind = planned.tensor.column.kind if planned.tensor.column is not None else ""
        if kind in ("image", "video") and pictures is None:
            pictures = stills(restored.column(part, planned.end))
        elif kind in ("number", "category") and planned.tensor.rank <= 1:
            inputs[planned.name] = restored.column(part, planned.end)
            names[planned.name] = feature_names(restored, planned.end)
    return pictures, inputs, names


def _text(restored: Restored, part: str) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """The first text that is read with a token at each place of an objective, and its vocabulary."""
    wanted = [plan.prediction_tensor.shape[:1] for plan in restored.compiled.plan.objectives if place_classes_of(plan)]
    for planned in restored.compiled.plan.inputs:
        column = planned.tensor.column
        if column is not None and column.kind == "tokens" and planned.tensor.shape in wanted:
            return restored.column(part, planned.end), column.vocabulary
    return None, ()


def feature_names(restored: Restored, end: End) -> tuple[str, ...]:
    """Names of the numbers a vector column is made of; its own name alone where it is one number."""
    facts = restored.compiled.analysis.engine.facts[end[0]]
    tensor = facts.outputs[end[1]]
    if not tensor.shape or not isinstance(facts.spec, SourceSpec):
        return (end[1],)
    features = facts.spec.dataset.schema(facts.values).features
    return tuple(c.name for c in features) if len(features) == tensor.shape[0] else ()
