"""What the gallery shows: the templates that come with the program and the recent files."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app import paths
from app.settings import Settings
from graph_compiler.catalog import registry
from graph_compiler.graph.files import FileProblem, load
from graph_compiler.runs.listing import runs_of
from widgets.figures import figure_words
from widgets.gallery import GalleryPage, RecentFile, template_of
from widgets.words import count

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


def described(files: list[RecentFile]) -> list[RecentFile]:
    """The same files with their sizes and what their newest run has reached; reads and analyses each."""
    return [replace(file, words=_words(Path(file.path)) or file.words) for file in files]


def _words(path: Path) -> str:
    """`34,826 parameters · 99.1 %`, empty for a file that cannot be read now."""
    from app.runbook import row_of
    from graph_compiler.analysis.analyzer import Analyzer

    try:
        weights = Analyzer(load(path), registry()).totals.weights
    except (OSError, FileProblem):
        return ""
    words = [f"{count(weights)} parameters"]
    for run in runs_of(paths.runs_name(path))[:1]:
        if (found := row_of(run, own=True).figure()) is not None:
            plain = found[0].removeprefix("test_").removeprefix("val_")
            words.append(figure_words(plain, found[1]))
    return " · ".join(words)


def _recent(path: Path) -> RecentFile:
    return RecentFile(str(path), path.stem, str(path.parent), path.stat().st_mtime)
