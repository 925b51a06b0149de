"""Differences we stand by between the rules of the operations and the Keras classes that do them."""

from __future__ import annotations

from graph_compiler.specs.tensors import Tensor
from tests.conformance.cases import Case
from tests.conformance.known_shapes import all_inputs, on
from tests.conformance.verdict import KERAS_FAILS, STRICTER, Known

REDUCTIONS = frozenset({"ReduceMean", "ReduceSum", "ReduceMax"})
DECIMAL = REDUCTIONS | {"Arithmetic", "Function", "Clip", "AbsoluteDifference", "ArgMax", "MatMul", "Sampling",
                        "PositionalEncoding", "PositionEmbedding"}


def pair(layer: str, first: tuple[str, Tensor], second: tuple[str, Tensor], **given: object) -> Case:
    """A case of two ports."""
    return Case(layer, given, {first[0]: (first[1],), second[0]: (second[1],)})


def _axes(case: Case) -> list[int]:
    given = case.given.get("axis", 1 if case.layer == "Gather" else -1)
    axes = given if isinstance(given, list) else [] if given is None else [given]
    return [a + case.x.rank + 1 if a < 0 else a for a in axes]


def _bad_axes(case: Case) -> bool:
    axes = _axes(case)
    return len(set(axes)) < len(axes) or not all(1 <= a <= case.x.rank for a in axes) or not case.x.rank


def _not_all_float(case: Case) -> bool:
    return not all(x.is_float for x in all_inputs(case))


def _not_matrices(case: Case) -> bool:
    ranks = {x.rank for x in all_inputs(case)}
    return len(ranks) > 1 or min(ranks) < 2


def _empty_range(case: Case) -> bool:
    return bool(case.given.get("minimum", 0.0) >= case.given.get("maximum", 1.0))


def _too_few_positions(case: Case) -> bool:
    steps = case.x.shape[0] if case.x.rank else 0
    return steps is None or steps > case.given.get("max_length", 100)


def _free(case: Case) -> bool:
    return any(None in x.shape for x in all_inputs(case))


STRICTER_RULES: tuple[Known, ...] = (
    Known(STRICTER, DECIMAL, _not_all_float,
          "Whole numbers overflow or are cut back to whole ones on the way; the operations count in decimal numbers.",
          on("ReduceSum", Tensor((5,), "int32"))),
    Known(STRICTER, frozenset({"Shift"}), lambda case: not case.x.is_integer,
          "A generated sequence is one of tokens; decimal numbers have no start token.", on("Shift", Tensor((6,)))),
    Known(STRICTER, REDUCTIONS | {"ArgMax", "Gather"}, _bad_axes,
          "Keras would reduce or choose along the batch and so mix its samples.", on("ReduceMean", Tensor((6,)), axis=0)),
    Known(STRICTER, frozenset({"Transpose"}), lambda case: case.x.rank == 1 and case.given.get("order") is None,
          "Keras lets the batch trade places with the only axis there is.", on("Transpose", Tensor((6,)))),
    Known(STRICTER, frozenset({"MatMul"}), _not_matrices,
          "Keras lays the axes of both sides together from the end and takes the batch for rows.",
          pair("MatMul", ("a", Tensor((2, 5, 3))), ("b", Tensor((3, 2))))),
    Known(STRICTER, frozenset({"Sampling"}), lambda case: len({x.shape for x in all_inputs(case)}) > 1,
          "A variance for several means at once is nearly always a branch with too few units.",
          pair("Sampling", ("mean", Tensor((4,))), ("logvar", Tensor((1,))))),
    Known(STRICTER, frozenset({"Clip"}), _empty_range, "Keras takes ranges that end before they begin.",
          on("Clip", Tensor((6,)), minimum=1.0)),
    Known(STRICTER, frozenset({"Arithmetic"}), lambda case: case.given.get("value") == 0.0,
          "Keras divides by 0 and goes on with infinite numbers.",
          on("Arithmetic", Tensor((6,)), operation="divide", value=0.0)),
    Known(STRICTER, frozenset({"PositionalEncoding", "PositionEmbedding"}), lambda case: case.x.rank != 2,
          "The table would be stretched over other axes than steps and channels.",
          on("PositionalEncoding", Tensor((28, 28, 1)))),
    Known(STRICTER, frozenset({"PositionEmbedding"}), _too_few_positions,
          "A table too short works by chance when it has one row, and a free length fails when the rows come.",
          on("PositionEmbedding", Tensor((7, 4)), max_length=1)),
)

KERAS_BUGS: tuple[Known, ...] = (
    Known(KERAS_FAILS, frozenset({"MatMul"}), _free, "Whether a free size fits shows only when the rows come.",
          pair("MatMul", ("a", Tensor((None, 4))), ("b", Tensor((None, 4))))),
)
