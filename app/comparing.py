"""What the drawing in front can be compared with: its file, where it came from, its last run, other tabs, any file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from app import paths
from app.runbook import defaults_in, drawing_of
from app.session import FILTER
from graph_compiler.catalog import registry
from graph_compiler.graph.files import FileProblem, load
from graph_compiler.graph.model import Document
from graph_compiler.runs.listing import runs_of
from widgets.dialogs import tell

if TYPE_CHECKING:
    from app.window import MainWindow
    from widgets.comparing import CompareDialog


@dataclass(frozen=True)
class Other:
    """A drawing to compare with, read when it is wanted. None when the choice was given up."""

    name: str
    read: Callable[[], Document | None]


class Comparing(QObject):
    """Opens the comparison of one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.dialog: CompareDialog | None = None
        self._others: list[Other] = []

    def others(self) -> list[Other]:
        """What there is to compare with, the nearest first."""
        front, pages = self._window.session.front, self._window.pages
        found: list[Other] = []
        if front.document.path is not None:
            found.append(Other("As it was saved", partial(load, front.document.path)))
        if front.template:
            found.append(Other(f"Template {front.template}", partial(paths.template, front.template)))
        found += [Other(f"Run {run.path.name.lstrip('0')}", partial(drawing_of, run)) for run in runs_of(pages.runs.key)[:5]]
        found += [Other(other.name, other.document.document.copy) for other in self._window.session.open_documents
                  if other is not front and not other.untouched]
        return [*found, Other("A file…", self._ask)]

    def _ask(self) -> Document | None:
        name, _ = QFileDialog.getOpenFileName(self._window, "Compare with", str(Path.home()), FILTER)
        return load(Path(name)) if name else None

    def open(self) -> None:
        """The comparison with the nearest there is."""
        from widgets.comparing import CompareDialog

        front, self._others = self._window.session.front, self.others()
        document = self._read(0)
        if document is None:
            return
        known = registry()
        self.dialog = CompareDialog(front.name, front.document.document.copy(), [o.name for o in self._others], known,
                                    defaults_in(known), self._window)
        self.dialog.wanted.connect(self._show)
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.show_other(0, document)
        self.dialog.show()

    def _show(self, place: int) -> None:
        document = self._read(place)
        if document is not None and self.dialog is not None:
            self.dialog.show_other(place, document)

    def _read(self, place: int) -> Document | None:
        try:
            return self._others[place].read()
        except FileProblem as problem:
            tell(self._window, "The drawing cannot be read", str(problem), "error")
            return None
