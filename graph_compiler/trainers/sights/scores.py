"""Scores of a contest: how the discriminator judges fixed real samples and what is made of fixed noise, as histograms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.goals import ContestPlan
from graph_compiler.trainers.sights.base import Seen, Sources
from graph_compiler.trainers.sights.parts import Part
from graph_compiler.trainers.sights.rows import fixed

ROWS = 160
BINS = 32
AHEAD, BEHIND, ALIKE = 0.9, 0.35, 0.75


@dataclass(frozen=True)
class ScoresPlan:
    """The scores of one contest."""

    contest: ContestPlan
    kind: str = "scores"
    title: str = "Scores"

    @property
    def at(self) -> str:
        """The AdversarialLoss."""
        return self.contest.node

    def make(self, sources: Sources) -> Scores:
        """At work."""
        return Scores(self.contest, sources)


def plans(analysis: Analyzer) -> Iterator[ScoresPlan]:
    """One a contest."""
    return map(ScoresPlan, analysis.plan.contests)


class Scores:
    """Both sides on the same rows every time."""

    def __init__(self, contest: ContestPlan, sources: Sources) -> None:
        self._logits = contest.logits
        self._part = Part.of(sources.compiled, contest.real, contest.fake)
        self._given = fixed(sources.feed, self._part.columns, ROWS)

    def look(self) -> Seen:
        """`real` and `fake` float32 [bins], shares, between `edges` [bins + 1]; facts: `overlap` 0 to 1, `sentence`."""
        real, fake = (np.nan_to_num(values.reshape(-1)) for values in self._part.run(self._given))
        edges = bin_edges(real, fake, not self._logits)
        counts = [np.histogram(np.clip(side, edges[0], edges[-1]), edges)[0] / max(len(side), 1) for side in (real, fake)]
        overlap = float(np.minimum(*counts).sum())
        arrays = {"real": counts[0].astype(np.float32), "fake": counts[1].astype(np.float32), "edges": edges}
        return arrays, {"overlap": round(overlap, 4), "sentence": sentence(real, fake, overlap)}


def bin_edges(real: np.ndarray, fake: np.ndarray, probabilities: bool) -> np.ndarray:
    """Edges float64 [bins + 1] for both sides: 0 to 1 for probabilities, else the middle 99 % of all scores."""
    if probabilities:
        return np.linspace(0.0, 1.0, BINS + 1)
    low, high = np.percentile(np.concatenate([real, fake]), (0.5, 99.5))
    spare = max((high - low) * 0.05, 1e-3)
    return np.linspace(low - spare, high + spare, BINS + 1)


def sentence(real: np.ndarray, fake: np.ndarray, overlap: float) -> str:
    """Who is ahead, in words: by the chance that a real sample scores higher than a generated one, and by the overlap."""
    ahead = chance(real, fake)
    if ahead >= AHEAD:
        return "The discriminator is ahead."
    if ahead <= BEHIND:
        return "The generator is ahead."
    return "The discriminator cannot tell them apart." if overlap >= ALIKE else "Neither is ahead."


def chance(real: np.ndarray, fake: np.ndarray) -> float:
    """The chance that a score of `real` is higher than one of `fake`; equal ones count half."""
    order = np.sort(fake)
    below, upto = np.searchsorted(order, real, "left"), np.searchsorted(order, real, "right")
    return float((below + upto).mean() / (2 * max(len(fake), 1)))
