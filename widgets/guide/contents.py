"""The list of articles by group, with a search above it that also looks through the texts and the layers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from widgets.fonts import dress, scaled, ui_font
from widgets.guide.article import LAYERS, Article, search
from widgets.parts import Pane, Words
from widgets.search_field import SearchField
from widgets.theme import theme, themes

ID = Qt.ItemDataRole.UserRole


class Contents(Pane):
    """`chosen(id)` when an article is picked by mouse or keys."""

    chosen = Signal(str)

    def __init__(self, articles: Sequence[Article], parent: QWidget | None = None) -> None:
        super().__init__("panel", parent)
        self._articles = tuple(articles)
        self._current = ""
        self.search = SearchField("Search the guide")
        self.list = QListWidget()
        self.list.setAccessibleName("Articles")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setStyleSheet("QListWidget::item { border-radius: 6px; padding: 0 8px; }")
        dress(self.list, 13)
        self.nothing = Words("Nothing fits. Try one word: shape, loss, attention.", 12, 400, "text2", wrap=True)
        self.nothing.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 20, 8, 8)
        box.setSpacing(12)
        title = Words("Guide", 20, 600)
        title.setContentsMargins(8, 0, 0, 0)
        box.addWidget(title)
        box.addWidget(self.search)
        box.addWidget(self.nothing)
        box.addWidget(self.list, 1)
        self.search.textChanged.connect(self.rewrite)
        self.search.stepped.connect(self._step)
        self.search.confirmed.connect(self._confirm)
        self.list.itemClicked.connect(self._pick)
        self.list.itemActivated.connect(self._pick)
        themes.changed.connect(self.rewrite)
        self.rewrite()

    def show_current(self, article_id: str) -> None:
        """Light an article; one that is not in the list lights none."""
        self._current = article_id
        row = self.row_of(article_id)
        self.list.blockSignals(True)
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)

    def row_of(self, article_id: str) -> int:
        """The row of an article, -1 when it is not listed."""
        return next((row for row in range(self.list.count()) if self.list.item(row).data(ID) == article_id), -1)

    @property
    def listed(self) -> list[str]:
        """The ids that are listed, in order."""
        return [self.list.item(row).data(ID) for row in range(self.list.count()) if self.list.item(row).data(ID)]

    def rewrite(self, _: object = None) -> None:
        """The list anew: another search, theme or text size."""
        self.list.clear()
        query = self.search.text().strip()
        found = search(query, self._articles) if query else [a for a in self._articles if a.group != LAYERS]
        group = ""
        for article in found:
            if not query and article.group != group:
                group = article.group
                self._heading(group)
            self._entry(article, f"{article.title} · layer" if query and article.group == LAYERS else article.title)
        self.nothing.setVisible(not found)
        self.show_current(self._current)

    def _heading(self, group: str) -> None:
        item = QListWidgetItem(group)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(ui_font(12, 600))
        item.setForeground(theme().color("text2"))
        item.setSizeHint(QSize(10, scaled(36 if self.list.count() else 26)))
        item.setTextAlignment(Qt.AlignmentFlag.AlignBottom)
        self.list.addItem(item)

    def _entry(self, article: Article, words: str) -> None:
        item = QListWidgetItem(words)
        item.setData(ID, article.id)
        item.setFont(ui_font(13))
        item.setToolTip(article.summary)
        item.setSizeHint(QSize(10, scaled(30)))
        self.list.addItem(item)

    def _step(self, by: int) -> None:
        rows = [row for row in range(self.list.count()) if self.list.item(row).data(ID)]
        if rows:
            at = rows.index(self.list.currentRow()) if self.list.currentRow() in rows else -1 if by > 0 else 0
            self.list.setCurrentRow(rows[(at + by) % len(rows)])

    def _confirm(self) -> None:
        item = self.list.currentItem()
        if item is None and self.listed:
            item = self.list.item(self.row_of(self.listed[0]))
        if item is not None:
            self._pick(item)

    def _pick(self, item: QListWidgetItem) -> None:
        if item.data(ID):
            self.chosen.emit(item.data(ID))
