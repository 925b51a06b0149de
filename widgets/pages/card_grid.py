"""Cards in rows that are as even as they can be, as many side by side as have room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from widgets.fonts import scaled

CARD = 252
"""Pixels a card needs at least."""
MOST = 5
"""Cards side by side."""
GAP = 8


class CardGrid(QGridLayout):
    """`fit` lays the cards out for a width."""

    def __init__(self, cards: Sequence[QWidget]) -> None:
        super().__init__()
        self._cards = tuple(cards)
        self.across = 0
        """Cards side by side."""
        self.setSpacing(GAP)
        self._lay_out(MOST)

    def fit(self, width: int) -> None:
        """So many pixels are there."""
        self._lay_out(max(1, min(MOST, (width + GAP) // (scaled(CARD) + GAP))))

    def _lay_out(self, across: int) -> None:
        rows = -(-len(self._cards) // across)
        across = -(-len(self._cards) // rows)
        if across == self.across:
            return
        for column in range(self.across):
            self.setColumnStretch(column, 0)
        self.across = across
        for i, card in enumerate(self._cards):
            self.addWidget(card, i // across, i % across)
        for column in range(max(across, 2)):  # a single card is not as wide as the page
            self.setColumnStretch(column, 1)
