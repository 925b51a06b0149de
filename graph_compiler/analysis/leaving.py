"""What of a drawing an exported file cannot have: notes at the nodes, and what they mean for each format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.facts import Facts
from graph_compiler.specs.leaving import TITLES

if TYPE_CHECKING:
    from graph_compiler.analysis.engine import GraphEngine
    from graph_compiler.analysis.plan import Plan

STAYS = "stays"
"""The code of these notes."""


def staying(engine: GraphEngine, facts: Facts) -> Iterator[Diagnostic]:
    """A note for each thing that a file cannot have of a node."""
    assert facts.spec is not None
    for stays in facts.spec.stays:
        if stays.holds(facts.values, facts.inputs):
            names = " or ".join(TITLES[name] for name in stays.formats)
            title = "stays outside of files" if stays.cut_off else f"cannot leave as {names}"
            yield engine.problem(STAYS, f"{facts.node.name} {title}", facts.node.id, severity="note",
                                 hint=f"{stays.why}. {stays.words}",
                                 facts={"formats": stays.formats, "cut_off": stays.cut_off})


def leaves_with(plan: Plan, problem: Diagnostic) -> bool:
    """Whether a problem concerns what is drawn: a note on files does so where its node is part of what is exported."""
    return problem.code != STAYS or problem.path.partition(".")[0] in plan.live


def kept_from(problems: Iterable[Diagnostic], name: str) -> list[Diagnostic]:
    """The notes that stand in the way of a format. `tflite-int8` has the operations of `tflite`."""
    names = {name, name.partition("-")[0]}
    return [p for p in problems if p.code == STAYS and names & set(p.facts["formats"]) and not p.facts["cut_off"]]
