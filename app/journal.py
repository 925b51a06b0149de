"""The recovery journal: what is not saved lies on disk within two seconds, away from the user's files.

Each window has a folder with a lock that dies with its process, and in it one file a document that is not saved: a line
about the document, then the document. Files are replaced whole, so one that is there is never torn. What a process that
was killed has left behind is found by the next one.
"""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from graph_compiler.graph.files import FileProblem, dumps, loads, snapshot, write_atomically
from graph_compiler.graph.model import Document
from widgets.background import Background
from widgets.document import GraphDocument

DELAY = 400
"""Milliseconds from an edit to its writing."""
AGAIN = 5000
"""Milliseconds until a writing that failed is tried again."""
ENDING = ".journal"


class Header(msgspec.Struct):
    """What a journal says of its document. `at` is the time of writing, seconds since 1970, `runs` the name of its runs."""

    name: str
    path: str = ""
    template: str = ""
    runs: str = ""
    at: float = 0.0


@dataclass(frozen=True)
class Found:
    """A document that was not saved when its process ended."""

    header: Header
    document: Document

    @property
    def overtaken(self) -> bool:
        """Whether its file was saved after the journal was written: the process ended between the two."""
        try:
            return bool(self.header.path) and Path(self.header.path).stat().st_mtime > self.header.at
        except OSError:
            return False


class Journal(QObject):
    """Keeps the file of one document true while something is not saved; there is none while everything is."""

    failed = Signal(str)
    """Writing failed: why. It is tried again."""

    def __init__(self, document: GraphDocument, file: Path, header: Callable[[], Header], parent: QObject) -> None:
        super().__init__(parent)
        self._document, self.file, self._header = document, file, header
        self._work = Background(self, newest_only=False)
        self._work.done.connect(self._written)
        self._work.failed.connect(self._not_written)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._write)
        self._stale = self._writing = self._told = self._ready = False
        document.changed.connect(self.touch)
        document.undo_stack.cleanChanged.connect(self.touch)

    @property
    def settled(self) -> bool:
        """Whether the file says all there is to say."""
        return not (self._stale or self._writing or self._soon.isActive())

    def touch(self, _: object = None) -> None:
        """Something has changed."""
        self._stale = True
        if not self._ready:
            self._ready = True
            self._work.run(_nothing)  # the thread is there before it has work, which the GUI thread would wait for
        if self._writing:
            return
        if self._document.undo_stack.isClean():  # at once: it is older than what was saved
            self._soon.start(0)
        elif not self._soon.isActive():
            self._soon.start(DELAY)

    def _write(self) -> None:
        self._stale, self._writing = False, True
        if self._document.undo_stack.isClean():
            self._work.run(partial(self.file.unlink, missing_ok=True))
        else:
            header = self._header()
            header.at = time.time()
            self._work.run(partial(write_journal, self.file, header, snapshot(self._document.document)))

    def _written(self, _: object) -> None:
        self._writing = self._told = False
        if self._stale:
            self.touch()

    def _not_written(self, error: Exception) -> None:
        self._writing, self._stale = False, True
        self._soon.start(AGAIN)
        if not self._told:
            self._told = True
            reason = (error.strerror if isinstance(error, OSError) else "") or str(error)
            self.failed.emit(f"Changes cannot be kept for recovery: {reason}. Save the drawing elsewhere.")

    def end(self) -> None:
        """The document is closed in peace."""
        self._soon.stop()
        self._document.changed.disconnect(self.touch)
        self._document.undo_stack.cleanChanged.disconnect(self.touch)
        self._work.wait()
        self.file.unlink(missing_ok=True)


def _nothing() -> None:
    """Work that is done at once."""


def write_journal(file: Path, header: Header, document: Document) -> None:
    """Put a document and what is known of it into a file, whole or not at all. OSError: the file is as before."""
    write_atomically(file, msgspec.json.encode(header) + b"\n" + dumps(document))


def read_journal(file: Path) -> Found | None:
    """What a journal holds; None when it cannot be read."""
    try:
        line, _, rest = file.read_bytes().partition(b"\n")
        return Found(msgspec.json.decode(line, type=Header), loads(rest))
    except (OSError, msgspec.MsgspecError, FileProblem):
        return None


class Journals(QObject):
    """The journals of one window in a folder below `root`, and what ended processes have left there."""

    failed = Signal(str)

    def __init__(self, root: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._root = root
        self._folder = root / f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._lock: QLockFile | None = None
        self._journals: dict[GraphDocument, Journal] = {}
        self._left: dict[Path, QLockFile] = {}
        """Folders of ended processes that are ours to deal with."""

    # Own documents.

    def watch(self, document: GraphDocument, header: Callable[[], Header]) -> None:
        """Keep a document from now on."""
        if document in self._journals:
            return
        try:
            self._claim()
        except OSError as error:
            self.failed.emit(f"Changes cannot be kept for recovery: {error.strerror or error}.")
            return
        journal = Journal(document, self._folder / f"{uuid.uuid4().hex[:12]}{ENDING}", header, self)
        journal.failed.connect(self.failed)
        self._journals[document] = journal

    def _claim(self) -> None:
        """Make the folder and its lock, once."""
        if self._lock is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = _lock_of(self._folder)
            self._lock.tryLock(0)

    def forget(self, document: GraphDocument) -> None:
        """A document is closed."""
        journal = self._journals.pop(document, None)
        if journal is not None:
            journal.end()
            journal.deleteLater()

    @property
    def settled(self) -> bool:
        """Whether everything that is not saved lies on disk."""
        return all(journal.settled for journal in self._journals.values())

    def touch_all(self) -> None:
        """Write every document that is not saved."""
        for journal in self._journals.values():
            journal.touch()

    # What others have left.

    def left_behind(self) -> list[Found]:
        """Documents of processes that ended without closing them, newest first. They are held until `clear`."""
        found: list[Found] = []
        for folder in sorted(self._root.glob("*/")) if self._root.is_dir() else []:
            if folder == self._folder or folder in self._left:
                continue
            lock = _lock_of(folder)
            if lock.tryLock(0):
                self._left[folder] = lock
                found += [one for file in sorted(folder.glob(f"*{ENDING}")) if (one := read_journal(file)) is not None]
                if not any(folder.glob(f"*{ENDING}")):
                    self._remove(folder)
        return sorted(found, key=lambda one: -one.header.at)

    def clear(self) -> None:
        """What was left behind is dealt with."""
        for folder in list(self._left):
            self._remove(folder)

    def leave(self) -> None:
        """What was left behind stays for the next time."""
        for lock in self._left.values():
            lock.unlock()
        self._left.clear()

    def _remove(self, folder: Path) -> None:
        self._left.pop(folder).unlock()
        shutil.rmtree(folder, ignore_errors=True)

    def shut_down(self) -> None:
        """The window closes in peace: nothing is left behind."""
        for document in list(self._journals):
            self.forget(document)
        self.leave()
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None
            shutil.rmtree(self._folder, ignore_errors=True)


def _lock_of(folder: Path) -> QLockFile:
    lock = QLockFile(str(folder / "lock"))
    lock.setStaleLockTime(0)  # never by age: only a process that is gone gives its lock away
    return lock
