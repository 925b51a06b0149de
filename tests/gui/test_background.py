"""Work off the GUI thread, and collection in it."""

from __future__ import annotations

import gc
import threading

from widgets.background import Background
from widgets.collector import GuiCollector


def test_every_answer_is_told_when_asked_to(qtbot):
    background, told = Background(newest_only=False), []
    background.done.connect(told.append)
    for number in range(5):
        background.run(lambda number=number: number)
    assert background.busy
    qtbot.waitUntil(lambda: told == [0, 1, 2, 3, 4])
    assert not background.busy
    background.wait()


def test_answers_come_in_the_gui_thread(qtbot):
    background, threads = Background(), []
    background.done.connect(lambda worker: threads.append((worker, threading.get_ident())))
    background.run(threading.get_ident)
    qtbot.waitUntil(lambda: bool(threads))
    worker, receiver = threads[0]
    assert receiver == threading.get_ident() != worker
    background.wait()


def test_what_was_forgotten_is_not_told(qtbot):
    background, gate, told = Background(), threading.Event(), []
    background.done.connect(told.append)
    background.run(lambda: gate.wait(5))
    background.forget()
    gate.set()
    background.wait()
    qtbot.wait(50)
    assert told == []


def test_cycles_are_collected_by_the_timer_only(qtbot, qapp):
    collector = GuiCollector(qapp)
    assert not gc.isenabled()

    class Knot:
        freed = 0

        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            Knot.freed += 1

    gc.collect()
    for _ in range(3000):
        Knot()
    assert Knot.freed == 0
    collector.look()
    qtbot.waitUntil(lambda: Knot.freed == 3000, timeout=5000)
    collector.deleteLater()
