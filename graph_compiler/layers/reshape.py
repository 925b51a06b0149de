"""Layers that change the shape and leave the numbers alone: flatten, reshape, permute, repeat, crop, pad, upsample."""

from __future__ import annotations

import math
from collections.abc import Iterable

from graph_compiler.layers.geometry import (
    FLOAT_OR_INT,
    INTERPOLATIONS,
    TAPS,
    THINGS,
    axes_words,
    data_format,
    float_dtype,
    moved,
    need_axes,
    number,
    product,
    spatial,
)
from graph_compiler.layers.staying import NO_KERNELS, NO_UINT8_PADDING
from graph_compiler.specs.dtypes import ANY, NUMBERS
from graph_compiler.specs.nodes import Inferred, LayerSpec, Values
from graph_compiler.specs.params import Choice, Int, Ints, Pairs, Param, ShapeParam
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor

Sides = tuple[tuple[int, int], ...]
"""Numbers before and after each spatial axis."""


def flatten(p: Values, x: Tensor) -> Inferred:
    """[a, b, ...] -> [a*b*...]; a scalar becomes [1]."""
    return moved(x, (x.size,))


def explain_flatten(p: Values, x: Tensor) -> str:
    """The product in words."""
    return f"{product(x.shape)} = {number(x.size)}" if x.rank else "one number becomes a list of one"


