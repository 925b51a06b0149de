"""Blocks on the canvas: their cards, making one of a selection, going in and out, placing again, all by mouse and keys."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from graph_compiler.graph.blocks import add_port, boundary, port_name
from graph_compiler.graph.edits import Move, RemoveNode, SetField, SetParam
from graph_compiler.graph.files import dumps, loads
from graph_compiler.graph.values import Node
from tests.helpers.blocks import residual, twins
from tests.helpers.canvas import CONTROL, SHIFT, at, card, check_scene, click, drag, key, shown, wires
from tests.helpers.drawing import block, drawing
from tests.helpers.edits import Palette, valid_edit
from widgets.canvas.inside import bars_of, chosen, pill_box
from widgets.canvas.scopes import scope_at
from widgets.canvas.view import CanvasView
from widgets.document import GraphDocument
from widgets.theme import LIGHT

PALETTE = Palette(("Dense", "Dropout", "Add", "BlockInput", "BlockOutput", "Note", "FromTheFuture"))


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return shown(qtbot, residual(), 1600)


@pytest.fixture
def pair(qtbot: QtBot) -> CanvasView:
    return shown(qtbot, twins(), 1500)


def answer(view: CanvasView, text: str) -> None:
    """Type into the question on the canvas and press Enter."""
    assert view.verbs.asker is not None
    QTest.keyClick(view.verbs.asker.field, Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(view.verbs.asker.field, text)
    QTest.keyClick(view.verbs.asker.field, Qt.Key.Key_Return)


def double_click(view: CanvasView, node_id: str) -> None:
    click(view, at(view, node_id))
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at(view, node_id))


def make_residual(view: CanvasView) -> None:
    """Draw a band around a, b and add, press Ctrl+G, name it."""
    drag(view, at(view, "a", -20, -20), at(view, "add", 100, 60))
    assert set(view.canvas.selected) == {"a", "b", "add"}
    key(view, Qt.Key.Key_G, CONTROL)
    answer(view, "residual")


def weights(view: CanvasView) -> int:
    return view.document.analysis.totals.weights


# Cards.


def test_the_inside_is_drawn_as_bars_by_share(pair: CanvasView) -> None:
    look = card(pair, "net_1").look
    assert [family for family, _ in look.inside] == ["convolution", "regularisation", "reshape", "core"]
    heights = dict(look.inside)
    assert heights["regularisation"] == heights["reshape"] == 0
    assert heights["core"] == 1.0
    assert look.inside == bars_of(pair.document.analysis.engine.children["net_1"])
    image = pair.viewport().grab().toImage()
    middle = card(pair, "net_1").card.picture.center().y()
    orange = image.pixelColor(at(pair, "net_1", 18, middle + 10))
    assert orange.name() == QColor(LIGHT.hues["orange"].strip).name()


def test_only_the_tallest_bars_are_drawn_where_room_is_short() -> None:
    bars = (("core", 0.1), ("merge", 0.0), ("convolution", 1.0), ("pooling", 0.0), ("core", 0.6))
    assert chosen(bars, 3) == [("core", 0.1), ("convolution", 1.0), ("core", 0.6)]
    assert chosen(bars, 9) == list(bars)


def test_shared_weights_count_at_the_first_instance_only(pair: CanvasView) -> None:
    first, later = card(pair, "net_1").look, card(pair, "net_2").look
    assert (first.counted, later.counted) == (True, False)
    assert first.shares[0] == pytest.approx(1.0)
    assert later.shares[0] == 0
    assert later.shares[1] == first.shares[1]
    assert first.weights_name == later.weights_name == "D"
    pair.document.do(RemoveNode("net_1"))
    assert card(pair, "net_2").look.counted
    assert card(pair, "net_2").look.shares[0] == pytest.approx(1.0)
    pair.document.undo_stack.undo()
    assert not card(pair, "net_2").look.counted


def test_each_weights_name_has_a_hue_of_its_own(pair: CanvasView) -> None:
    pair.document.do(SetField("net_2", "weights", "E"))
    assert (card(pair, "net_1").look.weights_hue, card(pair, "net_2").look.weights_hue) == ("vermilion", "sky")
    assert card(pair, "net_2").look.counted
    pair.document.do(SetField("net_1", "weights", ""))
    assert card(pair, "net_2").look.weights_hue == "vermilion"


def test_a_chain_joins_the_instances_of_a_selected_one(pair: CanvasView) -> None:
    assert pair.canvas.chains.lines == []
    click(pair, at(pair, "net_2"))
    ((hue, line),) = pair.canvas.chains.lines
    assert hue == "vermilion"
    assert line.y1() == card(pair, "net_1").card_rect().bottom()
    assert line.y2() == card(pair, "net_2").card_rect().top()
    image = pair.viewport().grab().toImage()
    here = pair.mapFromScene(line.center())
    ink = QColor(LIGHT.hues["vermilion"].ink)
    seen = [image.pixelColor(here.x() + x, here.y() + y) for x in range(-7, 8) for y in range(-7, 8)]
    assert any(abs(c.red() - ink.red()) + abs(c.green() - ink.green()) + abs(c.blue() - ink.blue()) < 50 for c in seen)
    key(pair, Qt.Key.Key_Escape)
    assert pair.canvas.chains.lines == []


def test_a_long_weights_name_stays_inside_the_card(pair: CanvasView) -> None:
    picture = card(pair, "net_1").card.picture
    assert pill_box(picture, "D").width() < pill_box(picture, "discriminator of the second stage").width() <= 88


def test_several_ports_are_named(pair: CanvasView) -> None:
    pair.document.do_all([SetField("net_1", "weights", ""), SetField("net_2", "weights", "")], "own weights")
    pair.trail.enter("net_1")
    pair.verbs.add("BlockInput", pair.mapToScene(at(pair, "conv", 0, 300)))
    pair.trail.leave()
    spots = card(pair, "net_1").card.ports
    assert [(s.caption, s.out) for s in spots] == [("picture", False), ("in", False), ("", True)]


# In and out.


def test_double_click_goes_in_and_escape_leads_out(pair: CanvasView, qtbot: QtBot) -> None:
    pair.zoom_to(0.9)
    with qtbot.waitSignal(pair.trail.moved):
        double_click(pair, "net_2")
    assert (pair.canvas.scope, pair.canvas.outer, pair.trail.path) == ("net", "net_2", "net_2")
    assert pair.trail.crumbs() == [("net_2", "net")]
    check_scene(pair)
    assert card(pair, "block_input_1").card.height == 40
    assert card(pair, "block_input_1").card.out == "28×28×1"
    click(pair, at(pair, "conv"))
    key(pair, Qt.Key.Key_Escape)
    assert (pair.canvas.selected, pair.canvas.outer) == ([], "net_2")
    key(pair, Qt.Key.Key_Escape)
    assert (pair.canvas.selected, pair.canvas.outer, pair.zoom) == (["net_2"], "", 0.9)


def test_enter_and_backspace_do_the_same(pair: CanvasView) -> None:
    click(pair, at(pair, "net_1"))
    key(pair, Qt.Key.Key_Return)
    assert pair.canvas.outer == "net_1"
    key(pair, Qt.Key.Key_Backspace)
    assert pair.canvas.outer == ""
    assert pair.canvas.selected == ["net_1"]


def test_enter_on_a_layer_asks_for_its_fields(pair: CanvasView, qtbot: QtBot) -> None:
    click(pair, at(pair, "scale"))
    with qtbot.waitSignal(pair.edit_wanted):
        key(pair, Qt.Key.Key_Return)


def test_each_graph_is_found_as_it_was_left(pair: CanvasView) -> None:
    pair.trail.enter("net_1")
    pair.zoom_to(1.4)
    pair.centerOn(300, 10)
    middle = pair.visible_rect().center()
    pair.trail.leave()
    pair.trail.enter("net_2")
    assert pair.zoom == pytest.approx(1.4)
    assert (pair.visible_rect().center() - middle).manhattanLength() < 3


def test_facts_and_problems_inside_are_those_of_the_instance_one_came_through(pair: CanvasView) -> None:
    pair.document.do_all([SetField("net_1", "weights", ""), SetField("net_2", "weights", ""),
                          SetParam("net_2", "filters", 9)], "own weights")
    pair.trail.enter("net_1")
    assert dict(card(pair, "conv").card.rows)["filters"] == "4"
    pair.trail.leave()
    pair.trail.enter("net_2")
    assert dict(card(pair, "conv").card.rows)["filters"] == "9"
    pair.document.do(SetParam("net_2", "filters", -1))
    assert card(pair, "conv").look.error
    pair.trail.go("net_1")
    assert not card(pair, "conv").look.error


def test_an_instance_without_wires_can_be_looked_into(pair: CanvasView) -> None:
    name = pair.verbs.add("block/net", pair.mapToScene(at(pair, "net_1", 100, 500)))
    assert name == "net_3"
    pair.trail.enter(name)
    assert [s.name for s in card(pair, "conv").card.ports] == ["in", "out"]
    assert card(pair, "conv").card.out == "?"
    assert not card(pair, "conv").look.error


def test_undo_goes_to_where_the_change_was(pair: CanvasView) -> None:
    pair.trail.enter("net_2")
    pair.document.do(SetParam("dense", "units", 5, "net"))
    pair.trail.leave()
    pair.document.do(SetParam("scale", "scale", 0.25))
    pair.document.undo_stack.undo()
    assert pair.canvas.outer == ""
    pair.document.undo_stack.undo()
    assert pair.canvas.scope == "net"
    pair.document.undo_stack.redo()
    pair.document.undo_stack.redo()
    assert pair.canvas.outer == ""


def test_undo_scrolls_to_a_change_that_is_out_of_sight(pair: CanvasView) -> None:
    pair.document.do(SetParam("scale", "scale", 0.25))
    pair.centerOn(9000, 9000)
    pair.document.undo_stack.undo()
    assert pair.visible_rect().contains(card(pair, "scale").card_rect())


def test_when_the_instance_goes_the_view_stays_in_its_block(pair: CanvasView) -> None:
    pair.trail.enter("net_2")
    pair.document.do(RemoveNode("net_2"))
    assert (pair.canvas.scope, pair.canvas.outer) == ("net", "net_1")
    pair.document.do(RemoveNode("net_1"))
    assert (pair.canvas.scope, pair.canvas.outer) == ("", "")
    check_scene(pair)


def test_live_miniatures_find_their_layer_by_path(pair: CanvasView) -> None:
    pair.trail.enter("net_2")
    pair.set_live("net_2.conv", [1.0, 2.0])
    pair.set_live("dense", [3.0])
    assert card(pair, "conv").look.live == (1.0, 2.0)
    assert card(pair, "dense").look.live == ()


# Making and unmaking.


def test_a_residual_block_from_a_selection_and_all_the_way_back(view: CanvasView) -> None:
    before, total = dumps(view.document.document), weights(view)
    make_residual(view)
    assert view.canvas.selected == ["residual_1"]
    assert wires(view) == ["head.out > loss.prediction", "iris.features > stem.in", "iris.species > loss.target",
                           "residual_1.out > head.in", "stem.out > residual_1.in"]
    assert weights(view) == total
    assert view.document.undo_stack.undoText() == "make block residual"
    check_scene(view)
    key(view, Qt.Key.Key_Return)
    view.document.do(SetParam("a", "activation", "tanh", "residual"))
    key(view, Qt.Key.Key_Escape)
    assert view.canvas.selected == ["residual_1"]
    key(view, Qt.Key.Key_D, SHIFT)
    assert view.canvas.selected == ["residual_2"]
    names = [n.weights for n in view.document.document.graph.nodes.values() if n.block]
    assert names == ["R", "R"]
    assert weights(view) == total
    assert view.document.analysis.facts("residual_2.a").values["activation"] == "tanh"
    after = dumps(view.document.document)
    assert loads(after) == view.document.document
    for _ in range(view.document.undo_stack.count()):
        view.document.undo_stack.undo()
    assert dumps(view.document.document) == before
    for _ in range(view.document.undo_stack.count()):
        view.document.undo_stack.redo()
    assert dumps(view.document.document) == after


def test_the_name_is_offered_checked_and_can_be_refused(view: CanvasView) -> None:
    view.select(["a", "b", "add"])
    key(view, Qt.Key.Key_G, CONTROL)
    asker = view.verbs.asker
    assert asker is not None
    assert asker.field.text() == "residual"
    QTest.keyClicks(asker.field, "a/b")
    assert "“/”" in asker.words.text()
    QTest.keyClick(asker.field, Qt.Key.Key_Return)
    assert view.verbs.asker is asker
    QTest.keyClick(asker.field, Qt.Key.Key_Escape)
    assert view.verbs.asker is None
    assert view.hasFocus()
    assert not view.document.document.blocks


def test_what_cannot_be_a_block_is_said_before_a_name_is_asked(view: CanvasView, qtbot: QtBot) -> None:
    view.select(["a", "add"])
    with qtbot.waitSignal(view.status) as said:
        key(view, Qt.Key.Key_G, CONTROL)
    assert "lies on a way from the selection back into it" in said.args[0]
    view.select(["iris", "stem"])
    with qtbot.waitSignal(view.status) as said:
        key(view, Qt.Key.Key_G, CONTROL)
    assert "stands in the drawing itself" in said.args[0]
    assert view.verbs.asker is None


def test_layers_that_are_not_wired_yet_become_a_block_with_ports(qtbot: QtBot) -> None:
    view = shown(qtbot, drawing("a Dense", "b Embedding", "a > b"))
    view.select(["a", "b"])
    key(view, Qt.Key.Key_G, CONTROL)
    answer(view, "both")
    made = view.document.document.blocks["both"]
    assert [[port_name(n) for n in boundary(made, kind)] for kind in ("BlockInput", "BlockOutput")] == [["in"], ["out"]]
    facts = view.document.analysis.facts("both_1")
    assert [p.name for p in facts.ports_in] == ["in"]


def test_unpack_puts_the_inside_back(view: CanvasView) -> None:
    before = sorted(n.type for n in view.canvas.graph.nodes.values())
    make_residual(view)
    key(view, Qt.Key.Key_G, CONTROL | SHIFT)
    assert sorted(n.type for n in view.canvas.graph.nodes.values()) == before
    assert len(view.canvas.selected) == 3
    check_scene(view)


def covering(view: CanvasView) -> list[tuple[str, str]]:
    """Pairs of cards that lie on one another."""
    places = {n: box.card_rect() for n, box in view.canvas.boxes.items()}
    return [(a, b) for a in places for b in places if a < b and places[a].intersects(places[b])]


def test_unpacking_beside_near_neighbours_covers_nothing_and_is_one_step(qtbot: QtBot) -> None:
    document = drawing("a Dense", "b Dense", "c Dense", "tail Dense", "a > b > c > tail")
    Move({n: (256.0 * i, 0.0) for i, n in enumerate(("a", "b", "c", "tail"))}).apply(document)
    view = shown(qtbot, document)
    view.select(["a", "b", "c"])
    key(view, Qt.Key.Key_G, CONTROL)
    answer(view, "three")
    view.verbs.repeat()
    answer(view, "3")
    assert covering(view) == []
    before, steps = dumps(view.document.document), view.document.undo_stack.count()
    view.select(["three_2"])
    key(view, Qt.Key.Key_G, CONTROL | SHIFT)
    assert len(view.canvas.selected) == 3
    assert covering(view) == []
    check_scene(view)
    assert view.document.undo_stack.count() == steps + 1
    view.document.undo_stack.undo()
    assert dumps(view.document.document) == before


def test_unpacking_where_there_is_room_moves_nothing_else(view: CanvasView) -> None:
    make_residual(view)
    places = {n: (node.x, node.y) for n, node in view.canvas.graph.nodes.items() if n != "residual_1"}
    key(view, Qt.Key.Key_G, CONTROL | SHIFT)
    assert {n: (node.x, node.y) for n, node in view.canvas.graph.nodes.items() if n in places} == places


def test_repeat_asks_how_often(view: CanvasView) -> None:
    make_residual(view)
    total = weights(view)
    view.verbs.repeat()
    answer(view, "1")
    assert view.verbs.asker is not None
    answer(view, "4")
    assert view.canvas.selected == [f"residual_{i}" for i in range(1, 5)]
    assert weights(view) > total
    assert "residual_4.out > head.in" in wires(view)
    assert view.document.analysis.clean


def test_a_renamed_block_is_followed(view: CanvasView) -> None:
    make_residual(view)
    view.trail.enter("residual_1")
    view.verbs.rename_block()
    answer(view, "skip")
    assert (view.canvas.scope, view.canvas.outer) == ("skip", "residual_1")
    check_scene(view)
    view.document.undo_stack.undo()
    assert view.canvas.scope == "residual"


def test_f2_names_a_block_that_is_placed_once_and_one_place_of_several(view: CanvasView) -> None:
    make_residual(view)
    key(view, Qt.Key.Key_F2)
    answer(view, "skip")
    assert list(view.document.document.blocks) == ["skip"]
    assert card(view, "residual_1").card.name == "skip"
    key(view, Qt.Key.Key_D, SHIFT)
    assert card(view, view.canvas.selected[0]).card.name == "skip"
    key(view, Qt.Key.Key_F2)
    answer(view, "second")
    assert list(view.document.document.blocks) == ["skip"]
    assert [card(view, n).card.name for n in ("residual_1", view.canvas.selected[0])] == ["skip", "second"]


def test_the_menu_of_a_block_has_one_name_or_two(view: CanvasView) -> None:
    make_residual(view)
    assert [words for words in menu_of(view) if "name" in words.lower()] == ["Rename…"]
    key(view, Qt.Key.Key_D, SHIFT)
    assert [words for words in menu_of(view) if "name" in words.lower()] == ["Rename block…", "Rename this one…"]


def menu_of(view: CanvasView) -> list[str]:
    """What the right button offers for the selection."""
    view.verbs.context_menu(view.mapToGlobal(QPoint(20, 20)), QPointF())
    menu = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QMenu) and w.isVisible())
    words = [action.text().partition("\t")[0] for action in menu.actions()]
    menu.close()
    return words


def test_a_name_that_does_not_fit_says_why_below_the_field(pair: CanvasView, qtbot: QtBot) -> None:
    pair.trail.enter("net_1")
    pair.document.do(add_port(pair.document.document, "net", "in", "mask"))
    click(pair, at(pair, "block_input_1", 60))
    key(pair, Qt.Key.Key_F2)
    answer(pair, "mask")
    asker = pair.verbs.asker
    assert asker is not None and asker.words.isVisible()
    assert asker.words.text() == "The block has a port “mask” already."
    assert asker.words.geometry().top() >= asker.field.geometry().bottom()
    asker.words.grab()
    with qtbot.waitSignal(pair.status) as said:
        pair.setFocus(Qt.FocusReason.MouseFocusReason)
    assert said.args == ["The block has a port “mask” already."]
    assert pair.verbs.asker is None
    assert card(pair, "block_input_1").card.name != "mask"


def test_what_a_verb_has_to_say_stands_on_the_canvas_until_the_next_key(pair: CanvasView) -> None:
    hint = pair.telling.hint
    pair.select([])
    pair.verbs.repeat()
    assert (hint.isVisible(), hint.words.text()) == (True, "Select one block.")
    assert pair.viewport().geometry().contains(hint.geometry())
    key(pair, Qt.Key.Key_Escape)
    assert not hint.isVisible()
    pair.select(["net_2"])
    key(pair, Qt.Key.Key_G, CONTROL | SHIFT)
    assert "shares its weights with net_1" in hint.words.text()
    assert hint.isVisible()
    chosen = pair.mapFromScene(card(pair, "net_2").card_rect()).boundingRect()
    assert not chosen.intersects(hint.geometry())
    click(pair, at(pair, "net_1"))
    assert not hint.isVisible()
    for corner in (QRect(16, pair.viewport().height() - 136, 176, 120), QRect(16, 200, 700, pair.viewport().height() - 216)):
        pair.corner = corner  # where the map stands
        pair.select([])
        pair.verbs.repeat()
        assert hint.isVisible()
        assert not hint.geometry().intersects(corner)
        assert pair.viewport().geometry().contains(hint.geometry())


def test_a_layer_is_added_with_a_text_over_the_blocks_parameters(qtbot: QtBot) -> None:
    inside = block("x BlockInput", "a Dense units==width", "y BlockOutput", "x > a > y", width=4)
    view = shown(qtbot, drawing("i Iris", "b Block block=net width=6", "i.features > b.x", net=inside))
    view.select(["b"])
    key(view, Qt.Key.Key_Return)
    view.select(["a"])
    key(view, Qt.Key.Key_Space)
    assert view.verbs.search is not None
    QTest.keyClicks(view.verbs.search.field, "dense width*2 relu")
    QTest.keyClick(view.verbs.search.field, Qt.Key.Key_Return)
    made = view.canvas.graph.nodes["dense_1"]
    assert made.params == {"units": {"=": "width*2"}, "activation": "relu"}
    facts = view.document.analysis.facts("b.dense_1")
    assert facts is not None and facts.outputs["out"].shape == (12,)
    assert view.document.undo_stack.count() == 1


def test_unused_blocks_are_deleted(view: CanvasView, qtbot: QtBot) -> None:
    make_residual(view)
    key(view, Qt.Key.Key_Delete)
    with qtbot.waitSignal(view.status) as said:
        view.verbs.delete_unused()
    assert said.args[0] == "Deleted residual."
    assert not view.document.document.blocks
    with qtbot.waitSignal(view.status) as said:
        view.verbs.delete_unused()
    assert said.args[0] == "Every block is used."


# Inside.


def test_a_port_is_renamed_in_place_and_wires_follow(pair: CanvasView) -> None:
    pair.trail.enter("net_1")
    click(pair, at(pair, "block_input_1", 60))
    key(pair, Qt.Key.Key_F2)
    answer(pair, "image")
    assert card(pair, "block_input_1").card.name == "image"
    key(pair, Qt.Key.Key_Escape)
    key(pair, Qt.Key.Key_Escape)
    assert "scale.out > net_1.image" in wires(pair)
    assert "scale.out > net_2.image" in wires(pair)
    assert not [p for p in pair.document.analysis.problems if "port" in p.code]


def test_a_deleted_port_takes_the_wires_of_every_instance(pair: CanvasView) -> None:
    pair.trail.enter("net_1")
    click(pair, at(pair, "block_input_1", 60))
    key(pair, Qt.Key.Key_Delete)
    pair.trail.leave()
    assert not [w for w in wires(pair) if "picture" in w]
    pair.document.undo_stack.undo()
    pair.trail.go("")
    assert len([w for w in wires(pair) if "picture" in w]) == 2


def test_only_what_can_stand_inside_is_offered_there(pair: CanvasView) -> None:
    outside = {spec.name for spec in pair.offered()}
    assert {"MNIST", "Loss", "Output", "net"} <= outside
    assert not {"Block", "BlockInput", "Block input"} & outside
    pair.trail.enter("net_1")
    inside = {spec.name for spec in pair.offered()}
    assert {"Block input", "Block output", "Dense"} <= inside
    assert not {"MNIST", "Loss", "Output", "net"} & inside
    assert pair.verbs.add("MNIST", pair.mapToScene(0, 0)) == ""


def test_sources_stay_out_of_a_block_that_is_pasted_into(pair: CanvasView, qtbot: QtBot) -> None:
    pair.select(["mnist", "scale"])
    pair.verbs.copy()
    pair.trail.enter("net_1")
    with qtbot.waitSignal(pair.status) as said:
        key(pair, Qt.Key.Key_V, CONTROL)
    assert said.args[0].startswith("Left out MNIST")
    assert [pair.canvas.graph.nodes[n].type for n in pair.canvas.selected] == ["Rescaling"]


def test_instances_carry_their_definitions_to_another_document(pair: CanvasView) -> None:
    pair.select(["net_1", "net_2"])
    pair.verbs.copy()
    pair.set_document(GraphDocument(residual(), pair.document.registry))
    pair.verbs.paste()
    assert "net" in pair.document.document.blocks
    pasted = [pair.canvas.graph.nodes[n] for n in pair.canvas.selected]
    assert [n.block for n in pasted] == ["net", "net"]
    assert pasted[0].weights == pasted[1].weights != ""
    pair.document.undo_stack.undo()
    assert not pair.document.document.blocks


def test_search_finds_blocks_and_places_them_behind_the_selection(pair: CanvasView) -> None:
    pair.document.do_all([SetField("net_1", "weights", ""), SetField("net_2", "weights", "")], "own")
    click(pair, at(pair, "scale"))
    pair.verbs.open_search()
    search = pair.verbs.search
    assert search is not None
    QTest.keyClicks(search.field, "net 6")
    assert search.found[0].spec.key == "block/net"
    QTest.keyClick(search.field, Qt.Key.Key_Return)
    fresh = pair.canvas.graph.nodes["net_3"]
    assert fresh == Node(id="net_3", type="Block", block="net", params={"filters": 6}, x=fresh.x, y=fresh.y)
    assert "scale.out > net_3.picture" in wires(pair)


# Whatever happens.


@settings(max_examples=12, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_scene_and_document_agree_inside_blocks_after_any_edits(pair: CanvasView, data: st.DataObject) -> None:
    owner = GraphDocument(twins(), pair.document.registry)
    pair.set_document(owner, "net_2")
    for _ in range(data.draw(st.integers(1, 12))):
        action = data.draw(st.sampled_from(["edit"] * 5 + ["undo", "redo", "enter", "leave", "group"]))
        instances = sorted(n.id for n in pair.canvas.graph.nodes.values() if n.block in owner.document.blocks)
        if action == "edit":
            assert owner.do(valid_edit(data.draw, owner.document, PALETTE))
        elif action == "enter" and instances:
            pair.trail.enter(data.draw(st.sampled_from(instances)))
        elif action == "leave":
            pair.trail.leave()
        elif action == "group" and pair.canvas.graph.nodes:
            pair.select(sorted(pair.canvas.graph.nodes)[:2])
            pair.verbs.group()
            if pair.verbs.asker is not None:
                QTest.keyClick(pair.verbs.asker.field, Qt.Key.Key_Return)
        elif action in ("undo", "redo"):
            getattr(owner.undo_stack, action)()
        assert scope_at(owner.document, pair.canvas.outer) == pair.canvas.scope
        check_scene(pair)


def test_shift_n_goes_from_instance_to_instance(qtbot: QtBot) -> None:
    view = shown(qtbot, twins())
    before = sorted(view.canvas.graph.nodes)
    view.select(["net_1"])
    key(view, Qt.Key.Key_N, SHIFT)
    assert view.canvas.selected == ["net_2"]
    key(view, Qt.Key.Key_N, SHIFT)
    assert view.canvas.selected == ["net_1"]
    view.trail.enter("net_1")
    key(view, Qt.Key.Key_N, SHIFT)
    assert (view.trail.path, view.canvas.selected) == ("net_2", [])
    key(view, Qt.Key.Key_Backspace)
    assert (view.trail.path, sorted(view.canvas.graph.nodes)) == ("", before)
