"""What a window that shows a drawing does not load: a process of its own opens one and counts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from graph_compiler.graph.files import save
from tests.helpers.drawings import iris

LOOKING = """
import builtins, json, linecache, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app.settings import Settings
from app.window import MainWindow

app = QApplication([])
window = MainWindow(Settings(theme="light"), gallery=False)
window.show()
window.open_named(sys.argv[1])

def tell():
    heavy = ("tensorflow", "keras", "numpy", "pyqtgraph", "babel", "hashlib", "importlib.metadata")
    print(json.dumps({"heavy": [name for name in heavy if name in sys.modules], "sources": len(linecache.cache) > 10,
                      "plain": builtins.__import__ is builtins.__orig_import__, "gallery": window.gallery is not None}))
    app.quit()

QTimer.singleShot(600, tell)
app.exec()
window.shut_down()
"""


def test_a_drawing_is_shown_without_numbers_plots_or_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETLOOM_NO_SPARE", "1")
    save(iris(), tmp_path / "iris.netloom")
    done = subprocess.run([sys.executable, "-c", LOOKING, str(tmp_path / "iris.netloom")], capture_output=True, text=True,
                          check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"heavy": [], "sources": False, "plain": True, "gallery": False}
