"""The inspector and blocks: an instance's weights and parameters, the page of the block itself, expressions in fields."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from graph_compiler.graph.edits import RemoveNode, SetField, SetParam
from graph_compiler.graph.values import BlockParameter
from tests.helpers.blocks import twins
from tests.helpers.events import click, open_document, shown, type_over
from widgets.inspector import Inspector
from widgets.inspector.block_page import BlockPage
from widgets.inspector.declared import as_kind
from widgets.inspector.editor import NumberEditor
from widgets.inspector.node_page import NodePage
from widgets.inspector.rows import LinkRow, NameRow


@pytest.fixture
def inspector(qtbot) -> Inspector:
    return shown(qtbot, Inspector(open_document(twins())), 312, 1100)


def page(inspector: Inspector, node_id: str, outer: str = "") -> NodePage:
    inspector.set_selection([node_id], "net" if outer else "", outer)
    assert isinstance(inspector.page, NodePage)
    return inspector.page


def block_page(inspector: Inspector) -> BlockPage:
    inspector.set_selection([], "net", "net_1")
    assert isinstance(inspector.page, BlockPage)
    return inspector.page


def nodes(inspector: Inspector, scope: str = "") -> dict:
    return inspector.document.document.scope(scope).nodes


def field(shown_page: NodePage, name: str):
    editor = (shown_page.key_form.rows.get(name) or shown_page.more_form.rows[name]).editor
    assert isinstance(editor, NumberEditor)
    return editor.field


def enter(line: QWidget, text: str) -> None:
    type_over(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def menu_of(widget: QWidget) -> QMenu:
    """The menu that the right button opens at a field."""
    place = QPoint(4, 4)
    QApplication.sendEvent(widget, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def pick(menu: QMenu, words: str) -> None:
    action = next(a for a in menu.actions() if a.text() == words)
    action.trigger()
    menu.close()


def ports(shown_page: BlockPage) -> list[NameRow]:
    """The rows of the inputs, once they are laid out."""
    QApplication.processEvents()
    column = shown_page.ports["BlockInput"].column
    return [column.itemAt(i).widget() for i in range(column.count())]


# An instance.


def test_shared_weights_are_said_and_counted(inspector):
    shown_page = page(inspector, "net_1")
    assert shown_page.weights.switch.value == "shared"
    assert shown_page.weights.name.text() == "D"
    assert shown_page.weights.words.text() == "Placed 2 times with one set of weights, counted once in every total."
    assert shown_page.header.id.toolTip() == "net_1"


def test_own_and_shared_are_a_switch(inspector):
    weights = page(inspector, "net_2").weights
    click(weights.switch, QPoint(20, 10))
    assert nodes(inspector)["net_2"].weights == ""
    inspector._refresh()
    assert weights.words.text() == "Placed 2 times; these weights are its own."
    assert weights.row.isHidden()
    click(weights.switch, QPoint(weights.switch.width() - 20, 10))
    assert nodes(inspector)["net_2"].weights == "D"
    inspector.document.undo_stack.undo()
    inspector.document.undo_stack.undo()
    assert nodes(inspector)["net_2"].weights == "D"


def test_sharing_begins_with_a_fresh_name(inspector):
    inspector.document.do_all([SetField("net_1", "weights", ""), RemoveNode("net_2")], "alone")
    weights = page(inspector, "net_1").weights
    assert weights.words.text() == "Its weights are its own."
    click(weights.switch, QPoint(weights.switch.width() - 20, 10))
    assert nodes(inspector)["net_1"].weights == "N"
    inspector._refresh()
    assert weights.words.text().startswith("Placed once under this name.")


def test_the_weights_name_is_set_when_the_field_is_left(inspector):
    weights = page(inspector, "net_1").weights
    type_over(weights.name, "critic")
    assert nodes(inspector)["net_1"].weights == "D"
    QTest.keyClick(weights.name, Qt.Key.Key_Return)
    assert nodes(inspector)["net_1"].weights == "critic"
    inspector._refresh()
    enter(weights.name, "  ")
    assert weights.name.text() == "critic"
    assert inspector.document.undo_stack.count() == 1


def test_declared_parameters_are_fields_of_the_instance(inspector):
    shown_page = page(inspector, "net_1")
    enter(field(shown_page, "filters"), "16")
    assert nodes(inspector)["net_1"].params == {"filters": 16}
    enter(field(shown_page, "dropout"), "0.5")
    assert inspector.document.analysis.facts("net_1.drop").values["rate"] == 0.5
    assert inspector.document.analysis.facts("net_2.drop").values["rate"] == 0.3


def test_a_new_parameter_appears_at_an_open_instance(inspector):
    shown_page = page(inspector, "net_1")
    block = inspector.document.document.blocks["net"]
    from graph_compiler.graph.blocks import set_parameters

    declared = (*block.parameters, BlockParameter(name="deep", kind="bool", default=False))
    inspector.document.do(set_parameters(inspector.document.document, "net", declared))
    inspector._refresh()
    assert inspector.page is not shown_page
    assert list(inspector.page.key_form.rows) == ["filters", "dropout", "deep"]


def test_buttons_ask_the_canvas(inspector, qtbot):
    shown_page = page(inspector, "net_1")
    for button, verb in ((shown_page.buttons.open, "enter"), (shown_page.buttons.again, "place_again")):
        with qtbot.waitSignal(inspector.wanted) as heard:
            click(button)
        assert heard.args == [verb]


# Expressions.


def test_inside_a_block_a_text_over_its_parameters_is_kept(inspector):
    filters = field(page(inspector, "conv", "net_2"), "filters")
    assert (filters.text(), filters.worth) == ("filters", "= 4")
    enter(filters, "filters * 2 + 1")
    assert nodes(inspector, "net")["conv"].params["filters"] == {"=": "filters * 2 + 1"}
    assert (filters.text(), filters.worth) == ("filters * 2 + 1", "= 9")
    enter(filters, "6*2")
    assert nodes(inspector, "net")["conv"].params["filters"] == 12
    assert (filters.text(), filters.worth) == ("12", "")


def test_the_value_in_force_is_that_of_the_instance_one_came_through(inspector):
    inspector.document.do(SetParam("net_2", "filters", 32))
    assert field(page(inspector, "conv", "net_1"), "filters").worth == "= 4"
    assert field(page(inspector, "conv", "net_2"), "filters").worth == "= 32"


def test_what_is_no_parameter_is_said_while_typing(inspector):
    shown_page = page(inspector, "conv", "net_1")
    type_over(field(shown_page, "filters"), "filter * 2")
    assert shown_page.key_form.rows["filters"].words.text() == "There is no parameter “filter” here."
    type_over(field(shown_page, "filters"), "dropout")
    assert shown_page.key_form.rows["filters"].words.text() == "0.3 is not a whole number."
    field(shown_page, "filters").clearFocus()
    assert field(shown_page, "filters").text() == "filters"


def test_in_the_drawing_itself_there_are_no_names(inspector):
    shown_page = page(inspector, "scale")
    type_over(field(shown_page, "scale"), "filters * 2")
    assert "is not a number" in shown_page.key_form.rows["scale"].words.text()


def test_an_expression_is_not_stepped(inspector):
    filters = field(page(inspector, "conv", "net_1"), "filters")
    filters.setFocus()
    QTest.keyClick(filters, Qt.Key.Key_Up)
    click(filters, QPoint(filters.width() - 8, 8))
    assert nodes(inspector, "net")["conv"].params["filters"] == {"=": "filters"}


def test_sizes_side_by_side_and_lists_take_expressions(inspector):
    shown_page = page(inspector, "conv", "net_1")
    first, second = shown_page.key_form.rows["kernel_size"].editor.fields
    enter(first, "filters - 1")
    assert nodes(inspector, "net")["conv"].params["kernel_size"] == [{"=": "filters - 1"}, 3]
    assert (first.worth, second.worth) == ("= 3", "")


def test_a_field_becomes_a_block_parameter_by_its_menu(inspector, qtbot):
    units = field(page(inspector, "dense", "net_1"), "units")
    pick(menu_of(units), "Make “units” a block parameter")
    block = inspector.document.document.blocks["net"]
    assert block.parameters[-1] == BlockParameter(name="units", kind="int", default=2)
    assert nodes(inspector, "net")["dense"].params["units"] == {"=": "units"}
    inspector._refresh()
    assert (units.text(), units.worth) == ("units", "= 2")
    pick(menu_of(units), "Give it a value of its own")
    assert nodes(inspector, "net")["dense"].params.get("units") == 2


def test_a_choice_can_be_a_block_parameter_and_let_go_again(inspector):
    shown_page = page(inspector, "dense", "net_1")
    row = shown_page.key_form.rows["activation"]
    inspector.document.do(SetParam("dense", "activation", "relu", "net"))
    inspector._refresh()
    pick(menu_of(row.label), "Make “activation” a block parameter")
    inspector._refresh()
    assert row.editor.isHidden()
    assert row.expression is not None
    assert row.expression.text() == "activation"
    assert row.expression.accessibleDescription() == "= relu"
    click(row.expression, QPoint(row.expression.width() - 6, 14))
    assert nodes(inspector, "net")["dense"].params["activation"] == "relu"
    inspector._refresh()
    assert not row.editor.isHidden()


def test_a_declared_parameter_can_be_used_by_the_menu(inspector):
    units = field(page(inspector, "dense", "net_1"), "units")
    uses = next(a.menu() for a in menu_of(units).actions() if a.menu() is not None)
    pick(uses, "filters")
    assert nodes(inspector, "net")["dense"].params["units"] == {"=": "filters"}


def test_what_cannot_be_a_parameter_says_so(inspector, qtbot):
    shown_page = page(inspector, "dense", "net_1")
    shown_page.more.setChecked(True)
    row = shown_page.key_form.rows["activation"]
    with qtbot.waitSignal(inspector.document.refused) as heard:
        pick(menu_of(row.label), "Make “activation” a block parameter")
    assert heard.args[0] == "activation of Dense is no number, text or switch, so it cannot be a parameter of the block."


# The block itself.


def test_the_page_of_the_block_says_what_it_is(inspector):
    shown_page = block_page(inspector)
    assert shown_page.header.name.toolTip() == "net"
    assert shown_page.header.id.toolTip() == "placed 2 times"
    assert shown_page.figures.value("Nodes") == "4"
    assert shown_page.figures.value("Parameters") == f"{inspector.document.analysis.facts('net_1').weights:,}"
    rows = shown_page.findChildren(NameRow)
    assert [(row.field.text(), row.detail.text()) for row in rows] == [("picture", "28×28×1"), ("code", "2")]


def test_name_and_summary_are_edited_there(inspector):
    shown_page = block_page(inspector)
    shown_page.header.edit_name()
    enter(shown_page.header.field, "twin")
    assert {n.block for n in nodes(inspector).values() if n.block} == {"twin"}
    inspector.document.undo_stack.undo()
    text = shown_page.form.editor("summary").field
    text.setFocus()
    QTest.keyClicks(text, "Sees a digit.")
    assert inspector.document.document.blocks["net"].summary == "Sees a digit."
    assert inspector.document.undo_stack.undoText() == "set summary of net"
    inspector.document.undo_stack.undo()
    assert inspector.document.document.blocks["net"].summary == ""


def test_ports_are_added_renamed_moved_and_removed(inspector):
    shown_page = block_page(inspector)
    click(shown_page.ports["BlockInput"].plus)
    inspector._refresh()
    rows = ports(shown_page)
    assert [r.field.text() for r in rows] == ["picture", "in"]
    enter(rows[1].field, "mask")
    inspector._refresh()
    rows = ports(shown_page)
    click(rows[1].up)
    assert [p.name for p in inspector.document.analysis.facts("net_1").ports_in] == ["mask", "picture"]
    inspector._refresh()
    rows = ports(shown_page)
    enter(rows[0].field, "picture")
    assert [p.name for p in inspector.document.analysis.facts("net_1").ports_in] == ["mask", "picture"]
    click(rows[0].away)
    assert [p.name for p in inspector.document.analysis.facts("net_1").ports_in] == ["picture"]


def test_parameters_are_declared_renamed_and_removed(inspector):
    shown_page = block_page(inspector)
    declared = shown_page.declared
    enter(declared.rows[0].name, "width")
    assert nodes(inspector, "net")["conv"].params["filters"] == {"=": "width"}
    inspector._refresh()
    click(declared.plus)
    inspector._refresh()
    assert [row.declared.name for row in declared.rows] == ["width", "dropout", "size"]
    enter(declared.rows[0].default.field, "8")
    assert inspector.document.analysis.facts("net_1.conv").values["filters"] == 8
    assert inspector.document.undo_stack.undoText() == "set parameters of net"
    inspector._refresh()
    declared.rows[2].kind.textActivated.emit("float")
    assert inspector.document.document.blocks["net"].parameters[2].default == 1.0
    inspector._refresh()
    click(declared.rows[0].away)
    assert [p.name for p in inspector.document.document.blocks["net"].parameters] == ["dropout", "size"]
    assert nodes(inspector, "net")["conv"].params["filters"] == 8


def test_typing_a_default_keeps_the_cursor_and_is_one_step(inspector):
    shown_page = block_page(inspector)
    default = shown_page.declared.rows[0].default.field
    type_over(default, "12")
    inspector._refresh()
    assert shown_page.declared.rows[0].default.field is default
    assert default.hasFocus()
    assert inspector.document.undo_stack.count() == 1


def test_a_refused_name_leaves_the_field_as_it_was(inspector, qtbot):
    shown_page = block_page(inspector)
    with qtbot.waitSignal(inspector.document.refused):
        enter(shown_page.declared.rows[0].name, "two words")
    assert shown_page.declared.rows[0].name.text() == "filters"


def test_instances_lead_to_where_they_stand(inspector, qtbot):
    rows = block_page(inspector).findChildren(LinkRow)
    assert [row.text() for row in rows] == ["net_1", "net_2"]
    with qtbot.waitSignal(inspector.jump) as heard:
        click(rows[1])
    assert heard.args == ["net_2"]


@pytest.mark.parametrize(("value", "kind", "expected"), [
    (64, "float", 64.0), (0.3, "int", 0), ("8", "int", 8), ("relu", "int", 1), (3, "text", "3"), (1, "bool", True)])
def test_a_default_changes_its_kind_as_far_as_it_can(value, kind, expected):
    assert as_kind(value, kind) == expected
    assert type(as_kind(value, kind)) is type(expected)
