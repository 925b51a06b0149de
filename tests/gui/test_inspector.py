"""The inspector: what is typed, clicked and spun becomes edits; what changes elsewhere leaves the cursor alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.paths import template
from graph_compiler.catalog import registry
from graph_compiler.datasets.csv_file import scan
from graph_compiler.graph.edits import RemoveNode, SetAbout, SetParam
from tests.helpers.contests import contest
from tests.helpers.drawing import drawing
from tests.helpers.events import click, digits, open_document, shown, type_over
from widgets.controls import FixButton
from widgets.document import GraphDocument
from widgets.inspector import Inspector
from widgets.inspector.document_page import DocumentPage
from widgets.inspector.editor import ChoiceEditor, NumberEditor
from widgets.inspector.lists import ChoicesEditor, IntsEditor, TypedList
from widgets.inspector.make import make_editor
from widgets.inspector.many_page import ManyPage
from widgets.inspector.node_page import NodePage
from widgets.inspector.rules import RulesEditor
from widgets.pages.data_edits import new_source_node
from widgets.problem_card import ProblemCard


@pytest.fixture
def inspector(qtbot) -> Inspector:
    return shown(qtbot, Inspector(open_document()), 312, 900)


def page(inspector: Inspector, *ids: str) -> NodePage:
    inspector.set_selection(list(ids))
    assert isinstance(inspector.page, NodePage)
    return inspector.page


def params(inspector: Inspector, node: str) -> dict:
    return inspector.document.document.graph.nodes[node].params


def number(shown_page: NodePage, name: str) -> NumberEditor:
    editor = shown_page.key_form.rows.get(name) or shown_page.more_form.rows[name]
    assert isinstance(editor.editor, NumberEditor)
    return editor.editor


def words(widget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


def test_typing_sets_the_parameter_at_once_and_one_undo_takes_it_back(inspector):
    field = number(page(inspector, "conv"), "filters").field
    type_over(field, "64")
    assert params(inspector, "conv")["filters"] == 64
    field.clearFocus()
    assert inspector.document.undo_stack.count() == 1
    inspector.document.undo_stack.undo()
    assert params(inspector, "conv")["filters"] == 8
    inspector._refresh()
    assert field.text() == "8"


def test_sums_are_computed_once_and_shown_as_number_when_the_field_is_left(inspector):
    field = number(page(inspector, "conv"), "filters").field
    type_over(field, "16*2")
    assert params(inspector, "conv").get("filters", 32) == 32
    assert field.text() == "16*2"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "32"
    field = number(page(inspector, "rescaling"), "scale").field
    type_over(field, "1/127")
    assert params(inspector, "rescaling")["scale"] == pytest.approx(1 / 127)


def test_what_cannot_be_read_is_said_and_dropped_when_the_field_is_left(inspector):
    shown_page = page(inspector, "conv")
    row = shown_page.key_form.rows["filters"]
    field = number(shown_page, "filters").field
    type_over(field, "6x")
    assert row.words.isVisible()
    assert "x" in row.words.text()
    assert field.property("problem") is True
    field.clearFocus()
    assert field.text() == "8" and params(inspector, "conv")["filters"] == 8
    assert row.words.text().endswith("8 is kept.") and row.words.isVisible()


def test_spins_merge_until_the_field_is_left(inspector):
    field = number(page(inspector, "conv"), "filters").field
    field.setFocus()
    for _ in range(3):
        QTest.keyClick(field, Qt.Key.Key_Up)
    click(field, QPoint(field.width() - 8, 20))
    assert params(inspector, "conv")["filters"] == 10
    assert inspector.document.undo_stack.count() == 1
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert inspector.document.undo_stack.count() == 2


def test_bounds_hold_for_steps(inspector):
    field = number(page(inspector, "conv"), "filters").field
    type_over(field, "2")
    for _ in range(4):
        QTest.keyClick(field, Qt.Key.Key_Down)
    assert params(inspector, "conv")["filters"] == 1


def test_a_wrong_value_is_explained_at_the_field_and_can_be_mended(inspector, qtbot):
    shown_page = page(inspector, "conv")
    type_over(number(shown_page, "filters").field, "0")
    inspector._refresh()
    row = shown_page.key_form.rows["filters"]
    assert row.words.isVisible()
    assert "whole number from 1" in row.words.text()
    type_over(number(shown_page, "filters").field, "4")
    inspector._refresh()
    assert not row.words.isVisible()


def test_a_wrong_value_behind_more_opens_it(inspector):
    shown_page = page(inspector, "conv")
    inspector.document.do(SetParam("conv", "groups", 0))
    inspector._refresh()
    assert shown_page.more.isChecked()
    assert shown_page.more_form.rows["groups"].words.isVisible()


def test_sizes_side_by_side(inspector):
    editor = page(inspector, "conv").key_form.rows["kernel_size"].editor
    assert isinstance(editor, IntsEditor)
    type_over(editor.fields[1], "5")
    assert params(inspector, "conv")["kernel_size"] == [3, 5]


def test_two_words_stand_side_by_side_and_many_in_a_list(inspector):
    shown_page = page(inspector, "conv")
    padding, activation = (shown_page.key_form.rows[n].editor for n in ("padding", "activation"))
    assert isinstance(padding, ChoiceEditor)
    assert padding.segmented is not None
    click(padding.segmented, QPoint(padding.segmented.width() - 20, 12))
    assert params(inspector, "conv")["padding"] == "same"
    assert isinstance(activation, ChoiceEditor)
    assert activation.combo is not None
    assert not activation.combo.itemIcon(activation.combo.findText("relu")).isNull()
    activation.combo.setFocus()
    QTest.keyClicks(activation.combo, "tanh")
    activation.combo.textActivated.emit(activation.combo.currentText())
    assert params(inspector, "conv")["activation"] == "tanh"


def test_more_is_closed_and_says_how_many_stand_at_their_defaults(inspector):
    shown_page = page(inspector, "conv")
    assert not shown_page.more_form.isVisible()
    assert shown_page.more.caption == f"{len(shown_page.rest)} at their defaults"
    click(shown_page.more)
    assert shown_page.more_form.isVisible()
    assert list(shown_page.more_form.rows) == [param.name for param in shown_page.rest]
    page(inspector, "dense")
    assert page(inspector, "conv").more.isChecked()


def test_initialisers_bring_their_own_parameters(inspector):
    shown_page = page(inspector, "dense")
    click(shown_page.more)
    editor = shown_page.more_form.rows["kernel_regularizer"].editor
    assert isinstance(editor, RulesEditor)
    editor.combo.setCurrentText("L2")
    editor.combo.textActivated.emit("L2")
    inspector._refresh()
    inner = editor._fields["l2"]
    assert isinstance(inner, NumberEditor)
    type_over(inner.field, "0.001")
    assert params(inspector, "dense")["kernel_regularizer"] == {"name": "L2", "l2": 0.001}


@pytest.mark.parametrize("name", ["activation", "recurrent_activation"])
def test_no_activation_has_one_name(qtbot, name):
    editor = make_editor(next(p for p in registry().node("LSTM").params if p.name == name))
    qtbot.addWidget(editor)
    words = [editor.combo.itemText(i) for i in range(editor.combo.count())]
    assert "linear" in words and "none" not in words
    editor.set_value(None)
    assert editor.combo.currentText() == "linear"


def test_a_warning_is_a_card_that_fits_and_no_red_field(inspector, qtbot, tmp_path):
    table = tmp_path / "flats.csv"
    table.write_text("area,price\n" + "".join(f"{'' if i == 7 else 50 + i},{100 + i}\n" for i in range(40)))
    inspector.resize(279, 900)
    added = new_source_node(inspector.document, {"path": str(table), **scan(table, None)})
    inspector.document.do(added)
    shown_page = page(inspector, added.node.id)
    assert "missing-values" in [p.code for p in inspector.document.analysis.problems_of(added.node.id)]
    row = shown_page.more_form.rows.get("missing")
    assert row is None or not row.words.isVisibleTo(row)
    card = next(c for c in shown_page.findChildren(ProblemCard) if "Missing values" in c.accessibleName())
    assert len(card.findChildren(FixButton)) == 2
    qtbot.waitUntil(lambda: shown_page.width() <= inspector.area.viewport().width())


def test_of_a_path_the_end_is_seen(qtbot):
    editor = make_editor(next(p for p in registry().node("CSV").params if p.name == "path"))
    shown(qtbot, editor, 120, 28)
    field = editor.field
    field.clearFocus()
    editor.set_value("/home/somebody/a long way/to/customers.csv")
    assert field.cursorPosition() == len(field.text())
    assert field.toolTip() == field.text()


def test_what_the_split_does_not_ask_for_is_not_shown(inspector):
    shown_page = page(inspector, "mnist")
    rows = shown_page.key_form.rows
    assert rows["validation"].isVisible() and not rows["test"].isVisible()
    inspector.document.do(SetParam("mnist", "split", "fractions"))
    shown_page.refresh()
    assert rows["validation"].isVisible() and rows["test"].isVisible()
    assert shown_page.more.caption == "2 at their defaults"
    inspector.document.do(SetParam("mnist", "split", "chronological"))
    shown_page.refresh()
    assert not shown_page.more.isVisible()


def test_what_only_takes_names_what_comes_in(inspector):
    assert page(inspector, "loss").shape.ports.value("prediction") == "10  float32"
    assert page(inspector, "loss").shape.ports.value("target") == "scalar  int32"


def test_a_long_word_is_whole_in_the_list_and_in_the_tooltip(inspector, qtbot):
    combo = page(inspector, "loss").key_form.rows["loss"].editor.combo
    combo.show_word("SparseCategoricalCrossentropy")
    assert combo.toolTip() == "SparseCategoricalCrossentropy"
    combo.showPopup()
    qtbot.waitUntil(combo.view().isVisible)
    assert combo.view().width() > combo.fontMetrics().horizontalAdvance("SparseCategoricalCrossentropy")
    combo.hidePopup()


def test_metrics_are_ticked(inspector):
    editor = page(inspector, "loss").key_form.rows["metrics"].editor
    assert isinstance(editor, ChoicesEditor)
    editor.actions_by_word["accuracy"].trigger()
    assert params(inspector, "loss")["metrics"] == ["accuracy"]
    inspector._refresh()
    assert editor.button.text() == "accuracy"


def test_lists_are_typed_with_commas(qtbot):
    document = open_document(drawing("mnist MNIST", "reshape Reshape target_shape=[784]", "mnist.image > reshape"))
    inspector = shown(qtbot, Inspector(document), 312, 700)
    editor = page(inspector, "reshape").key_form.rows["target_shape"].editor
    assert isinstance(editor, TypedList)
    type_over(editor.field, "28, 28*1")
    assert params(inspector, "reshape")["target_shape"] == [28, 28]
    editor.field.clearFocus()
    assert editor.field.text() == "28, 28"


def test_shape_and_cost_follow_while_typing(inspector):
    shown_page = page(inspector, "conv")
    type_over(number(shown_page, "filters").field, "16")
    inspector._refresh()
    facts = inspector.document.analysis.facts("conv")
    assert shown_page.shape.flow.accessibleName() == "28×28×1 becomes 26×26×16"
    assert shown_page.shape.sum.text().startswith("28 − 3 + 1 = 26")
    assert shown_page.cost.params.accessibleName().startswith(f"Parameters {facts.weights:,}")
    assert shown_page.cost.memory.text() == "43.3 kB"


def test_the_cursor_stays_where_it_is_when_the_document_changes_elsewhere(inspector):
    field = number(page(inspector, "conv"), "filters").field
    type_over(field, "1024")
    field.setCursorPosition(2)
    inspector.document.do(SetParam("dense", "units", 12))
    inspector._refresh()
    assert field.hasFocus()
    assert (field.text(), field.cursorPosition()) == ("1024", 2)


def test_half_a_sum_stays_while_the_form_refreshes(inspector):
    field = number(page(inspector, "conv"), "filters").field
    type_over(field, "16*")
    inspector._refresh()
    assert field.text() == "16*"
    QTest.keyClicks(field, "3")
    assert params(inspector, "conv")["filters"] == 48
    inspector.document.undo_stack.undo()
    inspector._refresh()
    assert field.text() == "8"


def test_switches_mute_and_freeze(inspector):
    shown_page = page(inspector, "conv")
    click(shown_page.state.muted)
    click(shown_page.state.frozen)
    node = inspector.document.document.graph.nodes["conv"]
    assert node.muted
    assert node.frozen
    assert not page(inspector, "mnist").state.isVisible()


def test_a_node_is_renamed_in_place(inspector):
    shown_page = page(inspector, "conv")
    QTest.mouseDClick(shown_page.header.name, Qt.MouseButton.LeftButton)
    type_over(shown_page.header.field, "edges")
    QTest.keyClick(shown_page.header.field, Qt.Key.Key_Return)
    assert inspector.document.document.graph.nodes["conv"].label == "edges"
    inspector._refresh()
    assert shown_page.header.name.toolTip() == "edges"
    inspector.rename()
    QTest.keyClick(shown_page.header.field, Qt.Key.Key_Escape)
    assert inspector.document.document.graph.nodes["conv"].label == "edges"


def test_reset_takes_every_parameter_back_in_one_step(inspector):
    shown_page = page(inspector, "conv")
    shown_page.reset_all()
    assert params(inspector, "conv") == {}
    inspector.document.undo_stack.undo()
    assert params(inspector, "conv") == {"filters": 8, "activation": "relu"}


def test_help_stands_under_the_fields_when_asked_for(inspector):
    shown_page = page(inspector, "conv")
    assert not shown_page.key_form.rows["filters"].help.isVisible()
    click(shown_page.header.help)
    assert shown_page.key_form.rows["filters"].help.isVisible()


def test_a_node_that_goes_takes_its_page_along(inspector):
    page(inspector, "conv")
    inspector.document.do(RemoveNode("conv"))
    inspector._refresh()
    assert isinstance(inspector.page, DocumentPage)
    inspector.document.undo_stack.undo()
    inspector._refresh()
    assert isinstance(inspector.page, NodePage)


def test_an_unknown_type_keeps_its_values_and_says_so(qtbot):
    inspector = shown(qtbot, Inspector(open_document(drawing("x FancyConv scale=3"))), 312, 600)
    shown_page = page(inspector, "x")
    assert "unknown here" in shown_page.text.text()
    assert "scale" in words(shown_page)


def test_several_nodes_share_what_they_have_in_common(inspector):
    inspector.set_selection(["conv", "dense"])
    assert isinstance(inspector.page, ManyPage)
    assert {"activation", "use_bias"} <= inspector.page.form.rows.keys()
    assert "filters" not in inspector.page.form.rows
    editor = inspector.page.form.rows["activation"].editor
    editor.changed.emit("elu")
    assert params(inspector, "conv")["activation"] == params(inspector, "dense")["activation"] == "elu"
    click(inspector.page.state.frozen)
    assert all(inspector.document.document.graph.nodes[n].frozen for n in ("conv", "dense"))
    assert inspector.document.undo_stack.count() == 2


def test_what_is_typed_for_several_nodes_is_one_step_and_the_next_field_another(qtbot):
    document = open_document(drawing("a Dense units=4", "b Dense units=8"))
    inspector = shown(qtbot, Inspector(document), 320, 900)
    inspector.set_selection(["a", "b"])
    rows = inspector.page.form.rows
    type_over(rows["units"].editor.field, "64*2")
    assert [document.document.graph.nodes[n].params["units"] for n in "ab"] == [128, 128]
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "set units of 2 nodes"
    document.undo_stack.undo()
    assert [document.document.graph.nodes[n].params["units"] for n in "ab"] == [4, 8]
    document.undo_stack.redo()
    QTest.keyClick(rows["units"].editor.field, Qt.Key.Key_Return)
    type_over(rows["units"].editor.field, "5")
    assert document.undo_stack.count() == 2


def test_nothing_selected_shows_the_document_and_its_training(inspector):
    shown_page = inspector.page
    assert isinstance(shown_page, DocumentPage)
    training = shown_page.document
    epochs = shown_page.basics.rows["epochs"].editor
    assert isinstance(epochs, NumberEditor)
    type_over(epochs.field, "3*4")
    assert training.document.training.epochs == 12
    rate = shown_page.optimiser.rows["learning_rate"].editor
    assert isinstance(rate, NumberEditor)
    type_over(rate.field, "0.01")
    assert training.document.training.optimizers[""].learning_rate == 0.01
    title = shown_page.about.rows["title"].editor
    type_over(title.field, "My net")
    assert training.document.about["title"] == "My net"


def test_an_optimiser_brings_its_own_fields_and_rate(inspector):
    shown_page = inspector.page
    assert isinstance(shown_page, DocumentPage)
    shown_page.optimiser.rows["optimizer"].editor.changed.emit("SGD")
    inspector._refresh()
    settings = inspector.document.document.training
    assert (settings.optimizers[""].name, settings.optimizers[""].learning_rate) == ("SGD", 0.01)
    assert not shown_page.optimiser_more.rows
    shown_page.more.click()
    momentum = shown_page.optimiser_more.rows["optimizer.momentum"].editor
    assert isinstance(momentum, NumberEditor)
    momentum.changed.emit(0.9)
    assert inspector.document.document.training.optimizers[""].params == {"momentum": 0.9}
    momentum.changed.emit(1.5)
    inspector._refresh()
    assert "at most 1" in shown_page.optimiser_more.rows["optimizer.momentum"].words.text()


def test_a_discriminator_has_an_optimiser_of_its_own_or_that_of_the_generator(qtbot):
    document = open_document(contest())
    inspector = shown(qtbot, Inspector(document), 312, 900)
    shown_page = inspector.page
    assert isinstance(shown_page, DocumentPage)
    assert list(shown_page.groups.sections) == ["D"]
    section = shown_page.groups.sections["D"]
    choice = section.form.rows["optimizer"].editor
    assert isinstance(choice, ChoiceEditor) and choice.combo.currentText() == "Adam"
    assert section.rate.isVisible() and section.more.caption == "1 changed"
    section.form.rows["optimizer"].editor.changed.emit("as the generator’s")
    inspector._refresh()
    assert set(document.document.training.optimizers) == {""}
    assert not section.rate.isVisible() and not section.more.isVisible()
    section.form.rows["optimizer"].editor.changed.emit("SGD")
    inspector._refresh()
    rate = section.rate.rows["learning_rate"].editor
    assert isinstance(rate, NumberEditor) and section.rate.isVisible()
    type_over(rate.field, "0.05")
    section.more.setChecked(True)
    momentum = section.rest.rows["optimizer.momentum"].editor
    assert isinstance(momentum, NumberEditor)
    document.end_gesture()
    momentum.changed.emit(2.0)
    inspector._refresh()
    own = document.document.training.optimizers["D"]
    assert (own.name, own.learning_rate, own.params) == ("SGD", 0.05, {"momentum": 2.0})
    assert "at most 1" in section.rest.rows["optimizer.momentum"].words.text()
    document.undo_stack.undo()
    inspector._refresh()
    assert document.document.training.optimizers["D"].params == {}
    document.do(RemoveNode("adversarial"))
    inspector._refresh()
    assert shown_page.groups.sections == {}


def test_schedule_and_early_stopping_open_their_fields(inspector):
    shown_page = inspector.page
    assert isinstance(shown_page, DocumentPage)
    shown_page.schedule.rows["schedule"].editor.changed.emit("cosine")
    click(shown_page.stopping.rows["early_stopping"].editor.switch)
    inspector._refresh()
    assert "schedule.final" in shown_page.schedule.rows
    patience = shown_page.stopping.rows["patience"].editor
    assert isinstance(patience, NumberEditor)
    patience.changed.emit(2)
    settings = inspector.document.document.training
    assert settings.schedule.kind == "cosine"
    assert settings.early_stopping is not None
    assert settings.early_stopping.patience == 2


@pytest.mark.parametrize("name", sorted(registry().nodes))
def test_every_type_has_a_form_that_shows_its_defaults(qtbot, name):
    document = open_document(drawing(f"x {name}"))
    shown_page = NodePage(document, "x")
    qtbot.addWidget(shown_page)
    shown_page.more.setChecked(True)
    spec = registry().nodes[name]
    rows = [*shown_page.key_form.rows, *shown_page.more_form.rows]
    assert sorted(rows) == sorted(p.name for p in spec.params_for({}) if not p.kept)
    assert document.undo_stack.count() == 0
    for param in spec.params_for({}):
        make_editor(param).set_value(param.default)


def test_filling_in_a_form_writes_nothing(inspector):
    for node in digits().graph.nodes:
        page(inspector, node)
    inspector.set_selection([])
    assert inspector.document.undo_stack.count() == 0


def flowers(qtbot) -> Inspector:
    """An inspector over a small regression."""
    document = drawing("data Iris", "net Dense units=4", "loss Loss", "data.features > net > loss.prediction",
                       "data.features > loss.target")
    return shown(qtbot, Inspector(open_document(document)), 312, 900)


def choose(editor: ChoiceEditor, word: str) -> None:
    """Pick a word of a list by keyboard."""
    editor.combo.setFocus()
    QTest.keyClick(editor.combo, Qt.Key.Key_Home)
    while editor.combo.currentText() != word:
        QTest.keyClick(editor.combo, Qt.Key.Key_Down)


def test_a_loss_brings_its_parameters(qtbot):
    inspector = flowers(qtbot)
    first = page(inspector, "loss")
    assert "delta" not in first.key_form.rows
    choose(first.key_form.rows["loss"].editor, "Huber")
    qtbot.waitUntil(lambda: inspector.page is not first and "delta" in inspector.page.key_form.rows)
    assert list(inspector.page.key_form.rows)[:2] == ["loss", "delta"]
    assert params(inspector, "loss") == {"loss": "Huber"}
    field = number(inspector.page, "delta").field
    assert field.text() == "1"
    type_over(field, "0.5")
    assert params(inspector, "loss") == {"loss": "Huber", "delta": 0.5}
    field.clearFocus()
    inspector.document.undo_stack.undo()
    assert params(inspector, "loss") == {"loss": "Huber"}
    inspector.document.do(SetParam("loss", "loss", "MeanSquaredError"))
    qtbot.waitUntil(lambda: "delta" not in inspector.page.key_form.rows)


def test_the_list_keeps_the_focus_while_the_form_changes(qtbot):
    inspector = flowers(qtbot)
    first = page(inspector, "loss")
    choose(first.key_form.rows["loss"].editor, "Tversky")
    qtbot.waitUntil(lambda: inspector.page is not first and "beta" in inspector.page.key_form.rows)
    assert inspector.page.field_in_use() == "loss"


def test_the_document_tells_what_to_look_at_and_counts_as_the_gallery_does(qtbot):
    document = GraphDocument(template("house-prices"), registry())
    inspector = Inspector(document)
    qtbot.addWidget(inspector)
    inspector.resize(312, 900)
    inspector.show()
    page, totals = inspector.page, document.analysis.totals
    assert page.text.isVisible() and page.text.text() == document.document.about["text"]
    assert page.figures.value("Nodes, without sources") == str(totals.nodes) == "5"
    assert page.figures.value("of them trained") == f"{totals.trainable:,}"
    document.do(SetAbout("text", ""))
    qtbot.waitUntil(lambda: not page.text_section.isVisible())
