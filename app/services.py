"""What all documents of a window share: warm workers, a folder for what passes by, the minimap."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from graph_compiler.worker.spare import SpareWorkers

if TYPE_CHECKING:
    from app.window import MainWindow

IDLE = 1200
"""Milliseconds after the first paint when pages that will be needed soon are made."""


class Services(QObject):
    """Lives as long as the window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._scratch = tempfile.TemporaryDirectory(prefix="netloom-")
        self.spares = SpareWorkers()
        self._minimap: QWidget | None = None
        self._closed = False

    def folder(self) -> Path:
        """A new folder that goes with the window."""
        return Path(tempfile.mkdtemp(dir=self._scratch.name))

    def minimap(self, on: bool) -> None:
        """Show or hide the minimap."""
        if self._minimap is None and on:
            from widgets.minimap import Minimap

            self._minimap = Minimap(self._window.canvas)
        if self._minimap is not None:
            self._minimap.setVisible(on)

    def after_first_paint(self) -> None:
        """Start what may wait: the spare worker, and the words about the device."""
        self._window.status.set_device(device_words())
        if not os.environ.get("NETLOOM_NO_SPARE"):
            self.spares.prepare()
            QTimer.singleShot(IDLE, self._prepare_train)

    def _prepare_train(self) -> None:
        """Make the Train page while nobody waits for it, so that the first training does not pay for it."""
        if not self._closed:
            self._window.workbench.page("Train")

    def shut_down(self) -> None:
        """End the spare workers and let go of files."""
        self._closed = True
        self.spares.close()
        self._scratch.cleanup()


def device_words() -> str:
    """The device for the status bar, as far as it is known without TensorFlow."""
    threads = os.cpu_count() or 1
    return f"CPU, {threads} thread{'s' if threads > 1 else ''}"
