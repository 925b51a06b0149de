"""Every command from the keyboard: the palette of commands, and keys that the user chooses."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.actions import COMMANDS, MENUS
from app.settings import load_settings, save_settings
from app.window import MainWindow
from tests.helpers.events import click_row
from tests.helpers.window import opened_window
from widgets.command_palette import Entry, search

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def window(qtbot, monkeypatch) -> MainWindow:
    return opened_window(qtbot, monkeypatch, "iris")


def called(window: MainWindow):
    """The palette, called by its keys."""
    QTest.keyClick(window.canvas, Qt.Key.Key_P, CONTROL | SHIFT)
    palette = window.command_box.palette
    assert palette is not None
    assert palette.field.hasFocus()
    return palette


def layer_of(window: MainWindow) -> str:
    """The first layer of the drawing."""
    facts = window.document.analysis.engine.facts
    return next(name for name, fact in facts.items() if fact.spec is not None and fact.spec.kind == "layer")


def names(hits) -> list[str]:
    return [hit.entry.id for hit in hits]


def test_runs_of_letters_beat_initials_and_scattered_ones():
    entries = [Entry("save", "Save", "File", "Ctrl+S"), Entry("as", "Save as…", "File"),
               Entry("dr", "Delete and reconnect", "Edit"), Entry("off", "Save off", enabled=False),
               Entry("d", "Duplicate", "Edit")]
    assert names(search("save", entries)) == ["save", "as", "off"]
    assert names(search("recon del", entries)) == ["dr"]
    assert names(search("dar", entries)) == ["dr"]
    assert set(names(search("edit", entries))) == {"dr", "d"}
    assert names(search("", entries, ["d"]))[0] == "d"
    assert search("sv", entries)[0].lit == (0, 2)


def test_a_command_is_found_by_letters_and_done(window):
    window.canvas.select([layer_of(window)])
    palette = called(window)
    QTest.keyClicks(palette.field, "mute")
    assert palette.model.hits[0].entry.id == "mute"
    assert palette.model.hits[0].entry.keys == "M"
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.command_box.palette is None
    assert window.canvas.hasFocus()
    assert window.document.document.graph.nodes[window.canvas.canvas.selected[0]].muted
    assert called(window).model.hits[0].entry.id == "mute"


def test_what_cannot_be_done_now_stands_last_and_is_passed_over(window):
    palette = called(window)
    QTest.keyClicks(palette.field, "undo")
    assert not palette.model.hits[0].entry.enabled
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.command_box.palette is palette
    QTest.keyClick(palette.field, Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(palette.field, "tidy")
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert window.command_box.palette is None
    assert window.canvas.hasFocus()


def test_templates_open_from_it(window):
    palette = called(window)
    QTest.keyClicks(palette.field, "digits-cnn")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.session.template == "digits-cnn"


def test_every_row_of_the_table_can_be_called(window):
    there = {hit.entry.id for hit in called(window).model.hits}
    assert set(window.actions_by_id) - {"commands"} <= there


def dialog_of(window: MainWindow):
    window.actions_by_id["shortcuts"].trigger()
    return window.command_box.dialog


def choose(dialog, text: str) -> None:
    QTest.keyClick(dialog.search, Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(dialog.search, text)
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)


def test_keys_of_the_window_are_chosen_by_pressing_them(window):
    dialog = dialog_of(window)
    choose(dialog, "templates")
    QTest.keyClick(dialog.field, Qt.Key.Key_T, CONTROL)
    assert window.actions_by_id["gallery"].shortcut().toString() == "Ctrl+T"
    assert window.settings.shortcuts == {"gallery": "Ctrl+T"}
    assert "Ctrl+T" in dialog.words.text()
    dialog.accept()
    QTest.keyClick(window.canvas, Qt.Key.Key_T, CONTROL)
    assert window.stack.currentWidget() is window.gallery


def test_a_menu_that_was_left_gives_the_keyboard_back_at_once(window, qtbot):
    window.canvas.setFocus()
    bar = window.menus
    place = bar.actionGeometry(next(a for a in bar.actions() if a.text() == "&Graph")).center()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    window.activateWindow()  # without a window manager nobody else does
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None and window.canvas.hasFocus())
    assert bar.activeAction() is None
    QTest.keyClick(window.canvas, Qt.Key.Key_A, CONTROL)
    assert len(window.canvas.canvas.selected) == len(window.document.document.graph.nodes)


@pytest.mark.parametrize(("key", "held", "title"), [
    *(pytest.param(getattr(Qt.Key, f"Key_{title[0]}"), ALT, title, id=title) for title in MENUS),
    pytest.param(Qt.Key.Key_F10, Qt.KeyboardModifier.NoModifier, "File", id="F10")])
def test_menus_open_from_the_canvas_by_their_first_letters(window, qtbot, key, held, title):
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, key, held)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    assert window.menus.activeAction().text() == f"&{title}"
    assert menu is window.menus.activeAction().menu()
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None and window.canvas.hasFocus())
    assert window.menus.activeAction() is None


def test_a_letter_of_a_menu_is_no_command_s_to_take(window):
    assert not {f"Alt+{title[0]}" for title in MENUS} & {row.keys for row in COMMANDS}
    clash = window.shortcuts.clash("gallery", "Alt+G")
    assert clash is not None
    assert (clash.id, clash.words) == ("", "open the Graph menu")


def test_keys_of_the_canvas_follow_and_are_shown_in_the_menus(window):
    dialog = dialog_of(window)
    choose(dialog, "mute")
    QTest.keyClick(dialog.field, Qt.Key.Key_B)
    dialog.accept()
    assert window.actions_by_id["mute"].text() == "Mute\tB"
    node = layer_of(window)
    window.canvas.select([node])
    QTest.keyClick(window.canvas, Qt.Key.Key_M)
    assert not window.document.document.graph.nodes[node].muted
    QTest.keyClick(window.canvas, Qt.Key.Key_B)
    assert window.document.document.graph.nodes[node].muted


def test_a_clash_is_said_and_the_keys_can_be_taken(window):
    dialog = dialog_of(window)
    choose(dialog, "templates")
    QTest.keyClick(dialog.field, Qt.Key.Key_S, CONTROL)
    assert dialog.words.text() == "Ctrl+S belongs to “Save”."
    assert window.actions_by_id["save"].shortcut().toString() == "Ctrl+S"
    QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    assert window.actions_by_id["gallery"].shortcut().toString() == "Ctrl+S"
    assert window.actions_by_id["save"].shortcut().isEmpty()
    assert window.settings.shortcuts == {"gallery": "Ctrl+S", "save": ""}
    QTest.mouseClick(dialog.all_default, Qt.MouseButton.LeftButton)
    assert window.actions_by_id["save"].shortcut().toString() == "Ctrl+S"
    assert window.settings.shortcuts == {}


@pytest.mark.parametrize(("key", "words"), [(Qt.Key.Key_Left, "move between nodes"), (Qt.Key.Key_Space, "add a node")])
def test_keys_of_the_program_itself_cannot_be_taken(window, key, words):
    dialog = dialog_of(window)
    choose(dialog, "mute")
    QTest.keyClick(dialog.field, key)
    assert words in dialog.words.text()
    assert not dialog.take.isVisible()
    assert window.settings.shortcuts == {}


def test_keys_are_kept_between_starts(window, tmp_path, qtbot):
    window.shortcuts.set_keys("train", "Ctrl+T")
    window.shortcuts.set_keys("mute", "")
    save_settings(window.settings, tmp_path / "settings.json")
    again = MainWindow(load_settings(tmp_path / "settings.json"))
    qtbot.addWidget(again)
    assert again.actions_by_id["train"].shortcut().toString() == "Ctrl+T"
    assert again.canvas.verbs.keys.keys("mute") == ""
    assert again.actions_by_id["mute"].text() == "Mute"


def test_tabs_of_the_workbench_and_the_inspector_are_called_by_keys(window):
    QTest.keyClick(window.canvas, Qt.Key.Key_5, CONTROL)
    assert window.workbench.current == "Problems"
    QTest.keyClick(window, Qt.Key.Key_0, CONTROL)
    assert window.canvas.hasFocus()
    window.canvas.select([next(iter(window.canvas.canvas.boxes))])
    QTest.keyClick(window.canvas, Qt.Key.Key_I, CONTROL)
    assert window.inspector.isAncestorOf(window.focusWidget())


def test_a_double_click_in_the_palette_builds_a_chain(window):
    window.new()
    palette = window.palette_dock
    for name in ("Iris", "Dense", "Loss"):
        QTest.keyClicks(palette.search, name)
        row = palette.model.row_of(name)
        click_row(palette.list, row, double=True)
        palette.search.clear()
    wires = {(e.source, e.target, e.target_port) for e in window.document.document.graph.edges.values()}
    assert wires == {("iris_1", "dense_1", "in"), ("dense_1", "loss_1", "prediction")}
    assert window.document.undo_stack.count() == 3
    xs = [node.x for node in window.document.document.graph.nodes.values()]
    assert xs == sorted(xs) and xs[1] - xs[0] == xs[2] - xs[1] == 256
