"""A plane: which class the network sees at every place of it, or where generated points lie among real ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.goals import End, ObjectivePlan
from graph_compiler.specs.datasets import SourceSpec
from graph_compiler.trainers.noise import table
from graph_compiler.trainers.sights.base import Seen, Sources, logits_of, sigmoid
from graph_compiler.trainers.sights.chain import back
from graph_compiler.trainers.sights.parts import Part
from graph_compiler.trainers.sights.reading import column_of, is_noise, kind_of, read_by
from graph_compiler.trainers.sights.rows import fixed
from graph_compiler.trainers.sights.samples import SEED

ROWS = 500
FINE = 64
"""Places along each side of the plane."""
EDGE = 0.08
"""Share of the span of the data that is seen around it."""


@dataclass(frozen=True)
class PlanePlan:
    """`axes` are the columns across and upwards (one of two numbers, or two of one number each).

    `loss` tells classes apart there; without it `made` are generated points.
    """

    axes: tuple[End, ...]
    at: str
    title: str
    loss: ObjectivePlan | None = None
    made: End | None = None
    kind: str = "plane"

    def make(self, sources: Sources) -> Regions | Cloud:
        """At work."""
        return Regions(self, sources) if self.loss is not None else Cloud(self, sources)


def plans(analysis: Analyzer) -> Iterator[PlanePlan]:
    """One for each Loss that tells classes apart by two numbers alone, one for each contest that makes two numbers."""
    engine = analysis.engine
    for loss in analysis.plan.objectives:
        axes = tuple(read_by(engine, loss.prediction))
        single = loss.resolved.task == "binary" or (loss.resolved.task == "classification" and loss.prediction_tensor.rank == 1)
        if single and _is_plane(engine, axes):
            yield PlanePlan(axes, loss.node, "Decision regions", loss=loss)
    for contest in analysis.plan.contests:
        for end in contest.made:
            port = next(port for port, found in contest.fake_inputs.items() if found == end)
            axes = _column_behind(engine, contest.real_inputs.get(port, contest.real))
            tensor = engine.facts[end[0]].outputs.get(end[1])
            if tensor is not None and tensor.shape == (2,) and axes and _is_plane(engine, axes):
                yield PlanePlan(axes, ".".join(end), "Generated points", made=end)


def _is_plane(engine: GraphEngine, axes: tuple[End, ...]) -> bool:
    shapes = tuple(engine.facts[end[0]].outputs[end[1]].shape for end in axes)
    return shapes in (((2,),), ((), ())) and all(kind_of(engine, end) == "number" for end in axes)


def _column_behind(engine: GraphEngine, end: End) -> tuple[End, ...]:
    """The column that reaches a tensor untouched; empty where a node changes it on the way."""
    nodes = list(back(engine, end))
    source = nodes[-1][0] if nodes and len(nodes) == 1 else None
    if source is None or source.spec is None or source.spec.kind != "source":
        return ()
    return (end,) if end[0] == source.node.id else ()


class Regions:
    """Every place of the plane through the network; the rows that colour it are validation rows."""

    def __init__(self, plan: PlanePlan, sources: Sources) -> None:
        assert plan.loss is not None
        self._loss, self._part = plan.loss, Part.of(sources.compiled, plan.loss.prediction)
        engine, feed = sources.compiled.analysis.engine, sources.feed
        low, high = _span(plan.axes, sources)
        ticks = [np.linspace(a, b, FINE, dtype=np.float32) for a, b in zip(low, high, strict=True)]
        across, up = (grid.reshape(-1) for grid in np.meshgrid(*ticks))
        whole = np.stack([across, up], axis=1)
        self._grid = {plan.axes[0]: whole} if len(plan.axes) == 1 else dict(zip(plan.axes, (across, up), strict=True))
        known = [end for end in (*plan.axes, plan.loss.target) if end in feed.columns]
        given = fixed(feed, known, ROWS)
        target = given.get(plan.loss.target)
        groups = target.astype(np.int32) if target is not None and target.ndim == 1 else np.zeros(0, np.int32)
        self._arrays = {"points": _stacked(plan.axes, given), "groups": groups, "extent": np.array([*low, *high])}
        self._facts = {"classes": list(plan.loss.resolved.classes), "axes": _names(engine, plan.axes)}

    def look(self) -> Seen:
        """`regions` uint8 [up, across], the class at each place, `sure` uint8, how sure of it (255 is 1).

        `points` float32 [rows, 2], their `groups` int32, and `extent`: left, bottom, right, top.
        """
        scores = np.nan_to_num(self._part.run(self._grid, batch=FINE * FINE)[0]).reshape(FINE * FINE, -1)
        if scores.shape[1] == 1:
            yes = sigmoid(scores) if logits_of(self._loss) else np.clip(scores, 0, 1)
            shares = np.concatenate([1 - yes, yes], axis=1)
        elif logits_of(self._loss):
            raised = np.exp(scores - scores.max(axis=1, keepdims=True))
            shares = raised / raised.sum(axis=1, keepdims=True)
        else:
            shares = scores
        regions = shares.argmax(axis=1).astype(np.uint8).reshape(FINE, FINE)
        sure = np.clip(np.rint(shares.max(axis=1) * 255), 0, 255).astype(np.uint8).reshape(FINE, FINE)
        return {"regions": regions, "sure": sure, **self._arrays}, dict(self._facts)


class Cloud:
    """Points that are made of one fixed noise, among real ones."""

    def __init__(self, plan: PlanePlan, sources: Sources) -> None:
        assert plan.made is not None
        engine = sources.compiled.analysis.engine
        self._part = Part.of(sources.compiled, plan.made)
        self._given = fixed(sources.feed, [end for end in self._part.columns if not is_noise(engine, end)], ROWS)
        rows = next((len(array) for array in self._given.values()), ROWS)
        self._given |= {end: table(engine.facts[end[0]].values, rows, SEED + i) for i, end in enumerate(self._part.columns)
                        if is_noise(engine, end)}
        low, high = _span(plan.axes, sources)
        points = _stacked(plan.axes, fixed(sources.feed, plan.axes, ROWS))
        self._arrays = {"points": points, "groups": np.zeros(len(points), np.int32), "extent": np.array([*low, *high])}
        self._facts = {"classes": ["real", "generated"], "axes": _names(engine, plan.axes)}

    def look(self) -> Seen:
        """`points` float32 [rows, 2], the real ones, `made` float32 [rows, 2], and `extent`."""
        made = np.nan_to_num(self._part.run(self._given)[0]).astype(np.float32)
        return {"made": made, **self._arrays}, dict(self._facts)


def _stacked(axes: tuple[End, ...], given: dict[End, np.ndarray]) -> np.ndarray:
    """The two numbers of each row, float32 [rows, 2]."""
    if len(axes) == 1:
        return given[axes[0]].astype(np.float32)
    return np.stack([given[end] for end in axes], axis=1).astype(np.float32)


def _span(axes: tuple[End, ...], sources: Sources) -> tuple[list[float], list[float]]:
    """Left and bottom, right and top: those of all rows with a little room around."""
    every = _stacked(axes, {end: sources.feed.columns[end] for end in axes})
    low, high = np.nanmin(every, axis=0), np.nanmax(every, axis=0)
    room = (high - low) * EDGE + 1e-6
    return (low - room).tolist(), (high + room).tolist()


def _names(engine: GraphEngine, axes: tuple[End, ...]) -> list[str]:
    """What the axes are called."""
    if len(axes) == 2:
        return [end[1] for end in axes]
    facts, column = engine.facts[axes[0][0]], column_of(engine, axes[0])
    features = facts.spec.dataset.schema(facts.values).features if isinstance(facts.spec, SourceSpec) else ()
    return [f.name for f in features] if len(features) == 2 else [f"{column.name if column else ''} {i}" for i in (1, 2)]
