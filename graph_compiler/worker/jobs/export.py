"""Write and prove the files of a run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.package import export_part, write_proofs
from graph_compiler.exporters.part import ExportProblem
from graph_compiler.exporters.proof import Proof as Row
from graph_compiler.messages import Export, Proof
from graph_compiler.runs.folder import RunFolder
from graph_compiler.worker.failures import Cancelled, JobProblem
from graph_compiler.worker.jobs.context import Context
from graph_compiler.worker.jobs.parts import WHOLE, leaving
from graph_compiler.worker.jobs.restored import bring_back


def export(request: Export, context: Context) -> dict[str, Any]:
    """Rows of the proof table (`exports`), and what failed with its reason (`failed`), a format and part each."""
    unknown = [name for name in request.formats if name not in FORMATS]
    if unknown or not request.formats:
        raise JobProblem("format", f"There is no export format “{', '.join(unknown)}”." if unknown else "No format was named.",
                         f"Choose of {', '.join(FORMATS)}.")
    run = RunFolder.open(Path(request.run))
    restored = bring_back(run, request.document_folder, context)
    title = run.record.title or run.path.name
    folder = Path(request.out) if request.out else run.exports
    teller = _Teller(context)
    context.stage("Running Keras on the test rows")
    try:
        for one in leaving(restored, title, request.parts):
            teller.part = one.part.name
            export_part(one.part, one.samples, request.formats, folder, stem_of(title) + one.suffix, one.description,
                        teller.report, opset=request.opset)
            write_proofs(folder, teller.made)
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
        self.part = WHOLE
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
            self.failed.append({"format": name, "part": self.part, "problem": words, "node": problem.node})
        self._context.emit(Proof(format=name, part=self.part, state=state, fraction=fraction, problem=words,
                                 row=row.as_json() if row is not None else {}))
