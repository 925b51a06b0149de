"""What the Export page is told of a run: formats with their choices, parts, readiness, and proofs of earlier exports."""

from __future__ import annotations

from typing import Any

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.parts import WHOLE, Leaving, leaving_parts
from graph_compiler.analysis.readiness import PartReady, Said, part_readiness
from graph_compiler.build.problems import BuildProblem
from graph_compiler.build.script import python_script
from graph_compiler.exporters.description import describe
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.halves import SHARE
from graph_compiler.exporters.proofs import read_proofs
from graph_compiler.runs.folder import RunFolder
from graph_compiler.specs.exporters import ExporterSpec
from graph_compiler.specs.readiness import KEPT
from graph_compiler.specs.registry import Registry
from widgets.pages.export import ExportPage, FormatChoice, OptionChoice, PartChoice

_BITS = {"float16": round(32 * SHARE), "dynamic": 8, "int8": 8, "int16x8": 8}
"""Of a stored weight, on average; 32 elsewhere."""
_FRAMES = {"tflite": (2_000, 25), "tflite-float16": (2_250, 25), "tflite-dynamic": (3_750, 75), "tflite-int8": (2_000, 150),
           "tflite-int16x8": (2_000, 200), "onnx": (1_250, 0), "onnx-float16": (1_250, 25), "onnx-int8": (3_250, 50),
           "keras": (13_500, 3_900), "savedmodel": (21_000, 600)}
"""Bytes beside the weights, of a file and of each of its nodes, as they were in files of all templates."""


def format_choices() -> tuple[FormatChoice, ...]:
    """Every format there is, as a card of the page."""
    return tuple(FormatChoice(
        spec.name, spec.title, spec.suffix, spec.summary, spec.runs_on,
        tuple(OptionChoice(o.name, o.title, o.values, o.summary) for o in spec.options), _bits(spec), spec.usual,
        spec.scripts, _FRAMES.get(spec.name, (0, 0))) for spec in FORMATS.values())


def _bits(spec: ExporterSpec) -> int:
    if spec.scripts:
        return 0
    return _BITS.get(spec.name.partition("-")[2], 32)


def offer(page: ExportPage, run: RunFolder, stem: str, registry: Registry) -> None:
    """Show a run that can be exported: its parts, what is ready, and what left it before."""
    _show(page, Analyzer(run.document(), registry), stem, registry, folder=str(run.exports))
    page.show_past(read_proofs(run.exports))


def foresee(page: ExportPage, analysis: Analyzer, stem: str, registry: Registry, before: str) -> None:
    """Show what a drawing without a run will leave as; `before` says what comes first."""
    _show(page, analysis, stem, registry, before=before)


def _show(page: ExportPage, analysis: Analyzer, stem: str, registry: Registry, folder: str = "", before: str = "") -> None:
    leaving, parts = leaving_parts(analysis), part_choices(analysis, registry)
    whole = None if not leaving or leaving[0].name == WHOLE else _choice(analysis, Leaving(WHOLE, 0), registry)
    page.set_ready(stem, folder, _foreseen(analysis, stem), parts, whole, before)


def part_choices(analysis: Analyzer, registry: Registry) -> list[PartChoice]:
    """Every part that can leave, with its weights and how ready it is."""
    return [_choice(analysis, part, registry) for part in leaving_parts(analysis)]


def _choice(analysis: Analyzer, part: Leaving, registry: Registry) -> PartChoice:
    return PartChoice(part.name, part.suffix, part.weights, part.usual, readiness_of(analysis, part, registry))


def readiness_of(analysis: Analyzer, part: Leaving, registry: Registry) -> dict[str, PartReady]:
    """How ready a part is in each format; a script is of the whole, and what it cannot train is known beforehand."""
    found = part_readiness(analysis, part.node, part.roots)
    if part.name == WHOLE:
        try:
            python_script(analysis.document, registry, analysis)
        except BuildProblem as problem:
            said = Said(f"{problem.sentence} {problem.hint}".strip(), (problem.node,) if problem.node else ())
            found["python"] = PartReady(KEPT, found["python"].nodes, (said,))
    return found


def _foreseen(analysis: Analyzer, stem: str) -> dict[str, Any]:
    """What is known of the whole before it is written; nothing where a file begins behind tables of the drawing."""
    cut = any(stays.cut_off for facts in analysis.all_facts() if facts.spec is not None for stays in facts.spec.stays)
    whole = any(part.name == WHOLE for part in leaving_parts(analysis))
    return describe(stem, analysis.plan, analysis.engine) if whole and not cut else {}
