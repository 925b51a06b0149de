"""A picture of the real window: opens a document as a user would, shows a tab, grabs the window, closes it."""

from __future__ import annotations

import os
import sys
import time

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app.settings import Settings
from app.window import MainWindow
from widgets.style import apply
from widgets.theme import DARK, LIGHT, themes

FILLED = frozenset({"evaluate", "export"})
PATIENCE = 20.0
"""Seconds to wait for pictures of sources and evaluations."""


def shot(doc: str, png: str, size: tuple[int, int] = (1600, 1000), theme: str = "light", tab: str = "") -> None:
    """Write the picture. `doc` is a file, a template id, or `gallery`; OSError when the file cannot be written."""
    os.environ["NETLOOM_NO_SPARE"] = "1"
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    themes.use(DARK if theme == "dark" else LIGHT)
    apply(app)
    window = MainWindow(Settings(theme=theme))
    try:
        window.resize(*size)
        window.show()
        if doc != "gallery":
            window.open_named(doc)
        if tab:
            window.show_page(tab.capitalize(), fill=tab in FILLED)
        _settle(window)
        if not window.grab().save(png):
            raise OSError(f"{png} cannot be written.")
    finally:
        window.shut_down()
        window.deleteLater()


def _settle(window: MainWindow) -> None:
    """Let the window paint, load its sample pictures and finish what it has begun."""
    loop = QEventLoop()
    QTimer.singleShot(300, loop.quit)
    loop.exec()
    deadline = time.monotonic() + PATIENCE
    while not window.settled and time.monotonic() < deadline:
        QTimer.singleShot(50, loop.quit)
        loop.exec()
