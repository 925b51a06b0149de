"""Which keys call which command: as the table of commands says, unless the user has chosen others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from app.actions import COMMANDS, MENUS, Command, set_keys
from app.settings import Settings
from widgets.keys import KeyMap

TAKEN = {
    "Left": "move between nodes", "Right": "move between nodes", "Up": "move between nodes", "Down": "move between nodes",
    "Esc": "leave what is open", "Tab": "move the focus", "Shift+Tab": "move the focus",
    "Space": "add a node and move the view",
    "Home": "show the whole drawing", "Backspace": "delete, or leave a block", "Return": "open a node", "Enter": "open a node",
    "Ctrl+Y": "redo", "Ctrl+Return": "train", **{f"Alt+{title[0]}": f"open the {title} menu" for title in MENUS}}
"""Chords that are no command's to give away, and what they do."""


@dataclass(frozen=True)
class Clash:
    """Who has a chord already: a command that can give it up, or (with an empty id) the program itself."""

    id: str
    words: str


class Shortcuts(QObject):
    """Gives actions and canvas their keys. `changed` after any key was."""

    changed = Signal()

    def __init__(self, settings: Settings, actions: Mapping[str, QAction], canvas: KeyMap, parent: QObject) -> None:
        super().__init__(parent)
        self._settings, self._actions, self._canvas = settings, actions, canvas
        self._rows = {row.id: row for row in COMMANDS if row.id in actions}
        self._apply()

    def rows(self) -> list[Command]:
        """Every command there is."""
        return list(self._rows.values())

    def keys(self, name: str) -> str:
        """The chord of a command, empty without one."""
        row = self._rows[name]
        return row.keys if row.fixed else self._settings.shortcuts.get(name, row.keys)

    def is_changed(self, name: str) -> bool:
        """Whether the user has chosen other keys for a command."""
        return name in self._settings.shortcuts

    def clash(self, name: str, keys: str) -> Clash | None:
        """Who has these keys already; None when they are free for the command."""
        if not keys or keys == self.keys(name):
            return None
        other = next((row for row in self._rows.values() if row.id != name and self.keys(row.id) == keys), None)
        if other is not None and not other.fixed:
            return Clash(other.id, other.text.rstrip("…"))
        if keys in TAKEN and keys != self._rows[name].keys:
            return Clash("", TAKEN[keys])
        return None

    def set_keys(self, name: str, keys: str) -> None:
        """Give a command keys, none for an empty text. Who had them before has none then."""
        clash = self.clash(name, keys)
        if clash is not None and not clash.id:
            return
        if clash is not None:
            self._choose(clash.id, "")
        self._choose(name, keys)
        self._apply()

    def reset(self, name: str) -> None:
        """The keys of the table again; who has them now has none then."""
        self.set_keys(name, self._rows[name].keys)

    def reset_all(self) -> None:
        """Every key as the table says."""
        self._settings.shortcuts.clear()
        self._apply()

    def _choose(self, name: str, keys: str) -> None:
        if keys == self._rows[name].keys:
            self._settings.shortcuts.pop(name, None)
        elif not self._rows[name].fixed:
            self._settings.shortcuts[name] = keys

    def _apply(self) -> None:
        for name, row in self._rows.items():
            set_keys(self._actions[name], row, self.keys(name))
        changes = {row.verb or row.id: self.keys(row.id) for row in self._rows.values()
                   if row.canvas and self.is_changed(row.id)}
        self._canvas.bind(changes)
        self.changed.emit()
