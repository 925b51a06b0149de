"""Problems that no single node sees: dangling parts, a drawing without an objective, shared weights that disagree."""

from __future__ import annotations

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.reach import Reach

_WORKING = frozenset({"source", "layer", "operation", "block"})


def drawing_problems(engine: GraphEngine, reach: Reach) -> list[Diagnostic]:
    """Problems of the root graph as a whole."""
    working = [f for f in engine.facts.values() if f.spec is not None and f.spec.kind in _WORKING]
    problems = _shared(engine, reach)
    if not working:
        return problems
    if not reach.of("objective"):
        problems.append(Diagnostic(
            "no-objective", "The drawing has no objective", expected="a Loss that says what to learn", received="none",
            severity="warning" if reach.of("output") else "error",
            hint="Add a Loss and pull the prediction and the target to it."))
    if reach.live or reach.aimed:
        problems += _dangling(engine, working, reach)
    return problems


def _dangling(engine: GraphEngine, working: list[Facts], reach: Reach) -> list[Diagnostic]:
    """The last node of every part that leads to no objective and no Output. A node with an error of its own is left out."""
    used = reach.live | reach.aimed
    found = []
    for facts in working:
        node_id = facts.node.id
        if node_id in used or facts.failed or any(True for _ in engine.graph.successors(node_id)):
            continue
        found.append(Diagnostic(
            "dangling", f"{facts.node.name} leads nowhere", node_id, facts.path, facts.scope, severity="warning",
            expected="a way to a Loss or an Output", received="none", hint="Pull a wire from it, or remove it."))
    return found


def _shared(engine: GraphEngine, reach: Reach) -> list[Diagnostic]:
    """Instances of one weights name that differ in parameters or in what they receive."""
    first: dict[tuple[str, str], Facts] = {}
    found = []
    for node_id in reach.of("block"):
        facts = engine.facts[node_id]
        if not facts.node.weights or facts.failed:
            continue
        like = first.setdefault((facts.node.block, facts.node.weights), facts)
        if dict(like.values) != dict(facts.values):
            found.append(_mismatch(facts, like, "equal parameters", "others"))
        elif facts.inputs and like.inputs and _shapes(facts) != _shapes(like):
            found.append(_mismatch(facts, like, f"the input of {like.node.id}: {_shapes(like)}", _shapes(facts)))
    return found


def _shapes(facts: Facts) -> str:
    return ", ".join(x.words for tensors in facts.inputs.values() for x in tensors)


def _mismatch(facts: Facts, like: Facts, expected: str, received: str) -> Diagnostic:
    return Diagnostic("shared-mismatch", f"{facts.node.name} cannot share the weights “{facts.node.weights}”", facts.node.id,
                      facts.path, facts.scope, expected=expected, received=received,
                      hint="Instances that share weights agree in parameters and inputs.", facts={"like": like.node.id})
