"""Write and prove the files of a run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from graph_compiler.analysis.parts import Leaving, leaving_parts
from graph_compiler.analysis.readiness import Said, part_readiness
from graph_compiler.build.weights import WeightsProblem
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.package import export_part
from graph_compiler.exporters.part import ExportProblem
from graph_compiler.exporters.proof import OverLimit
from graph_compiler.exporters.proof import Proof as Row
from graph_compiler.exporters.proofs import keep_proof
from graph_compiler.messages import Export, Proof
from graph_compiler.runs.folder import RunFolder
from graph_compiler.worker.failures import Cancelled, JobProblem
from graph_compiler.worker.jobs.context import Context
from graph_compiler.worker.jobs.parts import ALL, WHOLE, checked, leaving, part_names
from graph_compiler.worker.jobs.restored import Restored, bring_back


def export(request: Export, context: Context) -> dict[str, Any]:
    """Rows of the proof table (`exports`), and what failed with its reason (`failed`), a format and part each."""
    given = _choices(request)
    run = RunFolder.open(Path(request.run))
    restored = bring_back(run, request.document_folder, context, request.weights)
    title = run.record.title or run.path.name
    folder = Path(request.out) if request.out else run.exports
    teller = _Teller(context, run, folder)
    context.stage("Running Keras on the test rows")
    wanted = leaving_in(restored, request.parts, request.formats)
    scripts = any(FORMATS[name].scripts for name in request.formats)
    checked(restored, tuple(wanted), whole=scripts)
    for part, kinds in wanted.items():
        formats = [name for name in kinds if (part, name) not in request.skip]
        if not formats:
            continue
        teller.part, teller.kept = part, _kept(restored, part)
        try:
            one = next(leaving(restored, title, (part,), whole=scripts, rows=request.rows))
        except WeightsProblem as problem:  # of a part that the file has not; others may be whole
            teller.refuse(formats, problem)
            continue
        export_part(one.part, one.samples, formats, folder, stem_of(title) + one.suffix, one.description, teller.report,
                    given, one.calibration, title, one.source)
    return {"exports": teller.made, "failed": teller.failed, "folder": str(folder)}


def leaving_in(restored: Restored, parts: Sequence[str], formats: Sequence[str]) -> dict[str, list[str]]:
    """Formats by part. A script trains the whole, also where a drawing leaves as encoder and step only.

    A script of a block that was named stays in the list: it is refused in words.
    """
    usual, blocks = part_names(restored)
    named = [*usual, *blocks] if ALL in parts else list(parts or usual)
    scripts = [name for name in formats if FORMATS[name].scripts]
    if scripts and WHOLE not in usual and {*usual, WHOLE} & set(named):
        return {**{part: _files(formats) for part in named if part != WHOLE}, WHOLE: scripts}
    return {part: list(formats) if part == WHOLE or part in parts else _files(formats) for part in named}


def _files(formats: Sequence[str]) -> list[str]:
    return [name for name in formats if not FORMATS[name].scripts]


def _choices(request: Export) -> dict[str, dict[str, Any]]:
    """Options of each format. JobProblem for a format or choice that is none."""
    unknown = [name for name in (*request.formats, *request.options, *request.accept) if name not in FORMATS]
    if unknown or not request.formats:
        raise JobProblem("format", f"There is no export format “{', '.join(unknown)}”." if unknown else "No format was named.",
                         f"Choose of {', '.join(FORMATS)}.")
    try:
        return {name: {**FORMATS[name].chosen(request.options.get(name, {})), "accept": name in request.accept}
                for name in request.formats}
    except ValueError as error:
        raise JobProblem("format", str(error)) from None


def _kept(restored: Restored, name: str) -> dict[str, Said]:
    """What a drawing says beforehand of formats a part has no file in, by format."""
    analysis = restored.compiled.analysis
    part = next((part for part in leaving_parts(analysis) if part.name == name), Leaving(WHOLE, 0))
    return {target: ready.kept[0] for target, ready in part_readiness(analysis, part.node, part.roots).items() if ready.kept}


def stem_of(title: str) -> str:
    """A file name made of a title: `Digits CNN` -> `digits-cnn`."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "model"


class _Teller:
    """Turns the exporters' reports into messages."""

    def __init__(self, context: Context, run: RunFolder, folder: Path) -> None:
        self._context, self._run, self._folder = context, run, folder
        self.part = WHOLE
        self.kept: dict[str, Said] = {}
        """What was said beforehand of formats the part has no file in: better words than a converter's."""
        self.made: list[dict[str, Any]] = []
        self.failed: list[dict[str, Any]] = []

    def report(self, name: str, state: str, fraction: float | None, row: Row | None, problem: ExportProblem | None) -> None:
        """One step of one format. Cancelled when the user wants it to end."""
        if row is not None:
            self._remember(row.as_json())
        if self._context.control.poll() in ("stop", "drop"):
            raise Cancelled
        if problem is not None and name in self.kept and not isinstance(problem, OverLimit):
            problem = ExportProblem(self.kept[name].sentence, node=self.kept[name].paths[0].partition(".")[0])
        words = " ".join(part for part in (problem.sentence, problem.hint) if part) if problem is not None else ""
        if problem is not None:
            self.failed.append({"format": name, "part": self.part, "problem": words, "node": problem.node})
        self._context.emit(Proof(format=name, part=self.part, state=state, fraction=fraction, problem=words,
                                 row=row.as_json() if row is not None else {}))

    def refuse(self, formats: Sequence[str], problem: WeightsProblem) -> None:
        """None of the files of a part can be made: its weights are not there."""
        for name in formats:
            self.report(name, "failed", None, None, ExportProblem(problem.sentence, node=next(iter(problem.layers), "")))

    def _remember(self, row: dict[str, Any]) -> None:
        """Keep the proof of a file beside it and in the run's record at once: whatever comes next may end this process."""
        self.made.append(row)
        keep_proof(self._folder, row)
        self._run.update(exports=[*(old for old in self._run.record.exports if old.get("path") != row["path"]), row])
