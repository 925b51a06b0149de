"""A way out for layers that need a series and get the last step only: the recurrent layer before them answers at every step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graph_compiler.analysis.diagnostics import Diagnostic, Fix
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Facts
from graph_compiler.graph.edits import Edit, SetParam
from graph_compiler.graph.values import Edge
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor

SWITCH = "return_sequences"


def answer_each_step(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    """Switch `return_sequences` on upstream, where the node takes what comes then."""
    port = problem.port or "in"
    wires, came = engine.graph.into_port(problem.node, port), facts.inputs.get(port, ())
    giver = _recurrent(engine, wires[0]) if len(wires) == 1 == len(came) else None
    steps = giver.inputs.get("in", ()) if giver is not None else ()
    if giver is None or not steps or facts.spec is None:
        return
    series = Tensor((steps[0].shape[0], *came[0].shape), came[0].dtype, steps[0].masked)
    try:
        facts.spec.infer(facts.values, {**facts.inputs, port: (series,)})
    except Refusal:
        return
    yield Fix(f"set {SWITCH} of {giver.node.name} to on", _switched_on(engine, giver))


def _recurrent(engine: GraphEngine, wire: Edge) -> Facts | None:
    """The recurrent layer a wire comes from, past layers that keep the shape; None when it gives every step already."""
    while (facts := engine.facts.get(wire.source)) is not None and facts.spec is not None:
        if wire.source_port == "out" and not facts.node.muted and _own(facts).get(SWITCH) is False:
            return facts
        before = engine.graph.into(wire.source)
        if facts.spec.family != "regularisation" or len(before) != 1:
            return None
        wire = before[0]
    return None


def _own(facts: Facts) -> dict[str, Any]:
    """The parameters that have the switch: the layer's, or those of the layer inside."""
    inner = facts.values.get("layer")
    return inner if isinstance(inner, dict) else dict(facts.values)


def _switched_on(engine: GraphEngine, giver: Facts) -> Edit:
    node, inner = giver.node, giver.values.get("layer")
    if not isinstance(inner, dict):
        return SetParam(node.id, SWITCH, True, engine.scope)
    stored = node.params.get("layer")
    kept = dict(stored) if isinstance(stored, dict) else {"name": inner["name"]}
    return SetParam(node.id, "layer", {**kept, SWITCH: True}, engine.scope)
