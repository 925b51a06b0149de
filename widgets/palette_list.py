"""The list in the palette: families that open and close, and their node types; painted from the tokens, dragged by the grip."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QEvent,
    QMimeData,
    QModelIndex,
    QPoint,
    QPointF,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QFocusEvent,
    QFontMetrics,
    QHoverEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QMenu, QWidget

from graph_compiler.specs.nodes import FAMILIES, NodeSpec
from widgets.controls.focus import note_focus, see_focus
from widgets.fonts import ui_font
from widgets.fuzzy import Match, dimensions, search
from widgets.icons import paint_tile, tile_family
from widgets.offer import SAVED, key_of
from widgets.palette_rows import ROW, Family, Index, Row, RowPainter
from widgets.theme import theme, themes

MIME = "application/x-netloom-node"
"""What a dragged entry carries: the type's name, or the key of a block, as UTF-8 text."""
NO_PARENT = QModelIndex()


class PaletteModel(QAbstractListModel):
    """Rows of the palette: all families with the open ones' types, or what a search has found."""

    def __init__(self, specs: Iterable[NodeSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._families: dict[str, list[NodeSpec]] = {}
        self.expanded = {"convolution", "pooling", "core"}
        self.lent = ""
        """A family that is open for a while, and not because somebody opened it."""
        self.query = ""
        self.rows: list[Row] = []
        self.offer(specs)

    def offer(self, specs: Iterable[NodeSpec]) -> None:
        """Show other entries, families in their fixed order."""
        families: dict[str, list[NodeSpec]] = {name: [] for name in FAMILIES}
        for spec in specs:
            families.setdefault(spec.family, []).append(spec)
        for specs_of_family in families.values():
            specs_of_family.sort(key=dimensions)
        if families != self._families:
            self._families = families
            self.refresh()

    def refresh(self) -> None:
        """Make the rows again."""
        self.beginResetModel()
        everything = [spec for specs in self._families.values() for spec in specs]
        self.rows = list(search(self.query, everything)) if self.query.strip() else list(self._by_family())
        self.endResetModel()

    def _by_family(self) -> Iterable[Row]:
        for name, specs in self._families.items():
            if specs:
                yield Family(name, len(specs), name in self.expanded)
                if name in self.expanded:
                    yield from (Match(spec, 0.0) for spec in specs)

    def toggle(self, family: str) -> None:
        """Open a family, or close it."""
        self.expanded ^= {family}
        if family == self.lent:
            self.lent = ""
        self.refresh()

    def lend(self, family: str) -> None:
        """Open a family until another is lent, or none (empty); those opened and closed by hand meanwhile stay so."""
        if family == self.lent:
            return
        self.expanded -= {self.lent}
        self.lent = family if family not in self.expanded else ""
        self.expanded |= {self.lent} - {""}
        self.refresh()

    def row_of(self, name: str) -> int:
        """The row of a family or type, -1 when it is not shown."""
        names = [row.name if isinstance(row, Family) else row.spec.name for row in self.rows]
        return names.index(name) if name in names else -1

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        entry = index.isValid() and isinstance(self.rows[index.row()], Match)
        return usual | Qt.ItemFlag.ItemIsDragEnabled if entry else usual

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == ROW:
            return row
        return _family_data(row, role) if isinstance(row, Family) else _entry_data(row.spec, role)

    def mimeTypes(self) -> list[str]:
        return [MIME]


def _family_data(row: Family, role: int) -> object:
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return f"{row.name.capitalize()}, {row.count} entries, {'open' if row.open else 'closed'}"
    return row.name.capitalize() if role == Qt.ItemDataRole.DisplayRole else None


def _entry_data(spec: NodeSpec, role: int) -> object:
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return f"{spec.name}. {spec.summary}"
    if role == Qt.ItemDataRole.ToolTipRole:
        return spec.text or spec.summary
    return spec.name if role == Qt.ItemDataRole.DisplayRole else None


class PaletteList(QListView):
    """The view. `add(key)` on double click or Enter; a drag carries the key of the entry."""

    add = Signal(str)
    forget = Signal(str)
    """A saved block should be taken out of the folder of blocks: its name."""
    folder_wanted = Signal()
    """The folder of blocks should be shown."""
    left_upwards = Signal()
    """The up key on the first row: back to the search field."""

    def __init__(self, model: PaletteModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self.setAccessibleName("Node types")
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(20)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setDragEnabled(True)
        self.setItemDelegate(RowPainter(self))
        self.setModel(model)  # last: each option set with rows there lays all of them out
        self.doubleClicked.connect(self._double_clicked)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.viewport().update()

    def current(self) -> Row | None:
        """The row the keyboard is at."""
        index = self.currentIndex()
        return self._rows.rows[index.row()] if index.isValid() else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        row = self._rows.rows[index.row()] if index.isValid() else None
        if isinstance(row, Family) and event.button() == Qt.MouseButton.LeftButton:
            self._toggle(row.name)
            return
        super().mousePressEvent(event)

    def _double_clicked(self, index: QModelIndex) -> None:
        row = self._rows.rows[index.row()]
        if isinstance(row, Match):
            self.add.emit(key_of(row.spec))

    def _toggle(self, family: str) -> None:
        scrolled = self.verticalScrollBar().value()
        self._rows.toggle(family)
        self.setCurrentIndex(self._rows.index(self._rows.row_of(family)))
        self.verticalScrollBar().setValue(scrolled)

    def focusInEvent(self, event: QFocusEvent) -> None:
        note_focus(self, event)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, key = self.current(), event.key()
        see_focus(self)
        if isinstance(row, Match) and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.add.emit(key_of(row.spec))
        elif isinstance(row, Family) and (key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
                                          or key == (Qt.Key.Key_Left if row.open else Qt.Key.Key_Right)):
            self._toggle(row.name)
        elif isinstance(row, Match) and key == Qt.Key.Key_Left and self._rows.row_of(row.spec.family) >= 0:
            self.setCurrentIndex(self._rows.index(self._rows.row_of(row.spec.family)))
        elif key == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        row = self._rows.rows[index.row()] if index.isValid() else None
        if isinstance(row, Match) and key_of(row.spec).startswith(SAVED):
            name, menu = row.spec.name, QMenu(self)
            menu.addAction("Remove from my blocks", lambda: self.forget.emit(name))
            menu.addAction("Show the folder of my blocks", self.folder_wanted.emit)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(event.globalPos())

    def startDrag(self, actions: Qt.DropAction) -> None:
        row = self.current()
        if isinstance(row, Match):
            drag = QDrag(self)
            drag.setMimeData(mime_of(key_of(row.spec)))
            drag.setPixmap(self._ghost(row.spec))
            drag.setHotSpot(QPoint(16, 16))
            drag.exec(Qt.DropAction.CopyAction)
            QTimer.singleShot(0, self, self._go_dark)  # what began the drag still lights an entry when the drag is over

    def _go_dark(self) -> None:
        """The pointer went away during a drag, which nobody has told the list."""
        gone = QPointF(-1, -1)
        QApplication.sendEvent(self.viewport(), QEvent(QEvent.Type.Leave))
        QApplication.sendEvent(self.viewport(), QHoverEvent(QEvent.Type.HoverLeave, gone, gone, gone))

    def _ghost(self, spec: NodeSpec) -> QPixmap:
        """The small card under the pointer while an entry is dragged."""
        width = 56 + QFontMetrics(ui_font(13, 600)).horizontalAdvance(spec.name)
        scale = self.devicePixelRatioF()
        picture = QPixmap(int(width * scale), int(40 * scale))
        picture.setDevicePixelRatio(scale)
        picture.fill(Qt.GlobalColor.transparent)
        painter, t = QPainter(picture), theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.color("accent"), 1))
        painter.setBrush(t.color("card"))
        painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, 39), 8, 8)
        paint_tile(painter, tile_family(spec.name, spec.family), QRectF(8, 8, 24, 24))
        painter.setFont(ui_font(13, 600))
        painter.setPen(t.color("text"))
        painter.drawText(QRectF(42, 0, width - 42, 40), Qt.AlignmentFlag.AlignVCenter, spec.name)
        painter.end()
        return picture

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Leave, QEvent.Type.HoverLeave):
            self.viewport().update()
        return super().viewportEvent(event)


def mime_of(key: str) -> QMimeData:
    """What a drag of an entry carries."""
    data = QMimeData()
    data.setData(MIME, QByteArray(key.encode()))
    data.setText(key)
    return data
