"""Small parts of the pages of generating networks: the line under a heading, labelled settings, beams."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QSpinBox, QVBoxLayout, QWidget

from widgets.pages.running.base import Slot
from widgets.parts import Elided, Pane, ProgressLine, Words
from widgets.words import number

HEAD = 32
"""Height of the headings, with buttons in them or not."""
LABEL = 96
"""Width of the labels of settings."""


NOTHING = "(nothing)"
"""What stands for an empty text."""


class Column(Pane):
    """A column of a page with a heading, words at its right, and room below."""

    def __init__(self, title: str, token: str) -> None:
        super().__init__(token)
        self.title, self.hint = Words(title, 15, 600), Elided("", 12, 400, "text3")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.title.setMinimumHeight(HEAD)
        self.head = QHBoxLayout()
        self.head.setSpacing(12)
        self.head.addWidget(self.title)
        self.head.addWidget(self.hint, 1)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(24, 16, 24, 16)
        self.box.setSpacing(12)
        self.box.addLayout(self.head)


class State(Words):
    """What a slot is at, why there is no answer, or what was left out, as a sentence at its place.

    No room is taken while there is nothing.
    """

    def __init__(self, slot: Slot) -> None:
        super().__init__("", 13, 400, "text2", wrap=True)
        self.hide()
        slot.waiting.connect(lambda words: self._show(words, "text2"))
        slot.failed.connect(lambda sentence: self._show(sentence, "error"))
        slot.answered.connect(lambda answers: self._show(str(answers[0].get("note", "")), "warn"))

    def _show(self, words: str, token: str) -> None:
        self.set_token(token)
        self.setText(words)
        self.setVisible(bool(words))


class Temperature(QWidget):
    """A slider from 0 to 2 with its number. `changed` while it moves."""

    changed = Signal()

    def __init__(self, value: float) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Temperature")
        self.slider.setRange(0, 40)
        self.slider.setSingleStep(1)
        self.slider.setPageStep(4)
        self.slider.setMinimumHeight(24)
        self.number = Words("", 13, 500)
        self.number.hold(36)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.slider, 1)
        row.addWidget(self.number)
        self.slider.valueChanged.connect(self._moved)
        self.slider.setValue(round(value * 20))

    @property
    def value(self) -> float:
        """The temperature; 0 takes the likeliest."""
        return self.slider.value() / 20

    def _moved(self) -> None:
        self.number.setText(f"{self.value:.2f}")
        self.changed.emit()


class Beams(QWidget):
    """The texts a search found, the likeliest first: log probability as a number, probability as a bar."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[str, float]] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 8, 0, 0)
        self._box.setSpacing(12)

    def set_rows(self, rows: list[tuple[str, float]]) -> None:
        """(text, log probability) pairs."""
        self.rows = rows
        while (item := self._box.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if rows:
            self._box.addWidget(_pair(Words("Beams", 12, 500, "text3"), Words("log probability", 12, 400, "text3")))
        for place, (text, score) in enumerate(rows):
            self._box.addWidget(_beam(text or NOTHING, score, place == 0))


def _beam(text: str, score: float, best: bool) -> QWidget:
    weight, token = (600, "text") if best else (400, "text2")
    bar = ProgressLine(f"Probability of {text}")
    bar.set_share(math.exp(min(score, 0.0)))
    holder = QWidget()
    box = QVBoxLayout(holder)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(4)
    box.addWidget(_pair(Elided(text, 13, weight, token, mono=True), Words(number(score, 3), 12, weight, token)))
    box.addWidget(bar)
    return holder


def spin(name: str, least: int, most: int, value: int) -> QSpinBox:
    """A field for a whole number."""
    field = QSpinBox()
    field.setAccessibleName(name)
    field.setRange(least, most)
    field.setValue(value)
    field.setGroupSeparatorShown(True)
    field.setKeyboardTracking(False)
    field.lineEdit().setTextMargins(7, 0, 0, 0)
    field.setFixedWidth(112)
    return field


def setting(label: str, *parts: QWidget, wide: bool = False) -> QWidget:
    """A label and what is set beside it; `wide` parts take the whole width."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    name = Words(label, 13, 400, "text2")
    name.hold(LABEL)
    row.addWidget(name)
    for part in parts:
        row.addWidget(part, 1 if wide else 0)
    if not wide:
        row.addStretch(1)
    return holder


def _pair(left: QWidget, right: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(left, 1)
    row.addWidget(right)
    return holder
