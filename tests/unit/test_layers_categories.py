"""Rules of layers for categories, text and sound: shapes, what the places mean, and the words of their refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from graph_compiler.layers import audio, categories, preprocessing, texts
from graph_compiler.specs.nodes import Inferred, LayerSpec
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor
from tests.helpers.parameters import checked

SPECS: dict[str, LayerSpec] = {spec.name: spec for home in (audio, categories, preprocessing, texts) for spec in home.SPECS}
WORD, NUMBER, CODE = Tensor((), "string"), Tensor(()), Tensor((), "int32")
WIDE = {"max_tokens": 6, "pad_to_max_tokens": True}


def rule(name: str, *tensors: Tensor, **given: Any) -> Inferred:
    return SPECS[name].infer(checked(SPECS[name], given), {"in": tensors})


def refusal(name: str, *tensors: Tensor, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        rule(name, *tensors, **given)
    return caught.value


def words(name: str, *tensors: Tensor, **given: Any) -> str:
    return SPECS[name].explained(checked(SPECS[name], given), {"in": tensors})


def test_discretization() -> None:
    assert rule("Discretization", Tensor((4,))).outputs[0] == Tensor((4,), "int32")
    assert rule("Discretization", NUMBER, output_mode="one_hot", num_bins=4).outputs[0] == Tensor((4,))
    assert rule("Discretization", Tensor((4,)), output_mode="count", bin_boundaries=[0, 1]).outputs[0] == Tensor((3,))
    assert words("Discretization", NUMBER) == "numbers 0 to 9"
    assert refusal("Discretization", NUMBER, num_bins=None).param == "num_bins"
    assert refusal("Discretization", NUMBER, bin_boundaries=[1, 0]).received == "1, 0"
    assert refusal("Discretization", NUMBER, output_mode="multi_hot").hint == "Choose one_hot for a single value."
    assert refusal("Discretization", CODE).code == "dtype"


def test_hashes() -> None:
    assert rule("Hashing", WORD).outputs[0] == Tensor((), "int64")
    assert rule("Hashing", Tensor((3,), "int32"), output_mode="one_hot", num_bins=5).outputs[0] == Tensor((3, 5))
    assert rule("HashedCrossing", WORD, CODE, output_mode="one_hot").outputs[0] == Tensor((64,))
    assert refusal("HashedCrossing", WORD).received == "1 wire"
    assert refusal("HashedCrossing", WORD, Tensor((3,), "int32")).expected == "single values everywhere"
    assert refusal("Hashing", WORD, sparse=True).param == "sparse"


@pytest.mark.parametrize(("name", "x"), [("StringLookup", WORD), ("IntegerLookup", CODE)])
def test_lookups_know_their_width_before_they_learn(name: str, x: Tensor) -> None:
    assert rule(name, x).outputs[0] == Tensor((), "int64")
    assert rule(name, x, output_mode="one_hot", **WIDE).outputs[0] == Tensor((6,))
    assert words(name, x) == "a number for each, as many as the training rows have"
    wide = refusal(name, x, output_mode="one_hot")
    assert (wide.code, wide.param) == ("vocabulary", "pad_to_max_tokens")
    assert refusal(name, x, pad_to_max_tokens=True).param == "max_tokens"
    assert refusal(name, x, max_tokens=2, num_oov_indices=2).expected.startswith("at least 3")


def test_text_vectorization() -> None:
    assert rule("TextVectorization", WORD).outputs[0] == Tensor((None,), "int64")
    assert rule("TextVectorization", WORD, output_sequence_length=9).outputs[0] == Tensor((9,), "int64")
    assert rule("TextVectorization", WORD, output_mode="tf_idf", **WIDE).outputs[0] == Tensor((6,))
    assert words("TextVectorization", WORD, max_tokens=500, output_sequence_length=9) == \
        "9 numbers of 500 tokens, 0 where a text ends"
    assert refusal("TextVectorization", WORD, output_mode="count", output_sequence_length=3, **WIDE).param == \
        "output_sequence_length"
    assert refusal("TextVectorization", Tensor((1,), "string")).code == "rank"
    assert refusal("TextVectorization", CODE).code == "dtype"


@pytest.mark.parametrize("mode", ["one_hot", "multi_hot", "count"])
@pytest.mark.parametrize("name", ["CategoryEncoding", "Discretization"])
def test_places_are_those_of_keras(name: str, mode: str) -> None:
    """The classes of ours that mend them give the numbers Keras gives."""
    import keras

    given = {"num_tokens": 4} if name == "CategoryEncoding" else {"bin_boundaries": [1.0, 2.0, 3.0]}
    values = np.array([[0, 3, 3], [1, 1, 1]], "int32" if name == "CategoryEncoding" else "float32")
    ours = SPECS[name].build(keras, checked(SPECS[name], {**given, "output_mode": mode}), "layer")
    theirs = getattr(keras.layers, name)(output_mode=mode, **given)
    np.testing.assert_array_equal(ours(values), theirs(values))


def test_spectrograms() -> None:
    found = rule("STFTSpectrogram", Tensor((100, 2)), frame_length=16, frame_step=8)
    assert (found.outputs[0], found.weights, found.macs) == (Tensor((11, 18)), 288, 11 * 2 * 288)
    wide = rule("STFTSpectrogram", Tensor((100, 2)), frame_length=16, expand_dims=True, mode="stft")
    assert wide.outputs[0] == Tensor((11, 18, 2))
    assert words("STFTSpectrogram", Tensor((1000, 1))) == "6 frames of 256, 129 frequencies each"
    assert refusal("STFTSpectrogram", Tensor((100, 2)), frame_length=8, frame_step=9).param == "frame_step"
    assert refusal("STFTSpectrogram", Tensor((100, 2)), frame_length=8, fft_length=4).param == "fft_length"
    assert refusal("STFTSpectrogram", Tensor((100,))).code == "rank"
    assert rule("MelSpectrogram", Tensor((16000,))).outputs[0] == Tensor((128, 32))
    assert words("MelSpectrogram", Tensor((16000,))) == "128 pitches × 32 frames"
    assert refusal("MelSpectrogram", Tensor((800,))).param == "fft_length"
    assert refusal("MelSpectrogram", Tensor((5119,))).param == "sequence_stride"
    assert refusal("MelSpectrogram", Tensor((16000,)), max_freq=10).param == "max_freq"
