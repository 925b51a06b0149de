"""Outline and history in the real window: called by keys, in step with canvas and document, worked from the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.window import MainWindow
from graph_compiler.graph.edits import SetParam
from tests.helpers.events import click_row
from tests.helpers.window import opened_window
from widgets.parts import Words

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot, monkeypatch) -> MainWindow:
    return opened_window(qtbot, monkeypatch, "iris")


@pytest.fixture
def outline(window, qtbot):
    QTest.keyClick(window.canvas, Qt.Key.Key_O, CONTROL | SHIFT)
    panel = window.panels.outline
    qtbot.waitUntil(lambda: panel.model.rowCount() > 0)
    assert panel.tree.hasFocus()
    return panel


@pytest.fixture
def history(window):
    for units in (5, 6, 7):
        window.document.do(SetParam("dense_1", "units", units))
        window.document.end_gesture()
    QTest.keyClick(window.canvas, Qt.Key.Key_H, CONTROL | SHIFT)
    assert window.panels.history.list.hasFocus()
    return window.panels.history


def rows(panel) -> list[str]:
    model = panel.model
    return [model.path(model.index(i, 0)) for i in range(model.rowCount())]


def test_the_outline_has_every_node_in_the_order_of_flow(window, outline):
    names = rows(outline)
    assert set(names) == set(window.document.document.graph.nodes)
    for edge in window.document.document.graph.edges.values():
        assert names.index(edge.source) < names.index(edge.target)
    words = outline.model.data(outline.model.index_of("dense_1"), Qt.ItemDataRole.AccessibleTextRole)
    assert "Dense" in words and "from " in words and "to " in words and "out " in words


def test_rows_and_cards_are_chosen_together(window, outline):
    outline.tree.setCurrentIndex(outline.model.index_of("dense_1"))
    assert window.canvas.canvas.selected == ["dense_1"]
    QTest.keyClick(outline.tree, Qt.Key.Key_Down)
    assert window.canvas.canvas.selected == [outline.current] != ["dense_1"]
    window.canvas.select(["dense_1"])
    assert outline.current == "dense_1"


def test_the_keyboard_works_on_nodes_from_the_outline(window, outline, qtbot):
    outline.tree.setCurrentIndex(outline.model.index_of("dense_1"))
    QTest.keyClick(outline.tree, Qt.Key.Key_M)
    assert window.document.document.graph.nodes["dense_1"].muted
    qtbot.waitUntil(lambda: "muted" in outline.model.sentence("dense_1"))
    QTest.keyClick(outline.tree, Qt.Key.Key_Return)
    assert window.inspector.isAncestorOf(window.focusWidget())
    outline.tree.setFocus()
    QTest.keyClick(outline.tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "dense_1" not in rows(outline))
    window.document.undo_stack.undo()
    qtbot.waitUntil(lambda: "dense_1" in rows(outline))


def test_problems_are_told_in_the_outline(window, outline, qtbot):
    outline.tree.setCurrentIndex(outline.model.index_of("dense_1"))
    QTest.keyClick(outline.tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: any("error:" in outline.model.sentence(name) for name in rows(outline)))


def test_an_empty_drawing_says_so_in_the_outline(window, outline, qtbot):
    assert not outline.nothing.isVisible()
    window.new()
    qtbot.waitUntil(outline.nothing.isVisible)
    window.open_template("iris")
    qtbot.waitUntil(lambda: not outline.nothing.isVisible())


def test_the_inside_of_a_block_is_below_its_instance(window, outline, qtbot):
    window.open_template("inception")
    document = window.document.document
    block = next(n for n in document.graph.nodes.values() if n.block)
    inner = next(iter(document.blocks[block.block].graph.nodes))
    qtbot.waitUntil(lambda: block.id in rows(outline))
    index = outline.model.index_of(f"{block.id}.{inner}")
    assert index.isValid() and outline.model.path(index.parent()) == block.id
    outline.tree.setCurrentIndex(index)
    assert window.canvas.trail.path == block.id
    assert window.canvas.canvas.selected == [inner]
    window.canvas.trail.leave()
    outline.tree.setExpanded(outline.model.index_of(block.id), True)
    window.canvas.select([])
    window.document.undo_stack.undo()


def test_the_history_names_every_step_and_goes_there(window, history):
    words = [history.model.words(i) for i in range(history.model.rowCount())]
    assert words == ["As it was opened", *["Set units of dense_1"] * 3]
    assert history.list.currentIndex().row() == 3
    click_row(history.list, 1)
    assert window.document.document.graph.nodes["dense_1"].params["units"] == 5
    assert window.actions_by_id["redo"].isEnabled()
    assert history.model.rowCount() == 4
    QTest.keyClick(history.list, Qt.Key.Key_End)
    QTest.keyClick(history.list, Qt.Key.Key_Return)
    assert window.document.document.graph.nodes["dense_1"].params["units"] == 7
    click_row(history.list, 0)
    assert window.document.undo_stack.isClean()


def test_the_history_follows_undo_and_says_what_is_taken_back(window, history):
    window.actions_by_id["undo"].trigger()
    last = history.model.index(3)
    assert history.model.data(last, Qt.ItemDataRole.AccessibleTextRole).endswith("taken back")
    assert history.list.currentIndex().row() == 2
    window.document.do(SetParam("dense_1", "units", 50))
    assert history.model.rowCount() == 4


def test_panels_go_again_with_the_same_keys(window, outline):
    QTest.keyClick(outline.tree, Qt.Key.Key_O, CONTROL | SHIFT)
    assert window.docks.dock("outline").isHidden()
    assert window.canvas.hasFocus()
    assert not window.actions_by_id["outline"].isChecked()


def test_rows_of_a_panel_stand_under_its_title_with_room_for_the_ring_around_them(window, outline, history):
    for panel, view in ((window.panels.outline, outline.tree), (window.panels.history, history.list)):
        title = panel.findChild(Words)
        left = view.mapTo(panel, QPoint()).x()
        assert left == title.mapTo(panel, QPoint()).x() >= 4
        assert panel.width() - left - view.width() == left and panel.rect().bottom() - view.geometry().bottom() >= 4
