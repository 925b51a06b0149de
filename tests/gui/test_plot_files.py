"""Plots as files: PNG and SVG as they are seen, CSV with every point; and the tools of the Train page in the strip."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog

from graph_compiler.catalog import registry
from graph_compiler.messages import Epoch, Progress, Started
from tests.helpers.answering import Answers
from tests.helpers.events import digits
from widgets.document import GraphDocument
from widgets.pages.train import TrainPage
from widgets.pages.train_tools import LiveSwitch, SaveButton
from widgets.plots.saving import SHARPNESS, points_text
from widgets.theme import theme


@pytest.fixture
def page(qtbot) -> TrainPage:
    page = TrainPage(GraphDocument(digits(), registry()))
    qtbot.addWidget(page)
    page.resize(1600, 468)
    page.show()
    page.start_over("Run 3")
    page.set_state("running")
    page.receive(Started(epochs=3, steps=10, rows={}, parameters=1, metrics=("loss", "accuracy")))
    for epoch in range(2):
        page.receive(Progress(epoch=epoch, step=10, metrics={"loss": 0.5, "accuracy": 0.8},
                              points=((epoch + 0.5, 1.0 - epoch / 2), (epoch + 1.0, 0.9 - epoch / 2))))
        page.receive(Epoch(epoch=epoch, metrics={"loss": 0.6, "val_loss": 0.7, "accuracy": 0.8, "val_accuracy": 0.75},
                           learning_rate=0.001, seconds=1.0))
    qtbot.waitUntil(lambda: page.loss.train_item.has_value)
    return page


def test_a_picture_has_twice_the_pixels_and_the_colours_of_the_plot(page, tmp_path):
    SaveButton(page).save(page.loss, tmp_path / "loss.png")
    picture = QImage(str(tmp_path / "loss.png"))
    assert picture.width() == SHARPNESS * (page.loss.view.width() + 32)
    colors = {picture.pixelColor(x, y).name() for x in range(0, picture.width(), 2) for y in range(0, picture.height(), 2)}
    assert {theme().color("panel").name(), theme().color("train").name(), theme().color("val").name()} <= colors


def test_a_drawing_is_sound_svg_with_lines_and_words(page, tmp_path):
    SaveButton(page).save(page.second, tmp_path / "accuracy.svg")
    assert QSvgRenderer(str(tmp_path / "accuracy.svg")).isValid()
    text = (tmp_path / "accuracy.svg").read_text("utf-8")
    assert "Accuracy" in text and "validation 75.0 %" in text and "<path" in text


def test_a_table_has_every_point(page, tmp_path):
    SaveButton(page).save(page.loss, tmp_path / "loss.csv")
    rows = list(csv.DictReader((tmp_path / "loss.csv").read_text("utf-8").splitlines()))
    assert [(r["epoch"], r["value"]) for r in rows if r["series"] == "step"] == [
        ("0.5", "1"), ("1", "0.9"), ("1.5", "0.5"), ("2", "0.4")]
    assert [(r["epoch"], r["value"]) for r in rows if r["series"] == "validation"] == [("1", "0.7"), ("2", "0.7")]
    assert "step" not in points_text(page.second.tracks(page.record))


def test_the_menu_asks_for_a_name_and_the_chosen_kind_gives_the_ending(page, tmp_path, monkeypatch):
    asked: list[str] = []

    def answer(_parent, title, start, kinds) -> tuple[str, str]:
        asked.extend((title, start))
        return str(tmp_path / "curve"), kinds.split(";;")[2]

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    menu = SaveButton(page).menu_of_plots()
    assert [a.text() for a in menu.actions()] == ["Save Loss…", "Save Accuracy…"]
    menu.actions()[0].trigger()
    assert asked == ["Save Loss", "run-3-loss.png"] and (tmp_path / "curve.csv").read_text("utf-8").startswith("epoch,series")


def test_a_place_that_cannot_be_written_is_said(page):
    answers = Answers()
    answers("Close")
    SaveButton(page).save(page.loss, Path("/nowhere/at/all/loss.png"))
    assert answers.words[0].startswith("The plot was not saved")


def test_live_miniatures_have_a_switch(qtbot):
    live = LiveSwitch()
    qtbot.addWidget(live)
    live.show()
    with qtbot.waitSignal(live.toggled):
        qtbot.mouseClick(live.switch, Qt.MouseButton.LeftButton)
    live.set_on(False)
    assert not live.switch.isChecked()
