"""A number field: types arithmetic (`64*2`, `1/255`), steps with keys, wheel and small arrows, says in words what is wrong."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from graph_compiler.graph.values import Json
from widgets.arithmetic import NotANumber, compute
from widgets.fonts import mono_font
from widgets.icons import paint_icon
from widgets.theme import theme, themes
from widgets.words import plain

ARROWS = 18


class NumberField(QLineEdit):
    """`changed(value)` while a person types a sound number or steps; `left()` when the field is left or Enter pressed."""

    changed = Signal(object)
    left = Signal()
    misread = Signal(str)
    """What cannot be read, in words; empty when all is well again."""

    def __init__(self, name: str, *, whole: bool = True, optional: bool = False, minimum: float | None = None,
                 maximum: float | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole, self._optional, self._minimum, self._maximum = whole, optional, minimum, maximum
        self._value: Json = None
        self.setAccessibleName(name)
        self.setFont(mono_font(12))
        self.setFixedHeight(28)
        self.setTextMargins(0, 0, ARROWS - 4, 0)
        self.setMinimumWidth(44)
        if optional:
            self.setPlaceholderText("none")
        self.textEdited.connect(self._edited)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    @property
    def value(self) -> Json:
        """The number in force, None for none."""
        return self._value

    def set_value(self, value: Json) -> None:
        """Show a value without a signal. What is being typed stays as it is while it means that value."""
        before, self._value = self._value, value
        if self.hasFocus() and (self._means(value) or (before == value and self.isModified())):
            return
        cursor = self.cursorPosition()
        self.setText(words_of(value))
        self.setCursorPosition(min(cursor, len(self.text())))

    def _means(self, value: Json) -> bool:
        try:
            return bool(self._read(self.text()) == value)
        except NotANumber:
            return False

    def _read(self, text: str) -> Json:
        if not text.strip() and self._optional:
            return None
        if text.strip().lower() == "none" and self._optional:
            return None
        number = compute(text)
        if not self._whole:
            return number
        if isinstance(number, float) and not number.is_integer():
            raise NotANumber(f"{plain(number)} is not a whole number.")
        return int(number)

    def _edited(self, text: str) -> None:
        try:
            value = self._read(text)
        except NotANumber as problem:
            self.misread.emit(str(problem))
            return
        self.misread.emit("")
        self._take(value)

    def _take(self, value: Json) -> None:
        if value != self._value or type(value) is not type(self._value):
            self._value = value
            self.changed.emit(value)

    def step(self, by: float) -> None:
        """Move by so many steps: ones for whole numbers, a tenth of its size for others; bounds hold."""
        if isinstance(self._value, bool) or not isinstance(self._value, (int, float)):
            start: float = self._minimum or 0
            value: float = int(start) if self._whole else start
        elif self._whole:
            value = int(self._value + by)
        else:
            value = float(f"{self._value + by * _size(self._value):.6g}")
        if self._minimum is not None:
            value = max(value, self._minimum)
        if self._maximum is not None:
            value = min(value, self._maximum)
        value = int(value) if self._whole else value
        self.misread.emit("")
        self.setText(words_of(value))
        self._take(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        if event.key() in steps:
            self.step(steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._settle()
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus() and event.angleDelta().y():
            self.step(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._settle()

    def _settle(self) -> None:
        """Show the number itself in place of what was typed; what could not be read is dropped."""
        self.setText(words_of(self._value))
        self.misread.emit("")
        self.left.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        up = self._arrow(event.position())
        if up and self.isEnabled():
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.step(up)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.setCursor(Qt.CursorShape.ArrowCursor if self._arrow(event.position()) else Qt.CursorShape.IBeamCursor)

    def _arrow(self, place: QPointF) -> int:
        """+1 or -1 over one of the arrows, else 0."""
        if place.x() < self.width() - ARROWS:
            return 0
        return 1 if place.y() < self.height() / 2 else -1

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        ink = theme().color("text3", 1.0 if self.isEnabled() else 0.4)
        x = self.width() - ARROWS + 3
        paint_icon(painter, "chevron-up", QRectF(x, self.height() / 2 - 9.5, 9, 9), ink)
        paint_icon(painter, "chevron-down", QRectF(x, self.height() / 2 + 0.5, 9, 9), ink)
        painter.end()


def words_of(value: Json) -> str:
    """A stored value as the field shows it: `64`, `1 / 255`, an expression, nothing for none."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return str(value.get("=", ""))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return plain(value)
    return str(value)


def _size(value: float) -> float:
    """One step for a number of this size: 0.5 -> 0.1, 0.002 -> 0.0001 (a step never jumps over the number's own order)."""
    if value == 0:
        return 0.1
    order = math.floor(math.log10(abs(value)) + 1e-9)
    return float(10.0**order if abs(value) >= 2 * 10.0**order else 10.0 ** (order - 1)) if order < 1 else 1.0
