"""The cells of the proof table: names with notes, figures before and after, values with bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets.fonts import text_width
from widgets.pages.metrics import metric_words, moved_words
from widgets.parts import Words
from widgets.theme import theme, themes


class After(QWidget):
    """The metric after the export, and below it by how much it moved."""

    def __init__(self, row: dict[str, Any]) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(Words(metric_words(row["metric"], row["after"]), 13), 0, Qt.AlignmentFlag.AlignRight)
        if moved := moved_words(row["metric"], row["before"], row["after"]):
            box.addWidget(Words(moved, 11, 400, "text3"), 0, Qt.AlignmentFlag.AlignRight)


class NameCell(QWidget):
    """The format, and under it what one must know of the file."""

    def __init__(self, title: str, notes: Sequence[str]) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 8)
        box.setSpacing(2)
        box.addStretch(1)
        box.addWidget(Words(title, 13, 500))
        for note in notes:
            box.addWidget(Words(note, 12, 400, "text2", wrap=True))
        box.addStretch(1)


class Measure(QWidget):
    """A value with a bar of 72 x 4 behind it, as far as there is one. All are as wide as the longest value."""

    LONGEST, BAR, GAP = "0.00000 ms", 72, 8

    def __init__(self, text: str, share: float) -> None:
        super().__init__()
        self._share = share
        self.label = Words(text, 13, parent=self)
        self._room = self.room()
        self.setFixedSize(self._room + self.GAP + self.BAR, 32)
        self.label.setGeometry(0, 0, self._room, 32)
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        themes.changed.connect(self._repaint)

    @classmethod
    def room(cls) -> int:
        """Pixels for the value."""
        return math.ceil(text_width(cls.LONGEST, 13)) + 2

    def _repaint(self, _: object) -> None:
        self.update()

    def set_share(self, share: float) -> None:
        """How long the bar is."""
        self._share = share
        self.update()

    def text(self) -> str:
        """The value in words."""
        return str(self.label.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._share:
            return
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for share, token in ((1.0, "track"), (self._share, "wire")):
            painter.setBrush(t.color(token))
            painter.drawRoundedRect(QRectF(self._room + self.GAP, 14, self.BAR * share, 4), 2, 2)
        painter.end()
