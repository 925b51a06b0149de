"""Keys that are told outside of the menus, as chips on buttons and behind tooltips, are those the user has chosen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.actions import COMMANDS
from widgets.controls import Button
from widgets.keys import shown_keys
from widgets.search_field import SearchField

if TYPE_CHECKING:
    from app.window import MainWindow

_CHORD = re.compile(r" \(([^()]+)\)$")
_IDS = {row.keys: row.id for row in COMMANDS if row.keys}
_FIRST, _TOLD = "firstTip", "toldTip"
"""Properties of a widget: its tooltip as it was made, and as it is told now."""


class KeyLabels(QObject):
    """Follows the shortcuts of one window; widgets are made with the keys of the table of commands."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._told = window, False
        window.shortcuts.changed.connect(self.follow)
        window.workbench.shown.connect(self.follow)
        self.follow()

    def follow(self, _: object = None) -> None:
        """Label everything there is; nothing to do as long as nobody has chosen keys."""
        if self._told or self._window.settings.shortcuts:
            self._told = True
            for widget in self._window.findChildren(QWidget):
                self._label(widget)

    def _label(self, widget: QWidget) -> None:
        if isinstance(widget, Button | SearchField) and (name := _IDS.get(widget.first_key.replace(" ", "+"))):
            widget.set_key(shown_keys(self._window.shortcuts.keys(name)).replace("+", " "))
        tip = widget.toolTip()
        first = str(widget.property(_FIRST)) if tip and widget.property(_TOLD) == tip else tip
        found = _CHORD.search(first)
        if found is not None and (name := _IDS.get(found[1])):
            keys = shown_keys(self._window.shortcuts.keys(name))
            told = first[:found.start()] + (f" ({keys})" if keys else "")
            widget.setToolTip(told)
            widget.setProperty(_FIRST, first)
            widget.setProperty(_TOLD, told)
