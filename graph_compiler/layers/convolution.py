"""Convolutions: plain, depthwise and separable, over series, images and volumes."""

from __future__ import annotations

import math
from collections.abc import Callable

from graph_compiler.layers.common import activation, times, use_bias, weight_params
from graph_compiler.layers.geometry import data_format
from graph_compiler.layers.transposed import TRANSPOSED
from graph_compiler.layers.windows import explain_slide, join, known_channels, reach, refuse_both, slide, split
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.nodes import Inferred, LayerSpec, Values
from graph_compiler.specs.params import Choice, Int, Ints, Param
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Shape, Tensor

Rule = Callable[[Values, Tensor], Inferred]
Explain = Callable[[Values, Tensor], str]


def filters() -> Int:
    """How many patterns a convolution learns."""
    return Int(name="filters", default=32, minimum=1, key=True, summary="How many patterns it learns, a channel each.")


def kernel_size(rank: int) -> Ints:
    """The size of a filter along each of `rank` axes."""
    return Ints(name="kernel_size", default=3 if rank == 1 else [3] * rank, length=rank, key=True,
                summary="How far a filter looks.")


def per_axis(name: str, rank: int, summary: str) -> Ints:
    """A whole number from 1 on for each of `rank` axes, 1 by default."""
    return Ints(name=name, default=1 if rank == 1 else [1] * rank, length=rank, summary=summary)


def strides(rank: int) -> Ints:
    """Steps of the window."""
    return per_axis("strides", rank, "How far the window moves at each step.")


def dilation_rate(rank: int) -> Ints:
    """Gaps in the window."""
    return per_axis("dilation_rate", rank, "Distance between the places a filter looks at.")


def padding(causal: bool = False) -> Choice:
    """Whether a border keeps the size."""
    past = "; causal: only the past is seen." if causal else "."
    return Choice(name="padding", default="valid", options=("valid", "same", "causal") if causal else ("valid", "same"),
                  summary=f"valid: no border; same: a border keeps the size{past}")


def _places(p: Values, x: Tensor, rank: int, layer: str) -> tuple[Shape, Shape, int]:
    """Places before and after, and the channels before."""
    before, channels = split(p, x, rank, layer)
    known = known_channels(channels, x, layer)
    after = slide(before, reach(p["kernel_size"], p["dilation_rate"]), p["strides"], p["padding"], layer, "kernel_size")
    return before, after, known


