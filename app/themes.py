"""Light and dark: the system's choice, or the user's."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from widgets.theme import DARK, LIGHT, themes

_chosen = {"name": "system"}


def choose_theme(name: str) -> None:
    """`system`, `light` or `dark`."""
    _chosen["name"] = name
    _use()


def follow_system(owner: QWidget) -> None:
    """Switch with the system as long as nothing else is chosen."""
    hints = QGuiApplication.styleHints()
    hints.colorSchemeChanged.connect(_use)
    owner.destroyed.connect(lambda: hints.colorSchemeChanged.disconnect(_use))


def _use(_: object = None) -> None:
    name = _chosen["name"]
    if name == "system":
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        themes.use(DARK if dark else LIGHT)
    else:
        themes.use(DARK if name == "dark" else LIGHT)
