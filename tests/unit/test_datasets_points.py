"""Generated points: balanced, repeatable, and separable as far as their noise allows."""

from __future__ import annotations

import numpy as np
import pytest

from graph_compiler.datasets.points2d import KINDS
from graph_compiler.datasets.split import split_rows
from tests.helpers.sources import load


def nearest(table, p):
    """The share of test points whose nearest training point is of their class."""
    rows, x, y = split_rows(table, p), table.arrays["features"].astype(np.float64), table.arrays["label"]
    far = ((x[rows["test"]][:, None] - x[rows["train"]][None]) ** 2).sum(-1)
    return (y[rows["train"]][far.argmin(1)] == y[rows["test"]]).mean()


@pytest.mark.parametrize("kind", KINDS)
def test_points_are_balanced_and_can_be_told_apart(kind):
    table, schema, p = load("Points2D", kind=kind)
    assert np.bincount(table.arrays["label"]).tolist() == [1000, 1000]
    assert np.abs(table.arrays["features"]).max() < 7
    assert nearest(table, p) >= 0.99
    assert schema.rows == table.rows == 2000


def test_the_seed_decides_and_noise_blurs():
    first, again, other = (load("Points2D", seed=seed)[0].arrays["features"] for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    blurred, _, p = load("Points2D", noise=2.0)
    assert nearest(blurred, p) < 0.8


def test_rows_and_ports_are_parameters():
    table, schema, _ = load("Points2D", rows=31, ports="each")
    assert [c.name for c in schema.columns] == ["features", "x", "y", "label"]
    assert len(table.arrays["x"]) == 31
