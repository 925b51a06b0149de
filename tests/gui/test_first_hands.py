"""What first hands stumbled over: zoomed out wires, a key that says why, letters of menus, names of tabs, runs left behind."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.window import MainWindow
from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.graph.edits import AddNode
from graph_compiler.graph.values import Node
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.listing import folder_for, next_folder
from tests.helpers.canvas import at, drag, port, shown, wires
from tests.helpers.drawing import drawing
from tests.helpers.window import opened_window
from widgets.canvas.bubble import Bubble
from widgets.controls import Segmented
from widgets.document_tabs import DocumentTabs, TabFace


@pytest.fixture
def window(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    return opened_window(qtbot, monkeypatch, "iris")


def test_zoomed_out_a_wire_takes_the_free_port_and_not_the_wire_of_another(qtbot: QtBot) -> None:
    view = shown(qtbot, drawing("a Iris", "b Dense units=4", "c Dense units=4", "s Subtract", "l Loss",
                                "a.features > b", "a.features > c", "b > l.prediction"))
    for i, node_id in enumerate("abcsl"):
        node = view.canvas.graph.nodes[node_id]
        view.document.document.graph.put_node(type(node)(id=node.id, type=node.type, params=node.params,
                                                         x=440.0 * i, y=200.0 * (i % 2)))
    view = shown(qtbot, view.document.document)
    view.verbs.fit()
    assert 0.4 < view.zoom < 0.7
    spot = next(s for s in view.canvas.boxes["l"].card.ports if s.name == "prediction")
    drag(view, port(view, "c", "out", True), at(view, "l", 40, spot.place.y()))
    assert "b.out > l.prediction" in wires(view)
    assert "c.out > l.target" in wires(view)


def test_a_bubble_far_from_its_node_points_at_nothing(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    bubble = Bubble(Diagnostic("missing-input", "error", "a", "Loss has no target"), parent)
    node = QRectF(600, 600, 90, 60)
    bubble.put("above", QRectF(600, 490, 208, 100), 620, node)
    assert bubble.points
    near = bubble.grab().toImage()
    bubble.put("above", QRectF(230, 400, 208, 100), 620, node)
    assert not bubble.points
    assert bubble.grab().toImage() != near


def test_the_key_of_the_training_says_why_it_cannot_begin(window: MainWindow, qtbot: QtBot) -> None:
    window.document.do(AddNode(Node(id="lost", type="Dense", x=0.0, y=900.0)))
    window.canvas.setFocus()
    qtbot.waitUntil(lambda: not window.actions_by_id["train"].isEnabled())
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert window.workbench.current == "Problems"
    assert "has no input" in window.status.going_on.text()
    assert not window.pages.runs.busy


def test_letters_of_menus_are_underlined_only_while_alt_is_held(window: MainWindow) -> None:
    handle = window.windowHandle()
    plain = window.menus.grab().toImage()
    QTest.keyPress(handle, Qt.Key.Key_Alt)
    held = window.menus.grab().toImage()
    QTest.keyRelease(handle, Qt.Key.Key_Alt)
    assert held != plain
    assert window.menus.grab().toImage() == plain


def test_names_of_tabs_keep_their_room_where_it_is_scarce(qtbot: QtBot) -> None:
    tabs = DocumentTabs()
    qtbot.addWidget(tabs)
    tabs.resize(430, 40)
    tabs.show()
    tabs.show_tabs([TabFace("Untitled", dirty=True), TabFace("Untitled 2", dirty=True), TabFace("Untitled 3", dirty=True),
                    TabFace("Untitled 4", dirty=True, running=True)], 3)
    crosses = [tabs.tabButton(i, tabs.ButtonPosition.RightSide).isVisible() for i in range(4)]
    assert crosses == [False, False, False, True]
    tabs.setCurrentIndex(1)
    assert [tabs.tabButton(i, tabs.ButtonPosition.RightSide).isVisible() for i in range(4)] == [False, True, False, False]
    tabs.resize(900, 40)
    assert all(tabs.tabButton(i, tabs.ButtonPosition.RightSide).isVisible() for i in range(4))


def test_the_keyboard_goes_to_the_first_field_of_a_block(window: MainWindow) -> None:
    window.canvas.select([next(n.id for n in window.canvas.canvas.graph.nodes.values() if n.type == "Dense")])
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert window.canvas.verbs.asker is not None
    QTest.keyClick(window.canvas.verbs.asker.field, Qt.Key.Key_Return)
    QTest.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    focus = window.focusWidget()
    assert isinstance(focus, Segmented)
    assert window.inspector.isAncestorOf(focus)


def test_runs_of_a_drawing_that_goes_without_a_file_go_with_it(window: MainWindow) -> None:
    window.new()
    window.document.do(AddNode(Node(id="a", type="Iris")))
    name = window.pages.runs.key
    RunFolder.create(next_folder(name), window.document.document.copy(), title="Untitled")
    assert folder_for(name).is_dir()
    kept = next_folder("iris")
    try:
        window.documents.close()
        assert not folder_for(name).exists()
        window.documents.close()
        assert kept.is_dir(), "runs of a template stay"
    finally:
        kept.rmdir()
