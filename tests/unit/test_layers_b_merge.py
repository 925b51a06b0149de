"""Rules of the merge family: shapes, dtypes, masks, costs, and what they say when inputs do not fit."""

from __future__ import annotations

from typing import Any

import pytest

from graph_compiler.layers import merge
from graph_compiler.specs.nodes import Inferred, LayerSpec
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Column, Shape, Tensor
from tests.helpers.parameters import checked

SPECS = {spec.name: spec for spec in merge.SPECS}


def rule(name: str, *tensors: Tensor, **given: Any) -> Inferred:
    return SPECS[name].infer(checked(SPECS[name], given), {"in": tensors})


def refusal(name: str, *tensors: Tensor, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        rule(name, *tensors, **given)
    return caught.value


@pytest.mark.parametrize(("shapes", "out"), [
    ([(3, 2), (3, 2)], (3, 2)), ([(3, 2), (2,)], (3, 2)), ([(2,), (3, 2)], (3, 2)), ([(3, 1), (1, 2)], (3, 2)),
    ([(None, 2), (3, 2)], (None, 2)), ([(3, 2), ()], (3, 2)), ([(3, 2)], (3, 2)), ([(5, 5, 1), (5, 5, 8), (8,)], (5, 5, 8))])
def test_elementwise_layers_stretch_ones_and_missing_axes(shapes: list[Shape], out: Shape) -> None:
    assert rule("Add", *map(Tensor, shapes)).outputs[0] == Tensor(out)


def test_a_mismatch_names_both_shapes() -> None:
    found = refusal("Add", Tensor((28, 28, 16)), Tensor((14, 14, 32)))
    assert found.code == "merge-mismatch" and found.port == "in"
    assert found.title == "Add cannot match the shapes 28×28×16 and 14×14×32"
    assert found.received == "28×28×16 and 14×14×32"


@pytest.mark.parametrize(("a", "b", "part"), [
    ((8, 8, 16), (16,) * 2, "number of axes"), ((8, 8, 16), (8, 8, 4), "1×1 convolution"), ((8, 8, 4), (6, 6, 4), "Cropping"),
    ((8, 8, 4), (6, 6, 2), "Concatenate")])
def test_the_hint_fits_the_mismatch(a: tuple[int, ...], b: tuple[int, ...], part: str) -> None:
    assert part in refusal("Multiply", Tensor(a), Tensor(b)).hint


def test_the_third_wire_is_the_guilty_one() -> None:
    assert "4×4×2 and 5×5×2" in refusal("Average", Tensor((4, 4, 2)), Tensor((4, 4, 2)), Tensor((5, 5, 2))).title


@pytest.mark.parametrize(("dtypes", "out"), [
    (["uint8", "uint8"], "uint8"), (["uint8", "int32"], "int32"), (["uint8", "int8"], "int16"), (["uint32", "int32"], "int64"),
    (["bool", "int32"], "int32"), (["int32", "float32"], "float32"), (["uint8", "uint32"], "uint32"),
    (["uint64", "int64"], "float32")])
def test_joint_dtype(dtypes: list[str], out: str) -> None:
    assert merge.joint_dtype(tuple(Tensor((2,), d) for d in dtypes)) == out


def test_sums_of_bytes_are_refused_and_maxima_are_not() -> None:
    byte = Tensor((4,), "uint8")
    assert "overflow" in refusal("Add", byte, byte).hint
    assert rule("Maximum", byte, byte).outputs[0].dtype == "uint8"
    assert refusal("Maximum", Tensor((4,), "bool"), Tensor((4,), "bool")).code == "dtype"


def test_elementwise_layers_keep_the_mask_only_when_all_have_one() -> None:
    masked, plain = Tensor((7, 4), "float32", True), Tensor((7, 4))
    assert rule("Add", masked, masked).outputs[0].masked
    assert not rule("Add", masked, plain).outputs[0].masked
    assert rule("Concatenate", masked, plain).outputs[0].masked
    assert not rule("Dot", masked, masked, axes=2).outputs[0].masked


@pytest.mark.parametrize("name", ["Subtract", "Dot"])
@pytest.mark.parametrize("count", [1, 3])
def test_exactly_two(name: str, count: int) -> None:
    found = refusal(name, *[Tensor((4,))] * count)
    assert found.code == "wire-count" and found.received == ("1 wire" if count == 1 else "3 wires")


def test_a_merged_tensor_is_no_column_any_more() -> None:
    x = Tensor((2,), "float32", False, Column(name="a"))
    assert rule("Add", x, x).outputs[0].column is None


def test_costs_count_multiplications() -> None:
    x = Tensor((10, 10))
    assert [rule(n, x, x, x).macs for n in ("Add", "Maximum", "Average", "Multiply")] == [0, 0, 100, 200]
    assert rule("Multiply", Tensor((None, 10)), Tensor((None, 10))).macs is None


@pytest.mark.parametrize(("axis", "out"), [(-1, (4, 5)), (2, (4, 5)), (1, (8, 3)), (-2, (8, 3))])
def test_concatenate_adds_sizes_on_its_axis(axis: int, out: tuple[int, ...]) -> None:
    b = Tensor((4, 2) if out[0] == 4 else (4, 3))
    assert rule("Concatenate", Tensor((4, 3)), b, axis=axis).outputs[0].shape == out


def test_concatenate_explains_itself() -> None:
    spec = SPECS["Concatenate"]
    assert spec.explained(checked(spec, {}), {"in": (Tensor((64,)), Tensor((32,)))}) == "64 + 32 = 96"
    assert rule("Concatenate", Tensor((None, 4)), Tensor((3, 4)), axis=1).outputs[0].shape == (None, 4)


def test_concatenate_refuses_the_batch_and_single_numbers() -> None:
    assert refusal("Concatenate", Tensor((4,)), Tensor((4,)), axis=0).param == "axis"
    assert "Stack" in refusal("Concatenate", Tensor(()), Tensor(())).hint
    found = refusal("Concatenate", Tensor((4, 3)), Tensor((5, 3)))
    assert found.title == "Concatenate cannot join the shapes 4×3 and 5×3"
    assert found.expected == "equal sizes on every axis but 2"


@pytest.mark.parametrize(("a", "b", "axes", "out", "macs"), [
    ((3,), (3,), 1, (1,), 3), ((3, 2), (3, 4), 1, (2, 4), 24), ((3, 2), (4, 2), -1, (3, 4), 24),
    ((3, 2), (4, 3), [1, 2], (2, 4), 24), ((3, 2), (3,), 1, (2,), 6)])
def test_dot(a: Shape, b: Shape, axes: Any, out: Shape, macs: int) -> None:
    found = rule("Dot", Tensor(a), Tensor(b), axes=axes)
    assert (found.outputs[0].shape, found.macs) == (out, macs)


def test_dot_refuses_in_words() -> None:
    assert refusal("Dot", Tensor((3, 2)), Tensor((4, 2)), axes=1).received == "3 and 4"
    assert refusal("Dot", Tensor((3,)), Tensor((3,)), axes=0).param == "axes"
    assert refusal("Dot", Tensor((3,)), Tensor((3,)), axes=[1, 1, 1]).expected == "one axis, or one for each input"
    assert refusal("Dot", Tensor((3,), "int32"), Tensor((3,)), axes=1, normalize=True).code == "dtype"


def test_every_merge_takes_many_wires_in_order() -> None:
    assert all(isinstance(spec, LayerSpec) and spec.inputs[0].many and spec.inputs[0].name == "in" for spec in merge.SPECS)
