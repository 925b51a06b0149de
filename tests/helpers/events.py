"""Real mouse and key events for widget tests, and a document in a window's place."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QWidget

from graph_compiler.catalog import registry
from graph_compiler.graph.model import Document
from tests.helpers.drawing import drawing
from widgets.document import GraphDocument


def digits() -> Document:
    """A small convolutional network on MNIST, sound and trainable."""
    return drawing("mnist MNIST", "rescaling Rescaling scale=0.00392156862745098", "conv Conv2D filters=8 activation=relu",
                   "flatten Flatten", "dense Dense units=10 activation=softmax", "loss Loss",
                   "mnist.image > rescaling > conv > flatten > dense > loss.prediction", "mnist.label > loss.target")


def open_document(document: Document | None = None) -> GraphDocument:
    """A document as the window holds it."""
    return GraphDocument(document or digits(), registry())


def click_row(view: QAbstractItemView, row: int, double: bool = False) -> None:
    """Press the left button in the middle of a row; the second press of a double click is let go too, which Qt leaves out."""
    place = view.visualRect(view.model().index(row, 0)).center()
    how = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
    QTest.mouseClick(view.viewport(), *how)
    if double:
        QTest.mouseDClick(view.viewport(), *how)
        QTest.mouseRelease(view.viewport(), *how)


def type_over(field: QLineEdit, text: str) -> None:
    """Select what stands in a field and type something else, key by key."""
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, text)


def click(widget: QWidget, place: QPoint | None = None) -> None:
    """The left button, in the middle or at a place."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place or widget.rect().center())


def shown(qtbot: Any, widget: QWidget, width: int, height: int) -> Any:
    """The widget on the screen, in a size, active so that it takes keys."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    return widget
