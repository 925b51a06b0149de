"""Two drawings compared: marks on the cards, the list, both views at one place, and what there is to compare with."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from app.paths import template
from app.window import MainWindow
from graph_compiler.graph.edits import Batch, Disconnect, Move, RemoveNode, SetParam
from graph_compiler.graph.files import save
from graph_compiler.runs.comparison import marks
from tests.helpers.events import click_row, digits
from tests.helpers.window import opened_window
from widgets.tables import HEADER, ROW


@pytest.fixture
def window(qtbot, monkeypatch) -> MainWindow:
    return opened_window(qtbot, monkeypatch, "digits-cnn")


@pytest.fixture
def dialog(window, qtbot):
    window.document.do(SetParam("conv2d_2", "filters", 32))
    window.document.do(RemoveNode("dropout_1"))
    window.canvas.verbs.add("Dense", QPointF(300, 600), insert=False)
    window.actions_by_id["compare"].trigger()
    found = window.comparing.dialog
    qtbot.waitUntil(lambda: found.left is not None and found.left.zoom == found.right.zoom != 1.0)
    return found


def test_marks_say_what_was_added_removed_and_changed():
    before, after = digits(), digits()
    assert (marks(before, after).nodes, marks(before, after).wires) == ({}, {})
    key = next(k for k in after.graph.edges if k[2] == "dense")
    Batch((SetParam("conv", "filters", 9), Disconnect(key), RemoveNode("rescaling"), Move({"loss": (9, 9)}))).apply(after)
    found = marks(before, after)
    assert found.nodes == {"conv": "changed", "rescaling": "removed"}
    assert found.wires[key] == "removed"
    back = marks(after, before)
    assert back.nodes == {"conv": "changed", "rescaling": "added"} and back.wires[key] == "added"


def test_an_instance_is_changed_with_the_inside_of_its_block():
    before, after = template("inception"), template("inception")
    name, block = next(iter(after.blocks.items()))
    inner = next(n.id for n in block.graph.nodes.values() if n.type == "Conv2D")
    SetParam(inner, "activation", "tanh", name).apply(after)
    changed = marks(before, after).nodes
    assert set(changed.values()) == {"changed"}
    assert set(changed) == {n.id for n in after.graph.nodes.values() if n.block == name}


def test_both_drawings_are_marked_and_the_differences_listed(dialog):
    assert dialog.choice.currentText() == "Template digits-cnn"
    assert dialog.left.marks.nodes == {"conv2d_2": "changed", "dropout_1": "removed", "dense_2": "added"}
    assert dialog.summary.text().startswith("1 removed, 1 added, 1 changed")
    lines = {(line.place, line.what): line.values for line in dialog.table.lines.lines}
    assert lines["conv2d_2", "filters"] == ("64", "32")
    assert lines["dropout_1", ""][1] == "–"
    assert dialog.left.grab().toImage() != dialog.right.grab().toImage()


def test_the_list_takes_what_it_needs_and_the_drawings_the_rest(dialog, qtbot):
    lines, whole = len(dialog.table.lines.lines), dialog.left.height() + dialog.table.height()
    need = HEADER + ROW * lines
    qtbot.waitUntil(lambda: min(need, whole // 4) <= dialog.table.height() <= max(need, 76) + 12)
    assert dialog.table.height() < 0.4 * whole


def test_views_move_together_and_a_line_leads_to_its_node(dialog):
    dialog.left.zoom_to(0.9)
    dialog.left.pan(QPointF(-200, -80))
    assert dialog.right.zoom == pytest.approx(0.9)
    assert (dialog.left.middle - dialog.right.middle).manhattanLength() < 6
    row = next(i for i, line in enumerate(dialog.table.lines.lines) if line.place == "conv2d_2")
    click_row(dialog.table, row)
    assert dialog.left.canvas.selected == dialog.right.canvas.selected == ["conv2d_2"]
    row = next(i for i, line in enumerate(dialog.table.lines.lines) if line.place == "dropout_1")
    click_row(dialog.table, row)
    assert (dialog.left.canvas.selected, dialog.right.canvas.selected) == (["dropout_1"], [])


def test_a_click_on_a_card_shows_it_in_both(dialog):
    box = dialog.right.canvas.boxes["conv2d_1"].card_rect().center()
    QTest.mouseClick(dialog.right.viewport(), Qt.MouseButton.LeftButton, pos=dialog.right.mapFromScene(box))
    assert dialog.left.canvas.selected == ["conv2d_1"]


def test_file_template_and_other_tabs_are_offered(window, tmp_path, qtbot):
    path = tmp_path / "net.netloom"
    save(digits(), path)
    window.open(path)
    window.document.do(SetParam("conv", "filters", 9))
    assert [o.name for o in window.comparing.others()] == ["As it was saved", "digits-cnn", "A file…"]
    window.actions_by_id["compare"].trigger()
    dialog = window.comparing.dialog
    assert dialog.left.marks.nodes == {"conv": "changed"}
    dialog.choice.setFocus()
    QTest.keyClick(dialog.choice, Qt.Key.Key_Down)
    dialog.choice.activated.emit(1)
    assert "removed" in dialog.summary.text() and dialog.left.accessibleName() == "digits-cnn"
    dialog.accept()


def test_a_file_that_cannot_be_read_is_said(window, tmp_path, monkeypatch):
    path = tmp_path / "net.netloom"
    save(digits(), path)
    window.open(path)
    path.write_text("torn", "utf-8")
    said = []
    monkeypatch.setattr("app.comparing.tell", lambda *words: said.append(words))
    window.actions_by_id["compare"].trigger()
    assert window.comparing.dialog is None and said[0][1] == "The drawing cannot be read"
