"""Wires under a real mouse: bent by dragging, cut and bent by strokes, swapped, carried from port to port."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from graph_compiler.graph.files import dumps
from graph_compiler.graph.values import EdgeKey
from tests.helpers.canvas import (
    ALT,
    CONTROL,
    SHIFT,
    at,
    card,
    check_scene,
    click,
    drag,
    key,
    move,
    port,
    press,
    release,
    shown,
    small,
    wires,
)
from tests.helpers.drawing import drawing
from widgets.canvas.view import CanvasView

RIGHT = Qt.MouseButton.RightButton


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return shown(qtbot, small())


@pytest.fixture
def branched(qtbot: QtBot) -> CanvasView:
    """a feeds b and c, which are subtracted; d stands by itself."""
    view = shown(qtbot, drawing("a Iris", "b Dense units=4", "c Dense units=4", "d Dense units=4", "s Subtract", "t Add",
                                "a.features > b > s.in#0", "a.features > c > s.in#1"))
    for i, node_id in enumerate("abcdst"):
        node = view.canvas.graph.nodes[node_id]
        drag_to = QPointF(280.0 * (0, 1, 1, 1, 2, 2)[i], 230.0 * (0, 0, 1, 2, 0, 2)[i])
        view.document.document.graph.put_node(type(node)(id=node.id, type=node.type, params=node.params,
                                                         x=drag_to.x(), y=drag_to.y()))
    return shown(qtbot, view.document.document)


def edge(view: CanvasView, source: str, target: str) -> EdgeKey:
    return next(k for k in view.canvas.graph.edges if (k[0], k[2]) == (source, target))


def middle(view: CanvasView, source: str, target: str) -> QPoint:
    return view.mapFromScene(view.canvas.wires[edge(view, source, target)].path().pointAtPercent(0.5))


def test_a_wire_is_bent_by_dragging_it(view: CanvasView) -> None:
    before = dumps(view.document.document)
    start = middle(view, "dense_1", "dense_2")
    drag(view, start, start + QPoint(0, 120))
    wire = view.canvas.wires[edge(view, "dense_1", "dense_2")]
    end = view.mapToScene(start + QPoint(0, 120))
    assert len(wire.edge.points) == 1
    assert (QPointF(*wire.edge.points[0]) - end).manhattanLength() <= 8
    assert view.document.undo_stack.count() == 1
    assert view.document.undo_stack.undoText() == "bend the wire to dense_2"
    check_scene(view)
    dot = view.mapFromScene(QPointF(*wire.edge.points[0]))
    drag(view, dot, dot + QPoint(40, 40))
    assert len(view.canvas.graph.edges[wire.key].points) == 1
    assert view.document.undo_stack.count() == 2
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, dot + QPoint(40, 40))
    assert view.canvas.graph.edges[wire.key].points == ()
    for _ in range(3):
        view.document.undo_stack.undo()
    assert dumps(view.document.document) == before
    check_scene(view)


def test_escape_lets_a_bent_wire_spring_back(view: CanvasView) -> None:
    start = middle(view, "dense_1", "dense_2")
    press(view, start)
    move(view, start + QPoint(0, 60))
    assert view.canvas.graph.edges[edge(view, "dense_1", "dense_2")].points
    QTest.keyClick(view, Qt.Key.Key_Escape)
    release(view, start)
    assert not view.canvas.graph.edges[edge(view, "dense_1", "dense_2")].points
    assert view.document.undo_stack.count() == 0


def test_a_click_on_a_wire_does_not_bend_it(view: CanvasView) -> None:
    click(view, middle(view, "dense_1", "dense_2"))
    assert view.document.undo_stack.count() == 0
    assert view.canvas.selected_wires == {edge(view, "dense_1", "dense_2")}


def test_bends_go_with_the_nodes_at_both_ends(view: CanvasView) -> None:
    start = middle(view, "dense_1", "dense_2")
    drag(view, start, start + QPoint(0, 120))
    wire = edge(view, "dense_1", "dense_2")
    (before,) = view.canvas.graph.edges[wire].points
    view.select(["dense_1", "dense_2"])
    drag(view, at(view, "dense_1"), at(view, "dense_1") + QPoint(0, 80))
    (after,) = view.canvas.graph.edges[wire].points
    assert (after[0] - before[0], after[1] - before[1]) == (0, 80)
    key(view, Qt.Key.Key_Down, ALT)
    assert view.canvas.graph.edges[wire].points[0][1] == after[1] + 8
    view.document.undo_stack.undo()
    view.document.undo_stack.undo()
    assert view.canvas.graph.edges[wire].points == (before,)
    view.verbs.straighten()
    assert not view.canvas.graph.edges[wire].points
    check_scene(view)


def test_a_free_stroke_cuts_what_it_crosses(view: CanvasView) -> None:
    first, second = middle(view, "dense_1", "dense_2"), middle(view, "dense_2", "loss")
    press(view, first + QPoint(0, -60), CONTROL, RIGHT)
    for place in (first + QPoint(0, 60), QPoint((first.x() + second.x()) // 2, first.y() + 300), second + QPoint(0, 60)):
        move(view, place)
    release(view, second + QPoint(0, -60), CONTROL, RIGHT)
    assert wires(view) == ["iris.features > dense_1.in", "iris.species > loss.target"]
    assert view.document.undo_stack.undoText() == "cut 2 wires"
    check_scene(view)


def test_a_stroke_with_shift_bends_what_it_crosses(view: CanvasView) -> None:
    x = middle(view, "dense_1", "dense_2").x()
    drag(view, QPoint(x, 20), QPoint(x, 140), SHIFT, RIGHT)
    points = view.canvas.graph.edges[edge(view, "dense_1", "dense_2")].points
    assert len(points) == 1
    assert view.document.undo_stack.undoText() == "bend the wire to dense_2"


def test_two_inputs_of_a_node_are_swapped(branched: CanvasView) -> None:
    before = dumps(branched.document.document)
    branched.select(["s"])
    key(branched, Qt.Key.Key_S, ALT)
    assert [e.source for e in branched.canvas.graph.into("s")] == ["c", "b"]
    assert branched.document.undo_stack.count() == 1
    check_scene(branched)
    branched.document.undo_stack.undo()
    assert dumps(branched.document.document) == before


def test_two_selected_wires_are_swapped(branched: CanvasView, qtbot: QtBot) -> None:
    click(branched, middle(branched, "b", "s"))
    click(branched, middle(branched, "c", "s"), SHIFT)
    key(branched, Qt.Key.Key_S, ALT)
    assert [e.source for e in branched.canvas.graph.into("s")] == ["c", "b"]
    branched.select([])
    with qtbot.waitSignal(branched.status) as heard:
        key(branched, Qt.Key.Key_S, ALT)
    assert "Select two wires" in heard.args[0]


def test_a_swap_that_makes_a_circle_is_refused(view: CanvasView, qtbot: QtBot) -> None:
    view.canvas.select([], [edge(view, "iris", "dense_1"), edge(view, "dense_1", "dense_2")])
    with qtbot.waitSignal(view.status) as heard:
        view.verbs.swap()
    assert heard.args == ["Swapping these would make a circle."]
    assert view.document.undo_stack.count() == 0


def test_all_wires_of_an_output_go_elsewhere(branched: CanvasView) -> None:
    drag(branched, port(branched, "b", "out", True), at(branched, "d", 90, 60), CONTROL)
    assert "d.out > s.in" in wires(branched)
    assert "b.out > s.in" not in wires(branched)
    assert [e.index for e in branched.canvas.graph.into("s")] == [0, 1]
    check_scene(branched)


def test_all_wires_of_an_input_go_elsewhere(branched: CanvasView) -> None:
    drag(branched, port(branched, "s", "in", False), at(branched, "t", 90, 60), CONTROL)
    assert [e.source for e in branched.canvas.graph.into("t")] == ["b", "c"]
    assert not branched.canvas.graph.into("s")
    assert branched.document.undo_stack.undoText() == "move 2 wires to t"
    branched.document.undo_stack.undo()
    assert [e.source for e in branched.canvas.graph.into("s")] == ["b", "c"]
    check_scene(branched)


def test_wires_are_not_carried_into_a_circle(view: CanvasView, qtbot: QtBot) -> None:
    press(view, port(view, "dense_1", "out", True), CONTROL)
    move(view, at(view, "loss", 90, 60))
    assert card(view, "dense_2").look.faded
    with qtbot.waitSignal(view.status):
        release(view, at(view, "dense_2", 90, 60), CONTROL)
    assert "dense_1.out > dense_2.in" in wires(view)
    assert not card(view, "dense_2").look.faded
    check_scene(view)


def test_a_way_clear_of_cards_is_not_bought_with_a_way_behind_others(qtbot: QtBot) -> None:
    """The target's wire stands behind the card below it rather than run behind its neighbours to the right."""
    view = shown(qtbot, drawing("data Iris", "a Dense units=4", "b Dense units=4", "c Dense units=4", "d Dense units=3",
                                "loss Loss", "data.features > a > b > c > d > loss.prediction", "data.species > loss.target"))
    graph = view.document.document.graph
    for node_id, x, y in (("data", 0, 0), ("a", 256, 0), ("b", 512, 0), ("c", 128, 320), ("d", 384, 320), ("loss", 640, 320)):
        graph.put_node(msgspec.structs.replace(graph.nodes[node_id], x=float(x), y=float(y)))
    view = shown(qtbot, view.document.document)
    wire = view.canvas.wires[edge(view, "data", "loss")]
    path = wire.path()
    points = [path.pointAtPercent(i / 200) for i in range(201)]
    for node_id in "ab":
        assert not any(card(view, node_id).sceneBoundingRect().contains(point) for point in points)
    assert min((point - wire.label_place).manhattanLength() for point in points) < 10
