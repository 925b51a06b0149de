"""Pictures drawn from noise: sixteen of them, sixteen more, and a walk from one point of the noise to another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from graph_compiler.messages import Asking
from widgets.controls import Button, ChoiceBox, IconButton
from widgets.pages.running.base import Answers, Runner, Running
from widgets.pages.running.parts import Column, State
from widgets.pages.running.sheet import Sheet
from widgets.parts import Line
from widgets.plots.pictures import to_image
from widgets.sights.saving import save_picture, sheet
from widgets.theme import theme
from widgets.words import duration, plural

SAMPLES, STEPS = 16, 12
ACROSS = 8
"""Samples a line where there is room."""
REST = 76
"""Height of a column besides its pictures."""
LINES = 3
"""Samples of each class when all of them are drawn in turn."""
ALL = "All classes in turn"
WALK_SEED = 1000
"""Where the seeds of walks begin, so that a walk does not start at a sample that is shown."""


class SamplesRunner(Runner):
    """Samples above, the walk below."""

    def __init__(self, running: Running) -> None:
        super().__init__(running)
        self._seed, self._walk_seed = 0, WALK_SEED
        self._draws, self._walks = self.slot(), self.slot()
        self.above, self.below = Column("Samples", "panel"), Column("Walk", "chrome")
        self.samples, self.walk = Sheet("Samples"), Sheet("Walk", across=STEPS)
        self.classes = ChoiceBox()
        self.more, self.before = Button(""), IconButton("undo", "The samples before")
        self.save, self.another = Button("Save as PNG", "download"), Button("Another walk")
        self.save_walk = Button("Save as PNG", "download")
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.above)
        box.addWidget(Line())
        box.addWidget(self.below)
        self.classes.setAccessibleName("Class")
        self.classes.addItems([ALL, *self.running.classes])
        self.classes.setVisible(bool(self.running.classes))
        for part in (self.classes, self.before, self.more, self.save):
            self.above.head.addWidget(part)
        for part in (self.another, self.save_walk):
            self.below.head.addWidget(part)
        for column, slot, grid in ((self.above, self._draws, self.samples), (self.below, self._walks, self.walk)):
            column.box.addWidget(State(slot))
            column.box.addWidget(grid, 1)
        for button in (self.save, self.save_walk):
            button.setEnabled(False)
        self._name_buttons()

    def _connect(self) -> None:
        self._draws.answered.connect(self._show_samples)
        self._walks.answered.connect(self._show_walk)
        self.more.clicked.connect(lambda: self._draw(self._seed + 1))
        self.before.clicked.connect(lambda: self._draw(self._seed - 1))
        self.another.clicked.connect(lambda: self._go(self._walk_seed + 1))
        self.classes.activated.connect(self._class_chosen)
        self.save.clicked.connect(lambda: self._save(self.samples, "samples"))
        self.save_walk.clicked.connect(lambda: self._save(self.walk, "walk"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._share()
        super().resizeEvent(event)

    def _share(self) -> None:
        """The samples get the height they need at this width; where there is too little of it, both give way."""
        width, box = self.width() - 48, self.layout()
        need = REST + self.samples.height_for(width, self.samples.across or ACROSS)
        below = REST + self.walk.height_for(width, STEPS)
        room = self.height() - 1
        share = min(need, room * need // (need + below), room - self.below.minimumSizeHint().height())
        self.above.setMaximumHeight(REST + self.samples.used(width, share - REST))
        assert isinstance(box, QVBoxLayout)
        box.setStretch(0, need)
        box.setStretch(2, below)

    @property
    def label(self) -> str:
        """The class that is asked for; empty for all of them in turn."""
        return self.classes.currentText() if self.classes.currentIndex() > 0 else ""

    @property
    def count(self) -> int:
        """How many are drawn: whole lines of classes where all are drawn in turn."""
        return SAMPLES if self.label or not self.running.classes else LINES * len(self.running.classes)

    def start(self) -> None:
        self._draw(self._seed)
        self._go(self._walk_seed)

    def _draw(self, seed: int) -> None:
        self._seed = seed
        self._name_buttons()
        self._draws.ask((f"draw:{self.count}",), Asking(seed=seed, label=self.label))

    def _go(self, seed: int) -> None:
        """A walk; where classes are asked for it stays with one of them, so that only the noise changes."""
        self._walk_seed = seed
        label = self.label or next(iter(self.running.classes), "")
        self._walks.ask((f"walk:{STEPS}",), Asking(seed=seed, label=label))

    def _class_chosen(self, _: int) -> None:
        self._draw(self._seed)
        self._go(self._walk_seed)

    def _name_buttons(self) -> None:
        self.more.setText(f"Draw {self.count} more")
        self.before.setEnabled(self._seed > 0)

    def _show_samples(self, answers: Answers) -> None:
        first = answers[0]
        pictures, labels = _pictures(first), [str(label) for label in first.get("labels", ())]
        self.samples.across = len(self.running.classes) if labels and len(set(labels)) > 1 else 0
        self.samples.set_pictures(pictures, labels if self.samples.across else [])
        self._share()
        self.above.title.setText(plural(len(pictures), "sample"))
        self.above.hint.set_full(_hint(first, self._seed, self.label))
        self.save.setEnabled(True)

    def _show_walk(self, answers: Answers) -> None:
        first = answers[0]
        pictures = _pictures(first)
        self.walk.set_pictures(pictures, [])
        self.below.title.setText(f"A walk in {plural(len(pictures), 'step')}")
        label = next(iter(first.get("labels", ())), "")
        self.below.hint.set_full(" · ".join(filter(None, (str(label), "from one point of the noise to another"))))
        self.save_walk.setEnabled(True)

    def _save(self, shown: Sheet, name: str) -> None:
        across = max(shown.columns, 1)
        images = shown.pictures
        lines = [images[start:start + across] for start in range(0, len(images), across)]
        save_picture(self, sheet(lines, theme().color("panel")), name)

    def drop_file(self, path: Path) -> None:
        self._draws.failed.emit(f"This network draws from noise; it reads no files such as “{path.name}”.")


def _pictures(answer: dict[str, object]) -> list[QImage]:
    return [to_image(picture) for picture in np.load(str(answer["pictures"]))]


def _hint(answer: dict[str, object], seed: int, label: str) -> str:
    milliseconds = answer.get("milliseconds")
    took = f"{duration(float(milliseconds) / 1000)} each" if isinstance(milliseconds, (int, float)) and milliseconds else ""
    return " · ".join(filter(None, (label, f"seed {seed}", took)))
