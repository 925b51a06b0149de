"""Parts of drawings as text: what goes out comes back with fresh ids; what is damaged is refused in words."""

from __future__ import annotations

import json

import pytest

from graph_compiler.graph.clipboard import LONGEST, MARK, MOST, Part, to_text
from graph_compiler.graph.edits import Batch, EditRefused, SetField
from graph_compiler.graph.model import BlockDefinition, Document
from graph_compiler.graph.values import Node
from tests.helpers.drawing import block, drawing, graph


def chain() -> Document:
    return drawing("a Iris", "b Dense units=3", "c Dense", "a.features > b > c")


def test_there_and_back() -> None:
    document = chain()
    edits, ids = Part(to_text(document, "", ["b", "c"])).edits(document, "", 100.0, 50.0)
    Batch(tuple(edits)).apply(document)
    assert ids == ["dense_1", "dense_2"]
    assert document.graph.nodes["dense_1"].params == {"units": 3}
    assert (document.graph.nodes["dense_1"].x, document.graph.nodes["dense_1"].y) == (100.0, 50.0)
    inner = [(e.source, e.target) for e in document.graph.edges.values() if e.source in ids or e.target in ids]
    assert inner == [("dense_1", "dense_2")]


def test_into_another_document_with_the_blocks_it_needs() -> None:
    document = Document(graph("one Block"), {
        "Outer": BlockDefinition(graph("inner Block")), "Inner": BlockDefinition(graph("dense Dense")),
        "Other": BlockDefinition()})
    document.graph.put_node(Node(id="one", type="Block", block="Outer"))
    document.blocks["Outer"].graph.put_node(Node(id="inner", type="Block", block="Inner"))
    text = to_text(document, "", ["one", "gone"])
    target = Document()
    Batch(tuple(Part(text).edits(target, "", 0.0, 0.0)[0])).apply(target)
    assert set(target.blocks) == {"Outer", "Inner"}
    assert target.blocks["Inner"] == document.blocks["Inner"]
    Batch(tuple(Part(text).edits(target, "", 0.0, 0.0)[0])).apply(target)
    assert len(target.graph.nodes) == 2


def test_equal_definitions_are_used_and_others_take_a_fresh_name() -> None:
    document = drawing("one Block block=outer", outer=block("leaf Block block=leaf"), leaf=block("d Dense units=3"))
    text = to_text(document, "", ["one"])
    target = drawing(leaf=block("d Dense units=4"))
    for name in ("outer", "outer"):
        edits, ids = Part(text).edits(target, "", 0.0, 0.0)
        Batch(tuple(edits)).apply(target)
        assert target.graph.nodes[ids[0]].block == name
    assert set(target.blocks) == {"leaf", "leaf_2", "outer"}
    assert target.blocks["outer"].graph.nodes["leaf"].block == "leaf_2"
    edits, ids = Part(to_text(document, "leaf", ["d"])).edits(document, "outer", 0.0, 0.0)
    Batch(tuple(edits)).apply(document)
    assert ids == ["dense_1"]
    edits, ids = Part(text).edits(document, "", 0.0, 0.0)
    Batch(tuple(edits)).apply(document)
    assert document.graph.nodes[ids[0]].block == "outer_2"


def test_a_block_cannot_be_pasted_into_itself() -> None:
    document = drawing("one Block block=outer", outer=block("leaf Block block=leaf"), leaf=block("d Dense", "x BlockInput"))
    for scope, words in (("outer", "“outer” cannot stand inside itself"), ("leaf", "“outer” cannot stand inside “leaf”")):
        with pytest.raises(EditRefused, match=words):
            Part(to_text(document, "", ["one"])).edits(document, scope, 0.0, 0.0)
    with pytest.raises(EditRefused, match="Ports of a block can be pasted into a block only"):
        Part(to_text(document, "leaf", ["x"])).edits(document, "", 0.0, 0.0)


def test_a_fresh_block_cannot_bring_the_block_it_is_pasted_into() -> None:
    library = drawing("one Block block=outer", outer=block("leaf Block block=leaf"), leaf=block("d Dense"))
    target = drawing("two Block block=leaf", leaf=block("d Dense"))
    with pytest.raises(EditRefused, match="“leaf” cannot stand inside itself"):
        Part(to_text(library, "", ["one"])).edits(target, "leaf", 0.0, 0.0)
    assert Part(to_text(library, "", ["one"])).edits(target, "", 0.0, 0.0)[1] == ["outer_1"]


