"""GraphDocument: a document with its undo stack, its analysis and one signal that says what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from weakref import WeakMethod

from PySide6.QtCore import QObject, Signal

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.lean import lean
from graph_compiler.graph.changes import EVERYTHING, ChangeSet
from graph_compiler.graph.edits import Batch, Edit, EditRefused
from graph_compiler.graph.model import Document
from graph_compiler.specs.datasets import DataProblem
from graph_compiler.specs.registry import Registry
from widgets.undo import UndoStack, no_change


class GraphDocument(QObject):
    """The model of every view. `do` is the only way to change it; `changed` is the only way to hear of it."""

    changed = Signal(object)
    """ChangeSet: what an edit touched."""
    analysed = Signal(object)
    """set[str]: root ids whose facts changed (always after `changed`)."""
    stepped = Signal(object)
    """ChangeSet of an undo or redo (after `changed` and `analysed`): a view may go to where it happened."""
    refused = Signal(str)
    """An edit was refused: why, for people."""

    def __init__(self, document: Document, registry: Registry, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.registry = registry
        self.path = path
        self.undo_stack = UndoStack(self._carry_out, self)
        self.analysis = Analyzer(document, registry)
        self.merging = True
        """Whether edits with one merge key become one step; a view sets it to False when a gesture ends."""
        self._room: WeakMethod[Callable[[Edit, str], Edit]] | None = None

    @property
    def title(self) -> str:
        """The file's name without ending, or the document's own title."""
        return self.path.stem if self.path else str(self.document.about.get("title") or "Untitled")

    def do(self, edit: Edit) -> bool:
        """Apply an edit and put it on the undo stack. False (and `refused`) when it does not fit.

        Values that equal a default are stored as the default. An edit that changes nothing makes no step.
        """
        edit = lean(edit, self.document, self.registry)
        try:
            inverse = edit.apply(self.document)
        except EditRefused as refusal:
            self.refused.emit(str(refusal))
            return False
        if no_change(edit, inverse):
            return True
        self.undo_stack.push(edit, inverse, merge=self.merging)
        self.merging = True
        self.announce(edit.changes() | inverse.changes())
        return True

    def do_all(self, edits: Iterable[Edit], words: str) -> bool:
        """Several edits as one step."""
        return self.do(Batch(tuple(edits), words))

    def finds_room(self, room: Callable[[Edit, str], Edit]) -> None:
        """The method of a view that knows how large cards are and gives new ones in an edit a place of their own."""
        self._room = WeakMethod(room)

    def mend(self, edit: Edit, path: str) -> bool:
        """A way out of a problem at a path, as a step of its own; what it adds stands where there is room now."""
        room = self._room() if self._room is not None else None
        self.end_gesture()
        done = self.do(edit if room is None else room(edit, path))
        self.end_gesture()
        return done

    def end_gesture(self) -> None:
        """The next edit starts a step of its own, even with the same merge key."""
        self.merging = False

    def set_data_problems(self, problems: Mapping[str, DataProblem]) -> None:
        """What a look at the files found, by source id; replaces what was found before."""
        if touched := self.analysis.set_data_problems(problems):
            self.analysed.emit(touched)

    def announce(self, changes: ChangeSet) -> None:
        """Bring the analysis up to date and tell the views."""
        touched = self.analysis.update(changes)
        self.changed.emit(changes)
        if changes.meaning:
            self.analysed.emit(touched)

    def _carry_out(self, edit: Edit, other: Edit) -> Edit:
        """Take a step back or do it again: apply one of its two edits. The inverse of what was done."""
        self.end_gesture()
        inverse = edit.apply(self.document)
        changes = edit.changes() | other.changes()
        self.announce(changes)
        self.stepped.emit(changes)
        return inverse

    def replace(self, document: Document) -> None:
        """Take another document's values as the new state (load, revert); forgets the undo steps."""
        self.document = document
        self.undo_stack.clear()
        self.analysis = Analyzer(document, self.registry)
        self.changed.emit(EVERYTHING)
        self.analysed.emit(set(self.analysis.engine.facts))
