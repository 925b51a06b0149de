"""Bidirectional: a recurrent layer that reads a series from both ends.

The wrapped layer is a parameter, `{"name": "LSTM", "units": 64}`; its own spec says what it takes, gives and costs.
"""

from __future__ import annotations

from graph_compiler.layers import convolutional_recurrent as films
from graph_compiler.layers import recurrent
from graph_compiler.layers.common import like
from graph_compiler.layers.recurrent import initial_ports, state_ports
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.nodes import IN, OUT, Inferred, Inputs, LayerSpec, Port, Ports, Values
from graph_compiler.specs.params import Choice
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor
from graph_compiler.specs.wrapping import Wrapped

_FORWARD, _BACKWARD = "forward_", "backward_"
_BOTH_WAYS: dict[str, LayerSpec] = {spec.name: spec for spec in (*recurrent.SPECS, *films.SPECS)}
_LAYER = Wrapped(name="layer", default="LSTM", options=_BOTH_WAYS, key=True, summary="The layer that reads both ways.",
                 fixed={"go_backwards": False, "zero_output_for_mask": False})
_OTHER = Wrapped(name="backward_layer", default=None, optional=True, options=_BOTH_WAYS,
                 fixed={"go_backwards": True, "zero_output_for_mask": False},
                 summary="Another one for the way back; none: the same.")


def _states(p: Values) -> tuple[str, ...]:
    """The states of the wrapped layer, `h` or `h` and `c`."""
    return tuple(port.name.removeprefix("initial_") for port in _LAYER.spec_of(p["layer"]).inputs if port.role == "state")


def _initial(p: Values) -> tuple[Port, ...]:
    return (*initial_ports(_states(p), _FORWARD), *initial_ports(_states(p), _BACKWARD))


def bidirectional_ports(p: Values) -> Ports:
    """One output, or one each way without merge_mode; with return_state the states of both ways."""
    outs = OUT if p["merge_mode"] is not None else (Port("forward"), Port("backward"))
    states = (*state_ports(_states(p), _FORWARD), *state_ports(_states(p), _BACKWARD)) if p["layer"]["return_state"] else ()
    return (*IN, *_initial(p)), (*outs, *states)


def bidirectional(p: Values, inputs: Inputs) -> Inferred:
    """What the wrapped layer gives, from both ends: side by side (last axis doubled), merged number by number, or apart.

    Weights and multiply-adds: those of both ways; merging by mul or ave takes one more for each number.
    """
    spec = _LAYER.spec_of(p["layer"])
    _together(p, inputs)
    forward = spec.infer(p["layer"], _way(inputs, _FORWARD))
    backward = _back(p, spec).infer(p["backward_layer"] or p["layer"], _way(inputs, _BACKWARD))
    if backward.outputs != forward.outputs:
        raise Refusal("parameter", "Bidirectional needs two ways that give the same", param="backward_layer",
                      expected=_shapes(forward), received=_shapes(backward),
                      hint="Give backward_layer the same sizes and switches.")
    out, *states = forward.outputs
    mode = p["merge_mode"]
    merged = like(out, (*out.shape[:-1], None if out.shape[-1] is None else 2 * out.shape[-1])) if mode == "concat" else out
    merging = out.size if mode in ("mul", "ave") else 0
    parts = (forward.macs, backward.macs, merging)
    return Inferred(((merged,) if mode is not None else (out, out)) + (*states, *states), forward.weights + backward.weights,
                    macs=None if None in parts else sum(part for part in parts if part is not None))


def _way(inputs: Inputs, prefix: str) -> dict[str, tuple[Tensor, ...]]:
    """The inputs of one way: the series, and its states under the wrapped layer's names."""
    found = {"in": inputs["in"]}
    return found | {name.replace(prefix, ""): xs for name, xs in inputs.items() if name.startswith(f"initial_{prefix}")}


def _together(p: Values, inputs: Inputs) -> None:
    given = [port.name for port in _initial(p) if inputs.get(port.name)]
    missing = [port.name for port in _initial(p) if port.name not in given]
    if given and missing:
        raise Refusal("state", "Bidirectional begins with all states of both ways or none", port=missing[0],
                      expected=f"a wire at “{missing[0]}” too", received=f"wires at {', '.join(given)}",
                      hint=f"Wire {missing[0]} as well, or remove the others.")


def _back(p: Values, spec: LayerSpec) -> LayerSpec:
    other = p["backward_layer"]
    if other is not None and other["name"] != spec.name:
        raise Refusal("parameter", "Bidirectional needs the same kind of layer both ways", expected=spec.name,
                      received=str(other["name"]), param="backward_layer", hint=f"Choose {spec.name} there as well, or none.")
    return spec


def _shapes(found: Inferred) -> str:
    return ", ".join(x.words for x in found.outputs)


def explain_bidirectional(p: Values, inputs: Inputs) -> str:
    """One way, and the two together."""
    spec = _LAYER.spec_of(p["layer"])
    one = spec.infer(p["layer"], {"in": inputs["in"]}).weights
    return f"{bidirectional(p, inputs).weights:,} weights: {one:,} to read forward, the rest to read backward"


BIDIRECTIONAL = LayerSpec(
    name="Bidirectional", family="recurrent", summary="Reads a series from both ends",
    text="Two recurrent layers side by side, one reads forward, the other backward: at each step both past and future are "
         "known. For series that are there as a whole (many to one, many to many), not for forecasts. It takes one recurrent "
         "layer, whose steps can be turned round; a block has no steps of its own.",
    params=(_LAYER, Choice(name="merge_mode", default="concat", optional=True, options=("concat", "sum", "mul", "ave"),
                           key=True, summary="How the two answers are joined; none keeps them apart."), _OTHER),
    inputs=(*IN, *initial_ports(("h", "c"), _FORWARD), *initial_ports(("h", "c"), _BACKWARD)), ports=bidirectional_ports,
    many_rule=bidirectional, explain_many=explain_bidirectional, random=True, accepts=FLOAT,
    keywords=("wrapper", "backward", "both ways", "bilstm", "bigru", "lstm", "gru", "rnn", "sequence", "many to one",
              "many to many"))

SPECS: tuple[LayerSpec, ...] = (BIDIRECTIONAL,)
