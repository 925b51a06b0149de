"""Edits: small frozen values that change a document and return their inverse.

`apply(document)` checks first; a refused edit raises `EditRefused` and changes nothing. Every writer of the program
(mouse, keyboard, undo, paste, templates, tests) goes through these verbs. This module has them all.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph_compiler.graph.changes import ChangeSet
from graph_compiler.graph.document_edits import (
    AddBlock,
    RemoveBlock,
    SetAbout,
    SetBlockParameters,
    SetBlockSummary,
    SetTraining,
)
from graph_compiler.graph.drawing_edits import TakeDrawing
from graph_compiler.graph.edit import UNSET, Edit, EditRefused
from graph_compiler.graph.frame_edits import Resize
from graph_compiler.graph.model import Document
from graph_compiler.graph.node_edits import AddNode, Move, RemoveNode, ReplaceNode, RestoreNode, SetField, SetParam
from graph_compiler.graph.values import EdgeKey
from graph_compiler.graph.wire_edits import Connect, Disconnect, RouteEdge

__all__ = [
    "UNSET", "AddBlock", "AddNode", "Batch", "Connect", "Disconnect", "Edit", "EditRefused", "Move", "RemoveBlock",
    "RemoveNode", "ReplaceNode", "Resize", "RestoreNode", "RouteEdge", "SetAbout", "SetBlockParameters", "SetBlockSummary",
    "SetField", "SetParam", "SetTraining", "TakeDrawing"]


@dataclass(frozen=True)
class Batch(Edit):
    """Several edits as one step, all or nothing."""

    edits: tuple[Edit, ...]
    words: str = "edit"

    def apply(self, document: Document) -> Edit:
        done: list[Edit] = []
        try:
            for edit in self.edits:
                done.append(edit.apply(document))
        except BaseException:
            for inverse in reversed(done):
                inverse.apply(document)
            raise
        return Batch(tuple(reversed(done)), self.words)

    def changes(self) -> ChangeSet:
        nodes: set[tuple[str, str]] = set()
        edges: set[tuple[str, EdgeKey]] = set()
        moved: set[tuple[str, str]] = set()
        blocks: set[str] = set()
        flags = [False, False, False]
        for edit in self.edits:
            part = edit.changes()
            nodes |= part.nodes
            edges |= part.edges
            moved |= part.moved
            blocks |= part.blocks
            flags = [flags[0] or part.training, flags[1] or part.about, flags[2] or part.everything]
        return ChangeSet(frozenset(nodes), frozenset(edges), frozenset(moved - nodes), frozenset(blocks), *flags)

    @property
    def merge_key(self) -> tuple[str, ...] | None:
        """Parameters of several nodes set together become one step while they are typed, as that of one node does."""
        if not self.edits or not all(isinstance(edit, SetParam) for edit in self.edits):
            return None
        return ("batch", self.words, *(part for edit in self.edits for part in edit.merge_key or ()))

    def describe(self) -> str:
        return self.words if len(self.edits) != 1 else self.edits[0].describe()
