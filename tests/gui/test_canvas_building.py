"""Building a network by keys alone: the search adds behind the selection and wires, J finds the ports that fit."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPixmapCache
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from graph_compiler.graph.edits import AddNode
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Node
from tests.helpers.canvas import CONTROL, SHIFT, at, card, check_scene, drag, key, move, port, shown, small, wires
from tests.helpers.drawing import drawing
from widgets.canvas.view import CanvasView

EMPTY = QPoint(700, 600)


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return shown(qtbot, Document())


def add(view: CanvasView, text: str, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> str:
    """Space, a typed name, Enter. The new node's id."""
    if view.verbs.search is None:
        key(view, Qt.Key.Key_Space)
    assert view.verbs.search is not None
    view.verbs.search.field.clear()
    QTest.keyClicks(view.verbs.search.field, text)
    QTest.keyClick(view.verbs.search.field, Qt.Key.Key_Return, keys)
    return view.canvas.selected[0]


def overlapping(view: CanvasView) -> list[tuple[str, str]]:
    """Pairs of cards that cover each other."""
    boxes = [(n, b.card_rect()) for n, b in view.canvas.boxes.items()]
    return [(n, m) for i, (n, a) in enumerate(boxes) for m, b in boxes[i + 1:] if a.intersects(b)]


def test_a_classifier_is_built_by_keys_alone(view: CanvasView) -> None:
    for text in ("mnist", "rescaling", "flatten", "dense 10 softmax", "loss"):
        add(view, text)
    assert overlapping(view) == []
    xs = [node.x for node in view.canvas.graph.nodes.values()]
    assert [b - a for a, b in pairwise(xs)] == [256.0] * 4
    assert [w for w in wires(view) if "label" in w] == []
    for _ in range(4):
        key(view, Qt.Key.Key_Left, SHIFT)
    assert len(view.canvas.selected) == 5
    count = view.document.undo_stack.count()
    key(view, Qt.Key.Key_J)
    assert view.document.undo_stack.count() == count + 1
    assert wires(view) == ["dense_1.out > loss_1.prediction", "flatten_1.out > dense_1.in", "mnist_1.image > rescaling_1.in",
                           "mnist_1.label > loss_1.target", "rescaling_1.out > flatten_1.in"]
    assert view.document.analysis.clean
    assert not view.document.analysis.problems
    check_scene(view)


def test_a_convolution_behind_pixels_brings_its_rescaling_in_one_step(view: CanvasView) -> None:
    add(view, "mnist")
    add(view, "conv 32 3")
    assert wires(view) == ["mnist_1.image > rescaling_1.in", "rescaling_1.out > conv2d_1.in"]
    assert view.document.undo_stack.count() == 2
    assert view.document.undo_stack.undoText() == "add Conv2D"
    assert view.canvas.selected == ["conv2d_1"]
    assert overlapping(view) == []
    view.document.undo_stack.undo()
    assert list(view.canvas.graph.nodes) == ["mnist_1"]
    drag(view, port(view, "mnist_1", "image", True), at(view, "mnist_1") + QPoint(180, -60))
    assert add(view, "maxp") == "max_pooling2d_1"
    assert wires(view) == ["mnist_1.image > rescaling_1.in", "rescaling_1.out > max_pooling2d_1.in"]
    assert view.document.undo_stack.count() == 2
    check_scene(view)


def test_the_search_behind_a_node_says_what_flows_and_what_would_not_be_wired(view: CanvasView) -> None:
    for text in ("mnist", "rescaling"):
        add(view, text)
    key(view, Qt.Key.Key_Space)
    search = view.verbs.search
    assert search is not None
    QTest.keyClicks(search.field, "conv")
    assert (search.found[0].spec.name, search.found[0].shape) == ("Conv2D", "26×26×32")
    search.field.setText("conv1d")
    assert (search.found[0].spec.name, search.found[0].apart) == ("Conv1D", "Needs steps × channels: 2 axes")
    search.field.setText("iris")
    assert search.found[0].spec.name == "Iris"
    search.field.clear()
    view.verbs.close_popups()
    view.select(["mnist_1"])
    assert add(view, "onehot") == "one_hot_1"


