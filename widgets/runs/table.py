"""The table of runs: sorted by a click on a heading, filtered by words, name and note edited in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPointF, QRectF, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleOptionViewItem, QWidget

from widgets.icons import paint_icon
from widgets.runs.looks import run_color
from widgets.runs.rows import STATE_WORDS, Column, RunRow, columns
from widgets.tables import INDENT, LEFT, NO_PARENT, RIGHT, SORT, TOKEN, CellPainter, Index, Table
from widgets.theme import theme

SLOT = Qt.ItemDataRole.UserRole + 20
"""Which colour a chosen run has, -1 for one without a curve, None for one that is not chosen."""
EDITABLE = frozenset({"run", "note"})
HEADING_TIPS = {"run": "Number and name. F2 or a double click names a run.", "figure": "On test rows where it was measured.",
                "loss": "On validation rows, else on training rows.", "note": "F2 or a double click writes a note."}


class RunModel(QAbstractTableModel):
    """Rows of runs. `renamed(folder, name)` and `noted(folder, text)` after an edit in place."""

    renamed = Signal(str, str)
    noted = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[RunRow] = []
        self.columns: tuple[Column, ...] = columns(())
        self._slots: Mapping[str, int] = {}

    def set_rows(self, rows: Sequence[RunRow]) -> None:
        """Show these runs."""
        self.beginResetModel()
        self.rows, self.columns = list(rows), columns(rows)
        self.endResetModel()

    def set_slots(self, slots: Mapping[str, int]) -> None:
        """The colours of the chosen runs, by folder."""
        self._slots = dict(slots)
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.columns) - 1), [SLOT])

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.heading
        if role == Qt.ItemDataRole.ToolTipRole:
            return HEADING_TIPS.get(column.id, column.heading)
        return int(RIGHT if column.right else LEFT) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsEditable if self.columns[index.column()].id in EDITABLE else usual

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], self.columns[index.column()]
        if role == Qt.ItemDataRole.EditRole:
            return row.name if column.id == "run" else row.note
        plain = {Qt.ItemDataRole.DisplayRole: column.text, SORT: column.key}.get(role)
        if plain is not None:
            return plain(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(RIGHT if column.right else LEFT)
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.reason if column.id == "state" and row.reason else row.note if column.id == "note" else None
        if role == INDENT:
            return {"run": 28, "state": 20}.get(column.id, 0)
        if role == TOKEN:
            return STATE_WORDS[row.state][1] if column.id == "state" else None
        return self._slots.get(row.folder) if role == SLOT else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row, column = self.rows[index.row()], self.columns[index.column()]
        text = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or text == (row.name if column.id == "run" else row.note):
            return False
        (self.renamed if column.id == "run" else self.noted).emit(row.folder, text)
        return True


class Filtered(QSortFilterProxyModel):
    """Rows in which every word of the filter occurs."""

    def __init__(self, model: RunModel) -> None:
        super().__init__(model)
        self._model = model
        self._words: tuple[str, ...] = ()
        self.setSourceModel(model)
        self.setSortRole(SORT)

    def look_for(self, text: str) -> None:
        """Other words."""
        self.beginFilterChange()
        self._words = tuple(text.lower().split())
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        searched = self._model.rows[row].searched()
        return all(word in searched for word in self._words)


class RunPainter(CellPainter):
    """Draws the box of choice in the first column, in the colour of the run's curve, and the sign of its state."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        indent = index.data(INDENT)
        if not indent:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, left = option.rect.center().y() + 0.5, float(option.rect.left() + 8)
        if indent == 28:
            _paint_choice(painter, QRectF(left + 2, middle - 8, 16, 16), index.data(SLOT))
        else:
            icon = next((icon for words, _, icon in STATE_WORDS.values() if words == index.data()), "")
            if icon:
                paint_icon(painter, icon, QRectF(left, middle - 7, 14, 14), theme().color(index.data(TOKEN)))
        painter.restore()


