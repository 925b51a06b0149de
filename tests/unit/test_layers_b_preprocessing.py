"""Rules of preprocessing, augmentation and regularisation."""

from __future__ import annotations

from typing import Any

import pytest

from graph_compiler.layers import augmentation, preprocessing, regularisation
from graph_compiler.specs.nodes import Inferred, LayerSpec
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor
from tests.helpers.parameters import checked

SPECS: dict[str, LayerSpec] = {
    spec.name: spec for family in (augmentation, preprocessing, regularisation) for spec in family.SPECS}
PICTURE, BYTES = Tensor((28, 28, 1)), Tensor((28, 28, 1), "uint8")


def rule(name: str, *tensors: Tensor, **given: Any) -> Inferred:
    return SPECS[name].infer(checked(SPECS[name], given), {"in": tensors})


def refusal(name: str, *tensors: Tensor, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        rule(name, *tensors, **given)
    return caught.value


def words(name: str, *tensors: Tensor, **given: Any) -> str:
    return SPECS[name].explained(checked(SPECS[name], given), {"in": tensors})


def test_rescaling_makes_decimals_of_bytes() -> None:
    assert rule("Rescaling", BYTES) == Inferred((PICTURE,))
    assert rule("Rescaling", Tensor((3,), "float32", True)).outputs[0].masked
    assert words("Rescaling", BYTES) == "0 … 255 becomes 0 … 1"
    assert words("Rescaling", PICTURE) == "x ÷ 255"
    assert words("Rescaling", PICTURE, scale=2.0, offset=-1) == "x × 2 − 1"


def test_resizing_and_cropping() -> None:
    assert rule("Resizing", BYTES, height=8, width=9).outputs[0] == Tensor((8, 9, 1), "uint8")
    assert rule("Resizing", Tensor((1, 8, 8)), height=4, width=5, data_format="channels_first").outputs[0].shape == (1, 4, 5)
    assert rule("CenterCrop", BYTES).outputs[0] == Tensor((24, 24, 1))
    assert words("CenterCrop", BYTES) == "28 × 28 becomes 24 × 24: 4 rows and 4 columns go"
    assert "enlarged" in words("CenterCrop", BYTES, height=40)
    assert refusal("Resizing", Tensor((28, 28))).hint == "Insert Reshape to give it a channel axis: 28×28×1."
    assert refusal("Resizing", BYTES, crop_to_aspect_ratio=True, pad_to_aspect_ratio=True).param == "pad_to_aspect_ratio"


@pytest.mark.parametrize(("shape", "axis", "weights"), [
    ((13,), -1, 27), ((), None, 3), ((28, 28, 3), -1, 7), ((4, 3), [1, 2], 25), ((4, 3), [2, 1], 25), ((4, 3), None, 3)])
def test_normalization_weights(shape: tuple[int, ...], axis: Any, weights: int) -> None:
    found = rule("Normalization", Tensor(shape), axis=axis)
    assert (found.weights, found.fixed) == (weights, weights)


def test_normalization_with_given_statistics_has_no_weights() -> None:
    assert rule("Normalization", Tensor((3,)), mean=[1, 2, 3], variance=[1, 1, 1]).weights == 0
    assert refusal("Normalization", Tensor((3,)), mean=[1, 2], variance=[1, 1]).expected == "one number each, or 3 numbers each"
    assert refusal("Normalization", Tensor((3,)), mean=1.0).param == "variance"
    assert refusal("Normalization", Tensor(())).param == "axis"
    assert refusal("Normalization", Tensor((None, 3)), axis=1).code == "free-axis"
    assert words("Normalization", Tensor((13,))) == "13 means + 13 variances + 1 count = 27, learnt from the training rows"


def test_category_encoding() -> None:
    assert rule("CategoryEncoding", Tensor((), "int32"), output_mode="one_hot", num_tokens=3).outputs[0] == Tensor((3,))
    assert rule("CategoryEncoding", Tensor((5, 1), "int32"), output_mode="one_hot", num_tokens=3).outputs[0] == Tensor((5, 3))
    assert rule("CategoryEncoding", Tensor((None,), "int32")).outputs[0] == Tensor((10,))
    assert "one_hot" in refusal("CategoryEncoding", Tensor((), "int32")).hint
    assert refusal("CategoryEncoding", Tensor((3,), "int32"), sparse=True).param == "sparse"
    assert refusal("CategoryEncoding", Tensor((3,), "uint8")).code == "dtype"


@pytest.mark.parametrize("name", ["RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast",
                                  "RandomBrightness"])
def test_augmentations_keep_the_size(name: str) -> None:
    assert SPECS[name].random
    assert rule(name, PICTURE) == Inferred((PICTURE,))
    assert refusal(name, Tensor((784,))).code == "rank"


def test_random_crop_cannot_enlarge() -> None:
    assert rule("RandomCrop", BYTES, height=20, width=24).outputs[0] == Tensor((20, 24, 1))
    found = refusal("RandomCrop", BYTES, height=30)
    assert (found.param, found.expected, found.facts) == ("height", "at most 28", {"height": 28})
    assert words("RandomCrop", BYTES) == "28 × 28 becomes 24 × 24, in 25 places"
    assert refusal("RandomCrop", Tensor((None, 28, 1))).code == "free-axis"


def test_ranges_and_factors() -> None:
    assert refusal("RandomContrast", PICTURE, value_range=[1, 0]).param == "value_range"
    assert refusal("RandomBrightness", PICTURE, value_range=5).param == "value_range"
    assert refusal("RandomZoom", PICTURE, height_factor=-1.0).param == "height_factor"
    assert refusal("RandomRotation", PICTURE, factor=2.0).param == "factor"
    assert words("RandomRotation", PICTURE, factor=[-0.25, 0.5]) == "-90° to +180°"


def test_noise_needs_decimals_and_keeps_masks() -> None:
    for name in ("Dropout", "AlphaDropout", "GaussianDropout", "GaussianNoise"):
        assert SPECS[name].random
        assert rule(name, Tensor((5, 4), "float32", True)) == Inferred((Tensor((5, 4), "float32", True),))
        assert refusal(name, BYTES).code == "dtype"
    assert not SPECS["ActivityRegularization"].random
    assert refusal("SpatialDropout2D", Tensor((5, 4))).code == "rank"


@pytest.mark.parametrize(("shape", "fits"), [
    ([None, 1, None], True), ([1, 7, 1], True), ([None, 3, None], False), ([2, 1, 1], False), ([None, 1], False)])
def test_noise_shapes(shape: list[int | None], fits: bool) -> None:
    if fits:
        assert rule("Dropout", Tensor((7, 4)), noise_shape=shape).outputs[0] == Tensor((7, 4))
    else:
        assert refusal("Dropout", Tensor((7, 4)), noise_shape=shape).param == "noise_shape"


def test_rates_that_divide_by_zero_are_refused() -> None:
    assert refusal("GaussianDropout", PICTURE, rate=1.0).param == "rate"
    assert rule("Dropout", PICTURE, rate=1.0).outputs[0] == PICTURE
    assert words("Dropout", PICTURE) == "in training 50 % become 0, the others grow × 2; outside it nothing happens"


@pytest.mark.parametrize("spec", SPECS.values(), ids=lambda spec: spec.name)
def test_the_palette_reads_well(spec: LayerSpec) -> None:
    assert spec.summary and len(spec.summary) <= 46 and not spec.summary.endswith(".")
    assert spec.text.endswith(".") and spec.keywords
    assert all(param.summary for param in spec.params)
