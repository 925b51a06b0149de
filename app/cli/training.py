"""A run in work: the worker that trains, the one that exports, how long each took, and what went wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from app.cli.common import write_details
from app.cli.jobs import Interrupts, work
from app.cli.targets import Targets
from app.paths import Opened
from graph_compiler.analysis.parts import WHOLE
from graph_compiler.messages import Epoch, Export, Failed, Message, Progress, Proof, Started, Train
from graph_compiler.runs.folder import RunFolder
from graph_compiler.worker.ending import Rung
from graph_compiler.worker.exporting import ExportWorkers
from graph_compiler.worker.spare import SpareWorkers

AHEAD = 10.0
"""Seconds before the end of training at which the worker for the export is started."""


class Training:
    """One run from the command line. `train`, then `export` if wanted, then `close`."""

    def __init__(self, opened: Opened, run: RunFolder, interrupts: Interrupts, hear: Callable[[Message], None],
                 began: float) -> None:
        self.run, self.result = run, {}
        self.seconds = {"start": 0.0, "train": 0.0, "export": 0.0}
        self.epochs = 0
        self.rows: list[dict[str, Any]] = []
        """Rows of the proof table."""
        self.troubles: list[str] = []
        """What failed, one sentence each."""
        self.refused: list[dict[str, str]] = []
        """Files that could not be made: format, part, and the problem in words."""
        self.failed: Failed | None = None
        """Why there was no training, None when there was."""
        self._opened, self._interrupts, self._hear = opened, interrupts, hear
        self._began, self._started = began, 0.0
        self._exports_follow = False
        self._workers = SpareWorkers()

    result: dict[str, Any]

    @property
    def ok(self) -> bool:
        """Whether training came to an end of its own."""
        return self.failed is None

    def train(self, request: Train, exports_follow: bool = False) -> None:
        """Train to the end, or until it fails or is stopped."""
        self._exports_follow = exports_follow
        outcome = work(request, self._workers, self._interrupts, self._training)
        now = time.monotonic()
        if self._started:
            self.seconds["train"] = now - self._started
        else:
            self.seconds["start"] = now - self._began
        self.failed, self.result = outcome.failed, outcome.result or {}
        self.epochs = int(self.result.get("epochs", self.epochs))
        if outcome.failed is not None and not (self._interrupts.count and outcome.end.rung is not Rung.NONE):
            self.troubles.append(words_of(outcome.failed))

    def export(self, wanted: Targets, parts: tuple[str, ...] = ()) -> None:
        """Write and prove files into the run's folder of exports; those that fail are among the troubles."""
        began = time.monotonic()
        job = Export(run=str(self.run.path), formats=wanted.names, options=wanted.options, parts=parts,
                     out=str(self.run.exports), document_folder=self._opened.folder)
        outcome = work(job, ExportWorkers(self._workers), self._interrupts, self._exporting)
        self.seconds["export"] = time.monotonic() - began
        if outcome.failed is not None and not self._interrupts.count:
            self.troubles.append(words_of(outcome.failed))

    def close(self) -> None:
        """End the workers that are left."""
        self._workers.close()

    def _training(self, message: Message) -> None:
        match message:
            case Started():
                self._started = time.monotonic()
                self.seconds["start"] = self._started - self._began
            case Epoch():
                self.epochs = message.epoch + 1
            case Progress() if self._exports_follow and 0 < message.seconds_left < AHEAD:
                self._exports_follow = False
                self._workers.prepare()
        self._hear(message)

    def _exporting(self, message: Message) -> None:
        if isinstance(message, Proof) and message.state == "proven":
            self.rows.append(dict(message.row))
        elif isinstance(message, Proof) and message.state == "failed":
            self.refused.append({"format": message.format, "part": message.part, "problem": message.problem})
            self.troubles.append(f"{file_words(message.format, message.part)} could not be made: {message.problem}")
        self._hear(message)


def file_words(kind: str, part: str) -> str:
    """A file in words; the part is named where it is not the whole."""
    return f"The {kind} file" + ("" if part in ("", WHOLE) else f" of {part}")


def words_of(failed: Failed) -> str:
    """The sentence and the hint; the details of a crash go to a file."""
    words = f"{failed.sentence} {failed.hint}".strip()
    return f"{words} {write_details(failed.detail)}".strip() if failed.detail else words
