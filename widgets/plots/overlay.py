"""Curves of several runs over one another: training solid, validation dashed with marks, a colour and a mark for each run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from widgets.controls import Segmented
from widgets.figures import NOT_FIGURES, figure_title, figure_words, is_share
from widgets.parts import Words
from widgets.plots.axes import Axis, bare_view
from widgets.plots.curve import tick_words
from widgets.plots.pens import line_pen
from widgets.plots.readout import Line, ReadOut
from widgets.theme import Theme, theme, themes
from widgets.words import number, percent


@dataclass(frozen=True)
class RunCurve:
    """The history of a run: rows by column name as history.csv has them (epoch counts from 1), its colour and mark."""

    name: str
    rows: Sequence[Mapping[str, float]]
    color: QColor
    mark: str = "o"

    def figures(self) -> list[str]:
        """What can be drawn of it, the loss first."""
        names = dict.fromkeys(n.removeprefix("val_") for row in self.rows for n in row if n not in NOT_FIGURES)
        return sorted(names, key=lambda n: n != "loss")

    def points(self, figure: str) -> tuple[np.ndarray, np.ndarray]:
        """Epochs and values of a figure, float64 [n] each."""
        found = [(row["epoch"], row[figure]) for row in self.rows if figure in row and "epoch" in row]
        return np.array([x for x, _ in found]), np.array([y for _, y in found])


class OverlayPlot(QWidget):
    """One figure of several runs. The words at the left choose the figure, those at the right the axis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curves: list[RunCurve] = []
        self.figure = "loss"
        self._titles: dict[str, str] = {}
        self.choice = Segmented(("Loss",))
        self.choice.setAccessibleName("Figure of the curves")
        self.log_switch = Segmented(("log", "lin"))
        self.log_switch.setAccessibleName("Scale of the axis")
        self.log_switch.set_value("lin")
        self.legend = Words("training solid, validation dashed", 12, 400, "text3")
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(16)
        head.addWidget(self.choice)
        head.addWidget(self.legend)
        head.addStretch(1)
        head.addWidget(self.log_switch)
        self._left = Axis("left", self._tick)
        self.view, _, self._bottom = bare_view(self._left, Axis("bottom", lambda v: f"{v:g}", whole=True))
        self._line = pg.InfiniteLine(angle=90)
        self._line.setVisible(False)
        self.view.addItem(self._line, ignoreBounds=True)
        self.card = ReadOut(self.view)
        self.view.scene().sigMouseMoved.connect(self._hover)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(head)
        box.addWidget(self.view, 1)
        self.choice.changed.connect(self._choose)
        self.log_switch.changed.connect(lambda word: self.set_log(word == "log"))
        self.setAccessibleName("Curves of the chosen runs")
        themes.changed.connect(self._retheme)
        self._retheme(theme())

    def _tick(self, value: float) -> str:
        return percent(value, 0) if is_share(self.figure) else tick_words(value)

    def show_curves(self, curves: Sequence[RunCurve]) -> None:
        """Draw these runs."""
        self.curves = list(curves)
        names = list(dict.fromkeys(name for curve in self.curves for name in curve.figures()))[:4] or ["loss"]
        self._titles = {figure_title(name): name for name in names}
        self.choice.set_options(tuple(self._titles))
        self.figure = self._titles[self.choice.value]
        self.draw()

    def _choose(self, title: str) -> None:
        self.figure = self._titles[title]
        self.draw()

    def set_log(self, on: bool) -> None:
        """Logarithmic or linear values."""
        self.log_switch.set_value("log" if on else "lin")
        self.draw()

    def draw(self) -> None:
        """All curves anew."""
        item = self.view.getPlotItem()
        for drawn in list(item.listDataItems()):
            item.removeItem(drawn)
        log = self.log_switch.value == "log"
        self._left.setLogMode(y=log)
        last = 1.0
        for curve in self.curves:
            for figure, pen in ((self.figure, line_pen(curve.color, width=1.5)),
                                (f"val_{self.figure}", line_pen(curve.color, width=2, dash=[2.5, 1.5]))):
                x, y = curve.points(figure)
                if not len(x):
                    continue
                last = max(last, float(x[-1]))
                marked = figure.startswith("val_") or len(x) == 1
                drawn = pg.PlotDataItem(x, y, pen=pen, antialias=True, symbol=curve.mark if marked else None, symbolSize=7,
                                        symbolBrush=curve.color, symbolPen=None)
                drawn.setLogMode(False, log)
                item.addItem(drawn)
        self.view.setXRange(0, last, padding=0.01)
        item.getViewBox().enableAutoRange(axis="y")

    def _hover(self, place: QPointF) -> None:
        box = self.view.getPlotItem().getViewBox()
        inside = box.sceneBoundingRect().contains(place)
        epoch = round(box.mapSceneToView(place).x()) if inside else 0
        lines = self.read(epoch) if epoch > 0 else []
        self._line.setVisible(bool(lines))
        self.card.setVisible(bool(lines))
        if lines:
            self._line.setPos(epoch)
            x = self.view.mapFromScene(box.mapViewToScene(QPointF(epoch, 0))).x()
            self.card.show_lines(f"Epoch {epoch}", lines, int(x))

    def read(self, epoch: int) -> list[Line]:
        """The values at an epoch, one line a curve."""
        lines: list[Line] = []
        for curve in self.curves:
            row = next((row for row in curve.rows if row.get("epoch") == epoch), {})
            for figure, mark, words in ((self.figure, "round", ""), (f"val_{self.figure}", "square", ", val.")):
                if figure in row:
                    lines.append((f"{curve.name}{words}", curve.color, mark, figure_words(self.figure, row[figure])
                                  if self.figure != "loss" else number(row[figure], 3)))
        return lines

    def leaveEvent(self, event: object) -> None:
        self._line.setVisible(False)
        self.card.hide()

    def _retheme(self, t: Theme) -> None:
        self.view.setBackground(t.color("panel"))
        for axis in (self._left, self._bottom):
            axis.recolor(t)
        self._bottom.setLabel("epoch", color=t.text3)
        self._line.setPen(line_pen(t.color("text3"), width=1, dash=[1, 3]))
