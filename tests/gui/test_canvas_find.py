"""Finding nodes: by name, type, id, state and problem, through blocks; the bar is driven from the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import AddNode, SetField
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Node
from tests.helpers.canvas import CONTROL, SHIFT, card, key, shown, small
from tests.helpers.drawing import block, drawing
from widgets.canvas.seeking import seek
from widgets.canvas.view import CanvasView
from widgets.find_bar import FindBar


def nested() -> Document:
    """A block with a Dense in it, placed twice."""
    inside = block("block_input_1 BlockInput", "core Dense units=4", "block_output_1 BlockOutput",
                   "block_input_1 > core > block_output_1")
    return drawing("iris Iris", "one Block block=twin weights=T", "two Block block=twin weights=T", "last Dense units=3",
                   "loss Loss", "iris.features > one > two > last > loss.prediction", "iris.species > loss.target",
                   twin=inside)


def found(document: Document, text: str) -> list[str]:
    return seek(document, Analyzer(document, registry()), text)


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return shown(qtbot, small())


def bar_of(view: CanvasView) -> FindBar:
    key(view, Qt.Key.Key_F, CONTROL)
    bar = view.verbs.finder
    assert bar is not None
    assert bar.isVisible()
    assert view.window().focusWidget() is bar.field
    return bar


def test_nodes_are_found_by_name_type_and_id() -> None:
    document = small()
    document.graph.put_node(Node(id="dense_1", type="Dense", label="Hidden", params={"units": 8}, x=256.0))
    assert found(document, "dense") == ["dense_1", "dense_2"]
    assert found(document, "hidden") == ["dense_1"]
    assert found(document, "hidden dense") == ["dense_1"]
    assert found(document, "drop") == ["drop"]
    assert found(document, "nothing") == found(document, "  ") == []


def test_nodes_are_found_by_what_is_wrong_with_them() -> None:
    document = small()
    assert found(document, "error") == ["drop"]
    assert found(document, "problem dropout") == ["drop"]
    SetField("dense_2", "muted", True).apply(document)
    assert found(document, "muted") == ["dense_2"]


def test_the_inside_of_a_block_is_found_once() -> None:
    assert found(nested(), "core") == ["one.core"]
    assert found(nested(), "dense") == ["last", "one.core"]


def test_notes_are_found_by_their_text() -> None:
    document = small()
    AddNode(Node(id="n", type="Note", params={"text": "Try fewer units"})).apply(document)
    assert found(document, "fewer") == ["n"]


def test_typing_shows_the_first_and_enter_the_next(view: CanvasView) -> None:
    bar = bar_of(view)
    QTest.keyClicks(bar.field, "dense")
    assert view.canvas.selected == ["dense_1"]
    assert bar.words.text() == "1 of 2"
    assert card(view, "loss").look.faded
    assert not card(view, "dense_2").look.faded
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert view.canvas.selected == ["dense_2"]
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert view.canvas.selected == ["dense_1"]
    QTest.keyClick(bar.field, Qt.Key.Key_Return, SHIFT)
    assert bar.words.text() == "2 of 2"
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert not card(view, "loss").look.faded
    assert view.canvas.selected == ["dense_2"]
    assert view.hasFocus()
    assert view.document.undo_stack.count() == 0


def test_what_is_not_there_is_said(view: CanvasView) -> None:
    bar = bar_of(view)
    QTest.keyClicks(bar.field, "zzz")
    assert bar.words.text() == "None"
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert view.canvas.selected == []


def test_the_list_follows_edits(view: CanvasView, qtbot: QtBot) -> None:
    bar = bar_of(view)
    QTest.keyClicks(bar.field, "dense")
    view.document.do(AddNode(Node(id="d9", type="Dense", x=900.0)))
    qtbot.waitUntil(lambda: len(bar.found) == 3)
    assert bar.words.text() == "1 of 3"


def test_it_leads_into_blocks(qtbot: QtBot) -> None:
    view = shown(qtbot, nested())
    bar = bar_of(view)
    QTest.keyClicks(bar.field, "core")
    assert view.trail.path == "one"
    assert view.canvas.selected == ["core"]
    assert card(view, "block_input_1").look.faded
    assert bar.isVisible()
