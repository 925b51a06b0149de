"""The guide: articles in plain words, searched, with drawings of the templates they speak of."""

from widgets.guide.article import Article
from widgets.guide.page import GuidePage

__all__ = ["Article", "GuidePage"]
