"""Windows over one long run of values or characters, cut so that none straddles the boundaries of a chronological split."""

from __future__ import annotations

from itertools import pairwise

from graph_compiler.arrays import np
from graph_compiler.datasets.split import PARTS
from graph_compiler.specs.nodes import Values


def segments(total: int, p: Values) -> dict[str, tuple[int, int]]:
    """First place and the place behind the last of each part: training first, then validation, then test."""
    test = round(total * p["test"])
    validation = round(total * p["validation"])
    train = max(0, total - validation - test)
    bounds = (0, train, min(total, train + validation), total)
    return dict(zip(PARTS, pairwise(bounds), strict=True))


def window_starts(total: int, span: int, stride: int, p: Values) -> dict[str, np.ndarray]:
    """Where the windows of `span` places begin, by part; each lies in its part with all its places."""
    return {part: np.arange(first, last - span + 1, stride) for part, (first, last) in segments(total, p).items()}


def window_counts(total: int, span: int, stride: int, p: Values) -> tuple[int, int, int]:
    """Windows of each part, without making them."""
    train, validation, test = (max(0, (last - first - span) // stride + 1) if last - first >= span else 0
                               for first, last in segments(total, p).values())
    return train, validation, test


def rows_of(starts: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Row numbers by part when the windows of all parts stand below one another, as a table has them."""
    rows, first = {}, 0
    for part, where in starts.items():
        rows[part] = np.arange(first, first + len(where))
        first += len(where)
    return rows
