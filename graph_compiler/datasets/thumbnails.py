"""What is in the columns of a table, in figures: counts of classes and tokens, ranges and histograms. numpy only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from graph_compiler.datasets.tokens import used
from graph_compiler.specs.datasets import Schema, Table
from graph_compiler.specs.tensors import Column

HISTOGRAM_BINS = 24


@dataclass(frozen=True)
class NumberSummary:
    """A number column [rows] or vector [rows, n]: extremes, mean, spread, and a histogram of all its values."""

    low: float
    high: float
    mean: float
    std: float
    counts: tuple[int, ...]
    """Values in each of `HISTOGRAM_BINS` equal bins between `low` and `high`."""


@dataclass(frozen=True)
class ClassSummary:
    """Rows by class, in the order of the class names."""

    counts: tuple[int, ...]

    @property
    def balance(self) -> float:
        """The rarest class as a share of the most frequent one."""
        most = max(self.counts, default=0)
        return min(self.counts) / most if most else 0.0


@dataclass(frozen=True)
class PictureSummary:
    """Extremes and mean of all pixels."""

    low: int
    high: int
    mean: float


@dataclass(frozen=True)
class MaskSummary:
    """Pixels by class."""

    counts: tuple[int, ...]


@dataclass(frozen=True)
class TokenSummary:
    """How often each token comes, by id (padding counts 0), and how many tokens a row has, padding left out."""

    counts: tuple[int, ...]
    shortest: int
    longest: int
    mean: float


@dataclass(frozen=True)
class SeriesSummary:
    """Each channel of a series, or each number of a vector with names, by itself."""

    parts: tuple[NumberSummary, ...]


Summary = SeriesSummary | NumberSummary | ClassSummary | PictureSummary | MaskSummary | TokenSummary


def summarise(table: Table, schema: Schema) -> dict[str, Summary]:
    """A summary by column name, for every column the table has."""
    return {c.name: summary_of(table.arrays[c.name], c) for c in schema.every if c.name in table.arrays and c.kind != "text"}


def summary_of(values: np.ndarray, column: Column) -> Summary:
    """The summary that fits the column's kind."""
    if column.kind == "category":
        return ClassSummary(tuple(np.bincount(values, minlength=len(column.classes)).tolist()))
    if column.kind in ("image", "video"):
        return PictureSummary(int(values.min()), int(values.max()), float(values[:2000].mean()))
    if column.kind == "mask":
        return MaskSummary(tuple(np.bincount(values.ravel(), minlength=len(column.classes)).tolist()))
    if column.kind == "tokens":
        return _tokens(values, len(column.vocabulary))
    if column.kind == "series" or column.channels:
        return SeriesSummary(tuple(_numbers(values[..., i]) for i in range(values.shape[-1])))
    return _numbers(values)


def _numbers(values: np.ndarray) -> NumberSummary:
    flat = np.asarray(values, np.float64).ravel()
    low, high = float(flat.min()), float(flat.max())
    counts, _ = np.histogram(flat, HISTOGRAM_BINS, (low, high if high > low else low + 1.0))
    return NumberSummary(low, high, float(flat.mean()), float(flat.std()), tuple(counts.tolist()))


def _tokens(values: np.ndarray, size: int) -> TokenSummary:
    counts = np.bincount(values.ravel(), minlength=size)
    counts[0] = 0
    lengths = used(values)
    return TokenSummary(tuple(counts.tolist()), int(lengths.min()), int(lengths.max()), float(lengths.mean()))


def class_counts(table: Table, column: Column, rows: Mapping[str, np.ndarray]) -> dict[str, ClassSummary]:
    """Class counts in each part of the split."""
    values = table.arrays[column.name]
    least = len(column.classes)
    return {part: ClassSummary(tuple(np.bincount(values[at], minlength=least).tolist())) for part, at in rows.items()}


def with_class(values: np.ndarray, number: int) -> np.ndarray:
    """Which rows of a category [rows] are of a class, or of a mask [rows, h, w] show it anywhere."""
    return np.asarray((values == number).any(axis=tuple(range(1, values.ndim))))
