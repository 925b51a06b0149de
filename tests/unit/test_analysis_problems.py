"""Every problem of a drawing: where it is reported, in which words, and what its fixes do."""

from __future__ import annotations

import json

import pytest

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.fixes import HIGH, WIDE
from graph_compiler.catalog import registry
from graph_compiler.datasets.csv_file import scan
from graph_compiler.graph.edits import AddBlock, Connect, Move, SetField, SetParam
from graph_compiler.graph.files import dumps
from graph_compiler.graph.model import BlockDefinition, Document, with_values
from graph_compiler.graph.plain import plain
from graph_compiler.specs.datasets import DataProblem
from tests.helpers.drawing import analysed, apply, classifier, codes, drawing, fix, graph, wire

DIGITS = ("mnist MNIST", "rescaling Rescaling", "flatten Flatten", "dense Dense units=10 activation=softmax", "loss Loss",
          "mnist.image > rescaling > flatten > dense > loss.prediction", "mnist.label > loss.target")


def digits(**changes: str) -> Analyzer:
    """The five-line classifier with some lines replaced, by the node they begin with."""
    lines = [changes.pop(line.split()[0], line) if ">" not in line else line for line in DIGITS]
    assert not changes
    return analysed(*lines)


def test_a_sound_drawing_has_no_problem() -> None:
    analysis = digits()
    assert (codes(analysis), analysis.clean, analysis.plan.trainer, analysis.plan.reason) == ([], True, "supervised", "")


def test_missing_inputs_name_the_port() -> None:
    analysis = analysed("dense Dense", "loss Loss")
    assert [(p.code, p.node, p.port) for p in analysis.problems] == [
        ("missing-input", "dense", "in"), ("missing-input", "loss", "prediction"), ("missing-input", "loss", "target")]
    assert [p.title for p in analysis.problems] == ["Dense has no input", "Loss has no prediction", "Loss has no target"]


def test_a_circle_is_reported_once_and_goes_with_a_wire() -> None:
    lines = ["iris Iris", "loss Loss", "a Add", "b Dense", "c Dense units=3", "iris.features > a.in#0", "a > b > a.in#1",
             "b > c > loss.prediction", "iris.species > loss.target"]
    analysis = analysed(*lines)
    assert codes(analysis) == ["cycle@a"]
    problem = analysis.problems[0]
    assert (problem.title, problem.received) == ("Add is part of a circle", "the circle Add → Dense → Add")
    assert analysis.facts("b").values["units"] == 10  # type: ignore[union-attr]
    assert analysis.plan.reason == "Something before Loss is not complete."
    assert analysed(*(line.replace(" > a.in#1", "") for line in lines)).clean


def test_two_circles_are_two_problems() -> None:
    analysis = analysed("a Dense", "b Dense", "c Dense", "a > b > a", "c > c", "b > d", "d Dense")
    assert codes(analysis) == ["cycle@a", "cycle@c", "no-objective"]


def test_a_problem_is_not_repeated_downstream() -> None:
    analysis = digits(rescaling="rescaling Magic")
    assert codes(analysis) == ["unknown-type@rescaling"]
    assert codes(digits(flatten="flatten Dense units=-1")) == ["parameter@flatten"]


@pytest.mark.parametrize(("lines", "code", "labels"), [
    (("m MNIST", "r Rescaling", "v RepeatVector", "m.image > r > v"), "rank",
     ["insert Flatten", "insert GlobalAveragePooling2D"]),
    (("m MNIST", "c Conv2D", "m.image > c"), "dtype", ["insert Rescaling"]),
    (("m MNIST", "g GaussianNoise", "m.label > g"), "dtype", ["insert OneHot"]),
    (("m MNIST", "r Rescaling", "p MaxPooling2D pool_size=9", "c Conv2D kernel_size=5", "m.image > r > p > c"), "empty-shape",
     ["set padding to same"]),
    (("i Iris", "d Dense units=0", "i.features > d"), "parameter", ["set units back to 10"]),
    (("m MNIST", "o OneHot num_classes=4", "m.label > o"), "one-hot-classes", ["set num_classes to 10"]),
    (("i Iris", "d Dense", "i.features > d.state"), "lost-port", ["remove the wire"]),
    (("i Iris", "d Dense", "i.gone > d"), "lost-port", ["remove the wire"]),
    (("i Iris", "d Dense", "i.features > d.in#0", "i.features > d.in#1"), "extra-wires", ["keep the first wire"]),
    (("m MNIST", "f Flatten", "l Loss", "m.image > f > l.prediction"), "missing-input", ["wire label to target"]),
    (("~i Iris", "d Dense", "i.features > d"), "mute", ["switch muting off"]),
    (("i Iris", "~o Output", "i.features > o"), "mute", ["switch muting off"])])
