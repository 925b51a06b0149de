"""Blocks as analysis sees them: insides by path, problems at every depth, ends, sharing, freezing, sums, expressions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.catalog import registry
from graph_compiler.graph.blocks import group, rename_port, repeat, set_parameters, unpack
from graph_compiler.graph.edits import Disconnect, RemoveNode, SetField, SetParam
from graph_compiler.graph.model import BlockDefinition, Document
from graph_compiler.graph.values import BlockParameter
from tests.helpers.drawing import apply, block, codes, drawing, fix, wire

HEAD = ("iris Iris", "last Dense units=3 activation=softmax", "loss Loss", "last > loss.prediction",
        "iris.species > loss.target")


def leaf() -> BlockDefinition:
    return block("x BlockInput", "dense Dense units==width", "y BlockOutput", "x > dense > y", width=4)


def pair() -> BlockDefinition:
    """Two leaves, one after the other."""
    return block("x BlockInput", "one Block block=leaf width==size", "two Block block=leaf width==size", "y BlockOutput",
                 "x > one.x", "one.y > two.x", "two.y > y", size=4)


def nested(*lines: str, **blocks: BlockDefinition) -> Document:
    return drawing(*HEAD, *lines, **{"leaf": leaf(), "pair": pair(), **blocks})


def two_pairs() -> Analyzer:
    return Analyzer(nested("a Block block=pair", "b Block block=pair", "iris.features > a.x", "a.y > b.x", "b.y > last"),
                    registry())


def only(analysis: Analyzer, code: str) -> Diagnostic:
    found = [p for p in analysis.problems if p.code == code]
    assert len(found) == 1, codes(analysis)
    return found[0]


def test_facts_inside_have_the_path_of_their_instance() -> None:
    analysis = two_pairs()
    assert codes(analysis) == []
    for path in ("a.one.dense", "b.two.dense", "a.two", "b.one.x"):
        facts = analysis.facts(path)
        assert facts is not None
        assert facts.path == path
    assert analysis.facts("a.three.dense") is analysis.facts("a.x.dense") is None
    assert [f.path for f in analysis.all_facts()][:5] == ["iris", "a", "a.x", "a.one", "a.one.x"]


def test_instances_that_agree_share_one_analysis_and_are_seen_apart() -> None:
    analysis = Analyzer(nested("first Dense units=4", "a Block block=pair", "b Block block=pair", "iris.features > first > a.x",
                               "a.y > b.x", "b.y > last"), registry())
    assert analysis.engine.inner["a"] is analysis.engine.inner["b"]
    a, b = analysis.facts("a.one.dense"), analysis.facts("b.one.dense")
    assert a is not None
    assert b is not None
    assert (a.path, b.path, a.weights, a.outputs) == ("a.one.dense", "b.one.dense", b.weights, b.outputs)
    apply(analysis, SetParam("a", "size", 7))
    assert analysis.engine.inner["a"] is not analysis.engine.inner["b"]
    assert analysis.facts("a.one.dense").weights == 4 * 7 + 7  # type: ignore[union-attr]
    assert analysis.facts("b.one.dense").weights == 7 * 4 + 4  # type: ignore[union-attr]


def test_an_edit_inside_looks_again_only_where_it_is_felt() -> None:
    lines = ("a Block block=pair", "b Block block=other", "iris.features > a.x", "a.y > b.x", "b.y > last")
    analysis = Analyzer(nested(*lines, other=block("x BlockInput", "d Dense", "y BlockOutput", "x > d > y")), registry())
    before, inside = analysis.facts("b.d"), analysis.facts("a.one.x")
    apply(analysis, SetParam("dense", "activation", "relu", "leaf"))
    assert analysis.facts("b.d") is before
    assert analysis.facts("a.one.x") is inside
    assert analysis.facts("a.one.dense").values["activation"] == "relu"  # type: ignore[union-attr]
    inverse = SetParam("dense", "units", 9, "leaf").apply(analysis.document)
    assert analysis.update(inverse.changes()) == {"a", "b"}


def test_insides_that_nothing_uses_are_forgotten() -> None:
    analysis = two_pairs()
    for size in range(20, 40):
        apply(analysis, SetParam("a", "size", size))
    assert len(analysis.engine.shared.known) == 6
    apply(analysis, RemoveNode("b"))
    assert len(analysis.engine.shared.known) == 3


def test_a_problem_deep_inside_comes_once_with_its_place_and_shows_at_every_instance_around_it() -> None:
    analysis = two_pairs()
    apply(analysis, SetParam("dense", "units", 0, "leaf"))
    problem = analysis.problems[0]
    assert (problem.code, problem.scope, problem.node, problem.path) == ("parameter", "leaf", "dense", "a.one.dense")
    assert codes(analysis) == ["parameter@dense", "block-inside@a", "block-inside@one"]
    around = analysis.problems[1]
    assert around.title == "pair has a problem inside"
    assert around.sentence == "Expected an inside without problems, received “units does not fit”. Open the block."
    assert around.facts == {"inside": "one.dense", "words": "units does not fit"}
    assert [p.path for p in analysis.problems_of("a.one.dense")] == ["a.one.dense"]
    assert fix(analysis, "parameter") == "set units back to 10"
    assert analysis.clean


def test_a_block_that_contains_itself_is_named() -> None:
    analysis = Analyzer(nested("a Block block=pair", "iris.features > a.x", "a.y > last"), registry())
    apply(analysis, SetField("dense", "block", "pair", "leaf"))
    apply(analysis, SetParam("dense", "units", 3, "leaf"))
    document = analysis.document
    document.blocks["leaf"].graph.put_node(drawing("dense Block block=pair").graph.nodes["dense"])
    problem = only(Analyzer(document, registry()), "too-deep")
    assert (problem.node, problem.title) == ("a", "pair contains itself")
    assert problem.sentence == ("Expected blocks that come to an end, received pair → leaf → pair. "
                                "Take it out of its own inside.")


def test_nested_too_deep_or_holding_too_much_is_refused() -> None:
    deep = {f"b{n}": block("x BlockInput", f"i Block block=b{n + 1}", "y BlockOutput", "x > i.x", "i.y > y") for n in range(40)}
    deep["b40"] = block("x BlockInput", "y BlockOutput", "x > y")
    analysis = Analyzer(nested("a Block block=b0", "iris.features > a.x", "a.y > last", **deep), registry())
    assert only(analysis, "too-deep").title == "b0 is nested too deep"
    apply(analysis, SetField("a", "block", "b25"))
    assert codes(analysis) == []
    apply(analysis, SetField("a", "block", "b24"))
    assert only(analysis, "too-deep").expected == "at most 16 blocks inside one another"
    wide = {"w0": block("x BlockInput", *(f"n{i} Identity" for i in range(200)), "y BlockOutput", "x > y"),
            "w1": block("x BlockInput", *(f"n{i} Block block=w0" for i in range(200)), "y BlockOutput", "x > y")}
    analysis = Analyzer(nested("a Block block=w1", "iris.features > a.x", "a.y > last", **wide), registry())
    assert only(analysis, "too-deep").sentence == "Expected at most 20,000 nodes inside, received more. Take some out."


def test_a_definition_that_is_missing_and_ports_without_wires_are_named_where_they_are() -> None:
    analysis = two_pairs()
    apply(analysis, Disconnect(wire("one.y", "two.x").key, "pair"))
    assert [(p.code, p.path) for p in analysis.problems][:2] == [("missing-input", "a.two"), ("block-inside", "a")]
    analysis = Analyzer(nested("a Block block=gone", "b Block block=pair", "iris.features > a.x", "iris.features > b.x",
                               "b.y > last"), registry())
    assert only(analysis, "no-block").title == "There is no block “gone”"
    apply(analysis, RemoveNode("a"))
    apply(analysis, Disconnect(wire("two.y", "y").key, "pair"))
    first = analysis.problems[0]
    assert (first.code, first.path, first.title) == ("missing-input", "b.y", "BlockOutput has no input")


def test_shared_weights_count_once_at_every_depth() -> None:
    shared = block("x BlockInput", "one Block block=leaf weights=L", "two Block block=leaf weights=L",
                   "~off Block block=leaf weights=M", "three Block block=leaf weights=M", "y BlockOutput",
                   "x > one.x", "one.y > two.x", "two.y > off.x",
                   "off.y > three.x", "three.y > y")
    analysis = Analyzer(nested("a Block block=s weights=S", "b Block block=s weights=S", "c Block block=s",
                               "iris.features > a.x", "a.y > b.x", "b.y > c.x", "c.y > last", s=shared), registry())
    assert codes(analysis) == []
    assert [analysis.facts(n).weights for n in "abc"] == [40, 40, 40]  # type: ignore[union-attr]
    assert analysis.totals.weights == 40 + 40 + 15
    assert analysis.totals.macs == 3 * 3 * 16 + 12


@pytest.mark.parametrize(("changed", "expected", "received"), [
    ("two Block block=leaf weights=L width=5", "the parameters of one: width 4", "width 5"),
    ("*two Block block=leaf weights=L", "not frozen, like one", "frozen")])
def test_instances_of_one_name_agree_inside_blocks_too(changed: str, expected: str, received: str) -> None:
    inner = block("x BlockInput", "one Block block=leaf weights=L", changed, "sum Add", "y BlockOutput",
                  "x > one.x", "x > two.x", "one.y > sum", "sum > y")
    analysis = Analyzer(nested("a Block block=s", "b Block block=s", "iris.features > a.x", "a.y > b.x", "b.y > last", s=inner),
                        registry())
    problem = only(analysis, "shared-mismatch")
    assert (problem.path, problem.expected, problem.received) == ("a.two", expected, received)
    assert "block-inside@a" in codes(analysis)
    assert fix(analysis, "shared-mismatch") == "give it weights of its own"
    assert analysis.clean


def test_inputs_of_one_name_agree_inside_blocks_too() -> None:
    inner = block("x BlockInput", "one Block block=leaf weights=L", "wide Dense units=9", "two Block block=leaf weights=L",
                  "y BlockOutput", "x > one.x", "x > wide > two.x", "one.y > y")
    analysis = Analyzer(nested("a Block block=s", "iris.features > a.x", "a.y > last", s=inner), registry())
    problem = only(analysis, "shared-mismatch")
    assert (problem.path, problem.expected, problem.received) == ("a.two", "the input of one: 4", "9")


def test_a_frozen_instance_freezes_its_inside() -> None:
    analysis = two_pairs()
    apply(analysis, SetField("a", "frozen", True))
    assert (analysis.facts("a.two.dense").fixed, analysis.facts("b.two.dense").fixed) == (20, 0)  # type: ignore[union-attr]
    assert (analysis.plan.trainable, analysis.plan.held) == (("b", "last"), ("a",))
    assert analysis.totals.trainable == 40 + 15


def test_a_muted_instance_passes_on_what_it_receives() -> None:
    analysis = two_pairs()
    apply(analysis, SetField("a", "muted", True))
    assert analysis.clean
    assert (analysis.facts("a").weights, analysis.totals.weights) == (0, 40 + 15)  # type: ignore[union-attr]


def test_results_inside_count_for_training_memory() -> None:
    analysis = two_pairs()
    flat = Analyzer(analysis.document.copy(), registry())
    for node_id in ("a", "b"):
        apply(flat, unpack(flat.document, "", node_id))
    for node_id in [n for n, node in flat.document.graph.nodes.items() if node.block]:
        apply(flat, unpack(flat.document, "", node_id))
    assert not any(node.block for node in flat.document.graph.nodes.values())
    assert replace(flat.totals, nodes=0) == replace(analysis.totals, nodes=0)
    assert flat.clean


def test_repeated_where_shapes_no_longer_fit_has_the_usual_diagnostic() -> None:
    shrinking = block("x BlockInput", "c Conv2D filters=4 kernel_size=[3,3]", "y BlockOutput", "x > c > y")
    analysis = Analyzer(drawing("mnist MNIST", "r Rescaling", "s Block block=s", "f Flatten", "d Dense units=10", "loss Loss",
                                "mnist.image > r > s.x", "s.y > f > d > loss.prediction", "mnist.label > loss.target",
                                s=shrinking), registry())
    apply(analysis, repeat(analysis.document, "", "s", 13))
    assert codes(analysis) == []
    apply(analysis, repeat(analysis.document, "", "s", 2))
    problem = analysis.problems[0]
    assert (problem.path, problem.title) == ("s_12.c", "Conv2D looks further than its input reaches")
    assert codes(analysis) == [f"{problem.code}@c", "block-inside@s_12"]


def test_what_leads_nowhere_inside_is_named_there() -> None:
    inner = block("x BlockInput", "d Dense", "e Dense", "f Dense", "y BlockOutput", "x > d > y", "x > e > f")
    analysis = Analyzer(nested("a Block block=s", "b Block block=s", "iris.features > a.x", "a.y > b.x", "b.y > last", s=inner),
                        registry())
    problem = only(analysis, "dangling")
    assert (problem.path, problem.severity, problem.title) == ("a.f", "warning", "Dense leads nowhere")
    assert problem.sentence == ("Expected a way to an output port of the block, received none. "
                                "Pull a wire from it, or remove it.")
    assert [p.path for p in analysis.problems_of("b.f")] == ["b.f"]
    assert analysis.clean


@pytest.mark.parametrize(("text", "sentence"), [
    ("depth * 2", "Expected an expression with a value, received “depth * 2”. There is no parameter “depth” here. "
                  "The block has width, rate, word."),
    ("width // (width - 4)", "Expected an expression with a value, received “width // (width - 4)” with width = 4. "
                             "Division by zero."),
    ("width *", "Expected an expression with a value, received “width *” with width = 4. Something is missing at the end."),
    ("word * 2", "Expected an expression with a value, received “word * 2” with word = relu. word is not a number."),
    ("width - 9", "Expected a whole number from 1 on, received -5 from “width - 9” with width = 4. "
                  "Change units, or width."),
    ("width * rate", "Expected a whole number from 1 on, received 2.5 from “width * rate” with rate = 0.625, width = 4. "
                     "Change units, or rate or width.")])
def test_an_expression_that_does_not_fit_says_what_its_names_stand_for(text: str, sentence: str) -> None:
    inside = block("x BlockInput", "d Dense", "y BlockOutput", "x > d > y", width=2, rate=0.625, word="relu")
    analysis = Analyzer(nested("a Block block=e width=4", "iris.features > a.x", "a.y > last", e=inside), registry())
    apply(analysis, SetParam("d", "units", {"=": text}, "e"))
    problem = analysis.problems[0]
    assert (problem.path, problem.param, problem.sentence) == ("a.d", "units", sentence)


def test_in_the_drawing_itself_an_expression_has_no_names() -> None:
    analysis = two_pairs()
    apply(analysis, SetParam("last", "units", {"=": "width"}))
    assert only(analysis, "expression").hint == "There is no parameter “width” here. Type a number."


@pytest.mark.parametrize(("line", "hint"), [
    ("n MNIST", "Bring its tensor in through an input port."), ("n Output", "Lead its tensor out through an output port."),
    ("n Loss", "Lead what it compares out through output ports, and place it there.")])
def test_what_stands_in_the_drawing_itself_is_refused_inside_a_block(line: str, hint: str) -> None:
    inside = block("x BlockInput", line, "y BlockOutput", "x > y", "x > n.prediction")
    analysis = Analyzer(nested("a Block block=e", "iris.features > a.x", "a.y > last", e=inside), registry())
    problem = only(analysis, "drawing-only")
    assert (problem.path, problem.hint) == ("a.n", hint)
    assert [f.label for f in problem.fixes] == ["remove the node"]
    assert problem.sentence.startswith("Expected a place in the drawing itself, received a place inside “e”.")


def test_verbs_keep_the_analysis_clean_and_its_sums() -> None:
    analysis = two_pairs()
    before = analysis.totals
    apply(analysis, group(analysis.document, "", ["a", "b"], "both", registry().drawing_only))
    apply(analysis, rename_port(analysis.document, "pair", "x", "entry"))
    fresh = [BlockParameter(name="units", default=4)]
    apply(analysis, set_parameters(analysis.document, "leaf", fresh, {"width": "units"}))
    assert codes(analysis) == []
    assert replace(analysis.totals, nodes=0) == replace(before, nodes=0)
    assert analysis.facts("both_1.b.two.dense").weights == 20  # type: ignore[union-attr]
