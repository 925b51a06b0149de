"""Training from the window: freezes the job into a run folder, hands it to a warm worker, and tells what happens."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.links import WorkerLink
from graph_compiler.graph.files import FileProblem
from graph_compiler.messages import (
    Device,
    Done,
    Epoch,
    Failed,
    Log,
    Message,
    Miniatures,
    Pause,
    Paused,
    Progress,
    Resume,
    Stage,
    Started,
    Train,
)
from graph_compiler.runs.folder import RunFolder, RunProblem
from graph_compiler.runs.listing import next_folder, runs_of
from graph_compiler.worker.ending import End
from graph_compiler.worker.spare import SpareWorkers
from widgets.dialogs import Choice, ask
from widgets.document import GraphDocument
from widgets.words import duration

BUSY = frozenset({"starting", "running", "paused", "stopping"})
WAKING = "Starting TensorFlow, this takes a few seconds"
"""While no spare worker was ready."""


class Runs(QObject):
    """One training at a time. States: idle, starting, running, paused, stopping, finished, stopped, failed."""

    state_changed = Signal(str, str)
    """State, and words for the pill."""
    message = Signal(object)
    begun = Signal(object)
    """RunFolder of the training that starts."""
    over = Signal(object, str)
    """RunFolder of the training that ended, and a sentence when it did not end well."""
    log = Signal(str, str)
    refused = Signal(str)
    """Why there is nothing to train, in words."""

    def __init__(self, spares: SpareWorkers, window: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._spares = window, spares
        self.document: GraphDocument | None = None
        self.stem = "untitled"
        """What files of this document are named by."""
        self.key = "untitled"
        """The name its runs are kept under."""
        self.state = "idle"
        self.words = ""
        """What the pill says."""
        self.run: RunFolder | None = None
        self.device = ""
        self.live = False
        self.watched = ""
        """The path of the node whose inside is wanted."""
        self._link: WorkerLink | None = None
        self._started: Started | None = None
        self._result: dict[str, object] | None = None
        self._failure = ""
        self._dropping = self._refused = False

    @property
    def busy(self) -> bool:
        """Whether a training is under way."""
        return self.state in BUSY

    def _set(self, state: str, words: str = "") -> None:
        self.state, self.words = state, words
        self.state_changed.emit(state, words)

    # Wishes.

    def train(self) -> None:
        """Start a training from nothing."""
        self._start("")

    def continue_last(self) -> None:
        """Start a training with the weights of the newest run."""
        last = next((run for run in runs_of(self.key) if run.has_weights), None)
        if last is None:
            self.refused.emit("There is no run to go on from yet. Press Train.")
        else:
            self._start(str(last.path))

    def go_on_from(self, folder: str) -> None:
        """Start a training with the weights of this run."""
        self._start(folder)

    def _start(self, continue_from: str) -> None:
        if self.document is None or self.busy:
            return
        analysis = self.document.analysis
        if not analysis.clean or not analysis.plan.trainer:
            errors = [p for p in analysis.problems if p.severity == "error"]
            self.refused.emit(f"{errors[0].title}. {errors[0].sentence}" if errors else analysis.plan.reason)
            return
        from app.doctor import missing_gpu  # asks the system, and loads what it asks with

        if missing := missing_gpu(self.document.document.training.device):
            self.refused.emit(missing)
            return
        try:
            self.run = RunFolder.create(next_folder(self.key), self.document.document.copy(), title=self.document.title,
                                        document_folder=self.document_folder, continued_from=continue_from)
        except (RunProblem, FileProblem, OSError) as problem:
            self.refused.emit(f"The run cannot be written: {problem}")
            return
        self._started, self._result, self._failure, self._dropping, self._refused = None, None, "", False, False
        self.begun.emit(self.run)
        self._set("starting", "Starting")
        link = WorkerLink(self._spares, self)
        self._link = link
        link.message.connect(self._hear)
        link.ended.connect(self._end)
        if not link.client.warm:
            self.message.emit(Stage(text=WAKING))
        link.send(Train(run=str(self.run.path), document_folder=self.document_folder, continue_from=continue_from,
                        miniatures=self.live, watch=self.watched))

    @property
    def document_folder(self) -> str:
        """The folder relative data paths count from."""
        path = self.document.path if self.document is not None else None
        return str(path.parent if path is not None else Path.home())

    def pause_or_go_on(self) -> None:
        """Hold the training, or let it go on."""
        if self._link is not None and self.state in ("running", "paused"):
            self._link.send(Resume() if self.state == "paused" else Pause())

    def set_live(self, on: bool) -> None:
        """Whether the worker sends miniatures."""
        self.live = on
        if self._link is not None:
            self._link.send(Miniatures(on=on, watch=self.watched))

    def watch(self, path: str) -> None:
        """Whose inside the worker tells."""
        if path != self.watched:
            self.watched = path
            if self._link is not None:
                self._link.send(Miniatures(on=self.live, watch=path))

    def stop(self, keep: bool) -> None:
        """End the training; `keep` saves what was learnt."""
        if self._link is not None and self.busy:
            self._dropping = not keep
            self._link.client.stop(keep)
            self._set("stopping", "Stopping")

    # What the worker says.

    def _hear(self, message: Message) -> None:
        if isinstance(message, Started):
            self._started = message
            self._set("running", "Running")
        elif isinstance(message, Paused):
            self._set("paused" if message.paused else "running", "Paused" if message.paused else "Running")
        elif isinstance(message, Done):
            self._result = message.result
        elif isinstance(message, Failed):
            self._failure = " ".join(filter(None, (message.sentence, message.hint)))
            self._refused = message.code == "device"
        elif isinstance(message, Log):
            self.log.emit(message.text, message.level)
        elif isinstance(message, Device):
            self.device = message.sentence
        if isinstance(message, (Started, Epoch, Stage, Failed)):
            self._note(message)
        self.message.emit(message)

    def _note(self, message: Message) -> None:
        """Milestones go to the log."""
        if isinstance(message, Stage):
            self.log.emit(message.text, "info")
        elif isinstance(message, Epoch):
            figures = ", ".join(f"{name} {value:.4g}" for name, value in message.metrics.items())
            self.log.emit(f"Epoch {message.epoch + 1}: {figures} ({duration(message.seconds)})", "info")
        elif isinstance(message, Failed):
            self.log.emit(f"{message.sentence} {message.hint}\n{message.detail}".strip(), "error")

    def tell_where(self, message: Progress) -> None:
        """Epoch and remaining time for the pill: the page that shows them says when."""
        if self.state == "running" and (words := self.where(message)) != self.words:
            self._set("running", words)

    def where(self, message: Progress) -> str:
        """Epoch and remaining time in words."""
        epochs = self._started.epochs if self._started else 1
        left = f" · {duration(message.seconds_left)} left" if message.seconds_left else ""
        return f"Epoch {min(message.epoch + 1, epochs)} of {epochs}{left}"

    def _end(self, end: End) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.deleteLater()
        sentence = self._failure or end.sentence
        stopped = self.state == "stopping"
        if sentence:
            self.log.emit(sentence, "error")
        run = self.run
        if self._dropping or self._refused:  # a device that is not there leaves nothing behind
            if run is not None and run.path.exists():
                run.remove()
            self.run = run = None
            self._set("failed" if self._refused else "stopped", sentence if self._refused else "")
        elif sentence:
            self._set("failed", sentence)
        else:
            self._set("stopped" if stopped or (self._result or {}).get("stopped") == "user" else "finished")
        self.over.emit(run, sentence)

    def may_stop(self) -> bool:
        """Ask before a training is left alone. True when there is none, or when it may be stopped and kept."""
        return not self.busy or bool(ask(
            self._window, "A training is under way", "Stop it and keep what was learnt so far? It can be continued later.",
            (Choice("Stop and keep", primary=True),), cancel="Go on training"))

    def end_now(self) -> None:
        """The program ends: stop and keep, and wait until that is done."""
        if self._link is not None and self.busy:
            self._link.client.stop(keep=True)
            self._link.client.wait(20)
