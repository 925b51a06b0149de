"""The command palette and the dialog of shortcuts of one window: what they list, and what a choice does."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app import paths
from app.recent import present
from app.shortcuts import Shortcuts

if TYPE_CHECKING:
    from app.window import MainWindow
    from widgets.command_palette import CommandPalette, Entry
    from widgets.shortcuts_dialog import ShortcutRow, ShortcutsDialog

KEPT = 8
"""Commands remembered as recent."""


class CommandBox(QObject):
    """Opens both, and remembers what was chosen last."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.palette: CommandPalette | None = None
        self.dialog: ShortcutsDialog | None = None
        self._recent: list[str] = []
        self._before: QWidget | None = None
        """What had the keyboard before the palette came up."""

    # The palette.

    def open(self) -> None:
        """Every command to choose from; a second time it goes away."""
        from widgets.command_palette import CommandPalette

        if self.palette is not None:
            self._close()
            return
        self._before = self._window.focusWidget()
        self.palette = CommandPalette(self._entries(), self._recent, self._window)
        self.palette.chosen.connect(self._do)
        self.palette.closed.connect(self._close)
        self.palette.open()

    def _entries(self) -> list[Entry]:
        from app.guide_texts import written
        from widgets.command_palette import Entry

        shortcuts = self._window.shortcuts
        actions = self._window.actions_by_id
        found = [Entry(row.id, self._words(row.id, row.submenu), row.menu, shortcuts.keys(row.id), actions[row.id].isEnabled())
                 for row in shortcuts.rows() if row.id != "commands"]
        found += [Entry(f"file {file}", f"Open {name}", "Recent") for file, name in present(self._window.settings).items()]
        found += [Entry(f"guide {a.id}", f"Guide: {a.title}", "Guide") for a in written()]
        return found + [Entry(f"template {name}", f"Open template {name}", "Templates") for name in paths.template_ids()]

    def _words(self, name: str, submenu: str) -> str:
        """What an action says now, with the submenu where it says too little, and whether it is on."""
        action = self._window.actions_by_id[name]
        text = action.text().partition("\t")[0]
        said = f"{submenu}: {text}" if submenu.startswith("Text") else text
        return f"{said} (on)" if action.isCheckable() and action.isChecked() else said

    def _do(self, name: str) -> None:
        self._close()
        self._recent = [name, *(r for r in self._recent if r != name)][:KEPT]
        kind, _, what = name.partition(" ")
        work: dict[str, Callable[[], object]] = {
            "file": partial(self._window.open, Path(what)), "template": partial(self._window.open_template, what),
            "guide": partial(self._window.guide.open, what)}
        work[kind]() if kind in work else self._window.actions_by_id[name].trigger()

    def _close(self) -> None:
        palette, self.palette = self.palette, None
        if palette is None:
            return
        had = palette.isAncestorOf(self._window.focusWidget() or self._window)
        palette.hide()
        palette.deleteLater()
        if had and self._before is not None and isValid(self._before) and self._before.isVisible():
            self._before.setFocus()
        self._before = None

    # The shortcuts.

    def open_shortcuts(self) -> None:
        """The table of keys."""
        from widgets.shortcuts_dialog import ShortcutsDialog

        self.dialog = ShortcutsDialog(Keys(self._window.shortcuts), self._window)
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()


class Keys:
    """The shortcuts as their dialog asks for them."""

    def __init__(self, shortcuts: Shortcuts) -> None:
        self._shortcuts = shortcuts

    def lines(self) -> list[ShortcutRow]:
        """Every command."""
        from widgets.shortcuts_dialog import ShortcutRow

        keys = self._shortcuts
        return [ShortcutRow(row.id, f"{row.submenu}: {row.text}" if row.submenu.startswith("Text") else row.text, row.menu,
                            keys.keys(row.id), row.fixed, keys.is_changed(row.id)) for row in keys.rows()]

    def holder(self, name: str, keys: str) -> tuple[str, str] | None:
        """Who has these keys already."""
        clash = self._shortcuts.clash(name, keys)
        return (clash.id, clash.words) if clash is not None else None

    def give(self, name: str, keys: str) -> None:
        """Give a command keys."""
        self._shortcuts.set_keys(name, keys)

    def back(self, name: str) -> None:
        """The first keys again."""
        self._shortcuts.reset(name) if name else self._shortcuts.reset_all()
