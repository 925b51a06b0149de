"""The left column of Evaluate: confusion and classes, curves of two classes, errors of pictures, or predicted against true."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from graph_compiler.runs.evaluation import Evaluation
from widgets.controls import Segmented
from widgets.pages.class_table import ClassTable
from widgets.parts import Elided, Words
from widgets.plots.bars import BarRow, Bars
from widgets.plots.confusion import ConfusionMatrix
from widgets.words import percent, plural

if TYPE_CHECKING:
    from widgets.pages.error_overview import ErrorOverview
    from widgets.plots.scatter import PredictedTrue
    from widgets.plots.score_curves import ScoreCurvePlot


BARS, TABLE = "Recall", "Table"
MOST_BARS = 20
"""Classes from which on the table is shown at first."""
MOST_CROSSED = 40
"""Classes of places up to which a confusion is drawn (a vocabulary has thousands)."""


class Overview(QWidget):
    """Confusion and classes, curves where there are two, or predicted against true with residuals."""

    cell_chosen = Signal(int, int)
    class_chosen = Signal(int)
    row_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._classes: tuple[str, ...] = ()
        self.title, self.hint = Words("Confusion", 15, 600), Elided("", 12, 400, "text3")
        self.confusion = ConfusionMatrix()
        self.confusion.chosen.connect(self.cell_chosen)
        self.curves: ScoreCurvePlot | None = None
        self.scatter: PredictedTrue | None = None
        self.errors: ErrorOverview | None = None
        self.per_class_title, self.per_class_hint = Words("Per class", 15, 600), Elided("", 12, 400, "text3")
        self.switch = Segmented((BARS, TABLE))
        self.switch.setAccessibleName("View of the classes")
        self.switch.changed.connect(lambda _: self._show_figures())
        self.per_class = Bars("Recall a class", 36, columns=2, lines=True)
        self.table = ClassTable()
        self.table.chosen.connect(self.class_chosen)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(24, 16, 24, 16)
        self._box.setSpacing(12)
        self._box.addLayout(_heading(self.title, self.hint))
        self._box.addWidget(self.confusion, 5)
        self._box.addLayout(_heading(self.per_class_title, self.per_class_hint, self.switch))
        self._box.addWidget(self.per_class)
        self._box.addWidget(self.table)
        self._box.addStretch(0)

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """Confusion for classes, errors of pictures, scatter for numbers."""
        named, two = bool(evaluation.classes) or evaluation.placed, len(evaluation.classes) == 2
        for part in (self.per_class_title, self.per_class_hint, self.switch):
            part.setVisible(named)
        self.confusion.setVisible(named and not (evaluation.placed and len(evaluation.named) > MOST_CROSSED))
        if two and self.curves is None:
            from widgets.plots.score_curves import ScoreCurvePlot

            self.curves = ScoreCurvePlot()
            self._box.insertWidget(2, self.curves, 5)
        if self.scatter is not None:
            self.scatter.setVisible(not named and not evaluation.pictured)
        if self.curves is not None:
            self.curves.setVisible(two)
        if self.errors is not None:
            self.errors.setVisible(evaluation.pictured)
        if named:
            self._show_classes(evaluation)
            return
        self._classes = ()
        self.per_class.hide()
        self.table.hide()
        if evaluation.pictured:
            self._show_errors(evaluation)
        else:
            self._show_numbers(evaluation)

    def _show_classes(self, evaluation: Evaluation) -> None:
        placed, names = evaluation.placed, evaluation.named
        crossed = not placed or len(names) <= MOST_CROSSED
        self.title.setText("Confusion" if crossed else plural(len(names), "class", "classes"))
        self.hint.set_full("% of each true class, a cell shows its rows" if placed and crossed else
                          "click a cell to see its samples" if crossed else "")
        if crossed:
            self.confusion.set_counts(evaluation.confusion(), names, shares=placed)
        if self.curves is not None and len(evaluation.classes) == 2:
            self.curves.show_evaluation(evaluation)
        rows = evaluation.per_class()
        recalls = [row["recall"] for row in rows if np.isfinite(row["recall"])]
        # Bars start a little below the weakest class, so that differences between good ones are seen; the hint says where.
        floor = (math.floor(100 * min(recalls)) - 1) / 100 if min(recalls, default=0.0) > 0.9 else 0.0
        self.per_class_hint.set_full(f"recall, {percent(floor, 0).removesuffix(' %')} to 100 %" if floor else
                                     "recall" if recalls else "")
        shares = [max(0.0, (row["recall"] - floor) / (1 - floor)) if np.isfinite(row["recall"]) else 0.0 for row in rows]
        self.per_class.set_rows([BarRow(name, share, percent(row["recall"], 1), "accentfill")
                                 for name, share, row in zip(names, shares, rows, strict=True)])
        self.table.show_evaluation(evaluation)
        if names != self._classes:
            self._classes = names
            self.switch.set_value(BARS if 2 < len(names) <= MOST_BARS and not placed else TABLE)
        self._show_figures()

    def _show_figures(self) -> None:
        """Bars of the recall, or the table of all figures of a class."""
        table = self.switch.value == TABLE
        self.per_class.setVisible(not table)
        self.table.setVisible(table)
        self.table.setFixedHeight(min(self.table.need(), 400))

    def _show_errors(self, evaluation: Evaluation) -> None:
        self.title.setText("Errors of the rows")
        self.hint.set_full("root mean square of a row")
        if self.errors is None:
            from widgets.pages.error_overview import ErrorOverview

            self.errors = ErrorOverview()
            self._box.insertWidget(1, self.errors)
            self.errors.show()
        self.errors.show_evaluation(evaluation)

    def _show_numbers(self, evaluation: Evaluation) -> None:
        self.title.setText("Predicted against true")
        self.hint.set_full("click a point to see its row")
        if self.scatter is None:
            from widgets.plots.scatter import PredictedTrue

            self.scatter = PredictedTrue()
            self.scatter.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            self.scatter.chosen.connect(self._point_chosen)
            self._box.insertWidget(1, self.scatter, 5)
            self.scatter.show()
        self._values_a_row = max(evaluation.target.size // max(len(evaluation.target), 1), 1)
        self.scatter.set_values(evaluation.target.reshape(-1), evaluation.prediction.reshape(-1), evaluation.unit)

    _values_a_row = 1

    def _point_chosen(self, place: int) -> None:
        """A row may have several numbers, and a point each."""
        self.row_chosen.emit(place // self._values_a_row)

    def mark(self, place: int) -> None:
        """The row that is shown in detail."""
        if self.scatter is not None and self.scatter.isVisibleTo(self):
            self.scatter.mark(place * self._values_a_row)


def _heading(left: QWidget, hint: Elided, *right: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(12)
    row.addWidget(left)
    hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(hint, 1)
    for part in right:
        row.addWidget(part)
    return row
