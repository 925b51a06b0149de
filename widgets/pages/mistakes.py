"""The middle column of Evaluate: worst mistakes first, the samples of a chosen cell, and one sample in detail."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from graph_compiler.runs.evaluation import Evaluation
from widgets.controls import Segmented
from widgets.fonts import text_width
from widgets.parts import Elided, Facts, Line, Words
from widgets.plots.bars import BarRow, Bars
from widgets.plots.pictures import Picture, PictureGrid, Sample, to_image
from widgets.words import count, number, percent, plural

SHOWN = 60
MOST_BARS = 10
EVERY = -1
"""In place of a predicted class: whatever it was, as long as it was wrong."""


class MistakesColumn(QWidget):
    """Shows rows of one evaluation; a row is a place in its arrays."""

    shown = Signal(int)
    """The row that is shown in detail."""

    def __init__(self) -> None:
        super().__init__()
        self._evaluation: Evaluation | None = None
        self._cell = (-1, -1)
        self.title = Words("Worst mistakes first", 15, 600)
        self.switch = Segmented(("All", "Cell"))
        self.switch.setAccessibleName("Which mistakes")
        self.switch.changed.connect(lambda word: self._list(cell_only=not word.startswith("All")))
        self.grid = PictureGrid()
        self.grid.chosen.connect(self.show_row)
        self.grid.scrolled.connect(self._count_more)
        self.picture = Picture("The chosen sample")
        self.picture.setFixedSize(184, 184)
        self.row_title, self.verdict = Words("", 13, 600), Elided("", 12, 400, "text3")
        self.more = Elided("", 12, 400, "text3")
        self.more.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._listed = 0
        self.bars = Bars("Probabilities", 16)
        self.inputs = Facts(row_height=22)
        self._build()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addWidget(self.more, 1)
        head.addWidget(self.switch)
        detail = QVBoxLayout()
        detail.setSpacing(4)
        self._said = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._said.addWidget(self.row_title)
        self._said.addWidget(self.verdict, 1)
        detail.addLayout(self._said)
        detail.addWidget(self.bars)
        detail.addWidget(self.inputs)
        detail.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(24)
        below.addWidget(self.picture)
        below.addLayout(detail, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16 - (self.switch.sizeHint().height() - self.title.sizeHint().height()) // 2, 24, 16)
        box.setSpacing(16)  # the heading's switch is higher than its words, which stand in one line with those beside it
        box.addLayout(head)
        box.addWidget(self.grid, 1)
        box.addWidget(Line())
        box.addLayout(below)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_verdict()

    def _place_verdict(self) -> None:
        """Beside the name of the row, below it where there is no room for both."""
        room = self.width() - 2 * 24 - (0 if self.picture.isHidden() else self.picture.width() + 24)
        beside = text_width(self.row_title.text(), 13, 600) + 12 + text_width(self.verdict.full, 12) + 4 <= room
        self._said.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        self._said.setSpacing(12 if beside else 2)
        side = Qt.AlignmentFlag.AlignRight if beside else Qt.AlignmentFlag.AlignLeft
        self.verdict.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """Start with all mistakes."""
        self._evaluation = evaluation
        self._errors = np.empty(0) if evaluation.classes else evaluation.errors()
        self._cell = (-1, -1)
        pictured = evaluation.pictures is not None
        self.picture.setVisible(pictured)
        self.inputs.setVisible(not pictured)
        self.grid.set_pictured(pictured)
        self._list(cell_only=False)

    def show_cell(self, true: int, predicted: int) -> None:
        """The samples of one cell of the confusion; (-1, -1) for all mistakes."""
        self._cell = (true, predicted)
        self._list(cell_only=true >= 0)

    def show_class(self, true: int) -> None:
        """The mistakes on rows of one class."""
        self._cell = (true, EVERY)
        self._list(cell_only=True)

    def _wrong(self) -> np.ndarray:
        """Places of mistakes, worst first; for numbers the largest residuals first."""
        assert self._evaluation is not None
        return np.asarray(self._evaluation.worst(len(self._evaluation.rows)))

    def _list(self, cell_only: bool) -> None:
        evaluation = self._evaluation
        if evaluation is None:
            return
        wrong = self._wrong()
        words = f"All {count(len(wrong))}"
        options = [words]
        if self._cell[0] >= 0 and evaluation.classes:
            members = self._members()
            options.append(self._cell_words(len(members)))
            wrong = members if cell_only else wrong
        self.switch.set_options(tuple(options))
        self.switch.set_value(options[-1] if cell_only and len(options) > 1 else options[0])
        self.switch.setVisible(bool(evaluation.classes))
        self.title.setText("Worst mistakes first" if evaluation.classes else "Largest residuals first")
        if not len(wrong):
            in_cell = cell_only and len(options) > 1
            self.title.setText("No test rows in this cell" if in_cell else "No mistakes on the test rows")
        self._listed = len(wrong)
        self.grid.set_samples([self._sample(int(place)) for place in wrong[:SHOWN]])

    def _count_more(self) -> None:
        """How many there are below those in view; the wheel and the arrow keys lead there."""
        below = self._listed - self.grid.seen.stop
        self.more.set_full(f"{count(below)} more" if below > 0 else "")
        self.more.setToolTip(f"The wheel and the arrow keys show more, the first {SHOWN} in all." if below > 0 else "")

    def _members(self) -> np.ndarray:
        assert self._evaluation is not None
        true, predicted = self._cell
        if predicted == EVERY:
            wrong = self._wrong()
            return np.asarray(wrong[self._evaluation.true_classes()[wrong] == true])
        inside = (self._evaluation.true_classes() == true) & (self._evaluation.predicted_classes() == predicted)
        places = np.flatnonzero(inside)
        sure = self._evaluation.probabilities()[places, predicted]
        return np.asarray(places[np.argsort(-sure)])

    def _cell_words(self, size: int) -> str:
        assert self._evaluation is not None
        names = self._evaluation.classes
        if self._cell[1] == EVERY:
            return f"{names[self._cell[0]]}: {count(size)}"
        return f"{names[self._cell[0]]} read as {names[self._cell[1]]}: {count(size)}"

    def _sample(self, place: int) -> Sample:
        evaluation = self._evaluation
        assert evaluation is not None
        image = to_image(evaluation.pictures[place]) if evaluation.pictures is not None else None
        if not evaluation.classes and np.size(evaluation.target[place]) > 1:
            return Sample(image, evaluation.row_name(place), "",
                          f"off by {number(float(self._errors[place]), 3)}", place)
        if not evaluation.classes:
            true, predicted = evaluation.target.reshape(-1)[place], evaluation.prediction.reshape(-1)[place]
            return Sample(image, number(float(true), 3), number(float(predicted), 3), "", place)
        true, predicted = int(evaluation.true_classes()[place]), int(evaluation.predicted_classes()[place])
        sure = float(evaluation.probabilities()[place, predicted])
        names = evaluation.classes
        return Sample(image, names[true], names[predicted], percent(sure, 1), place, true != predicted)

    def show_row(self, place: int) -> None:
        """One test row in detail."""
        evaluation = self._evaluation
        if evaluation is None or not 0 <= place < len(evaluation.rows):
            return
        self.shown.emit(place)
        self.row_title.setText(evaluation.row_name(place))
        self.row_title.setToolTip(evaluation.row_places(place))
        if evaluation.pictures is not None:
            self.picture.set_image(to_image(evaluation.pictures[place]))
        else:
            self.inputs.set_rows(list(evaluation.input_words(place).items())[:12])
        if evaluation.classes:
            self._show_scores(evaluation, place)
        elif np.size(evaluation.target[place]) > 1:
            largest = float(np.abs(evaluation.residuals()[place]).max())
            self.verdict.set_full(f"{plural(int(np.size(evaluation.target[place])), 'number')}, root mean square residual "
                                  f"{number(float(self._errors[place]), 3)}, largest {number(largest, 3)}")
            self.bars.set_rows([])
        else:
            true, predicted = evaluation.target.reshape(-1)[place], evaluation.prediction.reshape(-1)[place]
            self.verdict.set_full(f"true {number(float(true), 4)}, predicted {number(float(predicted), 4)}, "
                                 f"off by {number(float(predicted - true), 3)}")
            self.bars.set_rows([])
        self._place_verdict()

    def _show_scores(self, evaluation: Evaluation, place: int) -> None:
        scores = evaluation.probabilities()[place]
        true, predicted = int(evaluation.true_classes()[place]), int(evaluation.predicted_classes()[place])
        names = evaluation.classes
        self.verdict.set_full(f"true {names[true]}, read as {names[predicted]}")
        order = np.arange(len(names)) if len(names) <= MOST_BARS else np.argsort(-scores)[:MOST_BARS]
        self.bars.set_rows([BarRow(names[i], float(scores[i]), percent(float(scores[i]), 1),
                                   self._token(int(i), true, predicted)) for i in order])

    @staticmethod
    def _token(i: int, true: int, predicted: int) -> str:
        if i == true:
            return "ok"
        return "error" if i == predicted else "text3"

    def summary(self) -> str:
        """What is listed, in words (for screen readers and reports)."""
        return plural(len(self._wrong()), "mistake") if self._evaluation is not None else ""
