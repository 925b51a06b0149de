"""The Evaluate tab with evaluations made by hand, real clicks and real answers."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage

from graph_compiler.messages import Asking
from graph_compiler.runs.evaluation import Evaluation
from widgets.pages.evaluate import EvaluatePage, headline_figures
from widgets.pages.run_bar import RunChoice

SCORES = np.array([[0.9, 0.1, 0.0], [0.2, 0.7, 0.1], [0.1, 0.85, 0.05], [0.0, 0.1, 0.9], [0.6, 0.3, 0.1]], np.float32)
TRUE = np.array([0, 1, 0, 2, 2])


def pictures() -> Evaluation:
    """Five pictures of three classes; rows 2 and 4 of it are wrong, row 2 the more sure one."""
    shades = np.arange(5, dtype=np.uint8)[:, None, None, None] * 40
    return Evaluation("classification", {"test_accuracy": 0.6, "test_loss": 0.5}, ("cat", "dog", "cow"), SCORES, TRUE,
                      np.array([10, 11, 12, 13, 14]), np.broadcast_to(shades, (5, 8, 8, 1)).copy(),
                      measured="2026-01-01T10:00:00+00:00")


def numbers() -> Evaluation:
    """Four prices, the third off by 10."""
    true = np.array([10.0, 20.0, 30.0, 40.0])
    return Evaluation("regression", {"test_mae": 3.0}, (), np.array([[11.0], [20.0], [40.0], [39.0]]), true,
                      np.array([3, 5, 7, 9]), inputs={"rooms": np.array([3.0, 4.0, 5.0, 6.0])}, unit="thousand dollars")


@pytest.fixture
def page(qtbot) -> EvaluatePage:
    page = EvaluatePage()
    qtbot.addWidget(page)
    page.resize(1600, 840)
    page.show()
    page.bar.set_choices([RunChoice("/runs/1", "1 · 20:11")], "/runs/1")
    return page


def test_without_a_run_the_next_step_is_said(page):
    assert "Train" in page._empty.text.text()
    assert not page.report.isEnabled()


def test_headline_names_figures_and_mistakes():
    found = dict(headline_figures(pictures(), "once, 10:00"))
    assert found["Accuracy, test"] == "60.0 %"
    assert found["Mistakes"] == "2 of 5"


def test_the_worst_mistake_comes_first_and_is_shown_in_detail(page):
    page.show_evaluation(pictures(), "once, 10:00")
    samples = page.mistakes.grid._samples
    assert [s.index for s in samples] == [2, 4]
    assert (samples[0].true, samples[0].predicted, samples[0].sure) == ("cat", "dog", "85.0 %")
    assert page.mistakes.row_title.text() == "Test row 2"
    assert page.mistakes.verdict.text() == "true cat, read as dog"


def test_a_cell_of_the_confusion_opens_its_samples(page, qtbot):
    page.show_evaluation(pictures(), "once, 10:00")
    matrix = page.overview.confusion
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.rect_of(2, 0).center().toPoint())
    assert [s.index for s in page.mistakes.grid._samples] == [4]
    assert page.mistakes.switch.value == "cow read as cat: 1"
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.rect_of(2, 0).center().toPoint())
    assert [s.index for s in page.mistakes.grid._samples] == [2, 4]


def test_an_empty_cell_does_not_say_that_there_are_no_mistakes(page, qtbot):
    page.show_evaluation(pictures(), "once, 10:00")
    matrix = page.overview.confusion
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.rect_of(0, 2).center().toPoint())
    assert page.mistakes.grid._samples == []
    assert page.mistakes.title.text() == "No test rows in this cell"


def test_numbers_get_a_scatter_and_the_largest_residual_first(page):
    page.show_evaluation(numbers(), "once, 10:00")
    assert page.overview.scatter.isVisible() and not page.overview.confusion.isVisible()
    assert page.mistakes.grid._samples[0].index == 2
    assert "off by 10" in page.mistakes.verdict.text()
    page.overview.scatter.chosen.emit(0)
    assert page.mistakes.row_title.text() == "Test row 0"


def test_a_stroke_asks_and_the_newest_answer_is_shown(page, qtbot):
    page.show_evaluation(pictures(), "once, 10:00")
    pad = page.ask.pad
    middle = pad.rect().center()
    with qtbot.waitSignal(page.predict_wanted, timeout=3000) as caught:
        qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=middle)
        qtbot.mouseMove(pad, middle + QPoint(40, 0))
        qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=middle + QPoint(40, 0))
    run, inputs, ticket, asking = caught.args
    assert run == "/runs/1" and asking == Asking()
    assert inputs[0].shape[-1] == 1 and inputs[0].max() == 255
    answer = {"class": "dog", "index": 1, "probability": 0.87, "probabilities": [0.1, 0.87, 0.03],
              "classes": ["cat", "dog", "cow"], "milliseconds": 0.4}
    page.answer(ticket - 1, ({**answer, "class": "old"},))
    assert page.ask.best.toolTip() == ""
    page.answer(ticket, (answer,))
    assert (page.ask.best.toolTip(), page.ask.sure.text(), page.ask.took.text()) == ("dog", "87.0 %", "0.400 ms")


def test_a_dropped_picture_is_asked_about_and_a_broken_one_is_told(page, qtbot, tmp_path):
    page.show_evaluation(pictures(), "once, 10:00")
    image = QImage(20, 10, QImage.Format.Format_RGB32)
    image.fill(0xFF336699)
    image.save(str(tmp_path / "p.png"))
    with qtbot.waitSignal(page.predict_wanted) as caught:
        page.drop_file(tmp_path / "p.png")
    assert caught.args[1][0].shape == (10, 20, 3)
    assert caught.args[1][0][0, 0].tolist() == [0x33, 0x66, 0x99]
    (tmp_path / "q.png").write_bytes(b"no picture")
    page.drop_file(tmp_path / "q.png")
    assert "not a picture" in page.ask.note.text()


def test_a_picture_file_wipes_the_pad_without_asking_about_it(page, qtbot, tmp_path):
    page.show_evaluation(pictures(), "once, 10:00")
    pad = page.ask.pad
    qtbot.mouseClick(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center())
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    image.save(str(tmp_path / "p.png"))
    asked = []
    page.predict_wanted.connect(lambda _run, inputs, _ticket: asked.append(inputs[0].shape))
    page.drop_file(tmp_path / "p.png")
    assert pad.empty and not page.ask._wait.isActive()
    assert asked == [(8, 8, 3)]
    assert pad.grab().toImage().pixelColor(pad.rect().center()).lightness() == 255  # the picture stands in the pad
    page.ask.back.click()
    assert pad.grab().toImage().pixelColor(20, 20).lightness() < 40
    page.drop_file(tmp_path / "p.png")
    qtbot.mouseClick(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center())
    assert not pad.empty
    assert pad.pixels().mean() < 20  # only the stroke is asked about


def test_all_columns_fit_a_small_window_and_the_pad_stays_where_it_is(page, qtbot):
    page.resize(1280, 680)
    page.show_evaluation(pictures(), "once, 10:00")
    columns = (page.overview, page.mistakes, page.ask)
    qtbot.waitUntil(lambda: all(c.width() == c.parentWidget().width() for c in columns))
    assert page.width() == 1280
    before = page.ask.pad.geometry()
    names = ["cat", "dog", "cow"]
    page.answer(page.ask._ticket, ({"class": "dog", "index": 1, "probability": 0.8, "probabilities": [0.1, 0.8, 0.1],
                                    "classes": names},))
    page.ask.layout().activate()
    assert page.ask.pad.geometry() == before


def test_what_does_not_fit_is_counted_and_the_wheel_leads_there(page, qtbot):
    many = pictures()
    wrong = Evaluation(many.task, many.metrics, many.classes, np.tile(SCORES[2:3], (40, 1)), np.zeros(40, int), np.arange(40),
                       np.zeros((40, 8, 8, 1), np.uint8))
    page.resize(1280, 680)
    page.show_evaluation(wrong, "once, 10:00")
    grid, more = page.mistakes.grid, page.mistakes.more
    qtbot.waitUntil(lambda: more.text() == f"{40 - grid.visible_count} more")
    grid.scroll_to(99)
    assert more.text() == "" and grid.seen.stop == 40
    grid.setFocus()
    for _ in range(12):
        qtbot.keyClick(grid, Qt.Key.Key_Down)
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.rect_of(39).center().toPoint())
    assert page.mistakes.row_title.text() == "Test row 39"


def test_rows_of_several_numbers_are_told_by_their_whole_residual(page):
    true = np.zeros((3, 4))
    said = np.array([[0, 0, 0, 1.0], [2, 2, 2, 2], [0, 0, 0, 0]])
    page.show_evaluation(Evaluation("regression", {}, (), said, true, np.array([7, 8, 9])), "once, 10:00")
    assert [(s.index, s.true, s.sure) for s in page.mistakes.grid._samples] == [
        (1, "Test row 1", "off by 2.00"), (0, "Test row 0", "off by 0.500"), (2, "Test row 2", "off by 0")]
    page.mistakes.show_row(0)
    assert page.mistakes.verdict.toolTip() == "4 numbers, root mean square residual 0.500, largest 1.00"


# Two classes, tables of classes, numbers typed by hand.


def diagnoses() -> Evaluation:
    """Six rows of two classes with two measures each; rows 2 and 5 of it are wrong."""
    return Evaluation("binary", {"test_accuracy": 4 / 6}, ("malignant", "benign"),
                      np.array([[0.1], [0.2], [0.7], [0.8], [0.9], [0.4]]), np.array([0, 0, 0, 1, 1, 1]), np.arange(6),
                      inputs={"features": np.arange(12, dtype=np.float32).reshape(6, 2), "stage": np.arange(6, dtype=np.int32)},
                      columns={"features": ("radius", "texture")})


def test_two_classes_get_curves_and_the_table(page):
    page.show_evaluation(diagnoses(), "once, 10:00")
    plot = page.overview.curves
    assert plot.isVisible() and page.overview.table.isVisible() and not page.overview.per_class.isVisible()
    assert plot.side.value == "benign" and plot.area.text() == "area 0.8889"
    assert plot.caption.text() == ("At the threshold 0.5: finds 66.7 % of “benign”, 66.7 % of what it finds is right, "
                                   "33.3 % of the others are false alarms.")
    page.show_evaluation(pictures(), "once, 10:00")
    assert not plot.isVisible() and page.overview.per_class.isVisible()


def test_the_other_curve_and_the_other_class_can_be_chosen(page, qtbot):
    page.show_evaluation(diagnoses(), "once, 10:00")
    plot = page.overview.curves
    qtbot.mouseClick(plot.kind, Qt.MouseButton.LeftButton, pos=QPoint(plot.kind.width() - 10, 10))
    assert plot.area.text().startswith("average precision 0.9")
    qtbot.mouseClick(plot.side, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert plot.side.value == "malignant" and "“malignant”" in plot.caption.text()


def test_one_class_alone_has_no_curve_and_says_so(page):
    one = diagnoses()
    page.show_evaluation(Evaluation(one.task, {}, one.classes, one.prediction, np.ones(6, int), one.rows), "once, 10:00")
    assert page.overview.curves.caption.text() == "All test rows are of one class, so there is no curve."


def test_the_table_has_every_figure_of_a_class_and_sorts(page, qtbot):
    page.show_evaluation(pictures(), "once, 10:00")
    switch, table = page.overview.switch, page.overview.table
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(switch.width() - 10, 10))
    model = table.model()
    lines = [[model.index(r, c).data() for c in range(5)] for r in range(3)]
    assert lines == [["cat", "50.0 %", "50.0 %", "50.0 %", "2"], ["dog", "50.0 %", "100.0 %", "66.7 %", "1"],
                     ["cow", "100.0 %", "50.0 %", "66.7 %", "2"]]
    table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert model.index(0, 0).data() == "cow"
    assert page.overview.switch.value == "Table" and table.isVisible()


def test_a_line_of_the_table_shows_the_mistakes_of_its_class(page, qtbot):
    page.show_evaluation(diagnoses(), "once, 10:00")
    table = page.overview.table
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton,
                     pos=table.visualRect(table.model().index(1, 0)).center())
    assert page.mistakes.switch.value == "benign: 1"
    assert [s.index for s in page.mistakes.grid._samples] == [5]


def test_numbers_of_the_chosen_row_can_be_changed_and_are_asked_about(page, qtbot):
    page.show_evaluation(diagnoses(), "once, 10:00")
    form = page.ask.form
    assert form.isVisible() and page.ask.title.text() == "Change a number"
    assert [field.accessibleName() for field in form.fields.values()] == ["radius", "texture", "stage"]
    assert page.ask.best.toolTip() == "benign"  # row 2, what the network has said to it
    field = form.fields["features", 1]
    with qtbot.waitSignal(page.predict_wanted, timeout=3000) as caught:
        field.selectAll()
        qtbot.keyClicks(field, "7.5")
    given = caught.args[1][0]
    assert given["features"].dtype == np.float32 and given["features"].tolist() == [[4.0, 7.5]]
    assert given["stage"].dtype == np.int32 and given["stage"].tolist() == [2]
    page.mistakes.show_row(0)
    assert form.values()["features"].tolist() == [[0.0, 1.0]] and page.ask.best.toolTip() == "malignant"


def test_each_row_of_a_table_of_one_s_own_can_be_seen(page, qtbot, tmp_path):
    page.show_evaluation(numbers(), "once, 10:00")
    step = page.ask.step
    file = tmp_path / "flats.csv"
    file.write_text("rooms\n3\nmany\n5\n")
    with qtbot.waitSignal(page.predict_wanted) as caught:
        page.drop_file(file)
    assert not step.isVisible()
    page.answer(caught.args[2], ({"input": str(file), "value": 11.5}, {"input": str(file), "problem": "“many” is no number."},
                                 {"input": str(file), "value": 42.25}))
    assert (step.words.text(), page.ask.best.toolTip()) == ("Row 1 of 3", "11.50")
    assert "flats.csv" in page.ask.note.text()
    assert not step.back.isEnabled()
    qtbot.mouseClick(step.on, Qt.MouseButton.LeftButton)
    assert (step.words.text(), page.ask.best.toolTip(), page.ask.note.text()) == ("Row 2 of 3", "", "“many” is no number.")
    qtbot.mouseClick(step.on, Qt.MouseButton.LeftButton)
    assert (step.words.text(), page.ask.best.toolTip()) == ("Row 3 of 3", "42.25")
    assert not step.on.isEnabled()
    qtbot.mouseClick(step.back, Qt.MouseButton.LeftButton)
    assert step.words.text() == "Row 2 of 3"
    page.mistakes.show_row(1)
    assert not step.isVisible()


def test_the_row_that_is_shown_is_marked_in_the_scatter(page):
    page.show_evaluation(numbers(), "once, 10:00")
    scatter = page.overview.scatter
    assert scatter._ring.getData()[0].tolist() == [30.0]
    page.mistakes.show_row(1)
    assert scatter._ring.getData()[0].tolist() == [20.0]
    assert scatter.words.text() == "half within 1.00, 95 % within 8.65"
