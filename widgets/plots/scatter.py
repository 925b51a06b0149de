"""Predicted against true with the diagonal, and the residuals beside it as a histogram."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets.parts import Words
from widgets.plots.axes import Axis, bare_view
from widgets.plots.pens import line_pen
from widgets.theme import Theme, theme, themes
from widgets.words import MINUS, number

MOST = 5000
"""Points drawn at most; beyond that every n-th one."""
BINS = 31


class PredictedTrue(QWidget):
    """A scatter of test rows. `chosen(index)` when a point is clicked."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stride = 1
        self.view, self._left, self._bottom = bare_view(Axis("left", _short), Axis("bottom", _short))
        self.residuals, self._res_left, self._res_bottom = bare_view(Axis("left", _short), Axis("bottom", _short))
        for view, left in ((self.view, self._left), (self.residuals, self._res_left)):
            view.getPlotItem().setContentsMargins(0, 0, 20, 0)  # the last tick has room for its number
            left.setWidth(72)  # numbers, and the words beside them
        self._diagonal = self.view.plot([], [], antialias=True)
        self._points = pg.ScatterPlotItem(size=7, pxMode=True)
        self._ring = pg.ScatterPlotItem(size=13, pxMode=True)
        for item in (self._points, self._ring):
            self.view.addItem(item)
        self._points.sigClicked.connect(self._clicked)
        self._bars = pg.BarGraphItem(x=[0], height=[0], width=1)
        self.residuals.addItem(self._bars)
        self._zero = pg.InfiniteLine(pos=0, angle=90)
        self.residuals.addItem(self._zero, ignoreBounds=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        self.heading, self.words = Words("Residuals", 13, 600), Words("", 12, 400, "text3")
        head = QHBoxLayout()
        head.addWidget(self.heading)
        head.addStretch(1)
        head.addWidget(self.words)
        for view in (self.view, self.residuals):
            view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.view.setMinimumHeight(200)
        self.residuals.setMinimumHeight(120)
        box.addWidget(self.view, 3)
        box.addLayout(head)
        box.addWidget(self.residuals, 2)
        self._true = self._predicted = np.empty(0)
        self.setAccessibleName("Predicted against true values, and residuals")
        themes.changed.connect(self._retheme)
        self._retheme(theme())

    def set_values(self, true: np.ndarray, predicted: np.ndarray, unit: str = "") -> None:
        """true, predicted: float [n], in the target's unit."""
        self._true, self._predicted = true.astype(float), predicted.astype(float)
        self._stride = max(1, len(true) // MOST)
        shown = slice(None, None, self._stride)
        self._points.setData(self._true[shown], self._predicted[shown])
        self._ring.setData([], [])
        words = f" ({unit})" if unit else ""
        self._label(words)
        if len(true):
            low = float(min(self._true.min(), self._predicted.min()))
            high = float(max(self._true.max(), self._predicted.max()))
            self._diagonal.setData([low, high], [low, high])
            self._histogram(self._predicted - self._true)

    def _histogram(self, residuals: np.ndarray) -> None:
        off = np.abs(residuals)
        half, most = (number(float(np.quantile(off, q)), 3) for q in (0.5, 0.95))
        self.words.setText(f"half within {half}, 95 % within {most}" if np.isfinite(off).all() else "")
        reach = float(np.abs(residuals).max()) or 1.0
        counts, edges = np.histogram(residuals, BINS, (-reach, reach))
        self._bars.setOpts(x=(edges[:-1] + edges[1:]) / 2, height=counts, width=(edges[1] - edges[0]) * 0.86)

    def mark(self, index: int) -> None:
        """Ring around one row."""
        inside = 0 <= index < len(self._true)
        self._ring.setData(self._true[index:index + 1] if inside else [], self._predicted[index:index + 1] if inside else [])

    def _clicked(self, _: object, points: list[pg.SpotItem], event: object = None) -> None:
        if len(points):
            self.chosen.emit(int(points[0].index()) * self._stride)

    def _label(self, unit: str) -> None:
        color = theme().text3
        self._unit = unit
        self._bottom.setLabel(f"true{unit}", color=color)
        self._left.setLabel(f"predicted{unit}", color=color)
        self._res_bottom.setLabel(f"residual{unit}", color=color)
        self._res_left.setLabel("rows", color=color)

    def _retheme(self, t: Theme) -> None:
        for view, axes in ((self.view, (self._left, self._bottom)), (self.residuals, (self._res_left, self._res_bottom))):
            view.setBackground(t.color("chrome"))
            for axis in axes:
                axis.recolor(t)
        self._diagonal.setPen(line_pen(t.color("text3"), width=1, style=Qt.PenStyle.DashLine))
        self._points.setBrush(t.color("accentfill", 0.55))
        self._points.setPen(None)
        self._ring.setPen(line_pen(t.color("text"), width=2))
        self._ring.setBrush(None)
        self._bars.setOpts(brush=t.color("accentfill", 0.75), pen=line_pen(None))
        self._zero.setPen(line_pen(t.color("text3"), width=1))
        self._label(getattr(self, "_unit", ""))

    def point_of(self, index: int) -> QPointF:
        """Where a row's point is, in coordinates of `view`."""
        box = self.view.getPlotItem().getViewBox()
        scene = box.mapViewToScene(QPointF(self._true[index], self._predicted[index]))
        return QPointF(self.view.mapFromScene(scene))


def _short(value: float) -> str:
    return number(value, 3) if value % 1 else f"{value:,.0f}".replace("-", MINUS)


