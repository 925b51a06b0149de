"""Switches: one of a few words side by side, and on or off."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from widgets.controls.buttons import paint_focus
from widgets.controls.focus import note_focus, shows_focus
from widgets.fonts import dress, text_width, ui_font
from widgets.icons import paint_icon
from widgets.theme import theme, themes

ICON = 17
"""Room for an icon of 12 px before a word."""


class Segmented(QWidget):
    """One of a few words. `changed(word)` comes from mouse and keyboard, not from `set_value`."""

    access_role = QAccessible.Role.RadioButton
    changed = Signal(str)

    def __init__(self, options: tuple[str, ...], parent: QWidget | None = None, icons: Mapping[str, str] | None = None) -> None:
        super().__init__(parent)
        self._options, self._value = options, options[0] if options else ""
        self._icons = icons or {}
        dress(self, 12, 500)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    @property
    def value(self) -> str:
        """The chosen word."""
        return self._value

    def set_options(self, options: tuple[str, ...]) -> None:
        """Other words; the value stays when it is among them."""
        self._options = options
        self._value = self._value if self._value in options else (options[0] if options else "")
        self.updateGeometry()
        self.update()

    def set_value(self, value: str) -> None:
        """Choose a word without a signal."""
        self._value = value
        self.setAccessibleDescription(value)
        self.update()

    def _choose(self, value: str) -> None:
        if value != self._value:
            self.set_value(value)
            self.changed.emit(value)

    def _natural(self, option: str) -> float:
        """What a word needs when it is the chosen one, in heavier letters."""
        return text_width(option, 12, 600) + 20 + (ICON if option in self._icons else 0)

    def _widths(self) -> list[float]:
        natural = [self._natural(option) for option in self._options]
        spare = (self.width() - 4 - sum(natural)) / max(len(natural), 1)
        return [w + max(spare, 0) for w in natural]

    def sizeHint(self) -> QSize:
        return QSize(round(sum(map(self._natural, self._options))) + 4, 26)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = 2.0
        for option, width in zip(self._options, self._widths(), strict=True):
            if x <= event.position().x() < x + width:
                self._choose(option)
                return
            x += width

    def focusInEvent(self, event: QFocusEvent) -> None:
        note_focus(self, event)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or self._value not in self._options:
            super().keyPressEvent(event)
            return
        self._choose(self._options[(self._options.index(self._value) + step) % len(self._options)])

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(t.color("line2"), 1))
        painter.setBrush(t.color("sunken"))
        painter.drawRoundedRect(box, 6, 6)
        x = 2.0
        for option, width in zip(self._options, self._widths(), strict=True):
            cell = QRectF(x, 2, width, self.height() - 4)
            lit = option == self._value
            if lit and len(self._options) > 1:
                painter.setPen(QPen(t.color("line2"), 1))
                painter.setBrush(t.color("card"))
                painter.drawRoundedRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            painter.setPen(t.color("text" if lit else "text2"))
            painter.setFont(ui_font(12, 600 if lit else 500))
            self._paint_words(painter, cell, option)
            x += width
        if shows_focus(self):
            paint_focus(painter, box.adjusted(1, 1, -1, -1), 5)
        painter.end()

    def _paint_words(self, painter: QPainter, cell: QRectF, option: str) -> None:
        """The word in the middle of its cell, behind its icon when it has one."""
        if option in self._icons:
            width = painter.fontMetrics().horizontalAdvance(option)
            left = cell.center().x() - (width + ICON) / 2
            paint_icon(painter, self._icons[option], QRectF(left, cell.center().y() - 6, 12, 12), painter.pen().color())
            cell = cell.adjusted(ICON, 0, 0, 0)
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, option)


class Switch(QAbstractButton):
    """On or off, 28 x 16."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFixedSize(32, 20)
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        note_focus(self, event)
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(2.5, 2.5, 27, 15)
        painter.setPen(QPen(t.color("accentfill" if self.isChecked() else "line2"), 1))
        painter.setBrush(t.color("accentfill" if self.isChecked() else "track"))
        painter.drawRoundedRect(track, 7.5, 7.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.color("onfill" if self.isChecked() else "text3"))
        painter.drawEllipse(QPointF(22 if self.isChecked() else 10, 10), 5.5, 5.5)
        if shows_focus(self):
            paint_focus(painter, track, 8)
        painter.end()
