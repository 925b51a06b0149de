"""Activation layers: one function on every number, with parameters of its own."""

from __future__ import annotations

from typing import Any

from graph_compiler.layers.common import axis_indices, check_softmax, constraint, initializer, like, regularizer, same
from graph_compiler.layers.staying import NO_FIVE_AXES
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.nodes import Inferred, LayerSpec, Values
from graph_compiler.specs.params import Axes, Float
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor


def each_number(p: Values, x: Tensor) -> Inferred:
    """The function on every number; shape unchanged."""
    return same(x)


def prelu(p: Values, x: Tensor) -> Inferred:
    """Shape unchanged; one weight a place, shared along `shared_axes`."""
    shared: tuple[int, ...] = ()
    if p["shared_axes"] is not None:
        shared = _shared(p["shared_axes"], x)
    if x.rank < 1:
        raise Refusal("rank", "PReLU needs a list of numbers", expected="at least one axis besides the batch", received=x.words,
                      port="in", hint="Insert Reshape, or use LeakyReLU.")
    weights = 1
    for i, size in enumerate(x.shape):
        if i in shared:
            continue
        if size is None:
            raise Refusal("free-axis", "PReLU must know how many slopes to learn", expected="fixed sizes, or shared axes",
                          received=x.words, port="in", hint=f"Add {i + 1} to shared_axes.")
        weights *= size
    return Inferred((like(x, x.shape),), weights, macs=x.size)


def _shared(axes: int | tuple[int, ...], x: Tensor) -> tuple[int, ...]:
    given = (axes,) if isinstance(axes, int) else axes
    if any(not 1 <= a <= x.rank for a in given):
        raise Refusal("axis", "PReLU has no such axis", expected=f"axes from 1 to {x.rank}", received=str(list(given)),
                      param="shared_axes", hint="Count the axes from 1, the first after the batch.")
    return tuple(a - 1 for a in given)


def explain_prelu(p: Values, x: Tensor) -> str:
    """How many slopes are learnt."""
    return f"{prelu(p, x).weights:,} slopes are learnt"


def softmax(p: Values, x: Tensor) -> Inferred:
    """Numbers along the axis become shares of 1; shape unchanged."""
    if len(axis_indices(p["axis"], x, "Softmax")) == 1:
        check_softmax("softmax", x.rank, "Softmax")
    if x.masked:
        raise Refusal("mask", "Softmax does not fit the mask that comes with its input", expected="an input without a mask",
                      received=f"{x.words}, masked", port="in", hint="Use Activation with softmax: it passes the mask on.")
    return same(x)


def explain_softmax(p: Values, x: Tensor) -> str:
    """What adds up to 1."""
    sizes = [x.shape[i] for i in axis_indices(p["axis"], x, "Softmax")]
    return " × ".join("?" if s is None else f"{s:,}" for s in sizes) + " numbers become shares that add up to 1"


def _spec(name: str, summary: str, text: str, *params: Any, **more: Any) -> LayerSpec:
    return LayerSpec(name=name, family="core", summary=summary, text=text, params=params, accepts=FLOAT,
                     **{"rule": each_number, "keywords": ("activation",), **more})


RELU = _spec("ReLU", "Negative numbers become 0",
             "Keeps what is above 0 and drops the rest. The usual bend between layers, quick to compute.",
             Float(name="max_value", default=None, optional=True, minimum=0.0, key=True,
                   summary="Upper limit; none is no limit."),
             Float(name="negative_slope", default=0.0, minimum=0.0, key=True, summary="Slope below 0."),
             Float(name="threshold", default=0.0, minimum=0.0, summary="Values up to it are dropped."),
             keywords=("activation", "rectifier", "relu6"))

LEAKY_RELU = _spec("LeakyReLU", "Negative numbers become small",
                   "Like ReLU, but below 0 a small slope stays, so that a unit never stops learning.",
                   Float(name="negative_slope", default=0.3, minimum=0.0, key=True, summary="Slope below 0."),
                   keywords=("activation", "rectifier", "leaky"))

PRELU = _spec("PReLU", "Learns the slope below 0",
              "Like LeakyReLU, but every place learns its own slope. Share axes of an image to learn one a channel.",
              initializer("alpha_initializer", "Zeros", "slopes"), regularizer("alpha_regularizer", "the slopes"),
              constraint("alpha_constraint", "the slopes"),
              Axes(name="shared_axes", default=None, optional=True, key=True,
                   summary="Axes along which a slope is shared, from 1."),
              rule=prelu, explain=explain_prelu, stays=(NO_FIVE_AXES,), keywords=("activation", "rectifier", "parametric"))

ELU = _spec("ELU", "Smooth below 0",
            "Like ReLU, but negative numbers level off smoothly towards minus alpha.",
            Float(name="alpha", default=1.0, key=True, summary="How low negative numbers may go."),
            keywords=("activation", "exponential", "smooth"))

SOFTMAX = _spec("Softmax", "Scores become shares of 1",
                "Turns scores into probabilities: all positive, together 1, the largest score the largest share.",
                Axes(name="axis", default=-1, key=True, summary="Axis along which the shares add up to 1."),
                rule=softmax, explain=explain_softmax, keywords=("activation", "probabilities", "classification"))

SPECS: tuple[LayerSpec, ...] = (RELU, LEAKY_RELU, PRELU, ELU, SOFTMAX)
