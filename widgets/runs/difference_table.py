"""What tells the chosen runs apart: one line for each place where their drawings or settings are not the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from graph_compiler.runs.comparison import Difference
from widgets.tables import HEADER, LEFT, NO_PARENT, ROW, TOKEN, Index, Table


class DifferenceModel(QAbstractTableModel):
    """A line a difference: the place, then the value in each run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names: tuple[str, ...] = ()
        self.lines: list[Difference] = []

    def set_lines(self, names: Sequence[str], lines: Sequence[Difference]) -> None:
        """`names` heads the columns of values."""
        self.beginResetModel()
        self.names, self.lines = tuple(names), list(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else 1 + len(self.names)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.names[section - 1] if section else "Where"
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, column = self.lines[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return line.values[column - 1] if column else " · ".join(filter(None, (line.place, line.what)))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(LEFT)
        if role == TOKEN and column > 1:
            return "text3" if line.values[column - 1] == line.values[0] else "text"
        return "text" if role == TOKEN and column else None


class DifferenceTable(Table):
    """Values that are those of the first run are faint in the others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("What differs", parent)
        self.lines = DifferenceModel(self)
        self.setModel(self.lines)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def need(self) -> int:
        """The height at which no line is hidden."""
        return HEADER + ROW * len(self.lines.lines) + 2

    def show_lines(self, names: Sequence[str], lines: Sequence[Difference]) -> None:
        """Show these differences between the runs of these names."""
        self.lines.set_lines(names, lines)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        if len(names) > 3:
            header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
            for column in range(len(names) + 1):
                self.setColumnWidth(column, 116 if column else 200)
