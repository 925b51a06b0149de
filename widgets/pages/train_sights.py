"""Whether a run has something to see besides its curves, and the view of it, which is made when it is first needed."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QStackedWidget

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.messages import Sight
from graph_compiler.trainers.sights.base import name_of
from graph_compiler.trainers.sights.choosing import wanted
from widgets.figures import first_figure
from widgets.pages.recipe import phase_rows, phase_words
from widgets.plots.contest import DISCRIMINATOR
from widgets.plots.curve import CurvePlot
from widgets.plots.record import TrainingRecord
from widgets.sights.view import SightsView, folder_shelf


class RunSights:
    """`shown` says whether the view stands in place of the plain plots."""

    def __init__(self, stack: QStackedWidget) -> None:
        self._stack = stack
        self.view: SightsView | None = None
        self.shown = False
        self._analysis: Analyzer | None = None

    @property
    def plots(self) -> tuple[CurvePlot, ...]:
        """The curves of the view."""
        return (self.view.losses, self.view.loss, self.view.second) if self.view is not None else ()

    def follow(self, analysis: Analyzer) -> None:
        """The drawing has changed: its recipe stands below the pictures."""
        self._analysis = analysis
        if self.view is not None:
            self.view.set_recipe(phase_rows(analysis), phase_words(analysis))

    def begin(self) -> None:
        """A run of the drawing begins: what will be seen follows from it."""
        plans = wanted(self._analysis) if self._analysis is not None else ()
        contest = self._analysis is not None and bool(self._analysis.plan.contests)
        self.shown = bool(plans) or contest
        if self.shown:
            self._made().start([(name_of(plan), plan.kind, plan.title) for plan in plans], contest, "")

    def clear(self) -> None:
        """There is no run."""
        self.shown = False

    def metrics(self, names: Iterable[str]) -> None:
        """The figures of the run."""
        if self.view is not None and self.shown:
            self.view.set_figure(first_figure(names))

    def past(self, folder: str, metrics: Iterable[str]) -> None:
        """A run that ended earlier: what its folder holds."""
        names, shelf = list(metrics), folder_shelf(folder)
        contest = DISCRIMINATOR in names
        self.shown = bool(shelf.rows) or contest
        if self.shown:
            self._made().show_run(shelf, contest, first_figure(names))

    def take(self, message: Sight) -> None:
        """Something new to see."""
        if not self.shown:
            self.shown = True
            self._made().start([], False, "")
        assert self.view is not None
        self.view.take(message)

    def end(self) -> None:
        """The run is over."""
        if self.view is not None:
            self.view.end()

    def draw(self, record: TrainingRecord) -> None:
        """Bring the curves of the view up to date."""
        if self.view is not None:
            self.view.draw(record)

    def _made(self) -> SightsView:
        if self.view is None:
            self.view = SightsView()
            self._stack.addWidget(self.view)
            if self._analysis is not None:
                self.follow(self._analysis)
        return self.view
