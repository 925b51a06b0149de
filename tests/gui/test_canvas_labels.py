"""Labels of wires and words of a run on small cards: nothing lies on anything else."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from app.paths import template
from graph_compiler.graph.edits import Move, SetField
from tests.helpers.canvas import card, click, move, port, shown, small
from widgets.canvas.appearance import Appearance
from widgets.canvas.items import LabelItem, NodeItem
from widgets.canvas.labels import label_box
from widgets.canvas.plain import paint_plain
from widgets.canvas.states import Look
from widgets.canvas.view import CanvasView
from widgets.theme import theme


def seen(view: CanvasView) -> dict[LabelItem, QRectF]:
    """The labels that are seen, and where in the scene."""
    return {label: label_box(label.wire).translated(label.wire.label_place).adjusted(3, 3, -3, -3)
            for label in view.canvas.labels.values() if label.isVisible()}


def clashes(view: CanvasView) -> list[str]:
    """Labels on one another, and on cards without a sheet of their own."""
    found = seen(view)
    wrong = [f"{a.wire.key} on {b.wire.key}" for a, b in combinations(found, 2) if found[a].intersects(found[b])]
    cards = [box for box in view.canvas.boxes.values() if isinstance(box, NodeItem)]
    return wrong + [str(label.wire.key) for label, box in found.items()
                    if any(box.intersects(one.card_rect()) and label.zValue() < one.zValue() for one in cards)]


@pytest.mark.parametrize("down", [False, True], ids=["right", "down"])
@pytest.mark.parametrize("name", ["inception", "resnet", "multi-task", "vae", "date-translator", "conditional-gan"])
def test_labels_lie_on_nothing(qtbot: QtBot, name: str, down: bool) -> None:
    view = shown(qtbot, template(name))
    view.set_appearance(Appearance(down=down))
    view.zoom_to(1.0)
    assert seen(view) and clashes(view) == []


def test_the_label_of_a_short_wire_comes_on_a_sheet_above_its_cards_when_asked_for(qtbot: QtBot) -> None:
    view = shown(qtbot, template("digits-cnn"))
    node = view.canvas.graph.nodes["conv2d_1"]
    view.document.do(Move({"max_pooling2d_1": (node.x + 168 + 48, node.y)}))
    view.home()
    view.zoom_to(1.0)
    view.center_on("conv2d_1")
    view.canvas.select([])
    key = next(k for k in view.canvas.wires if k[0] == "conv2d_1")
    place = (port(view, "conv2d_1", "out", True) + port(view, "max_pooling2d_1", "in", False)) / 2
    move(view, place)
    label = view.canvas.labels[key]
    assert label.isVisible() and label.zValue() > card(view, "conv2d_1").zValue()
    image = view.viewport().grab().toImage()
    box = label_box(label.wire).translated(label.wire.label_place)
    edge = view.mapFromScene(QPointF(box.left() + 4, box.center().y()))
    assert image.pixelColor(edge).name() == theme().color("card").name()
    move(view, QPoint(5, 700))
    assert not view.canvas.labels[key].isVisible()
    click(view, place)
    assert view.canvas.labels[key].isVisible()
    move(view, QPoint(5, 700))
    view.canvas.select(["conv2d_1"])
    assert not view.canvas.labels[key].isVisible()  # it lights with its node: the card says it


def test_a_label_that_waited_comes_when_the_other_goes(qtbot: QtBot) -> None:
    view = shown(qtbot, small())
    one, two = [view.canvas.wires[k] for k in view.canvas.wires if k[0] in ("dense_1", "dense_2")]
    two.label_place = one.label_place
    view.canvas.show_label(two.key)
    assert one.key in view.canvas.labels and not view.canvas.labels[two.key].isVisible()
    one.label = ""
    view.canvas.show_label(one.key)
    assert view.canvas.labels[two.key].isVisible()


@pytest.mark.parametrize("zoom", [0.41, 0.45, 0.5, 0.6, 0.69])
def test_the_words_of_a_run_stand_below_the_name_on_a_small_card(qtbot: QtBot, zoom: float) -> None:
    view = shown(qtbot, small())
    view.document.do(SetField("loss", "label", "Classification loss of flowers"))
    box = card(view, "loss")

    def painted(named: bool, words: str) -> np.ndarray:
        made = QImage(round(box.card.width * zoom) + 20, round(box.card.height * zoom) + 20, QImage.Format.Format_ARGB32)
        made.fill(theme().color("canvas"))
        painter = QPainter(made)
        painter.translate(10, 10)
        painter.scale(zoom, zoom)
        look = Look()
        look.live_text = words
        paint_plain(painter, box.card if named else replace(box.card, name=""), look, zoom)
        painter.end()
        return np.array(made.constBits(), dtype=np.uint8).reshape(made.height(), made.width(), 4).astype(int)

    def rows(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.flatnonzero((np.abs(a - b) > 40).any(axis=(1, 2)))

    bare, name, both = painted(False, " "), painted(True, " "), painted(True, "loss 0.2134, accuracy 0.9321")
    words = rows(name, both)
    assert len(words) and words.min() > rows(bare, name).max()
    assert (np.abs(both - name) > 40)[:, -12:].sum() == 0  # nothing reaches out of the card
