"""Wires pulled backwards from an input: which output of a node fits it, and which types give anything that does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from graph_compiler.analysis.facts import Facts
from graph_compiler.specs.nodes import NodeSpec, Port, Values, lone_port
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor

_SHAPES = ((), (16,), (12,), (12, 16), (32, 32, 3), (64, 64, 8), (8, 32, 32, 4))
PROBES = tuple(Tensor(shape, dtype) for dtype in ("float32", "int32") for shape in _SHAPES)
"""What may come into a type that is not there yet."""


def refusal_words(spec: NodeSpec, tensor: Tensor, facts: Facts | None = None) -> str:
    """Why a layer with one input cannot take this tensor; empty when it can or when more must be known."""
    values = facts.values if facts is not None else spec.defaults()
    ports = facts.ports_in if facts is not None else spec.input_ports(values)
    port = lone_port(ports)
    if port is None or spec.kind not in ("layer", "operation"):
        return ""
    return _words(spec, values, port.name, (tensor,))


def _words(spec: NodeSpec, values: Values, port: str, tensors: tuple[Tensor, ...]) -> str:
    try:
        spec.infer(values, {port: tensors})
    except Refusal as refusal:
        needs = f": needs {refusal.expected}" if refusal.expected and "needs" not in refusal.title else ""
        return f"{refusal.title}{needs}{f'; received {refusal.received}' if refusal.received else ''}."
    return ""


def merge_words(facts: Facts | None, tensor: Tensor | None, place: int | None = None) -> str:
    """Why a layer that joins many cannot take a tensor beside those it has, or in the place of one; empty when it can."""
    if facts is None or facts.spec is None or tensor is None or facts.node.muted or facts.failed:
        return ""
    port = facts.ports_in[0] if len(facts.ports_in) == 1 and facts.ports_in[0].many else None
    there = facts.inputs.get(port.name, ()) if port is not None else ()
    if port is None or not there:
        return ""
    tensors = (*there, tensor) if place is None else (*there[:place], tensor, *there[place + 1:])
    return _words(facts.spec, facts.values, port.name, tensors)


def unfit(facts: Facts | None, port: Port | None, tensor: Tensor | None) -> str:
    """Why an input of a node cannot take a tensor; empty when it can, or when more must be known."""
    if facts is None or facts.spec is None or port is None or tensor is None:
        return ""
    if port.many:
        return merge_words(facts, tensor)
    return "" if lone_port(facts.ports_in) != port else refusal_words(facts.spec, tensor, facts)


def why_nothing(facts: Facts | None, port: Port | None, giver: Facts) -> str:
    """Why no output of a node fits an input; empty when one does."""
    reasons = [unfit(facts, port, giver.outputs.get(out.name)) for out in giver.ports_out]
    return reasons[0] if reasons and all(reasons) else ""


class Givers:
    """Which types give something that an input takes, tried with tensors of all kinds and remembered."""

    def __init__(self, facts: Facts | None, port: Port | None) -> None:
        self._facts, self._port = facts, port
        self._known: dict[str, str] = {}

    def __call__(self, spec: NodeSpec, params: dict[str, Any]) -> str:
        """Why a type with these parameters gives nothing that fits; empty when it may."""
        key = f"{spec.name} {params}"
        if key not in self._known:
            self._known[key] = self._why(spec, params)
        return self._known[key]

    def _why(self, spec: NodeSpec, params: dict[str, Any]) -> str:
        if spec.kind not in ("layer", "operation"):
            return ""  # what columns data have may take a while to find out, and pixels are rescaled by a click
        reason = ""
        for given in _gives(spec, params):
            found = unfit(self._facts, self._port, given)
            if not found:
                return ""
            reason = reason or found
        return reason


def _gives(spec: NodeSpec, params: dict[str, Any]) -> Iterator[Tensor]:
    """Tensors that a type may give; none where its inputs are more than one."""
    values = spec.defaults()
    values |= {p.name: p.check(params[p.name]) for p in spec.params if p.name in params}
    port = lone_port(spec.input_ports(values))
    if port is not None:
        yield from chain.from_iterable(_outputs(spec, values, port.name, probe) for probe in PROBES)


def _outputs(spec: NodeSpec, values: Values, port: str, probe: Tensor) -> tuple[Tensor, ...]:
    try:
        return spec.infer(values, {port: (probe,)}).outputs
    except Refusal:
        return ()
