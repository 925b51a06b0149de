"""The left column of Train: which run, how far, what it costs, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from graph_compiler.graph.values import TrainingSettings
from graph_compiler.messages import Progress
from widgets.controls import Button, Pill
from widgets.figures import figure_title, figure_words
from widgets.fonts import scaled
from widgets.pages.recipe_column import SETTINGS_WORDS, pair
from widgets.parts import Facts, Glyph, Line, Pane, ProgressLine, Words
from widgets.plots.record import TrainingRecord
from widgets.words import count, duration, number, percent, size_words

STATES = {
    "idle": ("Not trained yet", "text3"), "starting": ("Starting", "accent"), "running": ("Running", "accent"),
    "paused": ("Paused", "paused"), "stopping": ("Stopping", "warn"), "finished": ("Finished", "ok"),
    "stopped": ("Stopped, kept", "warn"), "failed": ("Failed", "error")}
WIDE, SLIM = 288, 256
"""Width of the column, and in a narrow window."""
BUSY = frozenset({"starting", "running", "paused", "stopping"})


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
    folder: str = ""
    """Its run folder, which may hold what it has shown."""
    device: str = ""
    """Where it ran."""
    settings: TrainingSettings | None = None
    """Those that were in force, where they are known."""


class RunStatus(Pane):
    """The left column: which run, how far, what it costs."""

    pause = Signal()
    go_on = Signal()
    stop = Signal(bool)
    train = Signal()
    go_further = Signal()
    runs_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("panel")
        self.setFixedWidth(WIDE)
        box = self._box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(8)
        self.run, self.pill = Words("Run", 15, 600), Pill("", "text3")
        box.addLayout(pair(self.run, self.pill))
        self.epoch, self.share = Words("", 13, 500), Words("", 13, 500)
        box.addSpacing(8)
        box.addLayout(pair(self.epoch, self.share))
        self.bar = ProgressLine("Progress of the run")
        box.addWidget(self.bar)
        self.step, self.left = Words("", 12, 400, "text2"), Words("", 12, 400, "text2")
        box.addLayout(pair(self.step, self.left))
        box.addSpacing(4)
        box.addLayout(self._make_buttons())
        self.facts, self._rule = Facts(), Line()
        self.sentence = Words("", 12, 400, "text2", wrap=True)
        self._chip = Glyph("chip", "text3")
        told = QHBoxLayout()
        told.setSpacing(8)
        told.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignTop)
        told.addWidget(self.sentence, 1)
        box.addWidget(self._make_told(told), 1)
        self.runs_button = Button("All runs", icon="rows")
        self.runs_button.setToolTip("Every run of this drawing: compare, name, reopen, delete (F9)")
        self.runs_button.clicked.connect(self.runs_wanted)
        self.settings_button = Button("Epochs…", icon="preprocessing")
        self.settings_button.setToolTip(SETTINGS_WORDS)
        self.settings_button.clicked.connect(self.settings_wanted)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.runs_button, 1)
        below.addWidget(self.settings_button, 1)
        box.addLayout(below)
        self._device = self._words = ""
        self._tested: list[tuple[str, str]] = []
        self._pace: list[tuple[str, str]] = []
        self._state = "idle"

    def _make_told(self, told: QHBoxLayout) -> QScrollArea:
        """Figures and the sentence below them; they scroll where the column is too low for all."""
        inside = QWidget()
        inside.setAutoFillBackground(False)
        box = QVBoxLayout(inside)
        box.setContentsMargins(0, 4, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.facts)
        box.addWidget(self._rule)
        box.addLayout(told)
        box.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        return area

    def set_narrow(self, narrow: bool) -> None:
        """A slimmer column; buttons lose their icons and keys before they stand one below the other."""
        width, margin = scaled(SLIM if narrow else WIDE), 16 if narrow else 24
        self.setFixedWidth(width)
        self._box.setContentsMargins(margin, 16, margin, 16)
        self.train_button.setIcon("" if narrow else "play")
        self.pause_button.show_key(not narrow)
        room = width - 2 * margin - self._buttons.spacing()
        fits = max(_width(self.pause_button, self.stop_button), _width(self.train_button, self.further_button)) <= room
        for icons in (("rows", "preprocessing"), ("", "")):
            self.runs_button.setIcon(icons[0])
            self.settings_button.setIcon(icons[1])
            if _width(self.runs_button, self.settings_button) <= room:
                break
        self._buttons.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)

    def _make_buttons(self) -> QBoxLayout:
        row = self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setSpacing(8)
        self.pause_button = Button("Pause", icon="pause", key="F6")
        self.pause_button.setToolTip("Hold the run, or let it go on (F6)")
        self.stop_button = Button("Stop", icon="stop")
        self.train_button = Button("Train again", icon="play", primary=True)
        self.train_button.setToolTip("A new run with fresh weights (F5)")
        self.further_button = Button("Continue")
        self.further_button.setToolTip("Train this run for more epochs")
        menu = QMenu(self.stop_button)
        menu.addAction("Stop and keep what was learnt", lambda: self.stop.emit(True))
        menu.addAction("Stop and drop the run", lambda: self.stop.emit(False))
        self.stop_button.setMenu(menu)
        self.pause_button.clicked.connect(self._pause_or_go_on)
        self.train_button.clicked.connect(self.train)
        self.further_button.clicked.connect(self.go_further)
        for button in (self.pause_button, self.stop_button, self.train_button, self.further_button):
            row.addWidget(button, 1)
        return row

    def _pause_or_go_on(self) -> None:
        (self.go_on if self._state == "paused" else self.pause).emit()

    def set_run(self, name: str) -> None:
        """The run's name as heading."""
        self.run.setText(name or "Run")
        self._tested, self._pace = [], []
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
        self._state = state
        text, tone = STATES[state]
        self.pill.set_text(text, tone)
        for part in (self.bar, self._rule):
            part.setVisible(state != "idle")
        busy = state in BUSY
        self.pause_button.setVisible(busy)
        self.stop_button.setVisible(busy)
        self.pause_button.setEnabled(state in ("running", "paused"))
        self.stop_button.setEnabled(state != "stopping")
        self.pause_button.setText("Go on" if state == "paused" else "Pause")
        self.pause_button.setIcon("play" if state == "paused" else "pause")
        self.train_button.setVisible(not busy and state != "idle")
        self.further_button.setVisible(not busy and state != "idle")
        if not busy:
            self.left.setText("")
        self._words = sentence
        self.sentence.set_token("error" if state == "failed" else "text2")
        self._say()

    def set_ready(self, ready: bool, why: str) -> None:
        """Whether the drawing can be trained as it is."""
        self.train_button.setEnabled(ready)
        self.train_button.setToolTip("A new run with fresh weights (F5)" if ready else why)
        self.further_button.setEnabled(ready)

    def _say(self) -> None:
        self.sentence.setText(self._words or self._device)
        self._chip.setVisible(bool(self._device) and not self._words)

    def show_past(self, past: PastRun) -> None:
        """Figures of a run that ended earlier."""
        done = len(past.rows)
        self.epoch.setText(f"{done} of {past.epochs} epochs")
        self.share.setText(percent(done / past.epochs if past.epochs else 0.0, 0))
        self.bar.set_share(done / past.epochs if past.epochs else 0.0)
        self.step.setText(f"took {duration(past.seconds)}")
        self.show_result(past.metrics)
        self.set_device(f"Ran on the {past.device.upper()}." if past.device else "")

    def show_result(self, metrics: Mapping[str, float]) -> None:
        """What was measured on the test rows, above the figures of the last step."""
        names = [n.removeprefix("test_") for n in metrics if n.startswith("test_")]
        tested = [(f"{figure_title(n.removeprefix('test_'), names)}, test", figure_words(n.removeprefix("test_"), v))
                  for n, v in metrics.items() if n.startswith("test_")]
        self._tested = tested
        self.facts.set_rows([*tested, *self._pace])

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
        gone = f"{duration(now.seconds)} · " if now.seconds >= 1 else ""
        self.left.setText(f"{gone}{duration(now.seconds_left)} left" if now.seconds_left and self._state in BUSY else "")
        self._pace = [
            ("Samples a second", count(round(now.samples_per_second)) if now.samples_per_second else "–"),
            ("Time a step", duration(now.seconds_per_step) if now.seconds_per_step else "–"),
            ("Learning rate", number(now.learning_rate, 3) if latest else "–"),
            ("Memory", size_words(now.memory) if now.memory else "–")]
        self.facts.set_rows([*self._tested, *self._pace])


def _width(*buttons: Button) -> int:
    """What buttons beside one another need."""
    return sum(button.sizeHint().width() for button in buttons)
