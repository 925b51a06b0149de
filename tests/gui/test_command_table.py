"""What can be done is in the table of commands, and keys that are told anywhere are those that work."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.actions import COMMANDS
from app.window import MainWindow
from tests.helpers.window import opened_window
from widgets.canvas import context_menu

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot, monkeypatch) -> MainWindow:
    return opened_window(qtbot, monkeypatch, "iris")


def leaves(menu: QMenu) -> list[str]:
    """Names of the actions of a menu and of those that open from it, but for recent files."""
    return [name for action in menu.actions() if action.text() != "Open recent"
            for name in (leaves(action.menu()) if action.menu() else [action.objectName()] if action.text() else [])]


def test_menus_and_palette_hold_every_row_of_the_table(window):
    rows = [row.id for row in COMMANDS]
    assert list(window.actions_by_id) == rows
    assert sorted(name for action in window.menus.actions() for name in leaves(action.menu())) == sorted(rows)
    window.command_box.open()
    listed = {hit.entry.id for hit in window.command_box.palette.model.hits}
    assert set(rows) - listed == {"commands"}  # which has opened it


def test_what_the_right_button_offers_is_in_the_table(window):
    groups = (context_menu.NODES, context_menu.BLOCK, context_menu.ALIGN, context_menu.NOTHING, context_menu.INSIDE)
    offered = {verb for group in groups for _, verb in group}
    assert offered <= {row.verb or row.id for row in COMMANDS}


def test_the_workbench_fills_the_window_by_keyboard(window):
    QTest.keyClick(window.canvas, Qt.Key.Key_J, CONTROL | SHIFT)
    assert window.workbench.state == "filled"
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_J, CONTROL | SHIFT)
    assert window.workbench.state == "open"


def test_snapping_is_a_command_in_step_with_its_button(window):
    action, button = window.actions_by_id["snap"], window.breadcrumb.snap
    assert action.isChecked() == button.isChecked() == window.canvas.snap
    for trigger in (action.trigger, button.click):
        before = window.canvas.snap
        trigger()
        assert action.isChecked() == button.isChecked() == window.canvas.snap == window.settings.snap == (not before)


def test_without_anything_measured_the_report_says_so_and_plots_wait_for_values(window, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    window.open_template("digits-mlp")
    window.actions_by_id["save_report"].trigger()
    assert "no report yet" in window.status.going_on.text()
    assert window.workbench.current == "Evaluate"
    window.actions_by_id["save_plot"].trigger()
    assert window.workbench.current == "Train"
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [a.text() for a in menu.actions()] == ["No plot yet"]
    assert not any(a.isEnabled() for a in menu.actions())
    menu.close()


def told(window: MainWindow) -> dict[str, str]:
    """Chips and tooltips that speak of keys."""
    window.show_page("Train")
    widgets = {"train": window.header.train, "search": window.palette_dock.search, "pause": window.header.pause}
    chips = {name: widget._key for name, widget in widgets.items()}
    tips = {widget.toolTip() for widget in window.findChildren(QWidget) if widget.toolTip().endswith(")")}
    return {**chips, "tidy": next((tip for tip in tips if tip.startswith("Tidy")), ""), "tip": window.header.train.toolTip()}


def test_chips_and_tooltips_follow_keys_that_are_chosen(window):
    first = {"train": "F5", "search": "Ctrl K", "pause": "F6", "tidy": "Tidy (Ctrl+L)", "tip": "Train (F5)"}
    assert told(window) == first
    window.shortcuts.set_keys("train", "Ctrl+T")
    window.shortcuts.set_keys("find_layer", "")
    window.shortcuts.set_keys("tidy", "Ctrl+Alt+L")
    window.pages.refresh_actions()
    assert told(window) == {"train": "Ctrl T", "search": "", "pause": "F6", "tidy": "Tidy (Ctrl+Alt+L)",
                            "tip": "Train (Ctrl+T)"}
    window.shortcuts.reset_all()
    assert told(window) == first
