"""The search field with its glass and the chip of its key, as palette, gallery and pop-up search show it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from widgets.controls import IconButton
from widgets.fonts import dress, ui_font
from widgets.icons import paint_icon
from widgets.theme import theme, themes

CROSS = 24
"""The button that clears it, square, px."""


def paint_key(painter: QPainter, right: float, middle: float, text: str, ink: str = "text2") -> float:
    """A key's chip, 18 high, that ends at `right`; gives its left edge."""
    t, font = theme(), ui_font(11)
    width = QFontMetrics(font).horizontalAdvance(text) + 12
    chip = QRectF(right - width, middle - 8.5, width, 17)
    painter.setPen(QPen(t.color("line2"), 1))
    painter.setBrush(t.color("card"))
    painter.drawRoundedRect(chip, 4, 4)
    painter.setFont(font)
    painter.setPen(t.color(ink))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
    return chip.left()


class SearchField(QLineEdit):
    """A line edit 32 high. `stepped(+1/-1)` for the arrow keys, `confirmed()` for Enter; Escape or its cross clears it."""

    stepped = Signal(int)
    confirmed = Signal()

    def __init__(self, placeholder: str, key: str = "", parent: QWidget | None = None, *, cross: bool = True) -> None:
        super().__init__(parent)
        self.first_key = self._key = key
        self.cross: IconButton | None = self._make_cross() if cross else None
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        dress(self, 13)
        self.setFixedHeight(32)
        self.setStyleSheet("QLineEdit { min-height: 30px; max-height: 30px; padding: 0 8px 0 30px; }")
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def _make_cross(self) -> IconButton:
        """The way out for a hand on the mouse, there while there is something to clear."""
        cross = IconButton("close", "Clear (Esc)", CROSS, self, glyph=12)
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cross.setCursor(Qt.CursorShape.ArrowCursor)
        cross.hide()
        cross.clicked.connect(self.clear)
        self.textChanged.connect(self._show_cross)
        return cross

    def _show_cross(self, text: str) -> None:
        if self.cross is not None:
            self.cross.setVisible(bool(text))
            self.setTextMargins(0, 0, CROSS - 4 if text else 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.cross is not None:
            self.cross.move(self.width() - CROSS - 4, (self.height() - CROSS) // 2)

    def sizeHint(self) -> QSize:
        return QSize(206, 32)

    def event(self, event: QEvent) -> bool:
        """Escape comes here before any shortcut of the window, while there is something to clear."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape \
                and self.text():
            event.accept()
            return True
        return super().event(event)

    def set_key(self, key: str) -> None:
        """Another chip; empty: none."""
        self._key = key
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.confirmed.emit()
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        paint_icon(painter, "search", QRectF(10, middle - 7, 14, 14), theme().color("text2"))
        if self._key and not self.text():
            paint_key(painter, self.width() - 9.5, middle, self._key)
        painter.end()
