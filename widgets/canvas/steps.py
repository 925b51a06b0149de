"""What all verbs of a view share: the selection, one undo step for several edits, and the place of the pointer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from graph_compiler.graph.edits import Edit, EditRefused

if TYPE_CHECKING:
    from widgets.canvas.view import CanvasView


class Steps:
    """Ground of the verbs of one view."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self._stepping = False

    @property
    def _ids(self) -> list[str]:
        return list(self._view.canvas.selected)

    def _do(self, edits: Sequence[Edit], words: str) -> bool:
        return bool(edits) and self._view.document.do_all(edits, words)

    def _carry_out(self, make: Callable[[], Edit]) -> list[str] | None:
        """Do the edit that `make` finds. The ids of the nodes that are new here; None (and the reason is said) when refused."""
        canvas = self._view.canvas
        before = set(canvas.graph.nodes)
        try:
            edit = make()
        except EditRefused as refusal:
            self._view.status.emit(str(refusal))
            return None
        if not self._view.document.do(edit):
            return None
        return [n for n in self._view.canvas.graph.nodes if n not in before]

    @contextmanager
    def _one_step(self, words: str, wanted: Sequence[object]) -> Iterator[None]:
        """Several edits, each seeing what the one before it did, as one undo step; no step when nothing is wanted.

        A step inside a step belongs to it.
        """
        if not wanted or self._stepping:
            yield
            return
        stack = self._view.document.undo_stack
        stack.beginMacro(words)
        self._stepping = True
        try:
            yield
        finally:
            self._stepping = False
            stack.endMacro()

    def pointer(self) -> QPointF:
        """The pointer in the scene, the middle of the view when it is elsewhere."""
        here = self._view.pointer
        return self._view.mapToScene(here if here is not None else self._view.viewport().rect().center())
