"""The top of the inspector: tile, name (edited in place), id, and buttons for help and for more."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QMenu, QStackedWidget, QWidget

from widgets.controls import IconButton
from widgets.fonts import dress, fitting_size, scaled, text_width, wrapped
from widgets.icons import paint_tile
from widgets.parts import Elided
from widgets.theme import themes

SIZE, SMALL, MOST_LINES = 15, 13, 3
"""Px of a name on one line, and of one that needs several; how many it may have."""


class _Tile(QWidget):
    """The family's tile, 32 px of colour in the middle of 40."""

    def __init__(self) -> None:
        super().__init__()
        self.family = "operations"
        self.setFixedSize(40, 40)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_tile(painter, self.family, QRectF(4, 4, 32, 32), 7)
        painter.end()


class _Name(Elided):
    """The name; a long one goes on in smaller lines, the last of which is cut. A double click edits it."""

    wanted = Signal()
    fitted = Signal(int)
    """So high it is now."""

    def _cut(self) -> None:
        room = max(self.width(), 0)
        long = text_width(self.full, SIZE, 600) > room > 0
        lines = wrapped(self.full, room, SMALL, 600) if long else (self.full,)
        widest = max(lines, key=lambda line: text_width(line, SMALL, 600))
        dress(self, fitting_size(widest, room, SMALL, 600) if long else SIZE, 600)
        if len(lines) > MOST_LINES:
            rest = self.full
            for line in lines[:MOST_LINES - 1]:
                rest = rest[len(line):].lstrip()
            lines = (*lines[:MOST_LINES - 1], rest)
        metrics = QFontMetrics(self.font())
        self.setText("\n".join(metrics.elidedText(line, Qt.TextElideMode.ElideRight, room) for line in lines))
        self.fitted.emit(max(24, scaled(18) * len(lines)))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.wanted.emit()


class _NameField(QLineEdit):
    """The field in the name's place while it is edited; Escape gives up."""

    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


class Header(QWidget):
    """72 high. `renamed(label)`, `help_toggled(bool)`."""

    renamed = Signal(str)
    help_toggled = Signal(bool)
    explain = Signal()
    """The guide is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tile = _Tile()
        self.name = _Name("", SIZE, 600)
        self.id = Elided("", 11, 400, "text3", mono=True)
        self.field = _NameField()
        dress(self.field, SIZE, 600)
        self.field.setAccessibleName("Name of the node")
        self.names = QStackedWidget()
        self.names.addWidget(self.name)
        self.names.addWidget(self.field)
        self.names.setFixedHeight(24)
        self.name.fitted.connect(self.names.setFixedHeight)
        self.help = IconButton("info", "Explain the fields")
        self.help.setCheckable(True)
        self.guide = IconButton("guide", "Explain in the guide (F1)")
        self.more = IconButton("more", "More")
        self.menu = QMenu(self)
        self._arrange()
        self.help.toggled.connect(self.help_toggled)
        self.guide.clicked.connect(self.explain)
        self.more.clicked.connect(self._open_menu)
        self.name.wanted.connect(self.edit_name)
        self.field.editingFinished.connect(self._finish)
        self.field.given_up.connect(self._leave)

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 2, 8, 10)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 5, 8, 0)
        buttons.setSpacing(0)
        for button in (self.help, self.guide, self.more):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.tile, 0, 0, 3, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.names, 0, 1, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(buttons, 0, 2, 3, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.id, 1, 1)
        grid.setRowStretch(2, 1)

    def show_words(self, family: str, name: str, node_id: str) -> None:
        """What stands there."""
        self.tile.family = family
        self.tile.update()
        self.name.set_full(name)
        self.id.set_full(node_id)

    def edit_name(self) -> None:
        """Put the field in the name's place."""
        self.field.setText(self.name.toolTip())
        self.names.setCurrentWidget(self.field)
        self.field.setFocus()
        self.field.selectAll()

    def _finish(self) -> None:
        if self.names.currentWidget() is self.field:
            text = self.field.text().strip()
            self._leave()
            if text != self.name.toolTip():
                self.renamed.emit(text)

    def _leave(self) -> None:
        self.names.setCurrentWidget(self.name)

    def _open_menu(self) -> None:
        self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
