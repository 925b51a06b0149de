"""The scene follows the document: after any edit, undo, load or change of scope every node and wire is drawn once, in place."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from graph_compiler.graph.changes import ChangeSet
from graph_compiler.graph.edits import (
    AddBlock,
    AddNode,
    Batch,
    Connect,
    Disconnect,
    RemoveBlock,
    RemoveNode,
    ReplaceNode,
    RouteEdge,
    SetField,
    SetParam,
)
from graph_compiler.graph.model import BlockDefinition, Document
from graph_compiler.graph.values import Node
from tests.helpers.canvas import card, check_scene, shown, small
from tests.helpers.drawing import drawing, graph, wire
from tests.helpers.edits import Palette, valid_edit
from widgets.canvas.items import NodeItem
from widgets.canvas.scene import CanvasScene
from widgets.canvas.view import CanvasView
from widgets.document import GraphDocument
from widgets.theme import DARK, LIGHT, themes

PALETTE = Palette(("Dense", "Conv2D", "Add", "Loss", "MNIST", "Note", "Frame", "FromTheFuture"))


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return shown(qtbot, small())


@pytest.fixture(autouse=True)
def light() -> Iterator[None]:
    yield
    themes.use(LIGHT)


@settings(max_examples=15, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_scene_and_document_agree_after_any_edits(view: CanvasView, data: st.DataObject) -> None:
    owner = GraphDocument(small(), view.document.registry)
    view.set_document(owner)
    for _ in range(data.draw(st.integers(1, 10))):
        action = data.draw(st.sampled_from(["edit"] * 6 + ["undo", "redo", "select"]))
        if action == "edit":
            assert owner.do(valid_edit(data.draw, owner.document, PALETTE))
        elif action == "select":
            view.select(sorted(owner.document.graph.nodes)[::2])
        else:
            getattr(owner.undo_stack, action)()
        check_scene(view)
    rebuilt = CanvasScene(owner)
    assert {n: b.card for n, b in rebuilt.boxes.items() if isinstance(b, NodeItem)} == {
        n: b.card for n, b in view.canvas.boxes.items() if isinstance(b, NodeItem)}
    assert {k: (w.path(), w.label, w.dashed, w.bad) for k, w in rebuilt.wires.items()} == {
        k: (w.path(), w.label, w.dashed, w.bad) for k, w in view.canvas.wires.items()}
    rebuilt.detach()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_shapes_on_wires_and_cards_follow_a_parameter(view: CanvasView) -> None:
    wire_item = view.canvas.wires["dense_1", "out", "dense_2", "in", 0]
    assert (card(view, "dense_1").card.out, wire_item.label) == ("8", "8")
    view.document.do(SetParam("dense_1", "units", 12))
    assert (card(view, "dense_1").card.out, wire_item.label) == ("12", "12")
    assert view.canvas.labels[wire_item.key].isVisible()


def test_shares_of_all_cards_follow_the_totals(view: CanvasView) -> None:
    before = card(view, "dense_2").look.shares
    view.document.do(SetParam("dense_1", "units", 200))
    after = card(view, "dense_2").look.shares
    assert after != before
    assert sum(card(view, n).look.shares[0] for n in ("dense_1", "dense_2")) == pytest.approx(1.0)


def test_the_card_of_a_loss_says_what_auto_comes_to(view: CanvasView) -> None:
    rows = dict(card(view, "loss").card.rows)
    assert rows == {"": "SparseCategoricalCrossentropy", "metric": "accuracy"}
    view.document.do(Disconnect(("iris", "species", "loss", "target", 0)))
    assert dict(card(view, "loss").card.rows) == {"loss": "what fits", "metric": "what fits"}
    view.document.undo_stack.undo()
    assert dict(card(view, "loss").card.rows) == rows


def test_problems_reach_card_port_and_wire(view: CanvasView) -> None:
    view.document.do(SetParam("loss", "loss", "CategoricalCrossentropy"))
    target = view.canvas.wires["iris", "species", "loss", "target", 0]
    assert card(view, "loss").look.error
    assert card(view, "loss").look.bad_ports == {"target"}
    assert (target.bad, target.dashed) == (True, True)
    view.document.undo_stack.undo()
    assert not card(view, "loss").look.error
    assert not target.bad


def test_wires_of_noise_are_dashed_also_before_anything_is_trained(qtbot: QtBot) -> None:
    view = shown(qtbot, drawing("noise Noise dim=4", "d Dense units=2", "e Dense units=2", "noise > d > e"))
    assert [view.canvas.wires[key].dashed for key in (("noise", "out", "d", "in", 0), ("d", "out", "e", "in", 0))] == [
        True, False]


def test_a_wire_added_or_rerouted_alone_is_laid_at_once(view: CanvasView) -> None:
    view.document.do(Connect(wire("dense_1", "drop")))
    key = ("dense_1", "out", "drop", "in", 0)
    before = view.canvas.wires[key].path()
    assert not before.isEmpty()
    view.document.do(RouteEdge(key, ((500.0, 400.0),)))
    assert view.canvas.wires[key].path() != before
    check_scene(view)
    view.document.do(Disconnect(key))
    check_scene(view)


def test_ports_fill_when_they_are_connected(view: CanvasView) -> None:
    assert ("in", False) not in card(view, "drop").look.connected
    view.document.do(Connect(wire("dense_1", "drop")))
    assert ("in", False) in card(view, "drop").look.connected
    view.document.undo_stack.undo()
    assert ("in", False) not in card(view, "drop").look.connected


def test_another_document_replaces_everything(view: CanvasView) -> None:
    view.select(["dense_1"])
    view.document.replace(drawing("iris Iris", "other Dense", "iris.features > other"))
    check_scene(view)
    assert view.canvas.selected == []
    view.set_document(GraphDocument(small(), view.document.registry))
    check_scene(view)
    view.document.do(SetParam("dense_1", "units", 3))
    check_scene(view)


def test_unknown_types_notes_and_frames(view: CanvasView) -> None:
    view.document.do_all([
        AddNode(Node(id="odd", type="FancyConv", params={"scale": 3}, x=600, y=300)),
        AddNode(Node(id="note_1", type="Note", params={"title": "Try", "text": "this " * 30}, x=0, y=500)),
        AddNode(Node(id="frame_1", type="Frame", params={"title": "Head", "color": "blue"}, x=480, y=-40))], "add")
    check_scene(view)
    odd = card(view, "odd").card
    assert odd.kind == "unknown"
    assert ("scale", "3") in odd.rows
    assert card(view, "odd").look.error or card(view, "odd").look.warning
    tall = view.canvas.boxes["note_1"].card_rect().height()
    view.document.do(SetParam("note_1", "text", "short"))
    assert view.canvas.boxes["note_1"].card_rect().height() < tall
    view.document.do(ReplaceNode(Node(id="odd", type="Note", x=600, y=300)))
    check_scene(view)
    assert not view.viewport().grab().isNull()


def blocky() -> Document:
    document = Document(graph("iris Iris", "one Block", "iris.features > one.in_1"),
                        {"B": BlockDefinition(graph("in_1 BlockInput", "dense Dense units=7", "out_1 BlockOutput",
                                                    "in_1 > dense > out_1"))})
    node = document.graph.nodes["one"]
    document.graph.put_node(Node(id=node.id, type="Block", block="B"))
    return document


def test_inside_a_block_facts_are_those_of_an_instance(view: CanvasView) -> None:
    owner = GraphDocument(blocky(), view.document.registry)
    view.set_document(owner, "one")
    check_scene(view)
    assert card(view, "dense").card.out == "7"
    owner.do(SetParam("dense", "units", 9, "B"))
    assert card(view, "dense").card.out == "9"
    owner.do(AddNode(Node(id="more", type="Dense"), "B"))
    owner.do(AddNode(Node(id="root_only", type="Dense")))
    check_scene(view)


def test_when_its_block_goes_the_view_goes_back_to_the_root(view: CanvasView, qtbot: QtBot) -> None:
    owner = GraphDocument(blocky(), view.document.registry)
    view.set_document(owner, "one")
    with qtbot.waitSignal(view.trail.moved):
        owner.do(Batch((RemoveNode("one"), RemoveBlock("B")), "remove block"))
    assert view.canvas.scope == ""
    check_scene(view)
    owner.undo_stack.undo()
    check_scene(view)
    owner.do(AddBlock("C", BlockDefinition()))
    check_scene(view)


def test_the_theme_is_read_at_painting(view: CanvasView) -> None:
    light = view.grab().toImage()
    themes.use(DARK)
    dark = view.grab().toImage()
    assert light.pixelColor(5, 5).lightness() > 200
    assert dark.pixelColor(5, 5).lightness() < 60
    pen = view.canvas.wires["dense_1", "out", "dense_2", "in", 0].pen().color()
    assert pen.name() == DARK.color("wire").name()


@pytest.mark.parametrize("zoom", [1.0, 0.55, 0.3, 0.1])
def test_every_zoom_level_shows_cards_and_errors(view: CanvasView, zoom: float) -> None:
    view.document.do(SetParam("loss", "loss", "CategoricalCrossentropy"))
    view.zoom_to(zoom)
    view.centerOn(view.canvas.content_rect().center())
    image = view.viewport().grab().toImage()
    error = LIGHT.color("error")
    corner = view.mapFromScene(card(view, "loss").card_rect().topRight())
    strip = [image.pixelColor(corner.x() + x, corner.y() + y) for x in range(-12, 3) for y in range(-2, 14)]
    assert any(abs(c.red() - error.red()) + abs(c.green() - error.green()) + abs(c.blue() - error.blue()) < 40 for c in strip)
    source = view.mapFromScene(card(view, "iris").card_rect().center())
    assert image.pixelColor(source) != LIGHT.color("canvas")


@pytest.mark.parametrize("zoom", [0.39, 0.3, 0.2])
def test_errors_keep_their_mark_from_afar(view: CanvasView, zoom: float) -> None:
    view.document.do(SetParam("loss", "loss", "CategoricalCrossentropy"))
    view.zoom_to(zoom)
    view.centerOn(view.canvas.content_rect().center())
    image, error = view.viewport().grab().toImage(), LIGHT.color("error")
    corner = view.mapFromScene(card(view, "loss").card_rect().topRight())
    inside = [image.pixelColor(corner.x() - x, corner.y() + y) for x in range(4, 16) for y in range(4, 12)]
    assert sum(abs(c.red() - error.red()) + abs(c.green() - error.green()) < 60 for c in inside) > 8


def test_an_edit_far_away_touches_few_cards(view: CanvasView, monkeypatch: pytest.MonkeyPatch) -> None:
    view.document.do_all([AddNode(Node(id=f"n{i}", type="Dense", x=300.0 * (i % 20), y=600.0 + 200 * (i // 20)))
                          for i in range(300)], "add many")
    painted: list[str] = []
    monkeypatch.setattr(NodeItem, "update", lambda self, *_: painted.append(self.node_id))
    view.document.do(SetField("n7", "label", "other"))
    assert set(painted) <= {"n7"}


def test_a_closed_document_is_forgotten(qtbot: QtBot) -> None:
    view = shown(qtbot, small())
    scene, owner = weakref.ref(view.canvas), weakref.ref(view.document)
    view.set_document(GraphDocument(small(), view.document.registry))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert scene() is None
    assert owner() is None


def test_moves_are_heard_without_analysis(view: CanvasView) -> None:
    heard: list[ChangeSet] = []
    view.document.analysed.connect(heard.append)
    view.select(["drop"])
    view.verbs.nudge(1, 0)
    assert not heard
    check_scene(view)


@pytest.mark.parametrize(("field", "zoom"), [("muted", 0.6), ("muted", 0.3), ("muted", 0.1), ("frozen", 0.6)])
def test_what_is_muted_or_frozen_is_seen_from_afar(view: CanvasView, field: str, zoom: float) -> None:
    view.zoom_to(zoom)
    view.centerOn(view.canvas.content_rect().center())
    area = view.mapFromScene(card(view, "dense_1").card_rect()).boundingRect()
    plain = view.viewport().grab(area).toImage()
    view.document.do(SetField("dense_1", field, True))
    assert view.viewport().grab(area).toImage() != plain
    view.document.do(SetField("dense_1", field, False))
    assert view.viewport().grab(area).toImage() == plain
