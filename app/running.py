"""What a run generates, read from its own drawing: decides what the Evaluate tab shows. No worker is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.sequences import SequencePlan
from graph_compiler.graph.files import FileProblem
from graph_compiler.runs.folder import RunFolder
from graph_compiler.specs.registry import Registry

if TYPE_CHECKING:
    from widgets.pages.running import Running

LONGEST = 5000
"""Tokens that are offered where the network writes any number."""
FIGURES = 4
FIRST = ("test_exact_match", "test_free_accuracy", "test_accuracy", "test_bits")
"""Figures of sequences that are told first."""


def running_of(run: RunFolder, registry: Registry) -> Running | None:
    """What a run generates; None where it does not, or where its drawing cannot be read."""
    try:
        analysis = Analyzer(run.document(), registry)
    except FileProblem:
        return None
    running = _generated(str(run.path), analysis)
    return replace(running, figures=_figures(run)) if running is not None else None


def compares(run: RunFolder, registry: Registry) -> bool:
    """Whether a run has predictions that can be laid beside targets; True where its drawing cannot be read."""
    try:
        return bool(Analyzer(run.document(), registry).plan.objectives)
    except FileProblem:
        return True


def _generated(folder: str, analysis: Analyzer) -> Running | None:
    from widgets.pages.running import Running

    plan = analysis.plan
    if plan.sequence is not None:
        return _sequence(folder, analysis, plan.sequence)
    if not plan.contests and not any(term.kind == "GaussianKL" for term in plan.terms):
        return None
    from graph_compiler.trainers.sights.samples import plans

    found = next(plans(analysis), None)
    return Running(folder, "samples", classes=found.classes) if found is not None else None


def _sequence(folder: str, analysis: Analyzer, plan: SequencePlan) -> Running:
    from graph_compiler.trainers.sights.reading import column_of, kind_of, read_by
    from widgets.pages.running import Running

    column = column_of(analysis.engine, plan.column)
    token = "word" if column is not None and column.tokeniser == "words" else "character"
    starts = [state.initial for state in plan.states if state.initial is not None]
    sources = dict.fromkeys(end for read in (*plan.context, *starts) for end in read_by(analysis.engine, read))
    if not sources:
        longest = LONGEST if plan.form == "state" else plan.length
        return Running(folder, "text", "text", plan.length, longest, token)
    kinds = [kind_of(analysis.engine, end) for end in sources]
    reads = {"tokens": "text", "image": "picture"}.get(kinds[0], "") if len(kinds) == 1 else ""
    return Running(folder, "sequence", reads, plan.length, plan.length, token)


def _figures(run: RunFolder) -> tuple[tuple[str, str], ...]:
    from widgets.pages.evaluate import metric_figures

    tests = {name: value for name, value in run.record.metrics.items() if name.startswith("test_")}
    ordered = {name: tests[name] for name in (*(n for n in FIRST if n in tests), *(n for n in tests if n not in FIRST))}
    return tuple(metric_figures(ordered)[:FIGURES])
