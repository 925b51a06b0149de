"""The bubble: opens for the newest error, never covers a node, points at the port, mends with one click. And the minimap."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from graph_compiler.analysis.diagnostics import Diagnostic, Fix
from graph_compiler.graph.edits import AddNode, Connect, RemoveNode, SetParam
from graph_compiler.graph.values import Node
from tests.helpers.canvas import at, check_scene, drag, move, press, release, shown, small
from tests.helpers.drawing import wire
from widgets.canvas.bubble import Bubble, place_anyhow, place_beside, rich, sentence
from widgets.canvas.items import NodeItem
from widgets.canvas.view import CanvasView
from widgets.controls import FixButton
from widgets.minimap import Minimap
from widgets.theme import LIGHT

WRONG = SetParam("loss", "loss", "CategoricalCrossentropy")


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return shown(qtbot, small())


def bubble_of(view: CanvasView) -> Bubble:
    found = view.bubbles.bubble
    assert found is not None
    assert found.isVisible()
    return found


def hidden(view: CanvasView) -> bool:
    """There is a bubble, but it is not shown now."""
    return view.bubbles.bubble is not None and not view.bubbles.bubble.isVisible()


def covered(view: CanvasView, bubble: Bubble) -> list[str]:
    """Nodes under the card of the bubble."""
    card = QRectF(bubble.geometry()).adjusted(8, 8, -8, -8)
    return [n for n, b in view.canvas.boxes.items() if card.intersects(QRectF(view.mapFromScene(b.card_rect()).boundingRect()))]


def test_the_newest_error_opens_by_itself_and_closes_when_mended(view: CanvasView) -> None:
    assert view.bubbles.bubble is None
    view.document.do(WRONG)
    bubble = bubble_of(view)
    assert bubble.problem.title == "Loss needs a one-hot target"
    assert "one class number" in sentence(bubble.problem)
    assert covered(view, bubble) == []
    view.document.undo_stack.undo()
    assert view.bubbles.bubble is None


def test_fix_makes_the_edit_in_one_step(view: CanvasView) -> None:
    view.document.do(WRONG)
    button = bubble_of(view).buttons[0]
    assert isinstance(button, FixButton)
    assert button.text() == "Fix: insert OneHot"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "one_hot_1" in view.canvas.graph.nodes
    assert view.document.analysis.problems_of("loss") == []
    assert view.bubbles.bubble is None
    assert view.document.undo_stack.count() == 2
    check_scene(view)


@pytest.mark.parametrize("label", ["insert OneHot", "insert an inverted Normalization", "set kernel_size back to 3, 3"])
def test_a_fix_is_as_wide_as_its_words(view: CanvasView, label: str) -> None:
    fix = Fix(label, RemoveNode("loss"))
    problem = Diagnostic("scale", "price is large", "loss", expected="numbers near 1", received="189,000", fixes=(fix,))
    bubble = Bubble(problem, view)
    bubble.show()
    for button in bubble.buttons[:1]:
        assert button.text() == f"Fix: {label}"
        assert button.width() >= button.sizeHint().width()
    explain = bubble.buttons[-1].geometry()
    assert bubble.rect().adjusted(8, 8, -8, -8).contains(explain)
    bubble.deleteLater()


def test_explain_is_passed_on(view: CanvasView, qtbot: QtBot) -> None:
    view.document.do(WRONG)
    with qtbot.waitSignal(view.explain) as heard:
        QTest.mouseClick(bubble_of(view).buttons[-1], Qt.MouseButton.LeftButton)
    assert heard.args[0].code == "one-hot"


def test_a_fresh_node_without_wires_opens_nothing_by_itself_but_on_selection_and_hover(view: CanvasView) -> None:
    view.document.do(AddNode(Node(id="free", type="Dense", x=600, y=400)))
    assert view.bubbles.bubble is None
    view.select(["free"])
    assert bubble_of(view).problem.node == "free"
    view.select([])
    assert view.bubbles.bubble is None
    move(view, at(view, "free"))
    assert bubble_of(view).problem.node == "free"
    move(view, QPoint(1150, 780))
    assert view.bubbles.bubble is None


def test_it_follows_pan_and_zoom_and_hides_when_small_or_out_of_sight(view: CanvasView) -> None:
    view.document.do(WRONG)
    before = bubble_of(view).pos()
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().value() + 40)
    view.view_moved.emit()
    assert bubble_of(view).pos().x() == before.x() - 40
    view.zoom_to(0.6)
    assert covered(view, bubble_of(view)) == []
    view.zoom_to(0.35)
    assert hidden(view)
    view.zoom_to(1.0)
    view.centerOn(9000, 9000)
    view.view_moved.emit()
    assert hidden(view)


def test_it_hides_while_a_node_is_dragged(view: CanvasView) -> None:
    view.document.do(WRONG)
    press(view, at(view, "drop"))
    move(view, at(view, "drop") + QPoint(40, 0))
    assert hidden(view)
    release(view, at(view, "drop"))
    assert bubble_of(view)


@pytest.mark.parametrize(("others", "side"), [
    ([], "below"), ([QRectF(400, 300, 100, 40)], "above"),
    ([QRectF(400, 300, 100, 40), QRectF(400, 100, 100, 60)], "right"),
    ([QRectF(400, 300, 100, 40), QRectF(400, 100, 100, 60), QRectF(600, 200, 100, 40)], "left")])
def test_below_else_above_else_right_else_left(others: list[QRectF], side: str) -> None:
    node, room = QRectF(400, 200, 168, 90), QRectF(0, 0, 1000, 800)
    found = place_beside(node, (208, 100), room, [node, *others])
    assert found is not None
    assert found[0] == side
    assert not any(found[1].intersects(box) for box in [node, *others])
    assert place_beside(node, (208, 100), room, [node, QRectF(0, 0, 1000, 199), QRectF(0, 291, 1000, 500),
                                                 QRectF(570, 0, 400, 800), QRectF(0, 0, 398, 800)]) is None


def test_without_a_free_side_it_covers_as_little_as_can_be_and_stays_inside() -> None:
    node, room = QRectF(400, 200, 168, 90), QRectF(0, 0, 1000, 400)
    others = [node, QRectF(0, 0, 1000, 199), QRectF(0, 300, 1000, 100), QRectF(570, 0, 400, 800), QRectF(100, 0, 298, 400)]
    assert place_beside(node, (208, 100), room, others) is None
    _, card = place_anyhow(node, (208, 100), room, others)
    assert room.contains(card)
    assert not card.intersects(node)
    _, card = place_anyhow(QRectF(0, 0, 168, 90), (208, 100), QRectF(0, 0, 200, 90), [])
    assert (card.left(), card.top()) == (0, 0)


def crowded(view: CanvasView) -> None:
    """Cards all around the Loss, so that no side of it is free."""
    there = view.canvas.graph.nodes["loss"]
    view.document.do_all([AddNode(Node(id=f"n{x}{y}", type="Flatten", x=there.x + 216.0 * x, y=there.y + 150.0 * y))
                          for x in range(-3, 2) for y in range(-1, 4) if (x, y) != (0, 0)], "crowd")


def test_an_error_in_a_crowd_has_words_when_it_is_asked_for(view: CanvasView) -> None:
    crowded(view)
    view.document.do(WRONG)
    move(view, QPoint(5, 795))
    assert hidden(view)
    view.select(["loss"])
    room = view.viewport().rect()
    assert room.contains(bubble_of(view).geometry().adjusted(8, 8, -8, -8))
    view.select([])
    assert hidden(view)
    move(view, at(view, "loss"))
    assert bubble_of(view).problem.node == "loss"


def test_hovering_a_warning_shows_its_words(view: CanvasView) -> None:
    view.document.do(Connect(wire("dense_1", "drop")))
    assert [p.severity for p in view.canvas.problems_of("drop")] == ["warning"]
    assert view.bubbles.bubble is None
    move(view, at(view, "drop"))
    assert bubble_of(view).problem.title == "Dropout leads nowhere"


@pytest.mark.parametrize("zoom", [1.0, 0.55, 0.3])
def test_a_selected_node_in_error_keeps_its_red_outline_and_has_the_accent_around_it(view: CanvasView, zoom: float) -> None:
    view.document.do(WRONG)
    view.zoom_to(zoom)
    view.centerOn(view.canvas.content_rect().center())

    def seen() -> set[str]:
        image = view.viewport().grab().toImage()
        box = view.mapFromScene(view.canvas.boxes["loss"].card_rect()).boundingRect()
        found = [image.pixelColor(x, box.center().y() + 8) for x in range(box.right() - 4, box.right() + 7)]
        return {token for token in ("error", "accent") for c in found if _near(c, LIGHT.color(token))}

    assert "error" in seen()
    view.select(["loss"])
    assert seen() == {"error", "accent"}


def _near(one: QColor, other: QColor) -> bool:
    return abs(one.red() - other.red()) + abs(one.green() - other.green()) + abs(one.blue() - other.blue()) < 90


def test_values_stand_in_the_fixed_font_and_text_is_escaped() -> None:
    text = rich("Expected 10 numbers, received one <b>class</b> int32 of 28×28×1.")
    assert text.count("<span") == 3
    assert "&lt;b&gt;" in text
    assert text.endswith("28×28×1</span>.")


def test_the_minimap_shows_all_cards_and_moves_the_view(view: CanvasView, qtbot: QtBot) -> None:
    view.document.do(AddNode(Node(id="far", type="Dense", x=3000, y=2000)))
    minimap = Minimap(view)
    qtbot.addWidget(minimap)
    minimap.show()
    assert minimap.geometry().bottom() < view.height()
    assert minimap.x() == 16
    minimap.grab()
    QTest.mouseClick(minimap, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(160, 100))
    far = view.canvas.boxes["far"]
    assert isinstance(far, NodeItem)
    assert view.visible_rect().intersects(far.card_rect())
    image = minimap.grab().toImage()
    blue = [1 for x in range(image.width()) for y in range(image.height())
            if abs(image.pixelColor(x, y).blue() - 0xB2) < 8 and image.pixelColor(x, y).red() < 12]
    assert blue
    drag_from = QPoint(20, 20)
    QTest.mousePress(minimap, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, drag_from)
    QTest.mouseRelease(minimap, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, drag_from)
    assert not view.visible_rect().intersects(far.card_rect())


def test_the_minimap_stays_in_its_corner(view: CanvasView, qtbot: QtBot) -> None:
    minimap = Minimap(view)
    qtbot.addWidget(minimap)
    minimap.show()
    before = minimap.pos()
    drag(view, QPoint(600, 700), QPoint(700, 600), button=Qt.MouseButton.MiddleButton)
    assert minimap.pos() == before
    view.resize(900, 600)
    assert minimap.geometry().bottom() == 600 - 16 - 1


def test_the_minimap_hides_while_the_view_is_low(view: CanvasView, qtbot: QtBot) -> None:
    minimap = Minimap(view)
    qtbot.addWidget(minimap)
    minimap.show()
    view.resize(900, 400)
    assert not minimap.isVisible()
    view.resize(900, 600)
    assert minimap.isVisible()
    minimap.hide()
    view.resize(900, 400)
    minimap.show()
    assert not minimap.isVisible()
    view.resize(900, 600)
    assert minimap.isVisible()


def test_it_stays_away_while_the_search_is_open(view: CanvasView, qtbot: QtBot) -> None:
    view.verbs.open_search(QPointF(0, 500))
    assert view.verbs.search is not None
    view.document.do(SetParam("dense_2", "units", -1))
    assert hidden(view)
    view.verbs.close_popups()
    assert not hidden(view)


def test_it_covers_neither_labels_nor_the_map(view: CanvasView) -> None:
    minimap = Minimap(view)
    minimap.show()
    view.document.do(SetParam("dense_2", "units", -1))
    bubble = bubble_of(view)
    assert covered(view, bubble) == []
    box = QRectF(bubble.geometry()).adjusted(8, 8, -8, -8)
    assert not box.intersects(QRectF(minimap.geometry()))
    for label in view.canvas.labels.values():
        if label.isVisible():
            assert not box.intersects(QRectF(view.mapFromScene(label.sceneBoundingRect()).boundingRect()))
