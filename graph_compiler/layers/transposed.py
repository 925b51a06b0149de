"""Transposed convolutions: they spread each place over several, so series, images and volumes grow."""

from __future__ import annotations

import math
from collections.abc import Callable

from graph_compiler.layers.common import activation, times, use_bias, weight_params
from graph_compiler.layers.geometry import data_format
from graph_compiler.layers.windows import join, known_channels, refuse_both, split
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.nodes import Inferred, LayerSpec, Values
from graph_compiler.specs.params import Choice, Int, Ints, Param
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor


def _grown(n: int, k: int, s: int, extra: int | None, same: bool) -> int:
    """Places after: `k` is the reach of the kernel, `extra` the output padding."""
    if same:
        return n * s if extra is None else (n - 1) * s + k % 2 + extra
    return (n - 1) * s + k + (max(k, s) - k if extra is None else extra)


def _axes(p: Values) -> list[tuple[int, int, int | None]]:
    """Reach, stride and output padding of each axis."""
    extra = p["output_padding"] or (None,) * len(p["strides"])
    reaches = (d * (k - 1) + 1 for k, d in zip(p["kernel_size"], p["dilation_rate"], strict=True))
    return list(zip(reaches, p["strides"], extra, strict=True))


def _check(p: Values, layer: str) -> None:
    refuse_both(p, layer)
    if p["output_padding"] and any(o >= s for o, s in zip(p["output_padding"], p["strides"], strict=True)):
        raise Refusal("parameter", f"{layer} pads more than it strides", expected="output_padding below strides on every axis",
                      received=f"output_padding {list(p['output_padding'])}, strides {list(p['strides'])}",
                      param="output_padding",
                      hint="Use a smaller output_padding, or none.")
    if p["padding"] == "same" and any(extra == 0 and reach % 2 == 0 for reach, _, extra in _axes(p)):
        raise Refusal("parameter", f"{layer} loses a place with an even kernel and no output padding",
                      expected="an odd kernel_size, or output_padding of 1 or none with padding “same”",
                      received=f"kernel_size {list(p['kernel_size'])}, output_padding {list(p['output_padding'])}",
                      param="output_padding", hint="Set output_padding to none.")


def _rule(rank: int, layer: str) -> Callable[[Values, Tensor], Inferred]:
    def rule(p: Values, x: Tensor) -> Inferred:
        """[..., C] -> [..., filters], places grown; weights kernel*filters*C + filters."""
        before, channels = split(p, x, rank, layer)
        known = known_channels(channels, x, layer)
        _check(p, layer)
        same, count = p["padding"] == "same", p["filters"]
        after = tuple(None if n is None else _grown(n, *axis, same) for n, axis in zip(before, _axes(p), strict=True))
        kernel = math.prod(p["kernel_size"]) * known * count
        out = Tensor(join(p, after, count), "float32", False)
        return Inferred((out,), kernel + (count if p["use_bias"] else 0), macs=times(*before, kernel))
    return rule


def _explain(rank: int, layer: str) -> Callable[[Values, Tensor], str]:
    def explain(p: Values, x: Tensor) -> str:
        """The arithmetic of the output's places."""
        before, _ = split(p, x, rank, layer)
        sums = dict.fromkeys(_sum(n, *axis, p["padding"] == "same") for n, axis in zip(before, _axes(p), strict=True))
        return f"{'; '.join(sums)} with padding “{p['padding']}”"
    return explain


def _sum(n: int | None, k: int, s: int, extra: int | None, same: bool) -> str:
    if n is None:
        return "the free size decides"
    out = _grown(n, k, s, extra, same)
    if same and extra is None:
        return f"{n} × {s} = {out}" if s > 1 else f"{n} stays {out}"
    end = k % 2 if same else k
    more = (extra if extra is not None else max(k, s) - k) or 0
    return f"({n} − 1) × {s} + {end}" + (f" + {more}" if more else "") + f" = {out}"


def _params(rank: int) -> tuple[Param, ...]:
    one = 1 if rank == 1 else [1] * rank
    return (
        Int(name="filters", default=32, minimum=1, key=True, summary="How many channels come out."),
        Ints(name="kernel_size", default=3 if rank == 1 else [3] * rank, length=rank, key=True,
             summary="How far each place is spread."),
        Ints(name="strides", default=one, length=rank, key=True, summary="How many times larger it becomes."),
        Choice(name="padding", default="valid", options=("valid", "same"),
               summary="valid: edges stay; same: exactly strides times larger."),
        Ints(name="output_padding", default=None, optional=True, length=rank, minimum=0, summary="Places added at the end."),
        data_format(), Ints(name="dilation_rate", default=one, length=rank,
                            summary="Distance between the places a filter reaches."),
        activation(key=False), use_bias(), *weight_params(rank + 2))


def _spec(rank: int, noun: str) -> LayerSpec:
    name = f"Conv{rank}DTranspose"
    return LayerSpec(
        name=name, family="convolution", summary=f"Makes {noun} larger",
        text=f"A convolution run backwards: each place is spread over several. Draws {noun} from few numbers, as a decoder "
             "does.",
        params=_params(rank), rule=_rule(rank, name), explain=_explain(rank, name), accepts=FLOAT,
        keywords=("deconvolution", "upsampling", "decoder", "generator", "convolution", "transposed"))


TRANSPOSED: tuple[LayerSpec, ...] = (_spec(1, "a series"), _spec(2, "an image"), _spec(3, "a volume"))
