"""Wires pulled backwards from an input: which output of a node fits it, and which types give anything that does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from graph_compiler.analysis.facts import Facts
from graph_compiler.specs.nodes import NodeSpec, Port, lone_port
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
    try:
        spec.infer(values, {port.name: (tensor,)})
    except Refusal as refusal:
        needs = f": needs {refusal.expected}" if refusal.expected and "needs" not in refusal.title else ""
        return f"{refusal.title}{needs}{f'; received {refusal.received}' if refusal.received else ''}."
    return ""


def unfit(facts: Facts | None, port: Port | None, tensor: Tensor | None) -> str:
    """Why an input of a node cannot take a tensor; empty when it can, or when more must be known."""
    if facts is None or facts.spec is None or port is None or tensor is None or lone_port(facts.ports_in) != port:
        return ""
    return refusal_words(facts.spec, tensor, facts)


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
        if spec.kind not in ("layer", "operation", "source"):
            return ""
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
    ports = spec.input_ports(values)
    port = lone_port(ports)
    tries: Sequence[dict[str, tuple[Tensor, ...]]] = [{port.name: (probe,)} for probe in PROBES] if port is not None else \
        [{}] if not ports else []
    yield from chain.from_iterable(_outputs(spec, values, inputs) for inputs in tries)


def _outputs(spec: NodeSpec, values: dict[str, Any], inputs: dict[str, tuple[Tensor, ...]]) -> tuple[Tensor, ...]:
    try:
        return spec.infer(values, inputs).outputs
    except Refusal:
        return ()