def test_adding_and_wiring_is_one_step(view: CanvasView) -> None:
    add(view, "mnist")
    add(view, "rescaling")
    assert wires(view) == ["mnist_1.image > rescaling_1.in"]
    assert view.document.undo_stack.count() == 2
    view.document.undo_stack.undo()
    assert list(view.canvas.graph.nodes) == ["mnist_1"]
    check_scene(view)


def test_a_taken_place_is_left_free_and_what_cannot_be_wired_is_not(view: CanvasView) -> None:
    first = add(view, "mnist")
    add(view, "rescaling")
    view.select([first])
    other = add(view, "maxpooling1d")
    assert overlapping(view) == []
    assert view.canvas.graph.nodes[other].x == view.canvas.graph.nodes["rescaling_1"].x
    assert not [w for w in wires(view) if other in w]


def test_shift_enter_adds_a_row(view: CanvasView) -> None:
    for text in ("dense", "dropout", "dense"):
        add(view, text, SHIFT)
    assert wires(view) == ["dense_1.out > dropout_1.in", "dropout_1.out > dense_2.in"]
    assert overlapping(view) == []


def test_without_a_selection_nothing_is_covered(view: CanvasView) -> None:
    for text in ("dense", "loss", "mnist", "add"):
        view.select([])
        add(view, text)
    assert overlapping(view) == []
    assert wires(view) == []


def test_what_is_added_out_of_sight_is_revealed(view: CanvasView) -> None:
    for _ in range(8):
        last = add(view, "dense")
    assert view.canvas.selected == [last]
    assert view.visible_rect().contains(card(view, last).card_rect())
    view.document.do(AddNode(Node(id="far", type="Dense", x=4000, y=3000)))
    view.reveal("far")
    assert view.canvas.selected == ["far"]
    assert view.visible_rect().contains(card(view, "far").card_rect())


@pytest.mark.parametrize(("lines", "expected"), [
    (("a MNIST", "b Loss"), ["a.label > b.target"]), (("a Dense", "b Loss"), ["a.out > b.prediction"]),
    (("a Loss", "b Dense"), ["b.out > a.prediction"]), (("a BostonHousing", "b Loss"), ["a.price > b.target"]),
    (("a Iris", "b Dense"), ["a.features > b.in"])])
def test_j_finds_the_ports_that_fit(qtbot: QtBot, lines: tuple[str, ...], expected: list[str]) -> None:
    document = drawing(*lines)
    document.graph.put_node(Node(id="b", type=document.graph.nodes["b"].type, x=400.0))
    view = shown(qtbot, document)
    key(view, Qt.Key.Key_A, CONTROL)
    key(view, Qt.Key.Key_J)
    assert wires(view) == expected
    check_scene(view)


def test_j_says_why_two_nodes_do_not_fit(qtbot: QtBot) -> None:
    document = drawing("a Iris", "b Conv2D")
    document.graph.put_node(Node(id="b", type="Conv2D", x=400.0))
    view = shown(qtbot, document)
    key(view, Qt.Key.Key_A, CONTROL)
    with qtbot.waitSignal(view.status) as heard:
        key(view, Qt.Key.Key_J)
    assert heard.args[0]
    assert wires(view) == []
    assert view.document.undo_stack.count() == 0


def test_an_empty_canvas_says_what_to_do(view: CanvasView) -> None:
    empty = view.viewport().grab().toImage()
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().value() + 24)
    view.view_moved.emit()
    assert view.viewport().grab().toImage() == empty
    view.document.do(AddNode(Node(id="a", type="Dense", x=9000, y=9000)))
    assert view.viewport().grab().toImage() != empty