def test_pasted_instances_have_weights_of_their_own() -> None:
    document = drawing("a Block block=leaf weights=D", "b Block block=leaf weights=D", "c Block block=leaf weights=E",
                       leaf=block("d Dense"))
    edits, ids = Part(to_text(document, "", ["a", "b", "c"])).edits(document, "", 0.0, 0.0)
    Batch(tuple(edits)).apply(document)
    assert [document.graph.nodes[n].weights for n in ids] == ["L", "L", ""]


def test_out_of_a_block_expressions_become_values_and_ports_keep_apart() -> None:
    inside = block("x BlockInput", "d Dense units==width*2", "y BlockOutput", "x > d > y", width=4)
    document = drawing(b=inside)
    text = to_text(document, "b", ["x", "d", "y"])
    edits, ids = Part(text).edits(document, "", 0.0, 0.0)
    Batch(tuple(edits)).apply(document)
    assert ({n.id: n.params for n in document.graph.nodes.values()}, ids) == ({"dense_1": {"units": 8}}, ["dense_1"])
    Batch(tuple(Part(text).edits(document, "b", 0.0, 0.0)[0])).apply(document)
    made = document.blocks["b"].graph.nodes
    assert (made["dense_1"].params, made["block_input_1"].label) == ({"units": {"=": "width*2"}}, "x_2")


@pytest.mark.parametrize("text", [
    "", "x" * 10, MARK, f'{{"{MARK}": 1}}', f'["{MARK}"]', f'{{"{MARK}": 1, "nodes": [], "edges": [{{}}]}}',
    f'{{"{MARK}": 1, "nodes": ' + "[" * 100_000 + "]" * 100_000 + ', "edges": []}',
    f'{{"{MARK}": 1, "nodes": [], "edges": [], "blocks": []  , "blocks": 7}}', MARK + " " * LONGEST,
    json.dumps({MARK: 1, "nodes": [{"id": f"n{i}", "type": "Dense"} for i in range(MOST + 1)], "edges": []})])
def test_damaged_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="The clipboard holds"):
        Part(text)


def _answered(text: str) -> str:
    return "Ann wrote:\n" + "\n".join(f"> {line}" for line in text.splitlines())


MAILED = {
    "white space": lambda text: f"\n\n \t{text}\r\n",
    "words around": lambda text: f"Hello {{Bob}},\n\n{text}\n\nBest, \"Ann\"",
    "answered": _answered, "answered twice": lambda text: _answered(_answered(text)),
    "fenced": lambda text: f"```json\n{text}\n```",
    "hard spaces": lambda text: text.replace("  ", "\u00a0 "), "other line ends": lambda text: text.replace("\n", "\r\n"),
    "broken lines": lambda text: text.replace(" ", "\n"), "a mark of order": lambda text: "\ufeff" + text,
    "curled quotes": lambda text: text.replace('"', "\u201d"),
    "everything": lambda text: _answered("See\n" + text.replace("  ", "\u00a0 ")) + "\n\nThanks, it works {now}."}


@pytest.mark.parametrize("way", MAILED)
def test_a_part_comes_out_of_a_mail(way: str) -> None:
    document = drawing("a Iris", "b Dense units=3", "c Block block=leaf", "a.features > b > c", leaf=block("d Dense"))
    text = to_text(document, "", ["b", "c"])
    part, mailed = Part(text), Part(MAILED[way](text))
    assert (mailed.nodes, mailed.edges, mailed.blocks) == (part.nodes, part.edges, part.blocks)


def test_texts_of_notes_come_out_of_a_mail_as_they_were() -> None:
    document = drawing("a Note")
    SetField("a", "label", "> a “word”\u00a0here {x}").apply(document)
    text = to_text(document, "", ["a"])
    assert Part(f"Hello,\n{text}\nBest").nodes == [document.graph.nodes["a"]] == Part(text).nodes


def test_wires_to_nowhere_are_left_out() -> None:
    document = chain()
    data = json.loads(to_text(document, "", ["b"]))
    data["edges"] = [{"source": "b", "source_port": "out", "target": "elsewhere", "target_port": "in"}]
    edits, ids = Part(json.dumps(data)).edits(document, "", 0.0, 0.0)
    assert (len(edits), ids) == (1, ["dense_1"])
