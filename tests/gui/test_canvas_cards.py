"""Cards of kinds that look their own way: noise, contests, blocks from afar; and where the labels of steep wires stand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from graph_compiler.graph.edits import Move, RemoveNode, SetField, SetParam
from tests.helpers.blocks import twins
from tests.helpers.canvas import card, shown
from tests.helpers.drawing import drawing
from widgets.canvas.geometry import NAME_X
from widgets.canvas.labels import label_box
from widgets.canvas.view import CanvasView
from widgets.fonts import text_width
from widgets.theme import DARK, LIGHT, themes
from widgets.words import plain


@pytest.fixture
def contest(qtbot: QtBot) -> CanvasView:
    document = drawing("noise Noise", "make Dense units=2", "judge Dense units=1", "loss AdversarialLoss",
                       "noise > make > judge > loss.fake")
    view = shown(qtbot, document)
    view.document.do(Move({"make": (256, 0), "judge": (512, 0), "loss": (768, 300)}))
    return view


def label(view: CanvasView, source: str) -> tuple[float, float]:
    """Where the label of a node's wire stands, counted from the wire's start."""
    wire = next(w for w in view.canvas.wires.values() if w.key[0] == source)
    start = wire.path().pointAtPercent(0)
    return wire.label_place.x() - start.x(), wire.label_place.y() - start.y()


def test_noise_is_no_table(contest: CanvasView) -> None:
    noise = card(contest, "noise").card
    assert noise.family == "noise"
    assert [(spot.place.y(), spot.caption) for spot in noise.ports] == [(20, "")]
    assert noise.out == "64"
    assert [key for key, _ in noise.rows] == ["dim", "distribution"]


def test_what_comes_from_noise_is_dashed(contest: CanvasView) -> None:
    dashed = {wire.key[0]: wire.dashed for wire in contest.canvas.wires.values()}
    assert dashed == {"noise": True, "make": False, "judge": False}


def test_a_contest_says_loss_and_penalty(contest: CanvasView) -> None:
    assert card(contest, "loss").card.rows == (("loss", "non_saturating"), ("penalty", "none"))


def test_a_card_without_an_activation_says_linear_as_its_field_does(contest: CanvasView) -> None:
    assert card(contest, "make").card.rows == (("units", "2"), ("activation", "linear"))


def test_labels_of_steep_wires_stand_at_their_start(contest: CanvasView) -> None:
    x, y = label(contest, "make")
    assert (x, y) == (44.0, 0.0)
    x, y = label(contest, "judge")
    assert 10 < x < 30
    assert y == 0
    contest.document.do(Move({"loss": (768, -300)}))
    x, y = label(contest, "judge")
    assert 10 < x < 30
    assert y > 20


@pytest.mark.parametrize("way", [{"low": (360, 10), "high": (360, -10), "first": (0, 0)},
                                 {"low": (-360, 300), "high": (-480, 300), "first": (0, 0)}], ids=["ahead", "back"])
def test_wires_of_one_output_say_its_shape_once_where_their_labels_would_meet(qtbot: QtBot, way) -> None:
    document = drawing("source MNIST", "scale Rescaling", "first Conv2D filters=32 kernel_size=[3,3]", "low ReLU", "high ReLU",
                       "source.image > scale > first", "first > low", "first > high")
    view = shown(qtbot, document)
    view.document.do(Move({"source": (-1200, 0), "scale": (-900, 0), **way}))
    view.zoom_to(1.0)
    wires = [w for k, w in view.canvas.wires.items() if k[0] == "first"]
    first, second = (label_box(w).translated(w.label_place) for w in wires)
    assert first.intersects(second) and [w.label for w in wires] == ["26×26×32", "26×26×32"]
    said, quiet = sorted(wires, key=lambda w: not w.label_fits)
    assert view.canvas.labels[said.key].isVisible() and quiet.said_by == said.key
    quiet.hovered = True
    view.canvas.show_label(quiet.key)
    assert quiet.key not in view.canvas.labels or not view.canvas.labels[quiet.key].isVisible()
    view.document.do(Move({quiet.key[2]: (900, 700)}))
    assert sum(w.label_fits for w in wires) >= 1
    view.document.undo_stack.undo()
    assert said.label_fits and not quiet.label_fits
    view.document.do(RemoveNode(said.key[2]))
    qtbot.waitUntil(lambda: quiet.label_fits and quiet.said_by is None)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda t: t.name)
def test_a_block_from_afar_shows_its_inside_and_its_chain(qtbot: QtBot, theme) -> None:
    view = shown(qtbot, twins(), 1500)
    themes.use(theme)
    view.zoom_to(0.6)
    view.centerOn(view.canvas.content_rect().center())
    image = view.viewport().grab().toImage()
    box = view.mapFromScene(card(view, "net_1").card_rect()).boundingRect()
    seen = {image.pixelColor(x, y).name() for x in range(box.left(), box.right()) for y in range(box.top(), box.bottom())}
    assert QColor(theme.hues["orange"].strip).name() in seen
    ink = QColor(theme.hues["vermilion"].ink)
    assert any(abs(c.red() - ink.red()) + abs(c.green() - ink.green()) + abs(c.blue() - ink.blue()) < 60
               for c in map(QColor, seen))
    themes.use(LIGHT)


def test_every_state_of_a_block_is_painted(qtbot: QtBot) -> None:
    view = shown(qtbot, twins(), 1500)
    pictures = [view.viewport().grab().toImage()]
    for edit in (SetField("net_1", "frozen", True), SetField("net_1", "muted", True), SetParam("net_1", "filters", -1)):
        view.document.do(edit)
        pictures.append(view.viewport().grab().toImage())
    assert all(a != b for a, b in pairwise(pictures))


@pytest.mark.parametrize(("value", "words"), [
    (1 / 127.5, "1 / 127.5"), (1 / 255, "1 / 255"), (0.05, "0.05"), (1 / 123457.5, "8.099953425e-06"), (2 / 3, "0.6666666667")])
def test_halves_of_a_whole_number_are_fractions_too(value: float, words: str) -> None:
    assert plain(value) == words


@pytest.mark.parametrize("name", ["GlobalAveragePooling2D", "Dropout"])
def test_the_line_through_a_muted_card_leaves_its_name_alone(qtbot: QtBot, name: str) -> None:
    view = shown(qtbot, drawing(f"one {name}"))
    view.select(["one"])
    view.verbs.mute()
    view.select([])
    at = view.mapFromScene(card(view, "one").pos())
    picture = view.viewport().grab().toImage()
    line = QColor(LIGHT.text3)
    y = at.y() + 20
    drawn = [x for x in range(round(card(view, "one").card.width)) if picture.pixelColor(at.x() + x, y) == line]
    name_end = NAME_X + text_width(card(view, "one").card.name, 13, 600)
    assert drawn and not [x for x in drawn if NAME_X - 2 <= x <= name_end + 2]
