"""The left column of Evaluate for predicted pictures: how large the errors of rows are, and where in the picture they are."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph_compiler.runs.evaluation import Evaluation
from widgets.parts import Facts, Words
from widgets.plots.bars import BarRow, Bars
from widgets.plots.strips import FULL, Panes, bounds_of, error_picture
from widgets.theme import themes
from widgets.words import count, number

BINS = 12


class ErrorOverview(QWidget):
    """Errors of rows as bars, their figures, and the mean error of each pixel."""

    def __init__(self) -> None:
        super().__init__()
        self._residuals: np.ndarray | None = None
        self.bars, self.facts, self.where = Bars("Errors of rows", 22), Facts(row_height=22), Panes("Errors by place")
        self.where_hint = Words("", 12, 400, "text3", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        for part in (self.facts, self.bars, Words("Where the errors are", 15, 600), self.where, self.where_hint):
            box.addWidget(part)
        box.addStretch(1)
        themes.changed.connect(self._paint)

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """An evaluation whose prediction is a picture."""
        errors = evaluation.errors()
        self.facts.set_rows([("Median", number(float(np.median(errors)), 3)),
                             ("95 % of the rows are below", number(float(np.percentile(errors, 95)), 3)),
                             ("Largest", number(float(errors.max()), 3))])
        counts, edges = np.histogram(errors, BINS)
        steps = [f"{number(float(low), 2)} to {number(float(high), 2)}" for low, high in pairwise(edges)]
        self.bars.set_rows([BarRow(step, float(n / counts.max()), count(int(n)), "accentfill")
                            for step, n in zip(steps, counts, strict=True)])
        low, high = bounds_of(np.asarray(evaluation.target))
        self._residuals = evaluation.as_pictures(evaluation.residuals()) / (high - low)
        self._paint(None)

    def _paint(self, _: object) -> None:
        """Mean sizes and mean errors of each pixel, each with the full colour at its largest."""
        if self._residuals is None:
            return
        size, lean = np.abs(self._residuals).mean(axis=0), self._residuals.mean(axis=0)
        panes = [(name, error_picture(part * FULL / max(float(np.abs(part).max()), 1e-12)))
                 for name, part in (("mean size", size), ("mean error", lean))]
        self.where.set_panes(panes)
        largest = number(float(size.max()), 3)
        self.where_hint.setText(f"Orange is predicted too bright, blue too dark. The full colour is the largest error; "
                                f"its mean size is {largest} of the range of values.")
