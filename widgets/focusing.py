"""Where the keyboard goes when a part of the window is called: to the first thing in it that takes it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def first_inside(part: QWidget) -> QWidget | None:
    """The first widget of a part that the Tab key would reach, None without one."""
    at = part.nextInFocusChain()
    while at is not None and at is not part:
        if part.isAncestorOf(at) and at.isEnabled() and at.isVisibleTo(part) and at.focusPolicy() & Qt.FocusPolicy.TabFocus:
            return at
        at = at.nextInFocusChain()
    return None


def focus_into(part: QWidget) -> None:
    """Give a part the keyboard."""
    (first_inside(part) or part).setFocus(Qt.FocusReason.ShortcutFocusReason)
