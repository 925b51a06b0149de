"""A hypothesis machine that edits a document at random and holds it to its promises."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from graph_compiler.graph.edits import Batch, Edit, EditRefused
from graph_compiler.graph.files import dumps, loads
from graph_compiler.graph.model import Document
from tests.helpers.edits import Palette, bad_edit, valid_edit


class History(RuleBasedStateMachine):
    """Edits, undo, redo, refusals, saving and loading, in any order. Documents are compared as the bytes of their files."""

    def __init__(self) -> None:
        super().__init__()
        self.document = Document()
        self.palette = Palette()
        self.start = dumps(self.document)
        self.past: list[tuple[Edit, bytes]] = []
        self.future: list[tuple[Edit, bytes]] = []

    @rule(data=st.data())
    def do(self, data: st.DataObject) -> None:
        """An edit that fits is accepted."""
        edit = valid_edit(data.draw, self.document, self.palette)
        before = dumps(self.document)
        self.past.append((edit.apply(self.document), before))
        self.future.clear()

    @precondition(lambda self: self.past)
    @rule()
    def undo(self) -> None:
        """The inverse gives back what was, to the byte."""
        inverse, before = self.past.pop()
        after = dumps(self.document)
        self.future.append((inverse.apply(self.document), after))
        assert dumps(self.document) == before

    @precondition(lambda self: self.future)
    @rule()
    def redo(self) -> None:
        """The inverse of the inverse is the edit."""
        edit, after = self.future.pop()
        before = dumps(self.document)
        self.past.append((edit.apply(self.document), before))
        assert dumps(self.document) == after

    @rule(data=st.data())
    def refuse(self, data: st.DataObject) -> None:
        """A refused edit changes nothing, nor does a batch whose last edit is refused."""
        before, bad = dumps(self.document), bad_edit(data.draw, self.document)
        with pytest.raises(EditRefused):
            bad.apply(self.document)
        twin = self.document.copy()
        good = [valid_edit(data.draw, self.document, self.palette)]
        good[0].apply(twin)
        with pytest.raises(EditRefused):
            Batch((*good, bad_edit(data.draw, twin))).apply(self.document)
        assert dumps(self.document) == before

    @rule()
    def reload(self) -> None:
        """A saved document comes back equal, and is saved the same again."""
        saved = dumps(self.document)
        loaded = loads(saved)
        assert loaded == self.document
        assert list(loaded.graph.nodes) == list(self.document.graph.nodes)
        assert dumps(loaded) == saved

    @invariant()
    def whole(self) -> None:
        """Both directions of adjacency tell the same as the wires, and no wire ends nowhere."""
        for _, graph in self.document.scopes():
            assert sorted(e.key for n in graph.nodes for e in graph.into(n)) == sorted(graph.edges)
            assert sorted(e.key for n in graph.nodes for e in graph.out_of(n)) == sorted(graph.edges)
            assert all(key == edge.key for key, edge in graph.edges.items())

    def teardown(self) -> None:
        """Everything undone is the beginning."""
        while self.past:
            self.undo()
        assert dumps(self.document) == self.start
