"""Classes at places against numbers worked out by hand and by scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest

from graph_compiler.runs.places import Places, class_numbers

MASKS = Places(np.uint8([[[0, 1], [1, 1]], [[2, 2], [0, 0]]]), np.uint8([[[0, 1], [1, 0]], [[2, 2], [2, 0]]]),
               ("ground", "car", "sign"))
TAGS = Places(np.uint8([[2, 2, 3, 0], [3, 3, 1, 2]]), np.uint8([[2, 2, 3, 3], [3, 2, 0, 0]]), ("", "‹start›", "day", "year"))


def test_masks_are_counted_place_by_place():
    assert MASKS.axes == 2 and MASKS.names == ("ground", "car", "sign")
    assert MASKS.confusion().tolist() == [[2, 1, 0], [0, 2, 0], [1, 0, 2]]
    assert MASKS.accuracy() == 6 / 8
    assert MASKS.wrong_shares().tolist() == [0.25, 0.25]
    assert [row["iou"] for row in MASKS.per_class()] == [0.5, 2 / 3, 2 / 3]
    assert MASKS.in_cell(0, 1).tolist() == [1, 0] and MASKS.wrong_in(2).tolist() == [0, 1]


def test_padding_does_not_count_and_only_tokens_that_come_are_classes():
    assert TAGS.counted.sum() == 6
    assert TAGS.names == ("padding", "day", "year")
    assert TAGS.confusion().tolist() == [[0, 0, 0], [0, 2, 1], [1, 0, 2]]
    assert TAGS.wrong_shares().tolist() == [0.25, 0.5]
    assert TAGS.in_cell(2, 0).tolist() == [1, 0]
    padding = TAGS.per_class()[0]
    assert np.isnan(padding["recall"]) and padding["count"] == 0 and padding["precision"] == 0


def test_a_text_of_padding_alone_is_never_wrong():
    empty = Places(np.ones((1, 3), np.uint8), np.zeros((1, 3), np.uint8), ("", "day"))
    assert empty.wrong_shares().tolist() == [0.0] and np.isnan(empty.accuracy())
    assert empty.confusion().shape == (0, 0) and empty.per_class() == []


def test_the_figures_are_those_of_scikit_learn():
    from sklearn.metrics import confusion_matrix, jaccard_score, precision_recall_fscore_support

    rng = np.random.default_rng(5)
    true = rng.integers(0, 4, (20, 6, 6))
    said = np.where(rng.random(true.shape) < 0.7, true, rng.integers(0, 4, true.shape))
    places = Places(said, true, tuple("abcd"))
    flat = true.reshape(-1), said.reshape(-1)
    assert (places.confusion() == confusion_matrix(*flat)).all()
    expected = (*precision_recall_fscore_support(*flat), jaccard_score(*flat, average=None))
    for number, name in enumerate(("precision", "recall", "f1", "count", "iou")):
        assert np.allclose([row[name] for row in places.per_class()], expected[number])


@pytest.mark.parametrize("target", [np.array([[0, 2], [1, 1]]), np.array([[0, 2], [1, 1]])[..., None],
                                    np.eye(3)[[[0, 2], [1, 1]]]])
def test_scores_and_targets_become_small_numbers(target):
    scores = np.eye(3, dtype=np.float32)[[[0, 1], [1, 2]]]
    said, true = class_numbers(scores, target, yes_no=False, logits=False)
    assert said.tolist() == [[0, 1], [1, 2]] and true.tolist() == [[0, 2], [1, 1]]
    assert said.dtype == true.dtype == np.uint8
    assert class_numbers(said, true, yes_no=False, logits=False)[0].tolist() == said.tolist()


def test_a_place_may_be_left_out_by_minus_one():
    said, true = class_numbers(np.array([[300, 1]]), np.array([[-1, 1]]), yes_no=False, logits=False)
    assert said.dtype == np.uint16 and true.dtype == np.int16
    assert Places(said, true, ("a", "b")).counted.tolist() == [[False, True]]


@pytest.mark.parametrize("logits", [False, True])
def test_yes_and_no_at_each_place(logits):
    shares = np.array([[[0.2], [0.9]], [[0.6], [0.4]]])
    scores = np.log(shares / (1 - shares)) if logits else shares
    said, true = class_numbers(scores, np.array([[0, 1], [1, 1]]), yes_no=True, logits=logits)
    assert said.tolist() == [[0, 1], [1, 0]] and true.shape == (2, 2)
