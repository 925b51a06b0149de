"""Order on the canvas: auto-layout of all or of the selection, frames and notes with it, alignment, even gaps."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from PySide6.QtCore import QLineF, QPoint, QRectF
from pytestqt.qtbot import QtBot

from app.paths import template
from graph_compiler.graph.edits import AddNode, Move, RouteEdge
from graph_compiler.graph.files import dumps
from graph_compiler.graph.values import Node
from tests.helpers.canvas import at, card, check_scene, drag, move, press, release, shown, small
from tests.helpers.drawing import drawing
from widgets.canvas.items import NodeItem
from widgets.canvas.view import CanvasView
from widgets.motion import motion


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return shown(qtbot, small())


def place_of(view: CanvasView, node_id: str) -> tuple[float, float]:
    node = view.canvas.graph.nodes[node_id]
    return node.x, node.y


def test_laying_out_twice_is_one_step(view: CanvasView) -> None:
    drag(view, at(view, "dense_2"), at(view, "drop", 300, 200))
    count = view.document.undo_stack.count()
    view.select([])
    view.verbs.tidy()
    assert view.document.undo_stack.undoText() == "lay out 5 nodes"
    assert card(view, "iris").port_place("features", True).y() == card(view, "dense_1").port_place("in", False).y()
    assert card(view, "dense_2").port_place("out", True).y() == card(view, "loss").port_place("prediction", False).y()
    view.verbs.tidy()
    assert view.document.undo_stack.count() == count + 1
    check_scene(view)


def test_bounds_know_where_moving_cards_will_be(view: CanvasView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    drag(view, at(view, "loss"), at(view, "loss") + QPoint(0, 500))
    monkeypatch.setattr(motion, "allowed", True)
    view.select([])
    view.verbs.tidy()
    start = card(view, "loss").pos()
    there = QRectF(view.canvas.content_rect())
    with qtbot.waitSignal(view.canvas.followed):
        pass
    assert card(view, "loss").pos() != start
    assert view.canvas.content_rect() == there
    around = QRectF()
    for box in view.canvas.boxes.values():
        around = around.united(box.card_rect())
    assert view.canvas.content_rect().contains(around)
    assert view.canvas.content_rect().height() < 700


def test_only_the_selection_is_laid_out(view: CanvasView) -> None:
    drag(view, at(view, "dense_2"), at(view, "drop", 300, 200))
    others = {n: place_of(view, n) for n in ("iris", "loss", "drop")}
    view.select(["dense_1", "dense_2"])
    view.verbs.tidy()
    assert place_of(view, "dense_2") == (512.0, 0.0)
    assert {n: place_of(view, n) for n in others} == others


def test_reroute_points_between_laid_out_cards_go(view: CanvasView) -> None:
    key = next(k for k in view.canvas.graph.edges if k[0] == "dense_1")
    before = dumps(view.document.document)
    view.document.do(RouteEdge(key, ((480.0, 300.0),)))
    drag(view, at(view, "dense_2"), at(view, "drop", 300, 200))
    view.select([])
    view.verbs.tidy()
    assert view.canvas.graph.edges[key].points == ()
    for _ in range(3):
        view.document.undo_stack.undo()
    assert dumps(view.document.document) == before


def test_a_frame_goes_with_its_cards_and_a_note_makes_room(view: CanvasView) -> None:
    view.document.do(AddNode(Node(id="f", type="Frame", x=230.0, y=-60.0, params={"width": 480, "height": 300})))
    view.document.do(AddNode(Node(id="note", type="Note", x=300.0, y=40.0, params={"text": "Here."})))
    drag(view, at(view, "dense_2"), at(view, "dense_2") + at(view, "iris", 100, 60) - at(view, "iris"))
    view.select([])
    view.verbs.tidy()
    frame = view.canvas.boxes["f"].card_rect()
    assert frame.contains(card(view, "dense_1").card_rect())
    assert frame.contains(card(view, "dense_2").card_rect())
    assert not frame.intersects(card(view, "loss").card_rect())
    note = view.canvas.boxes["note"].card_rect()
    assert not any(note.intersects(card(view, n).card_rect()) for n in ("iris", "dense_1", "dense_2", "loss", "drop"))
    check_scene(view)
    view.document.undo_stack.undo()
    check_scene(view)


def test_a_long_wire_goes_round_the_cards_in_its_way(qtbot: QtBot) -> None:
    view = shown(qtbot, drawing("a Iris", "b Dense", "c Dense", "d Dense", "e Add",
                                "a.features > b > c > d > e.in#0", "b > e.in#1"), 1600)
    view.verbs.tidy()
    path = view.canvas.wires["b", "out", "e", "in", 1].path()
    points = [path.pointAtPercent(i / 200) for i in range(201)]
    for between in ("c", "d"):
        assert not any(card(view, between).card_rect().contains(p) for p in points)


@pytest.mark.parametrize(("side", "edge"), [
    ("left", QRectF.left), ("right", QRectF.right), ("top", QRectF.top), ("bottom", QRectF.bottom)])
def test_edges_in_line(view: CanvasView, side: str, edge: object) -> None:
    assert callable(edge)
    view.select(["dense_1", "drop", "loss"])
    before = [edge(view.canvas.boxes[n].card_rect()) for n in view.canvas.selected]
    view.verbs.align(side)
    after = {edge(view.canvas.boxes[n].card_rect()) for n in view.canvas.selected}
    assert after == {min(before) if side in ("left", "top") else max(before)}
    assert view.document.undo_stack.count() == 1
    check_scene(view)


def test_centres_in_line(view: CanvasView) -> None:
    view.select(["dense_1", "loss"])
    view.verbs.align_centre()
    assert abs(card(view, "dense_1").card_rect().center().x() - card(view, "loss").card_rect().center().x()) <= 1
    view.verbs.align_middle()
    assert abs(card(view, "dense_1").card_rect().center().y() - card(view, "loss").card_rect().center().y()) <= 1


def test_even_gaps(view: CanvasView, qtbot: QtBot) -> None:
    drag(view, at(view, "dense_2"), at(view, "dense_2", 260, 20))
    view.select(["iris", "dense_1", "dense_2", "loss"])
    view.verbs.spread_across()
    boxes = [view.canvas.boxes[n].card_rect() for n in ("iris", "dense_1", "dense_2", "loss")]
    gaps = [b.left() - a.right() for a, b in pairwise(boxes)]
    assert max(gaps) - min(gaps) <= 1
    view.select(["iris", "loss"])
    with qtbot.waitSignal(view.status) as heard:
        view.verbs.spread_down()
    assert heard.args == ["Select 3 nodes or more."]


def test_a_moved_node_holds_on_where_it_is_in_line(view: CanvasView) -> None:
    view.document.do(Move({"dense_2": (512.0, 3.0)}))
    start = at(view, "drop")
    press(view, start)
    move(view, start + QPoint(40, -100))
    assert view.gestures.guides == 0
    move(view, start + QPoint(40, -320 + 5))
    assert place_of(view, "drop")[1] == 3.0
    assert view.gestures.guides == 1
    move(view, start + QPoint(3, -200))
    assert place_of(view, "drop") == (256.0, 120.0)
    assert view.gestures.guides == 1
    release(view, start + QPoint(3, -200))
    assert view.gestures.guides == 0
    check_scene(view)


def test_a_moved_node_holds_on_where_its_wire_is_straight(view: CanvasView) -> None:
    view.document.do(Move({"dense_1": (256.0, 3.0)}))
    drag(view, at(view, "iris"), at(view, "iris") + QPoint(0, -27))
    ends = card(view, "iris").port_place("features", True).y(), card(view, "dense_1").port_place("in", False).y()
    assert ends[0] == ends[1]


def test_without_snap_nothing_holds_on(view: CanvasView) -> None:
    view.snap = False
    drag(view, at(view, "drop"), at(view, "drop") + QPoint(2, -318))
    assert place_of(view, "drop") == (258.0, 2.0)


def crossings(view: CanvasView) -> int:
    """Pairs of wires that would cross if they ran straight; those for training alone do not count."""
    canvas = view.canvas
    lines = [(k, QLineF(card(view, k[0]).port_place(k[1], True), card(view, k[2]).port_place(k[3], False)))
             for k in canvas.wires if k not in canvas.training_only()]
    return sum(a[0] != b[0] and a[2] != b[2] and here.intersects(there)[0] == QLineF.IntersectionType.BoundedIntersection
               for (a, here), (b, there) in combinations(lines, 2))


def hidden(view: CanvasView) -> list[tuple[str, str, str]]:
    """Wires that run behind a card, and which."""
    found = []
    for key, wire in view.canvas.wires.items():
        points = [wire.path().pointAtPercent(i / 60) for i in range(1, 60)]
        found += [(key[0], key[2], n) for n, box in view.canvas.boxes.items() if isinstance(box, NodeItem)
                  and n not in (key[0], key[2]) and any(box.card_rect().contains(p) for p in points)]
    return found


@pytest.mark.parametrize("name", ["street-unet", "date-translator", "date-transformer", "inception", "dcgan"])
def test_templates_laid_out_cross_no_more_and_hide_no_wire(qtbot: QtBot, name: str) -> None:
    view = shown(qtbot, template(name), 8000)  # so wide that nothing goes on in another row
    for path in ("", *(n.id for n in view.canvas.graph.nodes.values() if n.block)):
        view.show_place(path)
        before = crossings(view)
        view.verbs.tidy()
        assert crossings(view) <= before
        assert not hidden(view)


@pytest.mark.parametrize("name", ["digits-cnn", "fashion-cnn", "date-transformer", "inception", "street-unet"])
def test_long_templates_go_on_in_rows_and_hide_no_wire(qtbot: QtBot, name: str) -> None:
    view = shown(qtbot, template(name), 1100)
    view.verbs.tidy()
    box = view.canvas.content_rect()
    assert box.width() < 1.3 * (1100 - 80) / 0.7
    assert not hidden(view)
    count = view.document.undo_stack.count()
    view.verbs.tidy()
    assert view.document.undo_stack.count() == count
