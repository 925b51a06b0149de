"""The canvas from the keyboard: search, delete, clipboard, mute, join, tidy, zoom, arrows; and undo of everything."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from graph_compiler.graph.edits import AddNode, Move, SetParam
from graph_compiler.graph.files import dumps
from graph_compiler.graph.values import Node
from tests.helpers.canvas import (
    ALT,
    CONTROL,
    SHIFT,
    at,
    card,
    check_scene,
    drag,
    key,
    move,
    port,
    shown,
    small,
    wires,
)
from tests.helpers.drawing import block, drawing
from widgets.canvas.view import CanvasView
from widgets.search import SearchPopup

EMPTY = QPoint(700, 600)


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return shown(qtbot, small())


def search_of(view: CanvasView) -> SearchPopup:
    found = view.verbs.search
    assert found is not None
    assert found.isVisible()
    return found


def test_space_opens_the_search_when_it_is_released_without_a_drag(view: CanvasView) -> None:
    move(view, EMPTY)
    QTest.keyPress(view, Qt.Key.Key_Space)
    assert view.verbs.search is None
    QTest.keyRelease(view, Qt.Key.Key_Space)
    assert view.window().focusWidget() is search_of(view).field
    QTest.keyClick(search_of(view).field, Qt.Key.Key_Escape)
    assert view.verbs.search is None
    before = view.visible_rect().topLeft()
    QTest.keyPress(view, Qt.Key.Key_Space)
    drag(view, EMPTY, EMPTY + QPoint(40, 10))
    QTest.keyRelease(view, Qt.Key.Key_Space)
    assert view.verbs.search is None
    assert (view.visible_rect().topLeft() - before).x() == -40


def test_tab_and_double_click_open_the_search(view: CanvasView) -> None:
    move(view, EMPTY)
    key(view, Qt.Key.Key_Tab)
    assert search_of(view)
    QTest.keyClick(search_of(view).field, Qt.Key.Key_Escape)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, EMPTY)
    assert search_of(view)


def test_keys_of_other_node_editors_work(view: CanvasView) -> None:
    move(view, EMPTY)
    key(view, Qt.Key.Key_A, SHIFT)
    QTest.keyClick(search_of(view).field, Qt.Key.Key_Escape)
    key(view, Qt.Key.Key_A)
    assert len(view.canvas.selected) == len(view.canvas.graph.nodes)
    view.select(["drop"])
    for letter, muted in ((Qt.Key.Key_M, True), (Qt.Key.Key_B, False)):
        key(view, letter, CONTROL)
        assert view.canvas.graph.nodes["drop"].muted is muted
    key(view, Qt.Key.Key_X)
    assert "drop" not in view.canvas.graph.nodes
    assert (view.verbs.keys.keys("mute"), view.verbs.keys.keys("delete")) == ("M", "Del"), "what is shown stays"
    check_scene(view)


def test_typed_numbers_become_parameters(view: CanvasView) -> None:
    move(view, EMPTY)
    key(view, Qt.Key.Key_Tab)
    field = search_of(view).field
    QTest.keyClicks(field, "conv 64 5")
    assert search_of(view).found[0].spec.name.startswith("Conv")
    QTest.keyClicks(field, "x")
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert view.verbs.search is None
    node = view.canvas.graph.nodes[view.canvas.selected[0]]
    values = view.canvas.facts(node.id)
    assert values is not None
    assert node.params["filters"] == 64
    assert set(values.values["kernel_size"]) == {5}
    assert view.document.undo_stack.count() == 1
    check_scene(view)


def test_shift_enter_adds_and_stays(view: CanvasView) -> None:
    move(view, EMPTY)
    key(view, Qt.Key.Key_Tab)
    QTest.keyClicks(search_of(view).field, "flatten")
    QTest.keyClick(search_of(view).field, Qt.Key.Key_Return, SHIFT)
    assert search_of(view)
    assert "flatten_1" in view.canvas.graph.nodes


def test_a_wire_let_go_on_empty_canvas_asks_what_can_take_it_and_connects(view: CanvasView) -> None:
    drag(view, port(view, "dense_1", "out", True), EMPTY)
    found = search_of(view)
    QTest.keyClicks(found.field, "den")
    assert found.found[0].spec.name == "Dense"
    assert found.found[0].shape
    QTest.keyClick(found.field, Qt.Key.Key_Return)
    assert "dense_1.out > dense_3.in" in wires(view)
    assert view.document.undo_stack.count() == 1
    view.document.undo_stack.undo()
    assert "dense_3" not in view.canvas.graph.nodes
    check_scene(view)


def test_a_wire_pulled_from_an_input_asks_for_what_gives_something(view: CanvasView) -> None:
    drag(view, port(view, "drop", "in", False), EMPTY)
    found = search_of(view)
    QTest.keyClicks(found.field, "lo")
    assert "Loss" not in [f.spec.name for f in found.found]
    QTest.keyClick(found.field, Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(found.field, "dense 7")
    QTest.keyClick(found.field, Qt.Key.Key_Return)
    assert "dense_3.out > drop.in" in wires(view)
    check_scene(view)


def test_what_cannot_take_the_wire_stands_last_with_its_reason(view: CanvasView) -> None:
    drag(view, port(view, "dense_1", "out", True), EMPTY)
    found = search_of(view)
    QTest.keyClicks(found.field, "maxpooling2d")
    refused = [f for f in found.found if f.spec.name == "MaxPooling2D"]
    assert refused
    assert refused[0].reason
    QTest.keyClick(found.field, Qt.Key.Key_Return)
    assert "max_pooling2d_1" not in view.canvas.graph.nodes


def test_delete_leaves_a_gap_and_control_delete_closes_it(view: CanvasView) -> None:
    before = dumps(view.document.document)
    view.select(["dense_1"])
    key(view, Qt.Key.Key_Delete)
    assert wires(view) == ["dense_2.out > loss.prediction", "iris.species > loss.target"]
    assert view.canvas.selected == []
    check_scene(view)
    view.document.undo_stack.undo()
    assert dumps(view.document.document) == before
    view.select(["dense_1"])
    key(view, Qt.Key.Key_Delete, CONTROL)
    assert "iris.features > dense_2.in" in wires(view)
    assert view.document.undo_stack.count() == 1
    check_scene(view)
    view.document.undo_stack.undo()
    assert dumps(view.document.document) == before


def test_reconnecting_two_of_a_chain_is_one_step(view: CanvasView) -> None:
    before = dumps(view.document.document)
    view.select(["dense_1", "dense_2"])
    key(view, Qt.Key.Key_Delete, CONTROL)
    assert "iris.features > loss.prediction" in wires(view)
    view.document.undo_stack.undo()
    assert dumps(view.document.document) == before
    check_scene(view)


def test_copy_and_paste_keep_inner_wires_and_make_fresh_ids(view: CanvasView) -> None:
    view.select(["dense_1", "dense_2"])
    key(view, Qt.Key.Key_C, CONTROL)
    assert "netloom-part" in json.loads(QGuiApplication.clipboard().text())
    move(view, EMPTY)
    key(view, Qt.Key.Key_V, CONTROL)
    assert view.canvas.selected == ["dense_3", "dense_4"]
    assert "dense_3.out > dense_4.in" in wires(view)
    assert not [w for w in wires(view) if w.endswith("dense_3.in")]
    here = view.on_grid(view.mapToScene(EMPTY))
    node = view.canvas.graph.nodes["dense_3"]
    assert (node.x, node.y) == (here.x(), here.y())
    assert node.params == {"units": 8}
    assert view.document.undo_stack.undoText() == "paste 2 nodes"
    check_scene(view)


def test_what_is_pasted_twice_is_seen_twice(view: CanvasView) -> None:
    view.select(["iris", "drop"])
    key(view, Qt.Key.Key_C, CONTROL)
    move(view, QPoint(500, 600))
    for count in (1, 2, 3):
        key(view, Qt.Key.Key_V, CONTROL)
        places = [(n.x, n.y) for n in view.canvas.graph.nodes.values()]
        assert len(set(places)) == len(places) == 5 + 2 * count
    last = [view.canvas.graph.nodes[n] for n in view.canvas.selected]
    assert [b - a for a, b in zip((last[0].x, last[0].y), (last[1].x, last[1].y), strict=True)] == [256.0, 320.0]


def test_duplicate_with_and_without_incoming_wires(view: CanvasView) -> None:
    view.select(["dense_2"])
    key(view, Qt.Key.Key_D, CONTROL)
    assert view.canvas.selected == ["dense_3"]
    assert not [w for w in wires(view) if "dense_3" in w]
    view.select(["dense_2"])
    key(view, Qt.Key.Key_D, CONTROL | SHIFT)
    assert "dense_1.out > dense_4.in" in wires(view)
    check_scene(view)


def test_cut_is_copy_and_delete(view: CanvasView) -> None:
    view.select(["drop"])
    key(view, Qt.Key.Key_X, CONTROL)
    assert "drop" not in view.canvas.graph.nodes
    key(view, Qt.Key.Key_V, CONTROL)
    assert "dropout_1" in view.canvas.graph.nodes


@pytest.mark.parametrize("text", [
    "hello", "", "{}", '{"netloom-part": 1}', '{"netloom-part": 1, "nodes": 7, "edges": []}',
    '{"netloom-part": 1, "nodes": [{"id": "a", "type": 3}], "edges": []}', '{"netloom-part": 1, "nodes": ' + "[" * 5000,
    '{"netloom-part": 1, "nodes": [], "edges": [], "blocks": {"b": {}}}'])
def test_hostile_text_on_the_clipboard_is_refused_in_words(view: CanvasView, qtbot: QtBot, text: str) -> None:
    before = dumps(view.document.document)
    QGuiApplication.clipboard().setText(text)
    with qtbot.waitSignal(view.status) as heard:
        key(view, Qt.Key.Key_V, CONTROL)
    assert "clipboard" in heard.args[0]
    assert dumps(view.document.document) == before


def test_a_pasted_part_that_does_not_fit_changes_nothing(view: CanvasView, qtbot: QtBot) -> None:
    before = dumps(view.document.document)
    node = {"id": "a", "type": "Dense", "x": 1e300}
    QGuiApplication.clipboard().setText(json.dumps({"netloom-part": 1, "nodes": [node, {**node, "x": -1e300, "id": "b"}],
                                                    "edges": []}))
    with qtbot.waitSignal(view.document.refused):
        key(view, Qt.Key.Key_V, CONTROL)
    assert dumps(view.document.document) == before
    check_scene(view)


def test_mute_and_freeze_toggle(view: CanvasView) -> None:
    view.select(["dense_1", "iris"])
    key(view, Qt.Key.Key_M)
    assert card(view, "dense_1").look.muted
    assert not view.canvas.graph.nodes["iris"].muted
    key(view, Qt.Key.Key_M)
    assert not card(view, "dense_1").look.muted
    key(view, Qt.Key.Key_F, SHIFT)
    assert card(view, "dense_1").look.frozen
    assert [view.document.undo_stack.text(i) for i in range(3)] == ["mute dense_1", "unmute dense_1", "freeze dense_1"]


def test_join_connects_a_chain_from_left_to_right_in_one_step(view: CanvasView) -> None:
    for i, name in enumerate(("Dense", "Dropout", "Dense")):
        view.document.do(AddNode(Node(id=f"j{i}", type=name, x=700.0 + 250 * i, y=500.0)))
    count = view.document.undo_stack.count()
    view.select(["j2", "j0", "j1"])
    key(view, Qt.Key.Key_J)
    assert {"j0.out > j1.in", "j1.out > j2.in"} <= set(wires(view))
    assert view.document.undo_stack.count() == count + 1
    key(view, Qt.Key.Key_J)
    assert view.document.undo_stack.count() == count + 1
    check_scene(view)


def test_join_takes_the_column_that_a_person_has_made_the_target(qtbot: QtBot) -> None:
    columns = [{"name": "size"}, {"name": "city", "kind": "category", "classes": ["Bern", "Chur"]},
               {"name": "rent", "role": "target"}]
    document = drawing("csv CSV", "dense Dense units=1", "loss Loss")
    document.graph.put_node(Node(id="csv", type="CSV", params={"path": "flats.csv", "columns": columns, "complete_rows": 9}))
    for place, node_id in enumerate(("csv", "dense", "loss")):
        Move({node_id: (256.0 * place, 0.0)}).apply(document)
    view = shown(qtbot, document)
    view.verbs.select_all()
    key(view, Qt.Key.Key_J)
    assert set(wires(view)) == {"csv.features > dense.in", "dense.out > loss.prediction", "csv.rent > loss.target"}


def test_replace_keeps_wires_and_parameters_of_the_same_name(view: CanvasView) -> None:
    view.select(["dense_2"])
    before = wires(view)
    key(view, Qt.Key.Key_R, CONTROL)
    QTest.keyClicks(search_of(view).field, "einsum")
    assert search_of(view).found[0].spec.name == "EinsumDense"
    QTest.keyClick(search_of(view).field, Qt.Key.Key_Return)
    node = view.canvas.graph.nodes["dense_2"]
    assert (node.type, node.params["activation"]) == ("EinsumDense", "softmax")
    assert "units" not in node.params
    assert wires(view) == before
    check_scene(view)


def test_replacing_says_what_is_replaced(view: CanvasView) -> None:
    view.select(["dense_1"])
    key(view, Qt.Key.Key_R, CONTROL)
    assert view.verbs.search is not None
    assert view.verbs.search.field.placeholderText() == view.verbs.search.field.accessibleName() == "Replace Dense with…"
    QTest.keyClick(view.verbs.search.field, Qt.Key.Key_Escape)
    key(view, Qt.Key.Key_Space)
    assert view.verbs.search is not None
    assert view.verbs.search.field.placeholderText() == "Add a node, such as conv 64 3"


def test_several_nodes_are_replaced_in_one_step(view: CanvasView) -> None:
    before, kept = dumps(view.document.document), wires(view)
    view.select(["dense_1", "dense_2"])
    key(view, Qt.Key.Key_R, CONTROL)
    assert search_of(view).field.placeholderText() == "Replace 2 nodes with…"
    QTest.keyClicks(search_of(view).field, "einsum")
    QTest.keyClick(search_of(view).field, Qt.Key.Key_Return)
    assert {view.canvas.graph.nodes[n].type for n in ("dense_1", "dense_2")} == {"EinsumDense"}
    assert wires(view) == kept
    assert view.document.undo_stack.count() == 1
    assert view.document.undo_stack.undoText() == "replace 2 nodes"
    view.document.undo_stack.undo()
    assert dumps(view.document.document) == before
    check_scene(view)


def test_a_block_takes_the_place_of_a_layer_and_a_layer_that_of_a_block(qtbot: QtBot) -> None:
    inside = block("x BlockInput", "d Dense units==units", "y BlockOutput", "x > d > y", units=4)
    view = shown(qtbot, drawing("i Iris", "a Dense units=9", "b Dense", "i.features > a > b", head=inside))
    before = dumps(view.document.document)
    view.select(["a"])
    key(view, Qt.Key.Key_R, CONTROL)
    QTest.keyClicks(search_of(view).field, "head")
    QTest.keyClick(search_of(view).field, Qt.Key.Key_Return)
    node = view.canvas.graph.nodes["a"]
    assert (node.type, node.block, node.params) == ("Block", "head", {"units": 9})
    assert wires(view) == ["a.y > b.in", "i.features > a.x"]
    assert not view.document.analysis.problems_of("a")
    check_scene(view)
    key(view, Qt.Key.Key_R, CONTROL)
    QTest.keyClicks(search_of(view).field, "dense")
    QTest.keyClick(search_of(view).field, Qt.Key.Key_Return)
    assert wires(view) == ["a.out > b.in", "i.features > a.in"]
    assert view.canvas.graph.nodes["a"].block == ""
    check_scene(view)
    for _ in range(2):
        view.document.undo_stack.undo()
    assert dumps(view.document.document) == before


def test_replace_leads_wires_to_ports_that_take_the_place_of_theirs(qtbot: QtBot) -> None:
    view = shown(qtbot, drawing("a Iris", "b Dense units=4", "c Dense units=4", "att Attention", "out Dense units=3",
                                "a.features > b > att.query", "a.features > c > att.value", "att > out"))
    before = dumps(view.document.document)
    view.verbs._swap("att", "Add", {})
    assert [(e.source, e.target_port, e.index) for e in view.canvas.graph.into("att")] == [("b", "in", 0), ("c", "in", 1)]
    assert "att.out > out.in" in wires(view)
    assert view.document.undo_stack.count() == 1
    check_scene(view)
    view.document.undo_stack.undo()
    assert dumps(view.document.document) == before


def test_rename_is_undone(view: CanvasView) -> None:
    view.select(["dense_2"])
    key(view, Qt.Key.Key_F2)
    assert view.verbs.asker is not None
    QTest.keyClicks(view.verbs.asker.field, " head ")
    QTest.keyClick(view.verbs.asker.field, Qt.Key.Key_Return)
    assert view.verbs.asker is None
    assert card(view, "dense_2").card.name == "head"
    view.document.undo_stack.undo()
    assert card(view, "dense_2").card.name == "Dense"


@pytest.mark.parametrize(("zoom", "offset"), [(1.0, 38), (0.55, 4)])
def test_the_field_of_a_name_lies_over_it_at_every_zoom(view: CanvasView, zoom: float, offset: float) -> None:
    view.zoom_to(zoom)
    view.select(["dense_1"])
    key(view, Qt.Key.Key_F2)
    assert view.verbs.asker is not None
    left = view.mapFromScene(view.canvas.boxes["dense_1"].card_rect().topLeft()).x()
    assert abs(view.verbs.asker.x() - left - offset * zoom) <= 2


def test_tidy_is_one_step(view: CanvasView) -> None:
    before = dumps(view.document.document)
    view.verbs.tidy()
    places = [(n.x, n.y) for n in view.canvas.graph.nodes.values()]
    assert len(set(places)) == len(places)
    boxes = [b.card_rect() for b in view.canvas.boxes.values()]
    assert not [1 for i, a in enumerate(boxes) for b in boxes[i + 1:] if a.intersects(b)]
    check_scene(view)
    view.document.undo_stack.undo()
    assert dumps(view.document.document) == before


def test_zoom_keys(view: CanvasView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.zoom_changed):
        view.zoom_by(0.5)
    assert view.zoom == 0.5
    key(view, Qt.Key.Key_1)
    assert view.zoom == 1.0
    view.resize(500, 400)
    key(view, Qt.Key.Key_F)
    assert view.zoom < 0.6
    assert view.visible_rect().contains(view.canvas.content_rect())
    view.select(["dense_1"])
    key(view, Qt.Key.Key_Period)
    assert view.zoom == 1.0
    assert view.visible_rect().contains(card(view, "dense_1").card_rect())


def test_arrows_walk_and_alt_arrows_move(view: CanvasView) -> None:
    key(view, Qt.Key.Key_Right)
    assert view.canvas.selected == ["iris"]
    key(view, Qt.Key.Key_Right)
    assert view.canvas.selected == ["dense_1"]
    key(view, Qt.Key.Key_Down)
    assert view.canvas.selected == ["drop"]
    key(view, Qt.Key.Key_Up, SHIFT)
    assert view.canvas.selected == ["drop", "dense_1"]
    key(view, Qt.Key.Key_Left, ALT)
    assert view.canvas.graph.nodes["drop"].x == 248.0
    key(view, Qt.Key.Key_Down, ALT)
    assert view.canvas.graph.nodes["dense_1"].y == 8.0
    check_scene(view)


def test_arrows_go_on_where_the_node_was_that_an_undo_took_away(view: CanvasView) -> None:
    view.document.do(AddNode(Node(id="new", type="Dense", x=260.0, y=10.0)))
    view.canvas.select(["new"])
    view.document.undo_stack.undo()
    assert view.canvas.selected == []
    key(view, Qt.Key.Key_Right)
    assert view.canvas.selected == ["dense_1"]


def test_select_all_and_delete_all_and_back(view: CanvasView) -> None:
    before = dumps(view.document.document)
    key(view, Qt.Key.Key_A, CONTROL)
    assert len(view.canvas.selected) == 5
    key(view, Qt.Key.Key_Delete)
    assert not view.canvas.graph.nodes
    check_scene(view)
    view.document.undo_stack.undo()
    assert dumps(view.document.document) == before
    check_scene(view)


def test_keys_of_the_canvas_do_nothing_while_the_search_has_the_focus(view: CanvasView) -> None:
    view.select(["dense_1"])
    move(view, EMPTY)
    key(view, Qt.Key.Key_Tab)
    QTest.keyClicks(search_of(view).field, "mj1")
    QApplication.processEvents()
    assert not view.canvas.graph.nodes["dense_1"].muted
    assert view.document.undo_stack.count() == 0


def test_undo_and_redo_of_a_whole_session(view: CanvasView) -> None:
    states = [dumps(view.document.document)]
    stack = view.document.undo_stack

    def duplicate() -> None:
        view.select(["dense_1"])
        key(view, Qt.Key.Key_D, CONTROL)

    def delete() -> None:
        view.select(["dense_2"])
        key(view, Qt.Key.Key_Delete)

    steps: list[Callable[[], object]] = [
        lambda: drag(view, at(view, "drop"), at(view, "drop") + QPoint(64, 0)),
        lambda: drag(view, port(view, "dense_1", "out", True), at(view, "drop", 90, 60)),
        lambda: view.document.do(SetParam("dense_1", "units", 5)), duplicate, delete, view.verbs.tidy]
    for step in steps:
        step()
        states.append(dumps(view.document.document))
        check_scene(view)
    assert stack.count() == len(steps)
    for state in reversed(states[:-1]):
        stack.undo()
        assert dumps(view.document.document) == state
        check_scene(view)
    for state in states[1:]:
        stack.redo()
        assert dumps(view.document.document) == state
        check_scene(view)
