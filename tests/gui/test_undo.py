"""The undo stack: what is a step, where the saved state is, and that it is freed in any order."""

from __future__ import annotations

import gc
import weakref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_compiler.catalog import registry
from graph_compiler.graph.edits import EditRefused, RemoveNode, SetParam
from graph_compiler.graph.files import dumps
from tests.helpers.drawing import classifier
from widgets.document import GraphDocument


@pytest.fixture
def owner(qapp) -> GraphDocument:
    return GraphDocument(classifier(), registry())


def set_units(owner: GraphDocument, units: int) -> None:
    owner.do(SetParam("dense_1", "units", units))
    owner.end_gesture()


def test_going_to_a_step_takes_back_or_does_again_all_between(owner):
    states = [dumps(owner.document)]
    for units in (9, 11, 13):
        set_units(owner, units)
        states.append(dumps(owner.document))
    heard = []
    owner.undo_stack.indexChanged.connect(heard.append)
    for index in (0, 3, 1, 2):
        owner.undo_stack.setIndex(index)
        assert dumps(owner.document) == states[index]
    assert heard == [0, 3, 1, 2]
    assert (owner.undo_stack.undoText(), owner.undo_stack.redoText()) == ("set units of dense_1",) * 2


def test_the_saved_state_is_lost_when_its_step_is(owner):
    set_units(owner, 9)
    owner.undo_stack.setClean()
    owner.undo_stack.undo()
    assert not owner.undo_stack.isClean()
    owner.undo_stack.redo()
    assert owner.undo_stack.isClean()
    owner.undo_stack.undo()
    set_units(owner, 20)
    assert (owner.undo_stack.isClean(), owner.undo_stack.cleanIndex(), owner.undo_stack.count()) == (False, -1, 1)
    owner.undo_stack.undo()
    assert not owner.undo_stack.isClean()


def test_a_macro_is_one_step_and_an_empty_one_is_none(owner):
    before = dumps(owner.document)
    owner.undo_stack.beginMacro("two things")
    set_units(owner, 9)
    assert not owner.undo_stack.canUndo()
    owner.do(RemoveNode("dense_1"))
    owner.undo_stack.endMacro()
    assert (owner.undo_stack.count(), owner.undo_stack.undoText()) == (1, "two things")
    after = dumps(owner.document)
    owner.undo_stack.undo()
    assert dumps(owner.document) == before
    owner.undo_stack.redo()
    assert dumps(owner.document) == after
    owner.undo_stack.beginMacro("nothing")
    owner.undo_stack.endMacro()
    assert owner.undo_stack.count() == 1


def test_documents_with_steps_are_freed_by_the_collector(qapp):
    for _ in range(20):
        owner = GraphDocument(classifier(), registry())
        for units in (9, 11, 13):
            set_units(owner, units)
        owner.undo_stack.undo()
        owner.itself = owner
        gone = weakref.ref(owner)
        del owner
        gc.collect()
        assert gone() is None


@settings(max_examples=60, derandomize=True, database=None)
@given(st.lists(st.one_of(st.integers(5, 9), st.sampled_from(["undo", "redo", "save", "gone"])), max_size=25))
def test_clean_means_what_was_saved(qapp, work):
    owner = GraphDocument(classifier(), registry())
    saved = dumps(owner.document)
    for act in work:
        if isinstance(act, int):
            owner.do(SetParam("dense_1", "units", act))
        elif act == "save":
            owner.undo_stack.setClean()
            saved = dumps(owner.document)
        elif act == "gone":
            assert not owner.do(RemoveNode("nobody"))
        else:
            getattr(owner.undo_stack, act)()
        if owner.undo_stack.isClean():
            assert dumps(owner.document) == saved
        assert owner.undo_stack.canUndo() == (owner.undo_stack.index() > 0)


def test_a_refused_edit_leaves_the_stack_alone(owner):
    set_units(owner, 9)
    with pytest.raises(EditRefused):
        RemoveNode("nobody").apply(owner.document)
    assert not owner.do(RemoveNode("nobody"))
    assert (owner.undo_stack.count(), owner.undo_stack.index()) == (1, 1)
