"""The edit that takes another drawing whole: that of an earlier run comes back as one step that can be undone."""

from __future__ import annotations

from dataclasses import dataclass

from graph_compiler.graph.changes import EVERYTHING, ChangeSet
from graph_compiler.graph.edit import Edit
from graph_compiler.graph.model import Document


@dataclass(frozen=True)
class TakeDrawing(Edit):
    """Replace graph, blocks and training settings by those of `drawing`; the texts about the document stay.

    `drawing` comes from a file or from a document, so it is sound; it is copied, never shared.
    """

    drawing: Document
    words: str = "take another drawing"

    def apply(self, document: Document) -> Edit:
        before, taken = document.copy(), self.drawing.copy()
        document.graph, document.blocks, document.training = taken.graph, taken.blocks, taken.training
        return TakeDrawing(before, self.words)

    def changes(self) -> ChangeSet:
        return EVERYTHING

    def describe(self) -> str:
        return self.words
