"""The table of commands: sound rows, keys without clashes, menus made from it."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from app.actions import COMMANDS, MENUS, fill_menus, make_actions
from tests.helpers.events import shown
from widgets.icons import ICONS

EXPECTED = {
    "File": ("new", "open", "save", "save_as", "quit"),
    "Edit": ("undo", "redo", "cut", "copy", "paste", "duplicate", "delete", "delete_reconnect", "select_all", "rename"),
    "Graph": ("open_search", "tidy", "join", "mute", "freeze", "python"),
    "Run": ("train", "continue", "pause", "stop", "evaluate", "export", "doctor"),
    "View": ("fit", "fit_selection", "zoom_100", "zoom_in", "zoom_out", "theme_system", "theme_light", "theme_dark", "palette",
             "inspector", "workbench"),
    "Help": ("about",)}


def test_ids_and_keys_are_unique():
    assert [i for i, n in Counter(row.id for row in COMMANDS).items() if n > 1] == []
    assert [k for k, n in Counter(row.keys for row in COMMANDS if row.keys).items() if n > 1] == []


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.id)
def test_each_row_is_sound(row):
    assert row.text[0].isupper() or row.text[0].isdigit()
    assert row.menu in MENUS
    assert not row.icon or row.icon in ICONS
    assert not row.keys or not QKeySequence(row.keys).isEmpty()


@pytest.mark.parametrize("menu", MENUS)
def test_each_menu_has_what_it_promises(menu):
    assert set(EXPECTED[menu]) <= {row.id for row in COMMANDS if row.menu == menu}


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def window(qtbot, heard):
    owner = QWidget()
    owner.made = make_actions(owner, {row.id: lambda name=row.id: heard.append(name) for row in COMMANDS})
    return shown(qtbot, owner, 300, 200)


def test_every_action_calls_its_slot(window, heard):
    for action in window.made.values():
        action.setEnabled(True)
        action.trigger()
    assert heard == [row.id for row in COMMANDS]


def test_keys_reach_the_slot(window, heard):
    QTest.keySequence(window, QKeySequence("F5"))
    QTest.keySequence(window, QKeySequence("Ctrl+S"))
    QTest.keySequence(window, QKeySequence("Ctrl+Shift+Z"))
    QTest.keySequence(window, QKeySequence("Ctrl+Y"))
    QTest.keySequence(window, QKeySequence("Ctrl+Return"))
    assert heard == ["train", "save", "redo", "redo", "train"]


def test_keys_of_the_canvas_are_shown_but_left_to_it(window, heard):
    QTest.keySequence(window, QKeySequence("M"))
    assert heard == []
    assert window.made["mute"].text().endswith("\tM")


def test_rows_without_a_slot_make_no_action(qtbot):
    owner = QWidget()
    qtbot.addWidget(owner)
    assert set(make_actions(owner, {"save": lambda: None})) == {"save"}


def reached(menu: QMenu) -> list[QAction]:
    """The actions of a menu and of those that open from it."""
    return [found for action in menu.actions() for found in (reached(action.menu()) if action.menu() else [action])]


def test_no_menu_is_higher_than_a_small_screen(window, qtbot):
    bar = QMenuBar()
    qtbot.addWidget(bar)
    fill_menus(bar, window.made, lambda _: None)
    heights = {action.text(): action.menu().sizeHint().height() for action in bar.actions()}
    assert max(heights.values()) <= 720, heights


def test_menus_follow_the_table(window, qtbot):
    bar = QMenuBar()
    qtbot.addWidget(bar)
    opened: list[QMenu] = []
    fill_menus(bar, window.made, opened.append)
    menus = {action.text().removeprefix("&"): action.menu() for action in bar.actions()}
    assert tuple(menus) == MENUS
    for title, ids in EXPECTED.items():
        there = {action.objectName() for action in reached(menus[title])}
        assert set(ids) <= there
    recent = next(a.menu() for a in menus["File"].actions() if a.menu() is not None)
    recent.aboutToShow.emit()
    assert opened == [recent]
