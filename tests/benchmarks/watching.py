"""What watching costs: digits-cnn trained by a warm worker on all cores, with the window plotting it and without a window.

Both sides give the same job to the same kind of process, pair by pair, each side first in every second pair. The seconds are
those of the epochs in the run's own history. Beside the clock stand the processor seconds of the worker and of whoever
listens to it. Whatever else runs on the machine only ever adds to a time, so beside the median of the pairs stands the least
of each side.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app import paths
from graph_compiler.graph.edits import SetTraining
from graph_compiler.graph.model import Document
from graph_compiler.messages import Epoch, Message, Started, Train, Warm
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.listing import next_folder
from graph_compiler.worker.ending import End
from graph_compiler.worker.mailbox import Mailbox
from graph_compiler.worker.spare import SpareWorkers
from tests.benchmarks.watched import apart, until, window

PAIRS = 7
TEMPLATE = "digits-cnn"
EPOCHS = 12
PATIENCE = 120.0
"""Seconds without a message after which a measurement is given up."""
Turn = tuple[float, float, float]
"""Seconds on the clock, processor seconds of the listener, and of the worker."""


def run() -> list[dict[str, Any]]:
    """Over `PAIRS` pairs of trainings: the ratio of the clocks, of the least of each side, and the window's share."""
    pairs: list[dict[str, Turn]] = []
    for turn in range(PAIRS):
        sides = ("watched", "headless") if turn % 2 else ("headless", "watched")
        pairs.append({side: tuple(apart("watching", side)) for side in sides})
    clocks = [pair["watched"][0] / pair["headless"][0] for pair in pairs]
    least = {side: (min(pair[side][0] for pair in pairs), min(sum(pair[side][1:]) for pair in pairs)) for side in pairs[0]}
    fastest, busy = (watched / headless for watched, headless in zip(least["watched"], least["headless"], strict=True))
    shares = [pair["watched"][1] / pair["watched"][0] / (os.cpu_count() or 1) for pair in pairs]
    spread = ", ".join(f"{ratio:.3f}" for ratio in sorted(clocks))
    seconds = ", ".join(f"{side} {statistics.median(p[side][1] for p in pairs):.2f} s" for side in ("watched", "headless"))
    return [
        {"name": f"cost of watching, {TEMPLATE}", "value": statistics.median(clocks), "bound": 1.05, "unit": "x",
         "note": f"median of {PAIRS} pairs of {EPOCHS} epochs: {spread}"},
        {"name": "the fastest of each side", "value": fastest, "bound": 1.05, "unit": "x",
         "note": f"{least['watched'][0]:.2f} s against {least['headless'][0]:.2f} s"},
        {"name": "the fewest processor seconds of each side", "value": busy, "bound": 1.05, "unit": "x",
         "note": f"{least['watched'][1]:.2f} s against {least['headless'][1]:.2f} s"},
        {"name": "the machine's share the window takes", "value": statistics.median(shares), "bound": 0.05, "unit": "",
         "note": f"listening took {seconds} of a core"}]


def watched() -> Turn:
    """A training with the window open and its Train page in sight."""
    with window(TEMPLATE) as shown:
        _lengthen(shown.document.document)
        runs = shown.pages.runs
        meter = Meter(lambda: runs._link.client.pid if runs._link is not None else 0)
        runs.message.connect(meter.take)
        runs.train()
        until(lambda: not runs.busy, look_every=200)
        page = shown.pages.training.page
        if runs.run is None or runs.state != "finished" or not page.isVisible() or not len(page.record.raw):
            raise RuntimeError("The training was not watched to its end.")
        return _trained(runs.run.path), meter.listener, meter.worker


def headless() -> Turn:
    """The same with nobody but the client listening."""
    box, spares, document = Mailbox(), SpareWorkers(), paths.template(TEMPLATE)
    _lengthen(document)
    run = RunFolder.create(next_folder(TEMPLATE), document, document_folder=str(Path.home()))
    try:
        if not spares.prepare():
            raise RuntimeError("There is too little memory for a warm worker.")
        client = spares.take(box.put, box.put_end)
        meter = Meter(lambda: client.pid)
        _hear(box, Warm, meter)
        client.send(Train(run=str(run.path), document_folder=str(Path.home())))
        _hear(box, End, meter)
    finally:
        spares.close()
    return _trained(run.path), meter.listener, meter.worker


def _lengthen(document: Document) -> None:
    SetTraining("epochs", EPOCHS).apply(document)


class Meter:
    """Processor seconds from the start of the training to the end of its newest epoch, here and in the worker."""

    def __init__(self, worker_pid: Callable[[], int]) -> None:
        self._pid, self._began = worker_pid, (0.0, 0.0)
        self.listener = self.worker = 0.0

    def take(self, message: Message | End) -> None:
        """One message of the worker."""
        if isinstance(message, Started):
            self._began = self._now()
        elif isinstance(message, Epoch):
            self.listener, self.worker = (now - then for now, then in zip(self._now(), self._began, strict=True))

    def _now(self) -> tuple[float, float]:
        return time.process_time(), processor_seconds(self._pid())


def processor_seconds(pid: int) -> float:
    """What a process has used of the processors, in user and system mode. Linux only: 0 elsewhere."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _hear(box: Mailbox, kind: type, meter: Meter) -> None:
    """Take messages until one of a kind comes. RuntimeError when the worker ends or falls silent before."""
    while not isinstance(item := box.get(PATIENCE), kind):
        if item is None or isinstance(item, End):
            raise RuntimeError(item.sentence if item else "The worker says nothing any more.")
        meter.take(item)


def _trained(folder: Path) -> float:
    """The seconds of all epochs of a finished run."""
    run = RunFolder.open(folder)
    if run.record.state != "finished":
        raise RuntimeError(f"The run is {run.record.state}: {run.record.reason}")
    return sum(row["seconds"] for row in run.history.read())
