"""What is inside the selected node: tells the worker whom to look into, and shows in the inspector what was seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from graph_compiler.messages import Live, Message
from graph_compiler.runs import watched
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.listing import runs_of
from widgets.words import count

if TYPE_CHECKING:
    from app.pages import Pages
    from app.window import MainWindow


class Watching(QObject):
    """Of one document. A run under way is looked into; without one, what the last run shown has left behind."""

    def __init__(self, window: MainWindow, pages: Pages, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._pages, self._runs = window, pages, pages.runs
        self._path = ""
        self._folder: Path | None = None
        self._runs.begun.connect(lambda run: self.use(run.path))
        self._runs.message.connect(self._says)
        self._runs.over.connect(self._over)

    def look_at(self, path: str) -> None:
        """Another node is selected; empty for none."""
        self._path = path
        self._runs.watch(path)
        self._show()

    def use(self, folder: Path) -> None:
        """Another run is shown."""
        self._folder = folder
        self._show()

    def _says(self, message: Message) -> None:
        if isinstance(message, Live) and message.details:
            if not self._pages.in_front:
                self._runs.watch("")  # nobody sees it
            self._show()

    def _over(self, run: RunFolder | None, _: str) -> None:
        self._folder = run.path if run is not None else None
        self._show()

    def _show(self) -> None:
        if self._path and self._pages.in_front:
            folder = self._folder if self._folder is not None and self._folder.exists() else self._newest()
            seen = watched.read(watched.path_of(folder, self._path)) if folder is not None else None
            words = f"run {folder.name.lstrip('0')}, step {count(seen.step)}" if folder is not None and seen else ""
            self._window.inspector.show_live(seen, words, self._runs.busy)

    def _newest(self) -> Path | None:
        """The newest run that was looked into."""
        return next((run.path for run in runs_of(self._runs.key) if (run.path / watched.FOLDER).is_dir()), None)
