"""Who shows its focus: a control that the keyboard has led to, not one that was clicked."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

_BY_MOUSE = frozenset({Qt.FocusReason.MouseFocusReason, Qt.FocusReason.OtherFocusReason, Qt.FocusReason.PopupFocusReason})


def note_focus(widget: QWidget, event: QFocusEvent) -> None:
    """Remember how the focus came; call it from `focusInEvent`."""
    if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
        widget.setProperty("focusSeen", event.reason() not in _BY_MOUSE)


def see_focus(widget: QWidget) -> None:
    """A key is used on a control that was clicked: from now on it shows its focus."""
    widget.setProperty("focusSeen", True)


def shows_focus(widget: QWidget) -> bool:
    """Whether to paint the ring."""
    return widget.hasFocus() and bool(widget.property("focusSeen"))
