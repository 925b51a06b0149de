"""From process start to the first painted window, against a bare script that imports Qt and pyqtgraph and shows nothing.

Real processes, turn by turn, each with an empty settings folder. Both have their bytecode ready, as after an installation,
in one folder of the benchmark, whatever the surroundings say about writing it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

TURNS = 5
ROOT = Path(__file__).parents[2]
FOREIGN = ("tensorflow", "keras")
_PAINTED = """
import json, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

def watch(kind):
    def paintEvent(self, event):
        super(kind, self).paintEvent(event)
        if not hasattr(self, "_told"):
            self._told = True
            QTimer.singleShot(0, lambda: tell(self))
    kind.paintEvent = paintEvent

def tell(window):
    print(json.dumps({"at": time.time(), "modules": sorted({name.split(".")[0] for name in sys.modules})}), flush=True)
    window.close()
    QApplication.quit()
"""
BARE = _PAINTED + """
import pyqtgraph

class Window(QMainWindow):
    pass

watch(Window)
app = QApplication([])
window = Window()
window.resize(1600, 1000)
window.show()
app.exec()
"""
OURS = _PAINTED + """
import app.window
from app.main import main

watch(app.window.MainWindow)
sys.exit(main([]))
"""


def run() -> list[dict[str, Any]]:
    """Ratio of the medians of `TURNS` starts, and how many modules of the training side were loaded."""
    taken: dict[str, list[float]] = {BARE: [], OURS: []}
    foreign: set[str] = set()
    with tempfile.TemporaryDirectory() as bytecode:
        for script in (BARE, OURS):  # compiling and reading from the disk for the first time count for neither side
            _start(script, bytecode)
        for turn in range(TURNS):
            for script in (BARE, OURS) if turn % 2 else (OURS, BARE):
                seconds, modules = _start(script, bytecode)
                taken[script].append(seconds)
                if script is OURS:
                    foreign |= {name for name in FOREIGN if name in modules}
    ours, bare = statistics.median(taken[OURS]), statistics.median(taken[BARE])
    return [
        {"name": "process start to first painted window", "value": ours / bare, "bound": 2.0, "unit": "x",
         "note": f"{ours:.2f} s, bare {bare:.2f} s, median of {TURNS}"},
        {"name": "training modules in the window's process", "value": len(foreign), "bound": 0, "unit": "",
         "note": ", ".join(sorted(foreign)) or "neither tensorflow nor keras"}]


def _start(script: str, bytecode: str) -> tuple[float, list[str]]:
    """Seconds from the start of a process to its first painted window, and the packages it had loaded then."""
    with tempfile.TemporaryDirectory() as home:
        places = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"), home)
        environment = {**os.environ, **places, "QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": bytecode}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        began = time.time()
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True,
                              timeout=120, check=False)
    if done.returncode or not done.stdout.strip():
        raise RuntimeError(f"The window did not come: {done.stderr[-2000:]}")
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return told["at"] - began, told["modules"]
