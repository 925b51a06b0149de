"""The keyboard shortcuts: every command with its keys, found by name or keys, changed by pressing others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from widgets.controls import Button
from widgets.key_field import KeyField
from widgets.keys import shown_keys
from widgets.parts import Words
from widgets.search_field import SearchField
from widgets.tables import FADED, TOKEN, Index, Table


@dataclass(frozen=True)
class ShortcutRow:
    """A command as the dialog shows it. `fixed` keys cannot be changed, `changed` ones are the user's own."""

    id: str
    text: str
    menu: str
    keys: str
    fixed: bool = False
    changed: bool = False


class KeyBook(Protocol):
    """Where the keys are kept; the dialog asks it and tells it."""

    def lines(self) -> list[ShortcutRow]:
        """Every command."""

    def holder(self, name: str, keys: str) -> tuple[str, str] | None:
        """(id, words) of who has these keys already; an empty id cannot give them up."""

    def give(self, name: str, keys: str) -> None:
        """Give a command keys, none for an empty text."""

    def back(self, name: str) -> None:
        """The keys a command had at first; all of them for an empty id."""


class _Model(QAbstractTableModel):
    HEADINGS = ("Command", "Menu", "Keys")
    NO_PARENT = QModelIndex()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[ShortcutRow] = []

    def show_rows(self, rows: Sequence[ShortcutRow]) -> None:
        """Other rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.text, row.menu, shown_keys(row.keys))[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.text}, {shown_keys(row.keys) or 'no keys'}"
        if role == FADED:
            return row.fixed
        if role == TOKEN and index.column() == 2 and row.changed:
            return "accent"
        return None


class ShortcutsDialog(QDialog):
    """Changes take effect at once. A chord that another command has is said, and can be taken from it."""

    def __init__(self, book: KeyBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._book, self._wanted = book, ("", "")
        self.setWindowTitle("Keyboard shortcuts")
        self.resize(640, 600)
        self.search = SearchField("Search commands or keys")
        self.table = Table("Commands and their keys")
        self._model = _Model(self)
        self.table.setModel(self._model)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 96), (2, 150)):
            header.resizeSection(column, width)
        self.what = Words("", 13, 600)
        self.field = KeyField("New keys of the command")
        self.field.setFixedWidth(150)
        self.take, self.remove = Button("Take them", primary=True), Button("Remove")
        self.default, self.all_default = Button("Default"), Button("All to default")
        self.words = Words("", 12, 400, "text2")
        self._lay_out()
        self.search.textChanged.connect(self._fill)
        self.search.stepped.connect(self._step)
        self.search.confirmed.connect(self.field.setFocus)
        self.table.selectionModel().currentRowChanged.connect(self._show)
        self.table.activated.connect(self.field.setFocus)
        self.field.pressed.connect(self._pressed)
        self.take.clicked.connect(lambda: self._give(*self._wanted))
        self.remove.clicked.connect(lambda: self._give(self.current.id, ""))
        self.default.clicked.connect(lambda: self._back(self.current.id))
        self.all_default.clicked.connect(lambda: self._back(""))
        self._fill("")
        self.search.setFocus()

    def _lay_out(self) -> None:
        close = Button("Close")
        close.clicked.connect(self.accept)
        for button in (self.take, self.remove, self.default, self.all_default, close):
            button.setAutoDefault(False)
        below, foot = QHBoxLayout(), QHBoxLayout()
        below.addWidget(self.what, 1)
        for part in (self.field, self.remove, self.default):
            below.addWidget(part)
        foot.addWidget(self.words, 1)
        for part in (self.take, self.all_default, close):
            foot.addWidget(part)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 20, 20, 20)
        box.setSpacing(12)
        box.addWidget(self.search)
        box.addWidget(self.table, 1)
        box.addLayout(below)
        box.addLayout(foot)

    @property
    def current(self) -> ShortcutRow:
        """The row that is chosen."""
        return self._model.rows[max(self.table.currentIndex().row(), 0)]

    def _fill(self, text: str) -> None:
        words = text.lower().split()
        kept = self.current.id if self._model.rows else ""
        rows = [row for row in self._book.lines()
                if all(word in f"{row.text} {row.menu} {row.keys} {shown_keys(row.keys)}".lower() for word in words)]
        self._model.show_rows(rows)
        place = next((i for i, row in enumerate(rows) if row.id == kept), 0)
        self.table.setCurrentIndex(self._model.index(place, 0))
        self._show()

    def _step(self, by: int) -> None:
        place = min(max(self.table.currentIndex().row() + by, 0), len(self._model.rows) - 1)
        self.table.setCurrentIndex(self._model.index(place, 0))

    def _show(self, *_: object) -> None:
        """The chosen command below the table."""
        there = bool(self._model.rows)
        free = there and not self.current.fixed
        self.take.hide()
        for part in (self.field, self.remove, self.default):
            part.setEnabled(free)
        self.what.setText(self.current.text if there else "No command has this name.")
        self.field.show_keys(self.current.keys if there else "")
        self.remove.setEnabled(free and bool(self.current.keys))
        self.default.setEnabled(free and self.current.changed)
        self._say("These keys cannot be changed." if there and not free else "")

    def _say(self, words: str, token: str = "text2") -> None:
        self.words.set_token(token)
        self.words.setText(words)
        self.words.setAccessibleDescription(words)

    def _pressed(self, keys: str) -> None:
        row = self.current
        self.field.show_keys(keys)
        holder = self._book.holder(row.id, keys)
        self.take.hide()
        if holder is None:
            self._give(row.id, keys)
        elif holder[0]:
            self._wanted = (row.id, keys)
            self._say(f"{shown_keys(keys)} belongs to “{holder[1]}”.", "warn")
            self.take.show()
        else:
            self._say(f"{shown_keys(keys)} is there to {holder[1]}.", "warn")

    def _give(self, name: str, keys: str) -> None:
        self._book.give(name, keys)
        self._fill(self.search.text())
        self._say(f"{shown_keys(keys)} calls “{self.current.text}” now." if keys else "Keys removed.")

    def _back(self, name: str) -> None:
        self._book.back(name)
        self._fill(self.search.text())
        self._say("The keys are as at first.")
