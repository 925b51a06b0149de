"""Beside an article: the templates it speaks of, each with buttons that open it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from widgets.controls import Button, Card
from widgets.parts import Pane, Words

WIDTH = 272


@dataclass(frozen=True)
class Shown:
    """What is said of a template."""

    title: str
    summary: str


class TemplateCards(Pane):
    """`opened(id, train)` when one is to be opened."""

    opened = Signal(str, bool)

    def __init__(self, templates: Mapping[str, Shown], parent: QWidget | None = None) -> None:
        super().__init__("panel", parent)
        self._templates = templates
        self.setFixedWidth(WIDTH)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(16, 24, 16, 16)
        self._box.setSpacing(12)
        self._box.addWidget(Words("See it in the window", 13, 600))
        self._box.addStretch(1)
        self.cards: list[TemplateLink] = []

    def show_templates(self, ids: Sequence[str]) -> None:
        """Cards for these; hidden without any."""
        for card in self.cards:
            self._box.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [TemplateLink(name, self._templates[name], self) for name in ids if name in self._templates]
        for card in self.cards:
            self._box.insertWidget(self._box.count() - 1, card)
            card.open.clicked.connect(partial(self.opened.emit, card.name, False))
            card.train.clicked.connect(partial(self.opened.emit, card.name, True))
        self.setVisible(bool(self.cards))


class TemplateLink(Card):
    """Title, a sentence, two buttons."""

    def __init__(self, name: str, shown: Shown, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 12, 14, 14)
        box.setSpacing(6)
        box.addWidget(Words(shown.title, 13, 600))
        box.addWidget(Words(shown.summary, 12, 400, "text2", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(8)
        self.open, self.train = Button("Open", small=True), Button("Train", "play", small=True)
        self.open.setAccessibleName(f"Open {shown.title}")
        self.train.setAccessibleName(f"Open and train {shown.title}")
        self.train.setToolTip("Open and train")
        for button in (self.open, self.train):
            row.addWidget(button)
        row.addStretch(1)
        box.addSpacing(2)
        box.addLayout(row)
