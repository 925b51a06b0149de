"""Questions and messages in the program's own look: a title, one or two sentences, verbs on the buttons."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets.controls import Button
from widgets.icons import paint_icon
from widgets.parts import Words
from widgets.theme import theme

WIDTH = 440
MARKS = {"plain": ("", ""), "warn": ("warning", "warn"), "error": ("error", "error"), "info": ("info", "text2")}
"""Tone -> icon and its colour token."""


@dataclass(frozen=True)
class Choice:
    """A button of a question: a verb, filled when it is what most people want, in the colour of errors when it destroys."""

    verb: str
    primary: bool = False
    destroys: bool = False


class Question(QDialog):
    """One question. `answer` is the verb that was pressed, empty after Esc or Cancel."""

    def __init__(self, parent: QWidget | None, title: str, text: str, choices: tuple[Choice, ...], cancel: str = "Cancel",
                 tone: str = "plain") -> None:
        super().__init__(parent)
        self.setWindowTitle("Netloom")
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.answer = ""
        self.title, self.text = Words(title, 15, 600, wrap=True), Words(text, 13, 400, "text2", wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.buttons = {choice.verb: self._button(choice) for choice in choices}
        self._cancel = Button(cancel) if cancel else None
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        if self._cancel is not None:
            self._cancel.setAutoDefault(False)
            self._cancel.clicked.connect(self.reject)
            row.addWidget(self._cancel)
        for button in reversed(self.buttons.values()):
            row.addWidget(button)
        box = QVBoxLayout()
        box.setSpacing(8)
        for part in (self.title, self.text):
            box.addWidget(part)
        self.text.setVisible(bool(text))
        box.addSpacing(16)
        box.addLayout(row)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(24, 24, 24, 24)
        whole.setSpacing(12)
        if MARKS[tone][0]:
            whole.addWidget(_Mark(*MARKS[tone]), 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(box, 1)
        self.setFixedWidth(WIDTH)
        self.setFixedHeight(whole.heightForWidth(WIDTH))
        self._take_focus(choices)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color("panel"))
        painter.setPen(theme().color("line2"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _take_focus(self, choices: tuple[Choice, ...]) -> None:
        first = next((self.buttons[c.verb] for c in choices if c.primary), self._cancel or next(iter(self.buttons.values())))
        first.setDefault(True)
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def _button(self, choice: Choice) -> Button:
        button = Button(choice.verb, primary=choice.primary or choice.destroys, tone="errorfill" if choice.destroys else "")
        button.setAutoDefault(choice.primary)
        button.clicked.connect(lambda: self._answered(choice.verb))
        return button

    def _answered(self, verb: str) -> None:
        self.answer = verb
        self.accept()


class _Mark(QWidget):
    """The sign of a warning or an error, 20 square."""

    def __init__(self, icon: str, token: str) -> None:
        super().__init__()
        self._icon, self._token = icon, token
        self.setFixedSize(20, 22)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_icon(painter, self._icon, QRectF(0, 1, 20, 20), theme().color(self._token))
        painter.end()


def ask(parent: QWidget | None, title: str, text: str, choices: tuple[Choice, ...], cancel: str = "Cancel",
        tone: str = "plain") -> str:
    """The verb that was pressed, empty when the question was left."""
    question = Question(parent, title, text, choices, cancel, tone)
    question.exec()
    question.deleteLater()
    return question.answer


def tell(parent: QWidget | None, title: str, text: str, tone: str = "plain") -> None:
    """Say something that needs no answer."""
    ask(parent, title, text, (Choice("Close", primary=True),), cancel="", tone=tone)
