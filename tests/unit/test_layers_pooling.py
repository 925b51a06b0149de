"""Pooling: shapes by hand, words and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from graph_compiler.layers import pooling
from graph_compiler.specs.nodes import Inferred, LayerSpec
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor
from tests.helpers.parameters import checked

BY_NAME: dict[str, LayerSpec] = {spec.name: spec for spec in pooling.SPECS}


def infer(name: str, x: Tensor, **given: Any) -> Inferred:
    return BY_NAME[name].infer(checked(BY_NAME[name], given), {"in": (x,)})


def refused(name: str, x: Tensor, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        infer(name, x, **given)
    return caught.value


@pytest.mark.parametrize(("given", "shape"), [
    ({}, (13, 6, 8)), ({"padding": "same"}, (14, 7, 8)), ({"strides": 1}, (26, 12, 8)),
    ({"pool_size": [3, 1], "strides": [2, 1]}, (13, 13, 8)),
    ({"data_format": "channels_first"}, (27, 6, 4))])
def test_patches(given: dict[str, Any], shape: tuple[int, ...]) -> None:
    for name in ("MaxPooling2D", "AveragePooling2D"):
        found = infer(name, Tensor((27, 13, 8)), **given)
        assert found == Inferred((Tensor(shape),))


def test_whole_axes() -> None:
    volume = Tensor((4, None, 6, 3))
    assert infer("GlobalMaxPooling3D", volume).outputs == (Tensor((3,)),)
    assert infer("GlobalMaxPooling3D", volume, keepdims=True).outputs == (Tensor((1, 1, 1, 3)),)
    assert not infer("GlobalAveragePooling1D", Tensor((9, 4), "float32", True)).outputs[0].masked


def test_a_size_of_choice() -> None:
    assert infer("AdaptiveAveragePooling2D", Tensor((9, 7, 5)), output_size=[2, 3]).outputs == (Tensor((2, 3, 5)),)


def test_a_vector_is_no_series() -> None:
    refusal = refused("MaxPooling1D", Tensor((64,)))
    assert refusal.title == "MaxPooling1D needs a series, steps × channels"
    assert refusal.expected == "steps × channels: 2 axes"
    assert refusal.received == "64 (1 axis)"
    assert refusal.hint == "Insert Reshape to give it these axes."


def test_a_patch_larger_than_the_image() -> None:
    refusal = refused("MaxPooling2D", Tensor((1, 5, 8)))
    assert (refusal.code, refusal.param) == ("empty-shape", "pool_size")
    assert (refusal.expected, refusal.received) == ("an input of at least 2×2", "one of 1×5")


@pytest.mark.parametrize("kind", ["Max", "Average"])
def test_a_single_place_is_refused_where_training_would_fail(kind: str) -> None:
    """Keras pools with a window larger than the input: a call by itself works for averages, a step of training does not."""
    for x, size in ((Tensor((9, 4)), 1), (Tensor((1, 4)), 3)):
        refusal = refused(f"Adaptive{kind}Pooling1D", x, output_size=size)
        assert f"Global{kind}Pooling1D" in refusal.hint


def test_words() -> None:
    maximum, whole = BY_NAME["MaxPooling2D"], BY_NAME["GlobalAveragePooling2D"]
    assert maximum.explain is not None and whole.explain is not None
    assert maximum.explain(checked(maximum, {}), Tensor((26, 26, 8))) == "26 ÷ 2 = 13, no border with padding “valid”"
    assert maximum.explain(checked(maximum, {}), Tensor((27, 27, 8))).startswith("(27 − 2) ÷ 2 + 1 = 13, rounded down")
    assert whole.explain(checked(whole, {}), Tensor((7, 7, 64))) == "7×7 places become one number, for each of 64 channels"
