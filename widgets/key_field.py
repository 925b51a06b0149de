"""A field that takes keys instead of letters: what is pressed in it becomes a shortcut."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from widgets.keys import chord, shown_keys


class KeyField(QLineEdit):
    """`pressed(keys)` for each chord, in portable words. Tab moves on and Esc leaves, as everywhere."""

    pressed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setPlaceholderText("Press the keys")

    def show_keys(self, keys: str) -> None:
        """Show a chord."""
        self.setText(shown_keys(keys))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # the chord is wanted here, not by the command that has it now
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if plain and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            super().keyPressEvent(event)
        elif keys := chord(event):
            self.pressed.emit(keys)
