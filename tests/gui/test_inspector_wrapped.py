"""The inspector of a wrapper: a layer is chosen, its own parameters are edited under it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.helpers.drawing import block, drawing
from tests.helpers.events import click, open_document, shown, type_over
from widgets.canvas.geometry import layout
from widgets.inspector import Inspector
from widgets.inspector.editor import NumberEditor
from widgets.inspector.node_page import NodePage
from widgets.inspector.wrapped import WrappedEditor


@pytest.fixture
def inspector(qtbot) -> Inspector:
    document = open_document(drawing(
        "digits Digits", "scale Rescaling", "rows Reshape target_shape=[8,8]", "both Bidirectional",
        "digits.image > scale > rows > both"))
    found = shown(qtbot, Inspector(document), 312, 900)
    found.set_selection(["both"])
    return found


def editor_of(inspector: Inspector, name: str = "layer") -> WrappedEditor:
    assert isinstance(inspector.page, NodePage)
    rows = inspector.page.key_form.rows | inspector.page.more_form.rows
    assert isinstance(rows[name].editor, WrappedEditor)
    return rows[name].editor


def stored(inspector: Inspector, name: str = "layer") -> object:
    return inspector.document.document.graph.nodes["both"].params.get(name)


def choose(inspector: Inspector, word: str, name: str = "layer") -> None:
    editor_of(inspector, name).combo.textActivated.emit(word)
    inspector._refresh()


def units(inspector: Inspector) -> NumberEditor:
    found = editor_of(inspector).inner.forms[0].rows["units"].editor
    assert isinstance(found, NumberEditor)
    return found


def test_the_wrapped_layer_brings_its_own_form(inspector):
    assert list(editor_of(inspector).inner.forms[0].rows) == ["units", "return_sequences", "return_state"]
    type_over(units(inspector).field, "12")
    assert stored(inspector) == {"name": "LSTM", "units": 12}
    inspector._refresh()
    assert inspector.document.analysis.facts("both").outputs["out"].shape == (24,)
    assert units(inspector).field.text() == "12"
    type_over(units(inspector).field, "32")
    assert stored(inspector) is None


def test_another_layer_keeps_what_both_have(inspector):
    type_over(units(inspector).field, "12")
    units(inspector).field.clearFocus()
    choose(inspector, "GRU")
    assert stored(inspector) == {"name": "GRU", "units": 12}
    choose(inspector, "ConvLSTM2D")
    assert stored(inspector) == "ConvLSTM2D"
    assert list(editor_of(inspector).inner.forms[0].rows) == ["filters", "kernel_size", "return_sequences"]
    assert inspector.document.undo_stack.count() == 3


def test_the_rest_stands_behind_more(inspector):
    inner = editor_of(inspector).inner
    assert inner.more.caption == "18 at their defaults" and len(inner.forms) == 1
    click(inner.more)
    assert "go_backwards" not in inner.forms[1].rows
    inner.forms[1].rows["use_bias"].editor.changed.emit(False)
    assert stored(inspector) == {"name": "LSTM", "use_bias": False}
    inspector._refresh()
    assert inner.more.caption == "1 changed, 17 at defaults"
    click(inner.more)
    assert not inner.forms[1].isVisible()


def test_an_optional_layer_may_be_none(inspector):
    click(inspector.page.more)
    assert not editor_of(inspector, "backward_layer").inner.isVisible()
    choose(inspector, "LSTM", "backward_layer")
    assert stored(inspector, "backward_layer") == "LSTM"
    assert editor_of(inspector, "backward_layer").inner.isVisible()
    choose(inspector, "none", "backward_layer")
    assert stored(inspector, "backward_layer") is None


def test_the_card_shows_the_layer_and_its_size(inspector):
    facts = inspector.document.analysis.facts("both")
    assert layout(facts).rows == (("layer", "LSTM"), ("units", "32"), ("merge_mode", "concat"))


@pytest.fixture
def films(qtbot) -> Inspector:
    look = block("picture BlockInput", "c Conv2D filters=4 kernel_size=[3,3]", "g GlobalAveragePooling2D", "answer BlockOutput",
                 "picture > c > g > answer")
    two = block("a BlockInput", "b BlockInput", "sum Add", "c BlockOutput", "a > sum.in#0", "b > sum.in#1", "sum > c")
    document = drawing("data MovingShapes", "s Rescaling", "both TimeDistributed layer=GlobalAveragePooling2D", "rnn GRU",
                       "data.clip > s > both > rnn", look=look, two=two)
    found = shown(qtbot, Inspector(open_document(document)), 312, 900)
    found.set_selection(["both"])
    return found


def pick(inspector: Inspector, word: str) -> None:
    """Choose a word of the list of layers by keyboard."""
    combo = editor_of(inspector).combo
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_End)
    while combo.currentText() != word:
        QTest.keyClick(combo, Qt.Key.Key_Up)


def test_a_block_takes_the_place_of_the_layer_and_gives_it_back(films, qtbot):
    words = [editor_of(films).combo.itemText(n) for n in range(editor_of(films).combo.count())]
    assert "look (block)" in words and "two (block)" not in words
    pick(films, "look (block)")
    document = films.document
    qtbot.waitUntil(lambda: isinstance(films.page, NodePage) and films.page.node.type == "TimeDistributedBlock"
                    and films.page.spec.kind == "block")
    films._refresh()
    facts = document.analysis.facts("both")
    assert facts.outputs["answer"].shape == (8, 4) and not facts.failed
    assert editor_of(films).combo.currentText() == "look (block)"
    assert films.page.weights.isVisible()
    assert ("at each of", "8 steps") in layout(facts).rows
    document.undo_stack.undo()
    films._refresh()
    assert document.document.graph.nodes["both"].params == {"layer": "GlobalAveragePooling2D"}
    document.undo_stack.redo()
    films._refresh()
    editor_of(films).combo.textActivated.emit("Flatten")
    films._refresh()
    assert document.document.graph.nodes["both"].type == "TimeDistributed"
    assert document.analysis.facts("both").outputs["out"].shape == (8, 576)
