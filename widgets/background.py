"""Work off the GUI thread: one daemon thread, one piece after another, answers in the GUI thread."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

Work = Callable[[], Any]


class Background(QObject):
    """`run` starts work; what it brings is told by `done` or `failed` (an exception).

    With `newest_only`, a new piece makes the window forget those before it.
    """

    done = Signal(object)
    failed = Signal(object)
    _answer = Signal(int, bool, object)

    def __init__(self, parent: QObject | None = None, newest_only: bool = True) -> None:
        super().__init__(parent)
        self._newest_only = newest_only
        self._first = self._ticket = 0
        """Answers to tickets from `_first` on are told."""
        self._busy = False
        self._queue: queue.SimpleQueue[tuple[int, Work] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._answer.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._busy

    def run(self, work: Work) -> None:
        """Start; what is still waiting or under way is forgotten."""
        self._ticket += 1
        if self._newest_only:
            self._first = self._ticket
        self._busy = True
        if self._thread is None:
            self._thread = threading.Thread(target=self._loop, args=(self._queue,), name="background", daemon=True)
            self._thread.start()
        self._queue.put((self._ticket, work))

    def forget(self) -> None:
        """Tell nothing of what is under way."""
        self._ticket += 1
        self._first = self._ticket
        self._busy = False

    def wait(self, seconds: float = 10.0) -> None:
        """End the thread when its piece of work is done (when the owner goes away)."""
        self.forget()
        thread, self._thread = self._thread, None
        if thread is not None:
            self._queue.put(None)
            thread.join(seconds)
            self._queue = queue.SimpleQueue()

    def _loop(self, tasks: queue.SimpleQueue[tuple[int, Work] | None]) -> None:
        while (task := tasks.get()) is not None:
            ticket, work = task
            if ticket < self._first:
                continue
            try:
                answer, good = work(), True
            except Exception as error:  # every way it can fail is told to the owner
                answer, good = error, False
            try:
                self._answer.emit(ticket, good, answer)
            except RuntimeError:  # the owner is gone
                return

    def _take(self, ticket: int, good: bool, answer: object) -> None:
        if ticket >= self._first:
            self._busy = self._busy and ticket < self._ticket
            (self.done if good else self.failed).emit(answer)
