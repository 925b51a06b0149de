"""A line of text asked for in place: the name of a node over its card, the name of a block beside what it will hold."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from widgets.fonts import dress
from widgets.parts import Words
from widgets.theme import theme

WIDTH, EDGE = 264, 8


def _sound(_: str) -> str:
    return ""


class _Field(QLineEdit):
    """`entered` on Enter and `given_up` on Escape (the canvas below hears neither), `left` when the keyboard goes elsewhere."""

    entered = Signal()
    given_up = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()


class Asker(QFrame):
    """`answered(text)` on Enter with a text that fits; `closed` afterwards or without an answer.

    `check` says in words why a text does not fit, empty when it does. Without a title it is a bare field, and going
    elsewhere answers as Enter does; `dropped(why)` when the text does not fit then.
    """

    answered = Signal(str)
    dropped = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget, title: str, hint: str, value: str, check: Callable[[str], str] = _sound) -> None:
        super().__init__(parent)
        self._bare, self._hint, self._check = not title, hint, check
        self._open = True
        self.title = Words(title, 12, 600, "text2")
        self.field = _Field(value)
        dress(self.field, 13, 600)
        self.field.setAccessibleName(title or hint)
        self.words = Words(hint, 11, 400, "text3", wrap=True)
        box = QVBoxLayout(self)
        edge = 0 if self._bare else 12
        box.setContentsMargins(edge, edge, edge, edge)
        box.setSpacing(6)
        if self._bare:
            self.words.setContentsMargins(8, 0, 8, 8)
        for part in (self.title, self.field, self.words):
            box.addWidget(part)
        for part in (self.title, self.words):
            part.setVisible(not self._bare)
        self.field.textEdited.connect(self._typed)
        self.field.entered.connect(self._answer)
        self.field.given_up.connect(self.close_it)
        self.field.left.connect(self._left)

    def open_over(self, box: QRect) -> None:
        """Over a part of the parent, as wide as it."""
        self.field.setFixedHeight(max(box.height(), 24))
        self.setFixedWidth(max(box.width(), 96))
        self.adjustSize()
        self._stand(box.topLeft())

    def open_above(self, box: QRect) -> None:
        """Above a part of the parent, below it where there is no room."""
        self.setFixedWidth(WIDTH)
        self.adjustSize()
        above = box.top() - self.height() - EDGE
        self._stand(QPoint(box.left(), above if above >= EDGE else box.bottom() + EDGE))

    def _stand(self, place: QPoint) -> None:
        parent = self.parentWidget()
        assert parent is not None
        room = parent.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)
        x = max(min(place.x(), room.right() - self.width()), room.left())
        y = max(min(place.y(), room.bottom() - self.height()), room.top())
        self.move(x, y)
        self.show()
        self.raise_()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self, text: str) -> None:
        problem = self._check(text.strip())
        self.words.setText(problem or self._hint)
        self.words.set_token("error" if problem else "text3")
        self.field.setProperty("problem", bool(problem))
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)
        if self._bare:
            self.words.setVisible(bool(problem))
            self.setFixedWidth(max(self.width(), WIDTH if problem else 0))
        self.adjustSize()
        self.update()

    def _answer(self) -> None:
        text = self.field.text().strip()
        if self._open and not self._check(text):
            self.close_it()
            self.answered.emit(text)

    def _left(self) -> None:
        if self._bare and self._open:
            problem = self._check(self.field.text().strip())
            self._answer()
            if problem:
                self.dropped.emit(problem)
        self.close_it()

    def close_it(self) -> None:
        """Go away without an answer; the keyboard goes back to the parent."""
        if self._open:
            self._open, focused = False, self.field.hasFocus()
            self.hide()
            if focused and (parent := self.parentWidget()) is not None:
                parent.setFocus(Qt.FocusReason.OtherFocusReason)
            self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._bare and self.words.isHidden():
            return
        t, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.color("line2"), 1))
        painter.setBrush(t.color("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        painter.end()
