"""The pages of the workbench: made when they are first shown, kept in step with document and runs."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from app import paths
from app.datacheck import DataCheck
from app.jobs import Jobs, Oracle
from app.results import Results
from app.runs import Runs
from app.thumbnails import Thumbnails
from app.training import Training
from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.messages import Fetch, Message, Stage
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.listing import folder_for
from graph_compiler.worker.spare import SpareWorkers
from widgets.dialogs import tell
from widgets.document import GraphDocument
from widgets.log import LogPage
from widgets.problems import ProblemsPage

if TYPE_CHECKING:
    from app.window import MainWindow
    from widgets.pages.data import DataPage

IDLE = 1200
"""Milliseconds after the first paint when pages that will be needed soon are made."""
LINES = 1000
"""Log lines kept until the Log tab is first opened."""


class Pages(QObject):
    """Makes the pages and lets them, the runs and the window hear of one another."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._scratch = tempfile.TemporaryDirectory(prefix="netloom-")
        self.spares = SpareWorkers()
        self.runs = Runs(self.spares, window)
        self.jobs = Jobs(self.spares, self)
        self.oracle = Oracle(self.spares, Path(self._scratch.name), self)
        self.training = Training(window, self.runs)
        self.results = Results(self.runs, self.jobs, self.oracle, window)
        self.thumbnails = Thumbnails(self)
        self.data_check = DataCheck(self)
        self.document: GraphDocument = window.document
        self.data: DataPage | None = None
        self._log: LogPage | None = None
        self.log_lines: list[tuple[str, str]] = []
        self._minimap: QWidget | None = None
        self._untitled = 0
        self._closed = False
        self._connect()

    def _connect(self) -> None:
        runs, window = self.runs, self._window
        runs.refused.connect(self._refused)
        runs.state_changed.connect(lambda *_: self.refresh_actions())
        runs.over.connect(self._run_over)
        for source in (runs, self.jobs, self.oracle):
            source.log.connect(self.log)
        self.results.stage.connect(window.status.say)
        self.training.runbook.chosen.connect(self._use_run)
        self.training.runbook.changed.connect(self.results.refresh)

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
        page = ProblemsPage(self.document)
        page.jump.connect(self._window.places.jump)
        return page

    def _make_log(self) -> QWidget:
        self._log = LogPage()
        for text, level in self.log_lines:
            self._log.append(text, level)
        return self._log

    # Documents.

    def set_document(self, document: GraphDocument) -> None:
        """Another document: pages start over with it."""
        self.document = document
        self.runs.document = document
        self.name_runs()
        self.results.chosen = ""
        self.oracle.drop()
        self.thumbnails.watch(document, self._window.canvas)
        self.data_check.watch(document)
        self.training.set_document(document)
        for name in ("Data", "Problems"):
            self._renew(name)
        self.page_shown(self._window.workbench.current)

    def name_runs(self) -> None:
        """Find the runs of the document: under its template, its file, or a name of its own while it has no file."""
        path, template = self.document.path, self._window.session.template
        self.runs.stem = path.stem if path else template or "untitled"
        if path is not None:
            self.runs.key = paths.runs_name(path)
        elif template:
            self.runs.key = template
        else:
            self._untitled += 1
            self.runs.key = f"untitled-{os.getpid()}-{self._untitled}"

    def moved(self) -> None:
        """The document was saved under another name: runs of one that had none go with it."""
        before = self.runs.key
        self.name_runs()
        old, new = folder_for(before), folder_for(self.runs.key)
        if before.startswith("untitled-") and not self.runs.busy and old.is_dir() and not new.exists():
            old.rename(new)
        self.results.chosen = ""
        self.page_shown(self._window.workbench.current)

    def _renew(self, name: str) -> None:
        """Make a page again for another document."""
        workbench = self._window.workbench
        old = workbench.pages.pop(name, None)
        if old is None:
            return
        if name == "Data" and self.data is not None:
            self.data.shut_down()
        up = workbench.current == name
        workbench.stack.removeWidget(old)
        old.deleteLater()
        if up:
            workbench.show_page(name, fill=workbench.state == "filled")

    def page_shown(self, name: str) -> None:
        """A tab came up."""
        if name in ("Evaluate", "Export"):
            self.results.refresh()

    def read_table(self, path: Path) -> None:
        """A table becomes a source of the drawing, or that of the source in view."""
        self._window.show_page("Data")
        assert self.data is not None
        self.data.take_file(path)

    def show_to_network(self, path: Path) -> None:
        """A file of the user's is predicted by the chosen run."""
        self._window.show_page("Evaluate", fill=True)
        page = self.results.evaluate
        if page is not None and page.ready:
            page.drop_file(path)
        else:
            self._window.status.say("First train the network; then drop the file again.")

    def _download(self, node_id: str) -> None:
        facts, data = self.document.analysis.facts(node_id), self.data
        if facts is None or data is None:
            return

        def hear(message: Message) -> None:
            if isinstance(message, Stage):
                data.show_progress(message.text, message.fraction)

        def over(sentence: str) -> None:
            data.show_problem(sentence) if sentence else data.reload()

        self.jobs.run(Fetch(dataset=facts.node.type, params=dict(facts.node.params)), hear, over)

    # Runs.

    def _use_run(self, folder: str, page: str) -> None:
        """A run of the table, for Evaluate or Export."""
        self.results.chosen = folder
        self.oracle.drop()
        self._window.show_page(page, fill=True)

    def _run_over(self, run: RunFolder | None, _: str) -> None:
        self.results.chosen = str(run.path) if run is not None else ""
        self.oracle.drop()
        QTimer.singleShot(0, self.spares.prepare)
        self.page_shown(self._window.workbench.current)

    def _refused(self, words: str) -> None:
        self._window.status.say(words)
        if not self.document.analysis.clean:
            self._window.show_page("Problems")

    def refresh_actions(self) -> None:
        """Which commands make sense now."""
        actions = getattr(self._window, "actions_by_id", None)
        if actions is None:
            return
        busy = self.runs.busy
        ready = not busy and self.document.analysis.clean and bool(self.document.analysis.plan.trainer)
        for name, on in (("train", ready), ("continue", ready), ("pause", busy), ("stop", busy), ("drop", busy)):
            actions[name].setEnabled(on)
        errors = [p for p in self.document.analysis.problems if p.severity == "error"]
        self._window.workbench.set_next(next_step(self.document.analysis))
        first = f"{errors[0].title}. {errors[0].sentence}" if errors else self.document.analysis.plan.reason
        self._window.header.train.setToolTip("Train (F5)" if ready or busy else f"Next: {first}")

    # Everything else.

    def log(self, text: str, level: str = "info") -> None:
        """A line for the Log tab."""
        self.log_lines = [*self.log_lines[1 - LINES:], (text, level)]
        if self._log is not None:
            self._log.append(text, level)

    def minimap(self, on: bool) -> None:
        """Show or hide the minimap."""
        if self._minimap is None and on:
            from widgets.minimap import Minimap

            self._minimap = Minimap(self._window.canvas)
        if self._minimap is not None:
            self._minimap.setVisible(on)

    def show_doctor(self) -> None:
        """What will run where."""
        tell(self._window, "Device doctor", self.runs.device or f"{device_words()}. "
             "TensorFlow is asked when the first training starts; “netloom doctor” in a terminal asks it now.")

    def after_first_paint(self) -> None:
        """Start what may wait: the spare worker, and the words about the device."""
        self._window.status.set_device(device_words())
        if not os.environ.get("NETLOOM_NO_SPARE"):
            self.spares.prepare()
            QTimer.singleShot(IDLE, self._prepare_train)

    def _prepare_train(self) -> None:
        """Make the Train page while nobody waits for it, so that the first training does not pay for it."""
        if not self._closed:
            self._window.workbench.page("Train")

    @property
    def settled(self) -> bool:
        """Whether nothing is being loaded or computed for a page."""
        return not self.jobs.busy and self.thumbnails.settled and self.results.settled

    def shut_down(self) -> None:
        """End every worker and let go of files."""
        self._closed = True
        if self.data is not None:
            self.data.shut_down()
        self.thumbnails.shut_down()
        self.data_check.shut_down()
        self.spares.close()
        self._scratch.cleanup()


def next_step(analysis: Analyzer) -> str:
    """What a drawing needs before it can be trained, in a few words; empty when it can be, or while it is empty."""
    if (analysis.plan.trainer and analysis.clean) or not analysis.document.graph.nodes:
        return ""
    errors = [p for p in analysis.problems if p.severity == "error"]
    if errors and errors[0].code != "no-objective":
        step = errors[0].fixes[0].label if errors[0].fixes else errors[0].title
        return step[:1].lower() + step[1:] if errors[0].fixes else step
    return "add a Loss, then Train"


def device_words() -> str:
    """The device for the status bar, as far as it is known without TensorFlow."""
    threads = os.cpu_count() or 1
    return f"CPU, {threads} thread{'s' if threads > 1 else ''}"
