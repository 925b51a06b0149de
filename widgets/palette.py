"""The palette: a search field above the families of node types. Works from a registry alone."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph_compiler.graph.model import Document
from graph_compiler.graph.values import ROOT
from graph_compiler.specs.nodes import NodeSpec
from graph_compiler.specs.registry import Registry
from widgets.fuzzy import Match
from widgets.offer import key_of, offered
from widgets.palette_list import MIME, PaletteList, PaletteModel, mime_of
from widgets.parts import Pane, Words
from widgets.search_field import SearchField

__all__ = ["MIME", "Palette", "mime_of"]


class Palette(Pane):
    """Left dock. `add(key)` when an entry is chosen by double click or Enter; drags carry `MIME`."""

    add = Signal(str)
    forget = Signal(str)
    """A saved block should be taken out of the folder of blocks: its name."""
    folder_wanted = Signal()
    """The folder of blocks should be shown."""

    def __init__(self, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__("panel", parent)
        self.setMinimumWidth(223)
        self.search = SearchField("Search layers", "Ctrl K")
        self.model = PaletteModel(offered(registry, Document(), ROOT), self)
        self.list = PaletteList(self.model)
        self.nothing = Words("Nothing is named so. Try a shorter word, such as “pool” or “norm”.", 12, 400, "text3", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.nothing.setContentsMargins(14, 6, 14, 0)
        self.nothing.hide()
        self._arrange()
        self.search.textChanged.connect(self._searched)
        self.search.stepped.connect(self._step)
        self.search.confirmed.connect(self._confirm)
        self.list.add.connect(self.add)
        self.list.forget.connect(self.forget)
        self.list.folder_wanted.connect(self.folder_wanted)
        self.list.left_upwards.connect(self.focus_search)

    def _arrange(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        top = QVBoxLayout()
        top.setContentsMargins(12, 0, 12, 0)
        top.addWidget(self.search)
        box.addLayout(top)
        box.addWidget(self.list, 1)
        box.addWidget(self.nothing, 1)

    def sizeHint(self) -> QSize:
        return QSize(255, 600)

    def focus_search(self) -> None:
        """Put the cursor into the search field (Ctrl+K)."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @property
    def expanded(self) -> tuple[str, ...]:
        """The families that are open by choice, for the settings."""
        return tuple(sorted(self.model.expanded - {self.model.lent}))

    def set_expanded(self, families: Iterable[str]) -> None:
        """Open these families and close the others."""
        self.model.expanded, self.model.lent = set(families), ""
        self.model.refresh()

    def lend_sources(self, on: bool) -> None:
        """An empty drawing begins with a source: they are to be seen, and are folded again with the next drawing."""
        before = self.model.lent
        self.model.lend("sources" if on else "")
        if self.model.lent and self.model.lent != before:
            self.list.scrollToTop()

    def offer(self, specs: Iterable[NodeSpec]) -> None:
        """Show other entries: what can be placed where one is."""
        self.model.offer(specs)

    def _searched(self, text: str) -> None:
        self.model.query = text
        self.model.refresh()
        found = bool(self.model.rows)
        self.list.setVisible(found)
        self.nothing.setVisible(not found)
        if text.strip() and found:
            self.list.setCurrentIndex(self.model.index(0))
        self.list.scrollToTop()

    def _step(self, by: int) -> None:
        if not self.model.rows:
            return
        row = min(max(self.list.currentIndex().row() + by, 0), len(self.model.rows) - 1)
        self.list.setCurrentIndex(self.model.index(row))
        if not self.search.text():
            self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def _confirm(self) -> None:
        row = self.list.current()
        if self.search.text().strip() and isinstance(row, Match):
            self.add.emit(key_of(row.spec))
