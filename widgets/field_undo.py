"""Undo and redo in a field: first what was typed in it, then, where that is used up, the steps of the document."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

Field = QLineEdit | QPlainTextEdit


class FieldUndo(QObject):
    """Watches the field of one panel that has the keyboard: Qt's fields keep the keys even with nothing to take back."""

    def __init__(self, panel: QWidget) -> None:
        super().__init__(panel)
        self._panel = panel
        self._field: Field | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow)

    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        if self._field is not None and isValid(self._field):
            self._field.removeEventFilter(self)
        self._field = now if isinstance(now, (QLineEdit, QPlainTextEdit)) and self._panel.isAncestorOf(now) else None
        if self._field is not None:
            self._field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A key the field has no use for goes on to the window's own undo."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and watched is self._field:
            undo, redo = event.matches(QKeySequence.StandardKey.Undo), event.matches(QKeySequence.StandardKey.Redo)
            if (undo or redo) and not _can(self._field, redo=redo):
                event.ignore()
                return True
        return False


def _can(field: Field, redo: bool) -> bool:
    """Whether something typed in the field can be taken back or done again."""
    if isinstance(field, QLineEdit):
        return field.isRedoAvailable() if redo else field.isUndoAvailable()
    return field.document().isRedoAvailable() if redo else field.document().isUndoAvailable()
