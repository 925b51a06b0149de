"""Layers that bring raw columns into the range, size and code a network reads. They stay inside the exported file."""

from __future__ import annotations

from graph_compiler.layers.custom.registry import custom_class
from graph_compiler.layers.geometry import (
    FLOAT_OR_INT,
    INTERPOLATIONS,
    TAPS,
    axes_words,
    data_format,
    float_dtype,
    need_axes,
    number,
    product,
    spatial,
)
from graph_compiler.layers.staying import NO_KERNELS, NO_SMOOTHING, ROUGH_COUNTS
from graph_compiler.specs.nodes import Inferred, LayerSpec, Values
from graph_compiler.specs.params import Axes, Bool, Choice, Float, Floats, Int
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Shape, Tensor


def rescaling(p: Values, x: Tensor) -> Inferred:
    """[...] -> [...] float32: x * scale + offset. The mask is kept."""
    return Inferred((Tensor(x.shape, "float32", x.masked),))


def explain_rescaling(p: Values, x: Tensor) -> str:
    """Where the ends of the range go."""
    low, high = p["offset"], 255 * p["scale"] + p["offset"]
    if x.dtype == "uint8":
        return f"0 … 255 becomes {low:.4g} … {high:.4g}"
    scale, offset = p["scale"], p["offset"]
    parts = 1 / scale if scale else 0.0
    product_words = f"x ÷ {parts:.0f}" if parts > 1 and abs(parts - round(parts)) < 1e-9 else f"x × {scale:.4g}"
    return product_words + (f" {'+' if offset > 0 else '−'} {abs(offset):.4g}" if offset else "")


def resized(shape: Shape, form: str | None, height: int, width: int) -> Shape:
    """A picture's shape with a new height and width."""
    return (*shape[:-2], height, width) if form == "channels_first" else (height, width, shape[-1])


def resizing(p: Values, x: Tensor) -> Inferred:
    """[h, w, c] -> [height, width, c]; whole numbers are rounded and stay whole."""
    need_axes(x, 3, "Resizing")
    if p["crop_to_aspect_ratio"] and p["pad_to_aspect_ratio"]:
        raise Refusal("parameter", "Resizing cannot crop and pad at once", param="pad_to_aspect_ratio",
                      expected="one of the two", received="both", hint="Switch one of them off.")
    if p["pad_to_aspect_ratio"] and x.is_integer:
        raise Refusal("dtype", "Resizing pads only decimal numbers", param="pad_to_aspect_ratio", port="in",
                      expected="decimal numbers", received=x.dtype, hint="Insert Rescaling or Cast before it.")
    shape = resized(x.shape, p["data_format"], p["height"], p["width"])
    out = Tensor(shape, float_dtype(x))
    taps = TAPS[p["interpolation"]]
    return Inferred((out,), macs=None if taps and out.size is None else taps * (out.size or 0))


def explain_size(p: Values, x: Tensor) -> str:
    """Old and new size."""
    old = tuple(x.shape[i] for i in spatial(p["data_format"], 3))
    return f"{product(old)} becomes {p['height']:,} × {p['width']:,}"


def center_crop(p: Values, x: Tensor) -> Inferred:
    """[h, w, c] -> [height, width, c] float32. A picture too small is enlarged first; a free size is refused."""
    need_axes(x, 3, "CenterCrop")
    if any(x.shape[i] is None for i in spatial(p["data_format"], 3)):
        raise Refusal("free-axis", "CenterCrop needs pictures of one size", expected="a known height and width", port="in",
                      received=x.words, hint="Insert Resizing instead.")
    return Inferred((Tensor(resized(x.shape, p["data_format"], p["height"], p["width"]), "float32"),))


def explain_crop(p: Values, x: Tensor) -> str:
    """What is cut off, or that the picture grows."""
    old = tuple(x.shape[i] for i in spatial(p["data_format"], 3))
    cut = [None if size is None else size - new for size, new in zip(old, (p["height"], p["width"]), strict=True)]
    if any(c is not None and c < 0 for c in cut):
        return f"{explain_size(p, x)}, enlarged because the picture is too small"
    return f"{explain_size(p, x)}: {number(cut[0])} rows and {number(cut[1])} columns go"


