"""What a file dropped on the window means, and the words that say so while it hangs there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from graph_compiler.runs.listing import runs_of
from widgets.dropping import FileDrops
from widgets.words import plural

if TYPE_CHECKING:
    from app.window import MainWindow

DRAWING = ".netloom"
TABLES = (".csv", ".tsv", ".txt")


class WindowDrops:
    """Drawings are opened, a table or a folder of pictures becomes a source, everything else is shown to the network."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.files = FileDrops(window, self.words, self.take, self.several)

    @property
    def _drawing_open(self) -> bool:
        return self._window.stack.currentWidget() is self._window.split

    def words(self, path: Path) -> str:
        """What a drop would do; empty for what nothing can be done with."""
        kind, start = path.suffix.lower(), f"Start a drawing with “{path.name}”"
        if kind == DRAWING:
            return f"Open “{path.name}”"
        if kind in TABLES:
            return f"Read “{path.name}” as a table" if self._drawing_open else start
        if path.is_dir():
            return f"Read “{path.name}” as a folder of pictures" if self._drawing_open else start
        if not self._drawing_open:
            return ""
        if self._has_run():
            return f"Show “{path.name}” to the network"
        return f"Train the network first, then show it “{path.name}”"

    def several(self, paths: Sequence[Path]) -> str:
        """What a drop of several files of one kind would do; empty where only the first is taken."""
        return f"Open {plural(len(paths), 'drawing')}" if paths[0].suffix.lower() == DRAWING else ""

    def _has_run(self) -> bool:
        return any(run.has_weights for run in runs_of(self._window.pages.runs.key))

    def take(self, path: Path) -> None:
        """Do what the words said."""
        kind = path.suffix.lower()
        if kind == DRAWING:
            self._window.open(path)
        elif kind in TABLES or path.is_dir():
            if not self._drawing_open:
                self._window.new()
            if self._drawing_open:
                self._window.pages.read_table(path)
        else:
            self._window.pages.show_to_network(path)
