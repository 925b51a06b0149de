"""1,000 nodes in the whole window: their paste and delete, both taken back, and memory against a bare scene's process."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from graph_compiler.catalog import registry
from graph_compiler.graph.clipboard import to_text
from graph_compiler.graph.files import dumps
from graph_compiler.graph.values import ROOT
from tests.benchmarks.bare_scene import card_texts
from tests.benchmarks.canvas import big
from widgets.canvas.items import NodeItem
from widgets.canvas.scene import CanvasScene
from widgets.document import GraphDocument

TURNS = 3
BOUNDS = {"undo of a 1,000-node paste": 150.0}
WIRES = 2000
_TELL = """
import gc, json, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

def tell():
    gc.collect()
    kilobytes = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS"))
    print(json.dumps({"rss": kilobytes / 1024}), flush=True)
    QApplication.quit()
"""
BARE = _TELL + """
from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene, QGraphicsSimpleTextItem, QGraphicsView, QMainWindow

drawn = json.load(open(sys.argv[1]))
app = QApplication([])
scene = QGraphicsScene()
for x, y, width, height, texts in drawn["cards"]:
    path = QPainterPath()
    path.addRoundedRect(QRectF(0, 0, width, height), 8, 8)
    card = QGraphicsPathItem(path)
    card.setBrush(QBrush(QColor("white")))
    card.setPos(x, y)
    for text, across, down in texts:
        line = QGraphicsSimpleTextItem(text, card)
        line.setFont(QFont("DejaVu Sans", 9))
        line.setPos(across, down)
    scene.addItem(card)
for x, y, x2, y2 in drawn["wires"]:
    path = QPainterPath()
    path.moveTo(x, y)
    path.cubicTo((x + x2) / 2, y, (x + x2) / 2, y2, x2, y2)
    wire = QGraphicsPathItem(path)
    wire.setPen(QPen(QColor("gray"), 2))
    scene.addItem(wire)
window, view = QMainWindow(), QGraphicsView(scene)
view.setRenderHint(QPainter.RenderHint.Antialiasing)
window.setCentralWidget(view)
window.resize(1600, 1000)
window.show()
QTimer.singleShot(1500, tell)
app.exec()
"""
_WINDOW = """
from app.settings import Settings
from app.window import MainWindow
from widgets.style import apply

app = QApplication([])
apply(app)
window = MainWindow(Settings(theme="light"), gallery=False)  # as `netloom FILE`
window.resize(1600, 1000)
window.show()
window.open_named(sys.argv[1])
"""
_READY = 'QTimer.singleShot(1200, lambda: window.workbench.page("Train"))'
"""What the window does by itself once it is idle, for the first training."""
_REST = """
QTimer.singleShot(4000, tell)
app.exec()
window.shut_down()
"""
OURS, OURS_PLOTTING = _TELL + _WINDOW + _REST, _TELL + _WINDOW + _READY + _REST
BARE_PLOTTING = "import pyqtgraph" + BARE


def run() -> list[dict[str, Any]]:
    """Real processes for the memory; the window of this process for the paste."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["NETLOOM_NO_SPARE"] = "1"
    application = QApplication.instance() or QApplication([])
    document = big(1000, WIRES, 25)
    rows = _paste(to_text(document, ROOT, list(document.graph.nodes)))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "large.netloom"
        place.write_bytes(dumps(document))
        picture = Path(folder) / "large.json"
        picture.write_text(json.dumps(_drawn(GraphDocument(document, registry()))), encoding="utf-8")
        for name, ours, bare in (("memory with 1,000 nodes", OURS, BARE),
                                 ("with the Train page ready, both with plots", OURS_PLOTTING, BARE_PLOTTING)):
            mine, theirs = (statistics.median(_memory(script, argument, Path(folder)) for _ in range(TURNS))
                            for script, argument in ((ours, place), (bare, picture)))
            rows.append({"name": name, "value": mine / theirs, "bound": 1.3, "unit": "x",
                         "note": f"{mine:.0f} MB, bare {theirs:.0f} MB"})
    application.processEvents()
    return rows


def _drawn(document: GraphDocument) -> dict[str, Any]:
    """The cards with their words and the ends of the wires, for a process that knows nothing of graphs."""
    canvas = CanvasScene(document)
    cards, wires = [], []
    for box in canvas.boxes.values():
        if isinstance(box, NodeItem):
            texts = [(text, x, y) for text, _, x, y in card_texts(box.card)]
            cards.append((box.x(), box.y(), box.card.width, box.card.height, texts))
    for wire in canvas.wires.values():
        start, end = wire.path().pointAtPercent(0), wire.path().pointAtPercent(1)
        wires.append((start.x(), start.y(), end.x(), end.y()))
    canvas.detach()
    return {"cards": cards, "wires": wires}


def _memory(script: str, argument: Path, home: Path) -> float:
    """Resident memory of a process once its window has come to rest, MB."""
    around = dict(os.environ, XDG_CONFIG_HOME=str(home), XDG_DATA_HOME=str(home), XDG_STATE_HOME=str(home))
    command = [sys.executable, "-c", script, str(argument)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=around)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return float(json.loads(done.stdout.strip().splitlines()[-1])["rss"])


def _paste(text: str) -> list[dict[str, Any]]:
    """Ctrl+V, Ctrl+Z and Del of 1,000 nodes, with everything that follows the document, and the frame after it."""
    from app.settings import Settings
    from app.window import MainWindow

    window = MainWindow(Settings(theme="light"))
    window.resize(1600, 1000)
    window.show()
    window.open_template("iris")
    QApplication.processEvents()
    verbs, steps = window.canvas.verbs, window.document.undo_stack
    taken: dict[str, list[float]] = {}

    def take(name: str, step: Callable[[], object]) -> None:
        start = time.perf_counter()
        step()
        window.canvas.viewport().grab()
        QApplication.processEvents()
        taken.setdefault(name, []).append((time.perf_counter() - start) * 1e3)

    QGuiApplication.clipboard().setText(text)
    for _ in range(5):
        take("paste of 1,000 nodes", verbs.paste)
        take("delete of 1,000 nodes", verbs.delete)
        take("undo of a 1,000-node delete", steps.undo)
        take("undo of a 1,000-node paste", steps.undo)
    window.document.undo_stack.setClean()
    window.shut_down()
    window.deleteLater()
    return [{"name": name, "value": statistics.median(times), "bound": BOUNDS.get(name), "unit": "ms",
             "note": "whole window, with analysis and frame"} for name, times in taken.items()]
