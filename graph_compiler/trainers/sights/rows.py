"""The rows that sights look at: the same ones in every epoch, spread over the validation rows, and one fixed noise."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from graph_compiler.analysis.goals import End
from graph_compiler.trainers.data import Feed


def fixed(feed: Feed, columns: Iterable[End], count: int) -> dict[End, np.ndarray]:
    """`count` rows of some columns, aligned, evenly spread over the validation rows (training rows where there are none)."""
    part = "validation" if feed.count("validation") else "train"
    order = feed.order(part)
    picked = order[:, spread(order.shape[1], count)]
    return {end: feed.columns[end][picked[feed.sources.index(end[0])]] for end in columns}


def spread(rows: int, count: int) -> np.ndarray:
    """At most `count` of `rows` row numbers, evenly spread, the first among them."""
    return np.unique(np.linspace(0, rows, min(count, rows), endpoint=False).astype(int))
