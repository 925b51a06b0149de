"""What is put into a wire finds room: what follows moves on, nothing is covered, one step takes it all back."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from graph_compiler.graph.edits import AddNode, Move
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Node
from tests.helpers.canvas import (
    CONTROL,
    SHIFT,
    at,
    card,
    check_scene,
    click,
    drag,
    drop_from_palette,
    move,
    port,
    shown,
    small,
    wires,
)
from tests.helpers.drawing import drawing
from widgets.canvas.arranging import inside_of
from widgets.canvas.items import NodeItem
from widgets.canvas.notes import FrameItem
from widgets.canvas.view import CanvasView
from widgets.problems import ProblemsPage


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return shown(qtbot, small())


def covered(view: CanvasView) -> list[tuple[str, str]]:
    cards = [b for b in view.canvas.boxes.values() if isinstance(b, NodeItem)]
    return [(a.node_id, b.node_id) for a, b in combinations(cards, 2) if a.card_rect().intersects(b.card_rect())]


def column(view: CanvasView, node_id: str) -> float:
    return view.canvas.graph.nodes[node_id].x


def unscaled() -> Document:
    """Pixels reach a convolution as they are: the way out is a Rescaling in front of it."""
    document = drawing("digits Digits", "conv Conv2D filters=4", "dense Dense units=10 activation=softmax", "loss Loss",
                       "digits.image > conv > dense > loss.prediction", "digits.label > loss.target")
    for i, node_id in enumerate(("digits", "conv", "dense", "loss")):
        node = document.graph.nodes[node_id]
        document.graph.put_node(Node(id=node.id, type=node.type, params=node.params, x=256.0 * i, y=0.0))
    return document


def test_a_card_dropped_on_a_wire_moves_what_follows(view: CanvasView) -> None:
    before = {n: column(view, n) for n in view.canvas.graph.nodes}
    middle = (port(view, "dense_1", "out", True) + port(view, "dense_2", "in", False)) / 2
    drop_from_palette(view, "Dropout", middle)
    assert covered(view) == []
    assert column(view, "dense_1") == before["dense_1"]
    moved = column(view, "dense_2") - before["dense_2"]
    assert moved > 0
    assert column(view, "loss") - before["loss"] == moved
    assert view.canvas.graph.nodes["drop"].x == before["drop"]
    assert card(view, "dropout_1").port_place("in", False).y() == card(view, "dense_1").port_place("out", True).y()
    assert view.document.undo_stack.count() == 1
    view.document.undo_stack.undo()
    assert {n: column(view, n) for n in view.canvas.graph.nodes} == before
    check_scene(view)


def test_a_wide_gap_takes_the_card_where_it_is_dropped(view: CanvasView) -> None:
    view.document.do(Move({"dense_2": (768.0, 0.0), "loss": (1024.0, 0.0)}))
    middle = (port(view, "dense_1", "out", True) + port(view, "dense_2", "in", False)) / 2
    drop_from_palette(view, "Dropout", middle)
    assert column(view, "dense_2") == 768.0
    assert abs(card(view, "dropout_1").card_rect().center().x() - view.mapToScene(middle).x()) < 8
    assert covered(view) == []


def test_cards_in_the_way_are_pushed_on_too(view: CanvasView) -> None:
    view.document.do(Move({"drop": (column(view, "loss") + 260.0, 0.0)}))
    drop_from_palette(view, "Dropout", (port(view, "dense_1", "out", True) + port(view, "dense_2", "in", False)) / 2)
    assert covered(view) == []
    assert column(view, "drop") > column(view, "loss") + 208


def test_a_frame_grows_with_what_it_holds(view: CanvasView) -> None:
    view.select(["dense_1", "dense_2"])
    view.verbs.add_frame()
    view.verbs.close_popups()
    drop_from_palette(view, "Dropout", (port(view, "dense_1", "out", True) + port(view, "dense_2", "in", False)) / 2)
    frame = next(b for b in view.canvas.boxes.values() if isinstance(b, FrameItem))
    assert set(inside_of(frame, view.canvas.boxes)) == {"dense_1", "dropout_1", "dense_2"}


def test_a_way_out_takes_its_place_when_it_is_pressed(qtbot: QtBot) -> None:
    view = shown(qtbot, unscaled())
    panel = ProblemsPage(view.document)
    qtbot.addWidget(panel)
    row = next(r for r in panel.rows if any(f.label == "insert Rescaling" for f in r.problem.fixes))
    number = next(i for i, f in enumerate(row.problem.fixes) if f.label == "insert Rescaling")
    drag(view, at(view, "conv"), at(view, "conv") + QPoint(0, 320))
    QTest.mouseClick(row.buttons[number], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "rescaling_1" in view.canvas.graph.nodes)
    assert covered(view) == []
    assert {"digits.image > rescaling_1.in", "rescaling_1.out > conv.in"} <= set(wires(view))
    assert view.document.undo_stack.undoText() == "insert Rescaling"
    assert column(view, "conv") > column(view, "rescaling_1") > column(view, "digits")
    check_scene(view)


def test_a_way_out_between_neighbours_makes_room(qtbot: QtBot) -> None:
    view = shown(qtbot, unscaled())
    view.document.do(AddNode(Node(id="drop", type="Dropout", x=512.0, y=240.0)))
    problem = next(p for p in view.document.analysis.problems if any(f.label == "insert Rescaling" for f in p.fixes))
    fix = next(f for f in problem.fixes if f.label == "insert Rescaling")
    view.document.mend(fix.edit, problem.path)
    assert covered(view) == []
    assert card(view, "rescaling_1").port_place("in", False).y() == card(view, "digits").port_place("image", True).y()


def test_from_top_to_bottom_too(qtbot: QtBot) -> None:
    from widgets.canvas.appearance import Appearance

    view = shown(qtbot, small())
    view.set_appearance(Appearance(down=True))
    drop_from_palette(view, "Dropout", (port(view, "dense_1", "out", True) + port(view, "dense_2", "in", False)) / 2)
    assert card(view, "dropout_1").pos().y() > card(view, "dense_1").card_rect().bottom()
    assert card(view, "dense_2").pos().y() > card(view, "dropout_1").card_rect().bottom()


def search(view: CanvasView, text: str) -> None:
    """Space, the words, Enter."""
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert view.verbs.search is not None
    QTest.keyClicks(view.verbs.search.field, text)
    QTest.keyClick(view.verbs.search.field, Qt.Key.Key_Return)


def middle(view: CanvasView, source: str, name: str, target: str, into: str) -> QPoint:
    """A place on the wire between two ports."""
    return (port(view, source, name, True) + port(view, target, into, False)) / 2


def test_a_new_card_in_a_wire_begins_at_the_height_of_the_port_the_wire_comes_from(view: CanvasView) -> None:
    """The port of the source stands lower than that of the layer behind it."""
    view.document.do(Move({"iris": (-160.0, 0.0)}))
    place = middle(view, "iris", "features", "dense_1", "in")
    click(view, place)
    move(view, place)
    search(view, "dropout")
    made = card(view, "dropout_1")
    assert made.port_place("in", False).y() == card(view, "iris").port_place("features", True).y()
    assert abs(made.card_rect().center().x() - view.mapToScene(place).x()) < 8
    assert covered(view) == []
    assert view.document.undo_stack.undoText() == "add Dropout"


def test_space_inserts_into_the_selected_wire_wherever_the_pointer_is(view: CanvasView) -> None:
    click(view, middle(view, "dense_1", "out", "dense_2", "in"))
    move(view, at(view, "drop") + QPoint(300, 200))
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert view.verbs.search is not None
    assert view.verbs.search.field.placeholderText() == "Insert into the wire"
    assert view.verbs.search.takes == "8"
    QTest.keyClicks(view.verbs.search.field, "mnist")
    assert view.verbs.search.found == []
    view.verbs.search.field.clear()
    QTest.keyClicks(view.verbs.search.field, "dropout")
    QTest.keyClick(view.verbs.search.field, Qt.Key.Key_Return)
    assert {"dense_1.out > dropout_1.in", "dropout_1.out > dense_2.in"} <= set(wires(view))
    assert covered(view) == [] and view.canvas.selected == ["dropout_1"]
    check_scene(view)


def test_space_inserts_into_each_of_several_selected_wires(view: CanvasView, qtbot: QtBot) -> None:
    click(view, middle(view, "iris", "features", "dense_1", "in"))
    click(view, middle(view, "dense_1", "out", "dense_2", "in"), CONTROL)
    before, said = wires(view), []
    view.status.connect(said.append)
    QTest.keyClick(view, Qt.Key.Key_Space)
    box = view.verbs.search
    assert box is not None and box.field.placeholderText() == "Insert into 2 wires" and box.takes == "2 wires"
    QTest.keyClicks(box.field, "dropout 0.3")
    QTest.keyClick(box.field, Qt.Key.Key_Return, SHIFT)
    assert {"iris.features > dropout_1.in", "dropout_1.out > dense_1.in", "dense_1.out > dropout_2.in",
            "dropout_2.out > dense_2.in"} <= set(wires(view))
    assert covered(view) == [] and view.canvas.selected == ["dropout_1", "dropout_2"]
    assert {view.canvas.graph.nodes[n].params["rate"] for n in view.canvas.selected} == {0.3}
    assert said == ["Inserted Dropout into 2 wires."]
    box.field.clear()
    QTest.keyClicks(box.field, "batch norm")
    QTest.keyClick(box.field, Qt.Key.Key_Return)  # the box stayed: what comes next stands behind
    assert {"dropout_1.out > batch_normalization_1.in", "batch_normalization_2.out > dense_2.in"} <= set(wires(view))
    assert covered(view) == [] and view.document.undo_stack.count() == 2
    check_scene(view)
    view.document.undo_stack.undo()
    view.document.undo_stack.undo()
    assert wires(view) == before


def test_what_one_of_the_wires_cannot_feed_is_refused_for_all(qtbot: QtBot) -> None:
    document = drawing("digits Digits", "scale Rescaling", "conv Conv2D filters=4", "flat Flatten", "dense Dense units=10",
                       "digits.image > scale > conv > flat > dense")
    for i, (node_id, node) in enumerate(list(document.graph.nodes.items())):
        document.graph.put_node(Node(id=node_id, type=node.type, params=node.params, x=224.0 * i, y=0.0))
    view = shown(qtbot, document)
    click(view, middle(view, "conv", "out", "flat", "in"))
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert view.verbs.search is not None
    QTest.keyClicks(view.verbs.search.field, "maxpooling2d")
    assert not view.verbs.search.found[0].reason and view.verbs.search.found[0].shape
    QTest.keyClick(view.verbs.search.field, Qt.Key.Key_Escape)
    click(view, middle(view, "flat", "out", "dense", "in"), CONTROL)
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert view.verbs.search is not None
    QTest.keyClicks(view.verbs.search.field, "maxpooling2d")
    assert view.verbs.search.found[0].reason and view.verbs.search.refused_words == "Cannot take all of these wires"
