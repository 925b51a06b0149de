"""Rules of the reshape family: shapes, free axes, words."""

from __future__ import annotations

from typing import Any

import pytest

from graph_compiler.layers import reshape
from graph_compiler.specs.nodes import Inferred
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor
from tests.helpers.parameters import checked

SPECS = {spec.name: spec for spec in reshape.SPECS}


def rule(name: str, x: Tensor, **given: Any) -> Inferred:
    return SPECS[name].infer(checked(SPECS[name], given), {"in": (x,)})


def refusal(name: str, x: Tensor, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        rule(name, x, **given)
    return caught.value


def words(name: str, x: Tensor, **given: Any) -> str:
    return SPECS[name].explained(checked(SPECS[name], given), {"in": (x,)})


@pytest.mark.parametrize(("name", "shape", "given", "out"), [
    ("Flatten", (5, 5, 64), {}, (1600,)), ("Flatten", (), {}, (1,)), ("Flatten", (None, 3), {}, (None,)),
    ("Reshape", (28, 28), {"target_shape": [28, 28, 1]}, (28, 28, 1)), ("Reshape", (6,), {"target_shape": [-1, 2]}, (3, 2)),
    ("Reshape", (None, 4), {"target_shape": [-1, 2]}, (None, 2)), ("Reshape", (), {"target_shape": [1]}, (1,)),
    ("Permute", (2, 3, 4), {"dims": [3, 1, 2]}, (4, 2, 3)), ("RepeatVector", (8,), {"n": 5}, (5, 8)),
    ("Cropping1D", (9, 2), {"cropping": 2}, (5, 2)), ("Cropping2D", (9, 8, 3), {"cropping": [[1, 2], [0, 4]]}, (6, 4, 3)),
    ("Cropping2D", (3, 9, 8), {"cropping": 1, "data_format": "channels_first"}, (3, 7, 6)),
    ("Cropping3D", (5, 5, 5, 1), {}, (3, 3, 3, 1)), ("ZeroPadding1D", (4, 2), {"padding": [1, 0]}, (5, 2)),
    ("ZeroPadding1D", (4, 2), {"data_format": "channels_first"}, (4, 4)), ("ZeroPadding2D", (4, None, 1), {}, (6, None, 1)),
    ("ZeroPadding3D", (4, 4, 4, 1), {"padding": 2}, (8, 8, 8, 1)), ("UpSampling1D", (4, 2), {"size": 3}, (12, 2)),
    ("UpSampling2D", (4, 5, 2), {"size": [2, 3]}, (8, 15, 2)), ("UpSampling3D", (1, 2, 3, 4), {}, (2, 4, 6, 4))])
def test_shapes(name: str, shape: tuple[int | None, ...], given: dict[str, Any], out: tuple[int | None, ...]) -> None:
    found = rule(name, Tensor(shape), **given)
    assert found.outputs[0] == Tensor(out) and (found.weights, found.macs) == (0, 0)


@pytest.mark.parametrize(("name", "shape", "given", "said"), [
    ("Flatten", (5, 5, 64), {}, "5 × 5 × 64 = 1,600"), ("Flatten", (), {}, "one number becomes a list of one"),
    ("Reshape", (784,), {"target_shape": [28, -1, 1]}, "784 = 28 × 28 × 1"),
    ("Permute", (2, 3), {}, "axis 1 was 2, axis 2 was 1"),
    ("RepeatVector", (64,), {"n": 3}, "64 numbers, 3 times"), ("Cropping2D", (28, 28, 1), {"cropping": 1}, "28 − 1 − 1 = 26"),
    ("ZeroPadding2D", (28, 14, 1), {}, "28 + 1 + 1 = 30, 14 + 1 + 1 = 16"), ("UpSampling2D", (14, 14, 8), {}, "14 × 2 = 28"),
    ("UpSampling1D", (None, 8), {}, "? × 2 = ?")])
def test_the_sum_in_words(name: str, shape: tuple[int | None, ...], given: dict[str, Any], said: str) -> None:
    assert words(name, Tensor(shape), **given) == said


def test_bytes_stay_bytes_and_masks_go() -> None:
    assert rule("Flatten", Tensor((4, 4, 1), "uint8")).outputs[0] == Tensor((16,), "uint8")
    assert rule("Permute", Tensor((4, 2), "float32", True)).outputs[0] == Tensor((2, 4))


def test_reshape_says_both_products() -> None:
    found = refusal("Reshape", Tensor((28, 28, 1)), target_shape=[30, 30])
    assert found.expected == "30 × 30 = 900 numbers" and found.received == "28×28×1 = 784 numbers"
    assert found.param == "target_shape" and found.facts["size"] == 784
    assert refusal("Reshape", Tensor((7,)), target_shape=[-1, 2]).expected == "a multiple of 2 numbers"


def test_permute_wants_each_axis_once() -> None:
    assert refusal("Permute", Tensor((2, 3)), dims=[1, 1]).expected == "each axis from 1 to 2 once"
    assert refusal("Permute", Tensor((2, 3, 4)), dims=[2, 1]).facts["rank"] == 3


def test_cropping_everything_names_the_sum() -> None:
    found = refusal("Cropping2D", Tensor((4, 9, 1)), cropping=2)
    assert found.code == "empty-shape" and found.received == "2 + 2 from 4"


@pytest.mark.parametrize(("name", "shape", "hint"), [
    ("ZeroPadding2D", (28, 28), "28×28×1"), ("UpSampling2D", (784,), "Reshape"), ("Cropping1D", (4, 4, 1), "Reshape"),
    ("RepeatVector", (4, 4), "Flatten")])
def test_wrong_ranks_say_what_to_insert(name: str, shape: tuple[int, ...], hint: str) -> None:
    found = refusal(name, Tensor(shape))
    assert found.code == "rank" and hint in found.hint


def test_blending_costs_and_needs_a_size() -> None:
    assert rule("UpSampling2D", Tensor((4, 4, 2)), interpolation="bilinear").macs == 4 * 8 * 8 * 2
    assert refusal("UpSampling2D", Tensor((None, 4, 2)), interpolation="bilinear").code == "free-axis"
    assert rule("UpSampling2D", Tensor((None, 4, 2))).outputs[0].shape == (None, 8, 2)
