"""Edits one by one: what they do, what they refuse, how they are called."""

from __future__ import annotations

import pytest

from graph_compiler.analysis.lean import lean
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import (
    UNSET,
    AddBlock,
    AddNode,
    Batch,
    Connect,
    Disconnect,
    Edit,
    EditRefused,
    Move,
    RemoveBlock,
    RemoveNode,
    ReplaceNode,
    Resize,
    RouteEdge,
    SetAbout,
    SetBlockParameters,
    SetField,
    SetParam,
    SetTraining,
)
from graph_compiler.graph.files import dumps
from graph_compiler.graph.model import BlockDefinition, Document, Graph
from graph_compiler.graph.values import BlockParameter, Edge, Node
from tests.helpers.drawing import classifier, wire


@pytest.mark.parametrize(("edit", "words"), [
    (AddNode(Node(id="dense_9", type="Dense")), "add Dense"), (RemoveNode("dense_1"), "delete dense_1"),
    (ReplaceNode(Node(id="dense_1", type="Dropout")), "replace dense_1"),
    (SetParam("dense_1", "units", 5), "set units of dense_1"),
    (SetParam("dense_1", "units", UNSET), "set units of dense_1"), (SetField("dense_1", "muted", True), "mute dense_1"),
    (SetField("dense_1", "frozen", False), "unfreeze dense_1"), (SetField("dense_1", "label", "x"), "set label of dense_1"),
    (Move({"dense_1": (1, 2)}), "move dense_1"), (Move({"dense_1": (1, 2), "iris": (0, 0)}), "move 2 nodes"),
    (Connect(wire("dense_1", "dense_2.in#1")), "connect dense_1 to dense_2"),
    (Disconnect(wire("dense_1", "dense_2").key), "disconnect dense_1 from dense_2"),
    (RouteEdge(wire("dense_1", "dense_2").key, ((1, 2),)), "bend the wire to dense_2"),
    (Resize("dense_1", (5, 6), (100, None)), "resize dense_1"),
    (Move({"iris": (3, 3)}, words="align", bends={wire("dense_1", "dense_2").key: ((5, 6), (7, 8))}), "align"),
    (SetTraining("batch_size", 64), "set batch size of training"), (SetAbout("title", "T"), "set title of the document"),
    (AddBlock("b", BlockDefinition()), "make block b"),
    (Batch((SetTraining("seed", 1), Move({"iris": (3, 3)})), "tidy"), "tidy")])
def test_an_edit_is_taken_back_by_its_inverse(edit: Edit, words: str) -> None:
    document = classifier()
    before = dumps(document)
    inverse = edit.apply(document)
    after = dumps(document)
    again = inverse.apply(document)
    assert dumps(document) == before
    again.apply(document)
    assert dumps(document) == after
    assert edit.describe() == words
    touched = edit.changes() | inverse.changes()
    assert touched
    assert touched == again.changes() | inverse.changes()


def test_removing_a_node_takes_its_wires_and_says_so() -> None:
    document, edit = classifier(), RemoveNode("dense_1")
    inverse = edit.apply(document)
    keys = {wire("iris.features", "dense_1").key, wire("dense_1", "dense_2").key}
    assert edit.changes().edges == inverse.changes().edges == {("", key) for key in keys}
    assert not keys & document.graph.edges.keys()


def test_positions_alone_mean_nothing_to_analysis() -> None:
    changes = Move({"dense_1": (1, 2)}).changes()
    assert (changes.meaning, changes.moved) == (False, {("", "dense_1")})
    assert (changes | SetParam("dense_1", "units", 1).changes()).moved == frozenset()


@pytest.mark.parametrize(("edit", "words"), [
    (AddNode(Node(id="dense_1", type="Dense")), "“dense_1” is here already"), (AddNode(Node(id="a.b", type="Dense")), "An id"),
    (AddNode(Node(id="x", type="")), "type"), (AddNode(Node(id="x", type="D", x=float("nan"))), "too far away"),
    (AddNode(Node(id="x", type="D", params={"a": float("inf")})), "inf is not a number"), (RemoveNode("x"), "no node “x”"),
    (SetParam("dense_1", "units", 2**70), "too large"), (SetParam("dense_1", "units", {1: 2}), "type dict"),
    (SetParam("dense_1", "text", "\ud800"), "half a character"),
    (SetParam("dense_1", "units", 1, "nowhere"), "no block named “nowhere”"),
    (SetField("dense_1", "x", 4.0), "not a field"), (SetField("dense_1", "muted", "yes"), "expects bool, received str"),
    (SetField("dense_1", "weights", "w" * 500), "200 characters"), (Move({"dense_1": (0, 0), "x": (0, 0)}), "no node “x”"),
    (Move({"dense_1": (float("inf"), 0)}), "too far away"), (Connect(wire("dense_1", "x")), "no node “x”"),
    (Connect(wire("iris", "dense_1")), "has a wire already"), (Connect(wire("iris", "dense_1.in#-1")), "index"),
    (Connect(Edge(source="iris", source_port="", target="loss", target_port="in")), "port has a name"),
    (Disconnect(wire("iris", "loss").key), "not here"), (RouteEdge(wire("iris", "loss").key, ()), "not here"),
    (SetTraining("batch_size", "x"), "batch_size"), (SetTraining("speed", 1), "not a training setting"),
    (SetTraining("l2", float("nan")), "nan is not a number"), (RemoveBlock("b"), "no block named “b”"),
    (AddBlock("", BlockDefinition()), "An id"), (SetBlockParameters("b", ()), "no block named “b”")])
