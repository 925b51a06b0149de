"""The pages of one document in the workbench, with its runs and jobs: made when first shown, kept while it is open."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from app import paths
from app.datacheck import DataCheck
from app.jobs import Jobs, Oracle
from app.results import Results
from app.runs import Runs
from app.services import Services, device_words
from app.session import OpenDocument
from app.thumbnails import Thumbnails
from app.training import Training
from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.messages import Fetch, Message, Stage
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.listing import folder_for
from widgets.dialogs import tell
from widgets.workbench import Shelf

if TYPE_CHECKING:
    from app.window import MainWindow
    from widgets.log import LogPage
    from widgets.pages.data import DataPage

LINES = 1000
"""Log lines kept until the Log tab is first opened."""

OF_RUNS = ("Evaluate", "Export")
"""Tabs that show what a run has come to."""


class Pages(QObject):
    """Makes the pages of a document and lets them, its runs and the window hear of one another.

    What it says reaches the window only while its document is in front; of another it says whose it is.
    """

    run_state = Signal(str, str)
    """State of the run, and words for the pill."""

    def __init__(self, window: MainWindow, services: Services, opened: OpenDocument) -> None:
        super().__init__(opened)
        self._window, self.services, self._opened = window, services, opened
        self.document = opened.document
        self.runs = Runs(services.spares, window, self)
        self.runs.document, self.runs.live = self.document, window.settings.live
        self.jobs = Jobs(services.spares, services, self)
        self.oracle = Oracle(services.spares, services.folder(), services, self)
        self.data: DataPage | None = None
        self._log: LogPage | None = None
        self.log_lines: list[tuple[str, str]] = []
        self.name_runs()
        self.training = Training(window, self)
        self.results = Results(self.runs, self.jobs, self.oracle, window, self)
        self.thumbnails = Thumbnails(self.document, self)
        self.data_check = DataCheck(self)
        self.shelf = Shelf(self.makers())
        self._connect()
        self.data_check.watch(self.document)

    def _connect(self) -> None:
        runs = self.runs
        runs.refused.connect(self._refused)
        runs.state_changed.connect(lambda *_: self.refresh_actions())
        runs.state_changed.connect(self.run_state)
        runs.over.connect(self._run_over)
        for source in (runs, self.jobs, self.oracle):
            source.log.connect(self.log)
        self.results.stage.connect(self.say)
        self.training.runbook.chosen.connect(self._use_run)
        self.training.runbook.changed.connect(self.results.refresh)

    @property
    def in_front(self) -> bool:
        """Whether the document is the one that is seen."""
        return self._window.session.front is self._opened

    def say(self, words: str, share: float | None = None) -> None:
        """Into the status bar. Progress of a document that is not seen is not told, what it comes to is."""
        if self.in_front:
            self._window.status.say(words, share)
        elif words and share is None:
            self._window.status.say(f"{self._opened.name}: {words}")

    def show_page(self, name: str, fill: bool = False) -> None:
        """A page of the workbench, as far as the document is seen."""
        if self.in_front:
            self._window.show_page(name, fill)

    def come_in_front(self) -> None:
        """The document is seen again, or for the first time."""
        window = self._window
        window.workbench.use(self.shelf)
        self.thumbnails.serve(window.canvas)
        self.training.come_in_front()
        window.header.set_running(self.runs.state, self.runs.words)
        self.page_shown(window.workbench.current)
        self.refresh_actions()

    def makers(self) -> dict[str, Callable[[], QWidget]]:
        """Names of the tabs with what makes their pages."""
        return {"Data": self._make_data, "Train": self.training.make_tab, "Evaluate": self.results.make_evaluate,
                "Export": self.results.make_export, "Problems": self._make_problems, "Log": self._make_log}

    def _make_data(self) -> QWidget:
        from widgets.pages.data import DataPage

        self.data = DataPage(self.document)
        self.data.download_requested.connect(self._download)
        return self.data

    def _make_problems(self) -> QWidget:
        from widgets.problems import ProblemsPage

        page = ProblemsPage(self.document)
        page.jump.connect(self._window.places.jump)
        return page

    def _make_log(self) -> QWidget:
        from widgets.log import LogPage

        self._log = LogPage()
        for text, level in self.log_lines:
            self._log.append(text, level)
        return self._log

    # The document.

    def name_runs(self) -> None:
        """Find the runs of the document: under its template, its file, or a name of its own while it has no file."""
        path, template = self.document.path, self._opened.template
        self._named = path is not None
        self.runs.stem = path.stem if path else template or "untitled"
        if path is not None:
            self.runs.key = paths.runs_name(path)
        elif template:
            self.runs.key = template
        else:
            self.runs.key = self._opened.runs or untitled()
        self._opened.runs = self.runs.key

    def moved(self) -> None:
        """The document has another file now. Runs of one that had none go with it; those of a template stay there as well."""
        before, named = self.runs.key, self._named
        self.name_runs()
        old, new = folder_for(before), folder_for(self.runs.key)
        if not named and not self.runs.busy and old.is_dir() and not new.exists():
            if before.startswith(paths.UNTITLED):
                old.rename(new)
            else:
                shutil.copytree(old, new, copy_function=_link)
        self.results.chosen = ""
        self.page_shown(self._window.workbench.current)

    def page_shown(self, name: str) -> None:
        """A tab came up."""
        if self.in_front and name in OF_RUNS:
            self.results.refresh()

    def lacks(self, name: str) -> bool:
        """Whether a tab that has come up has nothing to show without a run."""
        return name in OF_RUNS and not self.results.chosen

    def choose_file(self, node_id: str) -> None:
        """Ask for the file of a source; the Data tab then shows what is in it."""
        self.show_page("Data")
        assert self.data is not None
        self.data.show_source(node_id)
        self.data.choose_file()

    def read_table(self, path: Path) -> None:
        """A table becomes a source of the drawing, or that of the source in view."""
        self.show_page("Data")
        assert self.data is not None
        self.data.take_file(path)

    def show_to_network(self, path: Path) -> None:
        """A file of the user's is predicted by the chosen run."""
        self.show_page("Evaluate", fill=True)
        page = self.results.evaluate
        if page is not None and page.ready:
            page.drop_file(path)
        else:
            self.say("First train the network; then drop the file again.")

    def _download(self, node_id: str) -> None:
        facts, data = self.document.analysis.facts(node_id), self.data
        if facts is None or data is None:
            return

        def hear(message: Message) -> None:
            if isinstance(message, Stage) and data is self.data:
                data.show_progress(message.text, message.fraction)

        def over(sentence: str) -> None:
            if data is self.data:
                data.show_problem(sentence) if sentence else data.reload()

        self.jobs.run(Fetch(dataset=facts.node.type, params=dict(facts.node.params)), hear, over)

    # Runs.

    def _use_run(self, folder: str, page: str) -> None:
        """A run of the table, for Evaluate or Export."""
        self.results.chosen = folder
        self.oracle.drop()
        self.show_page(page, fill=True)

    def _run_over(self, run: RunFolder | None, _: str) -> None:
        self.results.chosen = str(run.path) if run is not None else ""
        self.oracle.drop()
        QTimer.singleShot(0, self.services.spares.prepare)
        self.page_shown(self._window.workbench.current)

    def _refused(self, words: str) -> None:
        self.say(words)
        if not self.document.analysis.clean:
            self.show_page("Problems")

    def refresh_actions(self) -> None:
        """Which commands make sense now."""
        actions = getattr(self._window, "actions_by_id", None)
        if actions is None or not self.in_front:
            return
        busy = self.runs.busy
        ready = not busy and self.document.analysis.clean and bool(self.document.analysis.plan.trainer)
        self._window.commands.show_training(ready, busy)
        errors = [p for p in self.document.analysis.problems if p.severity == "error"]
        step = next_step(self.document.analysis)
        self._window.workbench.set_next(step)
        first = f"{step}." if step else self.document.analysis.plan.reason
        if errors:
            first = f"{errors[0].title}. {errors[0].sentence}"
        keys = actions["train"].shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        words = f"Train ({keys})" if keys else "Train"
        self._window.header.train.setToolTip(words if ready or busy else f"Next: {first}")

    # Everything else.

    def log(self, text: str, level: str = "info") -> None:
        """A line for the Log tab."""
        self.log_lines = [*self.log_lines[1 - LINES:], (text, level)]
        if self._log is not None:
            self._log.append(text, level)

    def show_doctor(self) -> None:
        """What will run where."""
        tell(self._window, "Device doctor", self.runs.device or f"{device_words()}. "
             "TensorFlow is asked when the first training starts; “netloom doctor” in a terminal asks it now.")

    @property
    def settled(self) -> bool:
        """Whether nothing is being loaded or computed for a page."""
        read = self.data is None or self.data.settled
        return read and not self.jobs.busy and self.thumbnails.settled and self.results.settled

    def shut_down(self) -> None:
        """Wait for what is being read; workers end with the links that hold them."""
        if self.data is not None:
            self.data.shut_down()
        self.thumbnails.shut_down()
        self.data_check.shut_down()
        self.oracle.drop()
        self.jobs.shut_down()


def untitled() -> str:
    """A name for the runs of a drawing that has no file yet, unlike that of any other process."""
    return f"{paths.UNTITLED}{uuid.uuid4().hex[:12]}"


def _link(source: str, target: str) -> str:
    """The same file under a second name where the disk can do that, else a copy. What is appended to (CSV) is copied."""
    if not source.endswith(".csv"):
        with suppress(OSError):
            os.link(source, target)
            return target
    return str(shutil.copy2(source, target))


def next_step(analysis: Analyzer) -> str:
    """What a drawing needs before it can be trained, in a few words; empty when it can be, or while it is empty."""
    if (analysis.plan.trainer and analysis.clean) or not analysis.document.graph.nodes:
        return ""
    errors = [p for p in analysis.problems if p.severity == "error"]
    if errors and errors[0].code == "missing-input" and not errors[0].fixes:
        facts = analysis.facts(errors[0].path)
        return f"pull a wire to {facts.node.name if facts is not None else errors[0].path}"
    if errors and errors[0].code != "no-objective":
        step = errors[0].fixes[0].label if errors[0].fixes else errors[0].title
        return step[:1].lower() + step[1:] if errors[0].fixes else step
    return "add a Loss, then Train"

