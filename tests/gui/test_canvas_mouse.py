"""The canvas under a real mouse: select, move, connect, cut, drop."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from graph_compiler.graph.edits import AddNode, RemoveNode
from graph_compiler.graph.files import dumps
from graph_compiler.graph.values import Node
from tests.helpers.canvas import (
    ALT,
    CONTROL,
    NONE,
    SHIFT,
    at,
    card,
    check_scene,
    click,
    drag,
    drop_from_palette,
    move,
    port,
    press,
    release,
    shown,
    small,
    wires,
)
from widgets.canvas.gestures import Gesture
from widgets.canvas.view import CanvasView


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return shown(qtbot, small())


def place_of(view: CanvasView, node_id: str) -> tuple[float, float]:
    node = view.canvas.graph.nodes[node_id]
    return node.x, node.y


def test_click_selects_and_shift_adds_and_takes_away(view: CanvasView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.selection_changed) as heard:
        click(view, at(view, "dense_1"))
    assert heard.args == [["dense_1"]]
    assert card(view, "dense_1").look.selected
    click(view, at(view, "dense_2"), SHIFT)
    assert view.canvas.selected == ["dense_1", "dense_2"]
    click(view, at(view, "dense_1"), CONTROL)
    assert view.canvas.selected == ["dense_2"]
    click(view, QPoint(30, 780))
    assert view.canvas.selected == []
    assert not card(view, "dense_2").look.selected


def test_a_drag_from_a_node_that_was_just_deselected_moves_nothing(view: CanvasView) -> None:
    view.select(["dense_1"])
    drag(view, at(view, "dense_1"), at(view, "dense_1") + QPoint(60, 40), CONTROL)
    assert view.canvas.selected == []
    assert place_of(view, "dense_1") == (256.0, 0.0)
    assert view.document.undo_stack.count() == 0


def test_rubber_band_selects_what_it_touches(view: CanvasView) -> None:
    drag(view, at(view, "dense_1", -20, 250), at(view, "dense_2", 30, 60))
    assert sorted(view.canvas.selected) == ["dense_1", "dense_2"]
    drag(view, at(view, "drop", -20, -20), at(view, "drop", 20, 20), SHIFT)
    assert sorted(view.canvas.selected) == ["dense_1", "dense_2", "drop"]
    check_scene(view)


def test_a_drag_is_one_step_on_the_grid(view: CanvasView) -> None:
    before = dumps(view.document.document)
    drag(view, at(view, "drop"), at(view, "drop") + QPoint(53, 30))
    assert place_of(view, "drop") == (312.0, 352.0)
    assert view.document.undo_stack.count() == 1
    check_scene(view)
    drag(view, at(view, "drop"), at(view, "drop") + QPoint(16, 0))
    assert view.document.undo_stack.count() == 2
    view.document.undo_stack.undo()
    view.document.undo_stack.undo()
    assert dumps(view.document.document) == before
    check_scene(view)


def test_without_snap_a_node_follows_the_pointer(view: CanvasView) -> None:
    view.snap = False
    drag(view, at(view, "drop"), at(view, "drop") + QPoint(53, 30))
    assert place_of(view, "drop") == (309.0, 350.0)


def test_the_whole_selection_moves_together(view: CanvasView) -> None:
    view.select(["dense_1", "drop"])
    drag(view, at(view, "dense_1"), at(view, "dense_1") + QPoint(0, 80))
    assert place_of(view, "dense_1") == (256.0, 80.0)
    assert place_of(view, "drop") == (256.0, 400.0)
    assert view.document.undo_stack.undoText() == "move 2 nodes"


def test_escape_takes_a_running_drag_back(view: CanvasView) -> None:
    press(view, at(view, "drop"))
    move(view, at(view, "drop") + QPoint(60, 60))
    assert place_of(view, "drop") != (256.0, 320.0)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert place_of(view, "drop") == (256.0, 320.0)
    release(view, at(view, "drop"))
    check_scene(view)


def test_a_wire_from_port_to_port(view: CanvasView) -> None:
    drag(view, port(view, "dense_1", "out", True), port(view, "drop", "in", False))
    assert "dense_1.out > drop.in" in wires(view)
    assert view.document.undo_stack.count() == 1
    check_scene(view)


@pytest.mark.parametrize("short", [0, 1, 4, 8])
def test_a_wire_let_go_at_the_outer_half_of_a_port_ends_there(view: CanvasView, short: int) -> None:
    drag(view, port(view, "dense_1", "out", True), port(view, "drop", "in", False) - QPoint(short, 0))
    assert "dense_1.out > drop.in" in wires(view)
    assert view.verbs.search is None
    view.document.undo_stack.undo()
    drag(view, port(view, "drop", "in", False), port(view, "dense_1", "out", True) + QPoint(short, 0))
    assert "dense_1.out > drop.in" in wires(view)
    check_scene(view)


def test_a_wire_let_go_farther_from_a_port_asks_what_should_stand_there(view: CanvasView) -> None:
    drag(view, port(view, "dense_1", "out", True), port(view, "drop", "in", False) - QPoint(20, 0))
    assert "dense_1.out > drop.in" not in wires(view)
    assert view.verbs.search is not None
    view.verbs.close_popups()


def test_a_wire_dropped_on_the_body_finds_its_port(view: CanvasView) -> None:
    drag(view, port(view, "iris", "features", True), at(view, "drop", 90, 60))
    assert "iris.features > drop.in" in wires(view)
    drag(view, port(view, "drop", "out", True), at(view, "loss", 100, 90))
    assert "drop.out > loss.prediction" in wires(view)
    assert "dense_2.out > loss.prediction" not in wires(view)
    view.document.undo_stack.undo()
    assert "dense_2.out > loss.prediction" in wires(view)
    check_scene(view)


def test_a_wire_can_be_pulled_backwards_from_an_input(view: CanvasView) -> None:
    drag(view, port(view, "drop", "in", False), at(view, "dense_1", 90, 60))
    assert "dense_1.out > drop.in" in wires(view)


def test_a_circle_is_refused_with_words(view: CanvasView, qtbot: QtBot) -> None:
    press(view, port(view, "dense_2", "out", True))
    move(view, at(view, "dense_1", 90, 60))
    assert card(view, "dense_1").look.faded
    assert card(view, "dense_1").opacity() < 0.5
    assert not card(view, "drop").look.faded
    assert view.gestures.pulling is not None
    assert "circle" in view.gestures.pulling.banner
    assert "circle" in view.gestures.pulling.reasons["dense_1"]
    with qtbot.waitSignal(view.status) as heard:
        release(view, at(view, "dense_1", 90, 60))
    assert heard.args == ["Dense comes before; a wire to it would make a circle."]
    assert view.document.undo_stack.count() == 0
    assert not card(view, "dense_1").look.faded
    check_scene(view)


def test_what_can_take_the_wire_lights_up(view: CanvasView) -> None:
    press(view, port(view, "dense_1", "out", True))
    move(view, at(view, "drop", 90, 60))
    assert card(view, "drop").look.target
    assert card(view, "drop").look.takes == card(view, "loss").look.takes == "in"
    assert card(view, "iris").look.takes == ""
    assert view.gestures.pulling is not None
    assert view.gestures.pulling.goal == card(view, "drop").port_place("in", False)
    move(view, QPoint(20, 780))
    assert not card(view, "drop").look.target
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not card(view, "iris").look.faded
    assert card(view, "drop").look.takes == ""
    release(view, QPoint(20, 780))
    assert view.verbs.search is None


def test_a_wire_pulled_off_an_input_is_taken_away_or_moved(view: CanvasView) -> None:
    end = port(view, "dense_2", "in", False)
    drag(view, end, port(view, "drop", "in", False))
    assert "dense_1.out > drop.in" in wires(view)
    assert "dense_1.out > dense_2.in" not in wires(view)
    assert view.document.undo_stack.count() == 1
    drag(view, port(view, "drop", "in", False), QPoint(40, 780))
    assert "dense_1.out > drop.in" not in wires(view)
    check_scene(view)


def test_clicking_a_wired_input_leaves_the_wire(view: CanvasView) -> None:
    before = wires(view)
    click(view, port(view, "dense_2", "in", False))
    assert wires(view) == before
    assert view.document.undo_stack.count() == 0


def test_a_wire_is_hit_a_few_pixels_away_and_deleted(view: CanvasView) -> None:
    middle = (port(view, "dense_1", "out", True) + port(view, "dense_2", "in", False)) / 2
    click(view, middle + QPoint(0, 5))
    assert [k[:3] for k in view.canvas.selected_wires] == [("dense_1", "out", "dense_2")]
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert "dense_1.out > dense_2.in" not in wires(view)
    check_scene(view)


def test_the_knife_cuts_the_wires_it_crosses(view: CanvasView) -> None:
    x = (port(view, "dense_1", "out", True).x() + port(view, "dense_2", "in", False).x()) // 2
    drag(view, QPoint(x, 20), QPoint(x, 140), CONTROL, Qt.MouseButton.RightButton)
    assert "dense_1.out > dense_2.in" not in wires(view)
    assert "dense_2.out > loss.prediction" in wires(view)
    assert view.document.undo_stack.undoText() == "disconnect dense_1 from dense_2"


def test_drop_from_the_palette_on_canvas_and_on_a_wire(view: CanvasView) -> None:
    assert drop_from_palette(view, "Flatten", QPoint(600, 600)) == ""
    assert view.canvas.selected == ["flatten_1"]
    assert view.document.undo_stack.count() == 1
    middle = (port(view, "dense_1", "out", True) + port(view, "dense_2", "in", False)) / 2
    assert drop_from_palette(view, "Dropout", middle) == "dense_1 > dense_2"
    assert {"dense_1.out > dropout_1.in", "dropout_1.out > dense_2.in"} <= set(wires(view))
    assert "dense_1.out > dense_2.in" not in wires(view)
    check_scene(view)
    view.document.undo_stack.undo()
    assert "dense_1.out > dense_2.in" in wires(view)
    assert "dropout_1" not in view.canvas.graph.nodes
    check_scene(view)


def test_alt_switches_insertion_off(view: CanvasView) -> None:
    middle = (port(view, "dense_1", "out", True) + port(view, "dense_2", "in", False)) / 2
    assert drop_from_palette(view, "Dropout", middle, ALT) == ""
    assert "dense_1.out > dense_2.in" in wires(view)


def test_alt_leaves_a_dragged_node_beside_the_wire(view: CanvasView) -> None:
    before, start = wires(view), at(view, "drop", 84, 20)
    middle = (port(view, "dense_1", "out", True) + port(view, "dense_2", "in", False)) / 2
    press(view, start, ALT)
    for share in (0.3, 0.7, 1.0):
        place = QPointF(start + (middle - start) * share)
        QApplication.sendEvent(view.viewport(), QMouseEvent(
            QEvent.Type.MouseMove, place, view.viewport().mapToGlobal(place), Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton, ALT))
        assert view.gestures.lit is None
    release(view, middle, ALT)
    assert wires(view) == before
    assert (view.canvas.graph.nodes["drop"].x, view.canvas.graph.nodes["drop"].y) != (256.0, 320.0)
    assert view.document.undo_stack.count() == 1


@pytest.mark.parametrize("name", ["Loss", "Output", "MNIST", "Note", "Frame"])
def test_what_nothing_flows_through_lights_no_wire_and_stands_where_it_is_dropped(view: CanvasView, name: str) -> None:
    before = wires(view)
    middle = (port(view, "dense_1", "out", True) + port(view, "dense_2", "in", False)) / 2
    assert drop_from_palette(view, name, middle) == ""
    assert wires(view) == before
    assert len(view.canvas.graph.nodes) == 6
    check_scene(view)


def test_a_free_loss_dragged_over_a_wire_lights_nothing(view: CanvasView) -> None:
    view.document.do(AddNode(Node(id="free", type="Loss", x=256.0, y=500.0)))
    middle = (port(view, "dense_1", "out", True) + port(view, "dense_2", "in", False)) / 2
    press(view, at(view, "free", 84, 20))
    move(view, middle)
    assert view.gestures.lit is None
    release(view, middle)
    assert not view.canvas.graph.touching("free")


def test_a_free_node_dragged_onto_a_wire_is_inserted(view: CanvasView) -> None:
    middle = (port(view, "dense_1", "out", True) + port(view, "dense_2", "in", False)) / 2
    press(view, at(view, "drop", 84, 20))
    for share in (0.3, 0.8, 1.0):
        start = at(view, "drop", 84, 20)
        move(view, start + (middle - start) * share)
    assert view.gestures.lit is not None
    release(view, middle, NONE)
    assert {"dense_1.out > drop.in", "drop.out > dense_2.in"} <= set(wires(view))
    check_scene(view)


def test_wheel_with_control_zooms_at_the_pointer(view: CanvasView) -> None:
    place = QPoint(500, 300)
    before = view.mapToScene(place)
    wheel = QWheelEvent(QPointF(place), QPointF(view.viewport().mapToGlobal(place)), QPoint(), QPoint(0, 240),
                        Qt.MouseButton.NoButton, CONTROL, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(view.viewport(), wheel)
    assert view.zoom > 1.3
    assert (view.mapToScene(place) - before).manhattanLength() < 2.0


def test_the_wheel_of_a_mouse_zooms_and_fine_steps_move_the_picture(view: CanvasView) -> None:
    def turn(x: int, y: int, at: int, keys: Qt.KeyboardModifier = NONE) -> None:
        place = QPointF(500, 300)
        event = QWheelEvent(place, view.viewport().mapToGlobal(place), QPoint(), QPoint(x, y), Qt.MouseButton.NoButton, keys,
                            Qt.ScrollPhase.NoScrollPhase, False)
        event.setTimestamp(at)
        QApplication.sendEvent(view.viewport(), event)

    under = view.mapToScene(QPoint(500, 300))
    turn(0, 120, 1000)
    assert view.zoom == pytest.approx(1.0015 ** 120)
    assert (view.mapToScene(QPoint(500, 300)) - under).manhattanLength() < 2.0
    zoom, before = view.zoom, view.visible_rect().top()
    turn(0, -36, 2000)
    assert view.zoom == zoom and view.visible_rect().top() > before
    turn(0, -120, 2100)
    assert view.zoom == zoom, "a long step among fine ones is one of fingers too"
    turn(0, -120, 4000)
    assert view.zoom == pytest.approx(1.0)
    left = view.visible_rect().left()
    turn(0, -120, 5000, SHIFT)
    assert view.zoom == pytest.approx(1.0) and view.visible_rect().left() > left


def test_two_fingers_on_a_trackpad_pan_and_pinch(view: CanvasView) -> None:
    place = QPointF(500, 300)
    on_screen, before = view.viewport().mapToGlobal(place), view.visible_rect().topLeft()
    way = QPoint(-40, -30)
    QApplication.sendEvent(view.viewport(), QWheelEvent(
        place, on_screen, way, way, Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.ScrollUpdate, False))
    assert view.visible_rect().topLeft() - before == QPointF(40, 30)
    under = view.mapToScene(place.toPoint())
    for value in (0.2, 0.1, -0.05):
        QApplication.sendEvent(view.viewport(), QNativeGestureEvent(
            Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice(), 2, place, place, on_screen, value,
            QPointF()))
    assert view.zoom == pytest.approx(1.2 * 1.1 * 0.95)
    assert (view.mapToScene(place.toPoint()) - under).manhattanLength() < 2.0
    assert view.document.undo_stack.count() == 0


def test_the_middle_button_pans(view: CanvasView) -> None:
    before = view.visible_rect().topLeft()
    drag(view, QPoint(600, 600), QPoint(650, 580), NONE, Qt.MouseButton.MiddleButton)
    assert view.visible_rect().topLeft() - before == QPointF(-50, 20)
    assert view.document.undo_stack.count() == 0


def test_hover_lights_the_card_and_shows_the_shape_of_a_wire(view: CanvasView) -> None:
    move(view, at(view, "dense_1", 90, 30))
    assert card(view, "dense_1").look.hovered
    wire = next(w for k, w in view.canvas.wires.items() if k[:3] == ("iris", "species", "loss"))
    wire.label_fits = False
    view.canvas.show_label(wire.key)
    assert not view.canvas.labels[wire.key].isVisible()
    move(view, view.mapFromScene(wire.path().pointAtPercent(0.5)))
    assert view.canvas.labels[wire.key].isVisible()
    assert not card(view, "dense_1").look.hovered


def test_at_the_edge_the_picture_moves_while_something_is_dragged(view: CanvasView, qtbot: QtBot) -> None:
    before = view.visible_rect().left()
    press(view, at(view, "drop"))
    move(view, at(view, "drop") + QPoint(40, 0))
    move(view, QPoint(view.viewport().width() - 6, 400))
    qtbot.waitUntil(lambda: view.visible_rect().left() > before + 60)
    moved = place_of(view, "drop")[0]
    assert moved > 1100
    release(view, QPoint(view.viewport().width() - 6, 400))
    assert view.document.undo_stack.count() == 1
    check_scene(view)


def test_an_undo_in_the_middle_of_a_drag_ends_the_drag(view: CanvasView) -> None:
    document = view.document
    document.do(RemoveNode("drop"))
    document.undo_stack.undo()
    press(view, at(view, "drop"))
    move(view, at(view, "drop") + QPoint(40, 20))
    document.undo_stack.undo()
    document.do(RemoveNode("drop"))
    move(view, QPoint(300, 600))
    release(view, QPoint(300, 600))
    assert view.gestures.active is Gesture.NONE
    check_scene(view)
    document.undo_stack.undo()
    assert place_of(view, "drop") == (256.0, 320.0)
    check_scene(view)


def test_a_pulled_wire_ends_when_its_node_is_gone(view: CanvasView) -> None:
    press(view, port(view, "dense_1", "y", out=True))
    move(view, at(view, "drop"))
    assert view.gestures.active is Gesture.PULL
    view.document.do(RemoveNode("dense_1"))
    assert (view.gestures.active, view.gestures.pulling) == (Gesture.NONE, None)
    release(view, at(view, "drop"))
    assert "dense_1" not in view.canvas.graph.nodes
    check_scene(view)


def test_dragging_the_node_that_a_click_took_out_of_the_selection_moves_nothing(view: CanvasView) -> None:
    before = dumps(view.document.document)
    click(view, at(view, "dense_1"))
    drag(view, at(view, "dense_1"), at(view, "dense_1") + QPoint(80, 60), CONTROL)
    assert view.canvas.selected == []
    assert dumps(view.document.document) == before
    check_scene(view)
