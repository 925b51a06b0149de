"""What runs have shown: fills the Evaluate and Export pages from run folders and carries out their wishes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.jobs import Jobs, Oracle
from app.report import figures_text, report_text
from app.runbook import defaults_in
from app.running import compares, running_of
from app.runs import Runs
from graph_compiler.messages import Evaluate, Export, Message, Proof, Stage
from graph_compiler.runs.differences import differences
from graph_compiler.runs.evaluation import Evaluation, NoEvaluation
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.listing import runs_of
from widgets.dialogs import tell
from widgets.document import GraphDocument

if TYPE_CHECKING:
    from widgets.pages.evaluate import EvaluatePage
    from widgets.pages.export import ExportPage, ExportWish

MOST = 40
"""Runs offered at most."""
SOON = 150
"""Milliseconds after an edit."""
WITHOUT_LOSS = "It has no Loss with a target and generates no pictures. Its curves are in the Train tab."


class Results(QObject):
    """The chosen run, for both pages."""

    stage = Signal(str, object)
    """What is going on, and how far."""

    def __init__(self, runs: Runs, jobs: Jobs, oracle: Oracle, window: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._runs, self._jobs, self._oracle = window, runs, jobs, oracle
        self.evaluate: EvaluatePage | None = None
        self.export: ExportPage | None = None
        self.chosen = ""
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self.refresh)

    @property
    def document(self) -> GraphDocument:
        """The open document."""
        assert self._runs.document is not None
        return self._runs.document

    def make_evaluate(self) -> QWidget:
        """The Evaluate page."""
        from widgets.pages.evaluate import EvaluatePage

        page = self.evaluate = EvaluatePage()
        page.evaluate_wanted.connect(self.choose)
        page.predict_wanted.connect(lambda run, inputs, ticket, asking: self._oracle.ask(
            run, inputs, ticket, self._runs.document_folder, asking))
        page.report_wanted.connect(self.save_report)
        page.way_chosen.connect(self._other_way)
        self._oracle.answer.connect(page.answer)
        self._oracle.problem.connect(page.say)
        self._oracle.stage.connect(page.stage)
        self._oracle.dropped.connect(page.let_go)
        return page

    def make_export(self) -> QWidget:
        """The Export page."""
        from app.exporting import format_choices
        from widgets.pages.export import ExportPage

        page = self.export = ExportPage(format_choices())
        page.export_wanted.connect(self._start_export)
        page.cancel_wanted.connect(self._jobs.cancel)
        page.bar.chosen.connect(self.choose)
        self.document.analysed.connect(self._drawn)
        self._runs.begun.connect(self._drawn)
        return page

    def _drawn(self, _: object) -> None:
        """Without a run the page tells of the drawing as it is, a moment after each edit."""
        if self.export is not None and self.export.isVisible() and not self.chosen:
            self._soon.start()

    @property
    def settled(self) -> bool:
        """Whether everything that was asked of a network that generates is answered."""
        return self.evaluate is None or self.evaluate.runner is None or not self.evaluate.runner.busy

    def choose(self, folder: str) -> None:
        """Show another run."""
        self.chosen = folder
        self._oracle.drop()
        self.refresh()

    def refresh(self) -> None:
        """Bring the run bars up to date, and show what the chosen run says."""
        from widgets.pages.run_bar import RunChoice

        runs = [run for run in runs_of(self._runs.key) if run.has_weights]
        if self.chosen not in {str(run.path) for run in runs}:
            self.chosen = str(runs[0].path) if runs else ""
        choices = [RunChoice(str(run.path), choice_words(run), tuple(self._changes(run))) for run in runs[:MOST]]
        for page in (self.evaluate, self.export):
            if page is not None:
                page.bar.set_choices(choices, self.chosen)
        run = next((r for r in runs if str(r.path) == self.chosen), None)
        if self.evaluate is not None:
            self._show_evaluation(self.evaluate, run)
        if self.export is not None and not self.export.busy:
            self._show_export(self.export, run)

    def _changes(self, run: RunFolder) -> list[str]:
        try:
            return differences(run.document(), self.document.document, defaults_in(self.document.registry), settings=False)
        except Exception as error:  # a damaged old run must not hide the others
            return [f"its drawing cannot be read: {error}"]

    @property
    def _next(self) -> str:
        """What comes before a first run: training, or a drawing that can be trained."""
        if self._runs.busy:
            return "The first run is training."
        if self._trainable:
            return "Next: press Train."
        errors = [p for p in self.document.analysis.problems if p.severity == "error"]
        return f"{errors[0].title}. Next: see Problems." if errors else "Next: add a source, layers and a Loss."

    @property
    def _trainable(self) -> bool:
        analysis = self.document.analysis
        return analysis.clean and bool(analysis.plan.trainer)

    # Evaluate.

    def _show_evaluation(self, page: EvaluatePage, run: RunFolder | None) -> None:
        if run is None:
            page.offer_ways(False)
            page.set_nothing("Nothing to evaluate yet", f"{self._next} What the network learnt is shown here.")
            return
        from widgets.pages.evaluate import COMPARED

        if page.runner is not None and page.runner.running.folder == str(run.path) and page.way.value != COMPARED:
            return
        running = running_of(run, self.document.registry)
        both = running is not None and running.form == "samples" and compares(run, self.document.registry)
        page.offer_ways(both)
        if running is not None and not (both and page.way.value == COMPARED):
            page.show_running(running)
        elif self._shown(page, run.path):
            return
        elif compares(run, self.document.registry):
            self._measure(page, run)
        else:
            page.set_nothing("Nothing to measure on test rows", WITHOUT_LOSS)

    def _other_way(self, _: str) -> None:
        self._oracle.drop()
        self.refresh()

    def _measure(self, page: EvaluatePage, run: RunFolder) -> None:
        page.set_nothing("Measuring the test rows", "This takes a few seconds.")
        request = Evaluate(run=str(run.path), document_folder=self._runs.document_folder)
        self._jobs.run(request, self._hear, lambda sentence: self._evaluated(run.path, sentence))

    def _shown(self, page: EvaluatePage, path: Path) -> bool:
        try:
            evaluation = Evaluation.load(path)
        except NoEvaluation:
            return False
        if evaluation.outdated:
            return False
        page.show_evaluation(evaluation, clock(evaluation.measured))
        return True

    def _evaluated(self, path: Path, sentence: str) -> None:
        page = self.evaluate
        self.stage.emit(sentence or "Test rows measured", None)
        if page is not None and str(path) == self.chosen and (sentence or not self._shown(page, path)):
            page.set_nothing("This run cannot be evaluated", sentence or "Its checkpoints may be damaged.")

    def save_report(self) -> bool:
        """What was measured on the test rows as text in a file. False while there is nothing."""
        page = self.evaluate
        if page is None or not page.ready or not page.report.isEnabled():
            return False
        stem = self._runs.stem
        text = (report_text(stem, page.evaluation) if page.evaluation is not None
                else figures_text(stem, page.runner.running.figures if page.runner is not None else ()))
        name, _ = QFileDialog.getSaveFileName(self._window, "Save the report", f"{stem}.md", "Markdown (*.md)")
        if name:
            try:
                Path(name).write_text(text, encoding="utf-8")
            except OSError as error:
                tell(self._window, "The report was not saved", f"{name}: {error.strerror or error}.", "error")
        return True

    # Export.

    def _show_export(self, page: ExportPage, run: RunFolder | None) -> None:
        from app.exporting import foresee, offer

        if run is None:
            before = f"{self._next} A finished run can be exported."
            if self._trainable:
                foresee(page, self.document.analysis, self._runs.stem, self.document.registry, before)
            else:
                page.set_nothing("Nothing to export yet", before)
            return
        offer(page, run, self._runs.stem, self.document.registry)

    def _start_export(self, wish: ExportWish) -> None:
        request = Export(run=wish.run, formats=wish.formats, out=wish.folder, document_folder=self._runs.document_folder,
                         parts=wish.parts, accept=wish.accepted,
                         options={name: dict(chosen) for name, chosen in wish.options.items()})
        self._jobs.run(request, self._hear, self._exported)

    def _exported(self, sentence: str) -> None:
        assert self.export is not None
        self.export.finish(sentence)
        self.stage.emit("Export cancelled" if self.export.cancelled else sentence or "Export finished", None)

    def _hear(self, message: Message) -> None:
        if isinstance(message, Stage):
            self.stage.emit(message.text, message.fraction)
        elif isinstance(message, Proof) and self.export is not None:
            self.export.receive(message)
            if (doing := self.export.doing)[0]:
                self.stage.emit(*doing)


def choice_words(run: RunFolder) -> str:
    """A run in the list: number, name or figure with its part, how it ended, time of day."""
    from app.runbook import row_of
    from widgets.figures import figure_title, figure_words

    number, *rest = run.title.split(" · ")
    found = row_of(run, own=True).figure()
    figure = ""
    if found is not None and not run.record.name:
        plain = found[0].removeprefix("test_").removeprefix("val_")
        part = "test" if found[0].startswith("test_") else "validation" if found[0].startswith("val_") else "train"
        figure = f"{figure_title(plain)} {figure_words(plain, found[1])} ({part})"
    return " · ".join(filter(None, (number, figure, *rest)))


def clock(measured: str) -> str:
    """`once, 20:13` from an ISO time."""
    try:
        return f"once, {datetime.fromisoformat(measured).astimezone():%H:%M}"
    except ValueError:
        return "once"
