"""Generated samples: what a generator makes of one fixed noise, or a decoder of fixed points of its latent space."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.goals import ContestPlan, End, ObjectivePlan
from graph_compiler.trainers.noise import table
from graph_compiler.trainers.sights.base import Seen, Sources, logits_of, sigmoid
from graph_compiler.trainers.sights.chain import own_size, pixels_of, traced
from graph_compiler.trainers.sights.parts import Part
from graph_compiler.trainers.sights.reading import column_of, cuts, draws, kind_of, read_by
from graph_compiler.trainers.sights.rows import fixed

ROWS = 5
LABELS = 10
"""Classes that are asked for at most."""
SEED = 1
"""Of the fixed noise; the same in all runs, so that they can be compared."""


@dataclass(frozen=True)
class SamplesPlan:
    """Pictures that are made of noise. `start` is the tensor to put fixed points in for, None where a Noise node is read.

    `like` is what they shall resemble, `labels` a category column that says what is asked for.
    """

    end: End
    like: End
    start: End | None = None
    labels: End | None = None
    classes: tuple[str, ...] = ()
    logits: bool = False
    kind: str = "samples"
    title: str = "Generated samples"

    @property
    def at(self) -> str:
        """The tensor that is shown."""
        return ".".join(self.end)

    def make(self, sources: Sources) -> Samples:
        """At work."""
        return Samples(self, sources)


def plans(analysis: Analyzer) -> Iterator[SamplesPlan]:
    """What contests generate, then what decoders of Gaussian codes can draw from the prior; pictures only."""
    for contest in analysis.plan.contests:
        for end in contest.made:
            if (found := _generated(analysis, contest, end)) is not None:
                yield found
    if any(term.kind == "GaussianKL" for term in analysis.plan.terms):
        for loss in analysis.plan.objectives:
            if (found := _decoded(analysis, loss)) is not None:
                yield found


def _generated(analysis: Analyzer, contest: ContestPlan, end: End) -> SamplesPlan | None:
    engine = analysis.engine
    port = next(port for port, made in contest.fake_inputs.items() if made == end)
    like = contest.real_inputs.get(port, contest.real)
    if own_size(engine.facts[end[0]].outputs.get(end[1]), traced(engine, like)) is None:
        return None
    return SamplesPlan(end, like, None, *_labels(analysis, read_by(engine, end)))


def _decoded(analysis: Analyzer, loss: ObjectivePlan) -> SamplesPlan | None:
    """From N(0, 1), when what is behind the draw reads nothing else but labels."""
    engine = analysis.engine
    means = [analysis.engine.facts[end[0]].outputs.get(end[1]) for term in analysis.plan.terms if term.kind == "GaussianKL"
             for end in (term.ends["mean"],)]
    shapes = {mean.shape for mean in means if mean is not None}
    size = own_size(loss.prediction_tensor, traced(engine, loss.target))
    for start in draws(engine, loss.prediction) if size is not None else ():
        beside = read_by(engine, loss.prediction, frozenset([start[0]]))
        if (engine.facts[start[0]].outputs[start[1]].shape in shapes and cuts(engine, loss.prediction, start)
                and all(kind_of(engine, end) == "category" for end in beside)):
            return SamplesPlan(loss.prediction, loss.target, start, *_labels(analysis, beside), logits=logits_of(loss))
    return None


def _labels(analysis: Analyzer, read: list[End]) -> tuple[End | None, tuple[str, ...]]:
    for end in read:
        column = column_of(analysis.engine, end)
        if column is not None and column.kind == "category" and not column.shape and column.classes:
            return end, column.classes[:LABELS]
    return None, ()


class Samples:
    """Five fixed noises, or one for each class that can be asked for."""

    def __init__(self, plan: SamplesPlan, sources: Sources) -> None:
        self._plan, compiled, feed = plan, sources.compiled, sources.feed
        engine = compiled.analysis.engine
        self._rows = len(plan.classes) or ROWS
        if plan.start is None:
            self._part = Part.of(compiled, plan.end)
        else:
            beside = tuple(read_by(engine, plan.end, frozenset([plan.start[0]])))
            self._part = Part.behind(compiled, plan.start, plan.end, beside)
        self._given = dict(self._values(sources))
        self._picture = next((end for end in self._part.columns if kind_of(engine, end) == "image"), None)
        pixels = pixels_of(engine, plan.end, plan.like, feed.columns)
        assert pixels is not None
        self._pixels = pixels

    def _values(self, sources: Sources) -> Mapping[End, np.ndarray]:
        """What is read: noise and points of the prior drawn once, labels in order, everything else from fixed rows."""
        engine, plan = sources.compiled.analysis.engine, self._plan
        rest: list[End] = []
        values: dict[End, np.ndarray] = {}
        for number, end in enumerate(self._part.columns):
            facts = engine.facts[end[0]]
            if end == plan.start:
                shape = tuple(int(d or 1) for d in facts.outputs[end[1]].shape)
                values[end] = np.random.default_rng(SEED).standard_normal((self._rows, *shape)).astype(np.float32)
            elif kind_of(engine, end) == "noise":
                values[end] = table(facts.values, self._rows, SEED + number)
            elif end == plan.labels:
                values[end] = np.arange(self._rows, dtype=np.int32)
            else:
                rest.append(end)
        values |= fixed(sources.feed, rest, self._rows)
        self._rows = min(len(v) for v in values.values())
        return {end: v[:self._rows] for end, v in values.items()}

    def look(self) -> Seen:
        """`tiles` uint8 [rows, h, w, c], and `given` where they are made of pictures.

        Facts: names of the `rows` where they differ, and what they are made `of`: noise, prior or pictures.
        """
        values = self._part.run(self._given)[0]
        values = sigmoid(values) if self._plan.logits else values
        arrays = {"tiles": self._pixels.drawn(values)}
        if self._picture is not None:
            arrays["given"] = self._given[self._picture].astype(np.uint8)
        made_of = "prior" if self._plan.start else "pictures" if self._picture is not None else "noise"
        return arrays, {"rows": list(self._plan.classes[:self._rows]), "of": made_of}
