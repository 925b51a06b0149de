"""The style sheet and the palette from the tokens: `apply` dresses the program once and follows every switch of the theme."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, QTemporaryDir
from PySide6.QtGui import QColor, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from widgets.focus_ring import FocusRing
from widgets.fonts import redress, scaled, ui_font
from widgets.icons import paint_icon
from widgets.style_rules import RULES
from widgets.theme import Theme, theme, themes

_ROLES = {
    QPalette.ColorRole.Window: "panel", QPalette.ColorRole.WindowText: "text", QPalette.ColorRole.Base: "field",
    QPalette.ColorRole.AlternateBase: "sunken", QPalette.ColorRole.Text: "text", QPalette.ColorRole.Button: "card",
    QPalette.ColorRole.ButtonText: "text", QPalette.ColorRole.BrightText: "onfill", QPalette.ColorRole.Highlight: "accentfill",
    QPalette.ColorRole.HighlightedText: "onfill", QPalette.ColorRole.ToolTipBase: "panel",
    QPalette.ColorRole.ToolTipText: "text", QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent", QPalette.ColorRole.PlaceholderText: "text3",
    QPalette.ColorRole.Light: "card", QPalette.ColorRole.Midlight: "hover", QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "line2", QPalette.ColorRole.Shadow: "line2"}

_PICTURES = {"right": ("chevron-right", "text2"), "down": ("chevron-down", "text2"), "up": ("chevron-up", "text2"),
             "tick": ("check", "text"), "check": ("check", "onfill"), "close": ("close", "text2")}
"""Small pictures of the rules: name -> icon and colour token."""

_folders: list[QTemporaryDir] = []
"""Holds the folder of the pictures for the life of the process."""


def sheet(t: Theme) -> str:
    """The style sheet of a theme."""
    text = re.sub(r"@(\w+)", lambda m: str(getattr(t, m.group(1))), RULES)
    text = re.sub(r"font-size: (\d+)px", lambda m: f"font-size: {max(11, scaled(int(m.group(1))))}px", text)
    return re.sub(r"url\(#([\w-]+)#\)", lambda m: f"url({_picture(t, m.group(1))})", text)


def palette(t: Theme) -> QPalette:
    """The palette of a theme, so that native dialogs follow."""
    made = QPalette()
    for role, token in _ROLES.items():
        made.setColor(role, t.color(token))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(t.color("text3", 0.6)))
    return made


def apply(app: QApplication) -> None:
    """Give the program its style, font, palette, sheet and focus ring, in step with the theme. Once is enough."""
    if app.property("netloomStyle"):
        return
    app.setProperty("netloomStyle", True)
    app.setStyle("Fusion")
    restyle(app)
    themes.changed.connect(lambda _theme: restyle(app))
    app.focusChanged.connect(FocusRing(app).follow)


def high_contrast(t: Theme) -> Theme:
    """Lines in the captions' colour, captions and labels in darker ones, the ring of the focus in the accent itself."""
    return replace(t, name=f"{t.name}-contrast", line=t.text3, line2=t.text3, text2=t.text, text3=t.text2, halo=t.accent)


def restyle(app: QApplication) -> None:
    """Font, palette and sheet anew, after another theme or text size."""
    app.setFont(ui_font())
    app.setPalette(palette(theme()))
    app.setStyleSheet(sheet(theme()))
    redress(app.allWidgets())  # a new sheet gives some widgets the font they had under the first one


def _picture(t: Theme, name: str) -> str:
    """The file of a small picture in the colours of a theme, painted when it is first asked for."""
    if not _folders:
        _folders.append(QTemporaryDir())
    path = Path(_folders[0].path()) / f"{name}-{t.name}.png"
    if not path.exists():
        icon, token = _PICTURES[name]
        picture = QPixmap(48, 48)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_icon(painter, icon, QRectF(0, 0, 48, 48), t.color(token))
        painter.end()
        picture.save(str(path))
    return path.as_posix()
