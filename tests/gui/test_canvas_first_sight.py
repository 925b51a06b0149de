"""Templates as they are first seen: no wire runs behind a card, labels do not lie on one another, the map covers nothing."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from app.paths import template
from graph_compiler.graph.values import Node
from tests.helpers.canvas import card, shown, small
from tests.helpers.drawing import drawing
from widgets.canvas.items import NEAR, NodeItem
from widgets.canvas.view import CanvasView
from widgets.minimap import Minimap

NAMES = ("denoise-autoencoder", "vae", "resnet", "street-unet", "multi-task", "text-rnn", "inception", "date-translator",
         "digit-caption", "se-net")


def seen(qtbot: QtBot, name: str) -> CanvasView:
    return shown(qtbot, template(name), 1032, 836)


def behind_cards(view: CanvasView) -> list[tuple[tuple[object, ...], str]]:
    """Wires for training alone, and the cards they run behind."""
    found = []
    for wire in view.canvas.wires.values():
        path = wire.path()
        points = [path.pointAtPercent(i / 200) for i in range(201)]
        found += [(wire.key, box.node_id) for box in view.canvas.boxes.values() if wire.dashed and isinstance(box, NodeItem)
                  and box.node_id not in (wire.key[0], wire.key[2]) and any(box.card_rect().contains(p) for p in points)]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_wires_of_targets_go_around_cards(qtbot: QtBot, name: str) -> None:
    view = seen(qtbot, name)
    assert behind_cards(view) == []
    labels = [(key[:2], label.sceneBoundingRect()) for key, label in view.canvas.labels.items() if label.isVisible()]
    assert not [(a, b) for (a, here), (b, there) in combinations(labels, 2)  # wires of one port may run on one line
                if a != b and here.contains(there.center())]


@pytest.mark.parametrize("name", ["street-unet", "multi-task", "digit-caption"])
def test_the_map_covers_no_card_when_everything_is_shown(qtbot: QtBot, name: str) -> None:
    view = seen(qtbot, name)
    minimap = Minimap(view)
    minimap.show()
    view.fit()
    assert view.zoom >= NEAR
    corner = QRectF(minimap.geometry())
    for box in view.canvas.boxes.values():
        on_screen = QRectF(view.mapFromScene(box.card_rect()).boundingRect())
        assert not corner.intersects(on_screen)
        assert QRectF(view.viewport().rect()).contains(on_screen)


def test_a_hidden_map_takes_no_room(qtbot: QtBot) -> None:
    view = shown(qtbot, small(), 1200, 700)
    minimap = Minimap(view)
    minimap.show()
    assert not view.corner.isEmpty()
    minimap.setVisible(False)
    assert view.corner.isEmpty()


def test_a_long_value_is_cut_instead_of_widening_its_card(qtbot: QtBot) -> None:
    document = drawing("dense Dense units=8", "odd NotKnown")
    node = document.graph.nodes["odd"]
    document.graph.put_node(Node(id="odd", type=node.type, params={"pattern": "a very long text that goes on and on" * 4}))
    view = shown(qtbot, document)
    assert card(view, "dense").card.width == 168
    assert card(view, "odd").card.width <= 224
