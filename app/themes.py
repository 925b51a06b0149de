"""How the program looks: light or dark by the system or the user, high contrast, text size, motion."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from widgets import fonts, style
from widgets.theme import DARK, LIGHT, Theme, themes

SIZES = (90, 100, 115, 130)
"""Text sizes in percent."""
_chosen: dict[str, object] = {"name": "system", "contrast": False}


def choose_theme(name: str, contrast: bool | None = None) -> None:
    """`system`, `light` or `dark`; `contrast` draws lines and borders in the colour of captions, None leaves it as it is."""
    _chosen["name"] = name
    if contrast is not None:
        _chosen["contrast"] = contrast
    _use()


def choose_text_size(percent: int) -> None:
    """Every text of the program in this size; widgets that are there follow."""
    if percent == round(fonts.text_scale() * 100):
        return
    fonts.set_text_scale(percent / 100)
    app = QApplication.instance()
    if isinstance(app, QApplication):
        style.restyle(app)


def follow_system() -> None:
    """Switch with the system as long as nothing else is chosen. Once is enough for the life of the process."""
    if not _chosen.get("followed"):
        _chosen["followed"] = True
        QGuiApplication.styleHints().colorSchemeChanged.connect(_use)


@cache
def _contrasting(name: str) -> Theme:
    return style.high_contrast(DARK if name == "dark" else LIGHT)


def _use(_: object = None) -> None:
    name = _chosen["name"]
    if name == "system":
        name = "dark" if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"
    plain = DARK if name == "dark" else LIGHT
    themes.use(_contrasting(plain.name) if _chosen["contrast"] else plain)
