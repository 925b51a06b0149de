"""Patches of nuclei: what they show, and that no pixel of the test is in training."""

from __future__ import annotations

import numpy as np
import pytest

from graph_compiler.datasets.embedded import read_npz
from graph_compiler.datasets.nuclei import BANDS, EDGE
from graph_compiler.datasets.patches import corners
from graph_compiler.datasets.split import split_rows
from tests.helpers.sources import column, load


@pytest.mark.parametrize(("size", "stride"), [(64, 16), (16, 16), (96, 7), (50, 96)])
def test_no_pixel_is_in_two_parts(size, stride):
    covered = {}
    for part, where in corners(EDGE, BANDS, size, stride).items():
        covered[part] = np.zeros((EDGE, EDGE), bool)
        for y, x in where:
            covered[part][y:y + size, x:x + size] = True
        assert where
    assert not (covered["train"] & covered["test"]).any()
    assert not (covered["train"] & covered["validation"]).any()
    assert not (covered["validation"] & covered["test"]).any()


def test_patches_are_cut_from_the_picture_as_it_is():
    table, schema, p = load("Nuclei", size=48, stride=24)
    raw = read_npz("seg_nuclei.npz")
    assert raw["x"].max() == 235, "the camera's numbers fit into uint8"
    for y, x in corners(EDGE, BANDS, 48, 24)["train"][::20]:
        same = (table.arrays["image"][..., 0] == raw["x"][y:y + 48, x:x + 48]).all(axis=(1, 2))
        assert same.sum() == 1, "the picture is kept as it is, each patch once"
        assert np.array_equal(table.arrays["mask"][same][0] == 1, raw["instances"][y:y + 48, x:x + 48] > 0)
    assert column(schema, "mask").classes == ("background", "nucleus")
    rows = split_rows(table, p)
    assert tuple(map(len, rows.values())) == schema.given
    shares = [table.arrays["mask"][at].mean() for at in rows.values()]
    assert min(shares) > 0.1, shares


def test_diabetes_comes_in_its_own_units():
    table, schema, _ = load("Diabetes")
    assert table.arrays["features"][0].tolist() == pytest.approx([59, 2, 32.1, 101, 157, 93.2, 38, 4, 4.8598, 87])
    assert table.arrays["progression"][:2].tolist() == [151, 75]
    assert schema.rows == 442
