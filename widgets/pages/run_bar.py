"""The bar above Evaluate and Export: which run, and whether the drawing is still the one it was trained from."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from widgets.controls import ChoiceBox, Pill
from widgets.parts import Pane, Words
from widgets.words import plural

UNCHANGED = "Drawing unchanged since this run"
LEAST, MOST = 204, 320
"""Width of the list of runs."""
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
        self.setFixedHeight(56)
        self._choices: list[RunChoice] = []
        self.combo = ChoiceBox()
        self.combo.setMinimumWidth(LEAST)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.combo.setAccessibleName("Run")
        self.combo.activated.connect(self._picked)
        self.pill = Pill("", "ok")
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(24, 0, 24, 0)
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._show(self.current)
        super().resizeEvent(event)
