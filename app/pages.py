"""The pages of the workbench: made when they are first shown, kept in step with document and runs."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from app import paths
from app.datacheck import DataCheck
from app.jobs import Jobs, Oracle
from app.results import Results
from app.runbook import RunBook
from app.runs import Runs
from app.thumbnails import Thumbnails
from graph_compiler.messages import Fetch, Live, Message, Progress, Stage
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.listing import folder_for, runs_of
from graph_compiler.worker.spare import SpareWorkers
from widgets.dialogs import tell
from widgets.document import GraphDocument
from widgets.log import LogPage
from widgets.problems import ProblemsPage
from widgets.words import number

if TYPE_CHECKING:
    from app.window import MainWindow
    from widgets.pages.data import DataPage
    from widgets.pages.train import TrainPage
    from widgets.pages.train_tab import TrainTab

TABLES = (".csv", ".tsv", ".txt")
LOOKS_EVERY = 0.5
"""Seconds between two looks of status bar and canvas at a training."""
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
        self.runbook = RunBook(window, self.runs)
        self.results = Results(self.runs, self.jobs, self.oracle, window)
        self.thumbnails = Thumbnails(self)
        self.data_check = DataCheck(self)
        self.document: GraphDocument = window.document
        self.train: TrainPage | None = None
        self._tab: TrainTab | None = None
        self.data: DataPage | None = None
        self._log: LogPage | None = None
        self.log_lines: list[tuple[str, str]] = []
        self._minimap: QWidget | None = None
        self._untitled = 0
        self._closed = False
        self._shown_at = 0.0
        self._connect()

    def _connect(self) -> None:
        runs, window = self.runs, self._window
        runs.begun.connect(self._begun)
        runs.message.connect(self._run_says)
        runs.over.connect(self._run_over)
        runs.refused.connect(self._refused)
        runs.state_changed.connect(self._state)
        for source in (runs, self.jobs, self.oracle):
            source.log.connect(self.log)
        self.results.stage.connect(window.status.say)
        self.runbook.shown.connect(self._show_run)
        self.runbook.chosen.connect(self._use_run)
        self.runbook.changed.connect(self._runs_changed)

    def makers(self) -> dict[str, Callable[[], QWidget]]:
        """Names of the tabs with what makes their pages."""
        return {"Data": self._make_data, "Train": self._make_train, "Evaluate": self.results.make_evaluate,
                "Export": self.results.make_export, "Problems": self._make_problems, "Log": self._make_log}

    def _make_data(self) -> QWidget:
        from widgets.pages.data import DataPage

        self.data = DataPage(self.document)
        self.data.download_requested.connect(self._download)
        return self.data

    def _make_train(self) -> QWidget:
        from widgets.pages.train import TrainPage
        from widgets.pages.train_tab import TrainTab

        page = self.train = TrainPage(self.document)
        page.train.connect(self.runs.train)
        page.pause.connect(self.runs.pause_or_go_on)
        page.go_on.connect(self.runs.pause_or_go_on)
        page.stop.connect(self.runs.stop)
        page.go_further.connect(self.runs.continue_last)
        self._show_last_run()
        self._tab = TrainTab(page, self.runbook.make_page)
        self._add_train_tools(page)
        return self._tab

    def _add_train_tools(self, page: TrainPage) -> None:
        """Live miniatures and saving of plots, in the strip of tabs."""
        from widgets.pages.train_tools import LiveSwitch, SaveButton

        live, action = LiveSwitch(), self._window.actions_by_id["live"]
        live.set_on(action.isChecked())
        live.toggled.connect(action.trigger)
        action.toggled.connect(live.set_on)
        self._window.workbench.add_tools("Train", live, SaveButton(page))

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
        if self.train is not None:
            self.train.set_document(document)
            self._show_last_run()
        self.runbook.watch(document)
        if self._tab is not None:
            self._tab.show_train()
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

    def take_file(self, path: Path) -> None:
        """A dropped file: a table becomes a source, a picture is predicted by the chosen run."""
        if path.suffix.lower() in TABLES:
            self._window.show_page("Data")
            assert self.data is not None
            self.data.take_file(path)
            return
        self._window.show_page("Evaluate", fill=True)
        page = self.results.evaluate
        if page is not None and page.evaluation is not None:
            page.drop_file(path)
        else:
            self._window.status.say("First train the network; then drop the picture again.")

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

    def _show_last_run(self) -> None:
        """The curves of the newest run of this document, unless one is under way."""
        if self.train is None or self.runs.busy:
            return
        if (run := next(iter(runs_of(self.runs.key)), None)) is not None:
            self._show_past(run)

    def _show_past(self, run: RunFolder) -> None:
        """The curves of a run that ended earlier."""
        rows = tuple(run.history.read())
        if self.train is None or not rows:
            return
        from widgets.pages.train_status import PastRun

        record = run.record
        planned = max(int(record.settings.get("epochs", len(rows))), len(rows))
        name = f"Run {run.title.split(' · ')[0]}"
        self.train.show_past(PastRun(name, planned, rows, dict(record.metrics), record.seconds, record.state, record.reason,
                                     str(run.path), record.device))

    def show_runs(self) -> None:
        """The table of all runs."""
        self._window.show_page("Train", fill=self._window.workbench.state == "filled")
        assert self._tab is not None
        self._tab.show_runs()

    def _show_run(self, folder: str) -> None:
        """A run of the table, in the Train page; one under way is not pushed aside."""
        if self._tab is None:
            return
        if not self.runs.busy:
            self._show_past(RunFolder.open(Path(folder)))
        self._tab.show_train()

    def _use_run(self, folder: str, page: str) -> None:
        """A run of the table, for Evaluate or Export."""
        self.results.chosen = folder
        self.oracle.drop()
        self._window.show_page(page, fill=True)

    def _runs_changed(self) -> None:
        """A run was named or is gone."""
        self._show_last_run()
        self.results.refresh()

    def _begun(self, run: RunFolder) -> None:
        self._window.show_page("Train")
        assert self.train is not None and self._tab is not None
        self._tab.show_train()
        self.runbook.refresh()
        self.train.start_over(f"Run {run.path.name.lstrip('0') or run.path.name}")

    def _run_says(self, message: Message) -> None:
        if self.train is not None:
            self.train.receive(message)
        if isinstance(message, Stage):
            self._window.status.say(message.text, message.fraction)
        elif isinstance(message, Progress):
            self._progress(message)
        elif isinstance(message, Live):
            for node_id, histogram in message.histograms.items():
                self._window.canvas.set_live(node_id, histogram)

    def _progress(self, message: Progress) -> None:
        """The status bar and the canvas: how far, and the newest loss on the objective's card."""
        now = time.monotonic()
        if now - self._shown_at < LOOKS_EVERY:
            return
        self._shown_at = now
        share = self.train.record.share if self.train is not None else None
        self._window.status.say(self.runs.where(message), share)
        canvas = self._window.canvas
        canvas.set_running(share)
        for objective in self.document.analysis.plan.objectives:
            canvas.set_live_text(objective.node, number(message.metrics.get("loss", float("nan")), 3))

    def _state(self, state: str, words: str) -> None:
        if self.train is not None and (self.train.state != state or state == "failed"):
            self.train.set_state(state, words if state == "failed" else "")
        self._window.canvas.running.set_moving(state == "running")
        self.refresh_actions()

    def _run_over(self, run: RunFolder | None, sentence: str) -> None:
        words = {"finished": "Run finished", "stopped": "Run stopped, what was learnt is kept"}
        self._window.status.say(sentence or (words.get(self.runs.state, "Run ended") if run is not None else "Run dropped"))
        self._window.canvas.set_running(None)
        self.results.chosen = str(run.path) if run is not None else ""
        if run is not None and self.train is not None:
            self.train.show_result(run.record.metrics)
        self.runbook.refresh()
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
        return not self.jobs.busy and self.thumbnails.settled

    def shut_down(self) -> None:
        """End every worker and let go of files."""
        self._closed = True
        if self.data is not None:
            self.data.shut_down()
        self.thumbnails.shut_down()
        self.data_check.shut_down()
        self.spares.close()
        self._scratch.cleanup()


def device_words() -> str:
    """The device for the status bar, as far as it is known without TensorFlow."""
    threads = os.cpu_count() or 1
    return f"CPU, {threads} thread{'s' if threads > 1 else ''}"
