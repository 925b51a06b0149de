"""Everything that is measured on a part of the rows: losses and metrics, bits a token, sequences that were generated freely."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from graph_compiler.analysis.goals import ObjectivePlan
from graph_compiler.build.compile import Compiled
from graph_compiler.build.generating import Generator
from graph_compiler.build.sequences import sequence_models
from graph_compiler.trainers.data import Feed
from graph_compiler.trainers.steps import Steps

GLANCE = 512
"""Rows that are generated freely after each epoch; at the end it is all of them."""
EXACT, TOKENS = "exact_match", "free_accuracy"
BITS, SHARE = "bits", "unigram_share"


class Measures:
    """Measures a run. `names` are the figures beyond those of `steps`."""

    def __init__(self, compiled: Compiled, feed: Feed, steps: Steps) -> None:
        self.compiled, self.feed, self.steps = compiled, feed, steps
        self._texts = [o for o in compiled.plan.objectives if _is_text(o)]

    @cached_property
    def generator(self) -> Generator:
        """Generates the sequence of the drawing; only for drawings that have one."""
        return Generator(sequence_models(self.compiled))

    @property
    def free(self) -> bool:
        """Whether sequences are generated from something, so that there is an answer to compare them with."""
        plan = self.compiled.plan.sequence
        return plan is not None and bool(plan.context or any(state.initial for state in plan.states))

    @property
    def names(self) -> tuple[str, ...]:
        """Figures that a measurement has besides those of the steps."""
        several = len(self._texts) > 1
        texts = [f"{o.node}_{name}" if several else name for o in self._texts for name in (BITS, SHARE)]
        return (*texts, *((EXACT, TOKENS) if self.free else ()))

    def of(self, part: str, whole: bool = True) -> dict[str, float]:
        """Figures by name over the rows of a part; without `whole` only the first rows are generated. Empty without rows."""
        found = self.steps.measure(part)
        if not found:
            return {}
        for plan in self._texts:
            found |= self._bits(plan, part, found)
        return found | (self._freely(part, whole) if self.free else {})

    def _bits(self, plan: ObjectivePlan, part: str, found: dict[str, float]) -> dict[str, float]:
        """Bits a token, and their share of what guessing by frequency alone would need (the unigram entropy)."""
        name = "loss" if len(self.compiled.plan.goals.settled) == 1 else f"{plan.node}_loss"
        prefix = f"{plan.node}_" if len(self._texts) > 1 else ""
        bits = found[name] / (plan.weight or 1.0) / math.log(2)
        entropy = unigram_entropy(self.feed.part(part, [plan.target])[plan.target])
        return {prefix + BITS: bits, prefix + SHARE: bits / entropy if entropy else math.inf}

    def _freely(self, part: str, whole: bool) -> dict[str, float]:
        """Share of rows that come out whole as they should, and of tokens that do, each fed with its own choices."""
        plan = self.compiled.plan.sequence
        assert plan is not None
        rows = None if whole else GLANCE
        order = self.feed.order(part)
        ends = [*self.generator.reads, plan.column]
        columns = {end: self.feed.columns[end][order[self.feed.sources.index(end[0])][:rows]] for end in ends}
        wanted = columns.pop(plan.column)
        made = self.generator.greedy(columns)
        counts = wanted != 0
        right = (made == wanted) & counts
        return {EXACT: float((made == wanted).all(axis=1).mean()), TOKENS: float(right.sum() / max(1, counts.sum()))}


def _is_text(plan: ObjectivePlan) -> bool:
    column = plan.target_tensor.column
    return column is not None and column.kind == "tokens" and plan.resolved.loss == "SparseCategoricalCrossentropy"


def unigram_entropy(tokens: np.ndarray) -> float:
    """Bits a token that the frequencies of the tokens themselves leave; padding is left out."""
    counts = np.bincount(tokens[tokens != 0].reshape(-1)).astype(np.float64)
    shares = counts[counts > 0] / max(1.0, counts.sum())
    return float(-(shares * np.log2(shares)).sum())
