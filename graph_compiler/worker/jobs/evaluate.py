"""Measure a run on its test rows: figures into run.json, predictions beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graph_compiler.messages import Evaluate
from graph_compiler.runs.evaluation import write_evaluation
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.record import figure_of
from graph_compiler.worker.failures import JobProblem
from graph_compiler.worker.jobs.context import Context
from graph_compiler.worker.jobs.measuring import evaluations, figures
from graph_compiler.worker.jobs.restored import bring_back


def evaluate(request: Evaluate, context: Context) -> dict[str, Any]:
    """The figures of a run by name; `evaluation.json` and `.npz` are written."""
    run = RunFolder.open(Path(request.run))
    restored = bring_back(run, request.document_folder, context)
    if not restored.compiled.plan.phases:
        raise JobProblem("no-objective", "There is nothing to measure: the drawing has no objective.", "Add a Loss and train.")
    context.stage("Measuring the test rows")
    metrics = figures(restored, run.document().training.batch_size)
    if found := evaluations(restored, metrics):
        write_evaluation(run.path, found)
    merged = {**run.record.metrics, **metrics}
    run.update(metrics=merged, figure=figure_of(restored.compiled.analysis.document.about, merged))
    return {"metrics": metrics, "rows": restored.feed.counts}
