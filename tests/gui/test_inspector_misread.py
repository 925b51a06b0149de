"""What cannot be read in a number field: it is said what was expected, and the value from before stays."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from graph_compiler.graph.edits import SetParam
from tests.helpers.drawing import drawing
from tests.helpers.events import open_document, shown, type_over
from widgets.inspector import Inspector
from widgets.inspector.node_page import NodePage
from widgets.inspector.row import Row


@pytest.fixture
def inspector(qtbot) -> Inspector:
    made = shown(qtbot, Inspector(open_document()), 312, 900)
    made.document.do(SetParam("conv", "filters", 24))
    made.document.end_gesture()
    made.set_selection(["conv"])
    return made


def row(inspector: Inspector, name: str) -> Row:
    assert isinstance(inspector.page, NodePage)
    return inspector.page.key_form.rows.get(name) or inspector.page.more_form.rows[name]


def stored(inspector: Inspector, name: str):
    return inspector.document.document.graph.nodes["conv"].params.get(name)


def test_the_beginning_of_a_text_that_cannot_be_read_is_not_kept(inspector):
    filters = row(inspector, "filters")
    field = filters.editor.field
    steps = inspector.document.undo_stack.count()
    type_over(field, "128")
    assert stored(inspector, "filters") == 128
    QTest.keyClicks(field, "/3")
    assert stored(inspector, "filters") == 24 and field.text() == "128/3"
    assert filters.words.text() == "42.66666667 is not a whole number." and filters.words.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "24" and stored(inspector, "filters") == 24
    assert filters.words.text() == "42.66666667 is not a whole number. 24 is kept." and filters.words.isVisible()
    assert inspector.document.undo_stack.count() == steps
    field.clearFocus()
    assert filters.words.isVisible()  # it is read after the field was left
    type_over(field, "128/2")
    assert not filters.words.isVisible() and stored(inspector, "filters") == 64
    QTest.keyClick(field, Qt.Key.Key_Return)
    inspector.document.undo_stack.undo()
    assert stored(inspector, "filters") == 24, "a step of its own"


@pytest.mark.parametrize(("text", "said"), [("12 apples", "“apples” is not a number. 24 is kept."),
                                            ("64*", "A number is missing. 24 is kept."),
                                            ("2.5", "2.5 is not a whole number. 24 is kept.")])
def test_leaving_the_field_says_what_was_not_taken(inspector, text, said):
    filters = row(inspector, "filters")
    type_over(filters.editor.field, text)
    filters.editor.field.clearFocus()
    assert filters.words.text() == said and stored(inspector, "filters") == 24


def test_the_words_go_when_the_value_is_stepped_or_comes_from_elsewhere(inspector):
    filters = row(inspector, "filters")
    for then in (lambda: QTest.keyClick(filters.editor.field, Qt.Key.Key_Up),
                 lambda: inspector.document.do(SetParam("conv", "filters", 48))):
        filters.editor.field.clearFocus()
        type_over(filters.editor.field, "7/2")
        QTest.keyClick(filters.editor.field, Qt.Key.Key_Return)
        assert filters.words.isVisible()
        then()
        QApplication.processEvents()
        assert not filters.words.isVisible()
    assert stored(inspector, "filters") == 48


def test_lists_of_numbers_keep_what_they_had_too(inspector):
    sizes = row(inspector, "kernel_size")
    first = sizes.editor.fields[0]
    before = stored(inspector, "kernel_size")
    type_over(first, "5/2")
    QTest.keyClick(first, Qt.Key.Key_Return)
    assert stored(inspector, "kernel_size") == before
    assert sizes.words.text() == "2.5 is not a whole number. 3 is kept."


def test_several_nodes_have_each_its_own_value_again(qtbot):
    document = open_document(drawing("a Dense units=4", "b Dense units=8"))
    made = shown(qtbot, Inspector(document), 320, 900)
    made.set_selection(["a", "b"])
    field = made.page.form.rows["units"].editor.field
    type_over(field, "64/3")
    assert [document.document.graph.nodes[n].params["units"] for n in "ab"] == [4, 8]
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert document.undo_stack.count() == 0
    type_over(field, "5")
    assert [document.document.graph.nodes[n].params["units"] for n in "ab"] == [5, 5]