def test_fixes_at_a_node(lines: tuple[str, ...], code: str, labels: list[str]) -> None:
    for number, label in enumerate(labels):
        analysis = analysed(*lines)
        problem = next(p for p in analysis.problems if p.code == code)
        assert problem.title
        assert problem.hint
        assert [f.label for f in problem.fixes] == labels
        assert fix(analysis, code, number) == label
        assert code not in [p.code for p in analysis.problems]


STEPS = ("d Dates", "e Embedding output_dim=4")


@pytest.mark.parametrize(("lines", "label", "shape"), [
    ((*STEPS, "a LSTM units=8", "b LSTM", "d.spoken > e > a > b"), "set return_sequences of LSTM to on", 8),
    ((*STEPS, "a GRU units=8", "drop Dropout", "b Conv1D", "d.spoken > e > a > drop > b"),
     "set return_sequences of GRU to on", 8),
    ((*STEPS, 'a Bidirectional layer={"name":"GRU","units":5}', "b LSTM", "d.spoken > e > a > b"),
     "set return_sequences of Bidirectional to on", 10),
    ((*STEPS, "a Bidirectional", "b GlobalAveragePooling1D", "d.spoken > e > a > b"),
     "set return_sequences of Bidirectional to on", 64)])
def test_a_layer_that_needs_every_step_asks_the_recurrent_one_before_it(lines: tuple[str, ...], label: str, shape: int) -> None:
    analysis = analysed(*lines)
    before = dumps(analysis.document)
    assert codes(analysis)[0] == "rank@b"
    back = next(p for p in analysis.problems if p.code == "rank").fixes[0].edit.apply(analysis.document)
    back.apply(analysis.document)
    assert dumps(analysis.document) == before
    assert fix(analysis, "rank") == label
    found = analysis.facts("b")
    assert found is not None
    assert not found.failed
    assert found.inputs["in"][0].shape[1:] == (shape,)
    if "Bidirectional layer" in lines[2]:
        assert analysis.document.graph.nodes["a"].params["layer"] == {"name": "GRU", "units": 5, "return_sequences": True}


@pytest.mark.parametrize("lines", [
    (*STEPS, "a LSTM return_sequences=true", "f Flatten", "b LSTM", "d.spoken > e > a > f > b"),
    (*STEPS, "~a LSTM", "f Flatten", "b LSTM", "d.spoken > e > a > f > b"), ("i Iris", "b LSTM", "i.features > b"),
    (*STEPS, "a LSTM", "b Conv2D", "d.spoken > e > a > b")])
def test_no_switch_is_offered_where_it_would_not_help(lines: tuple[str, ...]) -> None:
    problem = next(p for p in analysed(*lines).problems if p.code == "rank")
    assert problem.node == "b"
    assert not any("return_sequences" in found.label for found in problem.fixes)


def test_a_table_too_small_for_its_tokens_is_enlarged() -> None:
    analysis = analysed("d Dates", "e Embedding input_dim=3", "i Iris", "c Embedding input_dim=2",
                        "d.spoken > e", "i.species > c")
    for node_id, words, size in (("e", "Embedding knows 3 tokens, “spoken” has 79", 79),
                                 ("c", "Embedding knows 2 tokens, “species” has 3", 3)):
        problem = next(p for p in analysis.problems if p.node == node_id)
        assert (problem.code, problem.title, problem.param) == ("vocabulary", words, "input_dim")
        assert fix(analysis, "vocabulary") == f"set input_dim to {size}"
    assert not any(p.code == "vocabulary" for p in analysis.problems)


