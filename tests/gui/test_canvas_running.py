"""A run on the canvas: bars, dots, live miniatures, and nothing left when it ends."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from graph_compiler.graph.edits import SetField
from tests.helpers.canvas import card, check_scene, shown, small
from tests.helpers.contests import contest
from widgets.canvas.geometry import NAME_X
from widgets.canvas.painting import live_row
from widgets.canvas.view import CanvasView
from widgets.document import GraphDocument
from widgets.fonts import ui_font


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return shown(qtbot, small())


def test_bars_fill_on_layers_only(view: CanvasView) -> None:
    view.set_running(0.25)
    item = view.running.bars
    assert item is not None
    assert {c.node_id for c in item.cards} == {"dense_1", "dense_2", "drop"}
    quarter = item.bar(card(view, "dense_1")).width()
    view.set_running(0.5)
    assert item.bar(card(view, "dense_1")).width() == pytest.approx(2 * quarter)
    view.document.do(SetField("drop", "muted", True))
    assert {c.node_id for c in item.cards} == {"dense_1", "dense_2"}
    check_scene(view)
    view.set_running(None)
    assert view.running.bars is None
    assert item.scene() is None


def test_the_bar_is_painted_in_the_accent(view: CanvasView) -> None:
    before = view.viewport().grab().toImage()
    view.set_running(1.0)
    after = view.viewport().grab().toImage()
    top = view.mapFromScene(card(view, "dense_1").card_rect().center())
    top.setY(view.mapFromScene(card(view, "dense_1").pos()).y() + 1)
    assert before.pixelColor(top) != after.pixelColor(top)
    assert after.pixelColor(top).blue() > after.pixelColor(top).red() + 80


def test_dots_travel_on_every_second_wire_and_can_be_switched_off(view: CanvasView) -> None:
    view.set_running(0.1)
    assert len(view.running.dots.paths) in (1, 2)
    before = view.running.dots.places
    view.running.tick()
    assert view.running.dots.places != before
    view.running.set_moving(False)
    assert view.running.dots.paths == []


@pytest.mark.parametrize("zoom", [1.0, 0.55])
def test_live_miniatures_are_painted_and_cleared(view: CanvasView, zoom: float) -> None:
    view.zoom_to(zoom)
    view.fit()
    view.zoom_to(zoom)
    still = view.viewport().grab().toImage()
    view.set_live("dense_1", [1, 3, 5, 2, 0])
    view.set_live_text("loss", "0.028")
    assert view.viewport().grab().toImage() != still
    view.set_live("nobody", [1])
    view.set_running(None)
    assert view.viewport().grab().toImage() == still


def test_the_losses_of_a_contest_leave_the_name_of_its_card_whole(qtbot: QtBot) -> None:
    view = shown(qtbot, contest())
    shown_card = card(view, "adversarial").card
    short, both = live_row(shown_card, "1.3"), live_row(shown_card, "D 1.37, G 0.749")
    name = QFontMetricsF(ui_font(13, 600)).horizontalAdvance(shown_card.name)
    assert short.top() == 0 and short.left() >= NAME_X + name
    fake = next(spot for spot in shown_card.ports if spot.caption == "fake")
    assert both.center().y() == fake.place.y() and both.right() < shown_card.width


def test_a_run_goes_on_in_another_scene(view: CanvasView) -> None:
    view.set_running(0.4)
    view.set_document(GraphDocument(small(), view.document.registry))
    assert view.running.bars is not None
    assert view.running.bars.scene() is view.canvas
    view.set_running(None)
    check_scene(view)
