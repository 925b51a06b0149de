"""The status bar: its doors by keyboard, and words that stand until they are read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from graph_compiler.graph.edits import SetAbout
from tests.helpers.window import opened_window
from widgets import statusbar
from widgets.statusbar import StatusBar


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_the_status_bar_leads_to_problems_and_the_doctor_by_keyboard(qtbot, key):
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.set_device("CPU, 2 threads")
    bar.show()
    for door, opened in ((bar.device, bar.device_clicked), (bar.problems, bar.problems_clicked)):
        with qtbot.waitSignal(opened):
            QTest.keyClick(door, key)


def test_the_age_of_a_change_waits_until_other_words_are_read(qtbot, monkeypatch):
    window = opened_window(qtbot, monkeypatch, "iris")
    window.document.do(SetAbout("title", "Flowers"))
    assert window.status.going_on.text() == "Changed just now"
    window.status.say("Select one block.")
    window.age._beat()
    assert window.status.going_on.text() == "Select one block."
    monkeypatch.setattr(statusbar, "STANDS", 0.0)
    window.age._beat()
    assert window.status.going_on.text() == "Changed just now"
