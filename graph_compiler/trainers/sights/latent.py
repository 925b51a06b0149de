"""The latent space of an autoencoder: where the codes of fixed rows lie, in two dimensions, coloured by class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.goals import End, ObjectivePlan
from graph_compiler.analysis.reach import upstream
from graph_compiler.graph.blocks.inside import EACH_STEP, boundary
from graph_compiler.specs.datasets import SourceSpec
from graph_compiler.trainers.sights.base import Seen, Sources
from graph_compiler.trainers.sights.chain import own_size, traced
from graph_compiler.trainers.sights.parts import Part
from graph_compiler.trainers.sights.reading import kind_of, read_by
from graph_compiler.trainers.sights.rows import fixed

ROWS = 500
NARROW = 0.5
"""A code has at most this share of the numbers it stands for."""


@dataclass(frozen=True)
class LatentPlan:
    """A code of a picture, at a path (inside blocks too) or at a port of the drawing, and the column that colours it."""

    loss: ObjectivePlan
    path: str
    port: str
    label: End | None
    classes: tuple[str, ...]
    kind: str = "latent"
    title: str = "Latent space"

    @property
    def at(self) -> str:
        """The tensor that is the code."""
        return self.path

    def make(self, sources: Sources) -> Latent:
        """At work."""
        return Latent(self, sources)


def plans(analysis: Analyzer) -> Iterator[LatentPlan]:
    """One for the first Loss that compares pictures: the mean of a Gaussian code, or the narrowest place on the way."""
    engine = analysis.engine
    for loss in analysis.plan.objectives:
        like = traced(engine, loss.target)
        if like is None or own_size(loss.prediction_tensor, like) is None:
            continue
        mean = next((term.ends["mean"] for term in analysis.plan.terms if term.kind == "GaussianKL"
                     and term.ends["mean"][0] in upstream(engine, [loss.prediction[0]])), None)
        found = ".".join(mean[:1]) if mean is not None else narrowest(engine, loss.prediction, _pictures(engine, loss))
        if found:
            label, classes = _label(engine, like.column[0])
            yield LatentPlan(loss, found, mean[1] if mean is not None else "", label, classes)
            return


def _pictures(engine: GraphEngine, loss: ObjectivePlan) -> frozenset[End]:
    """The columns a code stands for: those a prediction reads that are neither labels nor noise."""
    return frozenset(end for end in read_by(engine, loss.prediction) if kind_of(engine, end) not in ("category", "noise"))


def _label(engine: GraphEngine, source: str) -> tuple[End | None, tuple[str, ...]]:
    """The first category of the table, wired or not."""
    facts = engine.facts[source]
    if isinstance(facts.spec, SourceSpec):
        for column in facts.spec.dataset.schema(facts.values).columns:
            if column.kind == "category" and not column.shape and column.classes:
                return (source, column.name), column.classes
    return None, ()


def narrowest(engine: GraphEngine, prediction: End, pictures: frozenset[End]) -> str:
    """The path of the node with the fewest numbers that everything the prediction knows of the pictures goes through.

    Empty where no such node has at most half as many numbers as prediction and pictures (a skip connection leads around).
    """
    sizes = [_size(engine, end) for end in (*pictures, prediction)]
    if not pictures or not all(sizes):
        return ""
    found = _passes(engine, prediction[0], pictures)
    path, size = min(reversed(found), key=lambda each: each[1], default=("", 0))
    return path if 2 <= size <= NARROW * min(sizes) else ""


def _passes(engine: GraphEngine, last: str, pictures: frozenset[End], learnt: bool = False) -> list[tuple[str, int]]:
    """(path, numbers) of the nodes, in order and inside blocks too, that every way from the pictures to `last` goes through.

    Only nodes with weights at or before them count; `learnt` says that there are weights before all of it.
    """
    before, found = upstream(engine, [last]), []
    for node_id in engine.order:
        facts = engine.facts[node_id]
        if node_id not in before or facts.spec is None or facts.spec.kind not in ("layer", "operation", "block"):
            continue
        if facts.node.muted or pictures & set(read_by(engine, (last, ""), frozenset([node_id]))):
            continue
        if not pictures & set(read_by(engine, (node_id, ""))):
            continue
        behind = learnt or _learns(engine, upstream(engine, [node_id]) - {node_id})
        if facts.spec.kind == "block" and facts.node.type != EACH_STEP:
            found += _passes_inside(engine, node_id, behind)
        counts = behind or _learns(engine, {node_id})
        if counts and len(facts.outputs) == 1 and (size := _size(engine, (node_id, next(iter(facts.outputs))))):
            found.append((facts.path, size))
    return found


def _learns(engine: GraphEngine, nodes: set[str]) -> bool:
    return any(engine.facts[n].weights > 0 or engine.graph.nodes[n].weights for n in nodes)


def _passes_inside(engine: GraphEngine, node_id: str, learnt: bool) -> list[tuple[str, int]]:
    """Inside a block with one way in and one way out."""
    child, block = engine.children.get(node_id), engine.document.blocks.get(engine.graph.nodes[node_id].block)
    if child is None or block is None:
        return []
    ins, outs = boundary(block, "BlockInput"), boundary(block, "BlockOutput")
    if len(ins) != 1 or len(outs) != 1:
        return []
    return _passes(child, outs[0].id, frozenset([(ins[0].id, "out")]), learnt)


def _size(engine: GraphEngine, end: End) -> int:
    tensor = engine.facts[end[0]].outputs.get(end[1])
    return (tensor.size or 0) if tensor is not None else 0


class Latent:
    """Five hundred fixed rows. Axes keep their direction from epoch to epoch."""

    def __init__(self, plan: LatentPlan, sources: Sources) -> None:
        compiled, root = sources.compiled, plan.path.split(".")[0]
        self._plan = plan
        if plan.port:
            self._part = Part.of(compiled, (plan.path, plan.port))
        else:
            self._part = Part.until(compiled, compiled.activations[plan.path], root)
        known = plan.label is not None and plan.label in sources.feed.columns
        ends = (*self._part.columns, plan.label) if known and plan.label is not None else self._part.columns
        self._given = fixed(sources.feed, ends, ROWS)
        self._axes: np.ndarray | None = None

    def look(self) -> Seen:
        """`points` float32 [rows, 2], `groups` int32 [rows] (empty without a label).

        Facts: the `classes`, how many numbers the code has (`size`), and the share of their variance that is seen.
        """
        codes = np.nan_to_num(self._part.run(self._given)[0]).reshape(-1, self._size_of_code())
        points, share = codes[:, :2], 1.0
        if codes.shape[1] > 2:
            points, share, self._axes = principal(codes, self._axes)
        label = self._plan.label
        groups = self._given[label].astype(np.int32) if label in self._given else np.zeros(0, np.int32)
        facts: dict[str, Any] = {"classes": list(self._plan.classes), "size": codes.shape[1], "share": round(share, 4),
                                 "label": label[1] if label is not None else ""}
        return {"points": points.astype(np.float32), "groups": groups}, facts

    def _size_of_code(self) -> int:
        shape: tuple[int | None, ...] = self._part.model.output_shape[1:]
        return int(np.prod([d or 1 for d in shape]))


def principal(codes: np.ndarray, before: np.ndarray | None) -> tuple[np.ndarray, float, np.ndarray]:
    """Codes [rows, n] along their two widest axes [rows, 2], the share of the variance there, and the axes [2, n].

    An axis points to the side that `before` pointed to, so that pictures of two epochs can be compared.
    """
    centred = codes - codes.mean(axis=0)
    _, spread, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:2]
    if before is not None:
        axes = axes * np.where((axes * before).sum(axis=1, keepdims=True) < 0, -1, 1)
    variance = spread ** 2
    share = float(variance[:2].sum() / variance.sum()) if variance.sum() > 0 else 1.0
    return centred @ axes.T, share, axes
