"""The table of runs: reads the run folders for it, and carries out what is wished for the chosen ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QObject, Signal

from app.runs import Runs
from graph_compiler.graph.edits import TakeDrawing
from graph_compiler.graph.files import FileProblem
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import TrainingSettings
from graph_compiler.runs.comparison import Difference, comparison
from graph_compiler.runs.differences import DefaultOf
from graph_compiler.runs.folder import RunFolder, RunProblem
from graph_compiler.runs.listing import all_runs, folder_for, runs_of
from graph_compiler.specs.registry import Registry
from widgets.dialogs import Choice, ask, tell
from widgets.words import plural

if TYPE_CHECKING:
    from app.window import MainWindow
    from widgets.runs import RunRow, RunsPage

DELETE = "Delete"


class RunBook(QObject):
    """Keeps the page of runs true. `changed` after a run was named or deleted."""

    changed = Signal()
    shown = Signal(str)
    """The run whose curves are wanted in the Train page."""
    chosen = Signal(str, str)
    """A run, and the page (Evaluate or Export) that is to show it."""

    def __init__(self, window: MainWindow, runs: Runs, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._runs = window, runs
        self.page: RunsPage | None = None
        self._all = False
        if runs.document is not None:
            runs.document.changed.connect(self._document_changed)

    def make_page(self) -> RunsPage:
        """The page, filled."""
        from widgets.runs import RunsPage

        page = self.page = RunsPage()
        page.wants_details.connect(self._details)
        page.wants_all.connect(self._show_all)
        page.show_run.connect(self.shown)
        page.evaluate.connect(lambda folder: self.chosen.emit(folder, "Evaluate"))
        page.export.connect(lambda folder: self.chosen.emit(folder, "Export"))
        page.go_further.connect(self._runs.go_on_from)
        page.open_drawing.connect(self._open_drawing)
        page.delete.connect(self._delete)
        page.renamed.connect(lambda folder, name: self._write(folder, name=name))
        page.noted.connect(lambda folder, note: self._write(folder, note=note))
        self.refresh()
        return page

    def refresh(self) -> None:
        """Read the folders again."""
        if self.page is not None:
            base = folder_for(self._runs.key)
            found = all_runs() if self._all else runs_of(self._runs.key)
            self.page.set_rows([row_of(run, run.path.parent == base.resolve()) for run in found])

    def _document_changed(self, _: object) -> None:
        if self.page is not None:
            self.page.look_again()

    def _show_all(self, every: bool) -> None:
        self._all = every
        self.refresh()

    def _details(self, folders: Sequence[str]) -> None:
        """Curves and differences of some runs; a single one is held against the drawing as it is."""
        page, document = self.page, self._runs.document
        if page is None or document is None:
            return
        runs = [run for folder in folders if (run := _opened(folder)) is not None]
        names, drawings = [], []
        for run in runs:
            if (drawing := drawing_of(run)) is not None:
                names.append(f"Run {run.path.name.lstrip('0')}")
                drawings.append(drawing)
        if len(drawings) == 1 and len(runs) == 1:
            names, drawings = [*names, "Now"], [*drawings, document.document]
        lines: list[Difference] = comparison(drawings, defaults_in(document.registry)) if len(drawings) > 1 else []
        page.show_details({str(run.path): run.history.read() for run in runs}, names, lines)

    def _open_drawing(self, folder: str) -> None:
        run, document = _opened(folder), self._runs.document
        if run is None or document is None:
            return
        try:
            drawing = run.document()
        except FileProblem as problem:
            tell(self._window, "The drawing cannot be read", str(problem), "error")
            return
        number = run.path.name.lstrip("0")
        if run.path.parent != folder_for(self._runs.key).resolve():
            self._window.session.open_copy(drawing, f"{run.record.title}, run {number}")
        elif (drawing.graph, drawing.blocks, drawing.training) == (
                document.document.graph, document.document.blocks, document.document.training):
            self._window.status.say(f"Run {number} was made from the drawing as it is.")
        elif document.do(TakeDrawing(drawing, f"take the drawing of run {number}")):
            self._window.status.say(f"The drawing of run {number} is back. Ctrl+Z returns to yours.")
            self._window.workbench.set_state("closed")

    def _delete(self, folders: Sequence[str]) -> None:
        runs = [run for folder in folders if (run := _opened(folder)) is not None and not run.alive]
        if not runs:
            return
        files = sum(1 for run in runs for row in run.record.exports if Path(str(row.get("path", ""))).is_relative_to(run.path))
        what = f"run {runs[0].path.name.lstrip('0')}" if len(runs) == 1 else plural(len(runs), "run")
        with_it = f" and {plural(files, 'exported file')}" if files else ""
        lost = f"What was learnt, its curves{with_it} are deleted. This cannot be undone."
        if ask(self._window, f"Delete {what}?", lost, (Choice(DELETE, destroys=True),)) == DELETE:
            for run in runs:
                run.remove()
            self._tell_changed()

    def _write(self, folder: str, **facts: str) -> None:
        run = _opened(folder)
        if run is not None:
            try:
                run.update(**facts)
            except (OSError, FileProblem) as problem:
                tell(self._window, "That was not written down", str(problem), "error")
        self._tell_changed()

    def _tell_changed(self) -> None:
        self.refresh()
        self.changed.emit()


def row_of(run: RunFolder, own: bool) -> RunRow:
    """What the table shows of a run."""
    from widgets.runs import RunRow

    record = run.record
    planned = record.settings.get("epochs", 0)
    return RunRow(folder=str(run.path), number=run.path.name.lstrip("0") or run.path.name, drawing=record.title,
                  name=record.name, note=record.note, started=_seconds(record.started), state=record.state,
                  reason=record.reason, epochs=record.epochs, planned=planned if isinstance(planned, int) else 0,
                  seconds=record.seconds, metrics=dict(record.metrics), own=own, usable=run.has_weights)


def drawing_of(run: RunFolder) -> Document | None:
    """The drawing of a run with the settings that were in force, None when it cannot be read."""
    try:
        document = run.document()
        document.training = settings_of(run) or document.training
    except (FileProblem, msgspec.ValidationError):
        return None
    return document


def settings_of(run: RunFolder) -> TrainingSettings | None:
    """The settings that were in force, None where the run does not say. msgspec.ValidationError when they cannot be read."""
    return msgspec.convert(run.record.settings, TrainingSettings) if run.record.settings else None


def defaults_in(registry: Registry) -> DefaultOf:
    """Defaults of parameters by node type. AttributeError or KeyError where there is none."""
    def default_of(type_name: str, param: str) -> Any:
        return registry.nodes[type_name].defaults()[param]

    return default_of


def _opened(folder: str) -> RunFolder | None:
    try:
        return RunFolder.open(Path(folder))
    except RunProblem:
        return None


def _seconds(moment: str) -> float:
    try:
        return datetime.fromisoformat(moment).timestamp()
    except ValueError:
        return 0.0

