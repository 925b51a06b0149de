"""The real window with a real worker, offscreen, as benchmarks drive it; each measurement in a process of its own.

A process of its own has no TensorFlow from other benchmarks in it, and its first plot is a first plot.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.window import MainWindow

ROOT = Path(__file__).parents[2]
PATIENCE = 600.0
"""Seconds a measurement may take at most."""


def apart(module: str, name: str) -> Any:
    """What the function `name` of a benchmark gives, as JSON tells it, in a new process with an empty user's folder."""
    script = f"import json; from tests.benchmarks.{module} import {name} as work; print(); print(json.dumps(work()))"
    with tempfile.TemporaryDirectory() as home:
        places = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"), home)
        environment = {**os.environ, **places, "QT_QPA_PLATFORM": "offscreen"}
        environment.pop("NETLOOM_NO_SPARE", None)
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True,
                              timeout=PATIENCE, check=False)
    if done.returncode or not done.stdout.strip():
        raise RuntimeError(f"{module}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def until(true: Callable[[], bool], seconds: float = 120.0, look_every: int = 20) -> None:
    """Let events come until something is true. RuntimeError when it does not become so in time."""
    from PySide6.QtCore import QDeadlineTimer, QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    deadline, tick = QDeadlineTimer(int(seconds * 1000)), QTimer()
    tick.start(look_every)  # wakes the loop; what is waited for may be nobody's event
    while not true():
        if deadline.hasExpired():
            raise RuntimeError(f"It did not come within {seconds:g} s.")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


@contextmanager
def window(template: str) -> Iterator[MainWindow]:
    """The window, shown, with a template and a warm spare worker. It is closed at the end with its workers."""
    from PySide6.QtWidgets import QApplication

    from app.settings import Settings
    from app.window import MainWindow
    from widgets.style import apply

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    apply(application)
    shown = MainWindow(Settings(theme="light"))
    try:
        shown.resize(1600, 1000)
        shown.show()
        shown.open_template(template)
        until(lambda: shown.services.spares.spare is not None and shown.services.spares.spare.warm)
        until(lambda: shown.pages.settled)
        yield shown
    finally:
        shown.shut_down()
