"""Starts the program: theme and text size as they were, the window, what was named on the command line."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication

from app.settings import Settings, load_settings, save_settings
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
    window = lasting_window(settings, gallery=not path)
    window.show()
    if path and not window.open_named(path):
        window.show_gallery()
    window.painted.connect(window.recovery.offer)
    return app.exec()


def lasting_window(settings: Settings, gallery: bool = True) -> MainWindow:
    """A window whose recent files are written down at once, not only when it closes: a process may end before."""
    window = MainWindow(settings, gallery=gallery)
    window.session.remembered.connect(lambda: save_settings(settings))
    return window
