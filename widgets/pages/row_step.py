"""Which of several rows is shown, with a button to the one before and to the next."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from widgets.controls import IconButton
from widgets.parts import Words
from widgets.words import count


class RowStep(QWidget):
    """Hidden while there are fewer than two rows. `moved` with the place of a row, counted from 0, after a click."""

    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = self.rows = 0
        self.words = Words("", 13, 400, "text2")
        self.back, self.on = IconButton("chevron-up", "Previous row"), IconButton("chevron-down", "Next row")
        self.back.clicked.connect(lambda: self.moved.emit(self.place - 1))
        self.on.clicked.connect(lambda: self.moved.emit(self.place + 1))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for part in (self.words, self.back, self.on):
            row.addWidget(part)
        self.hide()

    def show_place(self, place: int, rows: int) -> None:
        """Row `place` of so many is in view."""
        self.place, self.rows = place, rows
        self.words.setText(f"Row {count(place + 1)} of {count(rows)}")
        self.back.setEnabled(place > 0)
        self.on.setEnabled(place < rows - 1)
        self.setVisible(rows > 1)
