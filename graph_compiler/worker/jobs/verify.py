"""Prove a file that was made earlier against the drawing and weights of a run."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Any

from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.inside import kind_of, told_by
from graph_compiler.exporters.proof import verify as prove_again
from graph_compiler.messages import Proof, Verify
from graph_compiler.runs.folder import RunFolder
from graph_compiler.worker.failures import JobProblem
from graph_compiler.worker.jobs.context import Context
from graph_compiler.worker.jobs.parts import leaving, part_names
from graph_compiler.worker.jobs.restored import bring_back


def verify(request: Verify, context: Context) -> dict[str, Any]:
    """The row of the proof table (`proof`). ExportProblem when the file is not right."""
    path = Path(request.file)
    if not path.exists():
        raise JobProblem("file", f"There is no file {path}.", "Name one that was exported.")
    told = told_by(path)
    spec = FORMATS.get(str(told["format"]), FORMATS[kind_of(path)])  # another program may mean something else by it
    run = RunFolder.open(Path(request.run))
    restored = bring_back(run, request.document_folder, context, request.weights)
    context.stage("Running Keras on the test rows")
    wanted = request.part or str(told.get("part", ""))
    if not request.part and wanted and wanted not in chain(*part_names(restored)):
        raise JobProblem("part", f"{path.name} holds “{wanted}”, and this drawing has no such part.",
                         "It was made of another drawing, or of this one before it changed.")
    one = next(leaving(restored, run.record.title or run.path.name, (wanted,) if wanted else ()))

    def report(state: str, fraction: float | None) -> None:
        context.stage(f"{spec.title}: {state}")
        context.emit(Proof(format=spec.name, part=one.part.name, state=state, fraction=fraction))

    return {"proof": prove_again(spec, one.part, one.samples, path, report).as_json()}
