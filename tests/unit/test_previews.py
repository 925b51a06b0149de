"""What a card shows of each kind of column."""

from __future__ import annotations

import numpy as np
import pytest

from graph_compiler.datasets.previews import frames_of, preview, unit
from graph_compiler.datasets.thumbnails import TokenSummary, summarise, with_class
from graph_compiler.specs.datasets import Schema, Table
from graph_compiler.specs.tensors import Column
from tests.helpers.sources import load

IMAGE = Column(name="image", kind="image", shape=(4, 4, 1))
MASK = Column(name="mask", kind="mask", shape=(4, 4), classes=("background", "thing"))


def test_pictures_and_their_masks():
    table = Table({"image": np.full((20, 4, 4, 1), 16, np.uint8), "mask": np.ones((20, 4, 4), np.int32)})
    plain = preview(table, Schema((IMAGE,)), "image")
    assert len(plain.pictures) == 10 and plain.pictures[0].max() == 255 and plain.masks == ()
    both = preview(table, Schema((IMAGE, MASK)), "image", np.arange(3))
    assert (len(both.pictures), len(both.masks), both.classes) == (3, 3, MASK.classes)


def test_clips_show_frames_of_two():
    clips = np.zeros((4, 9, 4, 4, 1), np.uint8) + np.arange(9, dtype=np.uint8)[None, :, None, None, None] * 20
    column = Column(name="clip", kind="video", shape=(9, 4, 4, 1))
    found = preview(Table({"clip": clips}), Schema((column,)), "clip")
    assert [int(p.max()) for p in found.pictures] == [0, 40, 80, 120, 160] * 2
    assert frames_of(3, 5).tolist() == [0, 1, 2]


def test_texts_curves_and_points():
    table, schema, _ = load("Text", length=20)
    assert preview(table, schema, "text").texts[0].startswith("The \"assert\" stateme")
    series = np.array([[[1.0], [3.0], [2.0]]], np.float32)
    found = preview(Table({"w": series}), Schema((Column(name="w", kind="series", shape=(3, 1)),)), "w")
    assert found.curves[0].tolist() == [0.0, 1.0, 0.5]
    table, schema, _ = load("Points2D")
    found = preview(table, schema, "features")
    assert found.points is not None and found.groups is not None
    assert found.points.shape == (400, 2) and found.points.min() == 0 and found.points.max() == 1
    assert set(found.groups.tolist()) == {0, 1}


def test_a_constant_curve_lies_at_the_bottom():
    assert unit(np.full(3, 7.0)).tolist() == [0, 0, 0]


def test_figures_of_tokens_and_masks():
    table, schema, _ = load("Text", length=20)
    found = summarise(table, schema)["text"]
    assert isinstance(found, TokenSummary)
    assert (found.shortest, found.longest, found.mean, found.counts[0]) == (20, 20, pytest.approx(20), 0)
    masks = np.zeros((3, 4, 4), np.int32)
    masks[1, 0, 0] = 1
    assert summarise(Table({"mask": masks}), Schema((MASK,)))["mask"].counts == (47, 1)
    assert with_class(masks, 1).tolist() == [False, True, False]
    assert with_class(np.array([0, 1, 1]), 1).tolist() == [False, True, True]
