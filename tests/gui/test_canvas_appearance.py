"""How wires are drawn is the view's choice: styles, and only those of the selection. The document hears nothing of it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from graph_compiler.graph.edits import RouteEdge
from graph_compiler.graph.files import dumps
from tests.helpers.canvas import at, check_scene, click, shown, small
from widgets.canvas.appearance import ANGLED, CURVED, STRAIGHT, Appearance
from widgets.canvas.view import CanvasView


@pytest.fixture
def view(qtbot: QtBot) -> CanvasView:
    return shown(qtbot, small())


def visible(view: CanvasView) -> list[str]:
    return sorted(f"{k[0]} > {k[2]}" for k, wire in view.canvas.wires.items() if wire.isVisible())


def test_styles_change_the_way_of_every_wire(view: CanvasView) -> None:
    before = dumps(view.document.document)
    key = next(k for k in view.canvas.graph.edges if k[0] == "iris" and k[2] == "dense_1")
    counts = {}
    for style in (CURVED, STRAIGHT, ANGLED):
        view.set_appearance(Appearance(style))
        path = view.canvas.wires[key].path()
        counts[style] = path.elementCount()
        check_scene(view)
    assert counts == {CURVED: 4, STRAIGHT: 2, ANGLED: 9}
    assert dumps(view.document.document) == before
    assert view.document.undo_stack.count() == 0


@pytest.mark.parametrize("style", [CURVED, STRAIGHT, ANGLED])
def test_bent_wires_have_styles_too(view: CanvasView, style: str) -> None:
    key = next(k for k in view.canvas.graph.edges if k[0] == "dense_1")
    view.document.do(RouteEdge(key, ((480.0, 300.0), (500.0, 340.0))))
    view.set_appearance(Appearance(style))
    check_scene(view)
    assert view.canvas.wires[key].path().boundingRect().bottom() >= 330


def test_only_the_wires_of_the_selection(view: CanvasView) -> None:
    everything = visible(view)
    view.set_appearance(Appearance(only_selected=True))
    assert visible(view) == everything
    click(view, at(view, "dense_1"))
    assert visible(view) == ["dense_1 > dense_2", "iris > dense_1"]
    view.zoom_to(0.2)
    assert not any(wire.isVisible() for wire in view.canvas.wires.values())
    view.zoom_to(1.0)
    assert visible(view) == ["dense_1 > dense_2", "iris > dense_1"]
    view.select([])
    assert visible(view) == everything
    assert not any(label.isVisible() and not view.canvas.wires[k].isVisible() for k, label in view.canvas.labels.items())


def test_another_scene_is_drawn_alike(view: CanvasView) -> None:
    view.set_appearance(Appearance(STRAIGHT, only_selected=True))
    view.show_place("")
    assert view.canvas.appearance == Appearance(STRAIGHT, only_selected=True)
