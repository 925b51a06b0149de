"""The docks and the layout: moved, hidden, brought back, remembered, put back as they were."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.docks import LEFT, RIGHT
from app.settings import Settings
from app.window import MainWindow


@pytest.fixture
def make(qtbot, monkeypatch):
    monkeypatch.setenv("NETLOOM_NO_SPARE", "1")

    def made(settings: Settings, width: int = 1600) -> MainWindow:
        window = MainWindow(settings)
        qtbot.addWidget(window)
        window.resize(width, 900)
        window.show()
        window.open_template("iris")
        qtbot.waitUntil(window.canvas.isVisible)
        return window
    return made


@pytest.fixture
def window(make) -> MainWindow:
    return make(Settings(theme="light"))


def area(window: MainWindow, name: str) -> Qt.DockWidgetArea:
    return window.editor.dockWidgetArea(window.docks.dock(name))


def trigger(window: MainWindow, name: str) -> None:
    window.actions_by_id[name].trigger()


def test_docks_stand_at_their_sides_with_the_widths_of_the_look(window):
    assert (area(window, "palette"), area(window, "inspector")) == (LEFT, RIGHT)
    assert [window.docks.dock(n).width() for n in ("palette", "inspector")] == [255, 311]


def test_the_widths_of_the_look_hold_after_the_window_grew_behind_the_templates(qtbot, monkeypatch):
    monkeypatch.setenv("NETLOOM_NO_SPARE", "1")
    window = MainWindow(Settings(theme="light"))
    qtbot.addWidget(window)
    window.resize(1280, 900)
    window.show()
    qtbot.waitUntil(lambda: window.gallery is not None and window.gallery.isVisible())
    window.resize(1600, 900)
    window.open_template("iris")
    qtbot.waitUntil(lambda: [window.docks.dock(n).width() for n in ("palette", "inspector")] == [255, 311])


def test_in_a_narrow_window_they_give_way(make, qtbot):
    window = make(Settings(theme="light"), 1280)
    assert [window.docks.dock(n).width() for n in ("palette", "inspector")] == [223, 279]
    assert window.canvas.width() >= 480


def test_a_width_that_was_set_stays_while_the_window_grows(window, qtbot):
    palette = window.docks.dock("palette")
    window.editor.resizeDocks([palette], [330], Qt.Orientation.Horizontal)
    window.resize(1700, 950)
    assert palette.width() == 330


def test_hidden_and_brought_back_by_menu_and_button(window):
    trigger(window, "palette")
    assert window.docks.dock("palette").isHidden() and not window.actions_by_id["palette"].isChecked()
    button = window.breadcrumb._hidden["palette"]
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.docks.dock("palette").isVisible() and not button.isVisible()
    assert window.actions_by_id["palette"].isChecked()


def test_panels_that_are_called_while_a_page_fills_the_window_are_there_afterwards(window, qtbot, capfd):
    window.open_template("iris")
    window.show_page("Export", fill=True)
    for _ in range(3):
        trigger(window, "history")
    window.workbench.set_state("closed")
    qtbot.waitUntil(lambda: window.panels.history.isVisible() and window.panels.history.height() > 100)
    assert "resizeDocks" not in capfd.readouterr().err


def test_the_menu_of_the_handle_moves_floats_and_hides(window):
    for text, check in (("Move to the right", lambda: area(window, "palette") == RIGHT),
                        ("Move to the left", lambda: area(window, "palette") == LEFT),
                        ("Float", lambda: window.docks.dock("palette").isFloating()),
                        ("Put back", lambda: not window.docks.dock("palette").isFloating()),
                        ("Hide", lambda: window.docks.dock("palette").isHidden())):
        next(a for a in window.docks.menu("palette").actions() if a.text() == text).trigger()
        assert check(), text


def test_a_double_click_on_the_handle_lets_the_dock_float(window):
    dock = window.docks.dock("inspector")
    QTest.mouseDClick(dock.titleBarWidget(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 6))
    assert dock.isFloating() and "put it back" in dock.titleBarWidget().toolTip()
    QTest.mouseDClick(dock.titleBarWidget(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 6))
    assert not dock.isFloating()


def test_the_layout_is_remembered(window, make):
    window.docks.move("palette", RIGHT)
    trigger(window, "inspector")
    window.breadcrumb.minimap.setChecked(False)
    window.arrangement.remember()
    again = make(window.settings)
    assert area(again, "palette") == RIGHT and again.docks.dock("inspector").isHidden()
    assert again.breadcrumb._hidden["inspector"].isVisible()
    assert not again.breadcrumb.minimap.isChecked() and not again.actions_by_id["inspector"].isChecked()


@pytest.mark.parametrize(("height", "share"), [(800, 0.5), (900, 0.5), (1000, 507), (1080, 507)])
def test_a_low_window_leaves_half_of_its_height_to_the_canvas(window, qtbot, height, share):
    window.resize(1600, height)
    window.show_page("Log")
    room = window.split.height()
    wanted = round(room * share) if share < 1 else share
    qtbot.waitUntil(lambda: abs(window.split.sizes()[1] - wanted) <= 1)


def test_a_height_that_was_given_holds_in_a_low_window_too(make, qtbot):
    window = make(Settings(theme="light", workbench_height=440))
    window.resize(1600, 800)
    window.show_page("Log")
    qtbot.waitUntil(lambda: window.split.sizes()[1] == 440)


def test_the_height_of_the_workbench_is_remembered(window, qtbot):
    window.resize(1600, 1000)
    window.show_page("Log")
    qtbot.waitUntil(lambda: window.split.sizes()[1] == 507)
    handle = window.split.handle(1)
    middle = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    QTest.mouseMove(handle, middle + QPoint(0, 120))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle + QPoint(0, 120))
    height = window.split.sizes()[1]
    assert height < 480 and window.settings.workbench_height == height
    trigger(window, "workbench")
    trigger(window, "workbench")
    qtbot.waitUntil(lambda: window.split.sizes()[1] == height)


def test_restore_layout_puts_everything_back(window, qtbot):
    window.docks.move("palette", RIGHT)
    window.docks.dock("inspector").setFloating(True)
    trigger(window, "palette")
    window.settings.workbench_height = 300
    window.show_page("Log")
    window.breadcrumb.minimap.setChecked(False)
    trigger(window, "restore_layout")
    assert (area(window, "palette"), area(window, "inspector")) == (LEFT, RIGHT)
    assert all(window.docks.dock(n).isVisible() and not window.docks.dock(n).isFloating() for n in ("palette", "inspector"))
    qtbot.waitUntil(lambda: [window.docks.dock(n).width() for n in ("palette", "inspector")] == [255, 311])
    assert window.workbench.state == "closed" and window.settings.workbench_height == 507
    assert window.breadcrumb.minimap.isChecked()


def test_the_keyboard_goes_with_a_page_that_fills_the_window(window):
    window.show_page("Log", fill=True)
    assert not window.workbench.strip.hasFocus()
