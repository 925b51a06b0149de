"""Parameter values and inputs that fit the operations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from graph_compiler.specs.tensors import Tensor

Likely = Callable[[Tensor], st.SearchStrategy[dict[str, Any]]]
Ports = dict[str, tuple[Tensor, ...]]

AXES = st.sampled_from([-3, -2, -1, 0, 1, 2, 3])


def _reduced(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    axes = st.none() | AXES | st.lists(AXES, min_size=1, max_size=2)
    return st.fixed_dictionaries({}, optional={"axis": axes, "keepdims": st.booleans()})


def _ordered(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    orders = st.permutations(list(range(1, x.rank + 1))).map(list)
    return (orders | st.sampled_from([[1], [2, 1], [1, 1], [2, 3]])).filter(bool).map(lambda order: {"order": order})


def _clipped(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from([{"minimum": -1.0}, {"maximum": 0.5}, {"minimum": 1.0}, {"minimum": 0.2, "maximum": 0.3}])


def _ports(names: tuple[str, str], *pairs: tuple[Tensor, Tensor]) -> tuple[Ports, ...]:
    return tuple({names[0]: (a,), names[1]: (b,)} for a, b in pairs)


_ROWS = Tensor((7, 4))
_PICTURE = Tensor((6, 5, 3))

INPUTS: dict[str, tuple[Ports, ...]] = {
    "Gather": _ports(
        ("in", "indices"), (_ROWS, Tensor((), "int32")), (_ROWS, Tensor((3,), "int32")), (_PICTURE, Tensor((2, 2), "int32")),
        (Tensor((None, 4)), Tensor((), "int32")), (Tensor((6,), "int32"), Tensor((None,), "int32")), (_ROWS, _ROWS),
        (Tensor(()), Tensor((), "int32")), (_ROWS, Tensor((3,), "uint8")), (Tensor((7, 4), masked=True), Tensor((3,), "int64")),
        (Tensor((3,), "string"), Tensor((), "int32")), (Tensor((4,), "bool"), Tensor((), "int32"))),
    "MatMul": _ports(
        ("a", "b"), (_ROWS, Tensor((4, 3))), (_ROWS, _ROWS), (_ROWS, Tensor((3, 7))), (_PICTURE, Tensor((6, 3, 2))),
        (_PICTURE, Tensor((1, 3, 5))), (_PICTURE, Tensor((5, 3, 5))), (Tensor((4,)), Tensor((4,))),
        (Tensor((2, 5, 3)), Tensor((3, 2))),
        (Tensor((None, 4)), Tensor((4, None))), (Tensor((None, 4)), Tensor((None, 4))), (_ROWS, Tensor((4, 3), "int32")),
        (Tensor((7, 4), masked=True), Tensor((4, 3))), (Tensor((None, 3, 2)), Tensor((None, 2, 3)))),
    "Sampling": _ports(
        ("mean", "logvar"), (Tensor((4,)), Tensor((4,))), (Tensor((4,)), Tensor((5,))), (_PICTURE, _PICTURE),
        (_ROWS, Tensor((4,))), (Tensor(()), Tensor(())), (Tensor((None, 4)), Tensor((None, 4))),
        (Tensor((4,), "int32"), Tensor((4,))),
        (Tensor((5, 4), masked=True), Tensor((5, 4), masked=True)), (Tensor((4,)), Tensor((1,)))),
}
"""Per operation whose ports differ in kind: the inputs it is tried with."""

LIKELY: dict[str, Likely] = {
    **dict.fromkeys(("ReduceMean", "ReduceSum", "ReduceMax"), _reduced), "Transpose": _ordered, "Clip": _clipped,
    **dict.fromkeys(("Gather", "ArgMax"), lambda x: AXES.map(lambda axis: {"axis": axis})),
}
"""Per operation: a strategy of parameter values that fit a tensor."""
