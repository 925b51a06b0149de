"""Messages on their way to whoever reads them in its own time, such as a window: put from threads, drained at leisure."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from graph_compiler.messages import Message
from graph_compiler.worker.ending import End


class Mailbox:
    """Give `put` and `put_end` to a client. `ready` is called once each time the box stops being empty, from any thread."""

    def __init__(self, ready: Callable[[], None] | None = None) -> None:
        self._items: deque[Message | End] = deque()
        self._state = threading.Condition()
        self._ready = ready

    def put(self, message: Message) -> None:
        """Take a message in."""
        self._put(message)

    def put_end(self, end: End) -> None:
        """Take the end in."""
        self._put(end)

    def _put(self, item: Message | End) -> None:
        with self._state:
            was_empty = not self._items
            self._items.append(item)
            self._state.notify_all()
        if was_empty and self._ready is not None:
            self._ready()

    def drain(self, most: int | None = None) -> list[Message | End]:
        """Everything that came since, oldest first, at most `most`."""
        with self._state:
            count = len(self._items) if most is None else min(most, len(self._items))
            return [self._items.popleft() for _ in range(count)]

    def get(self, timeout: float | None = None) -> Message | End | None:
        """The next one, waiting for it. None when nothing came in time."""
        with self._state:
            self._state.wait_for(lambda: bool(self._items), timeout)
            return self._items.popleft() if self._items else None
