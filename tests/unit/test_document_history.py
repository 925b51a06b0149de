"""Documents under random edits: undo, redo, refusal, save and load; and planted mistakes that these properties must find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from graph_compiler.graph import document_edits, edits, node_edits, wire_edits, writing
from graph_compiler.graph.edits import AddNode, Batch, Connect, Disconnect, Move, RemoveBlock, RemoveNode, SetAbout, SetParam
from graph_compiler.graph.model import Document, with_values
from tests.helpers.history import History

TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=60, stateful_step_count=30, deadline=None, derandomize=True, database=None)


def forgets_wires(self: Any, document: Document) -> edits.Edit:
    graph = document.scope(self.scope)
    node = graph.nodes[self.id]
    wires = graph.touching(self.id)
    for edge in wires:
        graph.drop_edge(edge.key)
    graph.drop_node(self.id)
    return edits.RestoreNode(node, (), 0, self.scope)


def keeps_dead_wires(self: Any, document: Document) -> edits.Edit:
    graph = document.scope(self.scope)
    node = graph.nodes[self.id]
    place = list(graph.nodes).index(self.id)
    graph.drop_node(self.id)
    return edits.RestoreNode(node, (), place, self.scope)


def restores_at_the_end(self: Any, document: Document) -> edits.Edit:
    graph = document.scope(self.scope)
    if self.node.id in graph.nodes:
        raise edits.EditRefused("taken")
    graph.put_node(self.node)
    for edge in self.wires:
        graph.put_edge(edge)
    return RemoveNode(self.node.id, self.scope)


def loses_unset(self: Any, document: Document) -> edits.Edit:
    node = node_edits.node_of(document, self.scope, self.id)
    old = node.params.get(self.name)
    params = {**node.params, self.name: node_edits.sound(self.value)} if self.value is not edits.UNSET else {
        n: v for n, v in node.params.items() if n != self.name}
    document.scope(self.scope).put_node(with_values(node, params=params))
    return SetParam(self.id, self.name, old, self.scope)


def changes_in_place(self: Any, document: Document) -> edits.Edit:
    node = node_edits.node_of(document, self.scope, self.id)
    inverse = edits.ReplaceNode(node, self.scope)
    if self.value is edits.UNSET:
        node.params.pop(self.name, None)
    else:
        node.params[self.name] = node_edits.sound(self.value)
    return inverse


def undoes_forwards(self: Any, document: Document) -> edits.Edit:
    done: list[edits.Edit] = []
    try:
        for edit in self.edits:
            done.append(edit.apply(document))
    except edits.EditRefused:
        for inverse in reversed(done):
            inverse.apply(document)
        raise
    return Batch(tuple(done), self.words)


def stops_halfway(self: Any, document: Document) -> edits.Edit:
    return Batch(tuple(reversed([edit.apply(document) for edit in self.edits])), self.words)


def moves_before_checking(self: Any, document: Document) -> edits.Edit:
    graph = node_edits.graph_of(document, self.scope)
    old = {}
    for node_id, (x, y) in self.positions.items():
        node = node_edits.node_of(document, self.scope, node_id)
        old[node_id] = (node.x, node.y)
        place = node_edits.sound_place(x, y)
        graph.put_node(with_values(node, x=place[0], y=place[1]))
    return Move(old, self.scope)


def drops_index(self: Any, document: Document) -> edits.Edit:
    edge = document.scope(self.scope).edges.get(self.key)
    if edge is None:
        raise edits.EditRefused("none")
    document.scope(self.scope).drop_edge(self.key)
    return Connect(wire_edits.Edge(source=edge.source, source_port=edge.source_port, target=edge.target,
                                   target_port=edge.target_port), self.scope)


def forgets_points(self: Any, document: Document) -> edits.Edit:
    edge = document.scope(self.scope).edges.get(self.key)
    if edge is None:
        raise edits.EditRefused("none")
    document.scope(self.scope).drop_edge(self.key)
    return Connect(wire_edits.Edge(source=edge.source, source_port=edge.source_port, target=edge.target,
                                   target_port=edge.target_port, index=edge.index), self.scope)


def takes_anything(self: Any, document: Document) -> edits.Edit:
    document.scope(self.scope).put_node(self.node)
    return RemoveNode(self.node.id, self.scope)


def empties_block(self: Any, document: Document) -> edits.Edit:
    if self.name not in document.blocks:
        raise edits.EditRefused("none")
    del document.blocks[self.name]
    return edits.AddBlock(self.name, document_edits.BlockDefinition())


def forgets_absence(self: Any, document: Document) -> edits.Edit:
    old = document.about.get(self.name, "")
    if self.value is edits.UNSET:
        document.about.pop(self.name, None)
    else:
        document.about[self.name] = document_edits.sound(self.value)
    return SetAbout(self.name, old)


MUTANTS: list[tuple[type, Callable[..., edits.Edit]]] = [
    (RemoveNode, forgets_wires), (RemoveNode, keeps_dead_wires), (edits.RestoreNode, restores_at_the_end),
    (SetParam, loses_unset), (SetParam, changes_in_place), (Batch, undoes_forwards), (Batch, stops_halfway),
    (Move, moves_before_checking), (Disconnect, drops_index), (Disconnect, forgets_points), (AddNode, takes_anything),
    (RemoveBlock, empties_block), (SetAbout, forgets_absence)]

HUNT = settings(max_examples=300, stateful_step_count=25, deadline=None, derandomize=True, database=None,
                phases=[Phase.generate], report_multiple_bugs=False)


@pytest.mark.parametrize(("edit", "mistake"), MUTANTS, ids=[mistake.__name__ for _, mistake in MUTANTS])
def test_planted_mistake_is_found(edit: type, mistake: Callable[..., edits.Edit], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edit, "apply", mistake)
    with pytest.raises((AssertionError, KeyError, edits.EditRefused, pytest.fail.Exception)):
        run_state_machine_as_test(History, settings=HUNT)


def test_a_writer_that_forgets_unknown_keys_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = writing.lean
    monkeypatch.setattr(writing, "lean", lambda value: {k: v for k, v in honest(value).items() if k != "later"})
    with pytest.raises(AssertionError):
        run_state_machine_as_test(History, settings=HUNT)
