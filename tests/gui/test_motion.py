"""Motion: nothing moves unless it is allowed, everything ends where it should, and reduced motion is none at all."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF
from PySide6.QtGui import QColor, QEnterEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app.settings import Settings
from app.window import MainWindow
from tests.helpers.canvas import card, check_scene, shown, small
from widgets.controls import Button
from widgets.controls.hover import mixed
from widgets.motion import animate, appear, motion


@pytest.fixture
def moving():
    """Motion as the program has it, put back afterwards."""
    motion.allowed = True
    yield motion
    motion.allowed = motion.reduced = False


def test_without_leave_the_end_comes_at_once(qtbot):
    seen: list[float] = []
    assert animate(QObject(), 200, seen.append, lambda: seen.append(-1.0)) is None
    assert seen == [1.0, -1.0]


def test_a_motion_grows_to_its_end(qtbot, moving):
    owner, seen = QWidget(), []
    qtbot.addWidget(owner)
    going = animate(owner, 60, seen.append)
    with qtbot.waitSignal(going.finished):
        pass
    assert seen[-1] == 1.0 and seen == sorted(seen) and len(seen) > 2


def test_reduced_motion_is_none(qtbot, moving):
    moving.reduced = True
    assert moving.span(200) == 0 and moving.still
    seen: list[float] = []
    animate(QObject(), 200, seen.append)
    assert seen == [1.0]


def test_a_popup_fades_in_to_its_place(qtbot, moving):
    parent = QWidget()
    qtbot.addWidget(parent)
    popup = QWidget(parent)
    popup.move(10, 20)
    parent.show()
    appear(popup)
    assert popup.pos() == QPoint(10, 24) and popup.graphicsEffect() is not None
    qtbot.waitUntil(lambda: popup.graphicsEffect() is None)
    assert popup.pos() == QPoint(10, 20)


def test_nothing_moves_while_somebody_types(qtbot, moving):
    parent = QWidget()
    qtbot.addWidget(parent)
    field, popup = QLineEdit(parent), QWidget(parent)
    parent.show()
    field.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is field)
    appear(popup)
    assert popup.graphicsEffect() is None


def test_zoom_to_fit_glides_and_a_hand_stops_it(qtbot, moving):
    view = shown(qtbot, small())
    view.zoom_to(2.0)
    view.fit()
    assert view.zoom == 2.0
    qtbot.waitUntil(lambda: view.visible_rect().contains(view.canvas.content_rect()))
    qtbot.waitUntil(lambda: view._gliding is None)
    view.show_rect(QRectF(0, 0, 100, 100))
    view.zoom_by(1.25)
    zoom = view.zoom
    assert view._gliding is None
    qtbot.waitUntil(lambda: view.zoom == zoom)


def test_tidied_cards_end_where_the_document_has_them(qtbot, moving):
    view = shown(qtbot, small())
    view.verbs.tidy()
    node = view.canvas.graph.nodes["drop"]
    assert (card(view, "drop").x(), card(view, "drop").y()) != (node.x, node.y)
    qtbot.waitUntil(lambda: (card(view, "drop").x(), card(view, "drop").y()) == (node.x, node.y))
    check_scene(view)


def test_undoing_while_cards_move_ends_at_the_old_places(qtbot, moving):
    view = shown(qtbot, small())
    view.verbs.tidy()
    view.document.undo_stack.undo()
    qtbot.waitUntil(lambda: (card(view, "drop").x(), card(view, "drop").y()) == (256.0, 320.0))
    check_scene(view)


def test_docks_and_workbench_slide_and_keep_their_sizes(qtbot, moving, monkeypatch):
    monkeypatch.setenv("NETLOOM_NO_SPARE", "1")
    window = MainWindow(Settings(theme="light"))
    qtbot.addWidget(window)
    window.resize(1600, 1000)
    window.show()
    window.open_template("iris")
    dock = window.docks.dock("palette")
    window.docks.toggle("palette")
    qtbot.waitUntil(dock.isHidden)
    assert not window.actions_by_id["palette"].isChecked()
    window.docks.toggle("palette")
    qtbot.waitUntil(lambda: dock.width() == 255 and dock.maximumWidth() > 10_000)
    window.show_page("Log")
    qtbot.waitUntil(lambda: window.split.sizes()[1] == 507 and window.workbench.minimumHeight() == 240)


def test_a_button_lights_up_under_the_pointer_and_goes_out(qtbot, moving):
    button = Button("Train")
    qtbot.addWidget(button)
    button.show()
    QApplication.sendEvent(button, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))
    assert button._glow.share < 1.0
    qtbot.waitUntil(lambda: button._glow.share == 1.0)
    QApplication.sendEvent(button, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: button._glow.share == 0.0)


def test_colours_are_mixed():
    assert mixed(QColor("#000000"), QColor("#ffffff"), 0.5).red() in (127, 128)
