"""Make a block of a selection and take it apart again: the same graph, word for word where it is refused."""

from __future__ import annotations

import pytest

from graph_compiler.graph.blocks import boundary, group, port_name, unpack
from graph_compiler.graph.edits import EditRefused
from graph_compiler.graph.files import dumps
from graph_compiler.graph.model import BlockDefinition, Document, with_values
from graph_compiler.graph.values import BlockParameter
from tests.helpers.drawing import block, drawing

BRANCHES = ("mnist MNIST", "scale Rescaling scale=0.01", "left Conv2D filters=4 padding=same", "right Conv2D padding=same",
            "sum Add", "flat Flatten", "dense Dense units=10", "loss Loss",
            "mnist.image > scale > left > sum > flat > dense > loss.prediction", "scale > right > sum.in#1",
            "mnist.label > loss.target", "right > flat.aside")


def branches() -> Document:
    document = drawing(*BRANCHES)
    for number, one in enumerate(document.graph.nodes.values()):
        document.graph.put_node(with_values(one, x=number * 200.0, y=(number % 3) * 50.0))
    return document


def test_what_crosses_the_border_becomes_ports() -> None:
    document = branches()
    group(document, "", ["left", "right", "sum"], "two ways").apply(document)
    made = document.blocks["two ways"]
    assert [port_name(n) for n in boundary(made, "BlockInput")] == ["in"]
    assert [port_name(n) for n in boundary(made, "BlockOutput")] == ["right", "sum"]
    assert sorted((e.source, e.target, e.target_port, e.index) for e in made.graph.edges.values()) == [
        ("block_input_1", "left", "in", 0), ("block_input_1", "right", "in", 0), ("left", "sum", "in", 0),
        ("right", "block_output_1", "in", 0), ("right", "sum", "in", 1), ("sum", "block_output_2", "in", 0)]
    assert [(e.source_port, e.target, e.target_port) for e in document.graph.out_of("two_ways_1")] == [
        ("right", "flat", "aside"), ("sum", "flat", "in")]
    instance = document.graph.nodes["two_ways_1"]
    assert (instance.x, instance.y) == (600.0, 50.0)
    assert made.graph.nodes["left"] == branches().graph.nodes["left"]


def test_ports_are_named_after_what_they_carry() -> None:
    document = branches()
    group(document, "", ["scale", "left"], "head").apply(document)
    assert [port_name(n) for n in boundary(document.blocks["head"], "BlockInput")] == ["image"]
    document = drawing("a Dense", "b Dense", "q Reader", "a > q.query", "b > q.value")
    group(document, "", ["q"], "reader").apply(document)
    assert [port_name(n) for n in boundary(document.blocks["reader"], "BlockInput")] == ["query", "value"]


def test_open_ends_become_ports_where_no_wire_crosses_the_border() -> None:
    document = drawing("a Dense", "q Reader", "s Split", "n Note", "a > q.query")
    ports = {"Dense": (["in"], ["out"]), "Reader": (["query", "value"], ["out"]), "Split": (["in"], ["h", "c"]),
             "Note": ([], [])}
    before = dumps(document)
    inverse = group(document, "", ["a", "q", "s", "n"], "made", ports=lambda node: ports[node.type]).apply(document)
    made = document.blocks["made"]
    assert [port_name(n) for n in boundary(made, "BlockInput")] == ["a", "value", "s"]
    assert [port_name(n) for n in boundary(made, "BlockOutput")] == ["q", "h", "c"]
    assert not document.graph.edges
    assert len(made.graph.edges) == 7
    inverse.apply(document)
    assert dumps(document) == before


def test_undone_in_one_step() -> None:
    document = branches()
    before = dumps(document)
    edit = group(document, "", ["left", "sum", "right"], "b")
    inverse = edit.apply(document)
    assert edit.describe() == "make block b"
    inverse.apply(document)
    assert dumps(document) == before


def test_unpacked_it_is_what_it_was() -> None:
    document = branches()
    group(document, "", ["left", "right", "sum"], "b").apply(document)
    unpack(document, "", "b_1", drop=True).apply(document)
    assert document == branches()


def test_grouping_inside_a_block_hands_its_parameters_on() -> None:
    outer = block("in BlockInput", "a Dense units==width*2", "b Dense", "out BlockOutput", "in > a > b > out",
                  width=6, rate=0.5)
    document = drawing(outer=outer)
    before = dumps(document)
    group(document, "outer", ["a"], "inner").apply(document)
    assert document.blocks["inner"].parameters == (BlockParameter(name="width", default=6),)
    assert document.blocks["outer"].graph.nodes["inner_1"].params == {"width": {"=": "width"}}
    unpack(document, "outer", "inner_1", drop=True).apply(document)
    assert document.blocks["outer"].graph.nodes["a"].params == {"units": {"=": "width*2"}}
    assert sorted(dumps(document)) == sorted(before)


