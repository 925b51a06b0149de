"""Jobs besides training: each gets a worker of its own; predicting keeps one that answers again and again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.links import WorkerLink
from app.runs import WAKING
from graph_compiler.messages import Answer, Asking, Evaluate, Export, Failed, Fetch, Log, Message, Predict, Stage
from graph_compiler.worker.ending import End
from graph_compiler.worker.exporting import ExportWorkers
from graph_compiler.worker.spare import SpareWorkers

Hear = Callable[[Message], None]
Over = Callable[[str], None]
"""Called once at the end with a sentence, empty when all went well."""


class Jobs(QObject):
    """Runs jobs and keeps their workers until they end."""

    log = Signal(str, str)

    def __init__(self, spares: SpareWorkers, keeper: QObject, parent: QObject) -> None:
        super().__init__(parent)
        self._spares, self._keeper = spares, keeper
        self._links: list[WorkerLink] = []

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return bool(self._links)

    def run(self, request: Evaluate | Export | Fetch, hear: Hear, over: Over) -> None:
        """Give a request to a worker. `hear` gets its messages, `over` its end."""
        spares = ExportWorkers(self._spares) if isinstance(request, Export) else self._spares
        link = WorkerLink(spares, self._keeper)  # which outlives this, so that a worker can end in peace
        self._links.append(link)
        said = {"sentence": ""}

        def take(message: Message) -> None:
            if isinstance(message, Failed):
                said["sentence"] = f"{message.sentence} {message.hint}".strip()
                self.log.emit(f"{said['sentence']}\n{message.detail}".strip(), "error")
            elif isinstance(message, Log):
                self.log.emit(message.text, message.level)
            hear(message)

        def end(ended: End) -> None:
            self._links.remove(link)
            link.deleteLater()
            over(said["sentence"] or ended.sentence)
            QTimer.singleShot(0, self._spares.prepare)

        link.message.connect(take)
        link.ended.connect(end)
        if not link.client.warm:
            hear(Stage(text=WAKING))
        link.send(request)

    def cancel(self) -> None:
        """End every job soon."""
        for link in self._links:
            link.client.stop(keep=False)

    def shut_down(self) -> None:
        """Nobody waits for the jobs any more: end them, and hear nothing of it."""
        for link in self._links:
            link.message.disconnect()
            link.ended.disconnect()
            link.ended.connect(link.deleteLater)
            link.client.stop(keep=False)
        self._links.clear()


class Oracle(QObject):
    """A worker that predicts with one run. `answer(ticket, answers)`, or `problem` in words."""

    answer = Signal(int, object)
    problem = Signal(str)
    stage = Signal(str)
    """What the worker is at before it can answer."""
    dropped = Signal()
    """The worker was let go: what was asked and not answered yet will not be."""
    log = Signal(str, str)

    def __init__(self, spares: SpareWorkers, scratch: Path, keeper: QObject, parent: QObject) -> None:
        super().__init__(parent)
        self._spares, self._scratch, self._keeper = spares, scratch, keeper
        self._link: WorkerLink | None = None
        self._run = ""
        self._told = False

    def ask(self, run: str, inputs: list[Any], ticket: int, document_folder: str, asking: Asking | None = None) -> None:
        """Predict files (by path), pictures (pixel arrays) and rows of numbers (arrays by input name) with a run."""
        names = tuple(self._named(given, f"{ticket}-{number}") for number, given in enumerate(inputs))
        if self._link is None or self._link.over or self._run != run:
            self._let_go()
            self._link = WorkerLink(self._spares, self._keeper)
            self._run, self._told = run, False
            self._link.message.connect(self._hear)
            self._link.ended.connect(self._over)
            QTimer.singleShot(2000, self._spares.prepare)
        self._link.send(Predict(run=run, inputs=names, document_folder=document_folder, ticket=ticket,
                                asking=asking or Asking()))

    def _named(self, given: Any, name: str) -> str:
        if isinstance(given, str):
            return given
        import numpy as np

        if isinstance(given, dict):
            path = self._scratch / f"{name}.npz"
            np.savez(path, **given)
            return str(path)
        path = self._scratch / f"{name}.npy"
        np.save(path, given)
        return str(path)

    def _hear(self, message: Message) -> None:
        if isinstance(message, Answer):
            self.answer.emit(message.ticket, message.answers)
        elif isinstance(message, Failed):
            self._told = True
            self.problem.emit(f"{message.sentence} {message.hint}".strip())
        elif isinstance(message, Stage):
            self.stage.emit(message.text)
        elif isinstance(message, Log):
            self.log.emit(message.text, message.level)

    def _over(self, end: End) -> None:
        if end.sentence or not self._told:
            self.problem.emit(end.sentence or "The worker ended before it answered. Ask again.")

    def drop(self) -> None:
        """Let the worker go."""
        self._let_go()
        self.dropped.emit()

    def _let_go(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.message.disconnect(self._hear)
            link.ended.disconnect(self._over)
            link.ended.connect(link.deleteLater)
            link.client.quit()
