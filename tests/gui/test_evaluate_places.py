"""The Evaluate tab where a row is a mask, a tagged text or a reconstructed picture; real clicks on evaluations made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from graph_compiler.runs.evaluation import Evaluation
from widgets.figures import figure_title
from widgets.pages.evaluate import EvaluatePage, headline_figures
from widgets.pages.worst_rows import stretches
from widgets.plots.strips import beside, bounds_of, error_picture, mask_panes, reconstruction_panes
from widgets.plots.tagged import Tagged
from widgets.theme import DARK, LIGHT, themes

NAMES = ("sky", "road", "car")


def masks() -> Evaluation:
    """Three masks of 4 x 4: row 0 right, row 1 half wrong (road read as car), row 2 a quarter (sky read as road)."""
    true = np.repeat(np.uint8([0, 0, 1, 1])[:, None], 4, axis=1)[None].repeat(3, axis=0)
    said = true.copy()
    said[1, 2:] = 2
    said[2, 0] = 1
    return Evaluation("classification", {"test_accuracy": 36 / 48, "test_mean_iou": 0.5}, (), said, true, np.array([4, 5, 6]),
                      np.full((3, 4, 4, 3), 90, np.uint8), place_classes=NAMES)


def tags() -> Evaluation:
    """Two texts of five places with tags; "7 may" right, "8 mai" with both letters of "ma" read as days, "i" as year."""
    letters = ("", " ", "7", "8", "a", "i", "m", "y")
    texts = np.array([[letters.index(c) for c in text] for text in ("7 may", "8 mai")])
    true = np.uint8([[2, 1, 3, 3, 3], [2, 1, 3, 3, 3]])
    said = np.uint8([[2, 1, 3, 3, 3], [2, 1, 2, 2, 4]])
    return Evaluation("classification", {"test_accuracy": 0.7}, (), said, true, np.array([8, 9]),
                      place_classes=("", "other", "day", "month", "year"), tokens=np.int32(texts), vocabulary=letters)


def copies() -> Evaluation:
    """Three grey pictures copied with an error of 0, 0.25 (too bright) and 0.5 (too dark)."""
    target = np.full((3, 4, 4, 1), 0.5, np.float32)
    said = target + np.float32([0, 0.25, -0.5])[:, None, None, None]
    return Evaluation("reconstruction", {"test_psnr": 20.0}, (), said, target, np.arange(3),
                      np.full((3, 4, 4, 1), 128, np.uint8))


@pytest.fixture
def page(qtbot) -> EvaluatePage:
    page = EvaluatePage()
    qtbot.addWidget(page)
    page.resize(1600, 840)
    page.show()
    return page


def test_masks_have_a_confusion_in_percent_and_a_table_with_their_overlap(page):
    page.show_evaluation(masks(), "once, 10:00")
    overview = page.overview
    assert overview.confusion.isVisible() and overview.table.isVisible() and overview.scatter is None
    words = [[overview.confusion.words(true, said) for said in range(3)] for true in range(3)]
    assert words == [["83.3", "16.7", ""], ["", "66.7", "33.3"], ["", "", ""]]
    assert [overview.confusion.words(0, said, narrow=True) for said in range(3)] == ["83", "17", ""]
    model = overview.table.model()
    titles = [model.headerData(i, Qt.Orientation.Horizontal) for i in range(model.columnCount())]
    assert titles == ["Class", "Precision", "Recall", "IoU", "Places"]
    assert [model.index(1, i).data() for i in range(5)] == ["road", "80.0 %", "66.7 %", "57.1 %", "24"]
    assert "places" in model.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)


def test_the_worst_mask_comes_first_with_its_pictures(page):
    page.show_evaluation(masks(), "once, 10:00")
    worst = page.worst
    assert worst.isVisible() and not page.mistakes.isVisible()
    assert [(s.true, s.sure) for s in worst.grid._samples] == [("Test row 1", "50.0 % wrong"), ("Test row 2", "25.0 % wrong"),
                                                              ("Test row 0", "0.0 % wrong")]
    assert [name for name, _ in worst.panes.panes] == ["picture", "true", "predicted", "wrong"]
    assert worst.verdict.toolTip() == "8 of 16 places wrong"
    assert dict(headline_figures(masks(), "now"))["Wrong places"] == "12 of 48"


def test_a_cell_and_a_class_list_the_rows_with_most_of_it(page, qtbot):
    page.show_evaluation(masks(), "once, 10:00")
    matrix, table, worst = page.overview.confusion, page.overview.table, page.worst
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.rect_of(0, 1).center().toPoint())
    assert [s.index for s in worst.grid._samples] == [2]
    assert worst.switch.value == "sky › road: 1"
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.rect_of(0, 2).center().toPoint())
    assert worst.title.text() == "No such rows"
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.model().index(1, 0)).center())
    assert [s.index for s in worst.grid._samples] == [1] and worst.switch.value == "road misread: 1"


def test_a_mask_of_another_size_than_the_picture_stands_alone():
    small = replace(masks(), pictures=np.zeros((3, 2, 2, 3), np.uint8))
    panes = mask_panes(small, 1)
    assert [(name, pixels.shape) for name, pixels in panes] == [(n, (4, 4, 3)) for n in ("true", "predicted", "wrong")]
    assert (panes[2][1].any(axis=-1) == small.wrong_places()[1]).all()


def test_texts_show_their_tags_and_what_is_wrong(page, qtbot):
    page.show_evaluation(tags(), "once, 10:00")
    worst, texts = page.worst, page.worst.texts
    assert texts.isVisible() and not worst.panes.isVisible()
    assert page.overview.confusion._names == ("other", "day", "month", "year")
    first = texts.rows[0]
    assert ("".join(first.tokens), first.title, first.note) == ("8 mai", "Test row 1", "60.0 % wrong")
    assert worst.parts.value("1. “ma”") == "month, read as day" and worst.parts.value("2. “i”") == "month, read as year"
    box = texts.boxes()[0][1]
    letter = texts.places(first)[2].translated(0, box.top()).center()
    assert texts.words_at(letter) == "“m” month, read as day" and texts.words_at(QPointF(1, 1)) == ""
    texts.setFocus()
    qtbot.keyClick(texts, Qt.Key.Key_Down)
    assert worst.row_title.text() == "Test row 0" and worst.verdict.toolTip() == "0 of 5 places wrong"
    qtbot.mouseClick(texts, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert worst.row_title.text() == "Test row 1"


def test_many_texts_are_counted_and_scrolled_and_long_ones_are_broken(page, qtbot):
    one = tags()
    many = replace(one, prediction=np.tile(one.prediction[1:], (30, 16)), target=np.tile(one.target[1:], (30, 16)),
                   tokens=np.tile(one.tokens[1:], (30, 16)), rows=np.arange(30))
    page.show_evaluation(many, "once, 10:00")
    texts, more = page.worst.texts, page.worst.more
    assert len({place.top() for place in texts.places(texts.rows[0])}) > 1
    qtbot.waitUntil(lambda: more.text() == f"{30 - len(texts.seen)} more")
    texts.scroll_to(29)
    assert more.text() == ""


def test_without_mistakes_rows_are_still_to_be_seen(page):
    right = replace(tags(), prediction=tags().target)
    page.show_evaluation(right, "once, 10:00")
    assert page.worst.title.text() == "No mistakes on the test rows" and len(page.worst.texts.rows) == 2


def test_classes_without_a_text_and_a_large_vocabulary(page):
    sizes = np.arange(1, 61, dtype=np.uint8).reshape(1, 60)
    page.show_evaluation(Evaluation("classification", {}, (), sizes, sizes, np.arange(1),
                                    place_classes=("", *map(str, range(1, 61)))), "once, 10:00")
    assert not page.overview.confusion.isVisible() and page.overview.title.text() == "60 classes"
    assert page.overview.table.model().rowCount() == 60 and page.worst.texts.rows[0].tokens == ("",) * 60


def test_neighbours_that_are_wrong_alike_are_one_stretch():
    words = Tagged(("on", "4", "May", "now"), (0, 1, 1, 0), (2, 2, 2, 0), "", "", 0)
    assert stretches(words) == [("on", 0, 2), ("4 May", 1, 2)]


def test_reconstructions_show_their_errors_and_no_scatter(page):
    page.show_evaluation(copies(), "once, 10:00")
    worst, errors = page.worst, page.overview.errors
    assert page.overview.scatter is None and errors.isVisible() and not page.overview.table.isVisible()
    assert [s.index for s in worst.grid._samples] == [2, 1, 0] and worst.grid._samples[0].sure == "off by 0.500"
    assert [name for name, _ in worst.panes.panes] == ["true", "predicted", "error"]
    assert errors.facts.value("Median") == "0.250" and errors.facts.value("Largest") == "0.500"
    assert worst.title.text() == "Worst reconstructions first"
    assert dict(headline_figures(copies(), "now"))["Mean error of a pixel"] == "0.250"


def test_every_kind_of_row_can_follow_every_other(page):
    numbers = Evaluation("regression", {}, (), np.arange(3.0), np.arange(3.0), np.arange(3), inputs={"x": np.arange(3.0)})
    shown = []
    for one in (masks(), numbers, copies(), tags(), numbers):
        page.show_evaluation(one, "once, 10:00")
        parts = (page.overview.confusion, page.overview.scatter, page.overview.errors)
        shown.append([part is not None and part.isVisible() for part in parts])
    confusion, scatter, errors = [True, False, False], [False, True, False], [False, False, True]
    assert shown == [confusion, scatter, errors, confusion, scatter]
    assert page.mistakes.isVisible() and not page.worst.isVisible()


def test_pictures_follow_the_theme(page):
    page.show_evaluation(copies(), "once, 10:00")
    before = page.worst.grid._samples[0].image.pixel(4, 0)
    themes.use(DARK)
    assert page.worst.grid._samples[0].image.pixel(4, 0) != before
    themes.use(LIGHT)


def test_what_the_network_makes_of_a_drawing_is_shown(page):
    page.show_evaluation(copies(), "once, 10:00")
    ask = page.ask
    assert ask.made.isVisible() and ask.made._image is None
    page.answer(ask._ticket, ({"values": [1.0] * 8 + [0.0] * 7 + [None], "shape": [4, 4, 1]},))
    shades = [ask.made._image.pixelColor(x, y).red() for x, y in ((0, 0), (3, 1), (0, 2), (3, 3))]
    assert shades == [255, 255, 0, 0]
    page.answer(ask._ticket, ({"shape": [90, 90, 3], "mean": 0.5, "minimum": 0.0, "maximum": 1.0},))
    assert ask.note.text() == "The answer is a picture of 90×90×3, too large to be shown here."
    page.show_evaluation(masks(), "once, 10:00")
    assert not ask.made.isVisible()


def test_an_input_that_is_another_picture_than_the_target_is_shown():
    noisy = replace(copies(), pictures=np.full((3, 4, 4, 1), 10, np.uint8))
    assert [name for name, _ in reconstruction_panes(noisy, 0, (0.0, 1.0))] == ["input", "true", "predicted", "error"]


def test_errors_are_orange_above_and_blue_below():
    pixels = error_picture(np.float32([[[0.5], [0.0], [-0.5]]]))
    more, none, less = (tuple(int(n) for n in pixels[0, i]) for i in range(3))
    assert more[0] > more[2] and less[2] > less[0] and max(none) - min(none) < 12
    assert beside([pixels, pixels], 2).shape == (1, 8, 3)


@pytest.mark.parametrize(("values", "expected"), [
    ([0.0, 0.9], (0.0, 1.0)), ([0.0, 200.0], (0.0, 255.0)), ([-1.0, 1.0], (-1.0, 1.0))])
def test_the_range_of_values(values, expected):
    assert bounds_of(np.array(values)) == expected


def test_figures_have_their_own_spelling():
    assert (figure_title("mean_iou"), figure_title("psnr")) == ("Mean IoU", "PSNR")
