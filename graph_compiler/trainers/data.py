"""The rows a training reads: source tables in memory, their split, and the order of an epoch, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.plan import End
from graph_compiler.datasets.split import PARTS, split_rows
from graph_compiler.specs.datasets import Place, SourceSpec
from graph_compiler.trainers.noise import table as noise_table
from graph_compiler.trainers.problems import TrainProblem

NOISE_ROWS = 1000
"""Rows of noise where nothing else says how many."""


@dataclass(frozen=True)
class Feed:
    """Columns by (source id, column name), arrays [all rows, ...], and row numbers by part and source.

    The first of `sources` drives the epoch: an epoch is one pass over its training rows, the others repeat.
    """

    columns: Mapping[End, np.ndarray]
    rows: Mapping[str, Mapping[str, np.ndarray]]
    sources: tuple[str, ...]
    noise: frozenset[End] = frozenset()
    """Columns that are fixed noise here and are drawn anew in training."""

    def count(self, part: str) -> int:
        """Rows of the driving source in `train`, `validation` or `test`."""
        return len(self.rows[part][self.sources[0]]) if self.sources else 0

    @property
    def counts(self) -> dict[str, int]:
        """Rows of the driving source by part."""
        return {part: self.count(part) for part in PARTS}

    def order(self, part: str) -> np.ndarray:
        """Row numbers int32 [sources, rows] in table order; sources other than the driving one repeat as needed."""
        count = self.count(part)
        return np.stack([np.resize(self._rows(part, source), count) for source in self.sources]).astype(np.int32)

    def shuffled(self, seed: int, epoch: int) -> np.ndarray:
        """Training rows int32 [sources, rows] of one epoch: each source in its own order, drawn from seed and epoch alone."""
        count, out = self.count("train"), []
        for number, source in enumerate(self.sources):
            rows, pieces = self._rows("train", source), 0
            drawn: list[np.ndarray] = []
            while sum(map(len, drawn)) < count:
                drawn.append(np.random.default_rng((seed, epoch, number, pieces)).permutation(rows))
                pieces += 1
            out.append(np.concatenate(drawn)[:count])
        return np.stack(out).astype(np.int32)

    def part(self, part: str, ends: Iterable[End]) -> dict[End, np.ndarray]:
        """The arrays [rows of the part, ...] of some columns."""
        return {end: self.columns[end][self.rows[part][end[0]]] for end in ends}

    def _rows(self, part: str, source: str) -> np.ndarray:
        rows = self.rows[part][source]
        if not len(rows):
            raise TrainProblem("split", f"The split of {source} leaves no rows to {_WORDS[part]} with.",
                               "Change the shares in the Data tab.", source)
        return rows


_WORDS = {"train": "train", "validation": "validate", "test": "test"}


def load_feed(analysis: Analyzer, ends: Iterable[End], place: Place) -> Feed:
    """Load the tables behind these columns and split them. DataProblem or TrainProblem when that cannot be."""
    wanted = list(dict.fromkeys(ends))
    present = dict.fromkeys(source for source, _ in wanted)
    sources = tuple(dict.fromkeys([s for s in analysis.plan.sources if s in present] + list(present)))
    columns: dict[End, np.ndarray] = {}
    rows: dict[str, dict[str, np.ndarray]] = {part: {} for part in PARTS}
    noise = frozenset(end for end in wanted if not isinstance(analysis.engine.facts[end[0]].spec, SourceSpec))
    tables = [source for source in sources if (source, "out") not in noise]
    for source in tables:
        facts = analysis.engine.facts[source]
        assert isinstance(facts.spec, SourceSpec)
        table = facts.spec.dataset.load(facts.values, place)
        for part, numbers in split_rows(table, facts.values).items():
            rows[part][source] = numbers
        for end in wanted:
            if end[0] == source:
                columns[end] = _typed(table.arrays[end[1]], facts.outputs[end[1]].dtype)
    for number, end in enumerate(sorted(noise)):
        _fill(analysis, end, number, tables, columns, rows)
    feed = Feed(columns, rows, sources, noise)
    if not sources or not feed.count("train"):
        raise TrainProblem("split", "There are no rows to train with.", "Change the shares in the Data tab.")
    return feed


def _fill(analysis: Analyzer, end: End, number: int, tables: list[str], columns: dict[End, np.ndarray],
          rows: dict[str, dict[str, np.ndarray]]) -> None:
    """Noise for as many rows as the driving table has, split as it is; `NOISE_ROWS` where there is no table."""
    known = [rows[part][tables[0]] for part in PARTS] if tables else [np.arange(NOISE_ROWS)] * len(PARTS)
    for part, own in zip(PARTS, known, strict=True):
        rows[part][end[0]] = own
    count = 1 + max(int(own.max()) for own in known if len(own))
    columns[end] = noise_table(analysis.engine.facts[end[0]].values, count, number)


def _typed(array: np.ndarray, dtype: str) -> np.ndarray:
    return np.asarray(array).astype(str if dtype == "string" else dtype, copy=False)


def balanced(targets: np.ndarray, classes: int) -> np.ndarray:
    """Weights float32 [classes]: inverse frequency, so that each class counts alike and the mean weight of a row is 1.

    `targets` are whole numbers of any shape, or one-hot rows [rows, classes]. Classes that never come weigh 1.
    """
    if targets.dtype.kind in "iub":
        counts = np.bincount(targets.reshape(-1).astype(np.int64), minlength=classes)
    else:
        counts = targets.reshape(-1, targets.shape[-1]).sum(axis=0)
    total, present = counts.sum(), np.count_nonzero(counts)
    return np.where(counts > 0, total / (present * np.maximum(counts, 1e-9)), 1.0).astype(np.float32)
