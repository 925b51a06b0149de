"""The table of test rows that a network has written: given, wanted, written, right or wrong; wrong ones first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QHeaderView, QStyleOptionViewItem

from widgets.fonts import mono_font, text_width
from widgets.plots.pictures import paint_picture, to_image
from widgets.tables import INDENT, NO_PARENT, ROW, SORT, TALL, TOKEN, CellPainter, Index, Table
from widgets.theme import theme

PICTURE = 40
BESIDE = 120
"""Width of the first column where it holds pictures."""
VERDICT = 84
"""Width of the last column."""
GIVEN, WANTED, WRITTEN, VERDICTS = range(4)
HEADINGS = ("Given", "Wanted", "Written", "")
PIECES = SORT + 1
"""What was written in pieces, each with whether it is right."""


@dataclass(frozen=True)
class SpokenRow:
    """One test row. `image` stands where a picture was given."""

    place: int
    given: str
    wanted: str
    written: str
    image: QImage | None = None

    @property
    def right(self) -> bool:
        """Whether exactly what was wanted was written."""
        return self.wanted == self.written

    def pieces(self) -> list[tuple[str, bool]]:
        """What was written, character by character, each with whether the wanted text has it in this place."""
        wanted = self.wanted.ljust(len(self.written), "\0")
        return [(mine, mine == other) for mine, other in zip(self.written, wanted, strict=False)]

    @classmethod
    def of(cls, answer: dict[str, Any]) -> SpokenRow:
        """From a worker's answer to `test:N`."""
        image = to_image(np.load(answer["seen"])) if answer.get("seen") else None
        place = int(answer["place"])
        return cls(place, str(answer.get("given", "" if image else f"test row {place}")), str(answer["true"]),
                   str(answer["text"]), image)


class RowsModel(QAbstractTableModel):
    """Rows in the order they are shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[SpokenRow] = []

    def set_rows(self, rows: list[SpokenRow]) -> None:
        """Show these, wrong ones first."""
        self.beginResetModel()
        self.rows = sorted(rows, key=lambda row: (row.right, row.place))
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.given, row.wanted, row.written, "right" if row.right else "wrong")[column]
        if role == Qt.ItemDataRole.ToolTipRole and column < VERDICTS:
            return (row.given, row.wanted, row.written)[column]
        if role == Qt.ItemDataRole.DecorationRole and column == GIVEN:
            return row.image
        if role == TOKEN and column == VERDICTS:
            return "ok" if row.right else "error"
        if role == PIECES and column == WRITTEN:
            return row.pieces()
        if role == INDENT and column == GIVEN and row.image is not None:
            return PICTURE + 8
        return None


class _Painter(CellPainter):
    """Pictures that were given; texts in the fixed-width font, what differs from the wanted one in red and underlined."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        image = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(image, QImage):
            top = option.rect.top() + (option.rect.height() - PICTURE) / 2
            paint_picture(painter, image, QRectF(option.rect.left() + 8, top, PICTURE, PICTURE), 3)

    def paint_text(self, painter: QPainter, room: QRect, align: Qt.AlignmentFlag, index: Index) -> None:
        pieces = index.data(PIECES)
        if index.column() != VERDICTS:
            painter.setFont(mono_font(13))
        if not pieces:
            super().paint_text(painter, room, align, index)
            return
        left = room.left()
        for text, right in pieces:
            font = mono_font(13, 400 if right else 600)
            font.setUnderline(not right)
            painter.setFont(font)
            painter.setPen(theme().color("text" if right else "error"))
            width = painter.fontMetrics().horizontalAdvance(text)
            if left + width > room.right():
                painter.drawText(QRect(left, room.top(), 16, room.height()), align, "…")
                return
            painter.drawText(QRect(left, room.top(), width + 2, room.height()), align, text)
            left += width


class RowsTable(Table):
    """`chosen(row)` when one becomes current."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__("Test rows the network has written")
        self.rows = RowsModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(_Painter(self))
        self.selectionModel().currentRowChanged.connect(self._chosen)
        self._fit()

    def set_rows(self, rows: list[SpokenRow]) -> None:
        """Show these."""
        self.rows.set_rows(rows)
        self._fit()

    def _fit(self) -> None:
        """Texts get the room they need as far as there is some; what was given takes the rest."""
        header, modes = self.horizontalHeader(), QHeaderView.ResizeMode
        pictures = any(row.image is not None for row in self.rows.rows)
        self.verticalHeader().setDefaultSectionSize(TALL if pictures else ROW)
        for column, part in ((WANTED, "wanted"), (WRITTEN, "written")):
            need = max((text_width(getattr(row, part), 13, mono=True) for row in self.rows.rows), default=0.0) + 40
            header.setSectionResizeMode(column, modes.Stretch if pictures else modes.Interactive)
            self.setColumnWidth(column, int(min(max(need, 120), 300)))
        header.setSectionResizeMode(GIVEN, modes.Interactive if pictures else modes.Stretch)
        self.setColumnWidth(GIVEN, BESIDE)
        header.setSectionResizeMode(VERDICTS, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(VERDICTS, VERDICT)

    def _chosen(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self.rows.rows[current.row()])
