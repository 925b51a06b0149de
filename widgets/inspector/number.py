"""A number field: types arithmetic (`64*2`, `1/255`), steps with keys, wheel and small arrows, says in words what is wrong.

Inside a block a text over its parameters (`filters * 2`) is kept as it is, with the value in force behind it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from graph_compiler.graph.expressions import is_expression
from graph_compiler.graph.values import Json
from widgets.arithmetic import NotANumber
from widgets.fonts import dress, mono_font, text_width
from widgets.icons import paint_icon
from widgets.inspector.reading import kept_words, read_number, words_of, worth_of
from widgets.theme import theme, themes

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
        self._before: Json = None
        """What was in force before this typing, which is in force again as soon as what is typed cannot be read."""
        self._typing = False
        self._names: Mapping[str, Json] = {}
        self.setAccessibleName(name)
        dress(self, 12, mono=True)
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

    def set_names(self, names: Mapping[str, Json]) -> None:
        """Inside a block: its parameters with the values in force; what mentions one is kept as an expression."""
        if names != self._names:
            self._names = dict(names)
            self._show_worth()

    @property
    def worth(self) -> str:
        """What the expression in force comes to, as shown behind it; empty for a plain number."""
        return f"= {words_of(worth_of(self._value, self._names)) or '?'}" if is_expression(self._value) else ""

    def _show_worth(self) -> None:
        room = round(text_width(self.worth, 11, mono=True)) + 10 if self.worth else ARROWS - 4
        self.setTextMargins(0, 0, room, 0)
        self.update()

    def set_value(self, value: Json) -> None:
        """Show a value without a signal. What is being typed stays as it is while it means that value."""
        before, self._value = self._value, value
        if before != value:
            self._typing = False
            self.misread.emit("")
        if self.hasFocus() and (self._means(value) or (before == value and self.isModified())):
            return
        cursor = self.cursorPosition()
        self.setText(words_of(value))
        self.setCursorPosition(min(cursor, len(self.text())))
        self._show_worth()

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
        return read_number(text, self._whole, self._names)

    def _edited(self, text: str) -> None:
        if not self._typing:
            self._typing, self._before = True, self._value
        try:
            value = self._read(text)
        except NotANumber as problem:
            self.misread.emit(str(problem))
            if self._value != self._before:
                self._take(self._before)
                self.left.emit()
            return
        self.misread.emit("")
        self._take(value)

    def _take(self, value: Json) -> None:
        if value != self._value or type(value) is not type(self._value):
            self._value = value
            self._show_worth()
            self.changed.emit(value)

    def step(self, by: float) -> None:
        """Move by so many steps: ones for whole numbers, a tenth of its size for others; bounds hold, expressions stay."""
        if is_expression(self._value):
            return
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
        self._typing = False
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
        """Show the number itself in place of what was typed. What could not be read is dropped, and it is said why."""
        if self._typing:
            self._typing = False
            self.misread.emit(kept_words(self._read, self.text(), words_of(self._value)))
        self.setText(words_of(self._value))
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
        if place.x() < self.width() - ARROWS or is_expression(self._value):
            return 0
        return 1 if place.y() < self.height() / 2 else -1

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        if worth := self.worth:
            painter.setFont(mono_font(11))
            painter.setPen(theme().color("text3"))
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(self.rect()).adjusted(0, 0, -8, 0), right, worth)
            painter.end()
            return
        ink = theme().color("text3", 1.0 if self.isEnabled() else 0.4)
        x = self.width() - ARROWS + 3
        paint_icon(painter, "chevron-up", QRectF(x, self.height() / 2 - 9.5, 9, 9), ink)
        paint_icon(painter, "chevron-down", QRectF(x, self.height() / 2 + 0.5, 9, 9), ink)
        painter.end()


def _size(value: float) -> float:
    """One step for a number of this size: 0.5 -> 0.1, 0.002 -> 0.0001 (a step never jumps over the number's own order)."""
    if value == 0:
        return 0.1
    order = math.floor(math.log10(abs(value)) + 1e-9)
    return float(10.0**order if abs(value) >= 2 * 10.0**order else 10.0 ** (order - 1)) if order < 1 else 1.0
