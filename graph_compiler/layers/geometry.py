"""Where height, width and channels stand in a picture, and what layers do that only move, cut or repeat numbers.

Serves the reshape, preprocessing, augmentation and regularisation families.
"""

from __future__ import annotations

from graph_compiler.specs.nodes import Inferred
from graph_compiler.specs.params import Choice, Int
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Shape, Tensor

INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area")
"""How `Resizing` makes new pixels. No gradient flows through the last."""

TAPS = {"nearest": 0, "bilinear": 4, "bicubic": 16, "lanczos3": 36, "lanczos5": 100, "area": 1}
"""Input pixels that are weighed for one output pixel."""

FLOAT_OR_INT = frozenset({"float", "int"})


def data_format() -> Choice:
    """Keras's `data_format` parameter; nothing chosen means channels last."""
    return Choice(name="data_format", default=None, optional=True, options=("channels_last", "channels_first"),
                  summary="Whether channels are the last or the first axis.")


def seed() -> Int:
    """Keras's `seed` parameter."""
    return Int(name="seed", default=None, optional=True, minimum=0, summary="Seed of its random numbers.")


def float_dtype(x: Tensor) -> str:
    """The dtype after Keras has brought decimal numbers to its own precision; whole numbers stay what they are."""
    return "float32" if x.is_float else x.dtype


def moved(x: Tensor, shape: Shape, masked: bool = False) -> Inferred:
    """The same numbers in another shape, at no cost. Whole numbers stay whole."""
    return Inferred((Tensor(shape, float_dtype(x), masked),))


def spatial(data_format: str | None, rank: int) -> range:
    """Positions of the spatial axes in a shape without batch."""
    return range(1, rank) if data_format == "channels_first" else range(rank - 1)


THINGS = {1: "a series", 2: "a picture", 3: "a volume"}
"""What has so many spatial axes."""

_AXES = {2: "length, channels", 3: "height, width, channels", 4: "depth, height, width, channels"}


def need_axes(x: Tensor, rank: int, layer: str) -> None:
    """Refuse an input that is not a series (2 axes), picture (3) or volume (4) with channels."""
    if x.rank != rank:
        words, axes = THINGS[rank - 1], _AXES[rank]
        hint = f"Insert Reshape to give it a channel axis: {x.words}×1." if x.rank == rank - 1 and x.rank else "Insert Reshape."
        raise Refusal("rank", f"{layer} needs {words}", expected=f"{rank} axes ({axes})",
                      received=f"{x.words} ({axes_words(x.rank)})", port="in", hint=hint, rank=rank)


def axes_words(rank: int) -> str:
    """`no axis`, `1 axis`, `3 axes`."""
    return "no axis" if rank == 0 else "1 axis" if rank == 1 else f"{rank} axes"


def product(shape: Shape) -> str:
    """`5 × 5 × 64`, with a question mark for a free axis."""
    return " × ".join("?" if d is None else f"{d:,}" for d in shape)


def number(d: int | None) -> str:
    """A size for people."""
    return "?" if d is None else f"{d:,}"
