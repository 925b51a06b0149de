"""Specs of nodes: what stands in the palette, which ports a node has, and the rules for what comes out.

A rule is a pure function of checked parameters and input tensors. It never sees Keras; `build` receives it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_compiler.specs.dtypes import GROUPS, NUMBERS, refuse_dtype
from graph_compiler.specs.leaving import Stays, Told
from graph_compiler.specs.params import Param
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor

Values = Mapping[str, Any]
"""Checked parameters by name, defaults filled in."""

Inputs = Mapping[str, tuple[Tensor, ...]]
"""Input tensors by port name, in wire order; a missing optional port is absent."""

FAMILIES = (
    "sources", "preprocessing", "convolution", "pooling", "core", "recurrent", "attention", "normalisation",
    "regularisation", "reshape", "merge", "operations", "objectives", "blocks", "outputs", "notes")


@dataclass(frozen=True)
class Port:
    """A place for wires. `many` takes any number in order; `role` is `tensor`, `state` (of an RNN) or `target`."""

    name: str
    many: bool = False
    optional: bool = False
    role: str = "tensor"
    argument: str = ""
    """Keras's name of the call's argument, where it is not the place in order that says it."""


IN = (Port("in"),)
OUT = (Port("out"),)


def lone_port(ports: tuple[Port, ...]) -> Port | None:
    """The only port that must be wired, with one wire; None when there is another."""
    needed = [port for port in ports if not port.optional]
    return needed[0] if len(needed) == 1 and not needed[0].many else None


@dataclass(frozen=True)
class Inferred:
    """What a rule found: output tensors by port order, weights, and multiply-adds for one sample.

    `weights` counts every variable, `fixed` those of them that no gradient moves (moving statistics).
    None for `macs` means that a free axis hides the count.
    """

    outputs: tuple[Tensor, ...]
    weights: int = 0
    fixed: int = 0
    macs: int | None = 0
    stacked: tuple[Tensor, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NodeSpec:
    """A type of node. `summary` is the palette line; `text` the longer explanation for people who learn."""

    name: str
    family: str
    kind: str
    """source, layer, operation, block, objective, output, boundary, note or frame."""
    summary: str
    text: str = ""
    params: tuple[Param, ...] = ()
    inputs: tuple[Port, ...] = ()
    outputs: tuple[Port, ...] = ()
    keywords: tuple[str, ...] = ()
    """Further words the search finds it by."""
    stays: tuple[Stays, ...] = ()
    """What an exported file cannot have of it, a line for each case."""
    tells: tuple[Told, ...] = ()
    """What an exported file has of it otherwise than it is drawn."""
    branch: str = ""
    """The choice among the parameters that brings further ones with it (the loss of an objective)."""
    branches: Mapping[str, tuple[Param, ...]] = field(default_factory=dict)
    """The parameters that each value of `branch` brings."""

    def input_ports(self, p: Values) -> tuple[Port, ...]:
        """The ports that take wires, given the parameters."""
        return self.inputs

    def output_ports(self, p: Values) -> tuple[Port, ...]:
        """The ports that give wires, given the parameters."""
        return self.outputs

    def chosen(self, given: Mapping[str, Any]) -> str:
        """The value of `branch` among stored or checked values; empty where it brings no parameters."""
        head = next((p for p in self.params if p.name == self.branch), None) if self.branch else None
        word = given.get(self.branch, head.default) if head is not None else ""
        return word if isinstance(word, str) and word in self.branches else ""

    def params_for(self, given: Mapping[str, Any]) -> tuple[Param, ...]:
        """All parameters of a node with these stored values; those of its branch follow the choice that brings them."""
        chosen = self.chosen(given) if self.branch else ""
        if not chosen:
            return self.params
        place = 1 + next(i for i, p in enumerate(self.params) if p.name == self.branch)
        return (*self.params[:place], *self.branches[chosen], *self.params[place:])

    def param(self, name: str, given: Mapping[str, Any] | None = None) -> Param | None:
        """The parameter of that name; `given` are the stored values that say which branch the node is on."""
        return next((p for p in self.params_for(given or {}) if p.name == name), None)

    def defaults(self) -> dict[str, Any]:
        """Checked defaults of all parameters (a default of a required one stands as it is)."""
        return {p.name: _checked_default(p) for p in self.params}

    def infer(self, p: Values, inputs: Inputs) -> Inferred:
        """Outputs and costs. Refusal when the inputs or parameters cannot be."""
        return Inferred(())


def _checked_default(param: Param) -> Any:
    try:
        return param.check(param.default)
    except Refusal:
        return param.default


Rule = Callable[[Values, Tensor], Inferred]

Ports = tuple[tuple[Port, ...], tuple[Port, ...]]
"""Input ports and output ports."""


@dataclass(frozen=True, kw_only=True)
class LayerSpec(NodeSpec):
    """A Keras layer. `rule(p, x)` serves the layers with one input; override `infer` through `many_rule` for others."""

    kind: str = "layer"
    inputs: tuple[Port, ...] = IN
    outputs: tuple[Port, ...] = OUT
    ports: Callable[[Values], Ports] | None = None
    """The ports where parameters decide on them; `inputs` and `outputs` are those of the defaults."""
    rule: Rule | None = None
    many_rule: Callable[[Values, Inputs], Inferred] | None = None
    explain: Callable[[Values, Tensor], str] | None = None
    """The arithmetic of the output shape in words, such as `13 − 3 + 1 = 11, no border with padding “valid”`."""
    explain_many: Callable[[Values, Inputs], str] | None = None
    """The same for layers with several inputs, such as `64 + 32 = 96`."""
    make: Callable[[Any, Values, str], Any] | None = None
    """`make(keras, p, name)` -> layer, where Keras's class does not take the parameters as they are."""
    source: Callable[[Values, str], str] | None = None
    """`source(p, name)` -> the Keras expression of the layer for "Show as Python", where `make` differs from Keras's call."""
    defined_as: str = ""
    """The name of the Keras class of ours that does the work (`layers.custom`); a script writes it out."""
    random: bool = False
    """Draws random numbers in training and must be told so (`training=`)."""
    adapts: bool = False
    """Learns from training rows before training starts (Normalization and its kin)."""
    accepts: frozenset[str] = NUMBERS
    """Groups of dtypes the layer takes: float, int, bool, string. Others are refused before the rule is asked."""
    to_keras: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    """Turns the arguments into Keras's own where the form shows them differently (three fields for one dictionary)."""
    at_call: frozenset[str] = frozenset()
    """Parameters that Keras takes when the layer is called, not when it is made."""
    listed: bool = False
    """Keras takes the tensors of all plain ports as one list."""
    at_rest: Callable[[Values], tuple[str, dict[str, Any]] | None] | None = None
    """For layers whose first output, outside training, is made of their first input alone: name and arguments of the Keras
    layer that stands for it there (None with these parameters: itself). What is used has no need of the other ports then."""
    loops: bool = False
    """Goes through the steps of a series, the first axis of its first input, in a loop; `unroll` writes it out."""
    each_step: bool = False
    """Hands the layer it holds one step of the series after the other."""
    robs_masks: bool = False
    """Keras takes the mask off the very tensors it is called with, so that whoever else reads them finds none."""

    def input_ports(self, p: Values) -> tuple[Port, ...]:
        return self.ports(p)[0] if self.ports is not None else self.inputs

    def output_ports(self, p: Values) -> tuple[Port, ...]:
        return self.ports(p)[1] if self.ports is not None else self.outputs

    def call_arguments(self, p: Values, tensors: Mapping[str, Sequence[Any]]) -> tuple[list[Any], dict[str, Any]]:
        """How Keras is called with these tensors by port: what goes in order, and what goes by name.

        A port that takes many is a list, states are the list `initial_state`; parameters of `at_call` are named where
        they differ from their defaults.
        """
        plain: list[Any] = []
        named: dict[str, Any] = {}
        for port in self.input_ports(p):
            if port.name not in tensors:
                continue
            value = list(tensors[port.name]) if port.many else tensors[port.name][0]
            if port.role == "state":
                named.setdefault("initial_state", []).append(value)
            elif port.argument:
                named[port.argument] = value
            else:
                plain.append(value)
        told = {param.name: p[param.name] for param in self.params if param.name in self.at_call
                and p[param.name] != param.default}
        return ([plain] if self.listed else plain), {**named, **told}

    def explained(self, p: Values, inputs: Inputs) -> str:
        """The sum in words for these inputs, empty where there is none."""
        if self.explain_many is not None:
            return self.explain_many(p, inputs)
        return self.explain(p, inputs["in"][0]) if self.explain is not None and inputs.get("in") else ""

    def infer(self, p: Values, inputs: Inputs) -> Inferred:
        for port, tensors in inputs.items():
            for x in tensors:
                if GROUPS[x.dtype] not in self.accepts:
                    raise refuse_dtype(self.name, x, self.accepts, port)
        if self.many_rule is not None:
            return self.many_rule(p, inputs)
        if self.rule is None:
            raise NotImplementedError(self.name)
        return self.rule(p, inputs["in"][0])

    def build(self, keras: Any, p: Values, name: str) -> Any:
        """The Keras layer of these parameters. `keras` is the imported module (rules never import it)."""
        if self.make is not None:
            return self.make(keras, p, name)
        return getattr(keras.layers, self.name)(name=name, **keras_arguments(keras, self, p))


def keras_arguments(keras: Any, spec: NodeSpec, p: Values) -> dict[str, Any]:
    """Checked parameters as Keras takes them: what is named (initialisers, wrapped layers) becomes an object."""
    out: dict[str, Any] = {}
    skipped = spec.at_call if isinstance(spec, LayerSpec) else frozenset()
    for param in spec.params:
        if param.name not in skipped:
            out[param.name] = param.keras_value(keras, p[param.name])
    translate = getattr(spec, "to_keras", None)
    return translate(out) if translate else out
