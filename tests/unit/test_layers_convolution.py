"""Convolutions: shapes by hand, the arithmetic in words, and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from graph_compiler.layers import convolution
from graph_compiler.specs.nodes import Inferred, LayerSpec
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Column, Shape, Tensor
from tests.helpers.parameters import checked

BY_NAME: dict[str, LayerSpec] = {spec.name: spec for spec in convolution.SPECS}


def infer(name: str, x: Tensor, **given: Any) -> Inferred:
    return BY_NAME[name].infer(checked(BY_NAME[name], given), {"in": (x,)})


def refused(name: str, x: Tensor, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        infer(name, x, **given)
    return caught.value


def explained(name: str, shape: Shape, **given: Any) -> str:
    spec = BY_NAME[name]
    assert spec.explain is not None
    return spec.explain(checked(spec, given), Tensor(shape))


def test_an_image_by_hand() -> None:
    found = infer("Conv2D", Tensor((28, 28, 1)), filters=32, kernel_size=3)
    assert found.outputs == (Tensor((26, 26, 32)),)
    assert (found.weights, found.fixed, found.macs) == (320, 0, 26 * 26 * 9 * 32)


def test_strides_padding_dilation_and_groups() -> None:
    image = Tensor((27, 28, 4))
    assert infer("Conv2D", image, strides=2).outputs[0].shape == (13, 13, 32)
    assert infer("Conv2D", image, strides=2, padding="same").outputs[0].shape == (14, 14, 32)
    assert infer("Conv2D", image, dilation_rate=2).outputs[0].shape == (23, 24, 32)
    assert infer("Conv2D", image, groups=4).weights == 3 * 3 * 32 + 32


def test_a_free_size_stays_free_and_hides_the_cost() -> None:
    found = infer("Conv1D", Tensor((None, 8)), padding="causal")
    assert found.outputs[0].shape == (None, 32)
    assert found.macs is None


def test_channels_first() -> None:
    found = infer("Conv2D", Tensor((3, 28, 20)), data_format="channels_first", filters=8)
    assert found.outputs[0].shape == (8, 26, 18)
    assert found.weights == 9 * 3 * 8 + 8


def test_separable_and_depthwise_weights() -> None:
    image = Tensor((10, 10, 16))
    assert infer("SeparableConv2D", image, filters=32).weights == 9 * 16 + 16 * 32 + 32
    assert infer("DepthwiseConv2D", image, depth_multiplier=2).outputs[0].shape == (8, 8, 32)
    assert infer("DepthwiseConv2D", image, depth_multiplier=2).weights == 9 * 32 + 32


@pytest.mark.parametrize(("given", "size"), [
    ({"strides": 2, "padding": "same"}, 14), ({"strides": 2}, 15), ({}, 9), ({"strides": 2, "output_padding": 1}, 16),
    ({"strides": 4}, 28), ({"strides": 2, "padding": "same", "output_padding": 0}, 13)])
def test_transposed_sizes(given: dict[str, Any], size: int) -> None:
    found = infer("Conv2DTranspose", Tensor((7, 7, 4)), **given)
    assert found.outputs[0].shape == (size, size, 32)
    assert found.weights == 9 * 4 * 32 + 32


def test_a_mask_ends_here() -> None:
    assert not infer("Conv1D", Tensor((9, 4), "float32", True)).outputs[0].masked


@pytest.mark.parametrize(("given", "words"), [
    ({}, "13 − 3 + 1 = 11, no border with padding “valid”"),
    ({"padding": "same"}, "13 stays 13, with a border with padding “same”"),
    ({"padding": "same", "strides": 2}, "13 ÷ 2 = 7, rounded up, with a border with padding “same”"),
    ({"strides": 2}, "(13 − 3) ÷ 2 + 1 = 6, no border with padding “valid”"),
    ({"kernel_size": [3, 5]}, "13 − 3 + 1 = 11; 13 − 5 + 1 = 9, no border with padding “valid”"),
    ({"dilation_rate": 2}, "13 − 5 + 1 = 9, no border with padding “valid”")])
def test_the_sum_in_words(given: dict[str, Any], words: str) -> None:
    assert explained("Conv2D", (13, 13, 8), **given) == words


def test_the_sum_of_a_transposed_one() -> None:
    assert explained("Conv2DTranspose", (7, 7, 8), strides=2, padding="same") == "7 × 2 = 14 with padding “same”"
    assert explained("Conv2DTranspose", (7, 7, 8), strides=2) == "(7 − 1) × 2 + 3 = 15 with padding “valid”"


def test_an_image_without_channels_is_refused_with_the_remedy() -> None:
    refusal = refused("Conv2D", Tensor((28, 28)))
    assert refusal.code == "rank"
    assert refusal.title == "Conv2D needs an image, height × width × channels"
    assert refusal.received == "28×28 (2 axes)"
    assert refusal.hint == "Insert Reshape to add an axis of channels, such as 28×28×1."


def test_an_image_for_a_series_names_the_other_layer() -> None:
    assert refused("Conv1D", Tensor((28, 28, 1))).hint == "Use Conv2D, or insert Reshape."


def test_pixels_need_rescaling() -> None:
    pixels = Tensor((28, 28, 1), "uint8", False, Column(name="image", kind="image", shape=(28, 28, 1)))
    refusal = refused("Conv2D", pixels)
    assert (refusal.code, refusal.title) == ("dtype", "Conv2D needs decimal numbers")
    assert refusal.received == "whole numbers (uint8)"
    assert refusal.hint == "Insert Rescaling: it turns pixels into decimal numbers."


@pytest.mark.parametrize(("given", "param"), [
    ({"groups": 3}, "groups"), ({"groups": 2, "filters": 5}, "groups"), ({"strides": 2, "dilation_rate": 2}, "dilation_rate"),
    ({"kernel_size": 9}, "kernel_size")])
def test_parameters_that_do_not_go_together_are_named(given: dict[str, Any], param: str) -> None:
    assert refused("Conv2D", Tensor((8, 8, 4)), **given).param == param


def test_free_channels_and_unequal_depthwise_strides_are_refused() -> None:
    assert refused("Conv1D", Tensor((9, None))).code == "free-axis"
    assert refused("DepthwiseConv2D", Tensor((8, 8, 2)), strides=[1, 2]).param == "strides"
    assert refused("Conv1DTranspose", Tensor((8, 2)), output_padding=1).param == "output_padding"
    assert refused("Conv1DTranspose", Tensor((8, 2)), output_padding=0, kernel_size=4, padding="same").param == "output_padding"
