"""The text of a note, written where it stands: leaving it keeps the text, Escape drops it."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from widgets.fonts import ui_font
from widgets.theme import theme


class NoteField(QPlainTextEdit):
    """`written(text)` when it is left with another text; `closed` afterwards; on Escape `closed` alone, then `dropped`."""

    written = Signal(str)
    closed = Signal()
    dropped = Signal()

    def __init__(self, parent: QWidget, text: str) -> None:
        super().__init__(text, parent)
        self._before, self._open = text, True
        t = theme()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(ui_font(12))
        self.setAccessibleName("Text of the note")
        self.setPlaceholderText("Write here")
        self.setTabChangesFocus(True)
        self.setStyleSheet(f"QPlainTextEdit {{ background: {t.note}; color: {t.notetext}; border: 2px solid {t.accent};"
                           f" border-radius: 6px; padding: 6px; selection-background-color: {t.accentfill} }}")

    def open_over(self, box: QRect) -> None:
        """Over the note, large enough to write in."""
        self.setGeometry(QRect(box.topLeft(), box.size().expandedTo(self.minimumSize())).adjusted(0, 0, 0, 8))
        self.show()
        self.raise_()
        self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.close_it(keep=False)
            self.dropped.emit()
        elif enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.close_it()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.close_it()

    def close_it(self, keep: bool = True) -> None:
        """Go away; `keep` gives the text that was written."""
        if self._open:
            self._open = False
            self.hide()
            text = self.toPlainText().strip()
            if keep and text != self._before:
                self.written.emit(text)
            self.closed.emit()
