"""Requests as they come, read in a thread of their own so that Pause and Stop get through while a job is at work."""

from __future__ import annotations

import os
import queue
import sys
import threading
from typing import IO

import msgspec

from graph_compiler.messages import (
    Evaluate,
    Export,
    Fetch,
    Job,
    Log,
    Miniatures,
    Pause,
    Predict,
    Probe,
    Quit,
    Request,
    Resume,
    Stop,
    Train,
    Verify,
)
from graph_compiler.trainers.session import Control
from graph_compiler.worker.lines import TooLong, Torn, lines
from graph_compiler.worker.pipes import Outbox
from graph_compiler.worker.protocol import LONGEST_LINE, decode_request

ORPHAN_SECONDS = 30.0
"""So long a job may take to save what it has when the client is gone."""
JOBS = (Train, Evaluate, Predict, Export, Verify, Fetch, Probe)


class Inbox:
    """Jobs go to `next`, everything else to `control` at once."""

    def __init__(self, pipe: IO[bytes], outbox: Outbox) -> None:
        self.control = Control()
        self._pipe, self._outbox = pipe, outbox
        self._jobs: queue.Queue[Job | None] = queue.Queue()
        self._busy = threading.Event()

    def start(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._read, name="requests", daemon=True).start()

    def next(self) -> Job | None:
        """The next job, waiting for it. None when there will be none."""
        return self._jobs.get()

    def _read(self) -> None:
        try:
            for line in lines(self._pipe, LONGEST_LINE):
                try:
                    self._take(decode_request(line))
                except msgspec.MsgspecError as error:
                    self._outbox.send(Log(text=f"A request was not understood: {error}", level="error"))
        except (TooLong, Torn, OSError) as error:
            sys.stderr.write(f"The pipe of requests broke: {error!r}\n")
        self._orphaned()

    def _take(self, request: Request) -> None:
        match request:
            case Pause():
                self.control.set("pause")
            case Resume():
                self.control.set("")
            case Stop(keep=keep):
                self.control.set("stop" if keep else "drop")
                self._jobs.put(None)
            case Quit():
                self._jobs.put(None)
            case Miniatures(on=on, watch=watch):
                self.control.miniatures, self.control.watch = on, watch
            case _:
                self._busy.set()
                self._jobs.put(request)

    def _orphaned(self) -> None:
        """Nobody listens any more: let a job save what it has, then go."""
        self.control.set("stop")
        self._jobs.put(None)
        if self._busy.is_set():
            timer = threading.Timer(ORPHAN_SECONDS, os._exit, (1,))
            timer.daemon = True
            timer.start()
        else:
            os._exit(0)
