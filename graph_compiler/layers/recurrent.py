"""Recurrent layers: one step after the other, with a state that remembers; what all of them share, and the plain ones.

`in` takes a series; `initial_h` (for LSTM also `initial_c`) take the state to begin with; `return_state` grows `h` and `c`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graph_compiler.layers.common import (
    ACTIVATIONS,
    activation,
    constraint,
    initializer,
    known_size,
    like,
    regularizer,
    times,
    use_bias,
)
from graph_compiler.layers.geometry import seed
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.nodes import IN, OUT, Inferred, Inputs, LayerSpec, Port, Ports, Values
from graph_compiler.specs.params import Bool, Choice, Float, Int, Param
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Shape, Tensor

ManyRule = Callable[[Values, Inputs], Inferred]

SERIES = "a series, steps × channels"


@dataclass(frozen=True)
class Cell:
    """What one step of a recurrent layer computes, as its costs see it.

    `gates` blocks of weights act on input and state, `products` numbers a unit are multiplied beside them, and `states`
    name what is remembered.
    """

    layer: str
    gates: int
    products: int
    states: tuple[str, ...]

    def bias_rows(self, p: Values) -> int:
        """How many biases each gate has: GRU keeps those of input and state apart when it resets after the product."""
        return 0 if not p["use_bias"] else 2 if p.get("reset_after", False) else 1


SIMPLE_CELL = Cell("SimpleRNN", 1, 0, ("h",))
LSTM_CELL = Cell("LSTM", 4, 3, ("h", "c"))
GRU_CELL = Cell("GRU", 3, 3, ("h",))


def state_ports(states: tuple[str, ...], prefix: str = "") -> tuple[Port, ...]:
    """Output ports of states."""
    return tuple(Port(f"{prefix}{s}", role="state") for s in states)


def initial_ports(states: tuple[str, ...], prefix: str = "") -> tuple[Port, ...]:
    """Input ports of the states to begin with."""
    return tuple(Port(f"initial_{prefix}{s}", optional=True, role="state") for s in states)


def ports_of(states: tuple[str, ...]) -> Callable[[Values], Ports]:
    """The ports of a recurrent layer with these states."""
    before = (*IN, *initial_ports(states))
    return lambda p: (before, (*OUT, *state_ports(states)) if p["return_state"] else OUT)


def check_states(layer: str, inputs: Inputs, ports: tuple[Port, ...], shape: Shape) -> None:
    """Refuse some states without the others, and any of another shape than the layer's own."""
    given = [port.name for port in ports if inputs.get(port.name)]
    missing = [port.name for port in ports if port.name not in given]
    if given and missing:
        raise Refusal("state", f"{layer} begins with all of its states or none", expected=f"a wire at “{missing[0]}” too",
                      received=f"wires at {', '.join(given)}", port=missing[0],
                      hint=f"Wire {missing[0]} as well, or remove the other.")
    for name in given:
        found = inputs[name][0]
        if found.shape != shape:
            wanted = like(found, shape).words
            units: dict[str, Any] = {"units": found.shape[0]} if len(shape) == found.rank == 1 and found.shape[0] else {}
            raise Refusal("state", f"{layer} cannot begin with this state", expected=f"{wanted}, as its own state is",
                          received=found.words, port=name, hint=f"Let both layers have the same size, or use Dense: {wanted}.",
                          **units)


def check_unroll(p: Values, x: Tensor, layer: str) -> None:
    """Refuse to unroll a series of free length: Keras would have to know how often."""
    if p["unroll"] and x.shape[0] is None:
        raise Refusal("parameter", f"{layer} can unroll only a series of known length", expected="a fixed number of steps",
                      received=x.words, param="unroll", port="in", hint="Switch unroll off, or fix the length at the source.")


def results(p: Values, x: Tensor, states: tuple[str, ...], shape: Shape) -> tuple[Tensor, ...]:
    """The output, at every step or after the last, and the states with `return_state`. States carry no mask."""
    sequences = p["return_sequences"]
    out = like(x, (x.shape[0], *shape) if sequences else shape, masked=x.masked and sequences)
    return (out, *(like(x, shape, masked=False) for _ in states)) if p["return_state"] else (out,)


def _rule(cell: Cell) -> ManyRule:
    def rule(p: Values, inputs: Inputs) -> Inferred:
        """[T, n] -> [units], or [T, units] with return_sequences; states [units].

        Weights: for each gate (n + units) * units and its biases. Multiply-adds: T times the products of these matrices
        with input and state, and those of the gates.
        """
        x, units = inputs["in"][0], p["units"]
        need_series(x, cell.layer)
        n = known_size(x, 1, cell.layer, "the number of channels")
        check_unroll(p, x, cell.layer)
        check_states(cell.layer, inputs, initial_ports(cell.states), (units,))
        kernels = cell.gates * units * (n + units)
        weights = kernels + cell.gates * units * cell.bias_rows(p)
        return Inferred(results(p, x, cell.states, (units,)), weights, macs=times(x.shape[0], kernels + cell.products * units))
    return rule


def need_series(x: Tensor, layer: str) -> None:
    """Refuse anything but steps × channels, with a way out that fits what came."""
    if x.rank > 2:
        raise Refusal("rank", f"{layer} needs {SERIES}", expected=f"{SERIES}: 2 axes", received=f"{x.words} ({x.rank} axes)",
                      port="in", hint=f"Insert TimeDistributed with Flatten, or Reshape, or use ConvLSTM{min(x.rank - 2, 3)}D.",
                      rank=2)
    if x.rank < 2:
        raise Refusal("rank", f"{layer} needs {SERIES}", expected=f"{SERIES}: 2 axes",
                      received=f"{x.words} ({'1 axis' if x.rank else 'no axis'})", port="in", rank=2,
                      hint="Switch return_sequences of a recurrent layer before it on, or insert Reshape.")


