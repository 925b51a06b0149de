"""The gallery: `GalleryPage` shows `Template`s (made with `template_of`, pictures with `miniature_of`) and `RecentFile`s."""

from widgets.gallery.card import Template, template_of
from widgets.gallery.miniature import Miniature, miniature_of
from widgets.gallery.page import GalleryPage
from widgets.gallery.side import RecentFile

__all__ = ["GalleryPage", "Miniature", "RecentFile", "Template", "miniature_of", "template_of"]
