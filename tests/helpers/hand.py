"""`python -m tests.helpers.hand edit|look FILE`: the real program in a process of its own, with a hand at its keys.

`edit` steps the units of the layer `dense` up, one key press after the other at a fixed rate, saves now and then, and prints
a line of JSON for each until it is killed. `look` opens the program after that, takes back what it offers, prints what a
person finds, and ends.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import start
from app.journal import Journal
from app.paths import user_data
from app.recovery import FOLDER, RESTORE
from app.settings import Settings, load_settings, save_settings
from app.window import MainWindow
from tests.helpers.answering import Answers
from tests.helpers.canvas import wait
from widgets.inspector.number import NumberField

EVERY = 25
"""Milliseconds between two edits."""
SAVES = 12
"""Edits between two savings."""
LAYER = "dense"


class Clock:
    """The longest time the journal has taken of the GUI thread in one go, ms: of the processor, and on the wall."""

    def __init__(self) -> None:
        self.longest = self.wall = 0.0
        for name in ("touch", "_write", "_written"):
            setattr(Journal, name, self._timed(getattr(Journal, name)))

    def _timed(self, method: Callable[..., object]) -> Callable[..., None]:
        def timed(*args: Any) -> None:
            wall, processor = time.perf_counter(), time.thread_time()
            method(*args)
            self.longest = max(self.longest, (time.thread_time() - processor) * 1e3)
            self.wall = max(self.wall, (time.perf_counter() - wall) * 1e3)

        return timed


def tell(**words: object) -> None:
    """A line for whoever has started this process."""
    print(json.dumps(words), flush=True)


def units(window: MainWindow) -> int:
    """What a person finds in front."""
    return int(window.document.document.graph.nodes[LAYER].params["units"])


class Hand:
    """Waits for the window, then edits in it."""

    def __init__(self) -> None:
        self._clock = Clock()
        self._window: MainWindow | None = None
        self._field: NumberField | None = None
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(EVERY)

    def _beat(self) -> None:
        if self._field is None:
            self._look_for_field()
            return
        QTest.keyClick(self._field, Qt.Key.Key_Up)
        assert self._window is not None
        number = units(self._window)
        tell(edit=number, at=time.time(), journal=self._clock.longest, wall=self._clock.wall)
        if number % SAVES == 0:
            tell(saving=number)
            QTest.keyClick(self._window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
            assert self._window.document.undo_stack.isClean()

    def _look_for_field(self) -> None:
        windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()]
        if not windows or windows[0].document.path is None:
            return
        self._window = windows[0]
        self._window.activateWindow()
        self._window.canvas.select([LAYER])
        fields = self._window.inspector.page.findChildren(NumberField)
        self._field = next(field for field in fields if field.accessibleName() == "units")
        self._field.setFocus(Qt.FocusReason.TabFocusReason)


def edit(file: Path) -> int:
    """The program as it is started with a file."""
    save_settings(Settings(theme="light", toured=True))
    app = QApplication([])
    hand = Hand()
    code = start.main(str(file))
    del hand, app
    return code


def look(file: Path) -> int:
    """The program as it is started the next day: take back what it offers, open the file when it offers nothing."""
    app = QApplication([])
    window = MainWindow(load_settings())
    window.show()
    answers, offered = Answers(), window.recovery.journals.left_behind()
    window.recovery.journals.leave()
    if offered:
        answers(RESTORE)
    window.recovery.offer()
    if not offered:
        window.open(file)
    there = window.document.path == file
    wait(lambda: len(list((user_data() / FOLDER).glob("*/"))) <= 1, 20_000)
    tell(units=units(window), offered=answers.words, there=there, dirty=not window.document.undo_stack.isClean())
    window.shut_down()
    app.processEvents()
    return 0


if __name__ == "__main__":
    sys.exit({"edit": edit, "look": look}[sys.argv[1]](Path(sys.argv[2])))
