"""One article of the guide as a value, and the search through all of them. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LAYERS = "Layers"
"""The group of articles that stand in no list of contents, for there are too many: they are searched."""


@dataclass(frozen=True)
class Article:
    """`text` is Markdown without its title. Links: `guide:ID`, `layer:TYPE`, `template:ID`; pictures: `drawing:ID`."""

    id: str
    title: str
    group: str
    text: str
    summary: str = ""
    templates: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """Further words it is found by."""

    @property
    def names(self) -> str:
        """What a search looks at first."""
        return " ".join((self.title, *self.words, *self.layers)).lower()


def search(query: str, articles: Iterable[Article]) -> list[Article]:
    """Articles that have every word, in a name before a name's inside before the text; an empty query gives none."""
    words = query.lower().split()
    if not words:
        return []
    scored = [(min(_score(word, article) for word in words), place, article) for place, article in enumerate(articles)]
    return [article for score, _, article in sorted(scored, key=lambda row: (-row[0], row[1])) if score]


def _score(word: str, article: Article) -> int:
    names: Sequence[str] = article.names.split()
    if article.title.lower().startswith(word):
        return 4
    if any(name.startswith(word) for name in names):
        return 3
    if word in article.names:
        return 2
    return 1 if word in article.summary.lower() or word in article.text.lower() else 0
