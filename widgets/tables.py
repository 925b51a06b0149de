"""Tables in the program's look: rows of 36 px with a line under each, no grid, no zebra, numbers at the right."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from widgets.fonts import dress, ui_font
from widgets.icons import paint_icon
from widgets.theme import theme, themes

Index = QModelIndex | QPersistentModelIndex
ROW, TALL, HEADER = 36, 48, 32
NO_PARENT = QModelIndex()
BELOW = Qt.ItemDataRole.UserRole + 1
"""A second, smaller line."""
MENU = Qt.ItemDataRole.UserRole + 2
"""A tuple of words the cell can be set to, None where it cannot be changed."""
FADED = Qt.ItemDataRole.UserRole + 3
INDENT = Qt.ItemDataRole.UserRole + 4
"""Pixels kept free at the left of a cell for what a painter of its own puts there."""
TOKEN = Qt.ItemDataRole.UserRole + 5
"""The colour token of a cell's text."""
SORT = Qt.ItemDataRole.UserRole + 6
"""What a cell is sorted by."""
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class CellPainter(QStyledItemDelegate):
    """Rows of 36 px with a 1 px line, hover and choice as fills, no zebra, no vertical lines."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = theme()
        rect = QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, t.color("accenttint"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, t.color("hover"))
        painter.setPen(t.color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        menu = index.data(MENU)
        inner = rect.adjusted(8 + (index.data(INDENT) or 0), 0, -8 - (14 if menu else 0), 0)
        faded = bool(index.data(FADED))
        painter.setFont(ui_font(13, 400 if index.column() else 500))
        painter.setPen(t.color(index.data(TOKEN) or ("text3" if faded else "text2" if index.column() else "text")))
        align = Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole) or LEFT)
        below = index.data(BELOW)
        if below:
            inner, under = inner.adjusted(0, 6, 0, -rect.height() // 2), inner.adjusted(0, rect.height() // 2, 0, -6)
        self.paint_text(painter, inner, align, index)
        if below:
            painter.setFont(ui_font(11))
            painter.setPen(t.color("text3"))
            painter.drawText(under, align, painter.fontMetrics().elidedText(below, Qt.TextElideMode.ElideRight, under.width()))
        if menu:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_icon(painter, "chevron-down", QRectF(rect.right() - 20, rect.center().y() - 5, 10, 10), t.color("text3"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(t.color("accent"))
            painter.drawRoundedRect(rect.adjusted(1, 2, -2, -3), 4, 4)
        painter.restore()

    def paint_text(self, painter: QPainter, room: QRect, align: Qt.AlignmentFlag, index: Index) -> None:
        """The words of a cell; font and colour are set."""
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, align, text)


class Table(QTableView):
    """A table view without grid or frame; its heading is 32 px high with a line under it."""

    def __init__(self, name: str, parent: QWidget | None = None, sortable: bool = False,
                 ground: str = "panel") -> None:
        super().__init__(parent)
        self._ground = ground
        self.setAccessibleName(name)
        self.setItemDelegate(CellPainter(self))
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        header = self.horizontalHeader()
        header.setFixedHeight(HEADER)
        header.setHighlightSections(False)
        header.setSectionsClickable(sortable)
        header.setSortIndicatorShown(sortable)
        self.setSortingEnabled(sortable)
        header.setDefaultAlignment(LEFT)
        themes.changed.connect(self._restyle)
        self._restyle(None)

    def _restyle(self, _: object) -> None:
        t = theme()
        dress(self.horizontalHeader(), 12, 500)
        self.setStyleSheet(
            "QTableView { background: transparent; border: none; outline: none; }"
            "QHeaderView { background: transparent; border: none; }"
            f"QHeaderView::section {{ background: {getattr(t, self._ground)}; color: {t.text3}; border: none; padding: 0 8px;"
            f" border-bottom: 1px solid {t.line2}; }}")
        self.viewport().update()