def _paint_choice(painter: QPainter, box: QRectF, slot: int | None) -> None:
    t = theme()
    if slot is None:
        painter.setPen(QPen(t.color("line2"), 1))
        painter.setBrush(t.color("field"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        return
    color = run_color(slot) if slot >= 0 else t.color("text3")
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(box, 4, 4)
    if slot >= 0:
        painter.setPen(QPen(t.color("panel"), 2))
        painter.drawLine(QPointF(box.left() + 3.5, box.center().y()), QPointF(box.right() - 3.5, box.center().y()))


class RunTable(Table):
    """`chosen(folders)` when the choice changes, `shown(folder)` on a double click or Enter, `delete()` for the key,
    `menu(folder, place)` for a right click.
    """

    chosen = Signal(object)
    shown = Signal(str)
    delete = Signal()
    menu = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Runs", parent, sortable=True)
        self._quiet = False
        self.model_ = RunModel(self)
        self.filtered = Filtered(self.model_)
        self.setModel(self.filtered)
        self.setItemDelegate(RunPainter(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked)
        self.horizontalHeader().setStretchLastSection(True)
        self.selectionModel().selectionChanged.connect(self._tell)
        self.doubleClicked.connect(self._double)

    def set_rows(self, rows: Sequence[RunRow]) -> None:
        """Show these runs; the choice stays as far as they are still there."""
        chosen, before = self.folders(), [c.id for c in self.model_.columns]
        header = self.horizontalHeader()
        place, order = header.sortIndicatorSection(), header.sortIndicatorOrder()
        sorted_by = before[place] if self.model_.rows and place < len(before) else "when"
        order = order if self.model_.rows else Qt.SortOrder.DescendingOrder
        self._quiet = True
        self.model_.set_rows(rows)
        after = [c.id for c in self.model_.columns]
        self._fit(after != before or not chosen)
        self.sortByColumn(after.index(sorted_by) if sorted_by in after else 1, order)
        self.choose(chosen)
        self._quiet = False
        self._tell()

    def _fit(self, fresh: bool) -> None:
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        if fresh:
            for i, column in enumerate(self.model_.columns):
                self.setColumnWidth(i, column.width)

    def row(self, index: Index) -> RunRow:
        """The run of an index of this view."""
        return self.model_.rows[self.filtered.mapToSource(index).row()]

    def folders(self) -> list[str]:
        """The chosen runs, from top to bottom."""
        return [self.row(index).folder for index in sorted(self.selectionModel().selectedRows(), key=lambda i: i.row())]

    def choose(self, folders: Sequence[str]) -> None:
        """Choose exactly these runs."""
        selection, wanted = self.selectionModel(), set(folders)
        selection.clearSelection()
        flags = selection.SelectionFlag.Select | selection.SelectionFlag.Rows
        for place in range(self.filtered.rowCount()):
            index = self.filtered.index(place, 0)
            if self.row(index).folder in wanted:
                selection.select(index, flags)
                selection.setCurrentIndex(index, selection.SelectionFlag.NoUpdate)

    def _tell(self, *_: object) -> None:
        if not self._quiet:
            self.chosen.emit(self.folders())

    def _double(self, index: QModelIndex) -> None:
        if self.model_.columns[index.column()].id not in EDITABLE:
            self.shown.emit(self.row(index).folder)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The box in the first column chooses one more, or lets go of it."""
        index = self.indexAt(event.position().toPoint())
        in_box = index.isValid() and index.column() == 0 and event.position().x() < self.columnViewportPosition(0) + 32
        if in_box and event.button() == Qt.MouseButton.LeftButton:
            selection = self.selectionModel()
            selection.setCurrentIndex(index, selection.SelectionFlag.NoUpdate)
            selection.select(index, selection.SelectionFlag.Toggle | selection.SelectionFlag.Rows)
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self.shown.emit(self.row(index).folder)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(self.viewport().mapFromGlobal(event.globalPos()))
        if index.isValid():
            if not self.selectionModel().isRowSelected(index.row(), NO_PARENT):
                self.selectRow(index.row())
            self.menu.emit(event.globalPos())
