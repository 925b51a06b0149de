"""The page of the guide: contents at the left, the article, the templates it speaks of at the right; back and forward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from widgets.controls import Button, IconButton
from widgets.fonts import scaled
from widgets.guide.article import LAYERS, Article
from widgets.guide.beside import Shown, TemplateCards
from widgets.guide.browser import ArticleBrowser, Draw
from widgets.guide.contents import Contents
from widgets.parts import Line, Pane

WIDE, NARROW, NARROW_WINDOW = 264, 216, 1360


class GuidePage(Pane):
    """`open_template(id, train)` and `closed()`. The first article is shown until another is asked for."""

    open_template = Signal(str, bool)
    closed = Signal()

    def __init__(self, articles: Sequence[Article], templates: Mapping[str, Shown], draw: Draw,
                 parent: QWidget | None = None) -> None:
        super().__init__("canvas", parent)
        self.articles = {article.id: article for article in articles}
        self._trail, self._at = [articles[0].id], 0
        self.contents = Contents(articles)
        self.browser = ArticleBrowser(draw)
        self.browser.types = frozenset(a.title for a in articles if a.group == LAYERS)
        self.templates = TemplateCards(templates)
        self.back, self.forward = IconButton("chevron-left", "Back"), IconButton("chevron-right", "Forward")
        self.leave = Button("Close the guide", key="Esc", small=True)
        self.previous, self.next = Button("Before", "chevron-left", small=True), Button("Next", "chevron-right", small=True)
        self._arrange()
        self.contents.chosen.connect(self.show_article)
        self.browser.wanted.connect(self._follow)
        self.templates.opened.connect(self.open_template)
        self.back.clicked.connect(lambda: self._step(-1))
        self.forward.clicked.connect(lambda: self._step(1))
        self.leave.clicked.connect(self.closed)
        self.previous.clicked.connect(lambda: self._turn(-1))
        self.next.clicked.connect(lambda: self._turn(1))
        self._show()

    def _arrange(self) -> None:
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.setContentsMargins(12, 8, 12, 0)
        for widget in (self.back, self.forward):
            top.addWidget(widget)
        top.addStretch(1)
        top.addWidget(self.leave)
        bottom.setContentsMargins(16, 8, 16, 12)
        bottom.addWidget(self.previous)
        bottom.addStretch(1)
        bottom.addWidget(self.next)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addLayout(top)
        middle.addWidget(self.browser, 1)
        middle.addLayout(bottom)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.contents)
        box.addWidget(Line(vertical=True))
        box.addLayout(middle, 1)
        self._line = Line(vertical=True)
        box.addWidget(self._line)
        box.addWidget(self.templates)

    @property
    def current(self) -> Article:
        """The article that is shown."""
        return self.articles[self._trail[self._at]]

    def show_article(self, article_id: str) -> None:
        """Another article; what was shown can be gone back to. An unknown id changes nothing."""
        if article_id in self.articles and article_id != self.current.id:
            self._trail = [*self._trail[:self._at + 1], article_id]
            self._at += 1
            self._show()

    def _show(self) -> None:
        article, order = self.current, self._order()
        self.browser.show_article(article)
        self.contents.show_current(article.id)
        self.templates.show_templates(article.templates)
        self._line.setVisible(bool(article.templates))
        self.back.setEnabled(self._at > 0)
        self.forward.setEnabled(self._at < len(self._trail) - 1)
        place = order.index(article.id) if article.id in order else -1
        for button, other in ((self.previous, place - 1), (self.next, place + 1)):
            there = place >= 0 and 0 <= other < len(order)
            button.setVisible(there)
            if there:
                button.setText(self.articles[order[other]].title)
                button.setAccessibleName(f"{'Next' if other > place else 'Before'}: {self.articles[order[other]].title}")

    def texts_resized(self) -> None:
        """All texts have another size."""
        self.browser.rewrite()
        self.contents.rewrite()

    def _order(self) -> list[str]:
        return [a.id for a in self.articles.values() if a.group != LAYERS]

    def _step(self, by: int) -> None:
        if 0 <= self._at + by < len(self._trail):
            self._at += by
            self._show()

    def _turn(self, by: int) -> None:
        order = self._order()
        self.show_article(order[order.index(self.current.id) + by])
        self.browser.setFocus()

    def _follow(self, kind: str, what: str) -> None:
        if kind == "template":
            self.open_template.emit(what, False)
        else:
            self.show_article(f"layer-{what}" if kind == "layer" else what)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._step(by)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: object) -> None:
        self.contents.setFixedWidth(scaled(NARROW if self.width() < scaled(NARROW_WINDOW) else WIDE))