def kept_axes(p: Values, x: Tensor) -> tuple[int, ...]:
    """Positions, in the shape without batch, of the axes whose places are normalised each on its own."""
    axis: int | tuple[int, ...] | None = p["axis"]
    named = () if axis is None else (axis,) if isinstance(axis, int) else axis
    kept = sorted(n - 1 if n >= 0 else x.rank + n for n in named)
    if any(not 0 <= i < x.rank for i in kept) or len(set(kept)) < len(kept):
        fits = f"axes from 1 to {x.rank} or from -{x.rank} to -1, each once" if x.rank else "none for single numbers"
        raise Refusal("parameter", "axis does not fit the input", param="axis", port="in", expected=fits,
                      received=f"{', '.join(map(str, named))} on {axes_words(x.rank)}",
                      hint="Axis -1 normalises each feature on its own; none takes all values together.")
    if any(x.shape[i] is None for i in kept):
        raise Refusal("free-axis", "Normalization needs a known size on its axis", param="axis", port="in", received=x.words,
                      expected="a known size on each named axis", hint="Name another axis, or none.")
    return tuple(kept)


def normalization(p: Values, x: Tensor) -> Inferred:
    """[...] -> [...] float32: (x - mean) / sqrt(variance). Weights: mean and variance of each place, and one count."""
    kept = kept_axes(p, x)
    out = (Tensor(x.shape, "float32", x.masked),)
    mean, variance = p["mean"], p["variance"]
    if mean is None and variance is None:
        places = 1
        for i in kept:
            places *= x.shape[i] or 1
        return Inferred(out, 2 * places + 1, 2 * places + 1, x.size)
    _check_statistics(mean, variance, [x.shape[i] for i in kept])
    return Inferred(out, macs=x.size)


def _check_statistics(mean: float | tuple[float, ...] | None, variance: float | tuple[float, ...] | None,
                      sizes: list[int | None]) -> None:
    if mean is None or variance is None:
        missing = "mean" if mean is None else "variance"
        raise Refusal("parameter", "Normalization needs mean and variance together", param=missing, expected="both or none",
                      received=f"no {missing}", hint="Give both, or leave both empty to learn them from the training rows.")
    counts = [len(v) if isinstance(v, tuple) else 0 for v in (mean, variance)]
    size = sizes[-1] if sizes else 0
    if counts[0] != counts[1] or counts[0] not in (0, 1, size) or (counts[0] and not sizes):
        raise Refusal("parameter", "mean and variance do not fit the axis", param="mean",
                      expected=f"one number each, or {size} numbers each" if sizes else "one number each",
                      received=" and ".join(str(n or 1) for n in counts), hint="Give one value for each place on the axis.")


def explain_normalization(p: Values, x: Tensor) -> str:
    """Where the weights come from."""
    if p["mean"] is not None:
        return "mean and variance are given"
    n = (normalization(p, x).weights - 1) // 2
    return f"{n:,} mean{'s' * (n > 1)} + {n:,} variance{'s' * (n > 1)} + 1 count = {2 * n + 1:,}, learnt from the training rows"


def one_hot_shape(x: Tensor, count: int, layer: str) -> Shape:
    """A new last axis of `count` places; a last axis of size 1 gives way to it, so that it must be known."""
    if x.rank and x.shape[-1] is None:
        raise Refusal("free-axis", f"{layer} needs a known size on the last axis", expected="a known size", received=x.words,
                      port="in", hint="Insert Reshape, or use sequences of one length.")
    return (*x.shape[:-1], count) if x.rank and x.shape[-1] == 1 else (*x.shape, count)


def category_encoding(p: Values, x: Tensor) -> Inferred:
    """Whole numbers [...] -> float32 [..., num_tokens] (one_hot), [n] -> [num_tokens] (multi_hot, count)."""
    count, mode = p["num_tokens"], p["output_mode"]
    if p["sparse"]:
        raise Refusal("parameter", "Sparse outputs cannot be exported", param="sparse", expected="false", received="true",
                      hint="Switch sparse off; the values are the same.")
    if mode == "one_hot":
        return Inferred((Tensor(one_hot_shape(x, count, "CategoryEncoding"), "float32"),))
    if x.rank != 1:
        raise Refusal("rank", f"CategoryEncoding with {mode} needs a list of categories", expected="1 axis", port="in", rank=1,
                      received=f"{x.words} ({axes_words(x.rank)})", param="output_mode",
                      hint="Choose one_hot, or insert Flatten." if x.rank else "Choose one_hot for a single category.")
    if x.is_integer and x.dtype not in ("int32", "int64"):
        raise Refusal("dtype", f"CategoryEncoding with {mode} cannot read {x.dtype}", expected="int32", received=x.dtype,
                      port="in", hint="Insert Cast with dtype int32.")
    return Inferred((Tensor((count,), "float32"),))


