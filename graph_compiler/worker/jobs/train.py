"""Train a run: the trainer's messages are written down in the run folder on their way out, and its end as well."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import msgspec

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.catalog import registry
from graph_compiler.messages import Device, Done, Epoch, Failed, Message, Progress, Started, Train
from graph_compiler.runs.evaluation import write_evaluation
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.hashing import data_fingerprint
from graph_compiler.runs.record import FAILED, FINISHED, STOPPED, figure_of
from graph_compiler.specs.trainers import TrainerSpec
from graph_compiler.trainers.checkpoints import restored
from graph_compiler.trainers.problems import Dropped
from graph_compiler.trainers.session import Options, Session
from graph_compiler.trainers.training import ADVERSARIAL, SUPERVISED
from graph_compiler.worker.failures import Cancelled, failed
from graph_compiler.worker.jobs.context import Context
from graph_compiler.worker.jobs.measuring import evaluations
from graph_compiler.worker.jobs.restored import with_data

TRAINERS: dict[str, TrainerSpec] = {spec.name: spec for spec in (SUPERVISED, ADVERSARIAL)}
WRITE_EVERY = 1.0
"""Seconds between two rewritings of run.json while epochs fly by; history.csv has them all."""


def train(request: Train, context: Context) -> Done | Failed:
    """Train to the end, whatever it is, and write it down. A run that is not to be kept is removed."""
    run = RunFolder.open(Path(request.run))
    run.begin()
    scribe = Scribe(run, context)
    batch = 0
    try:
        session = Session(run.document(), registry(), context.place(request.document_folder, run), run, Options.of(request),
                          scribe.take, context.control)
        batch = session.settings.batch_size
        return _trained(request, run, session, scribe)
    except (Dropped, Cancelled) as ended:
        if isinstance(ended, Cancelled) and context.control.poll() != "drop":
            run.end(STOPPED, "Stopped before training began.", seconds=scribe.seconds)
            return failed(ended)
        run.remove()
        return Done(result={"dropped": True})
    except Exception as error:
        message = failed(error, batch)
        _note_failure(run, scribe, message)
        return message


def _trained(request: Train, run: RunFolder, session: Session, scribe: Scribe) -> Done:
    """Write down what is in force, train with the trainer the drawing asks for, and close the run."""
    run.update(settings=msgspec.to_builtins(session.settings), continued_from=request.continue_from,
               document_folder=request.document_folder or run.record.document_folder)
    if request.resume:
        run.history.cut(_epoch_of(Path(request.resume)))
    analysis = Analyzer(session.document, registry())
    return _kept(run, session, scribe, TRAINERS.get(analysis.plan.trainer, SUPERVISED).train(session))


class Scribe:
    """Hears everything a trainer says, writes down what a run has to remember, and passes it on."""

    def __init__(self, run: RunFolder, context: Context) -> None:
        self.run, self._context = run, context
        self.began = self._written = time.monotonic()
        self.start = 0.0
        self.epochs = 0

    @property
    def seconds(self) -> float:
        """Since the job was taken."""
        return round(time.monotonic() - self.began, 3)

    def take(self, message: Message) -> None:
        """One message of the trainer."""
        match message:
            case Device():
                self.run.update(device=message.name)
            case Started():
                self.start, self.epochs = self.seconds, message.first_epoch
                self.run.update(parameters=message.parameters)
            case Progress() if not self.start:
                self.start = self.seconds
            case Epoch():
                self._epoch(message)
        self._context.emit(message)

    def _epoch(self, message: Epoch) -> None:
        self.epochs = message.epoch + 1
        self.run.history.append(message.epoch + 1, message.metrics, message.learning_rate, message.seconds)
        if time.monotonic() - self._written >= WRITE_EVERY:
            self._written = time.monotonic()
            self.run.update(epochs=self.epochs, metrics=message.metrics, seconds=self.seconds)


def _kept(run: RunFolder, session: Session, scribe: Scribe, result: dict[str, Any]) -> Done:
    """Measure what was learnt and close the record."""
    stopped = result.get("stopped") == "user"
    metrics = result["metrics"]
    taken = result.get("seconds", {}).get("train", scribe.seconds)
    compiled = restored(session.document, registry(), run.path)
    whole = with_data(run, compiled, session.place)
    if found := evaluations(whole, metrics):
        write_evaluation(run.path, found)
    columns = {f"{source}.{name}": array for (source, name), array in whole.feed.columns.items()}
    figure = figure_of(session.document.about, metrics)
    run.end(STOPPED if stopped else FINISHED, "Stopped and kept." if stopped else "", seconds=scribe.seconds, metrics=metrics,
            epochs=result["epochs"], steps=result.get("steps", 0), figure=figure, data_fingerprint=data_fingerprint(columns))
    seconds = {"start": scribe.start, "train": round(max(0.0, taken - scribe.start), 3), "whole": scribe.seconds}
    return Done(result={**result, "seconds": seconds, "figure": figure})


def _note_failure(run: RunFolder, scribe: Scribe, message: Failed) -> None:
    """Write the failure down, if the disk lets us: a full disk may be the failure."""
    reason = " ".join(part for part in (message.sentence, message.hint) if part)
    try:
        run.end(FAILED, reason, seconds=scribe.seconds, epochs=scribe.epochs)
    except OSError as error:
        scribe.take(Failed(code="disk", sentence=f"The end of the run could not be written down: {error}."))


def _epoch_of(checkpoint: Path) -> int:
    """Epochs done at a checkpoint, read from its name `epoch-0003-step-000000`."""
    part = checkpoint.name.split("-")
    return int(part[1]) if len(part) == 4 and part[1].isdigit() else 0
