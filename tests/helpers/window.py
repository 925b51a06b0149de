"""The real window as tests open it: shown and active, no worker kept warm, nothing asked when a drawing is left."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app import session
from app.settings import Settings
from app.window import MainWindow


def opened_window(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, template: str = "", width: int = 1400,
                  height: int = 900) -> MainWindow:
    """The window with a template in front, or with the gallery; qtbot closes it."""
    monkeypatch.setenv("NETLOOM_NO_SPARE", "1")
    monkeypatch.setattr(session, "ask", lambda *_, **__: session.DISCARD)
    window = MainWindow(Settings(theme="light"))
    qtbot.addWidget(window)
    window.resize(width, height)
    window.show()
    window.activateWindow()
    if template:
        window.open_template(template)
    qtbot.waitUntil(window.isActiveWindow)
    return window
