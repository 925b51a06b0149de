"""Pooling: patches, whole axes, or a fixed number of patches become one number each, channel by channel."""

from __future__ import annotations

from collections.abc import Callable

from graph_compiler.layers.geometry import data_format
from graph_compiler.layers.staying import ROUGH_MASKED_MEANS
from graph_compiler.layers.windows import NOUNS, explain_slide, join, layout, slide, split
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.nodes import Inferred, LayerSpec, Values
from graph_compiler.specs.params import Bool, Choice, Ints, Param
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor, shape_words

Rule = Callable[[Values, Tensor], Inferred]
Explain = Callable[[Values, Tensor], str]

_WHERE = {1: ("stretch", "stretches"), 2: ("patch", "patches"), 3: ("cube", "cubes")}


def _steps(p: Values) -> tuple[int, ...]:
    strides: tuple[int, ...] = p["strides"] or p["pool_size"]
    return strides


def _patches(rank: int, layer: str) -> Rule:
    def rule(p: Values, x: Tensor) -> Inferred:
        """[..., C] -> fewer places, the same channels; no weights."""
        before, channels = split(p, x, rank, layer)
        after = slide(before, p["pool_size"], _steps(p), p["padding"], layer, "pool_size")
        return Inferred((Tensor(join(p, after, channels), "float32", False),))
    return rule


def _explain_patches(rank: int, layer: str) -> Explain:
    def explain(p: Values, x: Tensor) -> str:
        """The arithmetic of the output's places."""
        before, _ = split(p, x, rank, layer)
        return explain_slide(before, p["pool_size"], _steps(p), p["padding"])
    return explain


def _whole(rank: int, layer: str) -> Rule:
    counts_mask = layer == "GlobalAveragePooling1D"

    def rule(p: Values, x: Tensor) -> Inferred:
        """[..., C] -> [C], or axes of size 1 kept with keepdims; no weights."""
        before, channels = split(p, x, rank, layer)
        if counts_mask and x.masked and p["data_format"] == "channels_first":
            raise Refusal("mask", f"{layer} cannot count masked steps with channels first",
                          expected="steps × channels, or no mask",
                          received=f"{layout(p, rank)}, with a mask", param="data_format", hint="Use channels last.")
        ones = (1,) * len(before) if p["keepdims"] else ()
        return Inferred((Tensor(join(p, ones, channels), "float32", False),))
    return rule


def _explain_whole(rank: int, layer: str) -> Explain:
    def explain(p: Values, x: Tensor) -> str:
        """What becomes one number."""
        before, channels = split(p, x, rank, layer)
        words = "?" if channels is None else f"{channels:,}"
        return f"{shape_words(before)} places become one number, for each of {words} channels"
    return explain


def _fixed(rank: int, layer: str) -> Rule:
    kind = layer.removeprefix("Adaptive").partition("Pooling")[0]

    def rule(p: Values, x: Tensor) -> Inferred:
        """[..., C] -> [*output_size, C]; no weights."""
        before, channels = split(p, x, rank, layer)
        if None in x.shape:
            raise Refusal("free-axis", f"{layer} must know the size of its input", expected="fixed sizes", received=x.words,
                          port="in", hint="Insert Resizing or Reshape, or use a global pooling.")
        if 1 in before or 1 in p["output_size"]:
            raise Refusal("parameter", f"{layer} cannot make or take a single place",
                          expected="sizes of at least 2 on every axis",
                          received=f"{shape_words(before)} to {shape_words(p['output_size'])}", param="output_size",
                          hint=f"Use Global{kind}Pooling{rank}D for one number a channel: TensorFlow would fail here.")
        return Inferred((Tensor(join(p, p["output_size"], channels), "float32", False),))
    return rule


def _explain_fixed(rank: int, layer: str) -> Explain:
    def explain(p: Values, x: Tensor) -> str:
        """How many places become how many."""
        before, _ = split(p, x, rank, layer)
        return f"{shape_words(before)} places are shared among {shape_words(p['output_size'])}"
    return explain


def _pool_params(rank: int) -> tuple[Param, ...]:
    return (
        Ints(name="pool_size", default=2 if rank == 1 else [2] * rank, length=rank, key=True,
             summary=f"Size of a {_WHERE[rank][0]}."),
        Ints(name="strides", default=None, optional=True, length=rank, key=True,
             summary=f"From one {_WHERE[rank][0]} to the next; none is the pool size."),
        Choice(name="padding", default="valid", options=("valid", "same"),
               summary="valid: no border; same: the rest counts too."),
        data_format())


def _patch_spec(kind: str, rank: int, keeps: str) -> LayerSpec:
    name = f"{kind}Pooling{rank}D"
    return LayerSpec(
        name=name, family="pooling", summary=f"Keeps the {keeps} of each {_WHERE[rank][0]}",
        text=f"Cuts {NOUNS[rank]} into {_WHERE[rank][1]} and keeps the {keeps} of each, channel by channel. Less to compute, "
             "and small shifts matter less.",
        params=_pool_params(rank), rule=_patches(rank, name), explain=_explain_patches(rank, name), accepts=FLOAT,
        keywords=("downsample", "shrink", "pool", keeps, kind.lower()))


def _whole_spec(kind: str, rank: int, keeps: str) -> LayerSpec:
    name = f"Global{kind}Pooling{rank}D"
    return LayerSpec(
        name=name, family="pooling", summary="One number a channel" if kind == "Average" else "The largest of each channel",
        text=f"Keeps the {keeps} of all places for each channel. What is found counts, where it is does not.",
        params=(data_format(), Bool(name="keepdims", default=False, summary="Keeps the axes, of size 1.")),
        rule=_whole(rank, name), explain=_explain_whole(rank, name), accepts=FLOAT,
        tells=(ROUGH_MASKED_MEANS,) if name == "GlobalAveragePooling1D" else (),
        keywords=("flatten", "pool", "gap", keeps, kind.lower()))


def _fixed_spec(kind: str, rank: int, keeps: str) -> LayerSpec:
    name = f"Adaptive{kind}Pooling{rank}D"
    return LayerSpec(
        name=name, family="pooling", summary=f"The {keeps}, to a size you choose",
        text=f"Divides {NOUNS[rank]} into as many parts as you ask for and keeps the {keeps} of each, whatever size comes in.",
        params=(Ints(name="output_size", default=4 if rank == 1 else [4] * rank, length=rank, key=True,
                     summary="Places that come out."),
                data_format()),
        rule=_fixed(rank, name), explain=_explain_fixed(rank, name), accepts=FLOAT,
        keywords=("pool", "resize", keeps, kind.lower()))


_KINDS = (("Max", "largest"), ("Average", "mean"))

SPECS: tuple[LayerSpec, ...] = tuple(
    make(kind, rank, keeps) for make in (_patch_spec, _whole_spec, _fixed_spec) for kind, keeps in _KINDS for rank in (1, 2, 3))
