"""Workers under test, all of them ended when the test is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph_compiler.messages import Message
from graph_compiler.worker.client import Limits, WorkerClient
from graph_compiler.worker.ending import End
from graph_compiler.worker.mailbox import Mailbox

ROGUE = Path(__file__).with_name("rogue.py")
PATIENCE = 60.0
QUICK = Limits(silence=0.2, ask=0.3, terminate=0.3, drain=1.0)


class Worker:
    """A client with everything it heard."""

    def __init__(self, folder: Path, line: list[str] | None, limits: Limits) -> None:
        self.box = Mailbox()
        self.heard: list[Message] = []
        self.client = WorkerClient(self.box.put, self.box.put_end, folder, line=line, limits=limits)

    def until(self, kind: type, timeout: float = PATIENCE) -> Message | End:
        """The next message of a kind, or the end. Fails when neither comes."""
        while (item := self.box.get(timeout)) is not None:
            if isinstance(item, End):
                self.end = item
                assert kind is End, f"it ended: {item}"
                return item
            self.heard.append(item)
            if isinstance(item, kind):
                return item
        raise AssertionError(f"no {kind.__name__} came; heard {self.heard[-5:]}")

    def said(self, kind: type) -> list[Message]:
        """What was heard of a kind."""
        return [m for m in self.heard if isinstance(m, kind)]


@pytest.fixture
def started(tmp_path) -> Iterator[Callable[..., Worker]]:
    """Start a real worker, or a rogue one by the name of its misbehaviour."""
    workers: list[Worker] = []

    def start(rogue: str = "", limits: Limits = QUICK) -> Worker:
        line = [sys.executable, str(ROGUE), rogue] if rogue else None
        worker = Worker(tmp_path, line, limits if rogue else Limits())
        workers.append(worker)
        worker.client.start()
        return worker

    yield start
    for worker in workers:
        worker.client.kill()
        assert worker.client.wait(PATIENCE) is not None
