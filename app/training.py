"""Training as the window shows it: the Train tab, the status bar and the cards hear what runs say."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.runbook import RunBook, settings_of
from app.watching import Watching
from graph_compiler.analysis.plan import Plan
from graph_compiler.graph.values import TrainingSettings
from graph_compiler.messages import Live, Message, Progress, Stage
from graph_compiler.runs.folder import RunFolder, RunProblem
from graph_compiler.runs.listing import runs_of
from widgets.words import number

if TYPE_CHECKING:
    from app.pages import Pages
    from app.window import MainWindow
    from widgets.pages.train import TrainPage
    from widgets.pages.train_tab import TrainTab
    from widgets.pages.train_tools import SaveButton

LOOKS_EVERY = 0.5
"""Seconds between two looks of header, status bar and canvas at a training whose page is not seen."""


class Training(QObject):
    """Keeps the Train tab of a document, and with it the table of runs, in step with its runs."""

    def __init__(self, window: MainWindow, pages: Pages) -> None:
        super().__init__(pages)
        self._window, self._pages, self._runs = window, pages, pages.runs
        runs = pages.runs
        self.runbook = RunBook(window, runs, self)
        self.watching = Watching(window, pages, self)
        self.page: TrainPage | None = None
        self._tab: TrainTab | None = None
        self._save: SaveButton | None = None
        self._shown = ""
        """The folder of the run whose curves are shown."""
        self._looked = 0.0
        runs.begun.connect(self._begun)
        runs.message.connect(self._says)
        runs.over.connect(self._over)
        runs.state_changed.connect(self._state)
        self.runbook.shown.connect(self._show_run)
        self.runbook.changed.connect(self._show_last)

    def make_tab(self) -> QWidget:
        """The Train tab."""
        from widgets.pages.train import TrainPage
        from widgets.pages.train_tab import TrainTab

        page = self.page = TrainPage(self._pages.document)
        page.train.connect(self._runs.train)
        page.pause.connect(self._runs.pause_or_go_on)
        page.go_on.connect(self._runs.pause_or_go_on)
        page.stop.connect(self._runs.stop)
        page.go_further.connect(self._go_further)
        page.settings_wanted.connect(self._window.places.show_training)
        page.drawn.connect(self._tell)
        self._show_last()
        self._tab = TrainTab(page, self.runbook.make_page)
        self._add_tools(page)
        return self._tab

    def _add_tools(self, page: TrainPage) -> None:
        """Live miniatures and saving of plots, in the strip of tabs."""
        from widgets.pages.train_tools import LiveSwitch, SaveButton

        live, action = LiveSwitch(), self._window.actions_by_id["live"]
        live.set_on(action.isChecked())
        live.toggled.connect(action.trigger)
        action.toggled.connect(live.set_on)
        self._save = SaveButton(page)
        self._window.workbench.add_tools("Train", live, self._save)

    def come_in_front(self) -> None:
        """The document is seen: what its run shows on the canvas is there again."""
        canvas = self._window.canvas
        canvas.set_running(self._share if self._runs.busy else None)
        canvas.running.set_moving(self._runs.state == "running")
        self.runbook.refresh()
        self.watching.look_at(self._window.inspector.path)

    @property
    def _share(self) -> float | None:
        return self.page.record.share if self.page is not None else None

    def save_plot(self) -> None:
        """The choice of plots that can be saved."""
        self._window.show_page("Train", fill=self._window.workbench.state == "filled")
        if self._save is not None:
            self._save.click()

    def show_runs(self) -> None:
        """The table of all runs."""
        self._pages.show_page("Train", fill=self._window.workbench.state == "filled")
        assert self._tab is not None
        self._tab.show_runs()

    # Runs that ended.

    def _show_last(self) -> None:
        """The curves of the newest run of this document, unless one is under way."""
        if self.page is not None and not self._runs.busy:
            run = next((run for run in runs_of(self._runs.key) if run.history.read()), None)
            if run is not None:
                self._show_past(run)

    def _show_past(self, run: RunFolder) -> None:
        rows = tuple(run.history.read())
        if self.page is None or not rows:
            return
        from widgets.pages.train_status import PastRun

        record = run.record
        planned = max(int(record.settings.get("epochs", len(rows))), len(rows))
        name = f"Run {run.title.split(' · ')[0]}"
        self._shown = str(run.path)
        self.watching.use(run.path)
        self.page.show_past(PastRun(name, planned, rows, dict(record.metrics), record.seconds, record.state, record.reason,
                                    str(run.path), record.device, _settings(run)))

    def _show_run(self, folder: str) -> None:
        """A run of the table; one under way is not pushed aside."""
        if self._tab is None:
            return
        if not self._runs.busy:
            try:
                self._show_past(RunFolder.open(Path(folder)))
            except RunProblem as problem:
                self._pages.say(problem.sentence)
        self._tab.show_train()

    def _go_further(self) -> None:
        """More epochs for the run that is shown."""
        if self._shown and Path(self._shown).exists():
            self._runs.go_on_from(self._shown)
        else:
            self._runs.continue_last()

    # The run under way.

    def _begun(self, run: RunFolder) -> None:
        self._pages.show_page("Train")
        assert self.page is not None and self._tab is not None
        self._shown = str(run.path)
        self._tab.show_train()
        self.runbook.refresh()
        self.page.start_over(f"Run {run.path.name.lstrip('0') or run.path.name}")

    def _says(self, message: Message) -> None:
        if self.page is not None:
            self.page.receive(message)
        if isinstance(message, Stage):
            self._pages.say(message.text, message.fraction)
        elif isinstance(message, Progress):
            self._progress()
        elif isinstance(message, Live) and self._pages.in_front:
            for node_id, histogram in message.histograms.items():
                self._window.canvas.set_live(node_id, histogram)

    def _progress(self) -> None:
        """While the page is seen it says when; else now and then."""
        now = time.monotonic()
        if self.page is not None and not self.page.isVisible() and now - self._looked >= LOOKS_EVERY:
            self._looked = now
            self._tell()

    def _tell(self) -> None:
        """Header, status bar and canvas say what the page says: how far, and the newest loss on the objective's card."""
        page, document = self.page, self._runs.document
        latest = page.record.latest if page is not None else None
        if page is None or document is None or latest is None or not self._runs.busy:
            return
        self._runs.tell_where(latest)
        if not self._pages.in_front:
            return
        share, canvas = page.record.share, self._window.canvas
        if self._runs.state == "running":
            self._pages.say(self._runs.words, share)
        canvas.set_running(share)
        for node, words in live_words(document.analysis.plan, page.newest).items():
            canvas.set_live_text(node, words)

    def _state(self, state: str, words: str) -> None:
        if self.page is not None and (self.page.state != state or state == "failed"):
            self.page.set_state(state, words if state == "failed" else "")
        if self._pages.in_front:
            self._window.canvas.running.set_moving(state == "running")

    def _over(self, run: RunFolder | None, sentence: str) -> None:
        words = {"finished": "Run finished", "stopped": "Run stopped, what was learnt is kept"}
        self._pages.say(sentence or (words.get(self._runs.state, "Run ended") if run is not None else "Run dropped"))
        if self._pages.in_front:
            self._window.canvas.set_running(None)
        if self.page is not None and run is not None:
            self.page.show_result(run.record.metrics)
        self.runbook.refresh()


def _settings(run: RunFolder) -> TrainingSettings | None:
    try:
        return settings_of(run)
    except msgspec.ValidationError:  # written by another version
        return None


def live_words(plan: Plan, newest: Callable[[str], float]) -> dict[str, str]:
    """The newest loss on the card of each objective: its own where there are several; both of a contest."""
    several = len(plan.goals.settled) > 1
    found = {node: number(newest(f"{node}_loss" if several else "loss"), 3) for node in plan.goals.plain}
    for contest in plan.contests:
        prefix = f"{contest.node}_" if several else ""
        sides = (number(newest(f"{prefix}{name}"), 3) for name in ("discriminator_loss", "loss"))
        found[contest.node] = "D {}, G {}".format(*sides)
    return found
