"""Starts the program: theme and text size as they were, the window, what was named on the command line."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication

from app.settings import load_settings
from app.themes import choose_text_size, choose_theme
from app.window import MainWindow
from widgets.motion import motion
from widgets.style import apply


def main(path: str | None = None) -> int:
    """Run the program until its window closes."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Netloom")
    app.setDesktopFileName("netloom")
    settings = load_settings()
    choose_theme(settings.theme, settings.contrast)
    choose_text_size(settings.text_size)
    apply(app)
    motion.allowed = True
    window = MainWindow(settings, gallery=not path)
    window.show()
    if path and not window.open_named(path):
        window.show_gallery()
    window.painted.connect(window.recovery.offer)
    return app.exec()
