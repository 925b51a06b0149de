"""The canvas against a bare QGraphicsScene of plain cards and curves that draws the same words at the same places."""

from __future__ import annotations

import cProfile
import gc
import os
import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtWidgets import QApplication, QGraphicsView

from graph_compiler.catalog import registry
from graph_compiler.graph.edits import AddNode, Connect, Move, SetParam
from graph_compiler.graph.layered import Card, Lead, arrange
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import ROOT, Edge, Node
from tests.benchmarks.bare_scene import BareScene, bare_view
from widgets.canvas.items import NodeItem
from widgets.canvas.scene import CanvasScene
from widgets.canvas.view import CanvasView
from widgets.collector import GuiCollector
from widgets.document import GraphDocument
from widgets.offer import offered
from widgets.search import SearchPopup

WIDTH, HEIGHT = 1400, 900
PITCH_X, PITCH_Y = 256, 240
KINDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Dense", {"units": 8, "activation": "relu"}), ("Add", {}), ("Activation", {"activation": "tanh"}), ("Add", {}),
    ("Dropout", {"rate": 0.25}))


def big(nodes: int, wires: int, rows: int) -> Document:
    """A valid drawing: rows of layers from one table; every second layer adds what comes from its neighbours."""
    document, chance = Document(), random.Random(0)
    AddNode(Node(id="iris", type="Iris")).apply(document)
    names = [f"n{i}" for i in range(nodes - 1)]
    for i, name in enumerate(names):
        column, row = divmod(i, rows)
        kind, params = KINDS[0] if column == 0 else KINDS[column % len(KINDS)]
        AddNode(Node(id=name, type=kind, params=params, x=PITCH_X * (column + 1), y=float(PITCH_Y * row))).apply(document)
        source, port = ("iris", "features") if column == 0 else (names[i - rows], "out")
        Connect(Edge(source=source, source_port=port, target=name, target_port="in")).apply(document)
    graph = document.graph
    adds = [i for i in range(rows, nodes - 1) if graph.nodes[names[i]].type == "Add"]
    while len(graph.edges) < wires:
        i = chance.choice(adds)
        row = min(max(i % rows + chance.choice((-2, -1, 1, 2)), 0), rows - 1)
        source = names[(i // rows - 1) * rows + row]
        Connect(Edge(source=source, source_port="out", target=names[i], target_port="in",
                     index=graph.next_index(names[i], "in"))).apply(document)
    return document


def _median(work: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1e3)
    return statistics.median(taken)


def _frame(view: QGraphicsView) -> None:
    view.viewport().grab()


def _panned(view: QGraphicsView) -> None:
    """One frame after the picture moved a little."""
    bar, across = view.verticalScrollBar(), view.horizontalScrollBar()
    bar.setValue(bar.value() + 23)
    across.setValue(across.value() + 37)
    _frame(view)


def _shown(view: QGraphicsView) -> QGraphicsView:
    view.resize(WIDTH, HEIGHT)
    view.show()
    QApplication.processEvents()
    return view


def _row(name: str, value: float, bare: float, bound: float) -> dict[str, Any]:
    return {"name": name, "value": value / bare, "bound": bound, "unit": "x", "note": f"{value:.1f} ms, bare {bare:.1f} ms"}


def run() -> list[dict[str, Any]]:
    """Ratios of medians; both sides in this process, one after the other."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    collector = GuiCollector(application)  # the program collects garbage in this way, never in the middle of a build
    document = GraphDocument(big(1000, 2000, 25), registry())
    view = CanvasView(document)
    _shown(view)
    view.zoom_to(1.0)
    view.centerOn(20 * PITCH_X, 12 * PITCH_Y)
    bare = BareScene(view.canvas)
    plain = _shown(bare_view(bare))
    plain.centerOn(20 * PITCH_X, 12 * PITCH_Y)
    rows = [_build(document, view.canvas), _frames("frame at 1:1", view, plain, 1.5), _drag(view, plain, bare), _edit(view)]
    rows += [_far(), _search()]
    rows += _layouts()
    application.processEvents()
    collector.deleteLater()
    return rows


def _build(document: GraphDocument, canvas: CanvasScene) -> dict[str, Any]:
    """Both in turn on one heap; what was built is let go between the measures, as the event loop would do it."""
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(7):
        ours.append(_median(lambda: CanvasScene(document).detach(), 1))
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        bare.append(_median(lambda: BareScene(canvas), 1))
        gc.collect()
    return _row("build of 1,000 nodes and 2,000 wires", statistics.median(ours), statistics.median(bare), 1.5)


def _frames(name: str, view: QGraphicsView, plain: QGraphicsView, bound: float, times: int = 15) -> dict[str, Any]:
    _frame(view)
    _frame(plain)
    return _row(name, _median(lambda: _panned(view), times), _median(lambda: _panned(plain), times), bound)


def _drag(view: CanvasView, plain: QGraphicsView, bare: BareScene) -> dict[str, Any]:
    centre = view.mapToScene(view.viewport().rect().center())
    node_id = min((n for n, b in view.canvas.boxes.items() if isinstance(b, NodeItem) and n != "iris"),
                  key=lambda n: (view.canvas.boxes[n].card_rect().center() - centre).manhattanLength())
    keys = [edge.key for edge in view.canvas.graph.touching(node_id)]
    home, steps = bare.cards[node_id].pos(), iter(range(10_000))

    def place() -> QPointF:
        return home + QPointF(8 * (next(steps) % 20), 8)

    def ours() -> None:
        there = place()
        view.document.do(Move({node_id: (there.x(), there.y())}, drag=1))
        _frame(view)

    def theirs() -> None:
        bare.move(node_id, place(), keys)
        _frame(plain)

    return _row("one drag step", _median(ours, 15), _median(theirs, 15), 1.5)


def _edit(view: CanvasView) -> dict[str, Any]:
    """A parameter edit with analysis, without the repaint: what typing costs in a drawing of 1,000 nodes."""
    last = next(n for n in reversed(view.canvas.graph.nodes) if view.canvas.graph.nodes[n].type == "Dropout")
    flips = iter(range(1000))
    taken = _median(lambda: view.document.do(SetParam(last, "rate", 0.1 + 0.1 * (next(flips) % 2))), 15)
    return {"name": "one parameter edit in 1,000 nodes", "value": taken, "bound": None, "unit": "ms", "note": "with analysis"}


def _far() -> dict[str, Any]:
    document = GraphDocument(big(5000, 10_000, 60), registry())
    view = CanvasView(document)
    _shown(view)
    view.fit()
    bare = BareScene(view.canvas)
    plain = _shown(bare_view(bare))
    plain.scale(view.zoom, view.zoom)
    plain.centerOn(view.canvas.content_rect().center())
    row = _frames("5,000 nodes, everything in view", view, plain, 0.4, 5)
    view.close()
    plain.close()
    return row


def _layouts() -> list[dict[str, Any]]:
    """Auto-layout of drawings whose cards lie in a heap: ranks, crossings and coordinates together, and how it grows.

    For the growth the sizes take turns and each counts with its shortest time of this process alone, so that what else runs
    on the machine says little.
    """
    rows, works = [], {}
    for nodes, wires, lines, bound in ((500, 1000, 20, 150.0), (1000, 2000, 25, 500.0), (5000, 10_000, 60, 1500.0)):
        graph, chance = big(nodes, wires, lines).graph, random.Random(1)
        cards = {n: Card(168, 120, (chance.random() * 4000, chance.random() * 4000)) for n in graph.nodes}
        leads = [Lead(edge.source, edge.target) for edge in graph.edges.values()]
        work = partial(arrange, cards, leads)
        rows.append({"name": f"auto-layout of {nodes:,} nodes", "value": _median(work, 3), "bound": bound, "unit": "ms",
                     "note": f"{len(leads):,} wires"})
        works[nodes] = work
    taken: dict[int, float] = {}
    for nodes in (500, 5000, 500) * 7:
        start = time.process_time()
        works[nodes]()
        taken[nodes] = min(taken.get(nodes, float("inf")), (time.process_time() - start) * 1e3)
    growth, steps = taken[5000] / taken[500], {nodes: _calls(works[nodes]) for nodes in (500, 5000)}
    return [*rows, {"name": "growth of layout, 500 to 5,000 nodes", "value": growth, "bound": 12.0, "unit": "x",
                    "note": f"{taken[5000]:.0f} ms, {taken[500]:.1f} ms"},
            {"name": "growth of its calls", "value": steps[5000] / steps[500], "bound": 11.0, "unit": "x",
             "note": f"{steps[5000]:,} and {steps[500]:,}: what no cache has a part in"}]


def _calls(work: Callable[[], object]) -> int:
    """How many functions it calls."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


def _search() -> dict[str, Any]:
    popup = SearchPopup(offered(registry(), Document(), ROOT))
    popup.resize(420, 420)
    texts = iter(["c", "co", "con", "conv", "conv ", "conv 6", "conv 64", "d", "de", "den", "pool", "max", "nor", "add"] * 4)

    def key() -> None:
        popup.field.setText(next(texts))
        popup.list.grab()

    taken = _median(key, 50)
    return {"name": "search: keystroke to list", "value": taken, "bound": 5.0, "unit": "ms"}
