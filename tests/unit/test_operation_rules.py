"""Rules of the operations: shapes, costs, columns, and the words of their refusals."""

from __future__ import annotations

from typing import Any

import pytest

from graph_compiler.layers.operations import SPECS
from graph_compiler.specs.nodes import Inferred
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Column, Tensor
from tests.helpers.parameters import checked

RULES = {spec.name: spec for spec in SPECS}
PICTURE, SERIES = Tensor((28, 28, 1)), Tensor((7, 4))
SPECIES = Column(name="species", kind="category", classes=("setosa", "versicolor", "virginica"))
WORDS = Column(name="iso", kind="tokens", shape=(7,), vocabulary=("", "[start]", "a", "b"))
TOKENS = Tensor((7,), "int32", False, WORDS)


def ports(name: str, tensors: tuple[Tensor, ...]) -> dict[str, tuple[Tensor, ...]]:
    names = [port.name for port in RULES[name].inputs]
    return {names[0]: tensors} if len(names) == 1 else {port: (x,) for port, x in zip(names, tensors, strict=True)}


def rule(name: str, *tensors: Tensor, **given: Any) -> Inferred:
    return RULES[name].infer(checked(RULES[name], given), ports(name, tensors))


def refusal(name: str, *tensors: Tensor, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        rule(name, *tensors, **given)
    return caught.value


def words(name: str, *tensors: Tensor, **given: Any) -> str:
    return RULES[name].explained(checked(RULES[name], given), ports(name, tensors))


def test_one_hot_carries_the_class_names_on() -> None:
    x = Tensor((), "int32", False, SPECIES)
    assert rule("OneHot", x, num_classes=3).outputs[0] == Tensor((3,), "float32", False, SPECIES)
    found = refusal("OneHot", x, num_classes=2)
    assert found.facts == {"num_classes": 3} and found.hint == "Set num_classes to 3."
    assert refusal("OneHot", PICTURE).code == "dtype"


def test_cast_keeps_mask_and_column() -> None:
    x = Tensor((), "int32", True, SPECIES)
    assert rule("Cast", x).outputs[0] == Tensor((), "float32", True, SPECIES)
    assert rule("Cast", PICTURE, dtype="int32").outputs[0].dtype == "int32"


def test_stack_makes_a_list_of_columns() -> None:
    assert rule("Stack", *[Tensor(())] * 4).outputs[0] == Tensor((4,))
    assert rule("Stack", Tensor((None, 2)), Tensor((5, 2))).outputs[0] == Tensor((5, 2, 2))
    assert refusal("Stack", Tensor(()), Tensor((3,))).received == "scalar and 3"


@pytest.mark.parametrize(("given", "out"), [
    ({}, (6, 8)), ({"start": 2}, (6, 6)), ({"start": -1}, (6, 1)), ({"axis": 1, "stop": 4}, (4, 8)), ({"step": 3}, (6, 3)),
    ({"axis": -2, "start": 1, "stop": -1}, (4, 8))])
def test_slice_cuts_like_python(given: dict[str, Any], out: tuple[int, ...]) -> None:
    assert rule("Slice", Tensor((6, 8)), **given).outputs[0].shape == out


def test_slice_refuses_the_batch_and_nothing() -> None:
    assert refusal("Slice", Tensor((6,)), axis=0).param == "axis"
    assert refusal("Slice", Tensor((6,)), start=6).code == "empty-shape"


def test_tokens_stay_tokens_when_some_are_left_out() -> None:
    assert rule("Slice", TOKENS, start=1).outputs[0] == Tensor((6,), "int32", False, WORDS)
    assert rule("Gather", TOKENS, Tensor((2,), "int32")).outputs[0].column == WORDS
    assert rule("Slice", Tensor((28, 28, 1), "uint8", False, Column(name="image", kind="image"))).outputs[0].column is None


def test_gather_puts_the_indices_in_the_place_of_the_axis() -> None:
    assert rule("Gather", SERIES, Tensor((), "int32")).outputs[0] == Tensor((4,))
    assert rule("Gather", SERIES, Tensor((2, 3), "int32"), axis=-1).outputs[0] == Tensor((7, 2, 3))
    assert words("Gather", SERIES, Tensor((3,), "int32")) == "3 of 7"
    assert refusal("Gather", SERIES, SERIES).port == "indices"
    assert refusal("Gather", SERIES, Tensor((), "uint8")).hint == "Insert Cast with dtype int32."
    assert refusal("Gather", SERIES, Tensor((), "int32"), axis=0).received == "0, the batch"


def test_reductions_take_axes_away() -> None:
    assert rule("ReduceMean", PICTURE).outputs[0] == Tensor((28, 28))
    assert rule("ReduceMax", PICTURE, axis=[1, 2], keepdims=True).outputs[0] == Tensor((1, 1, 1))
    assert rule("ReduceSum", Tensor((None, 4)), axis=None).outputs[0] == Tensor(())
    assert words("ReduceMean", PICTURE, axis=[1, -2]) == "28 × 28 numbers become one"
    assert refusal("ReduceMean", PICTURE, axis=[1, -3]).title == "ReduceMean has an axis twice"
    assert refusal("ReduceSum", Tensor(()), axis=None).code == "rank"


def test_arg_max_gives_a_class() -> None:
    assert rule("ArgMax", Tensor((10,))).outputs[0] == Tensor((), "int32")
    assert words("ArgMax", Tensor((10,))) == "the place of the largest, 0 to 9"


def test_matmul_counts_and_names_what_does_not_fit() -> None:
    found = rule("MatMul", SERIES, Tensor((4, 3)))
    assert (found.outputs[0], found.macs) == (Tensor((7, 3)), 84)
    assert rule("MatMul", SERIES, SERIES, transpose_b=True).outputs[0] == Tensor((7, 7))
    assert rule("MatMul", Tensor((2, None, 4)), Tensor((1, 4, 3))).outputs[0] == Tensor((2, None, 3))
    assert words("MatMul", SERIES, SERIES, transpose_a=True) == "(4 × 7) times (7 × 4) gives 4 × 4"
    unfit = refusal("MatMul", SERIES, SERIES)
    assert (unfit.expected, unfit.received) == ("4 rows, as many as a has columns", "7 rows")
    assert refusal("MatMul", Tensor((4,)), SERIES).port == "a"
    assert refusal("MatMul", PICTURE, SERIES).code == "merge-mismatch"
    assert refusal("MatMul", Tensor((2, 5, 4)), Tensor((3, 4, 5))).received == "2 and 3"


def test_transpose_leaves_the_batch_where_it_is() -> None:
    assert rule("Transpose", SERIES).outputs[0] == Tensor((4, 7))
    assert rule("Transpose", Tensor((2, 3, 4)), order=[3, 1, 2]).outputs[0] == Tensor((4, 2, 3))
    assert refusal("Transpose", Tensor((4,))).code == "rank"
    assert refusal("Transpose", SERIES, order=[0, 1]).param == "order"


def test_sums_with_every_number() -> None:
    masked = Tensor((7, 4), "float32", True)
    for name in ("Arithmetic", "Function", "Clip"):
        assert rule(name, masked).outputs[0] == masked
        assert refusal(name, TOKENS).code == "dtype"
    assert (rule("Arithmetic", SERIES).macs, rule("Arithmetic", SERIES, operation="multiply").macs) == (0, 28)
    assert words("Arithmetic", SERIES, operation="divide", value=4) == "x ÷ 4"
    assert words("Clip", SERIES) == "all between 0 and 1"
    assert refusal("Arithmetic", SERIES, operation="divide", value=0).param == "value"
    assert refusal("Clip", SERIES, minimum=2).expected == "more than the minimum, 2"
    assert rule("AbsoluteDifference", SERIES, Tensor((4,))).outputs[0] == SERIES
    assert refusal("AbsoluteDifference", SERIES).received == "1 wire"


def test_shift_keeps_the_vocabulary_and_knows_the_start() -> None:
    assert rule("Shift", TOKENS).outputs[0] == TOKENS
    assert words("Shift", TOKENS) == "token 1 “[start]” first, then 6 of 7 steps"
    assert refusal("Shift", TOKENS, start=4).expected == "0 to 3"
    assert refusal("Shift", SERIES).code == "dtype"
    assert refusal("Shift", Tensor((), "int32")).code == "rank"


def test_positions() -> None:
    masked = Tensor((7, 4), "float32", True)
    assert rule("PositionalEncoding", masked) == Inferred((masked,))
    assert rule("PositionEmbedding", masked, max_length=9) == Inferred((masked,), 36)
    assert words("PositionEmbedding", masked) == "100 positions × 4 numbers each = 400 weights"
    assert refusal("PositionEmbedding", masked, max_length=5).hint == "Set max_length to 7."
    assert refusal("PositionEmbedding", Tensor((None, 4))).code == "free-axis"
    assert refusal("PositionalEncoding", PICTURE).code == "rank"
    assert refusal("PositionalEncoding", Tensor((7, None))).code == "free-axis"


def test_sampling_needs_two_alike() -> None:
    assert rule("Sampling", Tensor((2,)), Tensor((2,))) == Inferred((Tensor((2,)),))
    unfit = refusal("Sampling", Tensor((2,)), Tensor((3,)))
    assert (unfit.port, unfit.expected, unfit.received) == ("logvar", "2", "3")
