"""Frames and what they hold: copied, duplicated and deleted together, and no other card is laid out into them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from graph_compiler.graph.edits import Move
from graph_compiler.graph.layered import Card, Lead
from tests.helpers.canvas import CONTROL, at, check_scene, click, key, shown, small
from widgets.canvas.appearance import Appearance
from widgets.canvas.arranging import inside_of
from widgets.canvas.framing import Margins, arrange_framed
from widgets.canvas.notes import FrameItem
from widgets.canvas.view import CanvasView

MARGINS = Margins(24, 24, 40, 24)


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    view = shown(qtbot, small())
    view.select(["dense_1", "dense_2"])
    view.verbs.add_frame()
    view.verbs.close_popups()
    return view


def frames(view: CanvasView) -> dict[str, set[str]]:
    return {n: set(inside_of(box, view.canvas.boxes)) for n, box in view.canvas.boxes.items() if isinstance(box, FrameItem)}


def choose_frame(view: CanvasView) -> str:
    """Select the frame by a click on its title."""
    name = next(iter(frames(view)))
    click(view, at(view, name, 60, 12))
    assert view.canvas.selected == [name]
    return name


def test_delete_takes_what_the_frame_holds_in_one_step(view: CanvasView) -> None:
    choose_frame(view)
    key(view, Qt.Key.Key_Delete)
    assert set(view.canvas.graph.nodes) == {"iris", "loss", "drop"}
    view.document.undo_stack.undo()
    assert {"dense_1", "dense_2"} in frames(view).values()
    check_scene(view)


def test_the_frame_alone_can_be_deleted(view: CanvasView) -> None:
    choose_frame(view)
    view.verbs.delete_frames()
    assert frames(view) == {}
    assert {"dense_1", "dense_2"} <= set(view.canvas.graph.nodes)
    assert view.document.undo_stack.undoText() == "delete frame_1"


def test_copies_hold_what_the_frame_holds(view: CanvasView) -> None:
    choose_frame(view)
    key(view, Qt.Key.Key_C, CONTROL)
    text = QGuiApplication.clipboard().text()
    assert "dense_1" in text
    assert "dense_2" in text
    key(view, Qt.Key.Key_D, CONTROL)
    assert {"dense_3", "dense_4"} <= set(view.canvas.graph.nodes)
    assert len(frames(view)) == 2


@pytest.mark.parametrize("down", [False, True])
def test_no_other_card_is_laid_out_into_a_frame(view: CanvasView, down: bool) -> None:
    view.set_appearance(Appearance(down=down))
    view.document.do(Move({"drop": (640.0, 40.0)}))
    view.select([])
    view.verbs.tidy()
    assert list(frames(view).values()) == [{"dense_1", "dense_2"}]
    frame = next(box for box in view.canvas.boxes.values() if isinstance(box, FrameItem))
    for other in ("iris", "loss", "drop"):
        assert not frame.card_rect().intersects(view.canvas.boxes[other].card_rect())
    count = view.document.undo_stack.count()
    view.verbs.tidy()
    assert view.document.undo_stack.count() == count


def test_a_branch_beside_a_frame_stays_out_of_it() -> None:
    cards = {n: Card(168, 100, (256.0 * i, 0.0)) for i, n in enumerate("abcdef")}
    leads = [Lead("a", "b"), Lead("b", "c"), Lead("c", "f"), Lead("a", "d"), Lead("d", "e"), Lead("e", "f")]
    places = arrange_framed(cards, leads, {"frame": ["b", "c"]}, 5000, MARGINS)
    left, top = (min(places[n][i] for n in "bc") for i in (0, 1))
    right, bottom = max(places[n][0] for n in "bc") + 168, max(places[n][1] for n in "bc") + 100
    for other in "adef":
        x, y = places[other]
        assert x + 168 <= left - 24 or x >= right + 24 or y + 100 <= top - 40 or y >= bottom + 24
    assert places["b"][1] == places["c"][1]


def test_a_frame_that_wires_leave_and_enter_again_does_not_count_as_one_card() -> None:
    cards = {n: Card(168, 100) for n in "abc"}
    places = arrange_framed(cards, [Lead("a", "b"), Lead("b", "c")], {"frame": ["a", "c"]}, 5000, MARGINS)
    assert places["a"][0] < places["b"][0] < places["c"][0]