def reshape(p: Values, x: Tensor) -> Inferred:
    """[...] -> target_shape with as many numbers; -1 takes what is left. A free axis leaves -1 free."""
    target: tuple[int, ...] = p["target_shape"]
    known = math.prod(d for d in target if d != -1)
    size = x.size
    if size is None:
        return moved(x, tuple(None if d == -1 else d for d in target))
    if (size % known if -1 in target else size != known):
        wanted = f"{product(target)} = {known:,} numbers" if -1 not in target else f"a multiple of {known:,} numbers"
        raise Refusal("reshape", "Reshape cannot keep all numbers", expected=wanted, port="in", param="target_shape",
                      received=f"{x.words} = {size:,} numbers", size=size,
                      hint="Change target_shape so that its product fits, or put -1 for the size that should follow.")
    return moved(x, tuple(size // known if d == -1 else d for d in target))


def explain_reshape(p: Values, x: Tensor) -> str:
    """Both products."""
    out = reshape(p, x).outputs[0]
    return f"{product(x.shape) or '1'} = {product(out.shape) or '1'}"


def permute(p: Values, x: Tensor) -> Inferred:
    """Axis i of the output is axis dims[i] of the input, counted from 1."""
    dims: tuple[int, ...] = p["dims"]
    if sorted(dims) != list(range(1, len(dims) + 1)):
        raise Refusal("parameter", "dims is not an order of axes", param="dims", received=_list(dims),
                      expected=f"each axis from 1 to {max(len(dims), 1)} once", hint="Axis 1 is the first after the batch.")
    if x.rank != len(dims):
        raise Refusal("rank", "Permute does not fit its input", expected=axes_words(len(dims)), port="in", param="dims",
                      received=f"{x.words} ({axes_words(x.rank)})", hint=f"Name {axes_words(x.rank)} in dims.", rank=x.rank)
    return moved(x, tuple(x.shape[d - 1] for d in dims))


def explain_permute(p: Values, x: Tensor) -> str:
    """Where each axis comes from."""
    return ", ".join(f"axis {i} was {d}" for i, d in enumerate(p["dims"], 1))


def repeat_vector(p: Values, x: Tensor) -> Inferred:
    """[c] -> [n, c]."""
    if x.rank != 1:
        raise Refusal("rank", "RepeatVector needs a list of numbers", expected="1 axis", port="in", rank=1,
                      received=f"{x.words} ({axes_words(x.rank)})", hint="Insert Flatten before it.")
    return moved(x, (p["n"], *x.shape))


def explain_repeat(p: Values, x: Tensor) -> str:
    """How many copies."""
    return f"{number(x.shape[0])} numbers, {p['n']:,} times"


def _list(values: tuple[int, ...]) -> str:
    return ", ".join(map(str, values)) or "nothing"


def _sides(p: Values, param: str, axes: int) -> Sides:
    value = p[param]
    return (value,) if axes == 1 else value


def cropping(axes: int) -> LayerSpec:
    """The spec of Cropping1D, 2D or 3D."""
    name = f"Cropping{axes}D"

    def rule(p: Values, x: Tensor) -> Inferred:
        """Each spatial size less what is cut off before and after."""
        need_axes(x, axes + 1, name)
        shape = list(x.shape)
        for i, (before, after) in zip(_where(p, axes), _sides(p, "cropping", axes), strict=True):
            size = shape[i]
            if size is not None and size <= before + after:
                raise Refusal("empty-shape", f"{name} cuts everything off", expected=f"less than {size:,} in all",
                              received=f"{before:,} + {after:,} from {size:,}", param="cropping", port="in",
                              hint="Crop less.")
            shape[i] = size if size is None else size - before - after
        return moved(x, tuple(shape))

    def explain(p: Values, x: Tensor) -> str:
        """The differences."""
        pairs = zip(_where(p, axes), _sides(p, "cropping", axes), strict=True)
        return _joined(_sum(x.shape[i], before, after, "−") for i, (before, after) in pairs)

    default = [1, 1] if axes == 1 else [[0, 0]] * 2 if axes == 2 else [[1, 1]] * 3
    amount = _sides_param("cropping", axes, default, "What is cut off")
    return LayerSpec(
        name=name, family="reshape", summary=f"Cuts the borders off {THINGS[axes]}",
        text="Numbers at the border are thrown away; what is left stays as it was.",
        params=(amount, *((data_format(),) if axes > 1 else ())), rule=rule, explain=explain,
        keywords=("crop", "cut", "trim", "border"))


def zero_padding(axes: int) -> LayerSpec:
    """The spec of ZeroPadding1D, 2D or 3D."""
    name = f"ZeroPadding{axes}D"

    def rule(p: Values, x: Tensor) -> Inferred:
        """Each spatial size plus what is added before and after."""
        need_axes(x, axes + 1, name)
        shape = list(x.shape)
        for i, (before, after) in zip(_where(p, axes), _sides(p, "padding", axes), strict=True):
            size = shape[i]
            shape[i] = size if size is None else size + before + after
        return moved(x, tuple(shape))

    def explain(p: Values, x: Tensor) -> str:
        """The sums."""
        pairs = zip(_where(p, axes), _sides(p, "padding", axes), strict=True)
        return _joined(_sum(x.shape[i], before, after, "+") for i, (before, after) in pairs)

    default = 1 if axes == 1 else [1, 1] if axes == 2 else [[1, 1]] * 3
    return LayerSpec(
        name=name, family="reshape", summary=f"Adds a border of zeros to {THINGS[axes]}",
        text="A border of zeros lets kernels reach the edge, so that a convolution keeps the size.",
        params=(_sides_param("padding", axes, default, "How many zeros are added"), data_format()), rule=rule, explain=explain,
        stays=(NO_UINT8_PADDING,) if axes == 2 else (),
        keywords=("pad", "border", "margin", "zeros"))


def up_sampling(axes: int) -> LayerSpec:
    """The spec of UpSampling1D, 2D or 3D."""
    name = f"UpSampling{axes}D"

    def rule(p: Values, x: Tensor) -> Inferred:
        """Each spatial size times its factor."""
        need_axes(x, axes + 1, name)
        shape = list(x.shape)
        for i, factor in zip(_where(p, axes), _factors(p, axes), strict=True):
            size = shape[i]
            shape[i] = size if size is None else size * factor
        taps = TAPS[p.get("interpolation", "nearest")]
        if taps and None in (shape[i] for i in _where(p, axes)):
            raise Refusal("free-axis", f"{name} cannot blend pixels of a picture of free size", param="interpolation",
                          expected="a known height and width", received=x.words, port="in",
                          hint="Choose interpolation “nearest”, or insert Resizing.")
        out = Tensor(tuple(shape), float_dtype(x))
        return Inferred((out,), macs=None if out.size is None and taps else taps * (out.size or 0))

    def explain(p: Values, x: Tensor) -> str:
        """The products."""
        pairs = zip(_where(p, axes), _factors(p, axes), strict=True)
        return _joined(f"{number(x.shape[i])} × {f} = {number(_times(x.shape[i], f))}" for i, f in pairs)

    size: Param = Int(name="size", default=2, minimum=1, key=True, summary="How often each step is repeated.")
    if axes > 1:
        size = Ints(name="size", default=[2] * axes, length=axes, key=True, summary="Factor of each axis.")
    more: tuple[Param, ...] = (size, *((data_format(),) if axes > 1 else ()))
    if axes == 2:
        more += (Choice(name="interpolation", default="nearest", options=INTERPOLATIONS[:-1], key=True,
                        summary="How the pixels in between come about."),)
    return LayerSpec(
        name=name, family="reshape", summary=f"Enlarges {THINGS[axes]} by repeating",
        text="Every number is repeated, so that the axes grow; nothing is learnt. Decoders grow pictures with it.",
        params=more, rule=rule, explain=explain, accepts=FLOAT_OR_INT if axes == 2 else NUMBERS,
        stays=NO_KERNELS if axes == 2 else (),
        keywords=("upsample", "upscale", "enlarge", "zoom", "grow", "decoder"))


def _where(p: Values, axes: int) -> range:
    return spatial(p.get("data_format"), axes + 1)


def _factors(p: Values, axes: int) -> tuple[int, ...]:
    return (p["size"],) if axes == 1 else p["size"]


def _times(size: int | None, factor: int) -> int | None:
    return None if size is None else size * factor


def _joined(sums: Iterable[str]) -> str:
    """Equal sums are said once."""
    return ", ".join(dict.fromkeys(sums))


def _sum(size: int | None, before: int, after: int, sign: str) -> str:
    change = before + after if sign == "+" else -before - after
    return f"{number(size)} {sign} {before} {sign} {after} = {number(None if size is None else size + change)}"


def _sides_param(name: str, axes: int, default: object, words: str) -> Param:
    if axes == 1:
        return Ints(name=name, default=default, length=2, minimum=0, key=True, summary=f"{words} before and after.")
    return Pairs(name=name, default=default, length=axes, key=True, summary=f"{words} on each side of each axis.")


FLATTEN = LayerSpec(
    name="Flatten", family="reshape", summary="Lays all numbers out in one list",
    text="A picture becomes one long list, row by row, so that a Dense layer can read it.",
    params=(data_format(),), rule=flatten, explain=explain_flatten, accepts=ANY, keywords=("vector", "unroll", "list"))

RESHAPE = LayerSpec(
    name="Reshape", family="reshape", summary="Same numbers, another shape",
    text="The numbers keep their order and are read in a new shape with as many of them. -1 stands for the size that is left.",
    params=(ShapeParam(name="target_shape", default=[-1], free=True, key=True, summary="Sizes without the batch."),),
    rule=reshape, explain=explain_reshape, accepts=ANY, keywords=("view", "shape", "fold"))

PERMUTE = LayerSpec(
    name="Permute", family="reshape", summary="Changes the order of the axes",
    text="Axes trade places, as in a transposed table. Axis 1 is the first after the batch.",
    params=(ShapeParam(name="dims", default=[2, 1], key=True, summary="The order of the axes, counted from 1."),),
    rule=permute, explain=explain_permute, accepts=ANY, keywords=("transpose", "swap", "axes"))

REPEAT_VECTOR = LayerSpec(
    name="RepeatVector", family="reshape", summary="Repeats a list as a series",
    text="A list becomes a series that says the same at every step. It feeds a summary into a recurrent decoder.",
    params=(Int(name="n", default=2, minimum=1, key=True, summary="How many times."),), rule=repeat_vector,
    explain=explain_repeat, keywords=("tile", "copy", "sequence"))

SPECS: tuple[LayerSpec, ...] = (
    FLATTEN, RESHAPE, PERMUTE, REPEAT_VECTOR, *map(cropping, (1, 2, 3)), *map(zero_padding, (1, 2, 3)),
    *map(up_sampling, (1, 2, 3)))
