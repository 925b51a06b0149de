"""The columns of a source as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QWidget

from graph_compiler.datasets.csv_layout import ROLES
from graph_compiler.specs.tensors import Column
from widgets.fonts import scaled, text_width
from widgets.tables import BELOW, FADED, MENU, NO_PARENT, TALL, Index, Table
from widgets.words import shape


@dataclass(frozen=True)
class ColumnLine:
    """One column as the list shows it; `kinds` are what it may be changed to (empty: it may not)."""

    name: str
    kind: str
    holds: str
    role: str
    used: bool = True
    kinds: tuple[str, ...] = ()
    tip: str = ""


def line_of(column: Column, role: str) -> ColumnLine:
    """The line of a column that is what it is."""
    holds = f"{len(column.classes)} classes" if column.classes else shape(column.shape) if column.shape else column.unit
    words = f"{holds} · {column.dtype}" if holds else column.dtype
    return ColumnLine(column.name, column.kind, words, role, tip=column.summary)


class ColumnModel(QAbstractTableModel):
    """Columns of a source: name with what it holds and its dtype, kind, role."""

    HEADINGS = ("Column", "Kind", "Role")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: list[ColumnLine] = []

    def set_lines(self, lines: Sequence[ColumnLine]) -> None:
        """Show these columns; the same names in the same order keep selection and scroll."""
        if [line.name for line in lines] == [line.name for line in self.lines]:
            self.lines = list(lines)
            if lines:
                self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, len(self.HEADINGS) - 1))
            return
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, column = self.lines[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return (line.name, line.kind, line.role)[column]
        if role == BELOW and column == 0:
            return line.holds
        if role == FADED:
            return not line.used
        if role == MENU and line.kinds:
            return {1: line.kinds, 2: ROLES if line.used else None}.get(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return line.tip or line.name
        return None


class ColumnTable(Table):
    """The columns of a source. Kind and role of a CSV's columns open a menu on click, Enter or F2."""

    chosen = Signal(str)
    changed = Signal(str, str, str)
    """(column, "kind" or "role", value)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Columns", parent)
        self.columns = ColumnModel(self)
        self.setModel(self.columns)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        for i in (1, 2):
            header.setSectionResizeMode(i, QHeaderView.ResizeMode.Fixed)
        self._fit()
        self.clicked.connect(self._open)
        self.activated.connect(self._open)
        self.selectionModel().currentRowChanged.connect(self._tell)

    def _fit(self) -> None:
        """Rows and columns grow with the text."""
        self.verticalHeader().setDefaultSectionSize(max(TALL, scaled(TALL)))
        for i, (width, word) in enumerate(((92, "category"), (84, "feature")), 1):
            self.setColumnWidth(i, max(width, round(text_width(word, 13)) + 36))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and self.model() is not None:
            self._fit()
        super().changeEvent(event)

    def choose(self, name: str) -> None:
        """Select a column by name."""
        for row, line in enumerate(self.columns.lines):
            if line.name == name:
                self.selectRow(row)

    def _tell(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self.columns.lines[current.row()].name)

    def menu_at(self, index: QModelIndex) -> QMenu | None:
        """The menu of a cell that can be changed."""
        options = index.data(MENU)
        if not options:
            return None
        menu, line = QMenu(self), self.columns.lines[index.row()]
        what = "kind" if index.column() == 1 else "role"
        for option in options:
            action = QAction(option, menu, checkable=True, checked=option == index.data())
            action.triggered.connect(lambda _=False, name=line.name, value=option: self.changed.emit(name, what, value))
            menu.addAction(action)
        return menu

    def _open(self, index: QModelIndex) -> None:
        menu = self.menu_at(index)
        if menu is not None:
            below = self.visualRect(index).bottomLeft() + QPoint(0, 2)
            menu.popup(self.viewport().mapToGlobal(below))
            menu.aboutToHide.connect(menu.deleteLater)
