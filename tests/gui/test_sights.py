"""What a network shows while it learns, in the Train tab: real events on strips, lines, plots and texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from app.training import live_words
from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.catalog import registry
from graph_compiler.graph.model import Document
from graph_compiler.messages import Epoch, Progress, Sight, Started
from graph_compiler.runs.sights import Look, write
from tests.helpers.contests import contest
from tests.helpers.drawings import iris
from tests.helpers.sights import autoencoder, playground, segmentation, variational, with_scenes
from widgets.document import GraphDocument
from widgets.pages.recipe import phase_rows, phase_words
from widgets.pages.train import TrainPage
from widgets.pages.train_status import PastRun
from widgets.plots.contest import LossesPlot
from widgets.plots.record import TrainingRecord
from widgets.plots.saving import points_text
from widgets.recipe_table import HEADER, RecipeTable
from widgets.sights.attention import AttentionMap
from widgets.sights.latent import LatentPlot
from widgets.sights.latent import caption as latent_caption
from widgets.sights.lines import Lines, MaskLines
from widgets.sights.plane import PlanePlot
from widgets.sights.scores import ScorePlot
from widgets.sights.scores import caption as score_caption
from widgets.sights.shelf import Shelf
from widgets.sights.strip import Strip
from widgets.sights.texts import TextLines
from widgets.sights.view import LEAST
from widgets.theme import DARK, LIGHT, themes
from widgets.words import number

RNG = np.random.default_rng(0)


def samples(epoch: int, rows: int = 5) -> Look:
    tiles = np.full((rows, 8, 8, 1), min(epoch * 10, 255), np.uint8)
    return Look("samples", "samples-made_y", "Generated samples", epoch, {"tiles": tiles}, {"rows": [], "of": "noise"})


def scores(epoch: int) -> Look:
    real, fake = np.zeros(40, np.float32), np.zeros(40, np.float32)
    real[25:35], fake[5:15] = 0.1, 0.1
    arrays = {"real": real, "fake": fake, "edges": np.linspace(-2, 2, 41)}
    return Look("scores", "scores-adversarial", "Scores", epoch, arrays, {"overlap": 0.12,
                                                                          "sentence": "The discriminator is ahead."})


def reconstructions(epoch: int) -> Look:
    tiles = {f"tiles_{i}": RNG.integers(0, 255, (10, 8, 8, 1)).astype(np.uint8) for i in range(2)}
    return Look("reconstructions", "reconstructions-loss", "Reconstructions", epoch, tiles,
                {"lines": ["input", "reconstruction"]})


def latent(epoch: int, size: int = 2) -> Look:
    groups = np.arange(100, dtype=np.int32) % 10
    points = np.stack([groups, groups % 3], axis=1).astype(np.float32) + RNG.normal(0, 0.01, (100, 2)).astype(np.float32)
    return Look("latent", "latent-code", "Latent space", epoch, {"points": points, "groups": groups},
                {"classes": [str(n) for n in range(10)], "size": size, "share": 0.73, "label": "label"})


def masks(epoch: int) -> Look:
    mask = np.zeros((6, 8, 8), np.uint8)
    mask[:, 2:6, 2:6] = 1
    return Look("masks", "masks-loss", "Segmentation", epoch,
                {"pictures": np.full((6, 16, 16, 1), 100, np.uint8), "true": mask, "predicted": 1 - mask},
                {"classes": ["ground", "square"], "iou": 0.5})


def texts(epoch: int) -> Look:
    weights = np.eye(3, 5, dtype=np.float32)
    lines = [{"given": list("3 mai"), "wanted": list("5-3"), "made": list("5-4"), "words": ""},
             {"given": list("1 Jun"), "wanted": list("6-1"), "made": list("6-1"), "words": ""}]
    return Look("texts", "texts-loss", "Translations", epoch, {"attention_0": weights, "attention_1": 1 - weights},
                {"lines": lines, "joint": ""})


def told(run: Path, look: Look) -> Sight:
    """A look written into a run folder, as its message."""
    return Sight(kind=look.kind, name=look.name, title=look.title, epoch=look.epoch, path=str(write(run, look)))


def shown(qtbot: QtBot, widget: QWidget, width: int, height: int) -> None:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()


def page_of(qtbot: QtBot, document: Document, width: int = 1600, **more: object) -> TrainPage:
    known = more.get("known") or registry()
    page = TrainPage(GraphDocument(document, known))
    shown(qtbot, page, width, 468)
    return page


def begin(page: TrainPage, *metrics: str, epochs: int = 30) -> None:
    page.start_over("Run 3")
    page.set_state("running")
    page.receive(Started(epochs=epochs, steps=10, rows={}, parameters=1, metrics=("loss", *metrics)))


# The page.


def test_a_contest_grows_a_strip_of_samples_and_shows_both_losses(qtbot: QtBot, tmp_path: Path) -> None:
    page = page_of(qtbot, contest())
    assert page._phases.cells(0) == (
        "D", "AdversarialLoss, real and fake", "D, 1,089 of 1,121 weights", "generator", "Adam 0.001")
    assert not page._recipe.isVisible()
    begin(page, "discriminator_loss", "real_score", "fake_score")
    view = page.sights.view
    assert view is not None and view.isVisible()
    strip = view.stack.boxes["samples-made_y"].body
    assert isinstance(strip, Strip) and strip.epochs == []
    assert view.stack.boxes["samples-made_y"].caption.toolTip() == "Samples appear as soon as the training starts."
    for epoch in range(4):
        page.receive(told(tmp_path, samples(epoch)))
        page.receive(told(tmp_path, scores(epoch)))
    assert strip.epochs == [0, 1, 2, 3]
    assert strip.accessibleDescription() == "4 epochs of 5 samples"
    assert view.stack.boxes["samples-made_y"].caption.toolTip() == "one fixed noise a row, one column an epoch"
    assert view.losses.isVisible() and not view.loss.isVisible()
    page.resize(1280, 322)
    assert view.losses.height() >= LEAST and view._below.height() >= LEAST, "a low page is scrolled, not squeezed"
    panel = view._panels["scores-adversarial"]
    assert panel.caption.toolTip() == "Overlap 12 %. The discriminator is ahead."
    assert [view.stack.recipe.cells(row)[0] for row in range(view.stack.recipe.count)] == ["D", "G"]


def test_a_click_on_a_column_shows_that_epoch_everywhere(qtbot: QtBot, tmp_path: Path) -> None:
    page = page_of(qtbot, contest())
    begin(page, "discriminator_loss")
    for epoch in range(4):
        page.receive(told(tmp_path, samples(epoch)))
        page.receive(told(tmp_path, scores(epoch)))
    view = page.sights.view
    assert view is not None
    strip, plot = view.stack.boxes["samples-made_y"].body, view._panels["scores-adversarial"].body
    assert isinstance(strip, Strip) and isinstance(plot, ScorePlot) and plot.look is not None
    assert (plot.look.epoch, strip._marked) == (3, 3)
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.rect_of((2, 1)).center().toPoint())
    assert (plot.look.epoch, strip._marked, view.epoch) == (1, 1, 1)
    page.receive(told(tmp_path, scores(4)))
    assert plot.look.epoch == 1
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.rect_of((0, 3)).center().toPoint())
    assert plot.look.epoch == 3 or view.epoch is None


def test_an_autoencoder_shows_reconstructions_and_its_latent_space(qtbot: QtBot, tmp_path: Path) -> None:
    page = page_of(qtbot, autoencoder())
    begin(page, "mae")
    page.receive(told(tmp_path, reconstructions(0)))
    page.receive(told(tmp_path, latent(0)))
    view = page.sights.view
    assert view is not None and view.loss.isVisible() and not view.losses.isVisible()
    assert view.stack.boxes["reconstructions-loss"].caption.toolTip() == "at the start"
    assert not view.stack.slider.isVisible()
    assert view.switch.isVisible() and view.switch._options == ("Latent space", "MAE")
    assert view._below.currentWidget() is view._panels["latent-code"]
    qtbot.keyClick(view.switch, Qt.Key.Key_Right)
    assert view._below.currentWidget() is view.second
    assert not view.second.title.isVisible() and view.switch.isVisible()


def test_the_slider_goes_back_through_the_epochs(qtbot: QtBot, tmp_path: Path) -> None:
    page = page_of(qtbot, autoencoder())
    begin(page)
    for epoch in (0, 2, 5):
        page.receive(told(tmp_path, reconstructions(epoch)))
        page.receive(told(tmp_path, latent(epoch)))
    view = page.sights.view
    assert view is not None
    box, plot = view.stack.boxes["reconstructions-loss"], view._panels["latent-code"].body
    assert isinstance(plot, LatentPlot) and plot.look is not None
    assert (view.stack.slider.isVisible(), view.stack.slider.value(), view.stack.slider.maximum()) == (True, 2, 2)
    view.stack.slider.setFocus()
    qtbot.keyClick(view.stack.slider, Qt.Key.Key_Left)
    assert (box.caption.toolTip(), plot.look.epoch) == ("after epoch 2", 2)
    page.receive(told(tmp_path, latent(6)))
    assert plot.look.epoch == 2
    qtbot.keyClick(view.stack.slider, Qt.Key.Key_End)
    assert view.epoch is None


def test_a_variational_autoencoder_has_all_three(qtbot: QtBot, tmp_path: Path) -> None:
    page = page_of(qtbot, variational())
    begin(page)
    view = page.sights.view
    assert view is not None
    assert list(view.stack.boxes) == ["samples-c_out", "reconstructions-loss"]
    assert list(view._panels) == ["latent-mean"]


def test_masks_lie_over_their_pictures_in_colours_of_the_theme(qtbot: QtBot, tmp_path: Path) -> None:
    page = page_of(qtbot, segmentation(), known=with_scenes())
    begin(page, "accuracy")
    page.receive(told(tmp_path, masks(1)))
    view = page.sights.view
    assert view is not None
    body = view.stack.boxes["masks-loss"].body
    assert isinstance(body, MaskLines) and (body.rows, body.columns) == (3, 6)
    plain, true, predicted = (body.picture((row, 0)) for row in range(3))
    assert plain is not None and true is not None and predicted is not None
    assert true.size() == predicted.size() and true.pixel(4, 4) == predicted.pixel(0, 0) != true.pixel(0, 0)
    assert list(view._panels) == ["metric"]


def test_a_classifier_keeps_its_plots(qtbot: QtBot) -> None:
    page = page_of(qtbot, iris())
    begin(page, "accuracy")
    assert page.sights.view is None and page.loss.isVisible() and page._recipe.isVisible()


def test_a_run_of_earlier_is_shown_with_what_it_has_seen(qtbot: QtBot, tmp_path: Path) -> None:
    for epoch in range(3):
        write(tmp_path, samples(epoch))
        write(tmp_path, scores(epoch))
    page = page_of(qtbot, contest())
    rows = tuple({"epoch": float(i), "loss": 1.0 + i, "discriminator_loss": 0.5, "seconds": 1.0} for i in (1, 2))
    page.show_past(PastRun("Run 7", 2, rows, {}, 5.0, "finished", folder=str(tmp_path)))
    view = page.sights.view
    assert view is not None and view.isVisible()
    strip = view.stack.boxes["samples-made_y"].body
    assert isinstance(strip, Strip) and strip.epochs == [0, 1, 2] and not strip._next
    page._draw()
    assert view.losses.train_item.text == "discriminator 0.500"
    assert view.losses.val_item.text == "generator 3.00"
    page.show_past(PastRun("Run 6", 2, ({"epoch": 1.0, "loss": 1.0},), {}, 5.0, "finished", folder=str(tmp_path / "none")))
    assert not view.isVisible() and page.loss.isVisible()


def test_a_sight_that_nobody_planned_finds_its_place(qtbot: QtBot, tmp_path: Path) -> None:
    page = page_of(qtbot, iris())
    begin(page)
    page.receive(told(tmp_path, texts(1)))
    view = page.sights.view
    assert view is not None and view.isVisible()
    lines, panel = view.stack.boxes["texts-loss"].body, view._panels["attention"].body
    assert isinstance(lines, TextLines) and isinstance(panel, AttentionMap)
    assert panel._weights[0, 0] == 1
    qtbot.mouseClick(lines, Qt.MouseButton.LeftButton, pos=QPoint(40, 28 + 36 + 10))
    assert (lines.current, panel._weights[0, 0]) == (1, 0)
    qtbot.keyClick(lines, Qt.Key.Key_Up)
    assert lines.current == 0


def test_the_end_of_a_run_promises_no_further_column(qtbot: QtBot, tmp_path: Path) -> None:
    page = page_of(qtbot, contest())
    begin(page, "discriminator_loss")
    page.receive(told(tmp_path, samples(0)))
    view = page.sights.view
    assert view is not None
    strip = view.stack.boxes["samples-made_y"].body
    assert isinstance(strip, Strip) and strip._next == 1
    page.receive(Progress(epoch=4, step=1, metrics={}))
    page._draw()
    assert strip._next == 5
    page.set_state("finished")
    assert not strip._next


@pytest.mark.parametrize("width", [1000, 1280, 1600, 2200])
def test_everything_has_room_at_every_width(qtbot: QtBot, tmp_path: Path, width: int) -> None:
    page = page_of(qtbot, contest(), width)
    begin(page, "discriminator_loss")
    for epoch in range(30):
        page.receive(told(tmp_path, samples(epoch)))
    page._draw()
    view = page.sights.view
    assert view is not None
    strip = view.stack.boxes["samples-made_y"].body
    assert isinstance(strip, Strip)
    assert strip.epochs[0] == 0 and strip.epochs[-1] == 29
    last = strip.rect_of((0, strip.columns))
    assert last.right() <= strip.width() and strip.columns >= 6
    assert np.all(np.diff(strip.epochs[:-1]) == strip.epochs[1] - strip.epochs[0])
    heading = (view.losses.title, view.losses.train_item, view.losses.val_item, view.losses.log_switch)
    assert all(part.geometry().right() <= view.losses.width() for part in heading)


# The parts.


def test_hovering_enlarges_and_says_what_it_is(qtbot: QtBot) -> None:
    strip = Strip()
    shown(qtbot, strip, 600, strip.height_for(32))
    strip.set_looks({0: samples(0).arrays["tiles"], 14: samples(14).arrays["tiles"]}, [], 14)
    qtbot.mouseMove(strip, strip.rect_of((2, 1)).center().toPoint())
    card = strip._card
    assert card is not None
    qtbot.waitUntil(card.isVisible)
    assert card.words == "row 3, after epoch 14"
    qtbot.mouseMove(strip, strip.rect_of((0, 0)).center().toPoint())
    qtbot.waitUntil(lambda: card.words == "row 1, at the start")
    strip.leaveEvent(None)
    assert not card.isVisible()


@pytest.mark.parametrize(("action", "size"), [(0, 128), (1, None)])
def test_a_right_click_saves_pictures_as_png(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, action: int,
                                             size: int | None) -> None:
    strip = Strip()
    shown(qtbot, strip, 600, strip.height_for(32))
    strip.set_looks({e: samples(e).arrays["tiles"] for e in range(3)}, [], 2)
    target = tmp_path / "strip"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *given: (str(target), ""))
    menu = strip.menu_at(strip.rect_of((1, 1)).center())
    assert [a.text() for a in menu.actions()] == ["Save this picture as PNG…", "Save all as PNG…"]
    menu.actions()[action].trigger()
    image = QImage(str(target.with_suffix(".png")))
    wanted = (size, size) if size else (3 * (128 + 8), 5 * (128 + 8))
    assert (image.width(), image.height()) == wanted
    assert [a.text() for a in strip.menu_at(QPointF(590, 5)).actions()] == ["Save all as PNG…"]


def test_more_epochs_than_fit_are_thinned_evenly(qtbot: QtBot) -> None:
    strip = Strip()
    shown(qtbot, strip, 300, strip.height_for(32))
    looks = {e: samples(e % 20).arrays["tiles"] for e in range(100)}
    strip.set_looks(looks, [], 99, 100)
    assert strip.epochs[0] == 0 and strip.epochs[-1] == 99 and len(strip.epochs) <= strip.fit(100) - 1
    strip.set_looks(looks, [], 37, 100)
    assert 37 in strip.epochs
    strip.resize(1200, strip.height())
    assert len(strip.epochs) > 15


def test_given_pictures_stand_before_the_first_epoch(qtbot: QtBot) -> None:
    strip = Strip()
    shown(qtbot, strip, 600, strip.height_for(32))
    given = np.full((5, 8, 8, 1), 7, np.uint8)
    strip.set_looks({e: samples(e).arrays["tiles"] for e in range(3)}, [], 2, 0, given)
    assert strip.columns == 4 and strip.epochs == [0, 1, 2]
    assert strip.words((1, 0)) == "row 2, given" and strip.words((1, 1)) == "row 2, at the start"
    picture = strip.picture((0, 0))
    assert picture is not None and picture.pixelColor(0, 0).red() == 7
    with qtbot.assertNotEmitted(strip.chosen):
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.rect_of((0, 0)).center().toPoint())
    with qtbot.waitSignal(strip.chosen) as caught:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.rect_of((0, 2)).center().toPoint())
    assert caught.args == [1]


def test_classes_name_the_rows_of_a_conditional_strip(qtbot: QtBot) -> None:
    strip = Strip()
    shown(qtbot, strip, 600, 400)
    strip.set_looks({0: samples(0, 10).arrays["tiles"]}, [f"digit {n}" for n in range(10)], 0, 1)
    assert strip.rows == 10 and strip.rect_of((0, 0)).left() > 40
    assert strip.words((3, 0)) == "digit 3, at the start"


def test_scores_are_told_apart_by_fill_and_hatch_and_read_out(qtbot: QtBot) -> None:
    plot = ScorePlot()
    shown(qtbot, plot, 400, 160)
    plot.set_look(scores(3))
    real, fake = plot.bar("real", 30), plot.bar("fake", 10)
    assert real.height() == fake.height() > 100 and plot.bar("real", 0).height() == 0
    image = plot.grab().toImage()
    colors = {image.pixel(x, y) for x in range(int(fake.left()), int(fake.right())) for y in range(40, 100)}
    filled = {image.pixel(x, y) for x in range(int(real.left()) + 2, int(real.right()) - 2) for y in range(40, 100)}
    assert len(colors) > 2 and len(filled) == 1
    qtbot.mouseMove(plot, real.center().toPoint())
    qtbot.waitUntil(plot._card.isVisible)
    assert [(name, value) for name, _, _, value in plot._card.lines] == [("real", "10.0 %"), ("fake", "0.0 %")]
    assert score_caption(scores(0)) == "Overlap 12 % at the start."


def test_points_are_coloured_by_class_and_named(qtbot: QtBot) -> None:
    plot = LatentPlot()
    shown(qtbot, plot, 400, 300)
    look = latent(2, 16)
    plot.set_look(look)
    at = plot.place(look.arrays["points"][3].astype(float))
    assert plot._nearest(at) is not None
    assert plot._nearest(QPointF(1, 1)) is None
    assert latent_caption(look) == "73 % of the variance, two principal components of 16 numbers"
    assert latent_caption(latent(2)) == "the two numbers of the code"
    before = plot.grab().toImage()
    themes.use(DARK)
    assert plot.grab().toImage() != before
    themes.use(LIGHT)


def test_points_without_a_class_are_shown_too(qtbot: QtBot) -> None:
    plot = LatentPlot()
    shown(qtbot, plot, 300, 300)
    plot.set_look(Look("latent", "l", "", 1, {"points": np.zeros((5, 2), np.float32), "groups": np.zeros(0, np.int32)},
                       {"classes": [], "size": 2, "share": 1.0, "label": ""}))
    qtbot.mouseMove(plot, plot.rect().center())
    assert not plot.grab().isNull()


def test_lines_show_as_many_as_have_room(qtbot: QtBot) -> None:
    lines = Lines()
    shown(qtbot, lines, 700, lines.height_for(32))
    assert lines.columns == 0 and lines.cell_at(QPointF(200, 10)) is None
    lines.set_look(reconstructions(1))
    assert lines.columns == 10 and lines.names == ["input", "reconstruction"]
    lines.resize(300, lines.height())
    assert lines.columns < 10
    assert lines.words((1, 0)) == "reconstruction"


def test_wrong_tokens_stand_out_and_a_text_that_goes_on_is_wrapped(qtbot: QtBot) -> None:
    lines = TextLines()
    shown(qtbot, lines, 500, 200)
    lines.set_look(texts(2))
    assert lines.compared and lines.sizeHint().height() == 28 + 2 * 36
    assert (lines.text(0, "given"), lines.text(0, "made")) == ("3 mai", "5-4")
    free = Look("texts", "texts-loss", "Text", 1, {}, {"joint": "", "lines": [
        {"given": list("The "), "wanted": [], "made": list("quick brown fox\n\njumps " * 9), "words": "temperature 1"}]})
    lines.set_look(free)
    assert not lines.compared
    wrapped = lines._wrapped(0)
    assert wrapped[0][1] == 4 and sum(given for _, given in wrapped) == 4
    assert [words for words, _ in wrapped] == ["The quick brown fox", *["jumps quick brown fox"] * 2]
    assert not lines.grab().isNull()


def test_pictures_stand_where_no_text_was_given(qtbot: QtBot) -> None:
    lines = TextLines()
    shown(qtbot, lines, 500, 200)
    told = [{"given": [], "wanted": list("one"), "made": list("one"), "words": ""}]
    plain = Look("texts", "texts-loss", "Captions", 1, {}, {"joint": "", "lines": told})
    lines.set_look(plain)
    before = lines.grab().toImage()
    pictures = np.full((1, 28, 28, 1), 200, np.uint8)
    lines.set_look(Look("texts", "texts-loss", "Captions", 1, {"pictures": pictures}, plain.facts))
    assert lines.grab().toImage() != before


def regions(epoch: int) -> Look:
    ground = np.zeros((64, 64), np.uint8)
    ground[:, 32:] = 1
    arrays = {"regions": ground, "sure": np.full((64, 64), 255, np.uint8), "points": np.array([[-1, 0], [1, 0]], np.float32),
              "groups": np.array([0, 1], np.int32), "extent": np.array([-2.0, -1.0, 2.0, 1.0])}
    return Look("plane", "plane-loss", "Decision regions", epoch, arrays, {"classes": ["A", "B"], "axes": ["x", "y"]})


def test_regions_are_the_ground_of_the_points(qtbot: QtBot) -> None:
    plot = PlanePlot()
    shown(qtbot, plot, 400, 228)
    plot.set_look(regions(3))
    assert (plot.box.width(), plot.box.height()) == (400, 200)
    assert plot.place(np.array([[-2.0, 1.0], [2.0, -1.0]])).tolist() == [[0, 0], [400, 200]]
    assert plot.words_at(QPointF(10, 100)) == "A, 100 % sure" and plot.words_at(QPointF(390, 100)) == "B, 100 % sure"
    assert plot.words_at(QPointF(10, 210)) == ""
    light = plot.grab().toImage()
    assert light.pixel(20, 20) != light.pixel(380, 20) and light.pixel(100, 100) != light.pixel(20, 20)
    themes.use(DARK)
    assert plot.grab().toImage().pixel(20, 20) != light.pixel(20, 20)
    themes.use(LIGHT)


def test_generated_points_are_rings(qtbot: QtBot) -> None:
    plot = PlanePlot()
    shown(qtbot, plot, 400, 228)
    look = regions(1)
    arrays = {name: look.arrays[name] for name in ("points", "groups", "extent")}
    before = plot.grab().toImage()
    plot.set_look(Look("plane", "plane-made", "Generated points", 1, {**arrays, "made": np.zeros((3, 2), np.float32)},
                       {"classes": ["real", "generated"], "axes": ["x", "y"]}))
    assert plot.grab().toImage() != before and plot.words_at(QPointF(10, 10)) == ""


def test_a_classifier_of_points_shows_its_plane(qtbot: QtBot, tmp_path: Path) -> None:
    page = page_of(qtbot, playground())
    begin(page, "accuracy")
    page.receive(told(tmp_path, regions(0)))
    view = page.sights.view
    assert view is not None
    body = view.stack.boxes["plane-loss"].body
    assert isinstance(body, PlanePlot) and body.look is not None and body.height() > 200


def test_attention_is_read_out(qtbot: QtBot) -> None:
    plot = AttentionMap()
    shown(qtbot, plot, 300, 200)
    plot.set_map(np.eye(3, 5, dtype=np.float32), list("3 mai"), list("5-4"))
    qtbot.mouseMove(plot, plot.cell(1, 1).center().toPoint())
    qtbot.waitUntil(plot._card.isVisible)
    assert (plot._card.title, plot._card.lines[0][0], plot._card.lines[0][3]) == ("Writing “-”", "“ ”", "100 %")
    plot.leaveEvent(None)
    assert not plot._card.isVisible()


def test_both_losses_are_drawn_with_their_steps(qtbot: QtBot) -> None:
    plot = LossesPlot()
    shown(qtbot, plot, 500, 200)
    record = TrainingRecord()
    record.take(Started(epochs=2, steps=10, rows={}, parameters=1, metrics=("loss", "discriminator_loss")))
    points = tuple((i / 10, 1.0 + i) for i in range(1, 11))
    record.take(Progress(epoch=0, step=10, metrics={"loss": 5.0, "discriminator_loss": 0.5}, points=points,
                              against=tuple((x, 0.1) for x, _ in points)))
    record.take(Epoch(epoch=0, metrics={"loss": 5.0, "discriminator_loss": 0.5}, learning_rate=0.1, seconds=1.0))
    plot.draw(record)
    assert plot.train_item.text == "discriminator 0.100"
    assert plot.val_item.text == f"generator {number(plot._val.getData()[1][-1], 3)}"
    assert len(plot._raw.getData()[0]) == len(plot._raw_val.getData()[0]) == 10
    plot.val_item.toggle()
    assert not plot._raw_val.isVisible() and plot._raw.isVisible()
    plot.set_log(True)
    box = plot.view.getPlotItem().getViewBox()
    plot._hover(box.mapViewToScene(QPointF(1, float(np.mean(box.viewRange()[1])))))
    assert plot._card.isVisible()


def test_the_recipe_breaks_lines_where_it_has_to(qtbot: QtBot) -> None:
    table = RecipeTable()
    shown(qtbot, table, 700, 200)
    document = GraphDocument(contest(discriminator_steps=3), registry())
    table.set_rows(phase_rows(document.analysis))
    assert phase_words(document.analysis) == "3 steps of D for one of G, found in the drawing"
    wide = table.height()
    assert wide == HEADER + 2 * 36
    table.setFixedWidth(380)
    qtbot.waitUntil(lambda: table.height() > wide)
    assert sum(table.widths()) <= 380
    assert table._under(2, HEADER + 10) == "D"
    assert "trains generator" in table.accessibleDescription()


def test_the_shelf_passes_over_looks_that_are_gone(tmp_path: Path) -> None:
    paths = [write(tmp_path, samples(e)) for e in range(3)]
    shelf = Shelf.of(tmp_path)
    paths[2].unlink()
    newest = shelf.at("samples-made_y")
    assert newest is not None and newest.epoch == 1
    first = shelf.at("samples-made_y", 0)
    assert first is not None and first.epoch == 0
    assert shelf.at("nothing") is None and shelf.newest() == 1 and shelf.epochs("samples-made_y") == [0, 1]


def test_both_losses_are_saved_with_everything_behind_them(qtbot: QtBot) -> None:
    page = page_of(qtbot, contest())
    begin(page, "discriminator_loss")
    assert [plot.title.text() for plot in page.plots] == ["Losses"]
    page.receive(Progress(epoch=0, step=1, metrics={}, points=((0.1, 2.0),), against=((0.1, 1.0),)))
    figures = {"loss": 2.0, "discriminator_loss": 1.0, "val_loss": 3.0}
    page.receive(Epoch(epoch=0, metrics=figures, learning_rate=0.1, seconds=1.0))
    assert points_text(page.plots[0].tracks(page.record)).splitlines() == [
        "epoch,series,value", "0.1,discriminator step,1", "0.1,generator step,2", "1,discriminator,1", "1,generator,2",
        "1,generator validation,3"]


def test_the_cards_of_a_contest_say_both_losses() -> None:
    plan = Analyzer(contest(), registry()).plan
    assert live_words(plan, {"loss": 0.8, "discriminator_loss": 1.3}.__getitem__) == {"adversarial": "D 1.30, G 0.800"}
    plan = Analyzer(variational(), registry()).plan
    assert live_words(plan, {"loss": 9.0, "loss_loss": 0.25, "kl_loss": 8.75}.__getitem__) == {"loss": "0.250", "kl": "8.75"}
