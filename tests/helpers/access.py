"""What a person without a mouse, or without eyes, meets in a window."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSpinBox, QApplication, QComboBox, QWidget


def reached(window: QWidget) -> list[QWidget]:
    """What is seen and takes the Tab key, in no order; a field inside a control, or a viewport, counts as the control."""
    return [w for w in QApplication.allWidgets()
            if w.window() is window and w.isVisible() and w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus
            and not isinstance(above := w.parentWidget(), (QAbstractSpinBox, QComboBox))
            and not (isinstance(above, QAbstractScrollArea) and above.viewport() is w)]


def walk(window: QWidget) -> Iterator[QWidget]:
    """Press Tab through the whole window, once around."""
    QCursor.setPos(window.mapToGlobal(QPoint(4, 4)))
    reached(window)[0].setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[QWidget] = []
    for _ in range(400):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        at = QApplication.focusWidget()
        if at in seen:
            return
        seen.append(at)
        yield at
    raise AssertionError("the Tab key does not come around")


def told(widget: QWidget) -> str:
    """The widget as an error names it."""
    above = widget.parentWidget()
    return f"{type(widget).__name__} {widget.objectName()} in {type(above).__name__ if above is not None else 'nothing'}"


def nameless(window: QWidget) -> list[str]:
    """Controls without a name, or without a role that says what they are."""
    found = []
    for widget in reached(window):
        face = QAccessible.queryAccessibleInterface(widget)
        if not face.text(QAccessible.Text.Name).strip():
            found.append(f"no name: {told(widget)}")
        if face.role() in (QAccessible.Role.NoRole, QAccessible.Role.Client):
            found.append(f"no role: {told(widget)}")
    return found


def unseen(window: QWidget) -> list[str]:
    """Controls that look the same with and without the keyboard, or have it where nobody sees them."""
    found = []
    for widget in walk(window):
        QApplication.processEvents()
        shown = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
        if shown.visibleRegion().isEmpty():
            found.append(f"out of sight: {told(widget)}")
            continue
        place = QRect(widget.mapTo(window, QPoint()), widget.size()).adjusted(-4, -4, 4, 4) & window.rect()
        focused = window.grab(place).toImage()
        widget.clearFocus()
        QApplication.processEvents()
        if window.grab(place).toImage() == focused:
            found.append(f"looks the same: {told(widget)}")
        widget.setFocus(Qt.FocusReason.TabFocusReason)
    return found
