"""What all attention layers share: their ports, the parameters Keras takes at the call, and the checks of what arrives."""

from __future__ import annotations

from collections.abc import Callable

from graph_compiler.layers.geometry import number
from graph_compiler.specs.dtypes import FLOAT, GROUPS, refuse_dtype
from graph_compiler.specs.nodes import OUT, Inputs, Port, Ports, Values
from graph_compiler.specs.params import Bool, Float, Param
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor

AT_CALL = frozenset({"use_causal_mask", "return_attention_scores"})
"""Parameters that Keras takes at the call."""

_SCORES = (*OUT, Port("scores"))


def input_ports(named: bool) -> tuple[Port, ...]:
    """`query`, `value` and, when it differs from the value, `key`; `named` where Keras takes the key by its name."""
    return Port("query"), Port("value"), Port("key", optional=True, argument="key" if named else "")


def ports_of(inputs: tuple[Port, ...]) -> Callable[[Values], Ports]:
    """The ports of an attention layer: `scores` comes out too with `return_attention_scores`."""
    return lambda p: (inputs, _SCORES if p["return_attention_scores"] else OUT)


def call_switches(causal_key: bool = True) -> tuple[Param, ...]:
    """The parameters of `AT_CALL`."""
    return (Bool(name="use_causal_mask", default=False, key=causal_key,
                 summary="Each step sees only itself and those before it, as a decoder must."),
            Bool(name="return_attention_scores", default=False,
                 summary="Gives the weights of the mean as well: who looked where."))


def dropout() -> Float:
    """Dropout on the scores."""
    return Float(name="dropout", default=0.0, minimum=0.0, maximum=1.0, summary="Share of the scores dropped in training.")


def tensors_of(layer: str, inputs: Inputs) -> tuple[Tensor, Tensor, Tensor]:
    """Query, value and key; the value is the key where none is wired. Refusal when one is not of decimal numbers."""
    found = {port: inputs[port][0] for port in ("query", "value", "key") if inputs.get(port)}
    for port, x in found.items():
        if GROUPS[x.dtype] not in FLOAT:
            raise refuse_dtype(layer, x, FLOAT, port)
    return found["query"], found["value"], found.get("key", found["value"])


def check_series(layer: str, inputs: Inputs) -> None:
    """Refuse anything but steps × channels at query, value and key."""
    for port in ("query", "value", "key"):
        for x in inputs.get(port, ()):
            if x.rank != 2:
                raise Refusal("rank", f"{layer} needs a series as its {port}", expected="steps × channels: 2 axes",
                              received=f"{x.words} ({x.rank} {'axis' if x.rank == 1 else 'axes'})", port=port, rank=2,
                              hint="Insert Reshape, or return_sequences on the layer before.")


def check_key(layer: str, inputs: Inputs, value: Tensor, key: Tensor) -> None:
    """Refuse a key with other places than the value: each place of the value has one key."""
    if key.shape[:-1] != value.shape[:-1]:
        raise Refusal("merge-mismatch", f"{layer} needs one key for each step of the value", port="key",
                      expected=f"{_places(value)} steps", received=f"{_places(key)}",
                      hint="Take key and value from the same layer, or leave the key free.")


def check_width(layer: str, inputs: Inputs, query: Tensor, other: Tensor, name: str) -> None:
    """Refuse a query whose channels cannot be compared with those of the key or value, which `name` says."""
    if query.shape[-1] != other.shape[-1]:
        a, b = number(query.shape[-1]), number(other.shape[-1])
        raise Refusal("merge-mismatch", f"{layer} compares query and {name} channel by channel", port="query",
                      expected=f"{b} channels, as the {name} has", received=a,
                      hint=f"Bring one of them to the width of the other: Dense with {b} units, or MultiHeadAttention.")


def _places(x: Tensor) -> str:
    return "×".join(map(number, x.shape[:-1]))
