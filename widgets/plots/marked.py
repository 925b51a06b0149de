"""A plot of a few marked points: each mark is seen whole, names stand beside them where they all fit, and a pointer asks."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSizeF, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from widgets.fonts import scaled, ui_font
from widgets.plots.axes import Axis, bare_view
from widgets.plots.pens import line_pen
from widgets.plots.placing import apart, place_names
from widgets.theme import Theme, theme, themes

HEIGHT = 220
MARK = 10
"""Pixels a mark is wide."""
_WIDE = 10.0
"""Where the largest value is so many times the smallest, the axis is logarithmic."""


@dataclass(frozen=True)
class Mark:
    """How a point looks: a symbol of pyqtgraph, filled or an outline."""

    symbol: str
    filled: bool = True


@dataclass(frozen=True)
class Marked:
    """A point, in the units of its axes, with what it is called."""

    x: float
    y: float
    name: str
    mark: Mark


class MarkedPoints(QWidget):
    """`set_points` draws; then `show_names` says whether each has its name beside it."""

    resized = Signal()
    """There is more or less room: names may fit now, or no longer."""

    def __init__(self, name: str, words: Callable[[float], str]) -> None:
        super().__init__()
        self._name, self._words = name, words
        self._shown: Callable[[float], str] = str
        self._highest = math.inf
        self.points: tuple[Marked, ...] = ()
        self._left, self._bottom = Axis("left", self._figure), Axis("bottom", words)
        self.view, _, _ = bare_view(self._left, self._bottom)
        self._left.setWidth(64)
        self._bottom.setLabel(name)
        self.view.getPlotItem().setContentsMargins(0, 8, 20, 0)
        self.view.setFixedHeight(scaled(HEIGHT))
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._box = self.view.getPlotItem().getViewBox()
        self._box.sigResized.connect(self._refit)
        self.scatter = pg.ScatterPlotItem(size=MARK, pxMode=True, hoverable=True, tip=self._tip)
        self.view.addItem(self.scatter)
        self._texts: list[pg.TextItem] = []
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.view)
        self.setAccessibleName(f"The figure of each file against its {name}")
        themes.changed.connect(self._retheme)
        self._retheme(theme())

    def _figure(self, value: float) -> str:
        return self._shown(value) if value <= self._highest else ""

    def _tip(self, x: float, y: float, data: Marked) -> str:
        return f"{data.name}: {self._shown(data.y)}, {self._words(data.x)}"

    @property
    def logarithmic(self) -> bool:
        """Whether the lower axis is: the values are of different orders."""
        least = min((point.x for point in self.points), default=0.0)
        return least > 0 and max(point.x for point in self.points) >= _WIDE * least

    def set_points(self, points: Sequence[Marked], shown: Callable[[float], str], span: tuple[float, float]) -> None:
        """Draw these; `shown` writes the left axis, whose values are within `span`."""
        self.points, self._shown, self._highest = tuple(points), shown, span[1]
        self._bottom.setLogMode(x=self.logarithmic)
        self.view.setYRange(*_heights([point.y for point in points], span), padding=0)
        self.view.setXRange(*self._widths(), padding=0)
        self.setAccessibleDescription("; ".join(self._tip(p.x, p.y, p) for p in points))
        self._make_texts()
        self._draw()

    def _widths(self) -> tuple[float, float]:
        largest = max(point.x for point in self.points)
        if not self.logarithmic:
            return -0.03 * largest, largest * 1.15  # a point at nothing is seen whole
        low, high = math.log10(min(point.x for point in self.points)), math.log10(largest)
        return low - 0.08 * (high - low), high + 0.08 * (high - low)

    # Pixels.

    @property
    def _area(self) -> QRectF:
        return QRectF(0, 0, max(self._box.width(), 1.0), max(self._box.height(), 1.0))

    def _spots(self) -> list[QPointF]:
        """Where the marks are in the area."""
        (left, right), (low, high) = self._box.viewRange()
        area, found = self._area, []
        for point in self.points:
            x = math.log10(point.x) if self.logarithmic else point.x
            found.append(QPointF((x - left) / (right - left) * area.width(), (high - point.y) / (high - low) * area.height()))
        return apart(found, MARK + 1, area.adjusted(MARK / 2, 0, -MARK / 2, 0))

    def _value(self, spot: QPointF) -> QPointF:
        """A place in the area as coordinates of the view."""
        (left, right), (low, high) = self._box.viewRange()
        area = self._area
        return QPointF(left + spot.x() / area.width() * (right - left), high - spot.y() / area.height() * (high - low))

    def _draw(self) -> None:
        if not self.points:
            return
        t = theme()
        pen, fill = line_pen(t.color("accent"), width=1.5), t.color("accentfill", 0.75)
        places = [self._value(spot) for spot in self._spots()]
        self.scatter.setData([p.x() for p in places], [p.y() for p in places], data=list(self.points), pen=pen,
                             symbol=[point.mark.symbol for point in self.points],
                             brush=[fill if point.mark.filled else t.color("chrome") for point in self.points])

    def _refit(self, _: object = None) -> None:
        self._draw()
        self.resized.emit()

    # Names.

    def _make_texts(self) -> None:
        for text in self._texts:
            self.view.removeItem(text)
        self._texts = []
        for point in self.points:
            text = pg.TextItem(point.name, color=theme().color("text2"))
            text.setFont(ui_font(11))
            text.setVisible(False)
            self.view.addItem(text, ignoreBounds=True)
            self._texts.append(text)

    def name_places(self) -> list[QRectF] | None:
        """Where the names would stand in the area; None where they do not fit."""
        sizes = [QSizeF(text.boundingRect().width() - 4, text.boundingRect().height() - 4) for text in self._texts]
        return place_names(self._spots(), sizes, MARK, self._area)

    def show_names(self, shown: bool) -> None:
        """Names at the points, or none."""
        boxes = self.name_places() if shown else None
        for text in self._texts:
            text.setVisible(boxes is not None)
        for text, box in zip(self._texts, boxes or (), strict=bool(boxes)):
            text.setAnchor((0.5, 0.5))
            text.setPos(self._value(box.center()))

    def _retheme(self, t: Theme) -> None:
        self.view.setBackground(t.color("chrome"))
        for axis in (self._left, self._bottom):
            axis.recolor(t)
        self._bottom.setLabel(self._name, color=t.text3)
        for text in self._texts:
            text.setColor(t.color("text2"))
        self._draw()


def _heights(values: Sequence[float], span: tuple[float, float]) -> tuple[float, float]:
    """The part of the left axis that is shown: some room around the values, within `span` and half a mark over its end."""
    high, low = max(values), min(values)
    room = max((high - low) * 0.3, abs(high) * 0.002) or 1e-6  # what differs in the sixth digit stands level
    bottom, top = max(span[0], low - room), min(span[1], high + room)
    return bottom - 0.04 * (top - bottom), top + 0.04 * (top - bottom)
