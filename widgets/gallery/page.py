"""The gallery at the start: templates as cards with tags and a search, beside recent files, new and open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from widgets.controls import Segmented
from widgets.gallery.card import Template, TemplateCard
from widgets.gallery.miniature import Miniature
from widgets.gallery.side import GallerySide, RecentFile
from widgets.parts import Line, Pane, Words
from widgets.search_field import SearchField

KINDS = {"Images": {"image", "video"}, "Tables": {"table", "points"}, "Series": {"series", "video"}, "Text": {"text"},
         "Generative": {"generation", "autoencoder"}}
"""Word of the filter -> tags, one of which a template has."""
NARROWEST, GAP, EDGE = 260, 10, 28


class GalleryPage(QWidget):
    """Signals say what to do; nothing is opened here."""

    open_template = Signal(str, bool)
    """Template id, and whether to train at once."""
    open_file = Signal(str)
    new = Signal()
    browse = Signal()

    def __init__(self, templates: Sequence[Template], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.side = GallerySide()
        self.search = SearchField("Search templates")
        self.cards = [TemplateCard(template, self) for template in templates]  # with a parent: never windows
        self.filter = Segmented(self._filters())
        self.filter.setAccessibleName("Kind of template")
        self.nothing = Words("No template fits. Try a shorter word, or start with a new drawing.", 13, 400, "text2")
        self._tags: set[str] = set()
        self._columns = 0
        self._arrange()
        self.side.new.connect(self.new)
        self.side.browse.connect(self.browse)
        self.side.open_file.connect(self.open_file)
        self.search.textChanged.connect(lambda _: self._lay_out())
        self.search.confirmed.connect(self._open_first)
        self.filter.changed.connect(self._filtered)
        for card in self.cards:
            card.opened.connect(self.open_template)
        self._lay_out()

    def _filters(self) -> tuple[str, ...]:
        there = {tag for card in self.cards for tag in card.template.tags}
        return (f"All {len(self.cards)}", *(word for word, tags in KINDS.items() if tags & there))

    def _arrange(self) -> None:
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.side)
        box.addWidget(Line(vertical=True))
        room = Pane("canvas")
        column = QVBoxLayout(room)
        column.setContentsMargins(28, 31, 0, 0)
        column.setSpacing(20)
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 32, 0)
        head.setSpacing(12)
        self._title = Words("Templates", 20, 600)
        head.addWidget(self._title)
        self.hint = Words("One click opens it, a second one trains it.", 13, 400, "text2")
        head.addWidget(self.hint)
        head.addStretch(1)
        self.filter.setFixedHeight(32)
        self.search.setMinimumWidth(112)
        self.search.setMaximumWidth(208)
        head.addWidget(self.filter)
        head.addWidget(self.search)
        column.addLayout(head)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.viewport().installEventFilter(self)
        inside = QWidget()
        self._outer = outer = QVBoxLayout(inside)
        self.grid = QGridLayout()
        self.grid.setSpacing(GAP)
        outer.addLayout(self.grid)
        outer.addWidget(self.nothing)
        outer.addStretch(1)
        self.area.setWidget(inside)
        inside.setAutoFillBackground(False)
        self.area.viewport().setAutoFillBackground(False)
        column.addWidget(self.area, 1)
        box.addWidget(room, 1)

    def take_keyboard(self) -> None:
        """The keyboard goes to the first card: Enter opens it, Tab leads on."""
        first = next((card for card in self.cards if not card.isHidden()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_recent(self, files: Sequence[RecentFile]) -> None:
        """The recent files, the newest first."""
        self.side.set_recent(files)

    def set_picture(self, template_id: str, picture: Miniature) -> None:
        """The picture of a template's net on its card."""
        for card in self.cards:
            if card.template.id == template_id:
                card.set_picture(picture)

    def set_device(self, title: str, text: str) -> None:
        """What this computer trains on: `CPU, 8 threads`, and a sentence."""
        self.side.set_device(title, text)

    @property
    def shown(self) -> list[TemplateCard]:
        """The cards that pass filter and search, in order."""
        words = self.search.text().lower().split()
        of_kind = [card for card in self.cards if not self._tags or self._tags.intersection(card.template.tags)]
        return [card for card in of_kind if all(word in card.template.searched for word in words)]

    def _filtered(self, word: str) -> None:
        self._tags = KINDS.get(word, set())
        self._lay_out()

    def _open_first(self) -> None:
        if self.shown:
            self.open_template.emit(self.shown[0].template.id, False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent) and event.type() == QEvent.Type.Resize:
            bar = self.area.width() - self.area.viewport().width()
            self._outer.setContentsMargins(0, 0, EDGE - bar, EDGE)  # cards end where the search does
            others = (self._title, self.filter, self.search)
            room = self.area.width() - EDGE - sum(part.sizeHint().width() for part in others) - 5 * GAP
            self.hint.setVisible(room >= self.hint.sizeHint().width())  # half a sentence says nothing
            if self._fitting() != self._columns:
                self._lay_out()
        return False

    def _fitting(self) -> int:
        return max((self.area.width() - EDGE + GAP) // (NARROWEST + GAP), 1)

    def _lay_out(self) -> None:
        self._columns = self._fitting()
        shown = self.shown
        for card in self.cards:
            self.grid.removeWidget(card)
            card.setVisible(card in shown)
        for place, card in enumerate(shown):
            self.grid.addWidget(card, place // self._columns, place % self._columns)
        for column in range(self.grid.columnCount()):
            self.grid.setColumnStretch(column, 1 if column < self._columns else 0)
        self.nothing.setVisible(not shown)
