"""What all plots share: axes in the program's look, horizontal grid lines, and a view without frame or menu."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from widgets.fonts import text_width, ui_font
from widgets.plots.pens import line_pen
from widgets.theme import Theme, theme

Format = Callable[[float], str]


ROOM = 24
"""Pixels the labels at the ends of an axis may reach beyond it."""


GAP = 14
"""Pixels between labels that stand side by side."""


class Axis(pg.AxisItem):
    """An axis with four to six labels by a formatter, and only the bottom one with a line; `whole` for epochs."""

    def __init__(self, side: str, format_value: Format, whole: bool = False) -> None:
        super().__init__(side, showValues=True)
        self.format_value, self._whole = format_value, whole
        self.enableAutoSIPrefix(False)
        self.setStyle(tickLength=0, tickTextOffset=8, hideOverlappingLabels=ROOM)

    def recolor(self, t: Theme) -> None:
        """Take the colours of a theme: only the bottom axis has a line."""
        self.setTextPen(t.color("text3"))
        self.setTickFont(ui_font(11))
        self.setPen(line_pen(t.color("line2") if self.orientation == "bottom" else None))

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if self.logMode:
            return [self.format_value(10.0 ** v) for v in values]
        return [self.format_value(v) for v in values]

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        if self.logMode:
            return [(1, 0)]
        return [(max(nice_step(high - low, self._most_steps(low, high, size)), 1.0 if self._whole else 0.0), 0)]

    def _most_steps(self, low: float, high: float, size: float) -> float:
        """Seven, or as many as have room for their labels side by side."""
        if self.orientation != "bottom" or self._whole:
            return 7
        wide = max(text_width(words, 11) for words in self.tickStrings([(low + high) / 2, high], 1.0, 1.0)) + GAP
        return max(2.0, min(7.0, size / wide))

    def generateDrawSpecs(self, painter: QPainter) -> tuple[object, list[object], list[object]] | None:
        """Without ticks: the grid lines and the labels say where the values are."""
        specs = super().generateDrawSpecs(painter)
        return None if specs is None else (specs[0], [], specs[2])

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        if not self.logMode:
            found: list[tuple[float, list[float]]] = super().tickValues(low, high, size)
            return found
        return [(1.0, log_ticks(low, high, self._most_steps(low, high, size)))]


def nice_step(span: float, most: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that makes at most `most` steps in `span`."""
    if not np.isfinite(span) or span <= 0:
        return 1.0
    rough = span / most
    power = 10.0 ** np.floor(np.log10(rough))
    return float(next(power * m for m in (1, 2, 5, 10) if power * m >= rough * 0.999))


def whole_steps(low: float, high: float) -> tuple[float, float]:
    """The span of about a dozen whole steps that holds two values, low <= high; one step where they are equal."""
    step = nice_step((high - low) or abs(high) or 1.0, 12)
    first, last = float(np.floor(low / step + 1e-9)), float(np.ceil(high / step - 1e-9))
    return first * step, max(last, first + 1) * step


def log_ticks(low: float, high: float, most: float = 7) -> list[float]:
    """Exponents of 1 and 3 times powers of ten between two exponents; powers alone when that makes more than `most`."""
    powers = range(int(np.floor(low)), int(np.ceil(high)) + 1)
    both = [float(p + f) for p in powers for f in (0.0, np.log10(3.0)) if low <= p + f <= high]
    ones = [float(p) for p in powers if low <= p <= high]
    if len(both) < 2:
        both = [float(np.log10(v)) for p in powers for v in np.arange(1, 10) * 10.0**p if low <= np.log10(v) <= high]
    return ones if len(both) > most else both


class GridLines(pg.GraphicsObject):
    """Horizontal lines at the ticks of the left axis."""

    def __init__(self, axis: Axis) -> None:
        super().__init__()
        self._axis = axis
        self.setZValue(-100)

    def boundingRect(self) -> QRectF:
        box = self.getViewBox()
        return QRectF(box.viewRect()) if box is not None else QRectF()

    def viewRangeChanged(self) -> None:
        self.prepareGeometryChange()
        self.update()

    def paint(self, painter: QPainter, option: object, widget: QWidget | None = None) -> None:
        box = self.getViewBox()
        (left, right), (low, high) = box.viewRange()
        painter.setPen(QPen(theme().color("grid"), 0))
        for _, values in self._axis.tickValues(low, high, self._axis.height()):
            for value in values:
                painter.drawLine(QPointF(left, value), QPointF(right, value))


class _View(pg.PlotWidget):
    """A plot that leaves the wheel to the page it stands on."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def bare_view(left: Axis, bottom: Axis) -> tuple[pg.PlotWidget, Axis, Axis]:
    """A plot without frame, menu and dragging, with these axes and horizontal grid lines."""
    left.setWidth(52)
    view = _View(axisItems={"left": left, "bottom": bottom})
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it has no keys
    view.setAntialiasing(True)
    view.setMenuEnabled(False)
    view.hideButtons()
    view.setMouseEnabled(x=False, y=False)
    view.setFrameShape(view.Shape.NoFrame)
    box = view.getPlotItem().getViewBox()
    box.setDefaultPadding(0.02)
    box.addItem(GridLines(left), ignoreBounds=True)
    return view, left, bottom
