"""The Train tab: where the run is, its curves, what can be seen of the network, and the recipe.

Feed it with `receive(message)` and `set_state(word)`; it asks through `train`, `pause`, `go_on` and `stop`. It redraws
as often as costs at most a sixtieth of a core, never more than ten times a second, and only while it is seen.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from math import nan

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QStackedWidget, QVBoxLayout, QWidget

from graph_compiler.graph.values import TrainingSettings
from graph_compiler.messages import Device, Epoch, Failed, Message, Sight, Started
from widgets.controls import Button, ChoiceBox
from widgets.document import GraphDocument
from widgets.figures import NOT_FIGURES, figure_title, figure_words, first_figure, is_share
from widgets.pages.recipe import phase_rows, recipe_rows
from widgets.pages.recipe_column import RecipeColumn
from widgets.pages.train_sights import RunSights
from widgets.pages.train_status import BUSY, STATES, PastRun, RunStatus
from widgets.parts import Line, Pane, Words
from widgets.plots.curve import CurvePlot, tick_words
from widgets.plots.record import TrainingRecord
from widgets.recipe_table import RecipeTable
from widgets.words import number, percent

FASTEST, SLOWEST = 0.1, 1.0
"""Seconds between two redraws at least and at most."""
SHARE = 0.015
"""Share of a core that redrawing may take, painting included."""

NARROW = 1360
"""Below this width the outer columns shrink."""
PLOT_MARGIN, PLOT_GAP = 24, 32
PHASES = 720
"""The widest the recipe of a drawing with several phases gets on the empty page."""


class TrainPage(QWidget):
    """Live curves of one run. Signals are wishes; whoever owns the worker carries them out."""

    train = Signal()
    pause = Signal()
    go_on = Signal()
    stop = Signal(bool)
    """True keeps what was learnt, False drops the run."""
    go_further = Signal()
    """Train the run that is shown for more epochs."""
    drawn = Signal()
    """Curves and figures are up to date: the moment for whoever shows the same figures elsewhere."""
    runs_wanted = Signal()
    """The table of all runs."""
    settings_wanted = Signal()
    """The fields of the training: epochs, batch size and the rest."""

    def __init__(self, document: GraphDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.record = TrainingRecord()
        self.state = "idle"
        self._drawn = -1
        self._settings: TrainingSettings = document.document.training
        """Those of the run that is shown, whatever the drawing says by now."""
        self.loss = CurvePlot("Loss", "loss", lambda v: number(v, 3))
        self.second = CurvePlot("Accuracy", "accuracy", lambda v: figure_words("accuracy", v), lambda v: percent(v, 0))
        self.second.log_switch.hide()
        self._status = RunStatus()
        self._recipe = RecipeColumn()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_empty())
        self._stack.addWidget(self._make_plots())
        self.sights = RunSights(self._stack)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._status)
        row.addWidget(Line(vertical=True))
        row.addWidget(self._stack, 1)
        self._edge = Line(vertical=True)
        row.addWidget(self._edge)
        row.addWidget(self._recipe)
        for wish in ("train", "pause", "go_on", "stop", "go_further", "runs_wanted", "settings_wanted"):
            getattr(self._status, wish).connect(getattr(self, wish))
        self._recipe.settings_wanted.connect(self.settings_wanted)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._draw)
        document.analysed.connect(self._refresh_recipe)
        document.changed.connect(self._refresh_recipe)
        self.set_state("idle")
        self._refresh_recipe()

    def _make_empty(self) -> QWidget:
        page = Pane("panel")
        box = QVBoxLayout(page)
        box.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box.setSpacing(8)
        self._empty_title = Words("Nothing trained yet", 15, 600)
        self._empty_text = Words("", 13, 400, "text2")
        self._empty_button = Button("Train", icon="play", primary=True, key="F5")
        self._empty_button.clicked.connect(self.train)
        for part in (self._empty_title, self._empty_text, self._empty_button):
            box.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        self._phases = RecipeTable()
        self._phases.setMaximumWidth(PHASES)
        box.addSpacing(24)
        box.addWidget(self._phases)
        return page

    def _make_plots(self) -> QWidget:
        page = Pane("panel")
        row = QHBoxLayout(page)
        row.setContentsMargins(PLOT_MARGIN, 12, PLOT_MARGIN, 12)
        row.setSpacing(PLOT_GAP)
        row.addWidget(self.loss, 1)
        row.addWidget(self.second, 1)
        smooth = QSlider(Qt.Orientation.Horizontal)
        smooth.setRange(0, 98)
        smooth.setValue(int(self.loss.smoothing * 100))
        smooth.setFixedWidth(72)
        smooth.setAccessibleName("Smoothing of the training curve")
        smooth.valueChanged.connect(lambda v: self.loss.set_smoothing(v / 100))
        smooth.setToolTip("Smoothing of the training curve")
        self.second.add_tool(Words("Smooth", 12, 400, "text2"), optional=True)
        self.second.add_tool(smooth)
        self.smooth = smooth
        self.choice = ChoiceBox()
        self.choice.setParent(page)  # alone it would outlive the page, and hold it
        self.choice.setAccessibleName("Figure of the second plot")
        self.choice.hide()
        self.choice.activated.connect(lambda place: self._show_figure(str(self.choice.itemData(place))))
        return page

    @property
    def plots(self) -> tuple[CurvePlot, ...]:
        """The plots that are seen."""
        shown = self.sights.plots if self.sights.shown else (self.loss, self.second)
        return tuple(plot for plot in shown if plot.isVisibleTo(self))

    @property
    def run_name(self) -> str:
        """What the run that is shown is called."""
        return self._status.run.text()

    def newest(self, figure: str) -> float:
        """Where the curve of a figure ends, as its plot draws it; not a number before its first point."""
        smoothing = self.sights.plots[0].smoothing if self.sights.shown else self.loss.smoothing
        value = self.record.newest(figure, smoothing)
        return nan if value is None else value

    def show_result(self, metrics: Mapping[str, float]) -> None:
        """What the run has measured on its test rows."""
        self._status.show_result(metrics)

    def start_over(self, run_name: str) -> None:
        """A new run: empty curves under this name."""
        self.record = TrainingRecord()
        self.record.planned = self._document.document.training.epochs
        self._drawn = -1
        self._settings = self._document.document.training
        self._status.set_run(run_name)
        if run_name:
            self.sights.begin()
        else:
            self.sights.clear()
        self._turn()
        self._draw()

    def show_past(self, past: PastRun) -> None:
        """Show a run that ended earlier, from its history."""
        self.start_over(past.title)
        self._settings = past.settings or self._settings
        metrics = tuple(dict.fromkeys(n.removeprefix("val_") for row in past.rows for n in row if n not in NOT_FIGURES))
        self.sights.past(past.folder, metrics)
        self.receive(Started(epochs=past.epochs, steps=0, rows={}, parameters=0, metrics=metrics))
        for row in past.rows:
            figures = {name: value for name, value in row.items() if name not in NOT_FIGURES}
            self.receive(Epoch(epoch=int(row["epoch"]) - 1, metrics=figures, learning_rate=row.get("learning_rate", 0.0),
                               seconds=row.get("seconds", 0.0)))
        self._status.show_past(past)
        self.set_state(past.state if past.state in STATES else "stopped", past.sentence)

    def set_state(self, state: str, sentence: str = "") -> None:
        """idle, starting, running, paused, stopping, finished, stopped or failed, with a sentence that explains."""
        self.state = state
        self._status.set_state(state, sentence)
        if state not in BUSY:
            self.sights.end()
        self._turn()
        self._draw()

    def _turn(self) -> None:
        """The page that belongs to the state: empty, plain plots, or plots beside what can be seen."""
        empty = self.state == "idle" and self.record.started is None
        page = 0 if empty else 2 if self.sights.shown else 1
        self._stack.setCurrentIndex(page)
        column = page == 1 or (page == 0 and not self._phases.count)
        self._recipe.setVisible(column)
        self._edge.setVisible(column)

    def receive(self, message: Message) -> None:
        """Anything the worker says; cheap, drawing happens later."""
        if isinstance(message, Started):
            self._choose_metric(message)
        elif isinstance(message, Sight):
            self.sights.take(message)
            self._turn()
        elif isinstance(message, Device):
            self._status.set_device(message.sentence)
        elif isinstance(message, Failed):
            self._status.set_state("failed", " ".join(filter(None, (message.sentence, message.hint))))
        self.record.take(message)
        if not self._timer.isActive() and self.isVisible():
            self._timer.start(int(self._pause_before_next * 1000))

    _pause_before_next = FASTEST

    def _choose_metric(self, message: Started) -> None:
        """The first figure besides the loss; where there are more, the heading of its plot chooses among them."""
        figure = first_figure(message.metrics)
        self.sights.metrics(message.metrics)
        names = [figure, *(m for m in message.metrics if m not in ("loss", figure))] if figure else []
        self.choice.clear()
        for name in names:
            self.choice.addItem(figure_title(name), name)
        several = len(names) > 1
        self.choice.setVisible(several)
        self.second.lead(self.choice if several else None)
        self.second.setVisible(bool(figure))
        self._show_figure(figure)

    def _show_figure(self, figure: str) -> None:
        shares = is_share(figure)
        self.second.log_switch.setVisible(not shares)
        if shares and self.second.log_switch.value == "log":
            self.second.set_log(False)
        ticks = (lambda v: percent(v, 0)) if is_share(figure) else tick_words
        name = figure or "accuracy"
        self.second.set_figure(name, figure_title(name), lambda v: figure_words(name, v), ticks)

    def _draw(self) -> None:
        """Bring curves and figures up to date."""
        if self._drawn != self.record.version and self.isVisible():
            self._drawn = self.record.version
            begun = time.thread_time()
            if self.sights.shown:
                self.sights.draw(self.record)
            else:
                self._draw_plots()
            self._status.draw(self.record)
            self._recipe.draw(self.record, self._settings if self.record.started else self._document.document.training)
            self._fit_headings()
            self.drawn.emit()
            QTimer.singleShot(0, self, lambda: self._weigh(time.thread_time() - begun))

    def _draw_plots(self) -> None:
        self.loss.draw(self.record)
        if not self.second.isHidden():
            self.second.draw(self.record)

    def _weigh(self, cost: float) -> None:
        """What the last redraw took of a core, painted and all, says how long to wait before the next."""
        self._pause_before_next = min(max(FASTEST, cost / SHARE), SLOWEST)

    def _refresh_recipe(self, _: object = None) -> None:
        analysis = self._document.analysis
        self._recipe.show_rows(recipe_rows(analysis), analysis.plan.reason)
        self.sights.follow(analysis)
        self._phases.set_rows(phase_rows(analysis) if analysis.plan.contests else ())
        self._turn()
        ready = analysis.clean and bool(analysis.plan.trainer)
        self._empty_button.setEnabled(ready)
        errors = [p for p in analysis.problems if p.severity == "error"]
        words = "One click, and the first point comes within two seconds." if ready else (
            f"Next: {errors[0].title}." if errors else analysis.plan.reason or "Next: add a Loss, then Train.")
        self._empty_text.setText(words)
        self._status.set_ready(ready, words)

    def _fit_headings(self) -> None:
        """Both headings in one line, without their words, in two lines, or without names: as both plots have room for."""
        inner = self.width() - self._status.width() - self._recipe.width() - 2 - 2 * PLOT_MARGIN
        plots = [plot for plot in (self.loss, self.second) if plot.isVisibleTo(self)] or [self.loss]
        room = (inner - PLOT_GAP * (len(plots) - 1)) // len(plots)
        level = next((level for level in (0, 1, 2) if all(plot.heading_need(level) <= room for plot in plots)), 3)
        for plot in plots:
            plot.set_heading(level)

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = self.width() < NARROW
        self._status.set_narrow(narrow)
        self._recipe.set_narrow(narrow)
        self._fit_headings()
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)
