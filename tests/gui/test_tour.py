"""The tour at the real window: offered once, at real places, by mouse and keys, in nobody's way."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import tour as touring
from app.tour import STEPS
from app.window import MainWindow
from tests.helpers.access import nameless
from tests.helpers.window import opened_window
from widgets.coach import TIP, Coach, place_card
from widgets.controls import IconButton
from widgets.fuzzy import Match
from widgets.palette_rows import ROW


@pytest.fixture
def window(qtbot, monkeypatch) -> MainWindow:
    monkeypatch.setattr(touring, "AFTER", 0)
    return opened_window(qtbot, monkeypatch)


def begun(window: MainWindow) -> Coach:
    window.open_template("digits-cnn")
    QApplication.processEvents()
    window.actions_by_id["tour"].trigger()
    assert window.tour.coach is not None
    return window.tour.coach


def choose(window: MainWindow, name: str, train: bool = False) -> None:
    """Click a card of the gallery."""
    card = next(c for c in window.gallery.cards if c.template.id == name)
    card.opened.emit(name, train)


def test_it_comes_after_the_first_choice_in_the_gallery_and_only_then(window, qtbot):
    assert not window.tour.running
    choose(window, "iris")
    qtbot.waitUntil(lambda: window.tour.running)
    assert window.settings.toured
    window.tour.leave()
    window.show_gallery()
    choose(window, "digits-mlp")
    QTest.qWait(20)
    assert not window.tour.running


def test_whoever_has_seen_it_or_opens_a_file_by_name_is_left_alone(window):
    window.open_template("iris")
    QTest.qWait(20)
    assert not window.tour.running and not window.settings.toured


def test_six_steps_at_the_places_they_speak_of(window, qtbot):
    coach = begun(window)
    seen = []
    for number in range(1, 7):
        step = window.tour.step
        place, card = step.place(window), coach.geometry()
        assert window.rect().contains(place.center())
        assert window.rect().adjusted(-12, -12, 12, 12).contains(card)
        inner = card.adjusted(12, 12, -12, -12)
        assert not inner.intersects(place), step.title
        assert coach.spot.geometry().contains(place & window.rect().adjusted(4, 4, -4, -4))
        assert coach.count.text() == f"{number} of 6" and coach.next.hasFocus()
        assert len(step.text) < 180
        seen.append(step.about)
        qtbot.mouseClick(coach.next, Qt.MouseButton.LeftButton)
    assert seen == [s.about for s in STEPS]
    assert not window.tour.running and not coach.isVisible()


def test_keys_lead_on_back_and_out(window):
    coach = begun(window)
    window.canvas.setFocus()
    coach = window.tour.coach
    coach.next.setFocus()
    QTest.keyClick(coach.next, Qt.Key.Key_Space)
    assert window.tour.step.about == "canvas"
    QTest.keyClick(coach.next, Qt.Key.Key_Right)
    assert window.tour.step.about == "inspector"
    QTest.keyClick(coach.next, Qt.Key.Key_Left)
    assert window.tour.step.about == "canvas"
    QTest.keyClick(coach.next, Qt.Key.Key_Escape)
    assert not window.tour.running and window.canvas.hasFocus()


def test_enter_presses_the_button(window):
    coach = begun(window)
    for key, about in ((Qt.Key.Key_Return, "canvas"), (Qt.Key.Key_Enter, "inspector")):
        QTest.keyClick(coach.next, key)
        assert window.tour.step.about == about
    QTest.keyClick(coach.back, Qt.Key.Key_Return)
    assert window.tour.step.about == "canvas"
    for _ in range(5):
        QTest.keyClick(coach.next, Qt.Key.Key_Return)
    assert not window.tour.running


def test_the_question_mark_it_speaks_of_is_to_be_seen(window):
    coach = begun(window)
    assert not window.canvas.canvas.selected
    window.tour.go(1)
    window.tour.go(1)
    buttons = [button for button in window.inspector.findChildren(IconButton) if button.isVisible()]
    marks = [button for button in buttons if button.toolTip() == "Explain in the guide (F1)"]
    assert len(window.canvas.canvas.selected) == 1 and len(marks) == 1 and coach.next.hasFocus()
    window.tour.go(1)
    assert not window.canvas.canvas.selected
    window.tour.go(-1)
    window.canvas.select(["loss_1"])
    window.tour.leave()
    assert window.canvas.canvas.selected == ["loss_1"]


def test_escape_leaves_wherever_the_keyboard_is(window):
    begun(window)
    window.inspector.focus_first()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not window.tour.running
    assert not window.in_gallery


def test_the_controls_it_points_at_work_meanwhile(window, qtbot):
    coach = begun(window)
    spot = coach.spot
    assert window.childAt(spot.geometry().center()) not in (spot, coach)
    search = window.palette_dock.search
    qtbot.mouseClick(search, Qt.MouseButton.LeftButton)
    QTest.keyClicks(search, "lstm")
    assert search.text() == "lstm" and window.tour.running


def test_it_follows_the_window(window, qtbot):
    coach = begun(window)
    for _ in range(3):
        qtbot.mouseClick(coach.next, Qt.MouseButton.LeftButton)
    assert window.tour.step.about == "train"
    window.resize(1280, 800)
    place = QRect(window.header.train.mapTo(window, QPoint()), window.header.train.size())
    qtbot.waitUntil(lambda: coach.spot.geometry().contains(
        QRect(window.header.train.mapTo(window, QPoint()), window.header.train.size()).center())
        and window.rect().adjusted(-12, -12, 12, 12).contains(coach.geometry()))
    assert place.right() < 1400


def test_it_is_over_when_something_else_comes(window):
    begun(window)
    window.show_gallery()
    assert not window.tour.running
    window.actions_by_id["tour"].trigger()
    assert window.tour.running and not window.in_gallery
    window.guide.open()
    assert not window.tour.running


def test_what_is_hidden_is_left_out(window, qtbot):
    window.open_template("iris")
    window.docks.toggle("palette")
    qtbot.waitUntil(lambda: not window.palette_dock.isVisible())
    window.tour.start()
    assert window.tour.step.about == "canvas" and window.tour.coach.count.text() == "1 of 5"


def test_on_an_empty_canvas_it_points_at_the_middle(window):
    window.new()
    window.tour.start()
    window.tour.go(1)
    middle = window.canvas.viewport().mapTo(window, window.canvas.viewport().rect().center())
    assert window.tour.step.place(window).contains(middle)


def test_it_is_told_to_those_who_listen(window):
    coach = begun(window)
    face = QAccessible.queryAccessibleInterface(coach)
    assert face.text(QAccessible.Text.Name) == "Tour, 1 of 6: Layers stand here"
    assert face.role() == QAccessible.Role.HelpBalloon
    assert STEPS[0].text in face.text(QAccessible.Text.Description)
    assert not nameless(window)


@pytest.mark.parametrize("place", [QRectF(0, 60, 255, 260), QRectF(1130, 60, 270, 320), QRectF(1260, 8, 120, 32),
                                   QRectF(10, 840, 420, 30), QRectF(500, 872, 100, 20), QRectF(600, 400, 168, 120)])
def test_a_card_stands_beside_its_place_within_the_room(place):
    room = QRectF(8, 8, 1384, 884)
    _, card = place_card(place, QSize(304, 180), room)
    assert room.contains(card) and not card.intersects(place)


def test_the_first_ring_is_around_one_layer_and_the_card_beside_the_list(window, qtbot):
    coach = begun(window)
    entries = window.palette_dock.list
    row = next(i for i in range(entries.model().rowCount()) if isinstance(entries.model().index(i, 0).data(ROW), Match))
    place = entries.visualRect(entries.model().index(row, 0))
    spot = coach.spot.geometry()
    assert spot == QRect(entries.viewport().mapTo(window, place.topLeft()), place.size()).adjusted(-4, -4, 4, 4) & window.rect()
    assert spot.height() < window.palette_dock.height() / 6
    assert coach.geometry().left() + TIP >= window.palette_dock.mapTo(window, window.palette_dock.rect().topRight()).x()
    window.palette_dock.set_expanded([])
    window.tour.go(1)
    window.tour.go(-1)
    assert coach.spot.height() < 60  # every family is folded: the first of them
