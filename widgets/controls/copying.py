"""A button that puts a text on the clipboard and says so for a moment."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from widgets.controls.buttons import Button

SAID = 1500
"""Milliseconds for which it says that the text was copied."""
DONE = "Copied"


class CopyButton(Button):
    """Copies what `source()` gives when it is pressed. It is always wide enough for both of its words."""

    def __init__(self, source: Callable[[], str], text: str = "Copy", primary: bool = False, small: bool = True,
                 parent: QWidget | None = None) -> None:
        super().__init__(text, icon="copy", primary=primary, small=small, parent=parent)
        self._source, self._words = source, text
        self._back = QTimer(self, singleShot=True, interval=SAID)
        self._back.timeout.connect(self._say_again)
        self.clicked.connect(self._copy)

    def _copy(self, _: object = None) -> None:
        QGuiApplication.clipboard().setText(self._source())
        self._say(DONE, "check")
        self._back.start()

    def _say_again(self) -> None:
        self._say(self._words, "copy")

    def _say(self, words: str, icon: str) -> None:
        self.setText(words)
        self.setIcon(icon)

    def sizeHint(self) -> QSize:
        return QSize(max(self._need(words) for words in (self._words, DONE)), super().sizeHint().height())