def test_parameters_are_put_into_what_comes_out() -> None:
    outer = block("in BlockInput", "a Dense units==width*2 activation==act", "b Conv2D filters==?",
                  'c Conv2D kernel_size=[{"=":"width"},{"=":"width"}] filters==width//nothing', "out BlockOutput",
                  "in > a > b > c > out", width=6, act="relu")
    document = drawing("*one Block block=outer width=3", "a Dense", outer=outer)
    unpack(document, "", "one").apply(document)
    nodes = document.graph.nodes
    assert nodes["dense_1"].params == {"units": 6, "activation": "relu"}
    assert nodes["b"].params == {"filters": {"=": "?"}}
    assert nodes["c"].params == {"kernel_size": [3, 3], "filters": {"=": "3//nothing"}}
    assert {one.id for one in nodes.values() if one.frozen} == {"dense_1", "b", "c"}
    assert "outer" in document.blocks


def test_a_port_that_passes_straight_through_is_a_wire_again() -> None:
    straight = block("in BlockInput", "free BlockInput", "d Dense", "out BlockOutput", "in > out", "free > d")
    document = drawing("a Dense", "b Dense", "one Block block=straight", "a > one > b", "one.gone > b.x", straight=straight)
    unpack(document, "", "one", drop=True).apply(document)
    assert sorted(document.graph.edges) == [("a", "out", "b", "in", 0)]
    assert sorted(document.graph.nodes) == ["a", "b", "d"]
    assert not document.blocks


def test_shared_weights_inside_keep_apart_from_those_outside() -> None:
    document = drawing("x Block block=leaf weights=L", "one Block block=pair", leaf=block("in BlockInput"),
                       pair=block("p Block block=leaf weights=L", "q Block block=leaf weights=L"))
    unpack(document, "", "one").apply(document)
    assert {n.id: n.weights for n in document.graph.nodes.values()} == {"x": "L", "p": "L2", "q": "L2"}


def test_an_objective_trains_what_it_named() -> None:
    document = drawing("a Dense", "b Dense", "c Dense", 'loss Loss trains=["a","b","c"]', "a > b > c > loss.prediction")
    group(document, "", ["a", "b"], "g").apply(document)
    assert document.graph.nodes["loss"].params["trains"] == ["g_1", "c"]
    unpack(document, "", "g_1").apply(document)
    assert document.graph.nodes["loss"].params["trains"] == ["a", "b", "c"]


@pytest.mark.parametrize(("ids", "name", "words"), [
    ([], "b", "Select the nodes that the block should hold."),
    (["mnist", "scale"], "b", "MNIST (mnist) stands in the drawing itself. Leave it out of the block."),
    (["dense", "loss"], "b", "Loss (loss) stands in the drawing itself."),
    (["scale", "sum"], "b", "lies on a way from the selection back into it. Select it too."),
    (["left", "nobody"], "b", "There is no node “nobody” here."), (["left"], "taken", "A block “taken” is here already."),
    (["left"], "a.b", "The name of a block has no “/”, no “.”"),
    (["left"], " ", "The name of a block has 1 to 120 characters.")])
def test_grouping_is_refused_in_words(ids: list[str], name: str, words: str) -> None:
    document = branches()
    document.blocks["taken"] = BlockDefinition()
    before = dumps(document)
    with pytest.raises(EditRefused) as found:
        group(document, "", ids, name, drawing_only={"MNIST", "Loss", "Output"})
    assert words in str(found.value)
    assert dumps(document) == before


def test_weights_are_not_shared_across_the_border() -> None:
    document = drawing("a Block block=leaf weights=L", "b Block block=leaf weights=L", leaf=block("in BlockInput", "d Dense"))
    with pytest.raises(EditRefused, match=r"leaf \(a\) shares the weights “L” with b, which stays outside. Select it too"):
        group(document, "", ["a"], "g")
    with pytest.raises(EditRefused, match=r"leaf \(a\) shares its weights with b, which .* Set its Weights to “own”"):
        unpack(document, "", "a")
    with pytest.raises(EditRefused, match=r"“in” is a port of “leaf”. Leave it out of the new block."):
        group(document, "leaf", ["in"], "g")


def test_unpacking_is_refused_in_words() -> None:
    document = drawing("a Dense", "~b Block block=leaf", "c Block block=gone", leaf=block("in BlockInput"))
    for node_id, words in (("a", "Dense is not a block. Make a block of it first."),
                           ("b", "leaf (b) is muted. Unmute it first."), ("c", "There is no block named “gone”.")):
        with pytest.raises(EditRefused) as found:
            unpack(document, "", node_id)
        assert str(found.value) == words
