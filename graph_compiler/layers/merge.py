"""Layers that bring several tensors together: element by element, end to end, or as a dot product."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graph_compiler.layers.common import times
from graph_compiler.layers.geometry import axes_words, number
from graph_compiler.layers.staying import NO_COSINES, ROUGH_COSINES
from graph_compiler.specs.nodes import Inferred, Inputs, LayerSpec, Port, Values
from graph_compiler.specs.params import Axes, Bool, Int, Param
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Shape, Tensor

MANY = (Port("in", many=True),)
_BITS = {"int8": 8, "uint8": 8, "int16": 16, "uint16": 16, "int32": 32, "uint32": 32, "int64": 64, "uint64": 64}


def joint_dtype(tensors: tuple[Tensor, ...]) -> str:
    """The dtype Keras brings several tensors to: float32 as soon as one is decimal, else the integer that holds them all."""
    names = {x.dtype for x in tensors}
    if any(x.is_float for x in tensors):
        return "float32"
    if len(names) == 1:
        return tensors[0].dtype
    names.discard("bool")
    signed = max((_BITS[n] for n in names if n.startswith("int")), default=0)
    unsigned = max((_BITS[n] for n in names if n.startswith("uint")), default=0)
    if not signed:
        return f"uint{unsigned}"
    bits = signed if signed > unsigned else 2 * unsigned
    return f"int{bits}" if bits <= 64 else "float32"


def broadcast(name: str, tensors: tuple[Tensor, ...]) -> Shape:
    """The common shape, compared from the last axis; 1 and missing axes stretch. Refusal names the two that do not fit."""
    shape = tensors[0].shape
    for x in tensors[1:]:
        if x.shape != shape:
            shape = _stretched(name, shape, x, tensors[0])
    return shape


def _stretched(name: str, shape: Shape, x: Tensor, first: Tensor) -> Shape:
    long, short = (shape, x.shape) if len(shape) >= len(x.shape) else (x.shape, shape)
    cut = len(long) - len(short)
    out = list(long[:cut])
    for a, b in zip(long[cut:], short, strict=True):
        if a is None or b is None:
            out.append(None)
        elif a != b and 1 not in (a, b):
            raise mismatch(name, first, x)
        else:
            out.append(b if a == 1 else a)
    return tuple(out)


def mismatch(name: str, a: Tensor, b: Tensor) -> Refusal:
    """The refusal of two shapes that cannot be merged, with a hint that fits the difference."""
    if a.rank != b.rank:
        hint = "Bring both to the same number of axes, with Flatten, Reshape or a global pooling."
    elif a.shape[:-1] == b.shape[:-1]:
        hint = f"Let both end in {number(a.shape[-1])}, with a 1×1 convolution or Dense, or use Concatenate."
    elif a.shape[-1] == b.shape[-1]:
        hint = "Let both have the same height and width: the same padding and strides, or Cropping, or Resizing."
    else:
        hint = "Let both paths give the same shape, or use Concatenate after Flatten."
    return Refusal("merge-mismatch", f"{name} cannot match the shapes {a.words} and {b.words}", port="in", hint=hint,
                   expected="equal sizes axis by axis, or 1", received=f"{a.words} and {b.words}")


def need_two(name: str, tensors: tuple[Tensor, ...], words: str) -> None:
    """Refuse any other count of wires than two."""
    if len(tensors) != 2:
        raise Refusal("wire-count", f"{name} needs exactly two inputs", expected="2 wires", port="in",
                      received=f"{len(tensors)} wire{'' if len(tensors) == 1 else 's'}", hint=words)


def _need_decimals(name: str, tensors: tuple[Tensor, ...]) -> None:
    if not any(x.is_float for x in tensors):
        dtypes = " and ".join(dict.fromkeys(x.dtype for x in tensors))
        raise Refusal("dtype", f"{name} needs decimal numbers", expected="decimal numbers", port="in",
                      received=f"whole numbers ({dtypes})",
                      hint="Insert Rescaling or Cast before it; sums of whole numbers would overflow.")


def _need_no_bools(name: str, tensors: tuple[Tensor, ...]) -> None:
    if all(x.dtype == "bool" for x in tensors):
        raise Refusal("dtype", f"{name} needs numbers", expected="numbers", received="yes/no values (bool)", port="in",
                      hint="Insert Cast before it.")


ManyRule = Callable[[Values, Inputs], Inferred]


def elementwise(name: str, costs: Callable[[int], int], whole: bool = False, two: bool = False) -> ManyRule:
    """The rule of a merge that works element by element. `costs` gives multiplications per element from the count of wires."""

    def rule(p: Values, inputs: Inputs) -> Inferred:
        """[...], [...] -> [...], masked where every input is."""
        tensors = inputs["in"]
        if two:
            need_two(name, tensors, "The second is taken from the first, in the order of the wires.")
        (_need_no_bools if whole else _need_decimals)(name, tensors)
        shape = broadcast(name, tensors)
        out = Tensor(shape, joint_dtype(tensors), all(x.masked for x in tensors))
        each = costs(len(tensors))
        return Inferred((out,), macs=times(*shape, each) if each else 0)

    return rule


def concatenate(p: Values, inputs: Inputs) -> Inferred:
    """Sizes add up on one axis; all others agree. Masked where any input is."""
    tensors = inputs["in"]
    first = tensors[0]
    if not first.rank:
        raise Refusal("rank", "Concatenate needs at least one axis to join", expected="lists, series or pictures", port="in",
                      received="single numbers", hint="Use Stack: it makes one list of single numbers.")
    at = concatenation_axis(p["axis"], first.rank)
    total: int | None = 0
    for x in tensors:
        if x.shape is not first.shape and not _agree(x.shape, first.shape, at):
            raise _unjoinable(first, x, at)
        size = x.shape[at]
        total = None if total is None or size is None else total + size
    shape = (*first.shape[:at], total, *first.shape[at + 1:])
    return Inferred((Tensor(shape, joint_dtype(tensors), any(x.masked for x in tensors)),))


def concatenation_axis(axis: int, rank: int) -> int:
    """The position in a shape without batch. Refusal for the batch itself and beyond the last axis."""
    at = axis - 1 if axis >= 0 else rank + axis
    if not 0 <= at < rank:
        raise Refusal("parameter", "axis does not exist", param="axis", port="in", received=f"{axis} on {axes_words(rank)}",
                      expected=f"1 to {rank}, or -{rank} to -1", hint="Axis 1 is the first after the batch, -1 the last.")
    return at


def _agree(a: Shape, b: Shape, at: int) -> bool:
    if len(a) != len(b):
        return False
    return all(i == at or m == n or m is None or n is None for i, (m, n) in enumerate(zip(a, b, strict=True)))


def _unjoinable(a: Tensor, b: Tensor, at: int) -> Refusal:
    if a.rank != b.rank:
        hint = "Bring both to the same number of axes, with Flatten, Reshape or a global pooling."
    else:
        hint = "Let both have the same sizes there, or choose another axis."
    return Refusal("merge-mismatch", f"Concatenate cannot join the shapes {a.words} and {b.words}", port="in", hint=hint,
                   expected=f"equal sizes on every axis but {at + 1}", received=f"{a.words} and {b.words}")


def explain_concatenate(p: Values, inputs: Inputs) -> str:
    """The sum of sizes."""
    tensors = inputs["in"]
    at = concatenation_axis(p["axis"], tensors[0].rank)
    return " + ".join(number(x.shape[at]) for x in tensors) + f" = {number(concatenate(p, inputs).outputs[0].shape[at])}"


def dot_axes(p: Values, a: Tensor, b: Tensor) -> tuple[int, int]:
    """Positions of the two axes in shapes without batch. Refusal when there is no such axis."""
    axes: int | tuple[int, ...] = p["axes"]
    pair = (axes, axes) if isinstance(axes, int) else axes
    if len(pair) != 2:
        raise Refusal("parameter", "axes does not fit", param="axes", expected="one axis, or one for each input",
                      received=", ".join(map(str, pair)), hint="Name one axis of the first input and one of the second.")
    at = tuple(n - 1 if n >= 0 else x.rank + n for n, x in zip(pair, (a, b), strict=True))
    for n, i, x in zip(pair, at, (a, b), strict=True):
        if not 0 <= i < x.rank:
            raise Refusal("parameter", "axes does not exist", param="axes", port="in", received=f"{n} on {x.words}",
                          expected=f"an axis from 1 to {x.rank}, or -{x.rank} to -1" if x.rank else "an input with axes",
                          hint="Axis 1 is the first after the batch; the batch itself cannot be summed up.")
    return at[0], at[1]


def dot(p: Values, inputs: Inputs) -> Inferred:
    """[..., n, ...], [..., n, ...] -> the axes of both without n; [1] when nothing is left. The mask is dropped."""
    tensors = inputs["in"]
    need_two("Dot", tensors, "Wire two inputs; each pair of values along the axes is multiplied and summed up.")
    _need_decimals("Dot", tensors)
    a, b = tensors
    if p["normalize"] and not (a.is_float and b.is_float):
        raise Refusal("dtype", "Dot with normalize needs decimal numbers", expected="two inputs of decimal numbers", port="in",
                      received=f"{a.dtype} and {b.dtype}", hint="Insert Cast before it.")
    i, j = dot_axes(p, a, b)
    if a.shape[i] != b.shape[j]:
        raise Refusal("merge-mismatch", f"Dot cannot match the shapes {a.words} and {b.words}", port="in", param="axes",
                      expected=f"the same size on axis {i + 1} of the first and axis {j + 1} of the second",
                      received=f"{number(a.shape[i])} and {number(b.shape[j])}", hint="Choose other axes, or insert Permute.")
    shape = (*a.shape[:i], *a.shape[i + 1:], *b.shape[:j], *b.shape[j + 1:])
    return Inferred((Tensor(shape or (1,), "float32"),), macs=times(*shape, a.shape[i]))


def explain_dot(p: Values, inputs: Inputs) -> str:
    """How many products make one value."""
    a, b = inputs["in"]
    i, _ = dot_axes(p, a, b)
    size = a.shape[i]
    return f"each value sums up {number(size)} product{'' if size == 1 else 's'}"


def _merge(name: str, summary: str, text: str, rule: ManyRule, keywords: tuple[str, ...],
           params: tuple[Param, ...] = (), explain: Callable[[Values, Inputs], str] | None = None, **more: Any) -> LayerSpec:
    return LayerSpec(name=name, family="merge", summary=summary, text=text, inputs=MANY, many_rule=rule, params=params,
                     explain_many=explain, keywords=("merge", "combine", *keywords), **more)


ADD = _merge(
    "Add", "Sums up its inputs",
    "Values at the same place are added. A shortcut around a few layers, joined by Add, is what makes a residual network.",
    elementwise("Add", lambda n: 0), ("sum", "plus", "residual", "skip"))

SUBTRACT = _merge(
    "Subtract", "First input minus the second",
    "Values at the same place are subtracted, the second wire from the first.",
    elementwise("Subtract", lambda n: 0, two=True), ("minus", "difference"))

MULTIPLY = _merge(
    "Multiply", "Multiplies its inputs",
    "Values at the same place are multiplied. With values between 0 and 1 on one side it works like a gate.",
    elementwise("Multiply", lambda n: n - 1), ("product", "times", "gate"))

AVERAGE = _merge(
    "Average", "Averages its inputs", "The mean of the values at the same place goes on.",
    elementwise("Average", lambda n: 1), ("mean", "ensemble"))

MAXIMUM = _merge(
    "Maximum", "Keeps the largest value", "At each place the largest of the values goes on.",
    elementwise("Maximum", lambda n: 0, whole=True), ("max", "largest"))

MINIMUM = _merge(
    "Minimum", "Keeps the smallest value", "At each place the smallest of the values goes on.",
    elementwise("Minimum", lambda n: 0, whole=True), ("min", "smallest"))

CONCATENATE = _merge(
    "Concatenate", "Joins its inputs end to end",
    "Inputs are set side by side on one axis, in the order of the wires; all other axes must agree.",
    concatenate, ("join", "append", "concat"), explain=explain_concatenate,
    params=(Int(name="axis", default=-1, key=True, summary="The axis that grows: -1 is the last, 1 the first."),))

DOT = _merge(
    "Dot", "Dot product of two inputs",
    "Values along one axis are multiplied pair by pair and summed up. Normalised, it is the cosine of the angle between two "
    "vectors: how alike they are.",
    dot, ("cosine", "similarity", "inner product", "matmul"), explain=explain_dot,
    params=(Axes(name="axes", default=-1, key=True, summary="The axis summed up: one number, or one for each input."),
            Bool(name="normalize", default=False, key=True, summary="Brings vectors to length 1 first (cosine).")),
    stays=(NO_COSINES,), tells=(ROUGH_COSINES,))

SPECS: tuple[LayerSpec, ...] = (ADD, SUBTRACT, MULTIPLY, AVERAGE, MAXIMUM, MINIMUM, CONCATENATE, DOT)
