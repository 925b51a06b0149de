"""The undo stack of a document: its steps are plain values, so nothing of it depends on who is freed first.

It keeps the names of Qt's `QUndoStack` for those who know it. A `QUndoCommand` written in Python that knows its document
stands in a cycle with the stack, and the order in which the garbage collector frees such a cycle can end the process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from graph_compiler.graph.edits import Batch, Edit, SetParam


@dataclass(slots=True)
class Step:
    """What a person did: the edit, and the edit that takes it back."""

    edit: Edit
    inverse: Edit

    @property
    def text(self) -> str:
        """What the step is called in menus and lists."""
        return self.edit.describe()


def no_change(edit: Edit, inverse: Edit) -> bool:
    """Whether an edit left everything as it was: its inverse sets the very same values."""
    if isinstance(edit, Batch) and isinstance(inverse, Batch):
        steps, back = (sorted(map(repr, batch.edits)) for batch in (edit, inverse))
        return bool(steps) and steps == back and all(isinstance(step, SetParam) for step in edit.edits)
    return type(edit) is type(inverse) and not isinstance(edit, Batch) and repr(edit) == repr(inverse)


class UndoStack(QObject):
    """Steps done and taken back. `carry_out` applies an edit to the document, tells the views and returns the inverse."""

    indexChanged = Signal(int)
    """A step was added, merged, taken back or done again: the number of steps that are done."""
    cleanChanged = Signal(bool)
    """The document became what was saved, or something else."""

    def __init__(self, carry_out: Callable[[Edit, Edit], Edit], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._carry_out = carry_out
        self._steps: list[Step] = []
        self._index = 0
        self._clean = 0
        """The index at which the document was saved; -1 when no step leads there any more."""
        self._macro: tuple[str, list[Step]] | None = None

    def push(self, edit: Edit, inverse: Edit, *, merge: bool) -> None:
        """Take up an edit that has been applied. With `merge` it may join the last step, if both have one merge key."""
        if self._macro is not None:
            self._macro[1].append(Step(edit, inverse))
            return
        was_clean = self.isClean()
        if self._clean > self._index:
            self._clean = -1
        del self._steps[self._index:]
        last = self._steps[-1] if self._steps else None
        if merge and last and edit.merge_key and last.edit.merge_key == edit.merge_key and self._clean != self._index:
            last.edit, last.inverse = last.edit.then(edit), inverse.then(last.inverse)
            if no_change(last.edit, last.inverse):
                del self._steps[-1]
        else:
            self._steps.append(Step(edit, inverse))
        self._index = len(self._steps)
        self._tell(was_clean)

    def beginMacro(self, text: str) -> None:
        """What is pushed until `endMacro` is one step with this name."""
        assert self._macro is None, "a macro inside a macro"
        self._macro = (text, [])

    def endMacro(self) -> None:
        """The macro's edits become one step; no step when there were none."""
        assert self._macro is not None, "no macro was begun"
        (text, steps), self._macro = self._macro, None
        if steps:
            inverse = Batch(tuple(s.inverse for s in reversed(steps)), text)
            self.push(Batch(tuple(s.edit for s in steps), text), inverse, merge=False)

    def undo(self) -> None:
        """Take the last step back."""
        if self.canUndo():
            self.setIndex(self._index - 1)

    def redo(self) -> None:
        """Do the step again that was taken back last."""
        if self.canRedo():
            self.setIndex(self._index + 1)

    def setIndex(self, index: int) -> None:
        """Undo or redo until `index` steps are done."""
        assert self._macro is None, "a macro has not ended"
        was_clean = self.isClean()
        while self._index > max(index, 0):
            self._index -= 1
            step = self._steps[self._index]
            self._carry_out(step.inverse, step.edit)
        while self._index < min(index, len(self._steps)):
            step = self._steps[self._index]
            self._index += 1
            step.inverse = self._carry_out(step.edit, step.inverse)
        self._tell(was_clean)

    def clear(self) -> None:
        """Forget all steps; what is there now counts as saved."""
        was_clean = self.isClean()
        self._steps.clear()
        self._index = self._clean = 0
        self._tell(was_clean)

    def setClean(self) -> None:
        """What is there now has been saved."""
        was_clean = self.isClean()
        self._clean = self._index
        self._tell(was_clean)

    def resetClean(self) -> None:
        """What is there now is in no file: no step leads to what was saved."""
        was_clean = self.isClean()
        self._clean = -1
        self._tell(was_clean)

    def isClean(self) -> bool:
        """Whether the document is what was saved last."""
        return self._clean == self._index

    def canUndo(self) -> bool:
        """Whether a step can be taken back."""
        return self._index > 0 and self._macro is None

    def canRedo(self) -> bool:
        """Whether a step can be done again."""
        return self._index < len(self._steps) and self._macro is None

    def undoText(self) -> str:
        """What `undo` would take back; empty when nothing."""
        return self._steps[self._index - 1].text if self._index else ""

    def redoText(self) -> str:
        """What `redo` would do again; empty when nothing."""
        return self._steps[self._index].text if self._index < len(self._steps) else ""

    def count(self) -> int:
        """Steps done and steps taken back."""
        return len(self._steps)

    def index(self) -> int:
        """Steps done."""
        return self._index

    def cleanIndex(self) -> int:
        """How many steps were done when the document was saved; -1 when no step leads there any more."""
        return self._clean

    def text(self, index: int) -> str:
        """The name of a step."""
        return self._steps[index].text

    def _tell(self, was_clean: bool) -> None:
        self.indexChanged.emit(self._index)
        if was_clean != self.isClean():
            self.cleanChanged.emit(not was_clean)
