"""Lists that are edited in the inspector: a title with a plus, rows with a name and small buttons, rows that lead somewhere."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from widgets.controls import IconButton
from widgets.controls.buttons import paint_focus
from widgets.controls.focus import note_focus, shows_focus
from widgets.fonts import mono_font, ui_font
from widgets.icons import paint_icon
from widgets.inspector.editor import LineField
from widgets.inspector.sections import Section
from widgets.parts import Words
from widgets.theme import theme, themes

SMALL = 24


def line(*parts: QWidget, stretch: int = 0) -> QHBoxLayout:
    """Widgets side by side; the one at `stretch` takes the room."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(2)
    for place, part in enumerate(parts):
        row.addWidget(part, int(place == stretch))
    return row


class ListSection(Section):
    """A title with a plus at the right, a column of rows, words where there are none. `added()` when the plus is pressed."""

    added = Signal()

    def __init__(self, title: str, add: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.plus = IconButton("plus", add, SMALL)
        self.plus.clicked.connect(self.added)
        self.box.addLayout(line(Words(title, 12, 600, "text2"), self.plus))
        self.box.setSpacing(4)
        self.empty = Words(empty, 12, 400, "text3", wrap=True)
        self.box.addWidget(self.empty)
        self.column = QVBoxLayout()
        self.column.setSpacing(4)
        self.box.addLayout(self.column)

    def set_rows(self, rows: list[QWidget]) -> None:
        """Show these rows in place of the old ones."""
        while (item := self.column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for row in rows:
            self.column.addWidget(row)
        self.empty.setVisible(not rows)


class NameRow(QWidget):
    """A name that is edited in place, with buttons for up, down and away."""

    renamed = Signal(str)
    moved = Signal(int)
    """Up (-1) or down (1)."""
    removed = Signal()

    def __init__(self, name: str, detail: str, first: bool, last: bool) -> None:
        super().__init__()
        self._name = name
        self.field = LineField()
        self.field.setText(name)
        self.field.setFixedHeight(28)
        self.field.setAccessibleName("Name of a port")
        self.detail = Words(detail, 11, 400, "text3", mono=True)
        self.up, self.down = IconButton("chevron-up", "Up", SMALL), IconButton("chevron-down", "Down", SMALL)
        self.away = IconButton("close", "Remove", SMALL)
        self.up.setEnabled(not first)
        self.down.setEnabled(not last)
        row = line(self.field, self.detail, self.up, self.down, self.away)
        row.insertSpacing(1, 6)
        self.setLayout(row)
        self.field.left.connect(self._left)
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self.away.clicked.connect(self.removed)

    def _left(self) -> None:
        text = self.field.text().strip()
        if text and text != self._name:
            self.renamed.emit(text)
        self.field.setText(self._name)


class LinkRow(QAbstractButton):
    """A row that leads to a node: its name, where it stands, and a word at the right."""

    def __init__(self, name: str, place: str, word: str) -> None:
        super().__init__()
        self._place, self._word = place, word
        self.setText(name)
        self.setAccessibleName(f"Go to {name} in {place}")
        self.setFixedHeight(32)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        note_focus(self, event)
        super().focusInEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(200, 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(-0.5, 0.5, -0.5, -0.5)
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.color("hover"))
            painter.drawRoundedRect(box, 6, 6)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(mono_font(12))
        painter.setPen(t.color("text"))
        painter.drawText(QRectF(8, 0, self.width(), self.height()), middle, self.text())
        x = 8 + painter.fontMetrics().horizontalAdvance(self.text()) + 10
        painter.setFont(ui_font(12))
        painter.setPen(t.color("text3"))
        painter.drawText(QRectF(0, 0, self.width() - 26, self.height()), middle | Qt.AlignmentFlag.AlignRight, self._word)
        room = self.width() - 34 - x - painter.fontMetrics().horizontalAdvance(self._word)
        painter.drawText(QRectF(x, 0, room, self.height()), middle,
                         painter.fontMetrics().elidedText(self._place, Qt.TextElideMode.ElideRight, int(room)))
        paint_icon(painter, "chevron-right", QRectF(self.width() - 18, self.height() / 2 - 5, 10, 10), t.color("text3"))
        if shows_focus(self):
            paint_focus(painter, box.adjusted(1, 1, -1, -1), 5)
        painter.end()
