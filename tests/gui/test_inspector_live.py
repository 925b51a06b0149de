"""What a run has seen inside a node, in the inspector: words, pictures, where it stands, and whose it is."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from app.paths import template
from app.window import MainWindow
from graph_compiler.catalog import registry
from graph_compiler.messages import Live
from graph_compiler.runs import watched
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.listing import next_folder, runs_of
from graph_compiler.runs.watched import Moved, Watched
from tests.helpers.events import shown
from tests.helpers.window import opened_window
from widgets.document import GraphDocument
from widgets.inspector import Inspector
from widgets.inspector.live import HIGHEST, LiveSection, filters_words, gradient_words, maps_words
from widgets.inspector.node_page import NodePage
from widgets.theme import theme


def seen(node: str = "conv2d_2", **facts: object) -> Watched:
    """A look at a convolution of 64 filters."""
    rng = np.random.default_rng(0)
    usual = {"low": 0.01, "high": 2.0, "zeros": 0.614, "filters": rng.integers(0, 255, (24, 3, 3), np.uint8), "filters_of": 64,
             "filters_words": "filters", "maps": rng.integers(0, 255, (24, 11, 11), np.uint8), "maps_of": 64,
             "maps_words": "channels", "moved": (Moved("kernel", (3, 3, 32, 64), 0.1, 0.002), Moved("bias", (64,), 0.0, None))}
    return Watched(node, 2744, 16, np.arange(1, 21), **{**usual, **facts})


@pytest.fixture
def inspector(qtbot) -> Inspector:
    return shown(qtbot, Inspector(GraphDocument(template("digits-cnn"), registry())), 312, 900)


def test_a_look_is_told_in_words_and_pictures(qtbot):
    section = shown(qtbot, LiveSection(), 312, 700)
    section.show_seen(seen(), "step 2,744", "convolution")
    assert (section.head.value.toolTip(), section.activations.value.toolTip()) == ("step 2,744", "61 % zeros")
    assert section.filters_name.title.text() == "Filters, first 24 of 64"
    assert section.maps_name.title.text() == "Channels for one row, first 24 of 64"
    assert section.gradients.value("kernel") == "0.0020 · 2.0 %" and section.gradients.value("bias") == "not trained"
    heights = [bar.height() for bar in section.spread.bars()]
    assert len(heights) == 20 and heights == sorted(heights)
    color = section.spread.grab().toImage().pixelColor(section.spread.bars()[-1].center().toPoint())
    assert color == theme().hue("convolution").strip
    boxes = section.filters.boxes(section.filters.width())
    assert len({box.top() for box in boxes}) == 3 and len({box.left() for box in boxes}) == 8
    assert section.filters.height() >= boxes[-1].bottom(), "nothing is cut"


def test_a_node_that_gives_nothing_but_zeros_says_so(qtbot):
    section = shown(qtbot, LiveSection(), 312, 700)
    empty = Watched("a", 1, 16, np.zeros(20, int), zeros=1.0)
    section.show_seen(empty, "", "core")
    assert section.spread.bars() == [] and section.activations.value.toolTip() == "100 % zeros"
    assert not section.filters.isVisible() and not section.gradients.isVisible() and not section.maps.isVisible()
    section.show_seen(None, "", "core")
    assert not section.isVisible()


def test_a_single_picture_keeps_its_proportions(qtbot):
    section = shown(qtbot, LiveSection(), 312, 700)
    section.show_seen(seen(maps=np.zeros((1, 32, 20), np.uint8), maps_of=1, maps_words="rows"), "", "core")
    box = section.maps.boxes(280)[0]
    assert (box.height(), box.width()) == (HIGHEST, HIGHEST * 20 / 32)


@pytest.mark.parametrize(("look", "words"), [
    (seen(filters=np.zeros((1, 10, 64), np.uint8), filters_words="matrix", moved=(Moved("kernel", (1600, 10), 1.0),)),
     "Weights, 1,600 × 10"),
    (seen(filters_words="units", filters_of=128), "Weights of units, first 24 of 128"),
    (seen(filters_of=24), "Filters, all 24")])
def test_what_the_weights_show(look, words):
    assert filters_words(look) == words


def test_what_the_values_show():
    assert maps_words(seen(maps_of=24)) == "Channels for one row, all 24"
    assert maps_words(seen(maps=np.zeros((1, 28, 28)), maps_of=1)) == "Output for one row"
    assert maps_words(seen(maps_words="steps")) == "Output along the steps of one row"
    assert maps_words(seen(maps_words="rows")) == "Output for 16 rows"
    assert gradient_words(Moved("bias", (3,), 0.0, 0.5)) == "0.50"


def test_while_a_run_goes_on_the_look_stands_on_top_and_below_afterwards(inspector, qtbot):
    inspector.set_selection(["conv2d_2"])
    page = inspector.page
    assert isinstance(page, NodePage) and not page.live.isVisible() and page.text.isVisible()
    inspector.show_live(seen(), "step 1", True)
    qtbot.waitUntil(lambda: page.live.mapTo(page, QPoint()).y() < page.key_form.mapTo(page, QPoint()).y())
    assert page.live.isVisible() and not page.text.isVisible()
    inspector.show_live(seen(), "run 1, step 2", False)
    qtbot.waitUntil(lambda: page.live.mapTo(page, QPoint()).y() > page.state.mapTo(page, QPoint()).y())
    assert page.text.isVisible()
    page.refresh()
    assert page.live.isVisible() and page.text.isVisible()


def test_the_inspector_says_whom_it_looks_at(inspector, qtbot):
    said: list[str] = []
    inspector.looked_at.connect(said.append)
    inspector.set_selection(["conv2d_2"])
    inspector.set_selection(["conv2d_2", "dense_1"])
    inspector.set_selection([])
    assert said == ["conv2d_2", "", ""] and inspector.path == ""
    inspector.show_live(seen(), "", True)  # nobody is there to show it


@pytest.fixture
def window(qtbot, monkeypatch) -> MainWindow:
    window = opened_window(qtbot, monkeypatch, "digits-cnn", 1600, 1000)
    yield window
    for run in runs_of("digits-cnn"):
        run.remove()
    window.close()


def test_what_a_run_has_left_behind_is_shown_for_the_selected_node(window):
    run = RunFolder.create(next_folder("digits-cnn"), window.document.document.copy(), title="digits-cnn")
    watched.write(run.path, seen())
    window.canvas.select(["conv2d_2"])
    live = window.inspector.page.live
    assert live.isVisible() and live.head.value.toolTip() == "run 1, step 2,744"
    window.canvas.select(["conv2d_1"])
    assert not window.inspector.page.live.isVisible(), "nothing was seen of it"
    assert window.pages.runs.watched == "conv2d_1"
    path = watched.write(run.path, seen("conv2d_1"))
    window.pages.runs.message.emit(Live(step=5, histograms={}, details=str(path)))
    assert window.inspector.page.live.isVisible()
    window.canvas.select([])
    assert window.pages.runs.watched == ""
    window.new()
    window.canvas.select([])
    assert window.inspector.path == ""
