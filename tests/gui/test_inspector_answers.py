"""Fields whose answers the drawing knows are lists: columns, nodes to train, figures; what else may be right can be typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from graph_compiler.catalog import registry
from graph_compiler.datasets.csv_layout import FileParam
from graph_compiler.graph.edits import SetParam, SetTraining
from graph_compiler.graph.values import EarlyStopping
from graph_compiler.specs.params import Names, Text
from tests.helpers.drawing import drawing
from tests.helpers.events import shown, type_over
from widgets.document import GraphDocument
from widgets.inspector import Inspector
from widgets.inspector.answers import AnswerEditor, NamesEditor
from widgets.inspector.document_page import DocumentPage
from widgets.inspector.many_page import ManyPage
from widgets.inspector.node_page import NodePage


@pytest.fixture
def inspector(qtbot) -> Inspector:
    document = drawing("pairs MNISTTraits", "csv CSV", "flatten Flatten", "first Dense units=4", "second Dense units=10",
                       "loss Loss",
                       "pairs.image > flatten > first > second > loss.prediction", "pairs.label > loss.target")
    return shown(qtbot, Inspector(GraphDocument(document, registry())), 312, 900)


def editor_of(inspector: Inspector, node_id: str, name: str):
    inspector.set_selection([node_id])
    page = inspector.page
    assert isinstance(page, NodePage)
    page.more.setChecked(True)
    return (page.key_form.rows.get(name) or page.more_form.rows[name]).editor


def offered(editor: AnswerEditor) -> list[str]:
    return [editor.combo.itemText(i) for i in range(editor.combo.count())]


def params(inspector: Inspector, node_id: str) -> dict:
    return inspector.document.document.graph.nodes[node_id].params


def test_rows_are_stratified_by_a_column_that_is_there(inspector):
    editor = editor_of(inspector, "pairs", "stratify")
    assert isinstance(editor, AnswerEditor) and not editor.combo.isEditable()
    assert (offered(editor), editor.combo.currentText()) == (["none", "label"], "none")
    editor.combo.setFocus()
    QTest.keyClick(editor.combo, Qt.Key.Key_Down)
    editor.combo.textActivated.emit("label")
    assert params(inspector, "pairs") == {"stratify": "label"}
    editor.combo.textActivated.emit("none")
    assert params(inspector, "pairs") == {}


def test_a_column_that_went_is_shown_until_another_is_chosen(inspector):
    inspector.document.do(SetParam("pairs", "stratify", "colour"))
    editor = editor_of(inspector, "pairs", "stratify")
    assert (offered(editor), editor.combo.currentText()) == (["none", "label", "colour"], "colour")
    editor.combo.textActivated.emit("label")
    inspector._refresh()
    assert editor.combo.currentText() == "label"


def test_a_delimiter_is_chosen_or_typed(inspector):
    editor = editor_of(inspector, "csv", "delimiter")
    assert editor.combo.isEditable() and offered(editor) == ["comma", "semicolon", "tab", "bar"]
    assert editor.field.text() == "comma"
    editor.combo.setCurrentIndex(2)
    editor.combo.textActivated.emit("tab")
    assert params(inspector, "csv")["delimiter"] == "\t"
    type_over(editor.field, ":")
    assert params(inspector, "csv")["delimiter"] == ":"
    inspector._refresh()
    assert editor.field.text() == ":"


def test_a_loss_is_asked_to_train_what_stands_before_it(inspector):
    editor = editor_of(inspector, "loss", "trains")
    assert isinstance(editor, NamesEditor)
    assert (list(editor.actions_by_word), editor.button.text()) == (["first", "second"], "all")
    editor.actions_by_word["second"].trigger()
    assert params(inspector, "loss") == {"trains": ["second"]}
    inspector._refresh()
    assert (editor.button.text(), editor.actions_by_word["second"].isChecked()) == ("second", True)
    inspector.document.do(SetParam("loss", "trains", ["second", "gone"]))
    inspector._refresh()
    assert list(editor.actions_by_word) == ["first", "second", "gone"]
    editor.actions_by_word["gone"].trigger()
    assert params(inspector, "loss") == {"trains": ["second"]}


def test_the_figure_that_is_watched_is_one_of_the_run(inspector):
    inspector.document.do(SetTraining("early_stopping", EarlyStopping()))
    inspector._refresh()
    page = inspector.page
    assert isinstance(page, DocumentPage)
    editor = page.stopping.editor("monitor")
    assert offered(editor) == ["val_loss", "val_accuracy", "loss", "accuracy"]
    assert editor.field.text() == "val_loss"
    editor.combo.textActivated.emit("val_accuracy")
    assert inspector.document.document.training.early_stopping.monitor == "val_accuracy"


def test_several_sources_offer_what_they_share(qtbot):
    document = drawing("a MNIST", "b MNISTTraits", "c Iris")
    inspector = shown(qtbot, Inspector(GraphDocument(document, registry())), 312, 900)
    for ids, words in ((["a", "b"], ["none", "label"]), (["a", "c"], ["none"])):
        inspector.set_selection(ids)
        assert isinstance(inspector.page, ManyPage)
        assert offered(inspector.page.form.editor("stratify")) == words


def test_no_text_of_a_source_or_objective_is_left_to_guess():
    free = {(name, param.name) for name, spec in registry().nodes.items() if spec.kind in ("source", "objective")
            for param in spec.params if not param.kept and not isinstance(param, FileParam)
            and ((isinstance(param, Text) and not (param.of or param.likely)) or (isinstance(param, Names) and not param.of))}
    assert free == set()
