"""The current node: keys lead a ring from node to node and put distant nodes into the selection, or take them out."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.helpers.canvas import CONTROL, NONE, SHIFT, at, check_scene, click, key, shown, small
from widgets.canvas.notes import FrameItem
from widgets.canvas.view import CanvasView
from widgets.theme import DARK, LIGHT, themes

Key = Qt.Key


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return shown(qtbot, small())


def ringed(view: CanvasView) -> str:
    """The node that is seen with the ring, empty for none."""
    ring = view.canvas.current.ring
    return view.canvas.current.id if ring.isVisible() else ""


def test_control_arrows_lead_the_ring_and_leave_the_selection(view: CanvasView) -> None:
    click(view, at(view, "iris"))
    assert ringed(view) == ""
    key(view, Key.Key_Right, CONTROL)
    key(view, Key.Key_Right, CONTROL)
    assert ringed(view) == "dense_2" and view.canvas.selected == ["iris"]
    key(view, Key.Key_Left, CONTROL)
    assert ringed(view) == "dense_1"
    key(view, Key.Key_Down, CONTROL)
    assert ringed(view) == "drop" and view.canvas.selected == ["iris"]
    key(view, Key.Key_Up, CONTROL)
    key(view, Key.Key_Left, CONTROL)
    assert ringed(view) == "iris"
    key(view, Key.Key_Left, CONTROL)
    assert ringed(view) == "iris"  # there is none beyond
    assert not view.document.undo_stack.count()


def test_distant_nodes_are_selected_and_let_go_by_keys(view: CanvasView) -> None:
    click(view, at(view, "iris"))
    for _ in range(3):
        key(view, Key.Key_Right, CONTROL)
    key(view, Key.Key_Space, CONTROL)
    assert view.canvas.selected == ["iris", "loss"] and ringed(view) == "loss"
    assert view.verbs.search is None
    key(view, Key.Key_Left, CONTROL)
    key(view, Key.Key_Down, CONTROL)
    key(view, Key.Key_Space, CONTROL)
    assert set(view.canvas.selected) == {"iris", "loss", "drop"}
    key(view, Key.Key_Space, CONTROL)
    assert view.canvas.selected == ["iris", "loss"] and ringed(view) == "drop"
    key(view, Key.Key_M, NONE)
    assert view.canvas.graph.nodes["loss"].muted and not view.canvas.graph.nodes["drop"].muted
    check_scene(view)


def test_without_a_selection_the_ring_begins_where_one_was(view: CanvasView) -> None:
    key(view, Key.Key_Right, CONTROL)
    assert ringed(view) == "iris" and view.canvas.selected == []
    key(view, Key.Key_Space, CONTROL)
    assert view.canvas.selected == ["iris"]


def test_plain_arrows_select_from_the_ring_on(view: CanvasView) -> None:
    click(view, at(view, "iris"))
    key(view, Key.Key_Right, CONTROL)
    key(view, Key.Key_Right, CONTROL)
    key(view, Key.Key_Right, SHIFT)
    assert view.canvas.selected == ["iris", "loss"] and ringed(view) == ""
    key(view, Key.Key_Left)
    assert view.canvas.selected == ["dense_2"]


def test_the_ring_goes_with_a_click_with_escape_and_with_its_node(view: CanvasView) -> None:
    key(view, Key.Key_Right, CONTROL)
    key(view, Key.Key_Escape)
    assert ringed(view) == ""
    key(view, Key.Key_Right, CONTROL)
    click(view, at(view, "dense_2"))
    assert ringed(view) == ""
    key(view, Key.Key_Left, CONTROL)
    key(view, Key.Key_Space, CONTROL)
    key(view, Key.Key_Delete)
    assert "dense_1" not in view.canvas.graph.nodes and ringed(view) == ""
    view.document.undo_stack.undo()
    check_scene(view)


def test_the_ring_follows_its_node_and_is_gone_while_another_has_the_keyboard(view: CanvasView, qtbot: QtBot) -> None:
    click(view, at(view, "drop"))
    key(view, Key.Key_Space, CONTROL)
    key(view, Key.Key_Space, CONTROL)
    before = view.canvas.current.ring.boundingRect()
    key(view, Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert view.canvas.current.ring.boundingRect() == before.translated(0, 8)
    field = QLineEdit(view)
    field.show()
    field.setFocus()
    assert ringed(view) == ""
    view.setFocus()
    assert ringed(view) == "drop"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("zoom", [1.0, 0.5, 0.25])
def test_the_ring_is_seen_around_every_kind_of_node_at_every_zoom(view: CanvasView, theme, zoom: float) -> None:
    themes.use(theme)
    try:
        click(view, at(view, "drop"))
        view.verbs.add_frame()
        view.verbs.close_popups()
        frame = next(n for n, box in view.canvas.boxes.items() if isinstance(box, FrameItem))
        for node_id in (frame, "dense_1"):
            view.canvas.current.move(node_id)
            view.zoom_to(zoom)
            view.canvas.current.have_keys(True)
            box = view.canvas.boxes[node_id].card_rect()
            edge = view.mapFromScene(box.center().x(), box.top()) - QPoint(0, 7)
            image = view.viewport().grab().toImage()
            inks = {image.pixelColor(edge + QPoint(dx, dy)).name() for dx in range(-12, 13) for dy in (-1, 0, 1)}
            assert theme.color("text").name() in inks, node_id
    finally:
        themes.use(LIGHT)


def test_the_keys_are_rows_of_the_table_and_can_be_given_to_others(view: CanvasView) -> None:
    view.verbs.keys.bind({"toggle_current": "T", "go_right": ""})
    key(view, Key.Key_Right, CONTROL)
    assert ringed(view) == ""
    key(view, Key.Key_T)
    assert view.canvas.selected == ["iris"]
    QTest.keyClick(view, Key.Key_Space, CONTROL)
    assert view.canvas.selected == ["iris"] and view.verbs.search is None
