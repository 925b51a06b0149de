"""What the gallery shows: the templates that come with the program and the recent files."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app import paths
from app.settings import Settings
from graph_compiler.catalog import registry
from graph_compiler.graph.files import FileProblem
from widgets.gallery import GalleryPage, RecentFile, template_of

FIRST = ("digits-cnn", "digits-mlp", "fashion-cnn", "house-prices", "iris")
"""Templates that stand first; the others follow by name."""


def make_gallery(parent: QWidget) -> GalleryPage:
    """The gallery with every template."""
    ids = sorted(paths.template_ids(), key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
    templates = [template_of(name, paths.template(name), registry()) for name in ids]
    page = GalleryPage(templates, parent)
    threads = os.cpu_count() or 1
    page.set_device(f"CPU, {threads} threads", "All templates train on the CPU. The device doctor (Run menu) says what a GPU "
                    "would need.")
    return page


def recent_files(settings: Settings) -> list[RecentFile]:
    """The recent files that are still there."""
    found = []
    for name in settings.recent:
        try:
            found.append(_recent(Path(name)))
        except (OSError, FileProblem):
            continue
    return found


def _recent(path: Path) -> RecentFile:
    return RecentFile(str(path), path.stem, str(path.parent), path.stat().st_mtime)