def test_the_column_meant_as_target_is_offered_where_it_is_missing(tmp_path) -> None:
    table = tmp_path / "flats.csv"
    table.write_text("size;city;rent\n" + "".join(f"{30 + i};{'Ulm' if i % 2 else 'Bonn'};{500 + i}\n" for i in range(40)))
    found = scan(table, None)
    params = " ".join(f"{name}={json.dumps(plain(value), separators=(',', ':'))}" for name, value in found.items())
    lines = (f"flats CSV path={json.dumps(str(table))} {params}", "dense Dense units=1", "loss Loss",
             "flats.features > dense > loss.prediction")
    analysis = analysed(*lines)
    problem = next(p for p in analysis.problems if p.code == "missing-input")
    assert [f.label for f in problem.fixes] == ["wire rent to target"]  # the city is a feature
    fix(analysis, "missing-input", 0)
    assert analysis.clean
    loose = analysed(*lines[:3], "dense > loss.prediction")
    assert [p.fixes for p in loose.problems if p.code == "missing-input" and p.node == "loss"] == [()]


def test_a_merge_mismatch_names_both_shapes() -> None:
    analysis = analysed("i Iris", "a Dense units=3", "b Dense units=4", "add Add", "i.features > a > add.in#0",
                        "i.features > b > add.in#1")
    problem = analysis.problems_of("add")[0]
    assert (problem.code, problem.received) == ("merge-mismatch", "3 and 4")


def test_a_dangling_part_is_a_warning_at_its_end() -> None:
    analysis = Analyzer(drawing(*DIGITS, "x Dropout", "y Dropout", "flatten > x > y", "unused Iris"), registry())
    assert [(p.code, p.node, p.severity) for p in analysis.problems] == [
        ("dangling", "y", "warning"), ("dangling", "unused", "warning")]
    assert analysis.clean
    assert analysis.problems[0].title == "Dropout leads nowhere"


def test_no_objective() -> None:
    assert analysed().problems == []
    assert analysed("n Note").problems == []
    assert [(p.code, p.severity) for p in analysed("i Iris").problems] == [("no-objective", "error")]
    assert [(p.code, p.severity) for p in analysed("i Iris", "o Output", "i.features > o").problems] == [
        ("no-objective", "warning")]
    assert codes(digits(loss="~loss Loss")) == ["no-objective"]


def test_units_against_classes() -> None:
    analysis = digits(dense="dense Dense units=7 activation=softmax")
    problem = analysis.problems[0]
    assert (problem.code, problem.port, problem.title) == ("units", "prediction", "Loss needs 10 scores")
    assert problem.sentence == "Expected 10 numbers, one for each class, received 7 numbers. Set units of the last layer to 10."
    assert analysis.plan.reason == "Loss needs 10 scores."
    assert fix(analysis, "units") == "set units of Dense to 10"
    assert analysis.clean


def test_what_is_inserted_covers_no_card() -> None:
    analysis = analysed(*DIGITS[:2], "dropout Dropout", *DIGITS[3:5],
                        "mnist.image > rescaling > dropout > dense > loss.prediction", DIGITS[6])
    nodes = analysis.document.graph.nodes
    apply(analysis, Move({name: (256.0 * place, 0.0) for place, name in enumerate(nodes)}))
    assert fix(analysis, "units") == "insert Flatten"
    fresh = next(node for node in nodes.values() if node.type == "Flatten")
    assert 512 < fresh.x < 768
    assert all(abs(node.x - fresh.x) >= WIDE or abs(node.y - fresh.y) >= HIGH for node in nodes.values() if node is not fresh)


