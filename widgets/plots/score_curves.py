"""ROC and precision-recall curves of two classes, with the point that the threshold of one half gives."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from graph_compiler.runs.evaluation import Evaluation
from graph_compiler.runs.two_classes import ScoreCurves, curves_of
from widgets.controls import Segmented
from widgets.parts import Words
from widgets.plots.axes import Axis, bare_view
from widgets.plots.pens import line_pen
from widgets.plots.readout import ReadOut
from widgets.theme import Theme, theme, themes
from widgets.words import number, percent

ROC, PRECISION = "ROC", "Precision-recall"
HALF = 0.5
NEAR = 0.06
"""How far from the curve the pointer may be, as a share of the axes."""


class ScoreCurvePlot(QWidget):
    """Shows an evaluation of two classes; the switches choose the curve and the class that is looked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curves: ScoreCurves | None = None
        self._evaluation: Evaluation | None = None
        self.kind, self.side = Segmented((ROC, PRECISION)), Segmented(("",))
        self.area = Words("", 13, 500)
        self.caption = Words("", 12, 400, "text3", wrap=True)
        self.kind.setAccessibleName("Kind of curve")
        self.side.setAccessibleName("Class that is looked for")
        self._left, self._bottom = Axis("left", _share), Axis("bottom", _share)
        self.view, _, _ = bare_view(self._left, self._bottom)
        self.view.setXRange(0, 1, padding=0.01)
        self.view.setYRange(0, 1, padding=0.02)
        self._chance = self.view.plot([], [])
        self._curve = self.view.plot([], [], antialias=True)
        self._point = pg.ScatterPlotItem(size=10, pxMode=True)
        self._spot = pg.ScatterPlotItem(size=8, pxMode=True)
        for item in (self._point, self._spot):
            self.view.addItem(item)
        self.card = ReadOut(self.view)
        self.view.scene().sigMouseMoved.connect(self._hover)
        self._head, self._second = QHBoxLayout(), QHBoxLayout()
        for row in (self._head, self._second):
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(12)
        self._head.addWidget(self.kind)
        self._head.addStretch(1)
        self._head.addWidget(self.side)
        self._head.insertWidget(1, self.area)
        self._second.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(self._head)
        box.addLayout(self._second)
        box.addWidget(self.view, 1)
        box.addWidget(self.caption)
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.view.setMinimumHeight(200)
        self.kind.changed.connect(lambda _: self._draw())
        self.side.changed.connect(lambda _: self._compute())
        themes.changed.connect(self._retheme)
        self._retheme(theme())

    def _fit(self) -> None:
        """All in one line, else the area in a line of its own, with the classes if need be; the caption is never cut."""
        gap = self._head.spacing()
        kind, area, side = (part.sizeHint().width() for part in (self.kind, self.area, self.side))
        beside = kind + 2 * gap + side <= self.width()
        self._put(self.area, self._head if kind + area + side + 3 * gap <= self.width() else self._second, 1)
        self._put(self.side, self._head if beside else self._second, -1)
        self.caption.setMinimumHeight(self.caption.heightForWidth(self.width()))
        self.setMinimumHeight(super().minimumSizeHint().height())  # else the layout around it would take the plot's room

    def _put(self, part: QWidget, row: QHBoxLayout, place: int) -> None:
        other = self._second if row is self._head else self._head
        if other.indexOf(part) >= 0:
            other.removeWidget(part)
            row.insertWidget(min(place, row.count() - 1) if place > 0 else place, part)

    def minimumSizeHint(self) -> QSize:
        width = max(self.kind.minimumSizeHint().width(), self.side.minimumSizeHint().width())
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """The curves of an evaluation of two classes; the second one is looked for at first."""
        again = self._evaluation is not None and self._evaluation.classes == evaluation.classes
        self._evaluation = evaluation
        self.side.set_options(evaluation.classes)
        if not again:
            self.side.set_value(evaluation.classes[1])
        self._compute()

    def _compute(self) -> None:
        if self._evaluation is not None:
            self.curves = curves_of(self._evaluation, self._evaluation.classes.index(self.side.value))
            self._draw()

    @property
    def _roc(self) -> bool:
        return self.kind.value == ROC

    def _places(self, curves: ScoreCurves) -> tuple[np.ndarray, np.ndarray]:
        return (curves.alarms, curves.found) if self._roc else (curves.found, curves.precision)

    def _draw(self) -> None:
        """The chosen curve, or in words why there is none."""
        curves = self.curves
        self.card.hide()
        self._spot.setData([], [])
        if curves is None:
            for item in (self._curve, self._chance, self._point):
                item.setData([], [])
            self.area.setText("")
            self.caption.setText("All test rows are of one class, so there is no curve.")
            return
        x, y = self._places(curves)
        self._curve.setData(x, y)
        share = float(curves.precision[-1])
        self._chance.setData([0, 1], [0, 1] if self._roc else [share, share])
        half = curves.at(HALF)
        self._point.setData([x[half]], [y[half]])
        self.area.setText(f"area {number(curves.auc, 4)}" if self._roc
                          else f"average precision {number(curves.average_precision, 4)}")
        self.caption.setText(f"At the threshold 0.5: finds {percent(curves.found[half], 1)} of “{self.side.value}”, "
                             f"{percent(curves.precision[half], 1)} of what it finds is right, "
                             f"{percent(curves.alarms[half], 1)} of the others are false alarms.")
        self._label()
        self.view.setAccessibleName(f"{self.kind.value} curve, {self.area.text()}")
        self._fit()

    def _label(self) -> None:
        color = theme().text3
        self._bottom.setLabel("false alarms" if self._roc else "found (recall)", color=color)
        self._left.setLabel("found (recall)" if self._roc else "right (precision)", color=color)

    def _hover(self, place: QPointF) -> None:
        box = self.view.getPlotItem().getViewBox()
        curves = self.curves
        if curves is None or not box.sceneBoundingRect().contains(place):
            self._leave()
            return
        at = box.mapSceneToView(place)
        x, y = self._places(curves)
        near = np.hypot(x - at.x(), y - at.y())
        best = int(near.argmin())
        if near[best] > NEAR:
            self._leave()
            return
        self._spot.setData([x[best]], [y[best]])
        color = theme().color("train")
        threshold = float(curves.thresholds[best])
        lines = [("found", color, "round", percent(curves.found[best], 1)),
                 ("right", color, "round", percent(curves.precision[best], 1)),
                 ("false alarms", color, "round", percent(curves.alarms[best], 1))]
        left = self.view.mapFromScene(box.mapViewToScene(QPointF(x[best], y[best]))).x()
        title = f"Threshold {threshold:.3f}" if np.isfinite(threshold) else "Nothing is found"
        self.card.show_lines(title, lines, int(left))

    def _leave(self) -> None:
        self.card.hide()
        self._spot.setData([], [])

    def leaveEvent(self, event: object) -> None:
        self._leave()

    def _retheme(self, t: Theme) -> None:
        self.view.setBackground(t.color("chrome"))
        for axis in (self._left, self._bottom):
            axis.recolor(t)
        self._curve.setPen(line_pen(t.color("train"), width=2))
        self._chance.setPen(line_pen(t.color("text3"), width=1, style=Qt.PenStyle.DashLine))
        self._point.setBrush(t.color("accentfill"))
        self._point.setPen(line_pen(t.color("chrome"), width=2))
        self._spot.setBrush(t.color("text"))
        self._spot.setPen(None)
        self._label()


def _share(value: float) -> str:
    return f"{value:g}"