def test_escape_clears_the_selection(qtbot: QtBot) -> None:
    view = shown(qtbot, small())
    view.select(["dense_1", "drop"])
    key(view, Qt.Key.Key_Escape)
    assert view.canvas.selected == []
    assert view.document.undo_stack.count() == 0


def test_redo_does_not_bring_a_cancelled_drag_back(qtbot: QtBot) -> None:
    view = shown(qtbot, small())
    drag(view, at(view, "drop"), at(view, "drop") + QPoint(64, 0))
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(view, "drop"))
    move(view, at(view, "drop") + QPoint(60, 60))
    key(view, Qt.Key.Key_Escape)
    assert view.canvas.graph.nodes["drop"].x == 320.0
    assert view.document.undo_stack.count() == 1
    assert not view.document.undo_stack.canRedo()
    check_scene(view)


def test_dragging_into_a_wire_is_one_step(qtbot: QtBot) -> None:
    view = shown(qtbot, small())
    middle = (port(view, "dense_1", "out", True) + port(view, "dense_2", "in", False)) / 2
    drag(view, at(view, "drop", 84, 20), middle)
    assert {"dense_1.out > drop.in", "drop.out > dense_2.in"} <= set(wires(view))
    assert view.canvas.graph.nodes["drop"].y != 320.0
    assert view.document.undo_stack.count() == 1
    view.document.undo_stack.undo()
    assert (view.canvas.graph.nodes["drop"].x, view.canvas.graph.nodes["drop"].y) == (256.0, 320.0)
    assert "dense_1.out > dense_2.in" in wires(view)
    check_scene(view)


def test_delete_and_reconnect_of_several_nodes_is_one_step(qtbot: QtBot) -> None:
    view = shown(qtbot, small())
    view.select(["dense_1", "dense_2", "drop"])
    key(view, Qt.Key.Key_Delete, CONTROL)
    assert view.document.undo_stack.count() == 1
    view.document.undo_stack.undo()
    assert len(view.canvas.graph.nodes) == 5


def test_the_pulled_wire_stays_while_the_search_is_open(qtbot: QtBot) -> None:
    view = shown(qtbot, small())
    start = port(view, "dense_1", "out", True)
    drag(view, start, EMPTY)
    assert view.verbs.search is not None
    held = view.viewport().grab().toImage()
    QTest.keyClicks(view.verbs.search.field, "den")
    move(view, QPoint(100, 700))
    assert view.viewport().grab().toImage() == held
    QTest.keyClick(view.verbs.search.field, Qt.Key.Key_Escape)
    assert view.viewport().grab().toImage() != held


def test_a_chain_that_breaks_is_joined_as_far_as_it_goes_and_says_where(qtbot: QtBot) -> None:
    view = shown(qtbot, drawing("a Iris"))
    for i, name in enumerate(("Dense", "Conv2D")):
        view.document.do(AddNode(Node(id=f"n{i}", type=name, x=400.0 + 300 * i)))
    key(view, Qt.Key.Key_A, CONTROL)
    with qtbot.waitSignal(view.status) as heard:
        key(view, Qt.Key.Key_J)
    assert "Conv2D" in heard.args[0]
    assert wires(view) == ["a.features > n0.in"]


def test_the_pictures_of_cards_have_room(view: CanvasView) -> None:
    assert QPixmapCache.cacheLimit() >= 64 * 1024 * view.devicePixelRatioF()


def test_an_empty_drawing_is_offered_data_first(view: CanvasView) -> None:
    view.document.do(AddNode(Node(id="only", type="Dense")))
    view.verbs.open_search()
    assert view.verbs.search is not None
    assert view.verbs.search.found[0].spec.kind != "source"
    view.verbs.close_popups()
    view.document.undo_stack.undo()
    view.verbs.open_search()
    assert [f.spec.kind for f in view.verbs.search.found] == ["source"] * 5
    view.verbs.search.field.setText("dense")
    assert view.verbs.search.found[0].spec.name == "Dense"
