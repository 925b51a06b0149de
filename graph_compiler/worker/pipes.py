"""The worker's own ends of the pipes, taken over before anything else can print or read."""

from __future__ import annotations

import os
import sys
import threading
from typing import IO

from graph_compiler.messages import Message
from graph_compiler.worker.protocol import encode


class Outbox:
    """Messages to the client, whole lines from any thread. A client that is gone is no error: the job decides what to do."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._lock = threading.Lock()
        self.broken = False

    def send(self, message: Message) -> None:
        """Send a message."""
        line = memoryview(encode(message))
        with self._lock:
            try:
                while line and not self.broken:
                    line = line[os.write(self._handle, line):]
            except OSError:
                self.broken = True


def take_over_output() -> Outbox:
    """Keep a private duplicate of fd 1 for messages and point fd 1 at stderr, for Python, C and children alike."""
    private = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return Outbox(private)


def take_over_input() -> IO[bytes]:
    """Keep a private duplicate of fd 0 for requests and leave nothing to read to libraries and children."""
    private = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return os.fdopen(private, "rb", buffering=0)
