"""Notes and frames under a real mouse: added, written in place, resized, coloured; a frame carries what it holds."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from graph_compiler.graph.edits import AddNode
from graph_compiler.graph.files import dumps
from graph_compiler.graph.values import Node
from tests.helpers.canvas import ALT, CONTROL, SHIFT, at, card, check_scene, drag, key, move, press, release, shown, small
from widgets.canvas.notes import FrameItem, NoteItem
from widgets.canvas.view import CanvasView
from widgets.canvas.writing import NoteField

EMPTY = QPoint(700, 500)
LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return shown(qtbot, small())


def field_of(view: CanvasView) -> NoteField:
    field = view.verbs.writing
    assert field is not None
    assert field.isVisible()
    return field


def with_frame(view: CanvasView) -> None:
    """A frame around dense_1 and drop."""
    view.select(["dense_1", "drop"])
    key(view, Qt.Key.Key_G, SHIFT)
    asker = view.verbs.asker
    assert asker is not None
    QTest.keyClicks(asker.field, "encoder")
    QTest.keyClick(asker.field, Qt.Key.Key_Return)


def test_a_note_is_added_at_the_pointer_and_written_at_once(view: CanvasView) -> None:
    before = dumps(view.document.document)
    move(view, EMPTY)
    key(view, Qt.Key.Key_N)
    QTest.keyClicks(field_of(view), "Try 64 units")
    QTest.keyClick(field_of(view), Qt.Key.Key_Return, CONTROL)
    assert view.verbs.writing is None
    note = view.canvas.boxes["note_1"]
    assert isinstance(note, NoteItem)
    assert note.text == "Try 64 units"
    assert (view.mapFromScene(note.pos()) - EMPTY).manhattanLength() <= 8
    check_scene(view)
    view.document.undo_stack.undo()
    view.document.undo_stack.undo()
    assert dumps(view.document.document) == before


def test_a_double_click_writes_a_note_and_escape_drops_it(view: CanvasView) -> None:
    view.document.do(AddNode(Node(id="n", type="Note", x=300.0, y=560.0, params={"text": "Old"})))
    QTest.mouseDClick(view.viewport(), LEFT, NO_KEYS, at(view, "n", 40, 20))
    QTest.keyClicks(field_of(view), "New")
    QTest.keyClick(field_of(view), Qt.Key.Key_Escape)
    assert view.canvas.graph.nodes["n"].params["text"] == "Old"
    QTest.mouseDClick(view.viewport(), LEFT, NO_KEYS, at(view, "n", 40, 20))
    QTest.keyClicks(field_of(view), "New")
    view.verbs.close_popups()
    assert view.canvas.graph.nodes["n"].params["text"] == "New"
    assert view.hasFocus()


def test_escape_takes_a_note_back_that_was_just_added(view: CanvasView) -> None:
    before = dumps(view.document.document)
    move(view, EMPTY)
    key(view, Qt.Key.Key_N)
    QTest.keyClicks(field_of(view), "No")
    QTest.keyClick(field_of(view), Qt.Key.Key_Escape)
    assert dumps(view.document.document) == before and view.verbs.writing is None and view.hasFocus()
    check_scene(view)


def test_keys_of_the_canvas_are_letters_in_a_note(view: CanvasView) -> None:
    move(view, EMPTY)
    key(view, Qt.Key.Key_N)
    QTest.keyClicks(field_of(view), "mnfj1")
    view.verbs.close_writing()
    assert next(n for n in view.canvas.graph.nodes.values() if n.type == "Note").params["text"] == "mnfj1"


def test_a_frame_goes_around_the_selection_and_carries_it(view: CanvasView) -> None:
    with_frame(view)
    frame = view.canvas.boxes["frame_1"]
    assert isinstance(frame, FrameItem)
    assert frame.title == "encoder"
    assert frame.card_rect().contains(card(view, "dense_1").card_rect())
    assert frame.card_rect().contains(card(view, "drop").card_rect())
    title = at(view, "frame_1", 60, 14)
    drag(view, title, title + QPoint(0, 96))
    assert view.canvas.graph.nodes["dense_1"].y == 96.0
    assert view.canvas.graph.nodes["drop"].y == 416.0
    assert view.canvas.graph.nodes["dense_2"].y == 0.0
    key(view, Qt.Key.Key_Up, ALT)
    assert view.canvas.graph.nodes["drop"].y == 408.0
    check_scene(view)


def test_edges_of_a_frame_are_dragged_in_one_step(view: CanvasView) -> None:
    with_frame(view)
    count = view.document.undo_stack.count()
    before = view.canvas.boxes["frame_1"].card_rect()
    corner = view.mapFromScene(before.bottomRight())
    drag(view, corner, corner + QPoint(48, 32))
    after = view.canvas.boxes["frame_1"].card_rect()
    assert after.topLeft() == before.topLeft()
    assert 40 <= after.width() - before.width() <= 56
    assert view.document.undo_stack.count() == count + 1
    edge = view.mapFromScene(QRectF(after).topLeft()) + QPoint(0, 100)
    drag(view, edge, edge + QPoint(5000, 0))
    assert view.canvas.boxes["frame_1"].card_rect().width() == 96
    view.document.undo_stack.undo()
    view.document.undo_stack.undo()
    assert view.canvas.boxes["frame_1"].card_rect() == before
    check_scene(view)


def test_a_note_made_narrower_grows_with_its_text(view: CanvasView) -> None:
    view.document.do(AddNode(Node(id="n", type="Note", x=300.0, y=560.0, params={"text": "word " * 12})))
    before = view.canvas.boxes["n"].card_rect()
    edge = view.mapFromScene(before.topRight()) + QPoint(0, 20)
    drag(view, edge, edge - QPoint(64, 0))
    after = view.canvas.boxes["n"].card_rect()
    assert after.width() < before.width()
    assert after.height() > before.height()


def test_escape_takes_a_running_resize_back(view: CanvasView) -> None:
    with_frame(view)
    count = view.document.undo_stack.count()
    before = view.canvas.boxes["frame_1"].card_rect()
    corner = view.mapFromScene(before.bottomRight())
    press(view, corner)
    move(view, corner + QPoint(60, 60))
    assert view.canvas.boxes["frame_1"].card_rect() != before
    QTest.keyClick(view, Qt.Key.Key_Escape)
    release(view, corner)
    assert view.canvas.boxes["frame_1"].card_rect() == before
    assert view.document.undo_stack.count() == count


def test_frames_are_coloured_and_give_what_they_hold(view: CanvasView) -> None:
    with_frame(view)
    view.select(["frame_1"])
    view.verbs.color_frames("sky")
    frame = view.canvas.boxes["frame_1"]
    assert isinstance(frame, FrameItem)
    assert frame.hue == "sky"
    view.verbs.select_inside()
    assert sorted(view.canvas.selected) == ["dense_1", "drop"]
    key(view, Qt.Key.Key_C, CONTROL)
    view.select(["frame_1", "dense_1", "drop"])
    key(view, Qt.Key.Key_D, CONTROL)
    assert "frame_2" in view.canvas.graph.nodes
    check_scene(view)
