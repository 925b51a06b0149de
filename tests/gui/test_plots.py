"""Plots with real values and real mouse events."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PySide6.QtCore import QPoint, Qt

from graph_compiler.messages import Epoch, Progress, Started
from widgets.fonts import text_width
from widgets.plots.axes import log_ticks, nice_step, whole_steps
from widgets.plots.confusion import ConfusionMatrix
from widgets.plots.curve import CurvePlot, tick_words
from widgets.plots.pad import SIDE, DrawingPad
from widgets.plots.pictures import PictureGrid, Sample, to_image
from widgets.plots.record import KEPT, Track, TrainingRecord, by_epochs, extremes, smooth
from widgets.words import number


def trained_record(epochs: int = 4) -> TrainingRecord:
    """A run of so many finished epochs of ten steps."""
    record = TrainingRecord()
    record.take(Started(epochs=epochs + 2, steps=10, rows={}, parameters=1, metrics=("loss", "accuracy")))
    for epoch in range(epochs):
        for step in range(1, 11):
            loss = 2.0 / (1 + epoch + step / 10)
            record.take(Progress(epoch=epoch, step=step, metrics={"loss": loss, "accuracy": 1 - loss / 2},
                                 points=((epoch + step / 10, loss),), learning_rate=0.001, samples_per_second=100.0))
        record.take(Epoch(epoch=epoch, metrics={"loss": loss, "val_loss": loss + 0.1}, learning_rate=0.001, seconds=1.0))
    return record


def test_smoothing_starts_at_the_first_value_and_passes_over_what_is_no_number():
    out = smooth(np.array([4.0, np.nan, 0.0]), 0.5)
    assert out[0] == pytest.approx(4.0)
    assert out[1] == pytest.approx(4.0)
    assert 0 < out[2] < 4.0


def test_a_track_thins_itself_out_and_keeps_its_span():
    track = Track()
    for i in range(KEPT * 5):
        track.add(i, i)
    assert len(track) <= KEPT
    assert track.x[0] == 0
    assert track.x[-1] > KEPT * 4.9
    assert np.all(np.diff(track.x) > 0)


def test_many_points_become_two_a_column_and_keep_their_extremes():
    x = np.linspace(0, 60, 4000)
    y = np.sin(x * 50)
    y[1234], y[77] = 9.0, -9.0
    thin_x, thin_y = extremes(x, y, 150)
    assert len(thin_x) <= 300
    assert (thin_y.max(), thin_y.min()) == (9.0, -9.0)
    assert np.all(np.diff(thin_x) > 0)
    assert len(extremes(x[:10], y[:10], 150)[0]) == 10


@settings(max_examples=50, deadline=None)
@given(arrays(np.float64, 400, elements=st.floats(-9, 9) | st.just(np.nan)))
def test_extremes_are_those_of_every_column(y):
    x, columns = np.arange(400.0), 30
    column = np.minimum(x / x[-1] * columns, columns - 1).astype(int)
    parts = [(x[column == n], y[column == n]) for n in range(columns)]
    wanted = [float(f(v)) for _, v in parts if np.isfinite(v).any() for f in (np.nanmin, np.nanmax)]
    thin_x, thin_y = extremes(x, y, columns)
    assert np.all(np.diff(thin_x) > 0)
    assert set(thin_y.tolist()) == set(wanted)
    assert np.array_equal(y[thin_x.astype(int)], thin_y)


@pytest.mark.parametrize(("low", "high", "span"), [
    (0.13, 2.2, (0.0, 2.2)), (0.0, 1.0, (0.0, 1.0)), (0.81, 0.979, (0.8, 0.98)), (0.5, 0.5, (0.5, 0.55)),
    (0.0, 0.0, (0.0, 0.1)), (-3.0, -1.0, (-3.0, -1.0))])
def test_values_are_shown_in_whole_steps_of_the_axis(low, high, span):
    assert whole_steps(low, high) == pytest.approx(span)


def test_the_range_follows_what_is_shown_and_keeps_still_while_it_can(qtbot):
    plot = CurvePlot("Loss", "loss", lambda v: number(v, 3))
    qtbot.addWidget(plot)
    plot.draw(trained_record())
    low, high = plot.view.viewRange()[1]
    assert low <= 2.0 / 5 and high >= 2.0 / 1.1
    moves = []
    plot.view.getPlotItem().getViewBox().sigYRangeChanged.connect(lambda *_: moves.append(1))
    plot.draw(trained_record())
    assert not moves
    plot.train_item.toggle()
    assert plot.view.viewRange()[1][1] < high
    plot.set_log(True)
    assert plot.view.viewRange()[1] != [low, high]


def test_a_running_mean_is_drawn_without_saw_teeth():
    running, done = Track(), Track()
    for epoch in range(3):
        for step in range(1, 11):
            running.add(epoch + step / 10, 0.5 * epoch + step / 100)
    for epoch in (1, 2):
        done.add(epoch, 0.5 * epoch)
    x, y = by_epochs(done, running)
    assert x.tolist() == pytest.approx(
        [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 2, 2.3, 2.4, 2.5, 2.6, 2.7, 2.8, 2.9, 3])
    assert np.all(np.diff(x) > 0) and y[9:11].tolist() == [0.5, 1.0]
    assert by_epochs(done, None)[0].tolist() == [1, 2]
    assert len(by_epochs(None, None)[0]) == 0


def test_the_record_knows_where_training_is():
    record = trained_record(4)
    assert record.position == pytest.approx(4.0)
    assert record.share == pytest.approx(4 / 6)
    assert record.at_epoch(2)["val_loss"] == pytest.approx(2.0 / 3 + 0.1)
    assert record.at_epoch(9) == {}


def test_ticks_are_written_for_people():
    words = [tick_words(v) for v in (0.05, -2.5, 1720.0, 250_000.0, 3_500_000.0, 3_000_000.0, 2e9, 1e-5, 0.0)]
    assert words == ["0.05", "−2.5", "1,720", "250,000", "3.5 M", "3 M", "2 G", "1e−05", "0"]


def test_ticks_are_few_and_round():
    assert nice_step(12, 7) == 2
    assert nice_step(0.9, 7) == pytest.approx(0.2)
    assert [round(10**t, 3) for t in log_ticks(-2, 0.2)] == [0.01, 0.03, 0.1, 0.3, 1.0]


def test_a_curve_shows_newest_values_and_reads_an_epoch_under_the_pointer(qtbot):
    plot = CurvePlot("Loss", "loss", lambda v: number(v, 3))
    qtbot.addWidget(plot)
    plot.resize(500, 360)
    plot.show()
    plot.draw(trained_record())
    assert plot.train_item.text == f"train {number(plot._train.getData()[1][-1], 3)}"
    assert plot.val_item.text == "validation 0.500"
    box = plot.view.getPlotItem().getViewBox()
    low, high = box.viewRange()[0]
    assert low <= 0 and high >= 6, "the axis spans the planned epochs"
    from PySide6.QtCore import QPointF

    plot._hover(box.mapViewToScene(QPointF(2.1, 0.5)))
    assert plot._card.isVisible()
    assert plot._card._title == "Epoch 2"
    plot._hover(QPointF(-10, -10))
    assert not plot._card.isVisible()


def test_the_log_axis_can_be_switched_and_a_legend_click_hides_a_line(qtbot):
    plot = CurvePlot("Loss", "loss", lambda v: number(v, 3))
    qtbot.addWidget(plot)
    plot.resize(500, 360)
    plot.show()
    plot.draw(trained_record())
    plot.set_log(True)
    assert plot.log_switch.value == "log"
    assert plot._left.logMode
    qtbot.mouseClick(plot.val_item, Qt.MouseButton.LeftButton)
    assert not plot._val.isVisible()
    qtbot.mouseClick(plot.val_item, Qt.MouseButton.LeftButton)
    assert plot._val.isVisible()


def test_a_cell_of_the_confusion_is_chosen_by_mouse_and_keys(qtbot):
    matrix = ConfusionMatrix()
    qtbot.addWidget(matrix)
    matrix.resize(300, 300)
    matrix.set_counts(np.array([[5, 1], [0, 7]]), ("cat", "dog"))
    matrix.show()
    with qtbot.waitSignal(matrix.chosen) as caught:
        qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.rect_of(0, 1).center().toPoint())
    assert caught.args == [0, 1]
    qtbot.keyClick(matrix, Qt.Key.Key_Down)
    assert matrix.cell == (1, 1)
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.rect_of(1, 1).center().toPoint())
    assert matrix.cell == (-1, -1)


def test_the_pad_gives_light_strokes_on_dark_and_takes_them_back(qtbot):
    pad = DrawingPad()
    qtbot.addWidget(pad)
    pad.resize(300, 200)
    pad.show()
    with qtbot.waitSignal(pad.drawn):
        qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(100, 60))
        qtbot.mouseMove(pad, QPoint(200, 60))
        qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
    pixels = pad.pixels()
    assert pixels.shape == (SIDE, SIDE, 1)
    assert pixels[int(SIDE * 0.3), SIDE // 2, 0] == 255
    assert pixels[-1, -1, 0] == 0
    pad.undo()
    assert pad.empty and not pad.pixels().any()


def test_pictures_keep_their_pixels_and_one_is_chosen(qtbot):
    image = to_image(np.array([[[0], [255]]], np.uint8))
    assert (image.pixelColor(0, 0).red(), image.pixelColor(1, 0).red()) == (0, 255)
    assert to_image(np.array([[[1.0, 0.0, 0.0]]])).pixelColor(0, 0).getRgb()[:3] == (255, 0, 0)
    grid = PictureGrid()
    qtbot.addWidget(grid)
    grid.resize(400, 300)
    grid.show()
    grid.set_samples([Sample(image, "a", "b", "90 %", 10 + i) for i in range(5)])
    with qtbot.waitSignal(grid.chosen) as caught:
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.rect_of(2).center().toPoint())
    assert caught.args == [12]
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert grid._current == 3


@pytest.mark.parametrize(("height", "lines"), [(110, 1), (337, 2), (338, 3), (346, 3), (451, 3), (452, 4)])
def test_lines_of_pictures_move_closer_where_one_more_fits_so(qtbot, height, lines):
    grid = PictureGrid()
    qtbot.addWidget(grid)
    grid.resize(424, height)
    grid.set_samples([Sample(None, "a", "b", "90 %", i) for i in range(40)])
    assert (grid.columns, grid.visible_count) == (4, 4 * lines)
    last = grid.rect_of(4 * lines - 1)
    assert last.bottom() + grid.caption <= height
    if lines > 1:
        assert 8 <= grid.rect_of(4).top() - grid.rect_of(0).bottom() - grid.caption <= 12


def test_single_steps_far_out_do_not_flatten_the_curve(qtbot):
    plot = CurvePlot("Loss", "loss", str)
    qtbot.addWidget(plot)
    record = TrainingRecord()
    record.take(Started(epochs=1, steps=400, rows={}, parameters=1, metrics=("loss",)))
    points = tuple((i / 400, 1e-6 if i == 200 else 50.0 if i == 300 else 1.0) for i in range(400))
    record.take(Progress(epoch=0, step=400, metrics={"loss": 1.0}, points=points))
    plot.draw(record)
    low, high = plot.view.viewRange()[1]
    assert high < 20.0
    plot.set_log(True)
    low, high = plot.view.viewRange()[1]
    assert low > -2.0 and high < 1.5


def test_a_heading_stays_where_it_is_while_its_value_changes(qtbot):
    plot = CurvePlot("Loss", "loss", lambda v: number(v, 3))
    qtbot.addWidget(plot)
    plot.train_item.set_value("0.1234")
    width = plot.train_item.width()
    for value in ("1.5", "0.9", "0.0001", "12"):
        plot.train_item.set_value(value)
        assert plot.train_item.width() == width
    plot.train_item.set_value("")
    assert plot.train_item.width() < width


def test_long_names_across_a_confusion_stand_on_end_and_are_whole(qtbot):
    matrix = ConfusionMatrix()
    qtbot.addWidget(matrix)
    matrix.resize(420, 460)
    matrix.set_counts(np.eye(3, dtype=int), ("0", "1", "2"))
    level = matrix.rect_of(0, 0).top()
    names = ("sky", "building", "pavement", "lane mark", "person")
    matrix.set_counts(np.eye(5, dtype=int), names)
    head = matrix.rect_of(0, 0).top()
    assert level == 36 and head >= 24 + max(text_width(name, 12, 600) for name in names)
    chosen = []
    matrix.chosen.connect(lambda *cell: chosen.append(cell))
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.rect_of(3, 2).center().toPoint())
    assert chosen == [(3, 2)], "cells are where they are drawn"
    assert matrix.maximumHeight() == matrix.sizeHint().height()


def test_the_upper_tick_has_room_for_its_number(qtbot):
    plot = CurvePlot("Loss", "loss", lambda v: number(v, 3))
    qtbot.addWidget(plot)
    plot.resize(500, 300)
    plot.show()
    plot.draw(trained_record())
    box = plot.view.getPlotItem().getViewBox()
    assert plot.view.mapFromScene(box.sceneBoundingRect().topLeft()).y() >= 7
