"""Painted sources: shapes fill exactly their pixels, masks tell the truth, clips move as they say."""

from __future__ import annotations

import numpy as np
import pytest

from graph_compiler.datasets.moving_shapes import MOTIONS, SHAPES
from graph_compiler.datasets.previews import stills
from graph_compiler.datasets.raster import Canvas
from graph_compiler.datasets.split import split_rows
from graph_compiler.datasets.street_painter import (
    BUILDING,
    CAR,
    CLASSES,
    MARK,
    PAVEMENT,
    PERSON,
    PLANTS,
    ROAD,
    SKY,
    View,
    paint,
)
from tests.helpers.sources import column, load

RED = (1.0, 0.0, 0.0)


def painted(draw):
    canvas = Canvas(10, 12)
    draw(canvas)
    assert ((canvas.mask == 1) == (canvas.picture[..., 0] == 1)).all(), "the mask is where the paint is"
    return canvas.mask


@pytest.mark.parametrize(("corners", "pixels"), [
    ((2, 3, 5, 7), 12), ((-4, -4, 2, 2), 4), ((10, 8, 40, 40), 4), ((2.4, 3.4, 4.4, 5.6), 6), ((5, 5, 5, 9), 0),
    ((20, 20, 30, 30), 0)])
def test_rectangles_hold_the_pixels_whose_middles_they_hold(corners, pixels):
    assert painted(lambda c: c.rectangle(*corners, RED, 1)).sum() == pixels


def test_polygons_and_ellipses():
    square = [(2, 2), (6, 2), (6, 6), (2, 6)]
    assert np.array_equal(painted(lambda c: c.polygon(square, RED, 1)), painted(lambda c: c.rectangle(2, 2, 6, 6, RED, 1)))
    triangle = painted(lambda c: c.polygon([(0, 0), (8, 0), (0, 8)], RED, 1))
    assert triangle.sum(axis=1).tolist() == [8, 7, 6, 5, 4, 3, 2, 1, 0, 0]
    round_one = painted(lambda c: c.ellipse(6, 5, 4, 4, RED, 1))
    assert round_one.sum() == pytest.approx(np.pi * 16, rel=0.1)
    assert np.array_equal(round_one, round_one[::-1])
    assert painted(lambda c: c.polygon([(20, 20), (30, 20), (30, 30)], RED, 1)).sum() == 0


def test_later_shapes_cover_earlier_ones_and_shade_keeps_the_class():
    canvas = Canvas(4, 4)
    canvas.rectangle(0, 0, 4, 4, RED, 1)
    canvas.rectangle(2, 0, 4, 4, (0.0, 0.0, 1.0), 2)
    place, inside = canvas.in_ellipse(0, 0, 3, 3)
    canvas.shade(place, inside, 0.5)
    assert canvas.mask.tolist() == [[1, 1, 2, 2]] * 4
    assert canvas.picture[0, 0].tolist() == [0.5, 0, 0] and canvas.picture[0, 3].tolist() == [0, 0, 1]


def test_every_class_comes_and_lies_where_it_belongs():
    table, schema, p = load("StreetScenes", rows=120)
    masks = table.arrays["mask"]
    assert column(schema, "mask").classes == CLASSES and len(CLASSES) == 8
    shares = np.bincount(masks.ravel(), minlength=8) / masks.size
    assert shares.min() > 0.005, shares
    height = {number: np.nonzero(masks == number)[1].mean() for number in range(8)}
    assert height[SKY] < height[BUILDING] < height[PLANTS] < height[ROAD]
    assert height[SKY] < height[CAR] and height[MARK] > 32 and height[PERSON] > 32 and height[PAVEMENT] > 32
    assert [len(rows) for rows in split_rows(table, p).values()] == [84, 12, 24]


def test_things_grow_towards_the_camera():
    view = View.drawn(64, np.random.default_rng(0))
    assert view.y(0) < view.y(0.5) < view.y(1) == 64
    assert view.width(0.2) < view.width(1)
    assert view.x(-1, 0) == view.x(1, 0), "the road ends in one point"
    assert view.x(1, 0.5) - view.x(-1, 0.5) == pytest.approx(2 * view.width(0.5))


