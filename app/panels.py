"""Panels that are called when they are wanted: the outline of the drawing and the history of its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeyEvent

from widgets.document import GraphDocument
from widgets.history import HistoryPanel
from widgets.outline import OutlinePanel

if TYPE_CHECKING:
    from app.window import MainWindow


class Panels(QObject):
    """Keeps both in step with the document and the canvas of one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.outline, self.history = OutlinePanel(), HistoryPanel()
        self.outline.chosen.connect(self._choose)
        self.outline.edit_wanted.connect(self._edit)
        self.outline.key_pressed.connect(self._key)
        window.canvas.selection_changed.connect(self._follow)
        window.canvas.trail.moved.connect(self._follow)

    def set_document(self, document: GraphDocument) -> None:
        """Another document."""
        self.outline.set_document(document)
        self.history.set_document(document)

    def _choose(self, path: str) -> None:
        canvas = self._window.canvas
        if canvas.canvas.selected != [path.rpartition(".")[2]] or canvas.canvas.path_of(canvas.canvas.selected[0]) != path:
            self._window.places.jump(path)

    def _follow(self, _: object = None) -> None:
        canvas = self._window.canvas.canvas
        if canvas.selected:
            self.outline.show_node(canvas.path_of(canvas.selected[-1]))

    def _edit(self) -> None:
        self._window.inspector.focus_first()

    def _key(self, event: QKeyEvent) -> None:
        if not self._window.canvas.verbs.key(event):
            event.ignore()
