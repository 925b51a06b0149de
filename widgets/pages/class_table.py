"""Precision, recall, F1 (of masks the overlap), and rows or places of each class, sorted by a click on a heading."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QWidget

from graph_compiler.runs.evaluation import Evaluation
from widgets.fonts import text_width
from widgets.tables import HEADER, LEFT, NO_PARENT, RIGHT, ROW, SORT, Index, Table
from widgets.words import percent, short_count

MARGINS = 24
"""Px beside a figure."""
COLUMNS = {
    "": ("Class", ""),
    "precision": ("Precision", "How many of the {many} read as this class are of it."),
    "recall": ("Recall", "How many of the {many} of this class are read as it."),
    "f1": ("F1", "The harmonic mean of precision and recall."),
    "iou": ("IoU", "Intersection over union: {many} of this class that are read as it, among those that are one or the other."),
    "count": ("{Many}", "Test {many} of this class.")}
"""Heading and tip of each figure."""


class ClassModel(QAbstractTableModel):
    """One line a class."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names: Sequence[str] = ()
        self.rows: list[dict[str, float]] = []
        self.keys: list[str] = []
        self._many = "rows"

    def set_evaluation(self, evaluation: Evaluation) -> None:
        """The classes of an evaluation."""
        self.beginResetModel()
        self.names, self.rows = evaluation.named, evaluation.per_class()
        masks = evaluation.placed and evaluation.places.axes > 1
        self.keys = [key for key in COLUMNS if key != ("f1" if masks else "iou")]  # of a mask the one tells the other
        self._many = "places" if evaluation.placed else "rows"
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.keys)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        heading, tip = (words.format(many=self._many, Many=self._many.title()) for words in COLUMNS[self.keys[section]])
        plain = {Qt.ItemDataRole.DisplayRole: heading, Qt.ItemDataRole.ToolTipRole: tip or None,
                 Qt.ItemDataRole.TextAlignmentRole: int(RIGHT if section else LEFT)}
        return plain.get(Qt.ItemDataRole(role))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        key = self.keys[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(RIGHT if column else LEFT)
        if role == SORT:
            return self._key(row[key]) if column else index.row()
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if not column:
            return self.names[index.row()]
        return short_count(int(row[key])) if key == "count" else percent(row[key], 1)

    @staticmethod
    def _key(value: float) -> float:
        return value if isfinite(value) else -1.0


class ClassTable(Table):
    """`chosen(class)` when a line is clicked; as high as its lines need, up to a limit."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Per class", parent, sortable=True, ground="chrome")
        self.classes = ClassModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.classes)
        self._sorted.setSortRole(SORT)
        self.setModel(self._sorted)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.clicked.connect(self._click)

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """The classes of an evaluation, in their order."""
        self.classes.set_evaluation(evaluation)
        for column in range(1, len(self.classes.keys)):
            self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.horizontalHeader().resizeSection(column, self._need_of(column))
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)

    def _need_of(self, column: int) -> int:
        """The width of a column of figures; names have the rest."""
        texts = [str(self.classes.index(row, column).data()) for row in range(len(self.classes.rows))]
        heading = str(self.classes.headerData(column, Qt.Orientation.Horizontal))
        return round(max(text_width(heading, 12, 500), *(text_width(text, 13) for text in texts), 0.0)) + MARGINS

    def need(self) -> int:
        """The height at which no line is hidden."""
        return HEADER + ROW * len(self.classes.rows) + 2

    def _click(self, index: QModelIndex) -> None:
        self.chosen.emit(self._sorted.mapToSource(index).row())
