"""From an empty drawing to an exported file with the keyboard alone, in the real window with a real worker."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import session
from app.settings import Settings
from app.window import MainWindow
from graph_compiler.runs.listing import folder_for, runs_of

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


@pytest.fixture
def window(qtbot, monkeypatch) -> MainWindow:
    monkeypatch.setattr(session, "ask", lambda *_, **__: session.DISCARD)
    window = MainWindow(Settings(theme="light"))
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    for run in runs_of(window.pages.runs.key):
        run.remove()


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key for whatever has the keyboard; something always has it."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, held)


def write(text: str) -> None:
    """Letters for whatever has the keyboard."""
    QTest.keyClicks(QApplication.focusWidget(), text)


def tab_to(wanted, most: int = 80) -> None:
    """Tab until a widget has the keyboard; it must be seen there."""
    for _ in range(most):
        if QApplication.focusWidget() is wanted:
            return
        press(Key.Key_Tab)
    raise AssertionError(f"Tab does not lead to {wanted.accessibleName() or wanted}")


def add(window: MainWindow, text: str) -> str:
    """A node by the search, behind the selected one."""
    press(Key.Key_Space)
    assert window.canvas.verbs.search is not None
    write(text)
    press(Key.Key_Return)
    return window.canvas.canvas.selected[-1]


@pytest.mark.timeout(300)
def test_build_wire_train_and_export_by_keyboard_alone(window, qtbot):
    press_on_window = QApplication.focusWidget() or window
    QTest.keyClick(press_on_window, Key.Key_N, CONTROL)
    assert window.canvas.hasFocus()
    source = add(window, "iris")
    hidden = add(window, "dense 16 relu")
    out = add(window, "dense 3 softmax")
    loss = add(window, "loss")
    graph = window.document.document.graph
    assert [graph.nodes[n].type for n in (source, hidden, out, loss)] == ["Iris", "Dense", "Dense", "Loss"]
    press(Key.Key_A, CONTROL)
    press(Key.Key_J)
    assert {(e.source, e.target) for e in graph.edges.values()} == {
        (source, hidden), (hidden, out), (out, loss), (source, loss)}
    assert window.document.analysis.clean, [p.title for p in window.document.analysis.problems]

    window.canvas.select([])
    press(Key.Key_Left)
    assert window.canvas.canvas.selected == [loss]  # where one was last
    for _ in range(2):
        press(Key.Key_Left)
    assert window.canvas.canvas.selected == [hidden]
    press(Key.Key_Return)
    assert window.inspector.isAncestorOf(QApplication.focusWidget())
    press(Key.Key_A, CONTROL)
    write("24")
    press(Key.Key_Return)
    assert graph.nodes[hidden].params["units"] == 24
    press(Key.Key_0, CONTROL)
    assert window.canvas.hasFocus()

    press(Key.Key_P, CONTROL | SHIFT)
    write("train")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: window.pages.runs.state == "running", timeout=90_000)
    qtbot.waitUntil(lambda: not window.pages.runs.busy, timeout=120_000)
    assert window.pages.runs.state == "finished", window.pages.log_lines

    press(Key.Key_F8)
    page = window.pages.results.export
    qtbot.waitUntil(page.start.isVisible)
    tab_to(page.start)
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: not page.busy and bool(page.table.lines), timeout=180_000)
    files = [Path(line["path"]) for line in page.table.lines]
    assert {f.suffix for f in files} == {".keras", ".tflite", ".onnx"} and all(f.stat().st_size for f in files)
    press(Key.Key_Escape)
    assert window.canvas.hasFocus() and folder_for(window.pages.runs.key).is_dir()
