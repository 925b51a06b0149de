"""What the gallery shows: the templates that come with the program and the recent files."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from app import paths
from app.settings import Settings
from graph_compiler.catalog import registry
from graph_compiler.graph.files import FileProblem, load
from graph_compiler.runs.listing import runs_of
from widgets.background import Background
from widgets.figures import figure_words
from widgets.gallery import GalleryPage, Miniature, RecentFile, miniature_of, template_of
from widgets.words import count

if TYPE_CHECKING:
    from app.window import MainWindow

FIRST = ("digits-cnn", "iris", "denoise-autoencoder", "dcgan", "vae", "street-unet", "date-translator", "forecast", "resnet",
         "siamese", "text-rnn", "house-prices")
"""Templates that stand first, one of each kind; the others follow by name."""
PICTURES_AFTER = 30
"""Milliseconds after which the pictures are begun: the cards are painted by then."""


class Pictures(QObject):
    """Makes the pictures of the cards one after another, off the GUI thread: each takes an analysis of its drawing.

    While the gallery is not seen no picture is begun: one who opens a drawing at once pays neither time nor memory for them.
    """

    def __init__(self, page: GalleryPage) -> None:
        super().__init__(page)
        self._page = page
        self._missing = [card.template.id for card in page.cards]
        self._work = Background(self)
        self._work.done.connect(self._arrived)
        self._start = QTimer(self, singleShot=True, interval=PICTURES_AFTER)
        self._start.timeout.connect(self._begin)
        self._start.start()
        page.installEventFilter(self)

    @property
    def settled(self) -> bool:
        """Whether every card that is seen has its picture."""
        return not (self._missing and self._page.isVisible())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and self._missing and not self._work.busy:
            self._start.start()
        return False

    def _begin(self) -> None:
        if self._missing and self._page.isVisible():
            self._work.run(partial(_picture, self._missing[0]))

    def _arrived(self, answer: tuple[str, Miniature]) -> None:
        self._page.set_picture(*answer)
        self._missing.remove(answer[0])
        if self._missing:
            self._begin()
        else:
            self._work.wait()

    def shut_down(self) -> None:
        """Begin no further picture."""
        self._missing.clear()
        self._start.stop()
        self._work.wait()


def _picture(name: str) -> tuple[str, Miniature]:
    return name, miniature_of(paths.template(name), registry())


def gallery_of(window: MainWindow) -> GalleryPage:
    """The gallery of a window, which opens what is chosen there."""
    page = make_gallery(window)
    page.open_template.connect(window.open_template)
    page.open_file.connect(lambda name: window.open(Path(name)))
    page.new.connect(window.new)
    page.browse.connect(lambda: window.open(None))
    return page


def make_gallery(parent: QWidget) -> GalleryPage:
    """The gallery with every template; `Pictures` fills its cards."""
    ids = sorted(paths.template_ids(), key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
    templates = [template_of(name, paths.template_about(name)) for name in ids]
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
