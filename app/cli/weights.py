"""What `--weights` names: the folder of a run, a checkpoint, or a file of weights for a drawing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.cli.common import FAILED, Stop, tell, usage
from app.paths import Opened
from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.plan import Plan
from graph_compiler.catalog import registry
from graph_compiler.graph.files import FileProblem
from graph_compiler.runs.differences import differences
from graph_compiler.runs.folder import RECORD, RunFolder, RunProblem
from widgets.words import shape

MOST_SHOWN = 8


@dataclass(frozen=True)
class Weights:
    """A run, and a file of weights in place of its own where one was named."""

    run: RunFolder
    file: str = ""


def open_run(path: Path) -> RunFolder:
    """The run in a folder, with weights. Stop when there is none."""
    try:
        run = RunFolder.open(path)
    except RunProblem as problem:
        raise usage(str(problem)) from None
    if not run.has_weights:
        raise usage(f"The run in {path} has no weights yet: it was {run.record.state} before its first checkpoint.")
    return run


@contextmanager
def weights(path: Path, opened: Opened, does: str) -> Iterator[Weights]:
    """The run of a folder; or the drawing with the weights of a file or checkpoint, as a run that lasts as long as this.

    What changed in the drawing since the run is told: the run's own drawing `does` it.
    """
    if not path.exists():
        raise usage(f"There are no weights at {path}. Name the folder of a run, a checkpoint or a file of weights.")
    if (path / RECORD).is_file():
        run = open_run(path)
        tell_changes(run, opened, does)
        yield Weights(run)
        return
    with tempfile.TemporaryDirectory(prefix="netloom-") as folder:
        made = RunFolder.create(Path(folder) / opened.stem, opened.document, title=opened.title, document_folder=opened.folder)
        yield Weights(made, str(path.resolve()))


def tell_changes(run: RunFolder, opened: Opened, does: str) -> None:
    """Tell what changed in the drawing since the run; the run's own drawing is what counts.

    Stop when that reads or gives something else, so that it cannot stand in for the drawing.
    """
    try:
        changes = differences(run.document(), opened.document, _default, settings=False)
    except FileProblem as problem:
        raise Stop(FAILED, f"The drawing of the run cannot be read: {problem}") from None
    if misfit := misfits(Analyzer(run.document(), registry()).plan, Analyzer(opened.document, registry()).plan):
        raise usage(f"The run does not fit {opened.name}: {misfit}. Give --weights a run of this drawing, or name the drawing "
                    f"of the run ({run.record.title}).")
    if changes:
        shown = "; ".join(changes[:MOST_SHOWN]) + ("; and more" if len(changes) > MOST_SHOWN else "")
        tell(f"note: {opened.name} has changed since this run, whose own drawing {does}: {shown}")


def misfits(run: Plan, drawing: Plan) -> str:
    """What a run reads or gives otherwise than a drawing, in words; empty where it can stand in for it."""
    for verb, theirs, ours in (("reads", run.inputs, drawing.inputs), ("gives", run.outputs, drawing.outputs)):
        told = [", ".join(f"{shape(part.tensor.shape)} {part.tensor.dtype}" for part in parts) or "nothing"
                for parts in (theirs, ours)]
        if told[0] != told[1]:
            return f"it {verb} {told[0]}, the drawing {told[1]}"
    return ""


def _default(kind: str, name: str) -> Any:
    """The default of a parameter. KeyError when there is none."""
    return registry().nodes[kind].defaults()[name]
