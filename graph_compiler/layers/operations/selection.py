"""Operations that choose and gather: Stack, Slice, Gather, ArgMax."""

from __future__ import annotations

from graph_compiler.layers.common import axis_index
from graph_compiler.layers.custom.specs import operation
from graph_compiler.layers.geometry import float_dtype, number
from graph_compiler.layers.merge import MANY, joint_dtype
from graph_compiler.layers.staying import NO_WIDE_SLICES
from graph_compiler.specs.dtypes import FLOAT, WHOLE, refuse_dtype
from graph_compiler.specs.nodes import Inferred, Inputs, LayerSpec, Port, Values
from graph_compiler.specs.params import Int
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Column, Shape, Tensor

INT = frozenset({"int"})
_CODES = frozenset({"tokens", "category", "mask"})


def codes(x: Tensor) -> Column | None:
    """The column whose class names or vocabulary still say what the numbers mean when some of them are left out."""
    return x.column if x.column and x.column.kind in _CODES else None


def stack(p: Values, inputs: Inputs) -> Inferred:
    """Tensors [...] -> [..., count]: single numbers become a list, pictures without channels get a channel axis."""
    tensors = inputs["in"]
    shape = tensors[0].shape
    for x in tensors[1:]:
        if x.shape != shape:
            shape = _same_shape(tensors[0], shape, x)
    return Inferred((Tensor((*shape, len(tensors)), joint_dtype(tensors)),))


def _same_shape(first: Tensor, shape: Shape, x: Tensor) -> Shape:
    if len(shape) != x.rank or any(a != b and None not in (a, b) for a, b in zip(shape, x.shape, strict=True)):
        raise Refusal("merge-mismatch", f"Stack cannot stack the shapes {first.words} and {x.words}", port="in",
                      expected="the same shape everywhere", received=f"{first.words} and {x.words}",
                      hint="Use Concatenate to join inputs of different sizes.")
    return tuple(b if a is None else a for a, b in zip(shape, x.shape, strict=True))


def explain_stack(p: Values, inputs: Inputs) -> str:
    """The count."""
    return f"{len(inputs['in']):,} inputs of {inputs['in'][0].words} side by side"


def slice_bounds(p: Values, size: int | None) -> int | None:
    """The size that `start:stop:step` leaves of `size`; None when it is free and the bounds do not settle it."""
    if size is None:
        return None
    return len(range(*slice(p["start"], p["stop"], p["step"]).indices(size)))


def take_slice(p: Values, x: Tensor) -> Inferred:
    """A part of one axis, as Python's `start:stop:step` cuts it. Tokens stay tokens."""
    at = axis_index(p["axis"], x, "Slice")
    size = slice_bounds(p, x.shape[at])
    if size == 0:
        raise Refusal("empty-shape", "Slice leaves nothing over", expected=f"a part of {number(x.shape[at])}", port="in",
                      param="start", received=f"{p['start']} to {'the end' if p['stop'] is None else p['stop']}",
                      hint="Let start come before stop; negative numbers count from the end.")
    return Inferred((Tensor((*x.shape[:at], size, *x.shape[at + 1:]), float_dtype(x), False, codes(x)),))


def explain_slice(p: Values, x: Tensor) -> str:
    """How much is left."""
    at = axis_index(p["axis"], x, "Slice")
    return f"{number(slice_bounds(p, x.shape[at]))} of {number(x.shape[at])}"


def gather(p: Values, inputs: Inputs) -> Inferred:
    """[..., n, ...] and whole numbers [k...] -> [..., k..., ...]: the places of the axis that the numbers name."""
    x, indices = inputs["in"][0], inputs["indices"][0]
    if indices.dtype not in ("int32", "int64"):
        raise refuse_dtype("Gather", indices, INT, "indices") if not indices.is_integer else Refusal(
            "dtype", f"Gather cannot read {indices.dtype} indices", expected="int32", received=indices.dtype, port="indices",
            hint="Insert Cast with dtype int32.")
    at = axis_index(p["axis"], x, "Gather")
    return Inferred((Tensor((*x.shape[:at], *indices.shape, *x.shape[at + 1:]), float_dtype(x), False, codes(x)),))


def explain_gather(p: Values, inputs: Inputs) -> str:
    """How many places of how many."""
    x, indices = inputs["in"][0], inputs["indices"][0]
    taken = "1" if indices.rank == 0 else indices.words
    return f"{taken} of {number(x.shape[axis_index(p['axis'], x, 'Gather')])}"


def arg_max(p: Values, x: Tensor) -> Inferred:
    """[..., n, ...] -> int32 without that axis. No gradient passes."""
    at = axis_index(p["axis"], x, "ArgMax")
    return Inferred((Tensor((*x.shape[:at], *x.shape[at + 1:]), "int32"),))


def explain_arg_max(p: Values, x: Tensor) -> str:
    """The range of what comes out."""
    size = x.shape[axis_index(p["axis"], x, "ArgMax")]
    return f"the place of the largest, 0 to {'?' if size is None else f'{size - 1:,}'}"


STACK = operation(
    "Stack", summary="Makes one list of single numbers",
    text="Columns of a table arrive as single numbers; stacked side by side they are the list a Dense layer reads.",
    inputs=MANY, many_rule=stack, explain_many=explain_stack, keywords=("join", "columns", "features", "vector", "concatenate"))

SLICE = operation(
    "Slice", summary="Takes a part of one axis",
    text="Cuts as Python does: from start up to, but without, stop, in steps. Negative numbers count from the end.",
    params=(Int(name="axis", default=-1, key=True, summary="The axis that is cut: -1 is the last, 1 the first."),
            Int(name="start", default=0, key=True, summary="First place kept."),
            Int(name="stop", default=None, optional=True, key=True, summary="First place not kept; nothing goes to the end."),
            Int(name="step", default=1, minimum=1, summary="Every how many places.")),
    rule=take_slice, explain=explain_slice, stays=(NO_WIDE_SLICES,), keywords=("select", "part", "crop", "index"))

GATHER = operation(
    "Gather", summary="Takes the places that indices name",
    text="Index 0 is the first place of the axis. With one index a sample it takes one step out of a series, such as the last "
         "that counts; with a list, as many as the list has.",
    inputs=(Port("in"), Port("indices")), accepts=FLOAT | WHOLE,
    params=(Int(name="axis", default=1, key=True, summary="The axis that is chosen from: 1 is the first, -1 the last."),),
    many_rule=gather, explain_many=explain_gather, keywords=("take", "index", "select", "lookup", "pick"))

ARG_MAX = operation(
    "ArgMax", summary="The place of the largest number",
    text="Of ten scores it gives the number of the best one: a class instead of scores. Nothing is learnt through it, so it "
         "stands at the end.",
    params=(Int(name="axis", default=-1, key=True, summary="The axis that is searched: -1 is the last, 1 the first."),),
    rule=arg_max, explain=explain_arg_max, accepts=FLOAT, keywords=("argmax", "best", "class", "decision", "prediction"))

SPECS: tuple[LayerSpec, ...] = (STACK, SLICE, GATHER, ARG_MAX)
