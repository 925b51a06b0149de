"""Parameter values that fit a tensor, for the core, activation, convolution, pooling and normalisation families."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from graph_compiler.specs.tensors import Tensor

Likely = Callable[[Tensor], st.SearchStrategy[dict[str, Any]]]

FORMS = st.sampled_from([None, "channels_last", "channels_first"])
AXES = st.sampled_from([-4, -3, -2, -1, 0, 1, 2, 3, 9])

EQUATIONS: tuple[dict[str, Any], ...] = (
    {"equation": "ab,bc->ac", "output_shape": [3], "bias_axes": "c"},
    {"equation": "abc,cd->abd", "output_shape": [None, 3], "bias_axes": "d"},
    {"equation": "abc,cd->abd", "output_shape": [7, 3], "bias_axes": "bd"},
    {"equation": "abc,bd->adc", "output_shape": [3, 4]},
    {"equation": "abc,cd->adb", "output_shape": [2, 7]},
    {"equation": "...x,xy->...y", "output_shape": [3], "bias_axes": "y"},
    {"equation": "...bx,xy->...by", "output_shape": [None, 3]},
    {"equation": "abc,cde->abde", "output_shape": [7, 2, 2]},
    {"equation": "ab...,bc->ac...", "output_shape": [3], "bias_axes": "c"},
    {"equation": "abc,b->ac", "output_shape": [4]},
    {"equation": "abc,ca->bc", "output_shape": [4]},
    {"equation": "ab,cd->ad", "output_shape": [3]},
    {"equation": "abc,cd->abe", "output_shape": [7, 3]},
    {"equation": "ab,bc->ac", "output_shape": [3, 3]},
    {"equation": "ab,bc->ac", "output_shape": [3], "bias_axes": "z"},
    {"equation": "aab,bc->aac", "output_shape": [3, 3]},
    {"equation": "nonsense", "output_shape": [3]})


def _einsum(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from(EQUATIONS)


def _sizes(rank: int, high: int) -> st.SearchStrategy[Any]:
    one = st.integers(1, high)
    return one | st.lists(one, min_size=rank, max_size=rank)


def _convolution(rank: int, causal: bool, **more: st.SearchStrategy[Any]) -> Likely:
    paddings = st.sampled_from(["valid", "same", "causal"] if causal else ["valid", "same"])
    steps = {"strides": _sizes(rank, 3)}
    gaps = {"dilation_rate": _sizes(rank, 3)}
    rest = {"kernel_size": _sizes(rank, 4), "padding": paddings, "data_format": FORMS, "use_bias": st.booleans(),
            "activation": st.sampled_from([None, "relu", "softmax"]), **more}
    kinds = st.sampled_from([steps, gaps, steps | gaps])
    return lambda x: kinds.flatmap(lambda part: st.fixed_dictionaries({}, optional=part | rest))


def _pooling(rank: int) -> Likely:
    return lambda x: st.fixed_dictionaries({}, optional={
        "pool_size": _sizes(rank, 4), "strides": st.none() | _sizes(rank, 4), "padding": st.sampled_from(["valid", "same"]),
        "data_format": FORMS})


def _normalised(**more: st.SearchStrategy[Any]) -> Likely:
    return lambda x: st.fixed_dictionaries({}, optional={"axis": AXES, "center": st.booleans(), "scale": st.booleans(), **more})


def _many_axes(**more: st.SearchStrategy[Any]) -> Likely:
    axes = AXES | st.lists(AXES, min_size=1, max_size=3, unique=True) | st.just([-2, -1])
    return lambda x: st.fixed_dictionaries({}, optional={"axis": axes, **more})


_LIMIT = st.sampled_from([None, 0.5, 1.0, 3.0])
_GROUPS = st.sampled_from([1, 1, 2, 3])
_FILTERS = st.integers(1, 6)

LIKELY: dict[str, Likely] = {
    "EinsumDense": _einsum,
    **{f"Conv{n}D": _convolution(n, n == 1, filters=_FILTERS, groups=_GROUPS) for n in (1, 2, 3)},
    **{f"SeparableConv{n}D": _convolution(n, False, filters=_FILTERS, depth_multiplier=st.integers(1, 2)) for n in (1, 2)},
    **{f"DepthwiseConv{n}D": _convolution(n, False, depth_multiplier=st.integers(1, 2)) for n in (1, 2)},
    **{f"Conv{n}DTranspose": _convolution(n, False, filters=_FILTERS,
                                          output_padding=st.none() | st.integers(0, 2)) for n in (1, 2, 3)},
    **{f"{kind}Pooling{n}D": _pooling(n) for kind in ("Max", "Average") for n in (1, 2, 3)},
    "BatchNormalization": _normalised(renorm=st.booleans(), rmax=_LIMIT, rmin=_LIMIT, dmax=_LIMIT),
    "GroupNormalization": _normalised(groups=st.sampled_from([-1, -1, 1, 2, 3])),
    "LayerNormalization": _many_axes(center=st.booleans(), scale=st.booleans()),
    "RMSNormalization": _many_axes(), "UnitNormalization": _many_axes(), "Softmax": _many_axes(),
    "PReLU": lambda x: st.fixed_dictionaries({"shared_axes": st.none() | AXES | st.lists(AXES, min_size=1, max_size=3,
                                                                                         unique=True)}),
}
"""Strategies of parameter values by layer."""
