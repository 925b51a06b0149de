"""What watching costs: digits-cnn trained by a warm worker on all cores, with the window plotting it and without a window.

Both sides give the same job to the same kind of process; the seconds are those of the epochs in the run's own history.
"""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from tests.benchmarks.watched import apart, until, window

TURNS = 5
TEMPLATE = "digits-cnn"


def run() -> list[dict[str, Any]]:
    """Ratio of the medians of `TURNS` trainings a side, turn by turn."""
    taken: dict[str, list[float]] = {"watched": [], "headless": []}
    for turn in range(TURNS):
        for side in sorted(taken, reverse=bool(turn % 2)):
            taken[side].append(apart("watching", side))
    watched, headless = (statistics.median(taken[side]) for side in ("watched", "headless"))
    spread = ", ".join(f"{side} {min(taken[side]):.2f} to {max(taken[side]):.2f}" for side in taken)
    return [{"name": f"cost of watching, {TEMPLATE}", "value": watched / headless, "bound": 1.05, "unit": "x",
             "note": f"{watched:.2f} s, headless {headless:.2f} s, median of {TURNS} ({spread})"}]


def watched() -> float:
    """Seconds of training with the window open and its Train page in sight."""
    with window(TEMPLATE) as shown:
        shown.pages.runs.train()
        until(lambda: not shown.pages.runs.busy)
        page = shown.workbench.pages["Train"]
        if shown.pages.runs.state != "finished" or not page.isVisible() or not len(page.record.raw):
            raise RuntimeError("The training was not watched to its end.")
        return _trained(shown.pages.runs.run.path)


def headless() -> float:
    """Seconds of training with nobody but the client listening."""
    from app import paths
    from graph_compiler.messages import Train, Warm
    from graph_compiler.runs.folder import RunFolder
    from graph_compiler.runs.listing import next_folder
    from graph_compiler.worker.ending import End
    from graph_compiler.worker.mailbox import Mailbox
    from graph_compiler.worker.spare import SpareWorkers

    box, spares = Mailbox(), SpareWorkers()
    run = RunFolder.create(next_folder(TEMPLATE), paths.template(TEMPLATE), document_folder=str(Path.home()))
    try:
        if not spares.prepare():
            raise RuntimeError("There is too little memory for a warm worker.")
        client = spares.take(box.put, box.put_end)
        while not isinstance(box.get(120), Warm):
            if client.end is not None:
                raise RuntimeError(client.end.sentence)
        client.send(Train(run=str(run.path), document_folder=str(Path.home())))
        while not isinstance(item := box.get(300), End):
            if item is None:
                raise RuntimeError("The worker says nothing any more.")
    finally:
        spares.close()
    return _trained(run.path)


def _trained(folder: Path) -> float:
    """The seconds of all epochs of a finished run."""
    from graph_compiler.runs.folder import RunFolder

    run = RunFolder.open(folder)
    if run.record.state != "finished":
        raise RuntimeError(f"The run is {run.record.state}: {run.record.reason}")
    return sum(row["seconds"] for row in run.history.read())
