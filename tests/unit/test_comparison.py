"""Several drawings side by side: only places that differ, with what each has there."""

from __future__ import annotations

import pytest

from graph_compiler.catalog import registry
from graph_compiler.graph.edits import AddNode, Connect, Disconnect, Edit, Move, RemoveNode, SetField, SetParam, SetTraining
from graph_compiler.graph.files import loads
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Node
from graph_compiler.runs.comparison import Difference, comparison
from graph_compiler.runs.differences import differences
from tests.benchmarks.figures import templates
from tests.helpers.drawing import block, drawing, wire


def default_of(type_name: str, param: str) -> object:
    return registry().nodes[type_name].defaults()[param]


@pytest.fixture
def document() -> Document:
    return drawing("iris Iris", "dense_1 Dense units=8", "dense_2 Dense units=3 activation=softmax", "loss Loss",
                   "iris.features > dense_1 > dense_2 > loss.prediction", "iris.species > loss.target")


def changed(document: Document, *edits: Edit) -> Document:
    after = document.copy()
    for edit in edits:
        edit.apply(after)
    return after


def test_equal_drawings_have_no_differences():
    for content in templates().values():
        assert comparison([loads(content)] * 3, default_of) == []
    assert comparison([]) == []


def test_places_and_notes_do_not_count(document):
    after = changed(document, Move({"dense_1": (5.0, 5.0)}), AddNode(Node(id="note_9", type="Note")))
    assert comparison([document, after], default_of) == []


def test_a_parameter_is_shown_for_every_drawing(document):
    wide = changed(document, SetParam("dense_1", "units", 64))
    biased = changed(document, SetParam("dense_1", "use_bias", False))
    assert comparison([document, wide, biased], default_of) == [
        Difference("dense_1", "units", ("8", "64", "8")), Difference("dense_1", "use_bias", ("on", "on", "off"))]


def test_a_node_that_is_missing_is_said_once(document):
    without = changed(document, RemoveNode("dense_2"))
    found = comparison([document, without], default_of)
    assert found == [Difference("dense_2", "", ("Dense", "–"))]
    muted = changed(document, SetField("dense_2", "muted", True), SetParam("dense_2", "units", 5))
    assert comparison([document, without, muted], default_of) == [
        Difference("dense_2", "", ("Dense", "–", "Dense, muted")), Difference("dense_2", "units", ("3", "–", "5"))]


def test_wires_between_nodes_that_stay_are_named(document):
    cut = changed(document, Disconnect(("dense_1", "out", "dense_2", "in", 0)),
                  Connect(wire("iris.features", "dense_2")))
    assert set(comparison([document, cut], default_of)) == {
        Difference("dense_1", "wire to dense_2", ("yes", "–")), Difference("iris.features", "wire to dense_2", ("–", "yes"))}


def test_settings_in_settings_have_their_way_as_name(document):
    other = changed(document, SetTraining("epochs", 99), SetTraining("schedule", {"kind": "cosine"}))
    found = {d.what: d.values for d in comparison([document, other], default_of)}
    assert found["epochs"] == (str(document.training.epochs), "99")
    assert found["schedule kind"] == (document.training.schedule.kind, "cosine")


def test_the_inside_of_blocks_counts():
    def made(units: int) -> Document:
        inside = block("in BlockInput", f"dense Dense units={units}", "out BlockOutput", "in > dense > out")
        return drawing("iris Iris", "block_1 Block block=head", "iris.features > block_1", head=inside)

    assert comparison([made(4), made(6)], default_of) == [Difference("head.dense", "units", ("4", "6"))]


def test_two_drawings_differ_here_exactly_where_the_words_say_so(document):
    after = changed(document, SetParam("dense_1", "units", 64), SetTraining("seed", 5), SetField("dense_2", "frozen", True))
    assert len(comparison([document, after], default_of)) == len(differences(document, after, default_of)) == 3
