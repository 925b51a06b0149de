"""How long ago the drawing was changed, told in the status bar while nothing else is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from widgets.words import ago

if TYPE_CHECKING:
    from app.window import MainWindow

BEAT = 5000
"""Milliseconds between two looks at the clock."""


class Age(QObject):
    """Follows the document in front of a window. What somebody else has said stands for a while before it is replaced."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._changed_at = 0.0
        self._clock = QTimer(self)
        self._clock.setInterval(BEAT)
        self._clock.timeout.connect(self._beat)
        self._clock.start()

    def touch(self) -> None:
        """The drawing has changed just now."""
        self._changed_at = time.monotonic()
        self.say()

    def forget(self) -> None:
        """Another document is in front."""
        self._changed_at = 0.0

    def clean_changed(self, clean: bool) -> None:
        """Back at what the file holds there is no age to tell."""
        if clean and not self._window.pages.runs.busy:
            self._window.status.say("As saved" if self._window.document.path else "")

    def say(self) -> None:
        """Tell the age, where there is one."""
        window = self._window
        if window.in_gallery:
            return
        if self._changed_at and not window.pages.runs.busy and not window.document.undo_stack.isClean():
            window.status.say(f"Changed {ago(time.monotonic() - self._changed_at)}")

    def _beat(self) -> None:
        if self._window.status.rested:
            self.say()

    def stop(self) -> None:
        """The window closes."""
        self._clock.stop()
