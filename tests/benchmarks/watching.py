"""What watching costs: digits-cnn trained by a warm worker on all cores, with the window plotting it and without a window.

Both sides give the same job to the same kind of process; the seconds are those of the epochs in the run's own history.
The note adds what the listening process itself used of one processor from the start of the job to its end: it is steadier
than the clock where others use the machine.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

from app import paths
from graph_compiler.messages import Train, Warm
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
    watched, headless = (statistics.median(seconds for seconds, _ in taken[side]) for side in ("watched", "headless"))
    spread = ", ".join(f"{side} {min(turns)[0]:.2f} to {max(turns)[0]:.2f} s using {statistics.median(b for _, b in turns):.2f} s "
                       "of a processor" for side, turns in taken.items())
    return [{"name": f"cost of watching, {TEMPLATE}", "value": watched / headless, "bound": 1.05, "unit": "x",
             "note": f"{watched:.2f} s, headless {headless:.2f} s, median of {TURNS} ({spread})"}]


def watched() -> tuple[float, float]:
    """Seconds of training with the window open and its Train page in sight, and processor seconds of the window meanwhile."""
    with window(TEMPLATE) as shown:
        worked = time.process_time()
        shown.pages.runs.train()
        until(lambda: not shown.pages.runs.busy)
        worked = time.process_time() - worked
        page = shown.workbench.pages["Train"]
        if shown.pages.runs.state != "finished" or not page.isVisible() or not len(page.record.raw):
            raise RuntimeError("The training was not watched to its end.")
        return _trained(shown.pages.runs.run.path), worked


def headless() -> tuple[float, float]:
    """The same with nobody but the client listening."""
    box, spares = Mailbox(), SpareWorkers()
    run = RunFolder.create(next_folder(TEMPLATE), paths.template(TEMPLATE), document_folder=str(Path.home()))
    try:
        if not spares.prepare():
            raise RuntimeError("There is too little memory for a warm worker.")
        client = spares.take(box.put, box.put_end)
        _hear(box, Warm)
        worked = time.process_time()
        client.send(Train(run=str(run.path), document_folder=str(Path.home())))
        _hear(box, End)
        worked = time.process_time() - worked
    finally:
        spares.close()
    return _trained(run.path), worked


def _hear(box: Mailbox, kind: type) -> None:
    """Take messages until one of a kind comes. RuntimeError when the worker ends or falls silent before."""
    while not isinstance(item := box.get(PATIENCE), kind):
        if item is None or isinstance(item, End):
            raise RuntimeError(item.sentence if item else "The worker says nothing any more.")


def _trained(folder: Path) -> float:
    """The seconds of all epochs of a finished run."""
    run = RunFolder.open(folder)
    if run.record.state != "finished":
        raise RuntimeError(f"The run is {run.record.state}: {run.record.reason}")
    return sum(row["seconds"] for row in run.history.read())
