"""The Train tab: where the run is, its curves, and the recipe.

Feed it with `receive(message)` and `set_state(word)`; it asks through `train`, `pause`, `go_on` and `stop`. It redraws
as often as costs at most a twentieth of a core, never more than ten times a second, and only while it is seen.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSlider, QStackedWidget, QVBoxLayout, QWidget

from graph_compiler.messages import Device, Epoch, Failed, Message, Progress, Started
from widgets.controls import Button, Pill
from widgets.document import GraphDocument
from widgets.pages.recipe import planned_rates, recipe_rows
from widgets.parts import Facts, Line, Pane, ProgressLine, Words
from widgets.plots.curve import CurvePlot, tick_words
from widgets.plots.record import TrainingRecord
from widgets.plots.spark import Spark
from widgets.words import count, duration, number, percent, size_words

FASTEST = 0.1
"""Seconds between two redraws at least."""
SHARE = 0.05
"""Share of a core that redrawing may take."""
STATES = {
    "idle": ("Not trained yet", "text3"), "starting": ("Starting", "accent"), "running": ("Running", "accent"),
    "paused": ("Paused", "warn"), "stopping": ("Stopping", "warn"), "finished": ("Finished", "ok"),
    "stopped": ("Stopped, kept", "warn"), "failed": ("Failed", "error")}
BUSY = frozenset({"starting", "running", "paused", "stopping"})

NOT_FIGURES = frozenset({"epoch", "seconds", "learning_rate"})
"""Columns of a history that are no figures."""


@dataclass(frozen=True)
class PastRun:
    """A run that ended earlier: rows of its history (epoch counts from 1), what it was planned for, what it measured."""

    title: str
    epochs: int
    rows: tuple[dict[str, float], ...]
    metrics: dict[str, float]
    seconds: float
    state: str
    sentence: str = ""


PERCENT_FIGURES = frozenset({"accuracy", "top_k_accuracy", "auc", "precision", "recall"})


def figure_words(figure: str, value: float) -> str:
    """A figure for people: shares as percentages, everything else with four figures."""
    return percent(value, 1) if figure in PERCENT_FIGURES else number(value, 3)


def figure_title(figure: str) -> str:
    """`top_k_accuracy` -> `Top-k accuracy`, `mae` -> `MAE`."""
    known = {"mae": "MAE", "mse": "MSE", "rmse": "RMSE", "r2": "R²", "auc": "AUC", "top_k_accuracy": "Top-k accuracy"}
    return known.get(figure, figure.replace("_", " ").capitalize())


class TrainPage(QWidget):
    """Live curves of one run. Signals are wishes; whoever owns the worker carries them out."""

    train = Signal()
    pause = Signal()
    go_on = Signal()
    stop = Signal(bool)
    """True keeps what was learnt, False drops the run."""

    def __init__(self, document: GraphDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.record = TrainingRecord()
        self.state = "idle"
        self._drawn = -1
        self._started_at = 0.0
        self.loss = CurvePlot("Loss", "loss", lambda v: number(v, 3))
        self.second = CurvePlot("Accuracy", "accuracy", lambda v: figure_words("accuracy", v), lambda v: percent(v, 0))
        self.second.log_switch.hide()
        self._status = _Status(self)
        self._recipe = _Recipe()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_empty())
        self._stack.addWidget(self._make_plots())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._status)
        row.addWidget(Line(vertical=True))
        row.addWidget(self._stack, 1)
        row.addWidget(Line(vertical=True))
        row.addWidget(self._recipe)
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
        return page

    def _make_plots(self) -> QWidget:
        page = Pane("panel")
        row = QHBoxLayout(page)
        row.setContentsMargins(24, 12, 24, 12)
        row.setSpacing(32)
        row.addWidget(self.loss, 1)
        row.addWidget(self.second, 1)
        smooth = QSlider(Qt.Orientation.Horizontal)
        smooth.setRange(0, 98)
        smooth.setValue(int(self.loss.smoothing * 100))
        smooth.setFixedWidth(72)
        smooth.setAccessibleName("Smoothing of the training curve")
        smooth.valueChanged.connect(lambda v: self.loss.set_smoothing(v / 100))
        self.second.heading_line.addWidget(Words("Smooth", 12, 400, "text2"))
        self.second.heading_line.addWidget(smooth)
        self.smooth = smooth
        return page

    def set_document(self, document: GraphDocument) -> None:
        """Show another document; its runs start empty here."""
        self._document.analysed.disconnect(self._refresh_recipe)
        self._document.changed.disconnect(self._refresh_recipe)
        self._document = document
        document.analysed.connect(self._refresh_recipe)
        document.changed.connect(self._refresh_recipe)
        self.start_over("")
        self.set_state("idle")
        self._refresh_recipe()

    def start_over(self, run_name: str) -> None:
        """A new run: empty curves under this name."""
        self.record = TrainingRecord()
        self._drawn = -1
        self._started_at = time.monotonic()
        self._status.set_run(run_name)
        self._draw()

    def show_past(self, past: PastRun) -> None:
        """Show a run that ended earlier, from its history."""
        self.start_over(past.title)
        metrics = tuple(dict.fromkeys(n.removeprefix("val_") for row in past.rows for n in row if n not in NOT_FIGURES))
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
        self._stack.setCurrentIndex(0 if state == "idle" and self.record.started is None else 1)
        self._draw()

    def receive(self, message: Message) -> None:
        """Anything the worker says; cheap, drawing happens later."""
        if isinstance(message, Started):
            self._choose_metric(message)
        elif isinstance(message, Device):
            self._status.set_device(message.sentence)
        elif isinstance(message, Failed):
            self._status.set_state("failed", " ".join(filter(None, (message.sentence, message.hint))))
        self.record.take(message)
        if not self._timer.isActive() and self.isVisible():
            self._timer.start(int(self._pause_before_next * 1000))

    _pause_before_next = FASTEST

    def _choose_metric(self, message: Started) -> None:
        figure = next((m for m in message.metrics if m != "loss"), "")
        self.second.setVisible(bool(figure))
        ticks = (lambda v: percent(v, 0)) if figure in PERCENT_FIGURES else tick_words
        name = figure or "accuracy"
        self.second.set_figure(name, figure_title(name), lambda v: figure_words(name, v), ticks)

    def _draw(self) -> None:
        """Bring curves and figures up to date and learn how long to wait before the next time."""
        if self._drawn != self.record.version and self.isVisible():
            self._drawn = self.record.version
            begun = time.perf_counter()
            self.loss.draw(self.record)
            if self.second.isVisibleTo(self):
                self.second.draw(self.record)
            self._status.draw(self.record)
            self._recipe.draw(self.record, self._document)
            self._pause_before_next = max(FASTEST, (time.perf_counter() - begun) / SHARE)

    def _refresh_recipe(self, _: object = None) -> None:
        analysis = self._document.analysis
        self._recipe.show_rows(recipe_rows(analysis), analysis.plan.reason)
        ready = analysis.clean and bool(analysis.plan.trainer)
        self._empty_button.setEnabled(ready)
        errors = [p for p in analysis.problems if p.severity == "error"]
        words = "One click, and the first point comes within two seconds." if ready else (
            f"Next: {errors[0].title}." if errors else analysis.plan.reason or "Next: add a Loss, then Train.")
        self._empty_text.setText(words)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)


class _Status(Pane):
    """The left column: which run, how far, what it costs."""

    def __init__(self, page: TrainPage) -> None:
        super().__init__("panel")
        self._page = page
        self.setFixedWidth(288)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(8)
        self.run, self.pill = Words("Run", 15, 600), Pill("", "text3")
        box.addLayout(_pair(self.run, self.pill))
        self.epoch, self.share = Words("", 13, 500), Words("", 13, 500)
        box.addSpacing(8)
        box.addLayout(_pair(self.epoch, self.share))
        self.bar = ProgressLine("Progress of the run")
        box.addWidget(self.bar)
        self.step, self.left = Words("", 12, 400, "text2"), Words("", 12, 400, "text2")
        box.addLayout(_pair(self.step, self.left))
        box.addSpacing(4)
        box.addLayout(self._make_buttons())
        self.facts = Facts()
        box.addSpacing(4)
        box.addWidget(self.facts)
        box.addWidget(Line())
        self.sentence = Words("", 12, 400, "text2", wrap=True)
        box.addWidget(self.sentence)
        box.addStretch(1)
        self._device = self._words = ""

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.pause_button = Button("Pause", icon="pause", key="F6")
        self.stop_button = Button("Stop", icon="stop")
        self.train_button = Button("Train again", icon="play", primary=True, key="F5")
        menu = QMenu(self.stop_button)
        menu.addAction("Stop and keep what was learnt", lambda: self._page.stop.emit(True))
        menu.addAction("Stop and drop the run", lambda: self._page.stop.emit(False))
        self.stop_button.setMenu(menu)
        self.pause_button.clicked.connect(self._pause_or_go_on)
        self.train_button.clicked.connect(self._page.train)
        for button in (self.pause_button, self.stop_button, self.train_button):
            row.addWidget(button, 1)
        return row

    def _pause_or_go_on(self) -> None:
        (self._page.go_on if self._page.state == "paused" else self._page.pause).emit()

    def set_run(self, name: str) -> None:
        """The run's name as heading."""
        self.run.setText(name or "Run")
        self.facts.set_rows([])
        for words in (self.epoch, self.share, self.step, self.left):
            words.setText("")
        self.bar.set_share(0)

    def set_device(self, sentence: str) -> None:
        """The doctor's sentence."""
        self._device = sentence
        self._say()

    def set_state(self, state: str, sentence: str) -> None:
        """Pill, buttons and sentence for a state."""
        text, tone = STATES[state]
        self.pill.set_text(text, tone)
        busy = state in BUSY
        self.pause_button.setVisible(busy)
        self.stop_button.setVisible(busy)
        self.pause_button.setEnabled(state in ("running", "paused"))
        self.stop_button.setEnabled(state != "stopping")
        self.pause_button.setText("Go on" if state == "paused" else "Pause")
        self.pause_button.setIcon("play" if state == "paused" else "pause")
        self.train_button.setVisible(not busy and state != "idle")
        self._words = sentence
        self.sentence.set_token("error" if state == "failed" else "text2")
        self._say()

    def _say(self) -> None:
        self.sentence.setText(self._words or self._device)

    def show_past(self, past: PastRun) -> None:
        """Figures of a run that ended earlier."""
        done = len(past.rows)
        self.epoch.setText(f"{done} of {past.epochs} epochs")
        self.share.setText(percent(done / past.epochs if past.epochs else 0.0, 0))
        self.bar.set_share(done / past.epochs if past.epochs else 0.0)
        self.step.setText(f"took {duration(past.seconds)}")
        tested = [(f"{figure_title(n.removeprefix('test_'))}, test", figure_words(n.removeprefix("test_"), v))
                  for n, v in past.metrics.items() if n.startswith("test_")]
        self.facts.set_rows(tested)

    def draw(self, record: TrainingRecord) -> None:
        """Figures of the newest message."""
        started, latest = record.started, record.latest
        if started is None or (latest is None and not started.steps):
            return
        now = latest or Progress(epoch=0, step=0, metrics={})
        self.epoch.setText(f"Epoch {min(now.epoch + 1, started.epochs)} of {started.epochs}")
        self.share.setText(percent(record.share, 0))
        self.bar.set_share(record.share)
        self.step.setText(f"Step {count(now.step)} of {count(started.steps)}")
        self.left.setText(f"{duration(now.seconds_left)} left" if now.seconds_left else "")
        self.facts.set_rows([
            ("Samples a second", count(round(now.samples_per_second))),
            ("Time a step", duration(now.seconds_per_step)),
            ("Learning rate", number(now.learning_rate, 3)),
            ("Memory", size_words(now.memory) if now.memory else "–")])


