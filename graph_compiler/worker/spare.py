"""A worker kept ready: started ahead at low priority, TensorFlow imported, no device touched, not when memory is short."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from graph_compiler.messages import Message
from graph_compiler.runs.environment import memory
from graph_compiler.worker.client import Limits, WorkerClient
from graph_compiler.worker.ending import End

NEEDED = 2 * 10**9
"""Bytes of free memory without which no spare is started (one takes about 0.6 GB, a job more)."""


def enough_memory() -> bool:
    """Whether a spare may be started; yes where the system does not say."""
    total, free = memory()
    return not total or not free or free >= NEEDED


class SpareWorkers:
    """Hands out workers. `prepare` starts the spare; `take` gives it away (or a cold one) and the next `prepare` another.

    One folder, empty and our own, is the working directory of all of them. `close` ends the spare and removes it.
    """

    def __init__(self, line: list[str] | None = None, limits: Limits | None = None,
                 room: Callable[[], bool] = enough_memory) -> None:
        self._line, self._limits, self._room = line, limits, room
        self._folder = Path(tempfile.mkdtemp(prefix="netloom-worker-"))
        self._lock = threading.Lock()
        self._spare: WorkerClient | None = None
        self._given: list[WorkerClient] = []

    @property
    def spare(self) -> WorkerClient | None:
        """The worker in waiting."""
        return self._spare

    def prepare(self) -> bool:
        """Have a spare. False when there is none because memory is short."""
        with self._lock:
            if self._spare is not None and self._spare.alive:
                return True
            if not self._room():
                return False
            self._spare = self._made(spare=True)
            self._spare.start()
            return True

    def take(self, on_message: Callable[[Message], None], on_end: Callable[[End], None]) -> WorkerClient:
        """A worker for a job: the spare if it lives, else a cold one. It reports to these from now on, Hello first."""
        with self._lock:
            spare, self._spare = self._spare, None
            if spare is not None and spare.alive:
                worker = spare
                worker.adopt(on_message, on_end)
            else:
                worker = self._made(spare=False)
                worker.adopt(on_message, on_end)
                worker.start()
            self._given = [w for w in self._given if w.end is None] + [worker]
            return worker

    def close(self, timeout: float = 5.0) -> None:
        """End the spare and everything that was handed out, and remove the folder."""
        with self._lock:
            workers = [w for w in (self._spare, *self._given) if w is not None and w.alive]
            self._spare, self._given = None, []
        for worker in workers:
            worker.kill()
        for worker in workers:
            worker.wait(timeout)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _made(self, spare: bool) -> WorkerClient:
        return WorkerClient(_unheard, _unheard, self._folder, line=self._line, limits=self._limits, spare=spare)


def _unheard(_: object) -> None:
    """Nobody listens to a spare."""