def _conv(rank: int, layer: str) -> Rule:
    def rule(p: Values, x: Tensor) -> Inferred:
        """[..., C] -> [..., filters]; weights kernel*C/groups*filters + filters."""
        _, after, channels = _places(p, x, rank, layer)
        count, groups = p["filters"], p["groups"]
        if groups > 1:
            _check_groups(layer, channels, count, groups)
        refuse_both(p, layer)
        kernel = math.prod(p["kernel_size"]) * (channels // groups) * count
        out = Tensor(join(p, after, count), "float32", False)
        return Inferred((out,), kernel + (count if p["use_bias"] else 0), macs=times(*after, kernel))
    return rule


def _check_groups(layer: str, channels: int, count: int, groups: int) -> None:
    for words, number in (("channels", channels), ("filters", count)):
        if number % groups:
            raise Refusal("parameter", f"{layer} cannot share {number} {words} among {groups} groups",
                          expected=f"{words} that {groups} divides", received=f"{number} {words}", param="groups",
                          hint="Change groups, or the number of filters.")


def _check_strides(p: Values, layer: str) -> None:
    if len(set(p["strides"])) > 1:
        raise Refusal("parameter", f"{layer} must move equally far along both axes", expected="strides that are equal",
                      received=str(list(p["strides"])), param="strides", hint="Use the same stride twice.")


def _depthwise(rank: int, layer: str) -> Rule:
    def rule(p: Values, x: Tensor) -> Inferred:
        """[..., C] -> [..., C*depth_multiplier]; weights kernel*C*depth_multiplier, plus a bias an output channel."""
        _, after, channels = _places(p, x, rank, layer)
        _check_strides(p, layer)
        count = channels * p["depth_multiplier"]
        kernel = math.prod(p["kernel_size"]) * count
        out = Tensor(join(p, after, count), "float32", False)
        return Inferred((out,), kernel + (count if p["use_bias"] else 0), macs=times(*after, kernel))
    return rule


def _separable(rank: int, layer: str) -> Rule:
    def rule(p: Values, x: Tensor) -> Inferred:
        """[..., C] -> [..., filters]; weights of the depthwise part, of the 1-wide part that mixes, and the biases."""
        _, after, channels = _places(p, x, rank, layer)
        _check_strides(p, layer)
        middle, count = channels * p["depth_multiplier"], p["filters"]
        kernels = math.prod(p["kernel_size"]) * middle + middle * count
        out = Tensor(join(p, after, count), "float32", False)
        return Inferred((out,), kernels + (count if p["use_bias"] else 0), macs=times(*after, kernels))
    return rule


def _explain(rank: int, layer: str) -> Explain:
    def explain(p: Values, x: Tensor) -> str:
        """The arithmetic of the output's places."""
        before, _ = split(p, x, rank, layer)
        return explain_slide(before, reach(p["kernel_size"], p["dilation_rate"]), p["strides"], p["padding"])
    return explain


def _spec(kind: str, rank: int, rule: Callable[[int, str], Rule], params: tuple[Param, ...], summary: str, text: str,
          keywords: tuple[str, ...]) -> LayerSpec:
    name = f"{kind}{rank}D"
    return LayerSpec(name=name, family="convolution", summary=summary, text=text, params=params, rule=rule(rank, name),
                     explain=_explain(rank, name), accepts=FLOAT,
                     keywords=("filter", "kernel", "cnn", "convolution", *keywords))


def _conv_params(rank: int) -> tuple[Param, ...]:
    return (filters(), kernel_size(rank), strides(rank), padding(causal=rank == 1), data_format(), dilation_rate(rank),
            Int(name="groups", default=1, minimum=1, summary="Groups of channels that do not mix."),
            activation(), use_bias(), *weight_params(rank + 2))


def _depth_multiplier() -> Int:
    return Int(name="depth_multiplier", default=1, minimum=1, summary="Filters for each channel.")


def _depthwise_params(rank: int) -> tuple[Param, ...]:
    return (kernel_size(rank), strides(rank), padding(), _depth_multiplier(), data_format(), dilation_rate(rank), activation(),
            use_bias(), *weight_params(rank + 2, ("depthwise",)))


def _separable_params(rank: int) -> tuple[Param, ...]:
    return (filters(), kernel_size(rank), strides(rank), padding(), data_format(), dilation_rate(rank), _depth_multiplier(),
            activation(), use_bias(), *weight_params(rank + 2, ("depthwise", "pointwise")))


_DEPTHWISE_TEXT = "Filters each channel on its own and mixes none. Far fewer weights than a full convolution."
_SEPARABLE_TEXT = ("Filters each channel on its own, then mixes the channels place by place: nearly a full convolution at a "
                   "fraction of the cost.")

SPECS: tuple[LayerSpec, ...] = (
    _spec("Conv", 1, _conv, _conv_params(1), "Filters slide along a series",
          "Slides filters along the steps. Each filter learns one short pattern and marks where it is.",
          ("series", "signal", "time")),
    _spec("Conv", 2, _conv, _conv_params(2), "Filters slide over an image",
          "Slides filters over an image. Each filter learns one pattern and draws a map of where it is.", ("image", "picture")),
    _spec("Conv", 3, _conv, _conv_params(3), "Filters slide through a volume",
          "Slides filters through a volume, such as a scan or a short film. Each filter learns one pattern.",
          ("volume", "video", "scan")),
    _spec("SeparableConv", 1, _separable, _separable_params(1), "Lighter: depth, then points", _SEPARABLE_TEXT,
          ("light", "mobile")),
    _spec("SeparableConv", 2, _separable, _separable_params(2), "Lighter: depth, then points", _SEPARABLE_TEXT,
          ("light", "mobile", "xception")),
    _spec("DepthwiseConv", 1, _depthwise, _depthwise_params(1), "Each channel by itself", _DEPTHWISE_TEXT, ("light", "mobile")),
    _spec("DepthwiseConv", 2, _depthwise, _depthwise_params(2), "Each channel by itself", _DEPTHWISE_TEXT,
          ("light", "mobile", "mobilenet")),
    *TRANSPOSED)
