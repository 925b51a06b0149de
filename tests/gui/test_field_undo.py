"""Ctrl+Z in a field of the inspector: first what was typed there, then the document; the keyboard stays in the field."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app import session
from app.settings import Settings
from app.window import MainWindow
from graph_compiler.graph.edits import SetParam
from widgets.inspector.node_page import NodePage

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot, monkeypatch) -> MainWindow:
    monkeypatch.setattr(session, "ask", lambda *_, **__: session.DISCARD)
    window = MainWindow(Settings(theme="light"))
    qtbot.addWidget(window)
    window.resize(1400, 900)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    window.open_template("digits-mlp")
    yield window
    window.close()


def field_of(window: MainWindow, qtbot, name: str) -> tuple[str, QLineEdit]:
    """The field of a parameter of the first Dense, with the keyboard in it."""
    node = next(n for n in window.document.document.graph.nodes.values() if n.type == "Dense")
    window.canvas.select([node.id])
    page = window.inspector.page
    assert isinstance(page, NodePage)
    field = next(f for f in page.findChildren(QLineEdit) if f.accessibleName() == name and f.isVisible())
    field.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is field)
    return node.id, field


def test_the_field_first_then_the_document(window, qtbot):
    node_id, field = field_of(window, qtbot, "units")
    graph, before = window.document.document.graph, field.text()
    window.document.do(SetParam(node_id, "units", 77))
    window.document.end_gesture()
    qtbot.waitUntil(lambda: field.text() == "77")
    field.selectAll()
    QTest.keyClicks(field, "96")
    assert graph.nodes[node_id].params["units"] == 96
    QTest.keyClick(field, Qt.Key.Key_Z, CONTROL)
    while field.isUndoAvailable():
        QTest.keyClick(field, Qt.Key.Key_Z, CONTROL)
    assert (field.text(), graph.nodes[node_id].params["units"]) == ("77", 77)
    QTest.keyClick(field, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: field.text() == before)
    assert str(graph.nodes[node_id].params.get("units")) == before
    assert QApplication.focusWidget() is field
    QTest.keyClick(field, Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: field.text() == "77")
    assert QApplication.focusWidget() is field