def test_a_forgotten_flatten_is_inserted() -> None:
    analysis = analysed(*DIGITS[:2], "dropout Dropout", *DIGITS[3:5],
                        "mnist.image > rescaling > dropout > dense > loss.prediction", DIGITS[6])
    assert fix(analysis, "units") == "insert Flatten"
    assert analysis.clean
    assert analysis.facts("dense").output.words == "10"  # type: ignore[union-attr]


@pytest.mark.parametrize(("loss", "dense", "labels"), [
    ("loss Loss from_logits=true", "dense Dense activation=softmax",
     ["set from_logits to off", "set activation of Dense to linear"]),
    ("loss Loss loss=SparseCategoricalCrossentropy", "dense Dense units=10",
     ["set from_logits to on", "set activation of Dense to softmax"])])
def test_softmax_against_logits(loss: str, dense: str, labels: list[str]) -> None:
    for number, label in enumerate(labels):
        analysis = digits(loss=loss, dense=dense)
        assert codes(analysis) == ["logits@loss"]
        assert fix(analysis, "logits", number) == label
        assert analysis.clean


def test_one_hot_against_integer_labels() -> None:
    analysis = digits(loss="loss Loss loss=CategoricalCrossentropy")
    problem = analysis.problems[0]
    assert (problem.code, problem.port, problem.title) == ("one-hot", "target", "Loss needs a one-hot target")
    assert problem.sentence.startswith("Expected 10 numbers, received one class number int32.")
    assert fix(analysis, "one-hot") == "insert OneHot"
    assert analysis.clean
    assert analysis.document.graph.nodes["one_hot_1"].params == {}
    assert analysis.plan.objectives[0].resolved.loss == "CategoricalCrossentropy"
    assert ("mnist", "label", "one_hot_1", "in", 0) in analysis.plan.training_only
    other = digits(loss="loss Loss loss=CategoricalCrossentropy")
    assert fix(other, "one-hot", 1) == "set loss to SparseCategoricalCrossentropy"
    assert other.clean


def test_two_sources_in_one_loss() -> None:
    lines = ["copy MNIST", *DIGITS[:-1], "copy.label > loss.target"]
    analysis = analysed(*lines)
    assert codes(analysis) == ["unaligned@loss"]
    assert fix(analysis, "unaligned") == "merge the sources"
    assert analysis.clean
    assert len([n for n in analysis.document.graph.nodes.values() if n.type == "MNIST"]) == 1
    different = analysed("copy FashionMNIST", *DIGITS[:-1], "copy.label > loss.target")
    assert [p.fixes for p in different.problems] == [()]


def test_a_target_with_weights() -> None:
    lines = ["m MNIST", "r Rescaling", "a Conv2D filters=1 padding=same", "b Conv2D filters=1 padding=same", "loss Loss",
             "m.image > r > a > loss.prediction", "r > b > loss.target"]
    for number, label in enumerate(["freeze Conv2D", "insert StopGradient"]):
        analysis = analysed(*lines)
        assert codes(analysis) == ["trained-target@loss"]
        assert fix(analysis, "trained-target", number) == label
        assert analysis.clean
        assert analysis.plan.trainable == ("a",)


def test_nothing_to_learn() -> None:
    analysis = digits(dense="*dense Dense units=10 activation=softmax")
    assert codes(analysis) == ["nothing-to-learn@loss"]
    assert fix(analysis, "nothing-to-learn") == "unfreeze Dense"
    assert analysis.clean
    assert codes(digits(dense="dense Activation activation=softmax")) == ["units@loss"]


def test_a_data_file_that_no_longer_matches() -> None:
    analysis = digits()
    changed = DataProblem("The file has changed", hint="Read it again.", param="path")
    assert analysis.set_data_problems({"mnist": changed, "gone": changed}) == {"mnist", "gone"}
    problem = analysis.problems[0]
    assert (problem.code, problem.path, problem.title, problem.sentence) == (
        "data-mismatch", "mnist", "The file has changed", "Read it again.")
    apply(analysis, SetParam("dense", "units", 10))
    assert not analysis.clean
    assert analysis.set_data_problems({"mnist": changed}) == {"gone"}
    assert analysis.set_data_problems({}) == {"mnist"}
    assert analysis.clean


