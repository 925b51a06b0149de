"""The history: every step that can be taken back or done again, by its name; a click goes there."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from widgets.document import GraphDocument
from widgets.parts import Pane, Words
from widgets.tables import FADED, ROW, TOKEN, CellPainter, Index

START = "As it was opened"


class _Steps(QAbstractListModel):
    """Row 0 is the beginning, row n the document after n steps."""

    NO_PARENT = QModelIndex()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.document: GraphDocument | None = None

    def refresh(self) -> None:
        """The stack has other steps, or another place in them."""
        self.beginResetModel()
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() or self.document is None else self.document.undo_stack.count() + 1

    def words(self, row: int) -> str:
        """What a row is called."""
        assert self.document is not None
        text = self.document.undo_stack.text(row - 1) if row else START
        return text[:1].upper() + text[1:]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.document is None:
            return None
        stack, row = self.document.undo_stack, index.row()
        saved = row == stack.cleanIndex() and self.document.path is not None
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{self.words(row)} · saved" if saved else self.words(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = "here" if row == stack.index() else "done" if row < stack.index() else "taken back"
            return f"{self.words(row)}, {state}{', saved' if saved else ''}"
        if role == FADED:
            return row > stack.index()
        if role == TOKEN and row == stack.index():
            return "accent"
        return None


class HistoryPanel(Pane):
    """Steps of one document at a time; the place where one is is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel", parent)
        self.model = _Steps(self)
        self.list = QListView()
        self.list.setAccessibleName("History")
        self.list.setModel(self.model)
        self.list.setItemDelegate(_StepPainter(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.clicked.connect(self.go)
        self.list.activated.connect(self.go)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 4, 8, 8)
        title = Words("History", 12, 600, "text2")
        title.setContentsMargins(8, 0, 0, 0)
        box.addWidget(title)
        box.addWidget(self.list)

    def set_document(self, document: GraphDocument) -> None:
        """Show the steps of a document."""
        if self.model.document is not None:
            self.model.document.undo_stack.indexChanged.disconnect(self._follow)
            self.model.document.undo_stack.cleanChanged.disconnect(self._follow)
        self.model.document = document
        document.undo_stack.indexChanged.connect(self._follow)
        document.undo_stack.cleanChanged.connect(self._follow)
        self._follow()

    def _follow(self, _: object = None) -> None:
        """The stack moved. A panel that is not seen catches up when it is."""
        if self.isVisible() and self.model.document is not None:
            self.model.refresh()
            here = self.model.index(self.model.document.undo_stack.index())
            self.list.setCurrentIndex(here)
            self.list.scrollTo(here)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._follow()

    def go(self, index: Index) -> None:
        """To the document as it was after a step."""
        if self.model.document is not None and index.row() != self.model.document.undo_stack.index():
            self.model.document.undo_stack.setIndex(index.row())


class _StepPainter(CellPainter):
    """Rows of the height of tables."""

    def sizeHint(self, option: Any, index: Index) -> Any:
        size = super().sizeHint(option, index)
        size.setHeight(ROW - 4)
        return size