def _explain(cell: Cell) -> Callable[[Values, Inputs], str]:
    def explain(p: Values, inputs: Inputs) -> str:
        """Where the weights come from."""
        n, units, bias = inputs["in"][0].shape[-1], p["units"], cell.bias_rows(p)
        gates = f"{cell.gates} gates × " if cell.gates > 1 else ""
        biases = f" + {bias} {'bias' if bias == 1 else 'biases'}" if bias else ""
        total = cell.gates * units * ((n or 0) + units + bias)
        return f"{gates}{units:,} units × ({n} channels + {units:,} units{biases}) = {total:,} weights"
    return explain


def switches(state_key: bool = True) -> tuple[Param, ...]:
    """What comes out: every step or the last, states or none; and in which direction it reads."""
    return (Bool(name="return_sequences", default=False, key=True, summary="On: an answer at each step. Off: after the last."),
            Bool(name="return_state", default=False, key=state_key, summary="Gives the state after the last step as well."),
            Bool(name="go_backwards", default=False, summary="Reads from the last step to the first."))


def zero_output() -> Bool:
    """Keras's `zero_output_for_mask`."""
    return Bool(name="zero_output_for_mask", default=False,
                summary="Skipped steps give 0 in place of the step before; needs return_sequences.")


def dropouts() -> tuple[Param, ...]:
    """Dropout on inputs and on the state."""
    return (Float(name="dropout", default=0.0, minimum=0.0, maximum=1.0, summary="Share of the inputs dropped in training."),
            Float(name="recurrent_dropout", default=0.0, minimum=0.0, maximum=1.0,
                  summary="Share of the state dropped in training; slow."), seed())


def recurrent_weights(rank: int = 2) -> tuple[Param, ...]:
    """Initialisers, regularisers and constraints of a recurrent layer whose kernels have `rank` axes."""
    kernel, state = "the input's weights", "the state's weights"
    return (initializer("kernel_initializer", "GlorotUniform", kernel, rank),
            initializer("recurrent_initializer", "Orthogonal", state, rank), initializer("bias_initializer", "Zeros", "biases"),
            regularizer("kernel_regularizer", kernel, rank), regularizer("recurrent_regularizer", state, rank),
            regularizer("bias_regularizer", "biases"), regularizer("activity_regularizer", "the outputs"),
            constraint("kernel_constraint", kernel, rank), constraint("recurrent_constraint", state, rank),
            constraint("bias_constraint", "biases"))


def recurrent_activation() -> Choice:
    """The function of the gates."""
    return Choice(name="recurrent_activation", default="sigmoid", options=ACTIVATIONS, optional=True,
                  summary="Function of the gates.")


def forget_bias() -> Bool:
    """Keras's `unit_forget_bias`."""
    return Bool(name="unit_forget_bias", default=True, summary="Starts out remembering: 1 is the forget gate's first bias.")


def _spec(cell: Cell, units: int, summary: str, text: str, own: tuple[Param, ...], keywords: tuple[str, ...]) -> LayerSpec:
    gates = (recurrent_activation(),) if cell.gates > 1 else ()
    unroll = Bool(name="unroll", default=False, summary="Writes every step out: faster on short series, needs memory.")
    return LayerSpec(
        name=cell.layer, family="recurrent", summary=summary, text=f"{text} {_SHAPES}",
        params=(Int(name="units", default=units, minimum=1, key=True, summary="Numbers in its state and output."), *switches(),
                activation("tanh", key=False), *gates, use_bias(), *own, *dropouts(), unroll, zero_output(),
                *recurrent_weights()),
        inputs=(*IN, *initial_ports(cell.states)), ports=ports_of(cell.states), many_rule=_rule(cell),
        explain_many=_explain(cell), random=True, loops=True, accepts=FLOAT,
        keywords=("recurrent", "rnn", "sequence", "series", "text", "time", "memory", "many to one", "many to many", *keywords))


_SHAPES = ("With return_sequences off it answers once, after the last step (many to one: text to mood); on, at each step (many "
           "to many: word to word). Its state, given to another one that starts there, makes an encoder and a decoder.")

SIMPLE_RNN = _spec(
    SIMPLE_CELL, 32, "A short memory, step by step",
    "At each step it mixes the new input with what it gave at the step before. It forgets soon; LSTM and GRU remember longer.",
    (), ("elman", "vanilla", "hidden state"))

LSTM = _spec(
    LSTM_CELL, 32, "A long memory with gates",
    "Reads a series step by step and keeps a memory. Gates, which it learns, decide what is kept, added and told.",
    (forget_bias(),), ("long short-term memory", "gate", "cell", "hidden state", "encoder", "decoder"))

GRU = _spec(
    GRU_CELL, 32, "Like LSTM with fewer gates",
    "Like LSTM with two gates in place of three and one state in place of two: a quarter fewer weights, often as good.",
    (Bool(name="reset_after", default=True, summary="Resets the state after its product with the weights, as GPUs do."),),
    ("gated recurrent unit", "gate", "hidden state", "encoder", "decoder"))

SPECS: tuple[LayerSpec, ...] = (SIMPLE_RNN, LSTM, GRU)