class _Recipe(Pane):
    """The right column: the recipe as a table, and two small curves."""

    def __init__(self) -> None:
        super().__init__("panel")
        self.setFixedWidth(312)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(8)
        self.kind = Words("", 12, 400, "text3")
        box.addLayout(_pair(Words("Recipe", 15, 600), self.kind))
        self.rows = Facts(lines=True, value_at=96, row_height=29)
        box.addWidget(self.rows)
        self.reason = Words("", 13, 400, "text2", wrap=True)
        box.addWidget(self.reason)
        box.addSpacing(8)
        self.rate, self.speed = Words("", 13, 500), Words("", 13, 500)
        self.rate_curve, self.speed_curve = Spark("Learning rate so far and as planned"), Spark("Samples a second so far")
        for name, value, curve in (("Learning rate", self.rate, self.rate_curve),
                                   ("Samples a second", self.speed, self.speed_curve)):
            box.addLayout(_pair(Words(name, 12, 400, "text2"), value))
            box.addWidget(curve)
        box.addStretch(1)

    def show_rows(self, rows: list[tuple[str, str]], reason: str) -> None:
        """The recipe, or in words why there is none."""
        self.kind.setText("supervised fit" if rows else "")
        self.rows.set_rows(rows)
        self.rows.setVisible(bool(rows))
        self.reason.setVisible(not rows)
        self.reason.setText(reason)

    def draw(self, record: TrainingRecord, document: GraphDocument) -> None:
        """Learning rate and speed."""
        epochs = record.started.epochs if record.started else 1
        rate, speed = record.learning_rate, record.speed
        px, py = planned_rates(document.document.training, epochs)
        ahead = px > (rate.x[-1] / epochs if len(rate) else 0.0)
        self.rate_curve.set_data(rate.x / epochs, rate.y, (px[ahead], py[ahead]))
        self.speed_curve.set_data(speed.x / epochs, speed.y, (np.empty(0), np.empty(0)))
        self.rate.setText(number(rate.last, 3) if rate.last is not None else "")
        self.speed.setText(count(round(speed.last)) if speed.last is not None else "")


def _pair(left: QWidget, right: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(left)
    row.addStretch(1)
    row.addWidget(right)
    return row
