"""What watching costs: digits-cnn trained by a warm worker on all cores, with the window plotting it and without a window.

Both sides give the same job to the same kind of process; the seconds are those of the epochs in the run's own history.
The second figure is what the listening process used of the whole machine while the epochs went by: it is steadier than the
clock where others use the machine too.
"""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path
from typing import Any

from app import paths
from graph_compiler.messages import Epoch, Message, Started, Train, Warm
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.listing import next_folder
from graph_compiler.worker.ending import End
from graph_compiler.worker.mailbox import Mailbox
from graph_compiler.worker.spare import SpareWorkers
from tests.benchmarks.watched import apart, until, window

TURNS = 5
TEMPLATE = "digits-cnn"
PATIENCE = 120.0
"""Seconds without a message after which a measurement is given up."""


def run() -> list[dict[str, Any]]:
    """Ratio of the medians of `TURNS` trainings a side, turn by turn."""
    taken: dict[str, list[list[float]]] = {"watched": [], "headless": []}
    for turn in range(TURNS):
        for side in sorted(taken, reverse=bool(turn % 2)):
            taken[side].append(apart("watching", side))
    median = {side: [statistics.median(turn[n] for turn in turns) for n in (0, 1)] for side, turns in taken.items()}
    spread = ", ".join(f"{side} {min(turns)[0]:.2f} to {max(turns)[0]:.2f} s" for side, turns in taken.items())
    shares = ", ".join(f"{side} {busy:.2f} s of processors" for side, (_, busy) in median.items())
    share = statistics.median((busy / seconds) for seconds, busy in taken["watched"]) / (os.cpu_count() or 1)
    return [
        {"name": f"cost of watching, {TEMPLATE}", "value": median["watched"][0] / median["headless"][0], "bound": 1.05,
         "unit": "x", "note": f"medians of {TURNS}: {spread}"},
        {"name": "the machine's share the window takes", "value": share, "bound": 0.05, "unit": "", "note": shares}]


def watched() -> tuple[float, float]:
    """Seconds of training with the window open and its Train page in sight, and processor seconds of the window meanwhile."""
    meter = Meter()
    with window(TEMPLATE) as shown:
        runs = shown.pages.runs
        runs.message.connect(meter.take)
        runs.train()
        until(lambda: not runs.busy)
        page: Any = shown.workbench.pages["Train"]
        if runs.run is None or runs.state != "finished" or not page.isVisible() or not len(page.record.raw):
            raise RuntimeError("The training was not watched to its end.")
        return _trained(runs.run.path), meter.busy


def headless() -> tuple[float, float]:
    """The same with nobody but the client listening."""
    box, spares, meter = Mailbox(), SpareWorkers(), Meter()
    run = RunFolder.create(next_folder(TEMPLATE), paths.template(TEMPLATE), document_folder=str(Path.home()))
    try:
        if not spares.prepare():
            raise RuntimeError("There is too little memory for a warm worker.")
        client = spares.take(box.put, box.put_end)
        _hear(box, Warm, meter)
        client.send(Train(run=str(run.path), document_folder=str(Path.home())))
        _hear(box, End, meter)
    finally:
        spares.close()
    return _trained(run.path), meter.busy


class Meter:
    """Processor seconds of this process from the start of the training to the end of its newest epoch."""

    def __init__(self) -> None:
        self.began = self.busy = 0.0

    def take(self, message: Message | End) -> None:
        """One message of the worker."""
        if isinstance(message, Started):
            self.began = time.process_time()
        elif isinstance(message, Epoch):
            self.busy = time.process_time() - self.began


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
