"""Shows one article: Markdown in the colours and fonts of the program, in a column that reads well."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from widgets.controls.focus import note_focus
from widgets.fonts import mono_font, scaled, ui_font
from widgets.guide.article import LAYERS, Article
from widgets.theme import theme, themes

COLUMN, LEAST_MARGIN = 680, 32
"""Widest column of text, and what is left free beside a narrower one."""

_CODE = re.compile(r"<code>(\w+)</code>")

Draw = Callable[[str, int, float], QImage]
"""Template id, width in px and pixels a px -> its drawing; a null image when it cannot be drawn."""


def sheet() -> str:
    """The style sheet of an article in the theme in force."""
    t, mono = theme(), mono_font().families()[0] if mono_font().families() else mono_font().family()
    return f"""
    body {{ color: {t.text2}; }}
    h1 {{ color: {t.text}; font-size: {scaled(24)}px; font-weight: 600; margin-top: 2px; margin-bottom: 4px; }}
    h2 {{ color: {t.text}; font-size: {scaled(16)}px; font-weight: 600; margin-top: 22px; margin-bottom: 4px; }}
    p, li {{ font-size: {scaled(14)}px; line-height: 150%; margin-top: 6px; margin-bottom: 8px; }}
    p.lead {{ color: {t.text}; font-size: {scaled(15)}px; }}
    p.group, p.caption {{ color: {t.text3}; font-size: {max(11, scaled(12))}px; margin-bottom: 0; }}
    strong {{ color: {t.text}; font-weight: 600; }}
    code {{ font-family: '{mono}'; font-size: {scaled(13)}px; color: {t.text}; background: {t.sunken}; }}
    pre {{ font-family: '{mono}'; font-size: {scaled(13)}px; color: {t.text}; background: {t.sunken}; line-height: 140%; }}
    a {{ color: {t.accent}; text-decoration: none; }}
    th {{ color: {t.text3}; font-size: {max(11, scaled(12))}px; font-weight: 500; text-align: left; padding: 5px 18px 5px 0; }}
    td {{ font-size: {scaled(13)}px; padding: 5px 18px 5px 0; border-bottom: 1px solid {t.line}; }}
    """


class ArticleBrowser(QTextBrowser):
    """`wanted(kind, what)` for a link: guide, layer or template, and its id."""

    wanted = Signal(str, str)

    def __init__(self, draw: Draw, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draw = draw
        self._markdown = MarkdownIt("commonmark").enable("table")
        self.article: Article | None = None
        self.types: frozenset[str] = frozenset()
        """Types of nodes that have an article."""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Article")
        self.setOpenLinks(False)
        self.setProperty("focusSeen", False)
        self.setStyleSheet("QTextBrowser { background: transparent; border: 0; padding: 0; }")
        self.viewport().setAutoFillBackground(False)
        self.anchorClicked.connect(self._follow)
        themes.changed.connect(self.rewrite)

    def show_article(self, article: Article) -> None:
        """From its beginning."""
        self.article = article
        self._write()
        self.verticalScrollBar().setValue(0)
        self.setAccessibleDescription(article.title)

    def html(self, article: Article) -> str:
        """The article as the browser shows it."""
        body = self._markdown.render(article.text).replace("<p><img", '<p style="line-height: 100%"><img')
        body = _CODE.sub(self._linked, body)
        lead = f'<p class="lead">{escape(article.summary)}</p>' if article.summary else ""
        return f'<body><p class="group">{escape(article.group)}</p><h1>{escape(article.title)}</h1>{lead}{body}</body>'

    def _linked(self, found: re.Match[str]) -> str:
        """The name of a type of node leads to its article, unless one is in it."""
        name = found.group(1)
        here = self.article is not None and self.article.group == LAYERS and self.article.title == name
        if name not in self.types or here:
            return found.group(0)
        return f'<a href="layer:{name}"><code style="color: {theme().accent}">{name}</code></a>'

    def _write(self) -> None:
        if self.article is not None:
            self.setFont(ui_font(14))
            self.document().setDefaultFont(ui_font(14))
            self.document().setDefaultStyleSheet(sheet())
            self.setHtml(self.html(self.article))

    def rewrite(self, _: object = None) -> None:
        """Other colours, letters or drawings: the same place in the text."""
        bar = self.verticalScrollBar()
        place = bar.value() / max(bar.maximum(), 1)
        self._write()
        bar.setValue(round(place * bar.maximum()))

    @property
    def column(self) -> int:
        """How wide the text is."""
        return min(COLUMN, max(self.width() - 2 * LEAST_MARGIN, 200))

    def resizeEvent(self, event: QResizeEvent) -> None:
        before = self.viewport().width()
        side = max(LEAST_MARGIN, (self.width() - COLUMN) // 2)
        self.setViewportMargins(side, 6, max(side - 12, 12), 0)
        super().resizeEvent(event)
        if self.viewport().width() != before and self.article is not None and "drawing:" in self.article.text:
            self.rewrite()

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        url = name if isinstance(name, QUrl) else QUrl(name)
        if kind == QTextDocument.ResourceType.ImageResource.value and url.scheme() == "drawing":
            return self._draw(url.path(), self.column - 12, self.devicePixelRatioF())
        return None

    def focusInEvent(self, event: QFocusEvent) -> None:
        note_focus(self, event)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()  # the page goes back and forward
        else:
            super().keyPressEvent(event)

    def _follow(self, url: QUrl) -> None:
        self.wanted.emit(url.scheme(), url.path())
