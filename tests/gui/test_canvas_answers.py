"""No verb of the canvas is silent: what cannot be done is said in words; and what Delete and reconnect leaves open."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from graph_compiler.graph.edits import Move
from graph_compiler.graph.model import Document
from tests.helpers.canvas import CONTROL, NONE, SHIFT, check_scene, key, shown, small, wires
from tests.helpers.drawing import block, drawing
from widgets.canvas.view import CanvasView

ONLY_MUTED = "Only layers, operations, blocks and objectives can be muted."


def in_a_row(document: Document) -> Document:
    Move({node_id: (256.0 * i, 0.0) for i, node_id in enumerate(document.graph.nodes)}).apply(document)
    return document


def said(view: CanvasView) -> list[str]:
    heard: list[str] = []
    view.status.connect(heard.append)
    return heard


@pytest.mark.parametrize(("code", "keys", "chosen", "words"), [
    (Qt.Key.Key_M, NONE, [], "Select what should be muted."), (Qt.Key.Key_M, NONE, ["iris"], ONLY_MUTED),
    (Qt.Key.Key_F, SHIFT, [], "Select what should be frozen."),
    (Qt.Key.Key_F, SHIFT, ["loss"], "Only layers and blocks can be frozen."),
    (Qt.Key.Key_R, CONTROL, [], "Select what should be replaced."),
    (Qt.Key.Key_J, NONE, ["iris"], "Select two nodes or more to join."),
    (Qt.Key.Key_J, NONE, ["iris", "dense_1"], "Nothing is left to join here."),
    (Qt.Key.Key_F2, NONE, [], "Select one node to rename."), (Qt.Key.Key_C, CONTROL, [], "Select what should be copied."),
    (Qt.Key.Key_D, CONTROL, [], "Select what should be duplicated."),
    (Qt.Key.Key_G, CONTROL, [], "Select the nodes that the block should hold."),
    (Qt.Key.Key_G, CONTROL | SHIFT, ["iris"], "Select a block to unpack.")])
def test_what_cannot_be_done_is_said(qtbot: QtBot, code: Qt.Key, keys: Qt.KeyboardModifier, chosen: list[str],
                                     words: str) -> None:
    view = shown(qtbot, small())
    heard = said(view)
    view.select(chosen)
    key(view, code, keys)
    assert heard == [words]
    assert view.verbs.search is None
    assert view.document.undo_stack.count() == 0


def test_a_bridge_that_does_not_fit_is_left_open_and_says_why(qtbot: QtBot) -> None:
    view = shown(qtbot, in_a_row(drawing("mnist MNIST", "scale Rescaling", "conv Conv2D", "flat Flatten",
                                         "mnist.image > scale > conv", "scale > flat")))
    heard = said(view)
    view.select(["scale"])
    key(view, Qt.Key.Key_Delete, CONTROL)
    assert wires(view) == ["mnist.image > flat.in"]
    assert heard == ["conv is left open. Conv2D needs decimal numbers; received whole numbers (uint8)."]
    assert view.telling.hint.isVisible()
    view.document.undo_stack.undo()
    assert len(wires(view)) == 3
    check_scene(view)


def test_of_a_merge_what_came_first_goes_on(qtbot: QtBot) -> None:
    view = shown(qtbot, in_a_row(drawing("i Iris", "a Dense units=4", "b Dense units=5", "c Concatenate", "o Dense",
                                         "i.features > b > c", "i.features > a > c", "c > o")))
    view.select(["c"])
    key(view, Qt.Key.Key_Delete, CONTROL)
    assert wires(view) == ["b.out > o.in", "i.features > a.in", "i.features > b.in"]
    assert view.document.undo_stack.count() == 1


def test_states_are_not_bridged(qtbot: QtBot) -> None:
    view = shown(qtbot, in_a_row(drawing("d Dates", "e Embedding", "one LSTM return_state=true return_sequences=true",
                                         "two LSTM", "d.spoken > e > one > two", "one.h > two.initial_h",
                                         "one.c > two.initial_c")))
    view.select(["one"])
    key(view, Qt.Key.Key_Delete, CONTROL)
    assert wires(view) == ["d.spoken > e.in", "e.out > two.in"]


def test_a_port_of_a_block_takes_the_wires_of_its_instances_along(qtbot: QtBot) -> None:
    view = shown(qtbot, drawing("i Iris", "b Block block=net", "i.features > b.x",
                                net=block("x BlockInput", "a Dense", "y BlockOutput", "x > a > y")))
    view.select(["b"])
    key(view, Qt.Key.Key_Return)
    view.select(["x"])
    key(view, Qt.Key.Key_Delete, CONTROL)
    assert set(view.canvas.graph.nodes) == {"a", "y"}
    assert not view.document.document.graph.edges
    view.document.undo_stack.undo()
    assert len(view.document.document.graph.edges) == 1


def test_copying_nothing_leaves_the_clipboard_alone(qtbot: QtBot) -> None:
    view = shown(qtbot, small())
    QGuiApplication.clipboard().setText("something else")
    view.select([])
    key(view, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "something else"


def test_straightening_nothing_is_said(qtbot: QtBot) -> None:
    view = shown(qtbot, small())
    heard = said(view)
    view.verbs.select_all()
    view.verbs.straighten()
    assert heard == ["Select bent wires, or nodes that have some."]
