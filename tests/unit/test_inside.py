"""What is seen inside a node: spreads, weights and values as pictures, and the file that keeps them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from graph_compiler.runs import watched
from graph_compiler.runs.watched import Moved, Watched
from graph_compiler.trainers import inside


def layer(kind: str, kernel: np.ndarray) -> object:
    """A layer with one weight."""
    variable = SimpleNamespace(name="kernel", shape=kernel.shape, dtype="float32", numpy=lambda: kernel)
    return type(kind, (), {"weights": [variable]})()


def pictures(kind: str, kernel: np.ndarray, template: tuple[int, int] | None = None) -> tuple[np.ndarray, int, str]:
    """Its weights as pictures."""
    made = layer(kind, kernel)
    return inside.pictures_of_weights(made, inside.kernel_of(made), template)


def test_zeros_and_outliers_do_not_hide_the_spread() -> None:
    values = np.concatenate([np.zeros(900), np.linspace(1, 2, 1000), [1e6, np.nan, np.inf]])
    counts, low, high = inside.spread(values.astype(np.float32))
    assert 0.9 < low < 1.1 and 1.9 < high < 2.1 and counts.min() > 30
    assert inside.spread(np.zeros(5))[0].sum() == 0
    counts, low, high = inside.spread(np.full(5, 3.0))
    assert counts.sum() == 5 and low < 3 < high


@pytest.mark.parametrize(("kind", "shape", "expected", "of", "words"), [
    ("Conv2D", (3, 3, 32, 64), (24, 3, 3), 64, "filters"),
    ("Conv2DTranspose", (5, 4, 16, 8), (16, 5, 4), 16, "filters"),
    ("DepthwiseConv2D", (3, 3, 8, 2), (16, 3, 3), 16, "filters"),
    ("Conv3D", (3, 5, 5, 2, 4), (4, 5, 5), 4, "filters"),
    ("Conv1D", (7, 40, 6), (6, 32, 7), 6, "filters"),
    ("Conv2D", (1, 1, 16, 8), (1, 8, 16), 1, "matrix"),
    ("Dense", (1600, 10), (1, 10, 64), 1, "matrix"),
    ("Embedding", (5000, 16), (1, 16, 64), 1, "matrix")])
def test_weights_are_pictures_of_what_is_learnt(kind, shape, expected, of, words) -> None:
    tiles, found, told = pictures(kind, np.random.default_rng(0).normal(size=shape).astype(np.float32))
    assert (tiles.shape, tiles.dtype, found, told) == (expected, np.uint8, of, words)


def test_units_that_read_pixels_are_shown_as_pictures() -> None:
    kernel = np.zeros((6, 2), np.float32)
    kernel[4, 1] = -2.0  # the second unit, row 1 and column 1
    tiles, of, words = pictures("Dense", kernel, (2, 3))
    assert (tiles.shape, of, words) == ((2, 2, 3), 2, "units")
    assert tiles[1, 1, 1] == 1 and (tiles[0] == 128).all(), "grey is nothing, black the largest below"


def test_values_are_channels_steps_or_rows() -> None:
    maps, of, words = inside.pictures_of_values(np.random.default_rng(0).normal(size=(16, 64, 48, 40)))
    assert (maps.shape, of, words) == ((24, 32, 32), 40, "channels") and maps.max() == 255 and maps.min() == 0
    assert inside.pictures_of_values(np.ones((16, 10, 8)))[0].shape == (1, 8, 10)
    assert inside.pictures_of_values(np.ones((16, 500)))[0].shape == (1, 16, 64)
    assert not len(inside.pictures_of_values(np.ones(16))[0])


def test_shrinking_takes_means_of_blocks() -> None:
    assert inside.shrunk(np.arange(8.0).reshape(2, 4), 2, 2).tolist() == [[0.5, 2.5], [4.5, 6.5]]


def test_a_look_comes_back_from_its_file_and_a_broken_one_is_none(tmp_path: Path) -> None:
    seen = Watched("block/é.conv", 7, 16, np.arange(20), -1.0, 2.0, 0.6, 0.1, 0.5, np.ones((2, 3, 3), np.uint8), 64, "filters",
                   np.ones((1, 4, 4), np.uint8), 8, "channels", (Moved("kernel", (3, 3), 0.5, None),))
    path = watched.write(tmp_path, seen)
    assert path == watched.path_of(tmp_path, seen.node) and [p.name for p in path.parent.iterdir()] == [path.name]
    back = watched.read(path)
    assert back is not None and (back.node, back.step, back.moved, back.zeros) == (seen.node, 7, seen.moved, 0.6)
    assert (back.filters == seen.filters).all() and (back.counts == seen.counts).all()
    path.write_bytes(path.read_bytes()[:60])
    assert watched.read(path) is None and watched.read(tmp_path / "none.npz") is None
