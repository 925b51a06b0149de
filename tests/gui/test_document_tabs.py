"""Tabs of documents under the mouse, what happens among the templates, and recent files that are gone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QTabBar, QWidget

from app.actions import COMMANDS
from app.paths import template
from app.window import MainWindow
from graph_compiler.graph.edits import SetParam
from graph_compiler.graph.files import save
from tests.helpers.canvas import NONE
from tests.helpers.window import opened_window
from widgets.document_tabs import DocumentTabs, TabFace

LEFT = Qt.MouseButton.LeftButton
OPENING = {"new", "open", "quit", "next_document", "previous_document", "tour", "go_menus", "guide", "gallery", "doctor",
           "about"}
"""Commands that come with a place or a dialog of their own."""
LOOKS = ("text_", "theme_", "contrast")
"""Commands that change the whole process; one of each does here."""


@pytest.fixture
def window(qtbot, monkeypatch) -> MainWindow:
    return opened_window(qtbot, monkeypatch, "iris")


@pytest.fixture
def pair(window: MainWindow) -> MainWindow:
    window.open_template("digits-mlp")
    return window


def names(window: MainWindow) -> list[str]:
    tabs = window.header.tabs
    return [tabs.tabText(i) for i in range(tabs.count())]


def cross(window: MainWindow, tab: int) -> QWidget:
    return window.header.tabs.tabButton(tab, QTabBar.ButtonPosition.RightSide)


def test_tabs_are_dragged_into_another_order(pair):
    pair.document.do(SetParam("dense_1", "units", 5))
    tabs = pair.header.tabs
    names_were, start = names(pair), tabs.tabRect(1).center()
    assert names_were == ["iris", "digits-mlp"]
    QTest.mousePress(tabs, LEFT, NONE, start)
    for step in range(1, 11):
        at = start + (tabs.tabRect(0).center() - start) * step / 10
        QTest.mouseMove(tabs, at)
        held = next(place for place in range(2) if tabs.tabText(place) == "digits-mlp")
        assert tabs._faces[held].name == "digits-mlp" and tabs._faces[held].dirty
        assert cross(pair, held).geometry().right() == tabs.tabRect(held).right() - 8
    QTest.mouseRelease(tabs, LEFT, NONE, tabs.tabRect(0).center())
    assert [d.name for d in pair.session.open_documents] == names(pair) == ["digits-mlp", "iris"]
    assert pair.session.template == "digits-mlp" and tabs.currentIndex() == 0
    assert [cross(pair, place).geometry().right() - tabs.tabRect(place).right() for place in range(2)] == [-8, -8]


def test_a_tab_dragged_over_a_wider_one_does_not_flutter(qtbot):
    tabs = DocumentTabs()
    qtbot.addWidget(tabs)
    tabs.resize(600, 34)
    tabs.show_tabs([TabFace("a"), TabFace("a-drawing-with-a-long-name")], 0)
    tabs.show()
    moves: list[tuple[int, int]] = []
    tabs.tabMoved.connect(lambda *move: moves.append(move))
    assert tabs.tabRect(1).width() > tabs.tabRect(0).width() + 40
    QTest.mousePress(tabs, LEFT, NONE, tabs.tabRect(0).center())
    for x in range(tabs.tabRect(0).center().x(), 290, 4):
        QTest.mouseMove(tabs, QPoint(x, 17))
    assert moves in ([(0, 1)], [(1, 0)])


def test_the_middle_button_closes_the_tab_it_was_pressed_and_let_go_on(pair):
    tabs = pair.header.tabs
    QTest.mousePress(tabs, Qt.MouseButton.MiddleButton, NONE, tabs.tabRect(0).center())
    QTest.mouseRelease(tabs, Qt.MouseButton.MiddleButton, NONE, tabs.tabRect(1).center())
    assert len(pair.session.open_documents) == 2
    QTest.mouseClick(tabs, Qt.MouseButton.MiddleButton, NONE, tabs.tabRect(0).center())
    assert [d.name for d in pair.session.open_documents] == ["digits-mlp"]


def test_what_is_done_to_the_drawing_among_the_templates_is_seen(window):
    window.open_template("iris")
    actions, drawing = window.actions_by_id, window.document
    for place in (window.show_gallery, window.guide.open):
        window.canvas.select(["dense_1"])
        for name in ("duplicate", "undo", "redo", "undo", "tab_data", "history", "fit"):
            place()
            actions[name].trigger()
            assert not window.in_gallery, name
            assert window.document is drawing
        place()
        before = drawing.undo_stack.index()
        for row in COMMANDS:
            if row.apart and row.id not in OPENING and (row.id in ("text_100", "theme_light") or not row.id.startswith(LOOKS)):
                actions[row.id].trigger()
                assert window.in_gallery, row.id
        assert drawing.undo_stack.index() == before
    window.command_box.dialog.close()


def test_recent_files_that_are_gone_are_not_offered(window, tmp_path):
    kept, gone = tmp_path / "kept.netloom", tmp_path / "gone.netloom"
    twin = tmp_path / "other" / "kept.netloom"
    twin.parent.mkdir()
    for file in (kept, gone, twin):
        save(template("iris"), file)
        assert window.open(file)
    gone.unlink()
    menu = QMenu(window)
    window.commands.fill_recent(menu)
    assert [a.text() for a in menu.actions()] == [f"kept.netloom in {twin.parent}", f"kept.netloom in {tmp_path}"]
    assert str(gone) in window.settings.recent  # it may lie on a drive that comes back
    twin.unlink()
    window.commands.fill_recent(menu)
    assert [a.text() for a in menu.actions()] == ["kept.netloom"]
    window.command_box.open()
    listed = [hit.entry.text for hit in window.command_box.palette.model.hits if hit.entry.menu == "Recent"]
    assert listed == ["Open kept.netloom"]