def explain_encoding(p: Values, x: Tensor) -> str:
    """What the places say."""
    words = {"one_hot": "1 at the place of the category", "multi_hot": "1 at the place of each category that occurs",
             "count": "how often each category occurs"}
    return f"{p['num_tokens']:,} places, {words[p['output_mode']]}"


RESCALING = LayerSpec(
    name="Rescaling", family="preprocessing", summary="Multiplies by a scale and adds an offset",
    text="Pixels come as 0 to 255; networks learn best from values around 0 to 1. The scale 1/255 does that.",
    params=(Float(name="scale", default=1 / 255, key=True, summary="What each number is multiplied by."),
            Float(name="offset", default=0.0, key=True, summary="Added after the factor.")),
    rule=rescaling, explain=explain_rescaling, keywords=("scale", "normalise", "0 to 1", "255", "pixels"))

RESIZING = LayerSpec(
    name="Resizing", family="preprocessing", summary="Brings pictures to one size",
    text="Every picture leaves with the same height and width, stretched, cropped or padded as you choose.",
    params=(Int(name="height", default=32, minimum=1, key=True, summary="New height in pixels."),
            Int(name="width", default=32, minimum=1, key=True, summary="New width in pixels."),
            Choice(name="interpolation", default="bilinear", options=INTERPOLATIONS, summary="How new pixels come about."),
            Bool(name="crop_to_aspect_ratio", default=False, summary="Cuts the sides instead of stretching."),
            Bool(name="pad_to_aspect_ratio", default=False, summary="Adds borders instead of stretching."),
            Choice(name="fill_mode", default="constant", options=("constant",), summary="What borders are made of."),
            Float(name="fill_value", default=0.0, summary="Value of added borders."),
            Bool(name="antialias", default=False, summary="Smooths while shrinking."), data_format()),
    rule=resizing, explain=explain_size, accepts=FLOAT_OR_INT, stays=(*NO_KERNELS, NO_SMOOTHING),
    keywords=("resize", "scale", "shrink", "size"))

CENTER_CROP = LayerSpec(
    name="CenterCrop", family="preprocessing", summary="Keeps the middle of pictures",
    text="The middle of the picture is cut out. One that is too small is enlarged first.",
    params=(Int(name="height", default=24, minimum=1, key=True, summary="Height kept, in pixels."),
            Int(name="width", default=24, minimum=1, key=True, summary="Width kept, in pixels."), data_format()),
    rule=center_crop, explain=explain_crop, keywords=("crop", "cut", "middle"))

NORMALIZATION = LayerSpec(
    name="Normalization", family="preprocessing", summary="Shifts and scales to mean 0, variance 1",
    text="Before training it looks once at the training rows and notes mean and variance of each feature; then every feature "
         "counts alike, whatever its unit. Inverted and put behind the last layer it goes the other way: it notes mean and "
         "variance of the target, and the network answers in the target's unit though it reckons with small numbers.",
    params=(Axes(name="axis", default=-1, optional=True, key=True, summary="Axes whose places are treated one by one."),
            Floats(name="mean", default=None, optional=True, summary="Given instead of learnt."),
            Floats(name="variance", default=None, optional=True, minimum=0.0, summary="Given instead of learnt."),
            Bool(name="invert", default=False, summary="Goes back from normalised to raw values.")),
    rule=normalization, explain=explain_normalization, adapts=True,
    keywords=("standardise", "z-score", "adapt", "mean", "variance", "scale"))

CATEGORY_ENCODING = LayerSpec(
    name="CategoryEncoding", family="preprocessing", summary="Turns category numbers into places",
    text="Category 3 of 5 becomes 0 0 0 1 0. So a network can weigh each category on its own, without an order between them.",
    params=(Int(name="num_tokens", default=10, minimum=1, key=True, summary="How many categories there are."),
            Choice(name="output_mode", default="multi_hot", options=("multi_hot", "one_hot", "count"), key=True,
                   summary="One place for each value, for all together, or counts."),
            Bool(name="sparse", default=False, summary="Sparse output; cannot be exported.")),
    rule=category_encoding, explain=explain_encoding, defined_as="CategoryEncoding", tells=(ROUGH_COUNTS,),
    make=lambda keras, p, name: custom_class(keras, "CategoryEncoding")(name=name, **p),
    keywords=("one-hot", "dummy", "categorical", "labels"))

SPECS: tuple[LayerSpec, ...] = (RESCALING, RESIZING, CENTER_CROP, NORMALIZATION, CATEGORY_ENCODING)
