"""Parameter values that fit a tensor, for the reshape, merge, regularisation, preprocessing and augmentation families."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from graph_compiler.specs.tensors import Tensor

Likely = Callable[[Tensor], st.SearchStrategy[dict[str, Any]]]

FORMS = st.sampled_from([None, "channels_last", "channels_first"])
AXES = st.sampled_from([-3, -2, -1, 0, 1, 2, 3])


def _reshape(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    size = x.size or 6
    half = [size // 2, 2] if size % 2 == 0 else [1, size]
    targets = [[-1], [size], half, [-1, 2], [2, -1], [1, size, 1], [size + 1], [3, -1], [-1, 1]]
    return st.sampled_from(targets).map(lambda t: {"target_shape": t})


def _permute(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    orders = st.permutations(list(range(1, x.rank + 1))).map(list)
    return (orders | st.sampled_from([[1], [1, 1], [2, 3], [2, 1]])).filter(bool).map(lambda dims: {"dims": dims})


def _noise(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    fitting = [None, *(d if i % 2 else 1 for i, d in enumerate(x.shape))]
    shapes = st.sampled_from([None, fitting, [1] * (x.rank + 1), [None] * (x.rank + 1), [None], [None, 99]])
    return st.fixed_dictionaries({"rate": st.sampled_from([0.0, 0.25, 0.9])}, optional={"noise_shape": shapes})


def _cropped(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    sizes = st.sampled_from([1, 2, *(d for d in x.shape if d), 50])
    return st.fixed_dictionaries({"height": sizes, "width": sizes}, optional={"data_format": FORMS})


def _resized(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    flags = ("crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias")
    kinds = st.sampled_from(["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"])
    return st.fixed_dictionaries({"height": st.integers(1, 9), "width": st.integers(1, 9)},
                                 optional={"interpolation": kinds, "data_format": FORMS, **dict.fromkeys(flags, st.booleans())})


def _normalised(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    last = x.shape[-1] if x.rank else 1
    given = st.sampled_from([None, 0.5, [0.5] * (last or 1), [1.0], [1.0, 2.0]])
    axis = st.none() | AXES | st.lists(AXES, min_size=1, max_size=2)
    same = given.map(lambda v: {"mean": v, "variance": v})
    other = st.fixed_dictionaries({}, optional={"mean": given, "variance": given})
    return st.tuples(st.fixed_dictionaries({}, optional={"axis": axis, "invert": st.booleans()}), same | other).map(
        lambda parts: {**parts[0], **parts[1]})


def _encoded(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"num_tokens": st.integers(2, 5)},
                                 optional={"output_mode": st.sampled_from(["one_hot", "multi_hot", "count"])})


def _dot(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    pairs = st.lists(AXES, min_size=2, max_size=2)
    return st.fixed_dictionaries({"axes": AXES | pairs}, optional={"normalize": st.booleans()})


def _sides(name: str, axes: int) -> Likely:
    pair = st.lists(st.integers(0, 2), min_size=2, max_size=2)

    def drawn(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
        value = st.integers(0, 3) | (pair if axes == 1 else st.lists(pair, min_size=axes, max_size=axes))
        return st.fixed_dictionaries({name: value}, optional={"data_format": FORMS} if (name, axes) != ("cropping", 1) else {})

    return drawn


def _sliced(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    ends = st.integers(-3, 3)
    return st.fixed_dictionaries({"axis": AXES}, optional={"start": ends, "stop": st.none() | ends, "step": st.integers(1, 3)})


def _ranged(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    ranges = st.sampled_from([[0, 255], [0, 1], [1, 0], [-1.0, 1.0], 3.0])
    factors = st.sampled_from([0.0, 0.2, 1.0, [0.1, 0.4], [0.4, 0.1]])
    return st.fixed_dictionaries({"factor": factors}, optional={"value_range": ranges, "seed": st.just(7)})


LIKELY: dict[str, Likely] = {
    "Reshape": _reshape, "Permute": _permute, "Dropout": _noise, "AlphaDropout": _noise, "CenterCrop": _cropped,
    "RandomCrop": _cropped, "Resizing": _resized, "Normalization": _normalised, "CategoryEncoding": _encoded, "Dot": _dot,
    "Slice": _sliced, "RandomContrast": _ranged, "RandomBrightness": _ranged,
    **{f"Cropping{n}D": _sides("cropping", n) for n in (1, 2, 3)},
    **{f"ZeroPadding{n}D": _sides("padding", n) for n in (1, 2, 3)},
    "Concatenate": lambda x: AXES.map(lambda axis: {"axis": axis}),
}
"""Per layer: a strategy of parameter values that fit a tensor, where blind drawing would hardly ever hit a valid one."""
