"""The right column of Train: the recipe as a table, and two small curves."""

from __future__ import annotations

import re

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from graph_compiler.graph.values import TrainingSettings
from widgets.controls import IconButton
from widgets.fonts import scaled, text_width
from widgets.pages.recipe import planned_rates
from widgets.paragraph import line_height
from widgets.parts import Line, Pane, Words, scrolling
from widgets.plots.record import TrainingRecord
from widgets.plots.spark import Spark
from widgets.words import count, number

CURVE = 74
"""Height of a small curve with its heading."""
SETTINGS_WORDS = "Set epochs, batch size, learning rate and the rest of the training, in the inspector"
NAMES = 92
"""The least width of the column of names."""


def breakable(text: str) -> str:
    """The text with invisible places to break inside long names: `SparseCategoricalCrossentropy`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "\u200b", text)


class RecipeRows(QWidget):
    """Rows of a name and a value, with lines between; a long value goes on in a second line."""

    def __init__(self) -> None:
        super().__init__()
        self._values: dict[str, Words] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)

    def set_rows(self, rows: list[tuple[str, str]]) -> None:
        """Show these names and values; rows that stay are updated in place."""
        if [name for name, _ in rows] != list(self._values):
            self._build([name for name, _ in rows])
        for name, value in rows:
            self._values[name].setText(breakable(value))
            self._values[name].setToolTip(value)
            self._values[name].setAccessibleName(value)

    def value(self, name: str) -> str:
        """The value shown for a name."""
        return self._values[name].toolTip()

    def _build(self, names: list[str]) -> None:
        while (item := self._box.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._values = {}
        widest = max([NAMES, *(round(text_width(name, 13)) + 10 for name in names)])
        for name in names:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 5, 0, 5)
            line.setSpacing(0)
            label, value = Words(name, 13, 400, "text2"), Words("", 13, 500, wrap=True)
            label.setFixedSize(widest, line_height(label.font()))
            line.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(value, 1)
            self._box.addWidget(row)
            self._box.addWidget(Line())
            self._values[name] = value


class RecipeColumn(Pane):
    """The recipe, or why there is none; below it the learning rate and the speed."""

    settings_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("panel")
        self.setFixedWidth(312)
        box = self._box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(8)
        self.kind = Words("", 12, 400, "text3")
        self.settings_button = IconButton("preprocessing", SETTINGS_WORDS, 26)
        self.settings_button.clicked.connect(self.settings_wanted)
        head = pair(Words("Recipe", 15, 600), self.kind)
        head.setSpacing(8)
        head.addWidget(self.settings_button)
        box.addLayout(head)
        self.rows = RecipeRows()
        self._area = scrolling(self.rows)
        self._area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._area.setAccessibleName("Recipe")
        box.addWidget(self._area, 1000)
        self.reason = Words("", 13, 400, "text2", wrap=True)
        box.addWidget(self.reason)
        self.rate, self.speed = Words("", 13, 500), Words("", 13, 500)
        self.rate_curve, self.speed_curve = Spark("Learning rate so far and as planned"), Spark("Samples a second so far")
        self._timed = True
        self._speed_name = Words("Samples a second", 12, 400, "text2")
        self._rate_name = Words("Learning rate", 12, 400, "text2")
        for name, value, curve in ((self._rate_name, self.rate, self.rate_curve),
                                   (self._speed_name, self.speed, self.speed_curve)):
            box.addLayout(pair(name, value))
            box.addWidget(curve)
        box.addStretch(1)

    def show_rows(self, rows: list[tuple[str, str]], reason: str) -> None:
        """The recipe, or in words why there is none."""
        self.kind.setText("supervised fit" if rows else "")
        self.rows.set_rows(rows)
        self._area.setVisible(bool(rows))
        self.reason.setVisible(not rows)
        self.reason.setText(reason)
        self._share_room()

    def set_narrow(self, narrow: bool) -> None:
        """A slimmer column."""
        self.setFixedWidth(scaled(260 if narrow else 312))
        self._box.setContentsMargins(16 if narrow else 24, 16, 16 if narrow else 24, 16)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._share_room()
        super().resizeEvent(event)

    def _share_room(self) -> None:
        """The curves are shown where the recipe leaves room for them, the speed where there is something to show."""
        bar = self._area.verticalScrollBar().sizeHint().width()  # with room for it, so that it does not come for a line
        width = self.width() - 2 * self._box.contentsMargins().left() - bar
        recipe = self.rows.layout()
        needed = max(recipe.heightForWidth(width), 0) if recipe is not None else 0
        self._area.setMaximumHeight(needed)
        taken = 64 + (needed if self._area.isVisibleTo(self) else 0)
        places = (self.height() - taken) // CURVE
        for part in (self._rate_name, self.rate, self.rate_curve):
            part.setVisible(places >= 1)
        for part in (self._speed_name, self.speed, self.speed_curve):
            part.setVisible(places >= 2 and self._timed)

    def draw(self, record: TrainingRecord, settings: TrainingSettings) -> None:
        """Learning rate and speed. A run that ended earlier knows its rate by epochs: its plan is drawn instead."""
        epochs = record.length
        if self._timed != bool(len(record.speed) or record.latest):
            self._timed = not self._timed
            self._share_room()
        rate, speed = record.learning_rate, record.speed
        px, py = planned_rates(settings, epochs)
        now = rate.x[-1] / epochs if len(rate) else 0.0
        ahead = px > now
        if record.latest is None and len(rate) and settings.schedule.kind != "plateau":
            self.rate_curve.set_data(px[~ahead], py[~ahead], (px[ahead], py[ahead]))
        else:
            self.rate_curve.set_data(rate.x / epochs, rate.y, (px[ahead], py[ahead]))
        self.speed_curve.set_data(speed.x / epochs, speed.y, (np.empty(0), np.empty(0)))
        self.rate.setText(number(rate.last, 3) if rate.last is not None else "")
        self.speed.setText(count(round(speed.last)) if speed.last is not None else "")


def pair(left: QWidget, right: QWidget) -> QHBoxLayout:
    """Two widgets at the ends of one line."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(left)
    row.addStretch(1)
    row.addWidget(right)
    return row
