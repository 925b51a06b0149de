"""The Train tab: one run with its live curves, or the table of all runs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget

from widgets.pages.train import TrainPage
from widgets.runs import RunsPage


class TrainTab(QStackedWidget):
    """Holds both; the table is made when it is first wanted."""

    def __init__(self, train: TrainPage, make_runs: Callable[[], RunsPage], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.train, self._make_runs = train, make_runs
        self.runs: RunsPage | None = None
        self.addWidget(train)
        train.runs_wanted.connect(self.show_runs)

    def show_train(self) -> None:
        """The run."""
        self.setCurrentWidget(self.train)

    def show_runs(self) -> None:
        """The table of all runs."""
        if self.runs is None:
            self.runs = self._make_runs()
            self.runs.back.connect(self.show_train)
            self.addWidget(self.runs)
        self.setCurrentWidget(self.runs)
        self.runs.table.setFocus()
