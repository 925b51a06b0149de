"""GraphDocument: one writer, one signal, an undo stack whose steps are what a person did."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from graph_compiler.catalog import registry
from graph_compiler.graph.edits import AddNode, Batch, Edit, Move, RemoveNode, SetAbout, SetField, SetParam, SetTraining
from graph_compiler.graph.files import dumps
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Node
from graph_compiler.specs.datasets import DataProblem
from tests.helpers.drawing import classifier
from tests.helpers.edits import Palette, valid_edit
from widgets.document import GraphDocument


class Heard:
    """What a document said."""

    def __init__(self, owner: GraphDocument) -> None:
        self.changes: list[Any] = []
        self.analysed: list[Any] = []
        self.refused: list[str] = []
        self.order: list[str] = []
        owner.changed.connect(self._changed)
        owner.analysed.connect(self._analysed)
        owner.refused.connect(self.refused.append)

    def _changed(self, changes: Any) -> None:
        self.changes.append(changes)
        self.order.append("changed")

    def _analysed(self, touched: Any) -> None:
        self.analysed.append(touched)
        self.order.append("analysed")


@pytest.fixture
def owner(qtbot: QtBot) -> GraphDocument:
    return GraphDocument(classifier(), registry())


def units(owner: GraphDocument, node_id: str = "dense_1") -> Any:
    return owner.document.graph.nodes[node_id].params.get("units")


def test_an_edit_is_heard_analysed_and_undone(owner: GraphDocument) -> None:
    heard = Heard(owner)
    before = dumps(owner.document)
    assert owner.do(SetParam("dense_2", "units", 4))
    assert (heard.order, heard.analysed) == (["changed", "analysed"], [{"dense_2", "loss"}])
    assert heard.changes[0].nodes == {("", "dense_2")}
    assert not owner.analysis.clean
    assert owner.undo_stack.undoText() == "set units of dense_2"
    owner.undo_stack.undo()
    assert dumps(owner.document) == before
    assert owner.analysis.clean
    owner.undo_stack.redo()
    assert units(owner, "dense_2") == 4
    assert len(heard.changes) == 3


def test_a_move_is_heard_but_not_analysed(owner: GraphDocument) -> None:
    heard = Heard(owner)
    owner.do(Move({"iris": (3, 4)}))
    assert (heard.order, heard.changes[0].moved) == (["changed"], {("", "iris")})


def test_a_refused_edit_says_why_and_makes_no_step(owner: GraphDocument) -> None:
    heard = Heard(owner)
    before = dumps(owner.document)
    assert not owner.do(RemoveNode("nobody"))
    assert not owner.do_all([SetParam("dense_1", "units", 5), RemoveNode("nobody")], "both")
    assert heard.refused == ["There is no node “nobody” here."] * 2
    assert (heard.changes, owner.undo_stack.count(), dumps(owner.document)) == ([], 0, before)


def test_a_spin_is_one_step_and_its_undo_goes_to_the_start(owner: GraphDocument) -> None:
    for value in (9, 10, 11, 12):
        owner.do(SetParam("dense_1", "units", value))
    assert owner.undo_stack.count() == 1
    owner.undo_stack.undo()
    assert units(owner) == 8
    owner.undo_stack.redo()
    assert units(owner) == 12
    owner.undo_stack.undo()
    assert units(owner) == 8


def test_a_spin_over_the_default_keeps_the_right_inverse(owner: GraphDocument) -> None:
    for value in (9, 10, 11):
        owner.do(SetParam("dense_1", "units", value))
        assert units(owner) == (None if value == 10 else value)
    owner.undo_stack.undo()
    assert units(owner) == 8


def test_a_spin_there_and_back_leaves_no_step(owner: GraphDocument) -> None:
    before = dumps(owner.document)
    owner.do(SetParam("dense_1", "units", 9))
    owner.do(SetParam("dense_1", "units", 8))
    assert (owner.undo_stack.count(), dumps(owner.document)) == (0, before)
    owner.do(SetParam("dense_1", "units", 8))
    assert owner.undo_stack.count() == 0


def test_the_end_of_a_gesture_starts_a_new_step(owner: GraphDocument) -> None:
    owner.do(SetParam("dense_1", "units", 9))
    owner.end_gesture()
    owner.do(SetParam("dense_1", "units", 11))
    owner.do(SetParam("dense_1", "units", 12))
    assert owner.undo_stack.count() == 2
    owner.undo_stack.undo()
    assert units(owner) == 9


def test_different_edits_do_not_merge(owner: GraphDocument) -> None:
    owner.do(SetParam("dense_1", "units", 9))
    owner.do(SetParam("dense_1", "activation", "tanh"))
    owner.do(SetParam("dense_2", "units", 9))
    owner.do(SetField("dense_2", "muted", True))
    owner.do(SetField("dense_2", "muted", False))
    assert owner.undo_stack.count() == 5


def test_typing_after_an_undo_is_a_step_of_its_own(owner: GraphDocument) -> None:
    owner.do(SetParam("dense_1", "units", 9))
    owner.do(SetParam("dense_2", "units", 9))
    owner.undo_stack.undo()
    owner.do(SetParam("dense_1", "units", 11))
    assert owner.undo_stack.count() == 2
    owner.undo_stack.undo()
    assert units(owner) == 9


def test_a_drag_is_one_step_even_when_nodes_join_it(owner: GraphDocument) -> None:
    before = dumps(owner.document)
    owner.do(Move({"iris": (1, 1)}, drag=7))
    owner.do(Move({"iris": (2, 2), "loss": (5, 5)}, drag=7))
    owner.do(Move({"loss": (6, 6)}, drag=7))
    assert owner.undo_stack.count() == 1
    after = dumps(owner.document)
    owner.undo_stack.undo()
    assert dumps(owner.document) == before
    owner.undo_stack.redo()
    assert dumps(owner.document) == after
    owner.do(Move({"iris": (1, 1)}, drag=8))
    assert owner.undo_stack.count() == 2


def test_saving_in_the_middle_of_a_spin_keeps_the_saved_state_reachable(owner: GraphDocument) -> None:
    owner.do(SetParam("dense_1", "units", 9))
    owner.undo_stack.setClean()
    owner.do(SetParam("dense_1", "units", 11))
    assert not owner.undo_stack.isClean()
    owner.undo_stack.undo()
    assert owner.undo_stack.isClean()
    assert units(owner) == 9


def test_training_and_texts_are_steps_too(owner: GraphDocument) -> None:
    heard = Heard(owner)
    owner.do(SetTraining("epochs", 50))
    owner.do(SetAbout("title", "Irises"))
    assert (heard.changes[0].training, heard.changes[1].about, owner.title) == (True, True, "Irises")
    owner.undo_stack.undo()
    owner.undo_stack.undo()
    assert (owner.document.training.epochs, owner.title) == (5, "Untitled")


def test_new_nodes_store_only_what_was_chosen(owner: GraphDocument) -> None:
    owner.do(AddNode(Node(id="d", type="Dense", params={"units": 10, "activation": "relu"})))
    assert owner.document.graph.nodes["d"].params == {"activation": "relu"}


def test_data_problems_are_analysed_like_others(owner: GraphDocument) -> None:
    heard = Heard(owner)
    owner.set_data_problems({"iris": DataProblem("The file has changed", hint="Read it again.")})
    assert (heard.analysed, [p.code for p in owner.analysis.problems]) == ([{"iris"}], ["data-mismatch"])
    owner.set_data_problems({})
    assert owner.analysis.clean


def test_another_document_forgets_the_steps(owner: GraphDocument) -> None:
    owner.do(SetParam("dense_1", "units", 9))
    heard = Heard(owner)
    owner.replace(Document())
    assert heard.changes[0].everything
    assert (owner.undo_stack.count(), owner.analysis.problems) == (0, [])


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(st.data())
def test_any_work_is_undone_to_the_byte_and_redone(data: st.DataObject) -> None:
    owner = GraphDocument(Document(), registry())
    start, palette = dumps(owner.document), Palette()
    for _ in range(data.draw(st.integers(1, 15))):
        edit: Edit = valid_edit(data.draw, owner.document, palette)
        assert owner.do(edit)
        if data.draw(st.booleans()):
            owner.end_gesture()
    end = dumps(owner.document)
    states = []
    while owner.undo_stack.canUndo():
        states.append(dumps(owner.document))
        owner.undo_stack.undo()
    assert dumps(owner.document) == start
    for state in reversed(states):
        owner.undo_stack.redo()
        assert dumps(owner.document) == state
    assert dumps(owner.document) == end


def test_a_batch_is_named_by_its_words(owner: GraphDocument) -> None:
    owner.do(Batch((RemoveNode("dense_1"), RemoveNode("dense_2")), "delete 2 nodes"))
    assert owner.undo_stack.undoText() == "delete 2 nodes"
    owner.undo_stack.undo()
    assert owner.analysis.clean
