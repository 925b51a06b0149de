"""The rows of a source as a table: numbers, classes by name, tokens as text, series as small lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QRectF, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from graph_compiler.datasets.previews import unit
from graph_compiler.datasets.tokens import decode, used
from graph_compiler.specs.tensors import Column
from widgets.fonts import text_width
from widgets.plots.small import paint_curve
from widgets.tables import FADED, LEFT, NO_PARENT, RIGHT, CellPainter, Index, Table
from widgets.words import MINUS, count

CURVE = Qt.ItemDataRole.UserRole + 64
"""float64 [n] between 0 and 1, painted in place of words; far from the roles all tables share."""
WIDEST, NUMBERS, MOST_NAMES = 720, 8, 100
PADDING, CLOSER, PART, NARROWEST = 24, 6, 32, 120
"""Px around a text; what of them a column can do without, and what it takes more where there is room; the narrowest curve."""


class RowPainter(CellPainter):
    """Paints series as lines."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        curve = index.data(CURVE)
        if curve is not None:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_curve(painter, QRectF(option.rect).adjusted(8, 6, -8, -7), curve)
            painter.restore()


class RowTable(Table):
    """The rows of one part. Columns are as wide as their names and what is in them need; texts share what is left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Rows", parent)
        self.rows = RowModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(RowPainter(self))
        self._needs: list[tuple[str, int]] = []
        """The kind of each column and what it would be wide, that of the row number first."""

    def set_rows(self, columns: Sequence[Column], arrays: Mapping[str, np.ndarray], rows: np.ndarray) -> None:
        """Show these rows of these columns (no pictures, no masks)."""
        before = self.rows.columns
        self.rows.set_rows(columns, arrays, rows)
        if list(columns) != before:
            last = int(rows.max()) if len(rows) else 0
            self._needs = [("", round(max(text_width(count(last), 13) + PADDING, 56))),
                           *((column.kind, self._width(column, arrays[column.name], rows)) for column in columns)]
            self._fit()
        self.horizontalHeader().setStretchLastSection(bool(columns) and columns[-1].kind == "tokens")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Curves take what is left and give way; without them all columns come closer, or part a little, to fill the room."""
        spare = self.viewport().width() - sum(need for _, need in self._needs)
        curves = sum(kind == "series" for kind, _ in self._needs)
        for i, (kind, need) in enumerate(self._needs):
            if kind == "series":
                self.setColumnWidth(i, max(need + spare // curves, NARROWEST))
            elif curves or not i:
                self.setColumnWidth(i, need)
            else:
                self.setColumnWidth(i, need + min(max(spare // (len(self._needs) - 1), -CLOSER), PART))

    def _width(self, column: Column, values: np.ndarray, rows: np.ndarray) -> int:
        """Room for the heading and for the widest of the first values."""
        need = text_width(column.name, 12, 500) + PADDING
        if column.kind == "series":
            return round(max(need, 260))
        if column.shape:
            need = max(need, *(text_width(cell(column, values[row]), 13) + PADDING for row in rows[:20]), 0)
            return round(min(max(need, 72), WIDEST))
        first = {cell(column, value) for value in values[rows[:MOST_NAMES]].tolist()} if not column.classes else ()
        need = max(need, *(text_width(name, 13) + PADDING for name in (*column.classes[:MOST_NAMES], *first)), 56)
        return round(min(need, 220))


class RowModel(QAbstractTableModel):
    """Rows of one part of a table: the row number, then every plain column; classes by name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: list[Column] = []
        self._arrays: Mapping[str, np.ndarray] = {}
        self._rows = np.zeros(0, np.intp)

    @property
    def columns(self) -> list[Column]:
        """What is shown beside the row number."""
        return list(self._columns)

    def set_rows(self, columns: Sequence[Column], arrays: Mapping[str, np.ndarray], rows: np.ndarray) -> None:
        """Show these rows of these columns."""
        self.beginResetModel()
        self._columns, self._arrays, self._rows = list(columns), arrays, rows
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._columns) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self._columns[section - 1] if section else None
        if role == Qt.ItemDataRole.DisplayRole:
            return column.name if column else "Row"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(LEFT if column and (column.classes or column.shape) else RIGHT)
        return column.summary if column and role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = int(self._rows[index.row()])
        column = self._columns[index.column() - 1] if index.column() else None
        if role == Qt.ItemDataRole.DisplayRole:
            return count(row) if column is None else cell(column, self._arrays[column.name][row])
        if role == CURVE and column is not None and column.kind == "series":
            return unit(self._arrays[column.name][row][:, 0])
        if role == Qt.ItemDataRole.ToolTipRole and column is not None and column.kind == "tokens":
            return decode(self._arrays[column.name][row], column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(LEFT if column and (column.classes or column.shape) else RIGHT)
        return column is None if role == FADED else None


def cell(column: Column, value: Any) -> str:
    """One value in words: a class by name, tokens as text with its line ends marked, the parts of a vector."""
    if column.kind == "series":
        return ""
    if column.kind == "tokens":
        return decode(value, column).replace("\n", "↵") if column.tokeniser else runs(value, column)
    if column.channels and not np.setdiff1d(value, (0, 1)).size:
        return ", ".join(name for name, on in zip(column.channels, value, strict=True) if on) or "none"
    if column.shape:
        return ", ".join(plain(v) for v in value[:NUMBERS].tolist()) + (" …" if len(value) > NUMBERS else "")
    if column.classes:
        return column.classes[int(value)] if 0 <= int(value) < len(column.classes) else str(value)
    return plain(float(value))


def runs(ids: np.ndarray, column: Column) -> str:
    """Ids that come from no text by name, how often each comes in a row: `weekday ×5, other, day`."""
    names = [column.vocabulary[i] if 0 <= i < len(column.vocabulary) else str(i) for i in ids[:used(ids)].tolist()]
    lengths = [(name, len(list(same))) for name, same in groupby(names)]
    return ", ".join(f"{name} ×{n}" if n > 1 else name for name, n in lengths)


def plain(value: float) -> str:
    """A number of the data as it is read."""
    if value.is_integer() and abs(value) < 1e9:
        return (f"{int(value):,}" if abs(value) >= 10_000 else f"{int(value)}").replace("-", MINUS)  # 2013 may be a year
    return f"{value:,.6g}".replace("-", MINUS)