def test_muting_passes_the_first_tensor_through() -> None:
    analysis = analysed("i Iris", "a Dense units=5", "b Dense units=6", "~c Concatenate axis=9", "d Dense units=3", "loss Loss",
                        "i.features > a > c.in#0", "i.features > b > c.in#1", "c > d > loss.prediction",
                        "i.species > loss.target")
    assert codes(analysis) == []
    assert analysis.facts("c").output == analysis.facts("a").output  # type: ignore[union-attr]
    assert analysis.facts("c").weights == 0  # type: ignore[union-attr]
    assert analysis.plan.trainable == ("a", "d")


def block_document() -> Document:
    document = drawing("iris Iris", "one Block", "two Block", "d Dense units=3", "loss Loss",
                       "iris.features > one > two > d > loss.prediction", "iris.species > loss.target")
    inside = graph("in BlockInput", "dense Dense units=4 activation=relu", "out BlockOutput", "in > dense > out")
    AddBlock("pair", BlockDefinition(inside)).apply(document)
    for name in ("one", "two"):
        SetField(name, "block", "pair").apply(document)
    return document


def test_blocks_are_seen_from_their_instances() -> None:
    analysis = Analyzer(block_document(), registry())
    assert codes(analysis) == []
    assert analysis.facts("one.dense").weights == 20  # type: ignore[union-attr]
    assert analysis.plan.trainable == ("one", "two", "d")
    assert analysis.totals.weights == 20 + 20 + 15
    for name in ("one", "two"):
        apply(analysis, SetField(name, "weights", "W"))
    assert analysis.totals.weights == 20 + 15


def test_a_problem_inside_a_block_is_shown_inside_and_at_the_instance() -> None:
    analysis = Analyzer(block_document(), registry())
    apply(analysis, SetParam("dense", "units", 0, "pair"))
    assert codes(analysis) == ["parameter@dense", "block-inside@one"]
    assert analysis.problems[0].path == "one.dense"
    assert fix(analysis, "parameter") == "set units back to 10"
    assert codes(analysis) == []
    apply(analysis, SetField("two", "weights", "W"))
    apply(analysis, SetField("one", "weights", "W"))
    assert codes(analysis) == ["shared-mismatch@two"]
    assert fix(analysis, "shared-mismatch") == "give it weights of its own"
    assert analysis.clean


def test_blocks_without_end_and_bombs_are_refused_quickly() -> None:
    document = block_document()
    inside = document.blocks["pair"].graph
    inside.put_node(with_values(inside.nodes["dense"], type="Block", block="pair", params={}))
    assert codes(Analyzer(document, registry())) == ["too-deep@one"]
    for level in range(12):
        nodes = [f"n{i} Block" for i in range(10)]
        bomb = graph("in BlockInput", *nodes, "out BlockOutput", "in > " + " > ".join(f"n{i}" for i in range(10)) + " > out")
        for i in range(10):
            bomb.put_node(with_values(bomb.nodes[f"n{i}"], block=f"bomb{level + 1}"))
        AddBlock(f"bomb{level}", BlockDefinition(bomb)).apply(document)
    SetField("one", "block", "bomb0").apply(document)
    assert "too-deep@one" in codes(Analyzer(document, registry()))


def test_frozen_weights_count_as_fixed() -> None:
    analysis = Analyzer(classifier(), registry())
    before = analysis.totals
    apply(analysis, SetField("dense_1", "frozen", True))
    assert analysis.totals.weights == before.weights
    assert before.trainable - analysis.totals.trainable == 40
    assert (analysis.plan.trainable, analysis.plan.held) == (("dense_2",), ("dense_1",))


def test_a_wire_out_of_a_loss_is_lost() -> None:
    analysis = Analyzer(classifier(), registry())
    apply(analysis, Connect(wire("loss", "dense_1.in#1")))
    assert "cycle@dense_1" in codes(analysis)
    assert "lost-port@output" in codes(Analyzer(drawing("loss Loss", "output Output", "loss > output"), registry()))
