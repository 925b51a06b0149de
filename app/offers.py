"""What palette and search offer: node types, the document's blocks and saved ones, as they fit the place in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication, QWindow

from app.paths import user_data
from graph_compiler.graph.changes import ChangeSet
from graph_compiler.graph.files import FileProblem
from graph_compiler.graph.values import ROOT
from widgets.dialogs import Choice, ask, tell
from widgets.folders import show_folder
from widgets.saved_blocks import SavedBlocks

if TYPE_CHECKING:
    from app.window import MainWindow

FOLDER = "blocks"


class Offers(QObject):
    """Keeps the palette of one window in step with document, place and the folder of saved blocks."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.saved = SavedBlocks(user_data() / FOLDER, self)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        window.canvas.saved = self.saved
        window.canvas.trail.moved.connect(self._moved)
        window.canvas.save_wanted.connect(self.keep)
        window.palette_dock.forget.connect(self.saved.forget)
        window.palette_dock.folder_wanted.connect(self._show_folder)
        self.saved.changed.connect(self.refresh)
        self.saved.told.connect(window.status.say)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.focusWindowChanged.connect(self._back)

    def follow(self, changes: ChangeSet) -> None:
        """After an edit: blocks may have come, gone or grown."""
        if changes.everything or changes.blocks or any(scope != ROOT for scope, _ in changes.nodes):
            self._soon.start()

    def _moved(self, _: str) -> None:
        self._soon.start()

    def refresh(self) -> None:
        """Show what can be placed now."""
        self._window.palette_dock.offer(self._window.canvas.offered())

    def _back(self, here: QWindow | None) -> None:
        """Somebody who comes back to the window may have been in the folder of saved blocks."""
        if here is not None and here is self._window.windowHandle():
            self._soon.start()

    def _show_folder(self) -> None:
        show_folder(self.saved.folder, self._window)

    def keep(self, name: str) -> None:
        """Save a block of the document to the folder; a different one of that name is asked about."""
        document, before = self._window.document.document, self.saved.document(name)
        if before is not None and before.blocks[name] != document.blocks[name]:
            question = f"“{name}” is among your blocks already, and it is a different one."
            if not ask(self._window, "Replace the saved block?", question, (Choice("Replace", primary=True),)):
                return
        try:
            self.saved.keep(document, name)
        except FileProblem as problem:
            tell(self._window, "The block was not saved", str(problem), tone="error")
            return
        self._window.status.say(f"Saved {name} to your blocks. It stands in the palette of every drawing.")