def test_refusals_change_nothing(edit: Edit, words: str) -> None:
    document = classifier()
    before = dumps(document)
    with pytest.raises(EditRefused, match=words):
        edit.apply(document)
    with pytest.raises(EditRefused, match=words):
        Batch((SetParam("dense_1", "units", 77), RemoveNode("iris"), Batch((Move({"loss": (9, 9)}), edit)))).apply(document) \
            if not (isinstance(edit, Connect) and edit.edge.source == "iris") else edit.apply(document)
    assert dumps(document) == before


def test_a_batch_that_breaks_is_rolled_back_too() -> None:
    document = classifier()
    before = dumps(document)
    with pytest.raises(TypeError):
        Batch((RemoveNode("dense_1"), Move({"dense_2": ("a", "b")}))).apply(document)  # type: ignore[dict-item]
    assert dumps(document) == before


def test_tuples_are_stored_as_lists() -> None:
    document = classifier()
    SetParam("dense_1", "shape", (1, (2, 3))).apply(document)
    assert document.graph.nodes["dense_1"].params["shape"] == [1, [2, 3]]


def test_a_block_in_use_stays_and_an_edit_never_shares_its_value() -> None:
    document, value = Document(), BlockDefinition(Graph([Node(id="d", type="Dense")]))
    AddBlock("b", value).apply(document)
    SetParam("d", "units", 3, "b").apply(document)
    assert value.graph.nodes["d"].params == {}
    AddNode(Node(id="user", type="Block", block="b")).apply(document)
    with pytest.raises(EditRefused, match="still uses"):
        RemoveBlock("b").apply(document)
    with pytest.raises(EditRefused, match="same name"):
        SetBlockParameters("b", (BlockParameter(name="p"), BlockParameter(name="p"))).apply(document)


def test_what_becomes_one_step() -> None:
    assert SetParam("a", "units", 1).merge_key == SetParam("a", "units", 2).merge_key
    assert SetParam("a", "units", 1).merge_key != SetParam("a", "rate", 1).merge_key
    assert SetField("a", "muted", True).merge_key is None
    both = Batch((SetParam("a", "units", 1), SetParam("b", "units", 1)), "set")
    assert both.merge_key == Batch((SetParam("a", "units", 2), SetParam("b", "units", 3)), "set").merge_key is not None
    assert both.merge_key != Batch((SetParam("a", "units", 2), SetParam("c", "units", 2)), "set").merge_key
    assert Batch((*both.edits, SetField("a", "label", "x")), "set").merge_key is None is Batch(()).merge_key
    assert Move({"a": (0, 0)}).merge_key is None
    first, later = Move({"a": (0, 0), "b": (1, 1)}, drag=3), Move({"a": (5, 5)}, drag=3)
    assert first.merge_key == later.merge_key
    assert first.then(later) == Move({"a": (5, 5), "b": (1, 1)}, drag=3)


def test_values_that_repeat_a_default_are_not_stored() -> None:
    document, known = classifier(), registry()
    assert lean(SetParam("dense_1", "units", 10), document, known) == SetParam("dense_1", "units", UNSET)
    for kept in (SetParam("dense_1", "units", 11), SetParam("dense_1", "units", 10.0), SetParam("dense_1", "use_bias", 1),
                 SetParam("nobody", "units", 10), SetParam("dense_1", "units", 10, "nowhere"), SetParam("dense_1", "odd",
                                                                                                        None)):
        assert lean(kept, document, known) == kept
    node = Node(id="c", type="Dense", params={"units": 10, "activation": "relu"})
    slim = AddNode(Node(id="c", type="Dense", params={"activation": "relu"}))
    assert lean(Batch((AddNode(node), SetTraining("seed", 1))), document, known) == Batch((slim, SetTraining("seed", 1)))
    future = AddNode(Node(id="c", type="FromTheFuture", params={"units": 10}))
    assert lean(future, document, known) == future
