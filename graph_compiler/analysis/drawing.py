"""Problems that no single node sees: dangling parts, a drawing without an objective, shared weights that disagree."""

from __future__ import annotations

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.reach import Reach

_WORKING = frozenset({"source", "layer", "operation", "block"})


def drawing_problems(engine: GraphEngine, reach: Reach) -> list[Diagnostic]:
    """Problems of the root graph as a whole."""
    facts = [engine.facts[node_id] for node_id in engine.graph.nodes]
    working = [f for f in facts if f.spec is not None and f.spec.kind in _WORKING]
    problems = list(engine.sums.problems)
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
