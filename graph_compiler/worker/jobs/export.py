"""Write and prove the files of a run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.exporters.description import describe
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.package import export_part
from graph_compiler.exporters.part import ExportProblem, Part
from graph_compiler.exporters.proof import Measure, samples_of
from graph_compiler.exporters.proof import Proof as Row
from graph_compiler.messages import Export, Proof
from graph_compiler.runs.evaluation import Evaluation
from graph_compiler.runs.folder import RunFolder
from graph_compiler.worker.failures import Cancelled, JobProblem
from graph_compiler.worker.jobs.context import Context
from graph_compiler.worker.jobs.measuring import classes_of, run_model
from graph_compiler.worker.jobs.restored import Restored, bring_back

MOST_ROWS = 1000
"""Held-out rows a file is compared on."""
WHOLE = "whole"


def export(request: Export, context: Context) -> dict[str, Any]:
    """Rows of the proof table (`exports`), and what failed with its reason (`failed`), a format each."""
    unknown = [name for name in request.formats if name not in FORMATS]
    if unknown or not request.formats:
        raise JobProblem("format", f"There is no export format “{', '.join(unknown)}”." if unknown else "No format was named.",
                         f"Choose of {', '.join(FORMATS)}.")
    run = RunFolder.open(Path(request.run))
    restored = bring_back(run, request.document_folder, context)
    context.stage("Running Keras on the test rows")
    plan, compiled = restored.compiled.plan, restored.compiled
    part = Part(WHOLE, compiled.model, compiled.input_names, compiled.output_names)
    inputs = {i.name: restored.column(restored.part, i.end, MOST_ROWS) for i in plan.inputs}
    samples = samples_of(part, inputs, _measure(restored))
    teller = _Teller(context)
    title = run.record.title or run.path.name
    folder = Path(request.out) if request.out else run.exports
    try:
        export_part(part, samples, request.formats, folder, stem_of(title), describe(title, plan), teller.report,
                    opset=request.opset)
    finally:  # files that were proven before a stop or a full disk are there, so the record names them
        _remember(run, teller.made)
    return {"exports": teller.made, "failed": teller.failed, "folder": str(folder)}


def _remember(run: RunFolder, made: list[dict[str, Any]]) -> None:
    """Put rows of the proof table into the record, in place of older ones of the same files."""
    if made:
        paths = {row["path"] for row in made}
        run.update(exports=[*(old for old in run.record.exports if old.get("path") not in paths), *made])


def stem_of(title: str) -> str:
    """A file name made of a title: `Digits CNN` -> `digits-cnn`."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "model"


class _Teller:
    """Turns the exporters' reports into messages."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.made: list[dict[str, Any]] = []
        self.failed: list[dict[str, Any]] = []

    def report(self, name: str, state: str, fraction: float | None, row: Row | None, problem: ExportProblem | None) -> None:
        """One step of one format. Cancelled when the user wants it to end."""
        if row is not None:
            self.made.append(row.as_json())
        if self._context.control.poll() in ("stop", "drop"):
            raise Cancelled
        words = " ".join(part for part in (problem.sentence, problem.hint) if part) if problem is not None else ""
        if problem is not None:
            self.failed.append({"format": name, "part": WHOLE, "problem": words, "node": problem.node})
        self._context.emit(Proof(format=name, part=WHOLE, state=state, fraction=fraction, problem=words,
                                 row=row.as_json() if row is not None else {}))


def _measure(restored: Restored) -> Measure | None:
    """How well outputs do on the held-out rows: the headline figure of the first output an objective judges."""
    compiled, part = restored.compiled, restored.part
    for number, output in enumerate(compiled.plan.outputs):
        plan = restored.objective_of(output.end)
        if plan is None:
            continue
        place = compiled.computed_targets.get(compiled.plan.objectives.index(plan))
        if place is None:
            target = restored.column(part, plan.target, MOST_ROWS)
        else:
            target = run_model(compiled.training_model, [restored.column(part, e, MOST_ROWS) for e in compiled.columns])[place]
        rows = np.arange(len(target))
        logits = bool(plan.resolved.arguments.get("from_logits"))
        return lambda outputs: Evaluation(plan.resolved.task, {}, classes_of(plan), outputs[number], target, rows,
                                          logits=logits).headline()
    return None
