"""The gallery: `GalleryPage` shows `Template`s (made with `template_of`) and `RecentFile`s."""

from widgets.gallery.card import Template, template_of
from widgets.gallery.page import GalleryPage
from widgets.gallery.side import RecentFile

__all__ = ["GalleryPage", "RecentFile", "Template", "template_of"]
