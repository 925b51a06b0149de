"""Sources made from the MNIST sample: words, pairs and traits of digits."""

from __future__ import annotations

import numpy as np
import pytest

from graph_compiler.datasets import digit_pairs, mnist
from graph_compiler.datasets.digit_words import WORDS
from graph_compiler.datasets.mnist_traits import DIGITS_WITH
from graph_compiler.datasets.previews import preview
from graph_compiler.datasets.split import PARTS, split_rows
from graph_compiler.datasets.tokens import decode
from tests.helpers.sources import column, load

LABELS = mnist.table().arrays["label"]


def test_every_digit_has_its_word():
    table, schema, p = load("DigitWords")
    word = column(schema, "word")
    assert word.shape == (6,) and word.vocabulary[:3] == ("", "‹start›", "‹end›")
    assert "".join(word.vocabulary[3:]) == "efghinorstuvwxz"
    for row in range(0, 6000, 97):
        assert decode(table.arrays["word"][row], word) == WORDS[LABELS[row]]
    assert (table.arrays["word"] == word.end).sum() == 6000, "the longest words leave room for the end mark"
    assert np.array_equal(split_rows(table, p)["test"], np.arange(5000, 6000))


@pytest.mark.parametrize("seed", [0, 3])
def test_pairs_are_balanced_and_test_pictures_unseen(seed):
    pairs, same, parts = digit_pairs.drawn(2000, seed)
    assert (LABELS[pairs[:, 0]] == LABELS[pairs[:, 1]]).tolist() == (same == 1).tolist()
    assert (pairs[:, 0] != pairs[:, 1]).all(), "no picture is paired with itself"
    seen = {part: set(pairs[rows].ravel().tolist()) for part, rows in parts.items()}
    for one, other in (("train", "validation"), ("train", "test"), ("validation", "test")):
        assert not seen[one] & seen[other]
    assert min(seen["test"]) >= 5000
    assert [len(parts[part]) for part in PARTS] == [1600, 200, 200]
    assert [int(same[parts[part]].sum()) for part in PARTS] == [800, 100, 100]


def test_pairs_are_loaded_as_pictures():
    table, schema, _ = load("DigitPairs", rows=200)
    pairs, _, _ = digit_pairs.drawn(200, 0)
    images = mnist.table().arrays["image"]
    assert np.array_equal(table.arrays["a"], images[pairs[:, 0]])
    assert np.array_equal(table.arrays["b"], images[pairs[:, 1]])
    shown = preview(table, schema, "a")
    assert np.array_equal(shown.pictures[0], table.arrays["a"][0]) and np.array_equal(shown.pictures[5], table.arrays["b"][0])
    other, _, _ = load("DigitPairs", rows=200, seed=1)
    assert not np.array_equal(other.arrays["a"], table.arrays["a"])


def test_traits_hold_for_their_digits():
    table, schema, _ = load("MNISTTraits")
    traits = column(schema, "traits")
    assert traits.channels == ("even", "above 4", "prime", "loop")
    for place, digits in enumerate(DIGITS_WITH.values()):
        assert np.array_equal(table.arrays["traits"][:, place] == 1, np.isin(table.arrays["label"], digits))
