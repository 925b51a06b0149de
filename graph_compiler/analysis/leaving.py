"""What of a drawing an exported file cannot have: notes at the nodes, and what they mean for each format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.facts import Facts
from graph_compiler.specs.leaving import Stays, title_of
from graph_compiler.specs.readiness import lines_of

if TYPE_CHECKING:
    from graph_compiler.analysis.engine import GraphEngine
    from graph_compiler.analysis.plan import Plan

STAYS = "stays"
"""The code of these notes."""


def staying(engine: GraphEngine, facts: Facts) -> Iterator[Diagnostic]:
    """A note for each thing that usual files cannot have of a node."""
    assert facts.spec is not None
    for stays in lines_of(facts.spec, facts.values, facts.inputs):
        if isinstance(stays, Stays) and not stays.narrow:
            names = " or ".join(map(title_of, stays.formats))
            title = "stays outside of files" if stays.cut_off else f"cannot leave as {names}"
            yield engine.problem(STAYS, f"{facts.node.name} {title}", facts.node.id, severity="note",
                                 hint=f"{stays.why}. {stays.words}",
                                 facts={"formats": stays.formats, "cut_off": stays.cut_off, "offers": stays.offers})


def leaves_with(plan: Plan, problem: Diagnostic) -> bool:
    """Whether a problem concerns what is drawn: a note on files does so where its node is part of what is exported."""
    return problem.code != STAYS or problem.path.partition(".")[0] in plan.live
