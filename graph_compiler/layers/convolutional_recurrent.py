"""Recurrent layers whose steps are convolutions: ConvLSTM over series of series, of pictures and of volumes."""

from __future__ import annotations

import math

from graph_compiler.layers.common import activation, times, use_bias
from graph_compiler.layers.convolution import dilation_rate, filters, kernel_size, padding, strides
from graph_compiler.layers.geometry import data_format
from graph_compiler.layers.recurrent import (
    LSTM_CELL,
    ManyRule,
    check_states,
    dropouts,
    forget_bias,
    initial_ports,
    ports_of,
    recurrent_activation,
    recurrent_weights,
    results,
    switches,
    zero_output,
)
from graph_compiler.layers.windows import NOUNS, join, known_channels, layout, reach, refuse_both, slide, split
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.nodes import IN, Inferred, Inputs, LayerSpec, Values
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Shape, Tensor

_STATES = LSTM_CELL.states
_GATES, _PRODUCTS = LSTM_CELL.gates, LSTM_CELL.products


def _step(p: Values, x: Tensor, rank: int, layer: str) -> Tensor:
    """One step of the series as a tensor of its own. Refusal when places are free or axes are missing."""
    words = f"steps × {layout(p, rank)}"
    if x.rank != rank + 2:
        hint = "Insert Reshape to add an axis of channels." if x.rank == rank + 1 else "Insert Reshape to give it these axes."
        raise Refusal("rank", f"{layer} needs a series of {_many(rank)}", expected=f"{words}: {rank + 2} axes",
                      received=f"{x.words} ({x.rank} {'axis' if x.rank == 1 else 'axes'})", port="in", hint=hint, rank=rank + 2)
    step = Tensor(x.shape[1:], x.dtype)
    if None in split(p, step, rank, layer)[0]:
        raise Refusal("free-axis", f"{layer} must know the size of each step", expected="fixed sizes beside the steps",
                      received=x.words, port="in", hint="Fix the size at the source, or insert Resizing.")
    return step


def _many(rank: int) -> str:
    return {1: "series", 2: "images", 3: "volumes"}[rank]


def _after(p: Values, step: Tensor, rank: int, layer: str) -> tuple[Shape, int]:
    """Places of the state, and the channels of a step."""
    before, channels = split(p, step, rank, layer)
    known = known_channels(channels, step, layer)
    refuse_both(p, layer)
    return slide(before, reach(p["kernel_size"], p["dilation_rate"]), p["strides"], p["padding"], layer, "kernel_size"), known


def _rule(rank: int, layer: str) -> ManyRule:
    def rule(p: Values, inputs: Inputs) -> Inferred:
        """[T, places, C] -> [places', filters], or one a step with return_sequences; states [places', filters].

        Weights: for each of 4 gates kernel * (C + filters) * filters and filters biases. Multiply-adds: T times both
        convolutions at every place', and 3 products a number of the state.
        """
        x = inputs["in"][0]
        step = _step(p, x, rank, layer)
        places, channels = _after(p, step, rank, layer)
        count = p["filters"]
        shape = join(p, places, count)
        check_states(layer, inputs, initial_ports(_STATES), shape)
        kernels = _GATES * math.prod(p["kernel_size"]) * (channels + count) * count
        weights = kernels + (_GATES * count if p["use_bias"] else 0)
        macs = times(x.shape[0], *places, kernels + _PRODUCTS * count)
        return Inferred(results(p, x, _STATES, shape), weights, macs=macs)
    return rule


def _spec(rank: int) -> LayerSpec:
    layer = f"ConvLSTM{rank}D"
    example = {1: "a row of sensors", 2: "a film", 3: "a series of scans"}[rank]
    return LayerSpec(
        name=layer, family="recurrent", summary=f"A memory for series of {_many(rank)}",
        text=f"An LSTM whose every step is {NOUNS[rank]}: its gates are convolutions, so that it remembers what was where. For "
             f"{example}. With return_sequences off it answers after the last step (many to one), on at each (many to many).",
        params=(filters(), kernel_size(rank), *switches(state_key=False), strides(rank), padding(), data_format(),
                dilation_rate(rank), activation("tanh", key=False), recurrent_activation(), use_bias(), forget_bias(),
                *dropouts(), zero_output(), *recurrent_weights(rank + 2)),
        inputs=(*IN, *initial_ports(_STATES)), ports=ports_of(_STATES), many_rule=_rule(rank, layer), random=True,
        loops=True, accepts=FLOAT,
        keywords=("recurrent", "rnn", "convolution", "sequence", "video", "film", "frames", "forecast", "many to one",
                  "many to many"))


SPECS: tuple[LayerSpec, ...] = tuple(map(_spec, (1, 2, 3)))
