"""The mailbox a window drains, and workers kept ready."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from graph_compiler.messages import Done, Evaluate, Hello, Log, Warm
from graph_compiler.worker.ending import End
from graph_compiler.worker.mailbox import Mailbox
from graph_compiler.worker.spare import SpareWorkers
from tests.worker.conftest import PATIENCE, QUICK, ROGUE

GOOD = [sys.executable, str(ROGUE), "good"]


@pytest.fixture
def workers():
    spares = SpareWorkers(GOOD, QUICK, room=lambda: True)
    yield spares
    spares.close()


def take(workers: SpareWorkers) -> tuple:
    box = Mailbox()
    return box, workers.take(box.put, box.put_end)


def until(box: Mailbox, kind: type) -> object:
    while (item := box.get(PATIENCE)) is not None:
        if isinstance(item, kind):
            return item
    raise AssertionError(f"no {kind.__name__}")


def test_a_box_tells_once_that_it_is_full_and_keeps_the_order():
    told: list[int] = []
    box = Mailbox(lambda: told.append(1))
    for number in range(1000):
        box.put(Log(text=str(number)))
    assert told == [1]
    assert [m.text for m in box.drain(10)] == [str(n) for n in range(10)]
    assert len(box.drain()) == 990
    box.put(Log(text="again"))
    assert told == [1, 1]


def test_waiting_for_a_message_ends_when_one_comes():
    box = Mailbox()
    threading.Timer(0.05, box.put, (Log(text="late"),)).start()
    assert box.get(PATIENCE).text == "late"
    assert box.get(0.01) is None


def test_the_spare_is_handed_out_with_its_greeting_and_does_the_job(workers):
    assert workers.prepare() and workers.prepare()
    ready = workers.spare
    box, worker = take(workers)
    assert worker is ready and workers.spare is None
    until(box, Hello)
    until(box, Warm)
    worker.send(Evaluate(run="x"))
    until(box, Done)
    assert until(box, End).ok


def test_without_a_spare_a_cold_worker_is_started(workers):
    box, worker = take(workers)
    until(box, Warm)
    assert worker.alive


def test_a_spare_that_died_is_not_handed_out(workers):
    workers.prepare()
    dead = workers.spare
    dead.kill()
    assert dead.wait(PATIENCE) is not None
    box, worker = take(workers)
    assert worker is not dead
    until(box, Warm)


def test_no_spare_is_started_when_memory_is_short():
    spares = SpareWorkers(GOOD, QUICK, room=lambda: False)
    assert not spares.prepare() and spares.spare is None
    spares.close()


def test_closing_ends_all_workers_and_removes_their_folder(workers):
    workers.prepare()
    box, worker = take(workers)
    until(box, Warm)
    workers.prepare()
    spare = workers.spare
    folder: Path = worker.folder
    assert folder.is_dir() and folder == spare.folder
    workers.close()
    assert not worker.alive and not spare.alive and not folder.exists()
