"""The bar above Evaluate and Export: which run, and whether the drawing is still the one it was trained from."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from widgets.controls import ChoiceBox, Pill
from widgets.parts import Pane, Words
from widgets.words import plural

UNCHANGED = "Drawing unchanged since this run"
LEAST, MOST = 204, 320
"""Width of the list of runs."""
LINE = 56
"""Height of a line."""
MOST_HIGH = 16_777_215
"""Qt's word for as high as there is room."""
NARROW = 1360
"""Below this width the pill says it shorter."""


@dataclass(frozen=True)
class RunChoice:
    """One run that can be chosen: its folder, a line for the list, and what changed in the drawing since, in words."""

    folder: str
    title: str
    changes: tuple[str, ...] = ()


class RunBar(Pane):
    """Run combo and the pill beside it; further widgets go to `row`."""

    chosen = Signal(str)
    """The folder of the run that was picked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel", parent)
        self.setFixedHeight(LINE)
        self._figures: QWidget | None = None
        self._before: QWidget = self
        self._choices: list[RunChoice] = []
        self.combo = ChoiceBox()
        self.combo.setMinimumWidth(LEAST)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.combo.setAccessibleName("Run")
        self.combo.activated.connect(self._picked)
        self.pill = Pill("", "ok")
        self.row, self._second = QHBoxLayout(), QHBoxLayout()
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(24, 0, 24, 0)
        self._lines.setSpacing(0)
        self._lines.addLayout(self.row, 1)
        self._lines.addLayout(self._second)
        self.row.setSpacing(12)
        self._word = Words("Run", 13, 400, "text2")
        self.row.addWidget(self._word)
        self.row.addWidget(self.combo)
        self.row.addWidget(self.pill)
        self.row.addStretch(1)
        self.set_choices([], "")

    def set_choices(self, choices: list[RunChoice], current: str) -> None:
        """Offer these runs; `current` is the folder of the chosen one. Without any there is no list to be seen."""
        self._choices = choices
        self.combo.clear()
        for choice in choices:
            self.combo.addItem(choice.title, choice.folder)
        place = next((i for i, c in enumerate(choices) if c.folder == current), 0)
        self.combo.setCurrentIndex(place if choices else -1)
        self.combo.setMinimumWidth(min(max(self.combo.sizeHint().width(), LEAST), MOST))
        for part in (self._word, self.combo):
            part.setVisible(bool(choices))
        self._show(choices[place] if choices else None)

    @property
    def current(self) -> RunChoice | None:
        """The chosen run."""
        place = self.combo.currentIndex()
        return self._choices[place] if 0 <= place < len(self._choices) else None

    def _picked(self, place: int) -> None:
        self._show(self._choices[place])
        self.chosen.emit(self._choices[place].folder)

    def _show(self, choice: RunChoice | None) -> None:
        self.pill.setVisible(choice is not None)
        if choice is None:
            return
        narrow = self.width() < NARROW
        if not choice.changes:
            self.pill.set_text("Unchanged" if narrow else UNCHANGED, "ok")
        elif narrow:
            self.pill.set_text(plural(len(choice.changes), "change"), "warn")
        else:
            words = choice.changes[0] if len(choice.changes) == 1 else f"{len(choice.changes)} changes since this run"
            self.pill.set_text(words, "warn")
        self.pill.setToolTip("\n".join(choice.changes) or f"{UNCHANGED}.")

    def add_figures(self, figures: QWidget, last: QWidget) -> None:
        """Figures and what stands last; a line of their own where there is no room beside the rest."""
        self._figures, self._before = figures, last
        self.row.addWidget(figures)
        self.row.addWidget(last)

    def _widths(self) -> tuple[int, int]:
        """Widths that what stands in the first line needs, with the words of the pill, and that the figures need."""
        figures, pill = self._figures, self.pill
        first = self.row.minimumSize().width() + 48
        first += 0 if pill.isHidden() else pill.sizeHint().width() - pill.minimumSizeHint().width()
        apart = figures.minimumSizeHint().width() if figures is not None else 0
        return first - (apart + 12 if figures is not None and self.row.indexOf(figures) >= 0 else 0), apart

    def fit(self) -> None:
        """One line where there is room for all, else two."""
        if self._figures is None:
            return
        first, apart = self._widths()
        two = bool(apart) and first + apart + 12 > self.width()
        if two == (self._second.indexOf(self._figures) >= 0):
            return
        if two:
            self.row.removeWidget(self._figures)
            self._second.addWidget(self._figures)
            self._second.addStretch(1)
        else:
            while self._second.takeAt(0) is not None:
                pass
            self.row.insertWidget(self.row.indexOf(self._before), self._figures)
        self._figures.setMaximumHeight(self._figures.minimumSizeHint().height() if two else MOST_HIGH)
        self.setFixedHeight(2 * LINE if two else LINE)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # what stands here is wider or narrower than before
            self.fit()
        return done

    def minimumSizeHint(self) -> QSize:
        return QSize(max(self._widths()[0], self._widths()[1] + 48), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._show(self.current)
        self.fit()
        super().resizeEvent(event)
