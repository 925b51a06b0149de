"""From top to bottom: the same document seen the other way. Gestures mean the same, positions stay those of the document."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from graph_compiler.graph.edits import AddNode, RouteEdge
from graph_compiler.graph.files import dumps
from graph_compiler.graph.values import Node
from tests.helpers.blocks import residual, twins
from tests.helpers.canvas import (
    ALT,
    CONTROL,
    SHIFT,
    at,
    card,
    click,
    drag,
    drop_from_palette,
    key,
    move,
    port,
    shown,
    small,
    wires,
)
from widgets.canvas.appearance import Appearance
from widgets.canvas.flow import SPREAD, Flow
from widgets.canvas.view import CanvasView

DOWN = Appearance(down=True)


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    found = shown(qtbot, small(), 1000, 1300)
    found.set_appearance(DOWN)
    return found


def check_flow(view: CanvasView) -> None:
    """Every card where the document says, seen from top to bottom; every wire from port to port."""
    canvas = view.canvas
    assert canvas.boxes.keys() == canvas.graph.nodes.keys()
    for node_id, node in canvas.graph.nodes.items():
        assert (canvas.boxes[node_id].x(), canvas.boxes[node_id].y()) == (node.y * SPREAD, node.x)
    for (source, out, target, into, _), wire in canvas.wires.items():
        path = wire.path()
        assert (path.pointAtPercent(0) - card(view, source).port_place(out, True)).manhattanLength() < 0.01
        assert (path.pointAtPercent(1) - card(view, target).port_place(into, False)).manhattanLength() < 0.01


@pytest.mark.parametrize("down", [False, True])
def test_places_there_and_back(down: bool) -> None:
    flow = Flow(down)
    assert flow.back(flow.place(30.0, 40.0)) == (30.0, 40.0)
    assert flow.turned(flow.turned(QPointF(3, 4))) == QPointF(3, 4)


def test_ports_stand_above_and_below_and_chains_run_straight_down(view: CanvasView) -> None:
    before = dumps(view.document.document)
    check_flow(view)
    dense = card(view, "dense_1")
    assert dense.port_place("in", False).y() == dense.card_rect().top()
    assert dense.port_place("out", True).y() == dense.card_rect().bottom()
    assert dense.port_place("out", True).x() == card(view, "dense_2").port_place("in", False).x()
    assert [s.caption for s in card(view, "loss").card.ports] == ["prediction", "target"]
    assert dumps(view.document.document) == before
    assert view.document.undo_stack.count() == 0


def test_the_way_back_is_the_picture_from_before(qtbot: QtBot) -> None:
    view = shown(qtbot, residual())
    before = {k: w.path() for k, w in view.canvas.wires.items()}
    view.select(["a"])
    view.set_appearance(DOWN)
    assert view.canvas.selected == ["a"]
    check_flow(view)
    view.set_appearance(Appearance())
    assert {k: w.path() for k, w in view.canvas.wires.items()} == before


def test_a_drag_moves_along_the_other_axis(view: CanvasView) -> None:
    drag(view, at(view, "drop"), at(view, "drop") + QPoint(48, 40))
    node = view.canvas.graph.nodes["drop"]
    assert (node.x, node.y) == (296.0, 352.0)
    assert view.document.undo_stack.count() == 1
    key(view, Qt.Key.Key_Down, ALT)
    assert view.canvas.graph.nodes["drop"].x == 304.0
    check_flow(view)


def test_wires_are_pulled_from_below_and_dropped_on_ports(view: CanvasView) -> None:
    drag(view, port(view, "dense_1", "out", True), at(view, "drop", 90, 40))
    assert "dense_1.out > drop.in" in wires(view)
    drag(view, port(view, "iris", "species", True), port(view, "loss", "target", False) + QPoint(0, 12))
    assert "iris.species > loss.target" in wires(view)
    drag(view, port(view, "drop", "out", True), port(view, "loss", "prediction", False) + QPoint(0, 12))
    assert "drop.out > loss.prediction" in wires(view)
    check_flow(view)


def test_nodes_are_added_where_the_pointer_is(view: CanvasView) -> None:
    place = QPoint(700, 1000)
    drop_from_palette(view, "Flatten", place)
    here = view.mapFromScene(view.canvas.boxes["flatten_1"].pos() + QPointF(84, 20))
    assert (here - place).manhattanLength() <= 16
    middle = (port(view, "dense_1", "out", True) + port(view, "dense_2", "in", False)) / 2
    assert drop_from_palette(view, "Dropout", middle) == "dense_1 > dense_2"
    check_flow(view)


def test_what_follows_a_node_stands_below_it(view: CanvasView) -> None:
    view.select(["dense_2"])
    view.pointer = None
    view.verbs.open_search()
    search = view.verbs.search
    assert search is not None
    QTest.keyClicks(search.field, "activation")
    QTest.keyClick(search.field, Qt.Key.Key_Return)
    fresh = card(view, view.canvas.selected[0]).card_rect()
    assert fresh.top() > card(view, "dense_2").card_rect().bottom()
    check_flow(view)


def test_paste_lands_at_the_pointer(view: CanvasView) -> None:
    view.select(["drop"])
    key(view, Qt.Key.Key_C, CONTROL)
    assert "netloom-part" in QGuiApplication.clipboard().text()
    place = QPoint(200, 900)
    move(view, place)
    key(view, Qt.Key.Key_V, CONTROL)
    assert (view.mapFromScene(view.canvas.boxes["dropout_1"].pos()) - place).manhattanLength() <= 12
    check_flow(view)


def test_bends_and_frames_are_turned_too(view: CanvasView) -> None:
    wire = next(k for k in view.canvas.graph.edges if k[0] == "dense_1")
    start = view.mapFromScene(view.canvas.wires[wire].path().pointAtPercent(0.5))
    drag(view, start, start + QPoint(120, 0))
    (bend,) = view.canvas.wires[wire].bends
    assert (view.mapFromScene(bend) - start - QPoint(120, 0)).manhattanLength() <= 12
    view.document.do(RouteEdge(wire, ()))
    view.select(["dense_1", "dense_2"])
    key(view, Qt.Key.Key_G, SHIFT)
    view.verbs.close_popups()
    frame = view.canvas.boxes["frame_1"].card_rect()
    assert frame.contains(card(view, "dense_1").card_rect())
    assert frame.contains(card(view, "dense_2").card_rect())
    corner = view.mapFromScene(frame.bottomRight())
    drag(view, corner, corner + QPoint(60, 40))
    after = view.canvas.boxes["frame_1"].card_rect()
    assert after.topLeft() == frame.topLeft()
    assert after.width() > frame.width() + 40
    assert after.height() > frame.height() + 20
    check_flow(view)


@pytest.mark.parametrize("down", [False, True])
def test_what_is_laid_out_one_way_overlaps_in_neither(qtbot: QtBot, down: bool) -> None:
    for document in (residual(), twins()):
        view = shown(qtbot, document)
        view.set_appearance(Appearance(down=down))
        view.verbs.tidy()
        for turned in (down, not down):
            view.set_appearance(Appearance(down=turned))
            boxes = [box.card_rect() for box in view.canvas.boxes.values()]
            assert not [1 for a, b in combinations(boxes, 2) if a.intersects(b)]


def test_laying_out_runs_down(view: CanvasView) -> None:
    drag(view, at(view, "dense_2"), at(view, "drop", 300, 200))
    view.select([])
    view.verbs.tidy()
    chain = [card(view, n).card_rect() for n in ("iris", "dense_1", "dense_2", "loss")]
    assert all(a.bottom() < b.top() for a, b in pairwise(chain))
    assert card(view, "dense_1").port_place("out", True).x() == card(view, "dense_2").port_place("in", False).x()
    check_flow(view)


def test_a_note_keeps_its_size(view: CanvasView) -> None:
    view.document.do(AddNode(Node(id="n", type="Note", x=500.0, y=300.0, params={"text": "Here", "width": 200})))
    assert view.canvas.boxes["n"].card_rect().width() == 200
    click(view, at(view, "n", 60, 20))
    assert view.canvas.selected == ["n"]
    check_flow(view)