def test_light_and_noise_differ_from_scene_to_scene():
    table, _, _ = load("StreetScenes", rows=120)
    images = table.arrays["image"].astype(np.float64)
    assert images.mean(axis=(1, 2, 3)).std() > 15
    rough = np.abs(np.diff(images[:, :8], axis=2)).mean(axis=(1, 2, 3))
    assert rough.max() > 3 * rough.min()


def test_a_scene_depends_on_its_seed_and_number_only():
    few, _, _ = load("StreetScenes", rows=12)
    more, _, _ = load("StreetScenes", rows=14)
    other, _, _ = load("StreetScenes", rows=12, seed=1)
    assert np.array_equal(few.arrays["image"], more.arrays["image"][:12])
    assert not np.array_equal(few.arrays["mask"], other.arrays["mask"])
    picture, mask = paint(96, np.random.default_rng(3))
    assert picture.shape == (96, 96, 3) and mask.shape == (96, 96) and picture.dtype == np.uint8


def centres(clips):
    """Middle of the bright pixels [clips, frames, (x, y)] and how many there are [clips, frames]."""
    bright = clips[..., 0] > 128
    size = bright.sum(axis=(2, 3)).clip(1)
    x = (bright.sum(axis=2) * np.arange(bright.shape[3])).sum(axis=2) / size
    y = (bright.sum(axis=3) * np.arange(bright.shape[2])).sum(axis=2) / size
    return np.stack([x, y], axis=-1), size


def test_shapes_move_as_their_class_says():
    table, _, _ = load("MovingShapes", rows=400, noise=0.0)
    middle, size = centres(table.arrays["clip"])
    moved, grown = middle[:, -1] - middle[:, 0], size[:, -1] / size[:, 0]
    motion = np.array(MOTIONS)[table.arrays["motion"]]
    assert (moved[motion == "left"][:, 0] < -2).all() and (moved[motion == "right"][:, 0] > 2).all()
    assert (moved[motion == "up"][:, 1] < -2).all() and (moved[motion == "down"][:, 1] > 2).all()
    assert (grown[motion == "grows"] > 1.3).all() and (grown[motion == "shrinks"] < 0.8).all()
    out = middle - 11.5
    turn = (out[:, :-1, 0] * out[:, 1:, 1] - out[:, :-1, 1] * out[:, 1:, 0]).sum(axis=1)
    assert (turn[motion == "clockwise"] > 0).all() and (turn[motion == "anticlockwise"] < 0).all()


def test_frames_without_their_order_do_not_tell():
    table, _, _ = load("MovingShapes", rows=800, noise=0.0)
    middle, size = centres(table.arrays["clip"])
    motion = table.arrays["motion"]
    for pair in range(0, len(MOTIONS), 2):
        one, other = (middle[motion == pair + i].mean(axis=(0, 1)) for i in (0, 1))
        assert np.abs(one - other).max() < 1.5
        first, last = (size[motion == pair + i].mean() for i in (0, 1))
        assert first == pytest.approx(last, rel=0.15)


def test_clips_are_balanced_and_have_their_parameters():
    table, schema, _ = load("MovingShapes", rows=160, frames=5, size=20)
    assert column(schema, "clip").kind == "video" and column(schema, "clip").dtype == "uint8"
    assert table.arrays["clip"].shape == (160, 5, 20, 20, 1)
    assert np.bincount(table.arrays["motion"]).tolist() == [20] * 8
    assert set(table.arrays["shape"].tolist()) == set(range(len(SHAPES)))


def test_stills_of_clips_stand_side_by_side():
    clips = np.arange(2 * 4 * 1 * 2 * 1, dtype=np.uint8).reshape(2, 4, 1, 2, 1)
    assert stills(clips, 2)[0, 0, :, 0].tolist() == [0, 1, 6, 7]
    images = np.zeros((2, 4, 4, 1), np.uint8)
    assert stills(images) is images
