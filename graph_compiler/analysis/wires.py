"""What arrives at a node: tensors by port, and what is wrong with the wires themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.graph.values import Edge, Node
from graph_compiler.specs.nodes import Port
from graph_compiler.specs.tensors import Tensor

if TYPE_CHECKING:
    from graph_compiler.analysis.engine import GraphEngine

_ENDS = frozenset({"objective", "output", "note", "frame"})
Received = tuple[dict[str, tuple[Tensor, ...]], bool, tuple[Diagnostic, ...]]
"""Tensors by port in wire order, whether every needed one is known, and problems."""


def received(engine: GraphEngine, node: Node, ports: tuple[Port, ...]) -> Received:
    """Look at every wire into the node. What an upstream problem hides is incomplete, not a problem again."""
    wires = engine.graph.into(node.id)
    if not wires and not ports:
        return {}, True, ()
    if len(wires) == len(ports) == 1 and wires[0].target_port == ports[0].name:
        tensor, lost = _arriving(engine, wires[0])
        here: dict[str, tuple[Tensor, ...]] = {ports[0].name: (tensor,)} if tensor is not None else {}
        return here, tensor is not None, () if lost is None else (lost,)
    found: dict[str, list[Tensor]] = {}
    problems: list[Diagnostic] = []
    wired: dict[str, int] = {}
    complete = True
    known = {port.name: port for port in ports}
    for edge in wires:
        if edge.target_port not in known:
            problems.append(_lost(engine, node.id, node.name, edge.target_port, edge.target_port))
            continue
        wired[edge.target_port] = wired.get(edge.target_port, 0) + 1
        tensor, lost = _arriving(engine, edge)
        if lost is not None:
            problems.append(lost)
        if tensor is None:
            complete = False
        else:
            found.setdefault(edge.target_port, []).append(tensor)
    for port in ports:
        count = wired.get(port.name, 0)
        if count == 0 and not port.optional:
            complete = False
            problems.append(_missing(engine, node, port))
        elif count > 1 and not port.many:
            problems.append(engine.problem(
                "extra-wires", f"{node.name} takes one wire at “{port.name}”", node.id, port=port.name, expected="one wire",
                received=f"{count} wires", hint="Remove the others, or join them first."))
    return {name: tuple(tensors) for name, tensors in found.items()}, complete, tuple(problems)


def _arriving(engine: GraphEngine, edge: Edge) -> tuple[Tensor | None, Diagnostic | None]:
    source = engine.facts.get(edge.source)
    if source is None:
        return None, None
    tensor = source.outputs.get(edge.source_port)
    if tensor is None and source.ports_out and all(port.name != edge.source_port for port in source.ports_out):
        return None, _lost(engine, edge.target, source.node.name, edge.source_port, edge.target_port)
    if tensor is None and source.spec is not None and source.spec.kind in _ENDS:
        return None, _lost(engine, edge.target, source.node.name, edge.source_port, edge.target_port)
    return tensor, None


def _lost(engine: GraphEngine, node_id: str, name: str, port: str, at: str) -> Diagnostic:
    return engine.problem("lost-port", f"{name} has no port “{port}” now", node_id, port=at, expected="a port that is there",
                          received=f"a wire at “{port}”", hint="Remove the wire, or bring the port back.")


def _missing(engine: GraphEngine, node: Node, port: Port) -> Diagnostic:
    words = port.name if port.name != "in" else "input"
    return engine.problem("missing-input", f"{node.name} has no {words}", node.id, port=port.name,
                          expected="a wire" if not port.many else "at least one wire", received="none",
                          hint="Pull a wire to it.")
