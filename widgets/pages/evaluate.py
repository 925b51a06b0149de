"""The Evaluate tab: what a run learnt, on test rows: confusion or scatter, the worst mistakes, one sample, the pad.

It shows an `Evaluation`, or runs a network that generates (`pages.running`), and asks for predictions through
`predict_wanted`; whoever owns the worker answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from graph_compiler.messages import Asking
from graph_compiler.runs.evaluation import Evaluation
from widgets.controls import Button, Segmented
from widgets.dropping import FileDrops
from widgets.figures import figure_title, figure_words
from widgets.pages.ask import AskColumn
from widgets.pages.mistakes import MistakesColumn
from widgets.pages.overview import Overview
from widgets.pages.run_bar import RunBar
from widgets.pages.running import Runner, Running, make_runner
from widgets.parts import EmptyState, Line, Pane, Words
from widgets.words import count, number, short_count

if TYPE_CHECKING:
    from widgets.pages.worst_rows import WorstRows

SHARES = (57, 59, 44)
"""How the columns share the width."""
SAMPLES, COMPARED = "Samples", "Test rows"
BAR = 56
"""Height of the line of figures once there are some."""


class EvaluatePage(QWidget):
    """Signals are wishes: `evaluate_wanted(folder)`, `predict_wanted(folder, inputs, ticket)`, `report_wanted`."""

    evaluate_wanted = Signal(str)
    predict_wanted = Signal(str, object, int, object)
    """Run folder, a list of words or pixel arrays (uint8 [H, W, C]), a ticket that the answer brings back, an `Asking`."""
    report_wanted = Signal()
    way_chosen = Signal(str)
    """`SAMPLES` or `COMPARED`, of a run that has both."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drops = FileDrops(self, self._drop_words, self.drop_file)
        self.bar = RunBar()
        self.bar.chosen.connect(self.evaluate_wanted)
        self.way = Segmented((SAMPLES, COMPARED))
        self.way.setAccessibleName("What is shown")
        self.way.setFixedHeight(28)
        self.way.changed.connect(self.way_chosen)
        self.way.hide()
        self.bar.row.insertWidget(self.bar.row.count() - 1, self.way)
        self.figures = _Figures()
        self.report = Button("Save report", icon="download")
        self.report.clicked.connect(self.report_wanted)
        self.bar.add_figures(self.figures, self.report)
        self.overview, self.mistakes, self.ask = Overview(), MistakesColumn(), AskColumn()
        self.worst: WorstRows | None = None
        self._rows = QStackedWidget()
        self._rows.addWidget(self.mistakes)
        self.evaluation: Evaluation | None = None
        self.runner: Runner | None = None
        self._stack = QStackedWidget()
        self._empty = EmptyState("panel")
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._make_columns())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.bar)
        box.addWidget(Line())
        box.addWidget(self._stack, 1)
        self.overview.cell_chosen.connect(lambda true, said: self._column().show_cell(true, said))
        self.overview.class_chosen.connect(lambda true: self._column().show_class(true))
        self.mistakes.shown.connect(self.overview.mark)
        self.mistakes.shown.connect(self.ask.take_row)
        self.overview.row_chosen.connect(self.mistakes.show_row)
        self.ask.asked.connect(self._ask)
        self.set_nothing("Nothing to evaluate yet", "Next: press Train. What the network learnt is shown here.")

    def _column(self) -> MistakesColumn | WorstRows:
        """The middle column in use."""
        used = self.worst is not None and self._rows.currentWidget() is self.worst
        return self.worst if used and self.worst is not None else self.mistakes

    def _make_columns(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for token, part, stretch in zip(
                ("chrome", "panel", "chrome"), (self.overview, self._rows, self.ask), SHARES, strict=True):
            if row.count():
                row.addWidget(Line(vertical=True))
            row.addWidget(_scrolled(part, token), stretch)
        return page

    def set_nothing(self, title: str, text: str) -> None:
        """Why there is nothing to see, and the next step."""
        self._forget_runner()
        self.evaluation = None
        self._empty.say(title, text)
        self.figures.show_figures([])
        self.report.setEnabled(False)
        self._stack.setCurrentIndex(0)

    def show_evaluation(self, evaluation: Evaluation, measured: str) -> None:
        """Show what a run did on its test rows; `measured` says when."""
        self._forget_runner()
        self.evaluation = evaluation
        self.figures.show_figures(headline_figures(evaluation, measured))
        self.report.setEnabled(True)
        self.overview.show_evaluation(evaluation)
        self.ask.show_evaluation(evaluation)
        self._stack.setCurrentIndex(1)
        self._show_rows(evaluation)

    def _show_rows(self, evaluation: Evaluation) -> None:
        if not (evaluation.placed or evaluation.pictured):
            self._rows.setCurrentWidget(self.mistakes)
            self.mistakes.show_evaluation(evaluation)
            return
        if self.worst is None:
            self.worst = self._make_worst()
        self._rows.setCurrentWidget(self.worst)
        self.worst.show_evaluation(evaluation)

    def _make_worst(self) -> WorstRows:
        from widgets.pages.worst_rows import WorstRows

        worst = WorstRows()
        self._rows.addWidget(worst)
        worst.shown.connect(self.overview.mark)
        worst.shown.connect(self.ask.take_row)
        return worst

    def offer_ways(self, both: bool) -> None:
        """Whether the run makes samples and also has test rows to compare with, so that one of the two is chosen."""
        self.way.setVisible(both)

    def show_running(self, running: Running) -> None:
        """Run a network that generates. What is shown of this run already stays."""
        if self.runner is not None and self.runner.running == running:
            return
        self.set_nothing("", "")
        self.report.setEnabled(bool(running.figures))
        self.figures.show_figures(list(running.figures))
        runner = self.runner = make_runner(running)
        runner.asked.connect(lambda inputs, asking, ticket: self.predict_wanted.emit(running.folder, inputs, ticket, asking))
        self._stack.addWidget(runner)
        self._stack.setCurrentWidget(runner)
        runner.start()

    def _forget_runner(self) -> None:
        runner, self.runner = self.runner, None
        if runner is not None:
            self._stack.removeWidget(runner)
            runner.deleteLater()

    def _ask(self, inputs: object, ticket: int) -> None:
        if self.bar.current is not None:
            self.predict_wanted.emit(self.bar.current.folder, inputs, ticket, Asking())

    def answer(self, ticket: int, answers: tuple[dict[str, Any], ...]) -> None:
        """The worker's answer to a wish."""
        if self.runner is not None:
            self.runner.answer(ticket, answers)
        else:
            self.ask.answer(ticket, answers)

    def say(self, sentence: str) -> None:
        """The worker cannot answer: why, at the place of the answer."""
        if self.runner is not None:
            self.runner.say(sentence)
        else:
            self.ask.say(sentence)

    def stage(self, words: str) -> None:
        """What the worker is at before it can answer."""
        if self.runner is not None:
            self.runner.stage(words)

    def let_go(self) -> None:
        """Nothing that was asked will be answered; the run is shown anew next time."""
        if self.runner is not None:
            self.set_nothing("", "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.ask.fit(self.width() * SHARES[2] // sum(SHARES), self.height() - max(self.bar.height(), BAR) - 1)
        super().resizeEvent(event)

    def _drop_words(self, path: Path) -> str:
        """Everything but a drawing is shown to the network."""
        return f"Show “{path.name}” to the network" if self.ready and path.suffix.lower() != ".netloom" else ""

    def drop_file(self, path: Path) -> None:
        """Predict a file of the user's."""
        if self.runner is not None:
            self.runner.drop_file(path)
        else:
            self.ask.ask_file(path)

    @property
    def ready(self) -> bool:
        """Whether there is a run that can be asked."""
        return self.evaluation is not None or self.runner is not None


def headline_figures(evaluation: Evaluation, measured: str) -> list[tuple[str, str]]:
    """(caption, value) pairs of the bar: test metrics, mistakes, when."""
    found = metric_figures(evaluation.metrics)
    if evaluation.classes:
        wrong = int((evaluation.predicted_classes() != evaluation.true_classes()).sum())
        found.append(("Mistakes", f"{count(wrong)} of {count(len(evaluation.rows))}"))
    elif evaluation.placed:
        places = evaluation.places
        found.insert(3, ("Wrong places", f"{short_count(int(places.wrong.sum()))} of {short_count(int(places.counted.sum()))}"))
    elif evaluation.pictured:
        found.append(("Mean error of a pixel", number(evaluation.headline()[1], 3)))
    return [*found[:4], ("Measured", measured)]


def metric_figures(metrics: Mapping[str, float]) -> list[tuple[str, str]]:
    """(caption, value) pairs of test figures, the loss last."""
    found, names = [], [name.removeprefix("test_") for name in metrics]
    for name, value in metrics.items():
        figure = name.removeprefix("test_")
        if figure != "loss":
            found.append((f"{figure_title(figure)}, test", figure_words(figure, value)))
    if "test_loss" in metrics:
        found.append((f"{figure_title('loss', names)}, test", number(metrics["test_loss"], 4)))
    return found


def _scrolled(part: QWidget, token: str) -> QWidget:
    pane = Pane(token)
    box = QVBoxLayout(pane)
    box.setContentsMargins(0, 0, 0, 0)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    area.setWidget(part)
    area.viewport().setAutoFillBackground(False)
    part.setAutoFillBackground(False)
    area.setStyleSheet("QScrollArea { background: transparent; }")
    box.addWidget(area)
    return pane


class _Figures(QWidget):
    """Caption over value, with a line at the left of each."""

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 8, 0, 8)
        self._row.setSpacing(12)

    def show_figures(self, figures: list[tuple[str, str]]) -> None:
        """(caption, value) pairs."""
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for caption, value in figures:
            self._row.addWidget(Line(vertical=True))
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 8, 0)
            column.setSpacing(0)
            column.addWidget(Words(caption, 11, 400, "text3"))
            column.addWidget(Words(value, 13, 600))
            self._row.addWidget(holder)
