"""What copies and what shows folders says that it did so, or what came instead."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from tests.helpers.answering import Answers
from tests.helpers.events import shown
from tests.helpers.window import opened_window
from widgets.controls import CopyButton
from widgets.controls.copying import DONE
from widgets.folders import COPY
from widgets.pages.beside import Beside


def test_a_button_that_copies_says_so_and_keeps_its_width(qtbot):
    texts = ["first", "second"]
    button = shown(qtbot, CopyButton(lambda: texts.pop(0), "Copy report"), 200, 24)
    wide = button.sizeHint().width()
    for text in list(texts):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert QGuiApplication.clipboard().text() == text and button.text() == DONE
        assert button.sizeHint().width() == wide
        qtbot.waitUntil(lambda: button.text() == "Copy report")
        assert button.sizeHint().width() == wide


def test_a_folder_that_nothing_can_show_is_told_by_its_path(qtbot, tmp_path: Path):
    beside = shown(qtbot, Beside({}), 500, 600)
    beside.set_told({}, tmp_path)
    answers = Answers()
    answers(COPY)
    QTest.mouseClick(beside.open, Qt.MouseButton.LeftButton)
    assert answers.words == [f"No file manager was found: The folder is {tmp_path}"]
    assert QGuiApplication.clipboard().text() == str(tmp_path)


def test_so_is_the_folder_of_saved_blocks(qtbot, monkeypatch):
    window = opened_window(qtbot, monkeypatch, "iris")
    answers = Answers()
    answers("")
    window.palette_dock.folder_wanted.emit()
    assert answers.words == [f"No file manager was found: The folder is {window.offers.saved.folder}"]
