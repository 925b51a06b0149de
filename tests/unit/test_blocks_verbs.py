"""The other verbs of blocks: placing, repeating, ports, parameters, definitions, files of their own; refusals in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from graph_compiler.graph.blocks import (
    add_port,
    block_document,
    boundary,
    delete_unused_blocks,
    expose,
    insert_block,
    name_instance,
    place,
    place_again,
    port_name,
    remove_port,
    rename_block,
    rename_port,
    reorder_port,
    repeat,
    set_parameters,
    unused_blocks,
)
from graph_compiler.graph.blocks.names import fresh_weights
from graph_compiler.graph.edits import Edit, EditRefused
from graph_compiler.graph.files import dumps, load, save
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import BlockParameter
from tests.helpers.drawing import block, drawing

TOWER = ("x BlockInput", "side BlockInput order=1", "d Dense units==width*2", "y BlockOutput", "x > d > y", "side > d.side")


def towers() -> Document:
    """`tower` in the drawing and inside `outer`, which nothing uses."""
    outer = block("i BlockInput", "inner Block block=tower width==size", "o BlockOutput", "i > inner.x", "inner.y > o", size=5)
    return drawing("a Dense", "t Block block=tower width=3", "z Dense", "a > t.x", "a > t.side", "t.y > z", "t.y > z.in#3",
                   tower=block(*TOWER, width=4), outer=outer)


def wires(document: Document, scope: str = "") -> list[str]:
    return [f"{e.source}.{e.source_port} > {e.target}.{e.target_port}#{e.index}"
            for _, e in sorted(document.scope(scope).edges.items())]


def ports(document: Document, name: str, kind: str = "BlockInput") -> list[str]:
    return [port_name(n) for n in boundary(document.blocks[name], kind)]


def test_placed_again_with_shared_weights_both_carry_the_name() -> None:
    document = towers()
    edit = place_again(document, "", "t", True, 5.0, 6.0)
    edit.apply(document)
    assert edit.describe() == "place tower again, shared"
    first, second = document.graph.nodes["t"], document.graph.nodes["tower_1"]
    assert (first.weights, second.weights, second.params) == ("T", "T", {"width": 3})
    assert (second.x, second.y, document.graph.touching("tower_1")) == (5.0, 6.0, [])
    place_again(document, "", "tower_1", True, 0.0, 0.0).apply(document)
    place_again(document, "", "t", False, 0.0, 0.0).apply(document)
    place(document, "outer", "tower", 0.0, 0.0).apply(document)
    assert {n.id: n.weights for n in document.graph.nodes.values() if n.block} == {
        "t": "T", "tower_1": "T", "tower_2": "T", "tower_3": ""}
    assert document.blocks["outer"].graph.nodes["tower_1"].weights == ""


@pytest.mark.parametrize(("name", "taken", "short"), [
    ("discriminator", "", "D"), ("Residual block", "", "RB"), ("myBigNet", "", "MBN"), ("d", ["D", "D2"], "D3"), ("3", "", "W"),
    ("élan", "", "É")])
def test_weights_names_are_initials(name: str, taken: list[str], short: str) -> None:
    assert fresh_weights(name, taken) == short


def test_repeated_it_stands_in_a_chain() -> None:
    document = towers()
    edit = repeat(document, "", "t", 3)
    edit.apply(document)
    assert edit.describe() == "repeat tower × 3"
    assert wires(document) == [
        "a.out > t.side#0", "a.out > t.x#0", "a.out > tower_1.side#0", "a.out > tower_2.side#0", "t.y > tower_1.x#0",
        "tower_1.y > tower_2.x#0", "tower_2.y > z.in#0", "tower_2.y > z.in#3"]
    assert all(document.graph.nodes[n].params == {"width": 3} for n in ("t", "tower_1", "tower_2"))
    assert document.graph.nodes["tower_2"].x == 480.0


def test_a_port_takes_a_new_name_everywhere() -> None:
    document = towers()
    rename_port(document, "tower", "x", "image").apply(document)
    rename_port(document, "tower", "y", "score").apply(document)
    assert wires(document) == ["a.out > t.image#0", "a.out > t.side#0", "t.score > z.in#0", "t.score > z.in#3"]
    assert wires(document, "outer") == ["i.out > inner.image#0", "inner.score > o.in#0"]
    assert ports(document, "tower") == ["image", "side"]


def test_ports_are_added_removed_and_reordered() -> None:
    document = towers()
    add_port(document, "tower", "in", "mask").apply(document)
    add_port(document, "tower", "out", "code", (7.0, 8.0)).apply(document)
    assert (ports(document, "tower"), ports(document, "tower", "BlockOutput")) == (["x", "side", "mask"], ["y", "code"])
    made = boundary(document.blocks["tower"], "BlockOutput")[1]
    assert (made.id, made.x, made.y) == ("block_output_1", 7.0, 8.0)
    reorder_port(document, "tower", "block_input_1", 0).apply(document)
    assert ports(document, "tower") == ["mask", "x", "side"]
    remove_port(document, "tower", "x").apply(document)
    assert ports(document, "tower") == ["mask", "side"]
    assert wires(document) == ["a.out > t.side#0", "t.y > z.in#0", "t.y > z.in#3"]
    assert wires(document, "outer") == ["inner.y > o.in#0"]
    assert wires(document, "tower") == ["d.out > y.in#0", "side.out > d.side#0"]


def test_a_renamed_parameter_is_followed_by_expressions_and_instances() -> None:
    document = towers()
    fresh = [BlockParameter(name="filters", default=4), BlockParameter(name="rate", kind="float", default=0.5)]
    set_parameters(document, "tower", fresh, {"width": "filters"}).apply(document)
    assert document.blocks["tower"].graph.nodes["d"].params == {"units": {"=": "filters*2"}}
    assert document.graph.nodes["t"].params == {"filters": 3}
    assert document.blocks["outer"].graph.nodes["inner"].params == {"filters": {"=": "size"}}
    assert document.blocks["tower"].parameters == tuple(fresh)


def test_a_parameter_that_goes_leaves_its_default() -> None:
    document = towers()
    set_parameters(document, "tower", []).apply(document)
    assert document.blocks["tower"].graph.nodes["d"].params == {"units": 8}
    assert document.graph.nodes["t"].params == {}


def test_a_value_inside_becomes_a_parameter() -> None:
    document = drawing(b=block("c Conv2D kernel_size=[3,3] activation=relu", "d Dropout"))
    expose(document, "b", "c", "kernel_size", "kernel").apply(document)
    expose(document, "b", "c", "activation", "act").apply(document)
    expose(document, "b", "d", "rate", "rate", 1, "float").apply(document)
    made = document.blocks["b"]
    assert made.parameters == (
        BlockParameter(name="kernel", default=3), BlockParameter(name="act", kind="text", default="relu"),
        BlockParameter(name="rate", kind="float", default=1))
    assert made.graph.nodes["c"].params == {"kernel_size": [{"=": "kernel"}, {"=": "kernel"}], "activation": {"=": "act"}}
    assert made.graph.nodes["d"].params == {"rate": {"=": "rate"}}


def test_a_block_takes_a_new_name_at_every_depth() -> None:
    document = towers()
    rename_block(document, "tower", "branch").apply(document)
    assert set(document.blocks) == {"branch", "outer"}
    assert (document.graph.nodes["t"].block, document.blocks["outer"].graph.nodes["inner"].block) == ("branch", "branch")


def test_a_name_is_the_blocks_while_it_is_placed_once_and_this_places_afterwards() -> None:
    document = drawing("n Block block=net", net=block("i BlockInput", "o BlockOutput", "i > o"))
    name_instance(document, "", "n", "stem").apply(document)
    assert (list(document.blocks), document.graph.nodes["n"].block, document.graph.nodes["n"].label) == (["stem"], "stem", "")
    place_again(document, "", "n", False, 0.0, 0.0).apply(document)
    name_instance(document, "", "n", "first").apply(document)
    assert (list(document.blocks), document.graph.nodes["n"].label) == (["stem"], "first")
    name_instance(document, "", "n", "stem").apply(document)
    assert document.graph.nodes["n"].label == ""


def test_a_name_that_no_block_can_have_is_that_of_the_place() -> None:
    document = drawing("n Block block=net", net=block("i BlockInput", "o BlockOutput", "i > o"))
    name_instance(document, "", "n", "stem v1.2").apply(document)
    assert (list(document.blocks), document.graph.nodes["n"].label) == (["net"], "stem v1.2")
    name_instance(document, "", "n", "net").apply(document)
    assert document.graph.nodes["n"].label == ""


def test_a_block_that_holds_itself_can_be_renamed_and_cleared_out() -> None:
    document = drawing(a=block("me Block block=a"), b=block("c Block block=c"), c=block("b Block block=b"))
    rename_block(document, "a", "z").apply(document)
    assert document.blocks["z"].graph.nodes["me"].block == "z"
    before = dumps(document)
    inverse = delete_unused_blocks(document).apply(document)
    assert not document.blocks
    inverse.apply(document)
    assert dumps(document) == before


def test_only_what_the_drawing_does_not_use_is_unused() -> None:
    document = towers()
    assert unused_blocks(document) == ["outer"]
    edit = delete_unused_blocks(document)
    edit.apply(document)
    assert (list(document.blocks), edit.describe()) == (["tower"], "remove block outer")
    with pytest.raises(EditRefused, match="Every block is used"):
        delete_unused_blocks(document)


def test_a_block_as_a_file_and_back(tmp_path: Path) -> None:
    document = towers()
    save(block_document(document, "outer"), tmp_path / "outer.netloom")
    mine = load(tmp_path / "outer.netloom")
    assert (set(mine.blocks), mine.about["title"], mine.graph.nodes["outer_1"].block) == ({"tower", "outer"}, "outer", "outer")
    other = Document()
    edit, name = insert_block(other, mine, "outer")
    edit.apply(other)
    assert (name, other.blocks) == ("outer", document.blocks)
    edit, name = insert_block(other, mine, "outer")
    edit.apply(other)
    assert (name, len(other.blocks)) == ("outer", 2)


def test_another_definition_of_the_same_name_takes_a_fresh_one() -> None:
    mine, other = towers(), drawing(tower=block("x BlockInput"))
    edit, name = insert_block(other, mine, "outer")
    edit.apply(other)
    assert (name, set(other.blocks)) == ("outer", {"tower", "tower_2", "outer"})
    assert other.blocks["outer"].graph.nodes["inner"].block == "tower_2"
    assert other.blocks["tower_2"] == mine.blocks["tower"]


WORDS: list[tuple[Callable[[Document], object], str]] = [
    (lambda d: place(d, "tower", "tower", 0, 0), "The block “tower” cannot stand inside itself: it would have no end."),
    (lambda d: place(d, "tower", "outer", 0, 0),
     "The block “outer” cannot stand inside “tower”, which is a part of it: it would have no end."),
    (lambda d: place(d, "", "none", 0, 0), "There is no block named “none”."),
    (lambda d: place_again(d, "", "a", True, 0, 0), "Dense is not a block. Make a block of it first."),
    (lambda d: repeat(d, "", "t", 1), "A block can be repeated 2 to 100 times."),
    (lambda d: repeat(d, "", "gone", 2), "There is no node “gone” here."),
    (lambda d: repeat(d, "", "dead", 2), "end needs an input and an output to stand in a chain."),
    (lambda d: rename_port(d, "tower", "x", "side"), "The block has a port “side” already."),
    (lambda d: rename_port(d, "tower", "x", " "), "A port has a name of 1 to 200 characters."),
    (lambda d: rename_port(d, "tower", "d", "p"), "The block “tower” has no port “d”."),
    (lambda d: add_port(d, "tower", "in", "x"), "The block has a port “x” already."),
    (lambda d: remove_port(d, "tower", "z"), "The block “tower” has no port “z”."),
    (lambda d: rename_block(d, "tower", "outer"), "A block “outer” is here already. Choose another name."),
    (lambda d: set_parameters(d, "tower", [BlockParameter(name="2x")]),
     "“2x” cannot name a parameter. Use letters, digits and “_”, a letter first."),
    (lambda d: set_parameters(d, "tower", [BlockParameter(name="x", kind="list")]),
     "“list” is no kind of parameter. There are int, float, bool, text."),
    (lambda d: set_parameters(d, "tower", [], {"width": "w"}), "“w” is not among the parameters."),
    (lambda d: expose(d, "tower", "d", "rate", "r"), "rate of Dense has no value yet. Set it first."),
    (lambda d: expose(d, "tower", "d", "units", "r"), "units of Dense is computed already."),
    (lambda d: expose(d, "tower", "d", "axis", "r", [1, 2]),
     "axis of Dense is no number, text or switch, so it cannot be a parameter of the block."),
    (lambda d: expose(d, "tower", "d", "rate", "width", 0.5), "The block has a parameter “width” already.")]


@pytest.mark.parametrize(("verb", "words"), WORDS, ids=[words[:40] for _, words in WORDS])
def test_refused_in_words(verb: Callable[[Document], object], words: str) -> None:
    document = towers()
    document.blocks["end"] = block("x BlockInput")
    document.graph.put_node(drawing("dead Block block=end").graph.nodes["dead"])
    with pytest.raises(EditRefused) as found:
        verb(document)
    assert str(found.value) == words


@pytest.mark.parametrize("edit", [
    lambda d: place_again(d, "", "t", True, 0, 0), lambda d: repeat(d, "", "t", 2), lambda d: rename_port(d, "tower", "x", "p"),
    lambda d: remove_port(d, "tower", "x"), lambda d: add_port(d, "outer", "out", "q"),
    lambda d: set_parameters(d, "tower", [], {}), lambda d: rename_block(d, "tower", "branch"), delete_unused_blocks])
def test_one_step_back_and_forth(edit: Callable[[Document], Edit]) -> None:
    document = towers()
    before = dumps(document)
    inverse = edit(document).apply(document)
    after = dumps(document)
    again = inverse.apply(document)
    assert dumps(document) == before
    again.apply(document)
    assert dumps(document) == after
