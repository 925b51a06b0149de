"""One plot of a figure over epochs: training solid with round marks, validation dashed with square marks.

The heading line is the legend; hovering reads all values at an epoch; the x axis spans the planned epochs from the
start, so that the curve grows into empty room.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from widgets.controls import Segmented
from widgets.fonts import ui_font
from widgets.parts import Words
from widgets.plots.axes import Axis, Format, bare_view, whole_steps
from widgets.plots.legend import LegendItem
from widgets.plots.pens import line_pen
from widgets.plots.record import Track, TrainingRecord, by_epochs, extremes, smooth
from widgets.theme import Theme, theme, themes
from widgets.words import MINUS


def tick_words(value: float) -> str:
    """A tick: the shortest form of the number: `0.05`, `1,720`, `3.5 M`, `1e−05`."""
    for limit, unit in ((1e12, "T"), (1e9, "G"), (1e6, "M")):
        if limit <= abs(value) * 1.0000001 < limit * 1e3:
            return f"{value / limit:.6g} {unit}".replace("-", MINUS)
    return f"{value:,.6g}".replace("-", MINUS)


STEPPED = frozenset({"loss", "discriminator_loss"})
"""Figures of which every step is told."""
FEW = 50
"""Up to so many single steps all of them are in view."""
SPACE = 16
"""Pixels between the parts of the heading."""


class CurvePlot(QWidget):
    """A figure and its validation twin over epochs. `figure` is the name in the messages; raw steps show for the loss."""

    names = ("train", "validation")
    """The two curves in words."""
    axis_words = "epoch"
    """What stands under the axis."""

    def __init__(self, title: str, figure: str, format_value: Format, format_tick: Format = tick_words,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figure, self.format_value, self.format_tick = figure, format_value, format_tick
        self.smoothing = 0.9
        self._record = TrainingRecord()
        self.title = Words(title, 15, 600)
        self.train_item = LegendItem(self.names[0], "train", False, self)
        self.val_item = LegendItem(self.names[1], "val", True, self)
        self.log_switch = Segmented(("log", "lin"), parent=self)
        self.log_switch.setAccessibleName("Scale of the axis")
        self.log_switch.set_value("lin")
        self._tools: list[tuple[QWidget, bool]] = []
        self._level = -1
        self._lead: QWidget = self.title
        self._top, self._below = QHBoxLayout(), QHBoxLayout()
        for line in (self._top, self._below):
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(SPACE)
        self.title.setFixedHeight(26)
        self._top.addWidget(self.title)
        self._top.addStretch(1)
        self._below.addStretch(1)
        self.add_tool(self.log_switch)
        self.set_heading(0)
        self.setMinimumWidth(240)
        self.view = self._make_view()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(self._top)
        box.addLayout(self._below)
        box.addWidget(self.view, 1)
        self.log_switch.changed.connect(lambda word: self.set_log(word == "log"))
        self.train_item.toggled.connect(self._show_train)
        self.val_item.toggled.connect(self._show_val)
        themes.changed.connect(self._retheme)
        self._retheme(theme())
        self.setAccessibleName(f"{title} over epochs")

    def add_tool(self, tool: QWidget, optional: bool = False) -> None:
        """A control at the right of the heading; an optional one goes first when there is little room."""
        self._tools.append((tool, optional))
        self._top.addWidget(tool)

    def lead(self, widget: QWidget | None) -> None:
        """Put a control in the place of the title, or bring the title back."""
        self.title.setVisible(widget is None)
        self._lead = widget or self.title
        if widget is not None:
            self._top.insertWidget(0, widget)

    def heading_need(self, level: int) -> int:
        """Pixels of the heading: level 0 all in one line, 1 without the optional tools, 2 the legend alone."""
        if level == 2:
            return self.train_item.need + self.val_item.need + SPACE
        shown = [tool for tool, optional in self._tools if tool is not self.log_switch or not tool.isHidden()]
        shown = [tool for tool in shown if not (level and (tool, True) in self._tools)]
        widths = [max(w.sizeHint().width(), w.minimumWidth()) if w.maximumWidth() > 10_000 else w.maximumWidth()
                  for w in (self._lead, *shown)]
        return sum(widths) + self.train_item.need + self.val_item.need + SPACE * (len(widths) + 2)

    def set_heading(self, level: int) -> None:
        """0: all in one line; 1: without optional tools; 2: the legend in a line of its own; 3: without names in it."""
        if level == self._level:
            return
        self._level = level
        for place, item in enumerate((self.train_item, self.val_item)):
            (self._below if level >= 2 else self._top).insertWidget(place + (level < 2), item)
            item.set_brief(level == 3)
        for tool, optional in self._tools:
            if optional:
                tool.setVisible(level == 0)

    def _make_view(self) -> pg.PlotWidget:
        bottom = Axis("bottom", lambda v: f"{v:g}", whole=True)
        view, self._left, self._bottom = bare_view(Axis("left", self.format_tick), bottom)
        view.getPlotItem().setContentsMargins(0, 7, 10, 0)  # the last ticks have room for their numbers
        self._raw = view.plot([], [])
        self._raw.setZValue(-1)
        self._train = view.plot([], [], antialias=True)
        self._val = view.plot([], [], symbol="s", symbolSize=6, antialias=True)
        self._line = pg.InfiniteLine(angle=90)
        self._line.setVisible(False)
        view.addItem(self._line, ignoreBounds=True)
        self._card = _ReadOut(view, self)
        view.scene().sigMouseMoved.connect(self._hover)
        return view

    def set_figure(self, figure: str, title: str, format_value: Format, format_tick: Format) -> None:
        """Show another figure from now on."""
        self.figure, self.format_value = figure, format_value
        self._left.format_value = self.format_tick = format_tick
        self.title.setText(title)
        self.setAccessibleName(f"{title} over epochs")
        self.draw(self._record)

    def set_log(self, on: bool) -> None:
        """Logarithmic or linear values."""
        self._left.setLogMode(y=on)
        for curve in self._curves():
            curve.setLogMode(False, on)
        self.log_switch.set_value("log" if on else "lin")
        self._fit_values()

    def set_smoothing(self, weight: float) -> None:
        """Weight of the moving average on raw steps."""
        self.smoothing = weight
        self.draw(self._record)

    def draw(self, record: TrainingRecord) -> None:
        """Show the record. Cheap enough for ten times a second."""
        self._record = record
        self.view.setXRange(0, record.length, padding=0.01)
        if self.figure == "loss" and len(record.raw):
            self._draw_steps(record.raw, self._raw, self._train)
        else:
            self._raw.setData([], [])
            self._train.setData(*by_epochs(record.epochs.get(self.figure), record.running.get(self.figure)))
        self._draw_ends(record)
        self._fit_values()

    def _draw_steps(self, steps: Track, raw: pg.PlotDataItem, curve: pg.PlotDataItem) -> None:
        """Single steps as the extremes of each column of pixels, and their moving average."""
        x, y = steps.x, steps.y
        columns = max(self.view.width() // 2, 120)
        raw.setData(*extremes(x, y, columns))
        kept = np.arange(len(x) - 1, -1, -max(1, len(x) // columns))[::-1]
        curve.setData(x[kept], smooth(y, self.smoothing)[kept])

    def _curves(self) -> list[pg.PlotDataItem]:
        """Everything that is drawn over the axes."""
        return [self._raw, self._train, self._val]

    def tracks(self, record: TrainingRecord) -> list[tuple[str, Track | None]]:
        """Everything behind the curves by name: single steps (losses only), epochs of training and of validation."""
        return [("step", record.raw if self.figure == "loss" else None), ("training", record.epochs.get(self.figure)),
                ("validation", record.epochs.get(f"val_{self.figure}"))]

    def _noise(self) -> list[pg.PlotDataItem]:
        """What shows single steps."""
        return [self._raw]

    def _fit_values(self) -> None:
        """Span what is shown, in whole steps of the axis: while the range stays, the axes need no new picture."""
        noise, low = self._noise(), 0.2 if self.log_switch.value == "log" else 0.01
        found = [np.empty(0)]
        for curve in self._curves():
            y = curve.getData()[1] if curve.isVisible() else None
            y = y[np.isfinite(y)] if y is not None else np.empty(0)
            if len(y) > FEW and curve in noise:  # single steps far out may leave the plot, most of all downwards on a log axis
                y = np.quantile(y, (low, 0.99))
            found.append(y)
        values = np.concatenate(found)
        if len(values):
            self.view.setYRange(*whole_steps(float(values.min()), float(values.max())), padding=0.02)

    def _draw_ends(self, record: TrainingRecord) -> None:
        validation = record.epochs.get(f"val_{self.figure}")
        if validation:
            self._val.setData(validation.x, validation.y)
        else:
            self._val.setData([], [])
        self._say_newest(self.train_item, record, self.figure)
        self.val_item.set_value(self.format_value(validation.last) if validation and validation.last is not None else "")

    def _say_newest(self, item: LegendItem, record: TrainingRecord, figure: str) -> None:
        """The legend says where the curve ends; its tooltip what else is known of the figure."""
        value, epoch = record.newest(figure, self.smoothing), record.epochs.get(figure)
        item.set_value(self.format_value(value) if value is not None else "")
        smoothed = "The curve: a moving average of single steps. " if figure in STEPPED and len(record.raw) else ""
        mean = f"Mean of epoch {epoch.x[-1]:g}: {self.format_value(epoch.last)}." if epoch and epoch.last is not None else ""
        item.setToolTip(f"{smoothed}{mean}".strip())

    def _show_train(self, on: bool) -> None:
        self._train.setVisible(on)
        self._raw.setVisible(on)
        self._fit_values()

    def _show_val(self, on: bool) -> None:
        self._val.setVisible(on)
        self._fit_values()

    def _hover(self, place: QPointF) -> None:
        self._read_out(place, ((self.names[0], "train", self.figure), (self.names[1], "val", f"val_{self.figure}")))

    def _read_out(self, place: QPointF, figures: Iterable[tuple[str, str, str]]) -> None:
        """The card with (name, colour token, figure) at the epoch under the pointer."""
        box = self.view.getPlotItem().getViewBox()
        inside = box.sceneBoundingRect().contains(place)
        epoch = round(box.mapSceneToView(place).x()) if inside else -1
        values = self._record.at_epoch(epoch) if epoch > 0 else {}
        rows = [(word, token, values[name]) for word, token, name in figures if name in values]
        self._line.setVisible(bool(rows))
        self._card.setVisible(bool(rows))
        if rows:
            self._line.setPos(epoch)
            x = self.view.mapFromScene(box.mapViewToScene(QPointF(epoch, 0))).x()
            self._card.show_rows(f"Epoch {epoch}", [(w, t, self.format_value(v)) for w, t, v in rows], int(x))

    def leaveEvent(self, event: object) -> None:
        self._line.setVisible(False)
        self._card.setVisible(False)

    def _retheme(self, t: Theme) -> None:
        self.view.setBackground(t.color("panel"))
        for axis in (self._left, self._bottom):
            axis.recolor(t)
        self._bottom.setLabel(self.axis_words, color=t.text3)
        self._bottom.showLabel(bool(self.axis_words))
        self._raw.setPen(line_pen(t.color("train", 0.28), width=1))
        self._train.setPen(line_pen(t.color("train"), width=2))
        self._val.setPen(line_pen(t.color("val"), width=2, dash=[2.5, 1.5]))
        self._val.setSymbolBrush(t.color("val"))
        self._val.setSymbolPen(None)
        self._line.setPen(line_pen(t.color("text3"), width=1, dash=[1, 3]))
        self.train_item.update()
        self.val_item.update()


class _ReadOut(QWidget):
    """The card beside the pointer with all values at one epoch."""

    def __init__(self, view: QWidget, parent: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._title = ""
        self._rows: list[tuple[str, str, str]] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_rows(self, title: str, rows: list[tuple[str, str, str]], x: int) -> None:
        """Title, then (name, colour token, value) a row; beside the line at `x`."""
        self._title, self._rows = title, rows
        self.resize(148, 34 + 20 * len(rows))
        room = self._view.width()
        self.move(x + 10 if x + 10 + self.width() < room else x - 10 - self.width(), 10)
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(t.color("line2"))
        painter.setBrush(t.color("card"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(t.color("text"))
        painter.setFont(ui_font(12, 600))
        painter.drawText(QRectF(12, 6, 124, 20), Qt.AlignmentFlag.AlignVCenter, self._title)
        for i, (name, token, value) in enumerate(self._rows):
            top = 28 + 20 * i
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.color(token))
            mark = QRectF(12, top + 7, 6, 6)
            painter.drawEllipse(mark) if token == "train" else painter.drawRect(mark)
            painter.setFont(ui_font(12))
            painter.setPen(t.color("text2"))
            painter.drawText(QRectF(24, top, 80, 20), Qt.AlignmentFlag.AlignVCenter, name)
            painter.setPen(t.color("text"))
            painter.setFont(ui_font(12, 500))
            painter.drawText(QRectF(60, top, 76, 20), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, value)
        painter.end()
