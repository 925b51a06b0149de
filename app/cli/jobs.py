"""Jobs of the command line: one request, one worker, until its end; Ctrl+C stops and keeps, twice kills."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any

from graph_compiler.messages import Answer, Done, Failed, Job, Message
from graph_compiler.worker.ending import End
from graph_compiler.worker.exporting import Client, ExportWorkers
from graph_compiler.worker.mailbox import Mailbox
from graph_compiler.worker.spare import SpareWorkers

TICK = 0.2
"""Seconds between two looks at whether Ctrl+C was pressed."""


@dataclass(frozen=True)
class Outcome:
    """How a job ended. `result` has what Done said, and `answers`; `failed` is None when all is well."""

    result: dict[str, Any] | None
    failed: Failed | None
    end: End

    @property
    def ok(self) -> bool:
        """Whether the job did what it was asked to."""
        return self.failed is None


class Interrupts(AbstractContextManager["Interrupts"]):
    """Counts Ctrl+C (and requests to terminate) instead of dying of them. `told` is called at the first and the second."""

    def __init__(self, told: Callable[[int], None]) -> None:
        self.count = 0
        self._served = 0
        self._told = told
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Interrupts:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._caught)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _caught(self, number: int, frame: FrameType | None) -> None:
        self.count += 1

    def serve(self, worker: Client) -> None:
        """Pass on to the worker what was pressed since the last look."""
        while self._served < min(self.count, 2):
            self._served += 1
            self._told(self._served)
            if self._served == 1:
                worker.stop(keep=True)
            else:
                worker.kill()


def work(job: Job, workers: SpareWorkers | ExportWorkers, interrupts: Interrupts,
         hear: Callable[[Message], None]) -> Outcome:
    """Give a job to a worker and hear it to its end. A worker that answers predictions is ended after its answer."""
    box = Mailbox()
    worker = workers.take(box.put, box.put_end)
    worker.send(job)
    result: dict[str, Any] | None = None
    failed: Failed | None = None
    while True:
        item = box.get(TICK)
        interrupts.serve(worker)
        match item:
            case End():
                break
            case Done():
                result = {**item.result, **(result or {})}
            case Failed():
                failed = item
            case Answer():
                result = {"answers": item.answers}
                worker.quit()
        if item is not None:
            hear(item)
    return Outcome(result, failed or _unanswered(item, result), item)


def _unanswered(end: End, result: dict[str, Any] | None) -> Failed | None:
    """The failure of a worker that ended without an answer."""
    if result is not None:
        return None
    return Failed(code="ended", sentence=end.sentence or "The worker ended before it was done.", detail="\n".join(end.tail))
