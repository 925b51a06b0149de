"""The open document and its file: new, open, save, templates; what is unsaved is asked about; a file open twice is noticed."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app import paths
from app.settings import Settings, remember_file
from graph_compiler.graph.files import FileProblem, load, save
from graph_compiler.graph.model import Document
from graph_compiler.specs.registry import Registry
from widgets.dialogs import Choice, ask, tell
from widgets.document import GraphDocument

ENDING = ".netloom"
FILTER = "Netloom drawings (*.netloom)"
SAVE, DISCARD = "Save", "Discard changes"


class Session(QObject):
    """Holds one `GraphDocument` at a time; `opened` comes with each other one."""

    opened = Signal(object)
    told = Signal(str)
    """Something for the status bar."""

    def __init__(self, registry: Registry, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._window, self._registry, self.settings = parent, registry, settings
        self._lock: QLockFile | None = None
        self.template = ""
        self.document: GraphDocument | None = None

    def _take(self, document: Document, path: Path | None, template: str = "") -> None:
        old, self.document = self.document, GraphDocument(document, self._registry, path, self)
        self.template = template
        self._hold(path)
        if path is not None:
            remember_file(self.settings, path)
        self.opened.emit(self.document)
        if old is not None:
            old.deleteLater()

    def _hold(self, path: Path | None) -> None:
        """A lock beside the file tells other windows that it is open here."""
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None
        if path is None:
            return
        lock = QLockFile(str(path.with_name(f".{path.name}.lock")))
        lock.setStaleLockTime(0)
        if lock.tryLock(0):
            self._lock = lock
        elif lock.error() == QLockFile.LockError.LockFailedError:
            pid, host, program = lock.getLockInfo()
            if pid != os.getpid():
                tell(self._window, f"“{path.name}” is open twice", f"Another window has it (process {pid} of "
                     f"{program or 'Netloom'} on {host}). Saving here overwrites what is saved there.", "warn")

    # Verbs.

    def new(self) -> bool:
        """An empty drawing."""
        if not self.may_leave():
            return False
        self._take(Document(), None)
        return True

    def open_template(self, name: str) -> bool:
        """A copy of a template, without a file of its own yet."""
        if not self.may_leave():
            return False
        self._take(paths.template(name), None, name)
        return True

    def open_copy(self, document: Document, title: str) -> bool:
        """A drawing that has no file of its own, such as that of an earlier run."""
        if not self.may_leave():
            return False
        document.about["title"] = title
        self._take(document, None)
        return True

    def open(self, path: Path | None = None) -> bool:
        """A file, asked for when none is given. What cannot be read is said and leaves everything as it is."""
        if not self.may_leave():
            return False
        if path is None:
            name, _ = QFileDialog.getOpenFileName(self._window, "Open a drawing", self._folder(), FILTER)
            if not name:
                return False
            path = Path(name)
        try:
            document = load(path)
        except FileProblem as problem:
            tell(self._window, "The file cannot be opened", str(problem), "error")
            return False
        self._take(document, path.resolve())
        return True

    def save(self) -> bool:
        """To its file; asked for when it has none."""
        if self.document is None:
            return True
        if self.document.path is None:
            return self.save_as()
        return self._write(self.document.path)

    def save_as(self) -> bool:
        """To another file."""
        if self.document is None:
            return True
        start = Path(self._folder()) / f"{self.document.title}{ENDING}"
        name, _ = QFileDialog.getSaveFileName(self._window, "Save the drawing", str(start), FILTER)
        if not name:
            return False
        path = Path(name)
        return self._write(path if path.suffix else path.with_suffix(ENDING))

    def _write(self, path: Path) -> bool:
        assert self.document is not None
        try:
            save(self.document.document, path)
        except FileProblem as problem:
            tell(self._window, "The drawing was not saved", str(problem), "error")
            return False
        if self.document.path != path:
            self.document.path = path.resolve()
            self._hold(self.document.path)
        self.document.undo_stack.setClean()
        remember_file(self.settings, path.resolve())
        self.told.emit("Saved")
        return True

    def _folder(self) -> str:
        if self.document is not None and self.document.path is not None:
            return str(self.document.path.parent)
        return str(Path(self.settings.recent[0]).parent) if self.settings.recent else str(Path.home())

    def may_leave(self) -> bool:
        """Ask about unsaved changes: save, discard or stay. True when the document may go."""
        if self.document is None or self.document.undo_stack.isClean():
            return True
        answer = ask(self._window, f"Save “{self.document.title}” first?", "It has changes that are not in a file yet.",
                     (Choice(SAVE, primary=True), Choice(DISCARD)))
        return self.save() if answer == SAVE else answer == DISCARD

    def close(self) -> None:
        """Let the file go."""
        self._hold(None)
