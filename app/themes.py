"""Light and dark: the system's choice, or the user's."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from widgets.theme import DARK, LIGHT, themes

_chosen = {"name": "system"}


def choose_theme(name: str) -> None:
    """`system`, `light` or `dark`."""
    _chosen["name"] = name
    _use()


def follow_system() -> None:
    """Switch with the system as long as nothing else is chosen. Once is enough for the life of the process."""
    if not _chosen.get("followed"):
        _chosen["followed"] = "yes"
        QGuiApplication.styleHints().colorSchemeChanged.connect(_use)


def _use(_: object = None) -> None:
    name = _chosen["name"]
    if name == "system":
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        themes.use(DARK if dark else LIGHT)
    else:
        themes.use(DARK if name == "dark" else LIGHT)
