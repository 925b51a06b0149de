"""The open documents and their files: new, open, save, templates; what is unsaved is asked about, a file open twice noticed."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app import paths
from app.settings import Settings, remember_file
from graph_compiler.graph.files import FileProblem, load, save, sweep
from graph_compiler.graph.model import Document
from graph_compiler.runs.listing import runs_of
from graph_compiler.specs.registry import Registry
from widgets.dialogs import Choice, ask, tell
from widgets.document import GraphDocument

if TYPE_CHECKING:
    from app.pages import Pages
    from widgets.canvas.trail import Seen

ENDING = ".netloom"
FILTER = "Netloom drawings (*.netloom)"
SAVE, DISCARD = "Save", "Discard changes"


class OpenDocument(QObject):
    """A document with its file and what belongs to it while it is open: its pages with their runs, and where one was in it."""

    def __init__(self, document: GraphDocument, template: str, parent: QObject) -> None:
        super().__init__(parent)
        document.setParent(self)
        self.document, self.template = document, template
        self.pages: Pages | None = None
        """Made when the document is first shown."""
        self.seen: Seen | None = None
        """How it was looked at when another came in front."""
        self.page, self.filled = "", False
        """The page that gave way to a document with nothing to show on it, and whether it filled the window."""
        self.benched = False
        """Whether the workbench was up when another came in front."""
        self.runs = ""
        """The name of its runs, once it has been shown; a drawing without a file keeps it through a crash."""
        self.number = 1
        """Which of the open drawings without a name it is."""
        self._lock: QLockFile | None = None

    @property
    def name(self) -> str:
        """What tabs and titles call it."""
        name = self.document.path.stem if self.document.path else self.template or self.document.title
        return f"{name} {self.number}" if self.number > 1 and not self.named else name

    @property
    def named(self) -> bool:
        """Whether a file, a template or a title tells it from other drawings."""
        return bool(self.document.path or self.template or self.document.document.about.get("title"))

    @property
    def dirty(self) -> bool:
        """Whether something is not saved."""
        return not self.document.undo_stack.isClean()

    @property
    def untouched(self) -> bool:
        """A new drawing that nobody has drawn in: it makes place for what is opened."""
        stack, graph = self.document.undo_stack, self.document.document.graph
        return not (self.document.path or self.template or stack.count() or graph.nodes or self.dirty)

    def hold(self) -> tuple[int, str, str] | None:
        """Lock the file, which tells other windows that it is open here. Who has it, when another process does."""
        self.release()
        path = self.document.path
        if path is None:
            return None
        lock = QLockFile(str(path.with_name(f".{path.name}.lock")))
        lock.setStaleLockTime(0)
        if lock.tryLock(0):
            self._lock = lock
            sweep(path)
        elif lock.error() == QLockFile.LockError.LockFailedError:
            pid, host, program = lock.getLockInfo()
            if pid != os.getpid():
                return int(pid), str(host), str(program)
        return None

    def release(self) -> None:
        """Let the file go."""
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None


class Session(QObject):
    """Holds the open documents, one of them in front."""

    shown = Signal(object)
    """The OpenDocument that has come in front."""
    listed = Signal()
    """Documents were opened, closed, moved or renamed."""
    closed = Signal(object)
    """An OpenDocument that goes; it is deleted afterwards."""
    remembered = Signal()
    """A file has come first among the recent ones of the settings."""
    told = Signal(str)
    """Something for the status bar."""

    def __init__(self, registry: Registry, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._window, self._registry, self.settings = parent, registry, settings
        self.open_documents: list[OpenDocument] = []
        self._front: OpenDocument | None = None

    @property
    def front(self) -> OpenDocument:
        """The document in front; a new one when there is none yet."""
        if self._front is None:
            self._take(Document(), None)
        assert self._front is not None
        return self._front

    @property
    def document(self) -> GraphDocument:
        """The document in front."""
        return self.front.document

    @property
    def template(self) -> str:
        """The template the document in front came from, empty for others."""
        return self.front.template

    def _take(self, document: Document, path: Path | None, template: str = "", runs: str = "") -> None:
        """Open a document in front of the others, in place of one that nobody has drawn in."""
        made = OpenDocument(GraphDocument(document, self._registry, path), template, self)
        made.runs = runs
        before = self._front
        taken = {d.number for d in self.open_documents if not d.named and not (d is before and d.untouched)}
        made.number = next(n for n in count(1) if n not in taken)
        self.open_documents.append(made)
        self._hold(made)
        if path is not None:
            self._remember(path)
        self.show(made)
        if before is not None and before.untouched:
            self._drop(before)
        self.listed.emit()

    def _remember(self, path: Path) -> None:
        remember_file(self.settings, path)
        self.remembered.emit()

    def _hold(self, document: OpenDocument) -> None:
        other, path = document.hold(), document.document.path
        if other is not None and path is not None:
            tell(self._window, f"“{path.name}” is open twice", f"Another window has it (process {other[0]} of "
                 f"{other[2] or 'Netloom'} on {other[1]}). Saving here overwrites what is saved there.", "warn")

    # Between documents.

    def show(self, document: OpenDocument) -> None:
        """Bring a document in front."""
        if document is not self._front:
            self._front = document
            self.shown.emit(document)

    def step(self, by: int) -> None:
        """The next document, or the one before."""
        place = self.open_documents.index(self.front)
        self.show(self.open_documents[(place + by) % len(self.open_documents)])

    def move(self, start: int, end: int) -> None:
        """Another order."""
        self.open_documents.insert(end, self.open_documents.pop(start))

    def close_document(self, document: OpenDocument) -> None:
        """Let a document go; with the last one a new one comes. Ask first: `may_leave`."""
        place = self.open_documents.index(document)
        if len(self.open_documents) == 1:
            self._front = None
            self._take(Document(), None)
        elif document is self._front:
            rest = [d for d in self.open_documents if d is not document]
            self.show(rest[min(place, len(rest) - 1)])
        self._drop(document)
        self.listed.emit()

    def _drop(self, document: OpenDocument) -> None:
        self.open_documents.remove(document)
        document.release()
        self.closed.emit(document)
        document.deleteLater()

    def _opened(self, path: Path) -> OpenDocument | None:
        """The open document of a file."""
        return next((d for d in self.open_documents if d.document.path == path), None)

    # Verbs.

    def new(self) -> bool:
        """An empty drawing."""
        self._take(Document(), None)
        return True

    def open_template(self, name: str) -> bool:
        """A copy of a template, without a file of its own yet; one that is open and unchanged comes in front again."""
        there = next((d for d in self.open_documents if d.template == name and not d.document.path and not d.dirty), None)
        self.show(there) if there is not None else self._take(paths.template(name), None, name)
        return True

    def open_copy(self, document: Document, title: str) -> bool:
        """A drawing that has no file of its own, such as that of an earlier run."""
        document.about["title"] = title
        self._take(document, None)
        return True

    def take_back(self, document: Document, path: Path | None, template: str, runs: str = "", apart: bool = False) -> None:
        """A document as it was when an earlier process ended, not saved: with its file, unless it is set `apart` or the
        file is gone or open, and with the name of its runs.
        """
        if path is not None and (apart or not path.exists() or self._opened(path) is not None):
            document.about.setdefault("title", path.stem)
            path = None
        self._take(document, path, template, runs)
        self.document.undo_stack.resetClean()

    def open(self, path: Path | None = None) -> bool:
        """A file, asked for when none is given. What cannot be read is said and leaves everything as it is."""
        if path is None:
            name, _ = QFileDialog.getOpenFileName(self._window, "Open a drawing", self._folder(), FILTER)
            if not name:
                return False
            path = Path(name)
        path = path.resolve()
        if (there := self._opened(path)) is not None:
            self.show(there)
            self.told.emit(f"“{path.name}” is open already.")
            return True
        try:
            document = load(path)
        except FileProblem as problem:
            tell(self._window, "The file cannot be opened", str(problem), "error")
            return False
        self._take(document, path)
        return True

    def save(self, document: OpenDocument | None = None) -> bool:
        """To its file; asked for when it has none."""
        document = document or self.front
        path = document.document.path
        return self.save_as(document) if path is None else self._write(document, path)

    def save_as(self, document: OpenDocument | None = None) -> bool:
        """To another file."""
        document = document or self.front
        title = document.document.title if document.named else document.name
        start = Path(self._folder()) / f"{title}{ENDING}"
        name, _ = QFileDialog.getSaveFileName(self._window, "Save the drawing", str(start), FILTER)
        if not name:
            return False
        path = Path(name if Path(name).suffix else f"{name}{ENDING}").resolve()
        if self._opened(path) not in (None, document):
            tell(self._window, "The drawing was not saved", f"“{path.name}” is open in another tab. Close that one first, or "
                 "choose another name.", "warn")
            return False
        return self._write(document, path)

    def _write(self, document: OpenDocument, path: Path) -> bool:
        graph = document.document
        try:
            save(graph.document, path)
        except FileProblem as problem:
            tell(self._window, "The drawing was not saved", str(problem), "error")
            return False
        if graph.path != path:
            graph.path = path
            self._hold(document)
        graph.undo_stack.setClean()
        self._remember(path)
        self.told.emit("Saved")
        self.listed.emit()
        return True

    def _folder(self) -> str:
        if self._front is not None and self._front.document.path is not None:
            return str(self._front.document.path.parent)
        return str(Path(self.settings.recent[0]).parent) if self.settings.recent else str(Path.home())

    def may_leave(self, document: OpenDocument | None = None) -> bool:
        """Ask about unsaved changes: save, discard or stay. True when the document may go."""
        document = document or self.front
        trained = document.document.path is None and document.runs.startswith(paths.UNTITLED) and bool(runs_of(document.runs))
        if not document.dirty and not trained:
            return True
        words = "It has changes that are not in a file yet." if document.dirty else "It is not in a file yet."
        words += " Its runs go with it." if trained else ""
        answer = ask(self._window, f"Save “{document.name}” first?", words,
                     (Choice(SAVE, primary=True), Choice(DISCARD)))
        return self.save(document) if answer == SAVE else answer == DISCARD

    def close(self) -> None:
        """Let every file go."""
        for document in self.open_documents:
            document.release()
