"""An export that outlives its worker: a converter that dies or hangs costs one file, and a fresh process makes the rest.

`ExportWorkers.take` gives what `SpareWorkers.take` gives, so whoever runs jobs runs an export in the same way.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from graph_compiler.messages import Done, Export, Failed, Job, Message, Proof, Request, Stage
from graph_compiler.runs.folder import RunFolder
from graph_compiler.worker.client import WorkerClient
from graph_compiler.worker.ending import End, Rung
from graph_compiler.worker.spare import SpareWorkers

LONGEST = 600.0
"""Seconds that one stage of one file may take."""
GRACE = 3.0
"""Seconds a worker has for ending by itself when an export is cancelled: inside a converter it does not hear."""
OVER = ("proven", "failed")


class Course:
    """How far an export is: which files are settled, which is being made."""

    def __init__(self, request: Export) -> None:
        self.request = request
        self.settled: list[tuple[str, str]] = list(request.skip)
        self.current: tuple[str, str] | None = None
        self.made: list[dict[str, Any]] = []
        """Rows of the proof table, of all workers."""
        self.broken: list[dict[str, Any]] = []
        """Files whose converter took the worker with it, as the job tells failures."""

    @property
    def folder(self) -> Path:
        """Where the files go."""
        return Path(self.request.out) if self.request.out else RunFolder(Path(self.request.run)).exports

    def hear(self, message: Proof) -> None:
        """One file went a stage further."""
        place = (message.part, message.format)
        if message.state in OVER:
            self.settled.append(place)
            self.current = None
            self.made += [dict(message.row)] if message.row else []
        else:
            self.current = place

    def broke(self, hung: bool, limit: float) -> Proof:
        """The worker is gone: what to tell of the file it was at."""
        assert self.current is not None
        part, name = self.current
        did = f"did not come back within {limit:g} seconds" if hung else "crashed"
        words = f"The converter {did} on this model (target {name}). The other files are unaffected."
        self.broken.append({"format": name, "part": part, "problem": words, "node": ""})
        proof = Proof(format=name, part=part, state="failed", problem=words)
        self.hear(proof)
        return proof

    def rest(self) -> Export:
        """The request for what is left."""
        return msgspec.structs.replace(self.request, skip=tuple(dict.fromkeys(self.settled)))

    def result(self, done: Done) -> Done:
        """The result of the last worker, with what others made and what broke them."""
        return Done(result={**done.result, "exports": self.made, "failed": [*self.broken, *done.result.get("failed", ())]})

    def clean(self) -> None:
        """Take away drafts that a killed worker left."""
        with contextlib.suppress(OSError):
            for draft in self.folder.glob(".*.partial*"):
                with contextlib.suppress(OSError):
                    if draft.is_dir():
                        shutil.rmtree(draft, ignore_errors=True)
                    else:
                        draft.unlink()


class ExportClient:
    """One export over as many workers as it needs; told and stopped like a `WorkerClient`."""

    def __init__(self, spares: SpareWorkers, on_message: Callable[[Message], None], on_end: Callable[[End], None],
                 longest: float) -> None:
        self._spares, self._on_message, self._on_end, self._longest = spares, on_message, on_end, longest
        self._course: Course | None = None
        self._lock = threading.Lock()
        self._stopping = self._hung = False
        self._alarm: threading.Timer | None = None
        self._grace: threading.Timer | None = None
        self.end: End | None = None
        self._worker = spares.take(self._hear, self._over)

    @property
    def warm(self) -> bool:
        """Whether TensorFlow is imported in the present worker."""
        return self._worker.warm

    @property
    def alive(self) -> bool:
        """Whether the export goes on."""
        return self.end is None

    @property
    def pid(self) -> int:
        """The process of the present worker."""
        return self._worker.pid

    @property
    def job(self) -> Job | None:
        """What is made."""
        return self._course.request if self._course is not None else None

    def send(self, request: Request) -> bool:
        """Begin with an export, or pass on another request."""
        if isinstance(request, Export):
            self._course = Course(request)
            self._watch()
        return self._worker.send(request)

    def stop(self, keep: bool = True) -> None:
        """Cancel: what is proven stays, what is half written goes."""
        with self._lock:
            self._stopping = True
            worker = self._worker
        worker.stop(keep=False)
        self._grace = self._timer(GRACE, worker.kill)

    def quit(self) -> None:
        """End the worker."""
        self.stop(keep=False)

    def kill(self) -> None:
        """End it at once."""
        with self._lock:
            self._stopping = True
            worker = self._worker
        worker.kill()

    def wait(self, timeout: float | None = None) -> End | None:
        """Wait for the end of the present worker."""
        return self._worker.wait(timeout)

    # What the workers say.

    def _hear(self, message: Message) -> None:
        if isinstance(message, Proof) and self._course is not None:
            self._course.hear(message)
            self._watch()
        elif isinstance(message, Stage):
            self._watch()
        elif isinstance(message, Done) and self._course is not None:
            message = self._course.result(message)
        self._on_message(message)

    def _over(self, end: End) -> None:
        self._still(self._alarm)
        course = self._course
        if course is not None and not end.answered:
            course.clean()
        with self._lock:
            going_on = course is not None and course.current is not None and not end.answered and not self._stopping
            hung, self._hung = self._hung, False
        if going_on:
            assert course is not None
            self._on_message(course.broke(hung, self._longest))
            self._begin_again(course)
            return
        self._still(self._grace)
        if course is not None and self._stopping and not end.answered:
            self._on_message(Failed(code="cancelled", sentence="The export was cancelled. Files that were proven are there."))
            end = End(Rung.ASK, end.exit_code, "", True, end.tail)
        self.end = end
        self._on_end(end)

    def _begin_again(self, course: Course) -> None:
        """A fresh worker for the rest."""
        worker = self._spares.take(self._hear, self._over)
        with self._lock:
            self._worker = worker
            stopped = self._stopping
        if stopped:
            worker.kill()
        else:
            self._watch()
            worker.send(course.rest())

    # Time.

    def _watch(self) -> None:
        """Wait anew for the next sign of progress."""
        self._still(self._alarm)
        self._alarm = self._timer(self._longest, self._give_up)

    def _give_up(self) -> None:
        with self._lock:
            self._hung = True
            worker = self._worker
        worker.kill()

    @staticmethod
    def _timer(seconds: float, task: Callable[[], None]) -> threading.Timer:
        timer = threading.Timer(seconds, task)
        timer.daemon = True
        timer.start()
        return timer

    @staticmethod
    def _still(timer: threading.Timer | None) -> None:
        if timer is not None:
            timer.cancel()


class ExportWorkers:
    """Hands out clients that make a whole export."""

    def __init__(self, spares: SpareWorkers, longest: float = LONGEST) -> None:
        self._spares, self._longest = spares, longest

    def take(self, on_message: Callable[[Message], None], on_end: Callable[[End], None]) -> ExportClient:
        """A client for one export."""
        return ExportClient(self._spares, on_message, on_end, self._longest)


Client = WorkerClient | ExportClient
"""What runs a job."""
