"""The Data tab with real data: what it shows, what it changes, what it says when something is wrong."""

from __future__ import annotations

import subprocess
import sys
import threading
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from graph_compiler.catalog import registry
from graph_compiler.graph.files import loads
from graph_compiler.graph.model import Document, Graph
from graph_compiler.graph.values import Node
from graph_compiler.specs.datasets import DataProblem
from graph_compiler.specs.tensors import Column
from tests.helpers.dropping import drop_files, hover_files, leave
from widgets.background import Background
from widgets.document import GraphDocument
from widgets.fonts import text_width
from widgets.pages.data import DataPage
from widgets.pages.data_loading import as_problem
from widgets.pages.data_notes import NoteCard
from widgets.pages.data_rows import NARROWEST
from widgets.theme import DARK, LIGHT, themes

HOUSES = "size,town,price\n" + "".join(f"{50 + i},{'Ulm' if i % 3 else 'Bonn'},{100 + 2 * i}\n" for i in range(40))


def one(type_name, **params):
    return Document(Graph([Node(id=f"{type_name.lower()}_1", type=type_name, params=params)]))


@pytest.fixture
def show(qtbot):
    pages = []

    def make(document, path=None):
        page = DataPage(GraphDocument(document, registry(), path))
        pages.append(page)
        qtbot.addWidget(page)
        page.resize(1600, 468)
        page.show()
        if page.source is not None:
            qtbot.waitUntil(lambda: page.loaded is not None or page.problem is not None, timeout=10_000)
        return page

    yield make
    for page in pages:
        page.shut_down()


def cards(page):
    return [card for card in page.findChildren(NoteCard) if card.isVisibleTo(page)]


def button(page, words):
    found = [b for card in cards(page) for b in card.findChildren(QWidget) if getattr(b, "text", str)() == words]
    assert found, [c.note for c in cards(page)]
    return found[0]


def template(name):
    return loads(resources.files("resources").joinpath("templates", f"{name}.netloom").read_bytes())


def test_pictures_counts_and_split_of_mnist(show):
    page = show(template("digits-cnn"))
    assert page.source_pane.title.toolTip() == "MNIST sample"
    assert page.source_pane.rows.text() == "6,000 rows"
    assert [(line.name, line.kind, line.role) for line in page.source_pane.columns.columns.lines] == [
        ("image", "image", "feature"), ("label", "category", "target")]
    assert page.samples_pane.stack.currentWidget() is page.samples_pane.grid
    assert page.samples_pane.note.text() == "4,500 rows"
    assert page.column_pane.kind.text() == "category, train"
    assert page.split_pane.split.bar.accessibleDescription() == "train 4,500, validation 500, test 1,000"
    assert cards(page) == []


def test_parts_and_classes_choose_the_samples(show, qtbot):
    page = show(template("digits-cnn"))
    segments = page.samples_pane.part
    qtbot.mouseClick(segments, Qt.MouseButton.LeftButton, pos=QPoint(segments.width() - 8, 12))
    assert segments.value == "test"
    assert page.samples_pane.note.text() == "1,000 rows"
    bars = page.column_pane.summary.bars
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(40, 4 * 26 + 10))
    assert page.samples_pane.note.text() == "100 rows with label 4"
    grid = page.samples_pane.grid
    assert {grid.caption(place) for place in range(100)} == {"4"}
    qtbot.keyClick(bars, Qt.Key.Key_Down)
    assert page.samples_pane.note.text() == "100 rows with label 5"
    bars.choose(5)
    assert page.samples_pane.note.text() == "1,000 rows"


def test_the_grid_knows_what_is_under_the_pointer(show):
    grid = show(template("fashion-cnn")).samples_pane.grid
    assert grid.place_at(QPoint(2, 2)) == 0
    assert grid.place_at(QPoint(2, 64 + 22 + 12 + 2)) == grid.columns
    assert grid.place_at(QPoint(68, 2)) is None
    assert [grid.caption(place) for place in range(3)] == ["Sneaker", "Bag", "Sandal"]
    assert grid.verticalScrollBar().maximum() > 10_000


def test_split_fields_are_edits_that_can_be_undone(show, qtbot):
    page = show(template("house-prices"))
    document, split = page.document, page.split_pane.split
    split.test.setValue(30)
    assert document.document.graph.nodes["boston_housing_1"].params == {"test": 0.3}
    assert split.bar.accessibleDescription() == "train 303, validation 51, test 152"
    qtbot.waitUntil(lambda: page.loaded is not None)
    assert page.samples_pane.note.text() == "303 rows"
    split.test.setValue(20)
    assert document.document.graph.nodes["boston_housing_1"].params == {}
    document.undo_stack.undo()
    assert document.document.graph.nodes["boston_housing_1"].params == {}
    assert split.test.value() == 20
    split.how.setCurrentText("chronological")
    split.how.activated.emit(split.how.currentIndex())
    assert document.document.graph.nodes["boston_housing_1"].params == {"split": "chronological"}
    assert not split.seed.isVisibleTo(page)


def test_rows_of_a_table_and_ranges_of_its_vector(show):
    page = show(template("house-prices"))
    table = page.samples_pane.table
    assert page.samples_pane.stack.currentWidget() is table
    assert [c.name for c in table.rows.columns[:2]] == ["price", "CRIM"]
    assert [table.rows.data(table.rows.index(0, i)) for i in range(3)] == ["0", "24", "0.00632"]
    page.source_pane.columns.choose("features")
    assert page.column_pane.summary.ranges.value("TAX") == "187 to 711"
    page.source_pane.columns.choose("CRIM")
    assert page.column_pane.text.text() == "Crimes a head."
    assert page.column_pane.summary.histogram.isVisibleTo(page)
    assert any("Put Normalization" in card.note.text for card in cards(page))


def test_gaps_and_rare_classes_are_said_with_a_choice(show, qtbot):
    page = show(one("CaliforniaHousing"))
    titles = [card.note.title for card in cards(page)]
    assert "Missing values: total_bedrooms 207" in titles
    assert any("ISLAND" in title for title in titles)
    missing = page.split_pane.split.missing
    missing.setCurrentText("fill with median")
    missing.activated.emit(missing.currentIndex())
    qtbot.waitUntil(lambda: page.source_pane.rows.text() == "20,640 rows")
    qtbot.waitUntil(lambda: any("filled with the median" in card.note.text for card in cards(page)))
    qtbot.mouseClick(button(page, "Stratify by ocean_proximity"), Qt.MouseButton.LeftButton)
    assert page.document.document.graph.nodes["californiahousing_1"].params["stratify"] == "ocean_proximity"


def test_an_empty_drawing_says_the_next_step_and_takes_a_file(show, qtbot, tmp_path):
    page = show(Document())
    assert page.pages.currentIndex() == 0
    path = tmp_path / "houses.csv"
    path.write_text(HOUSES, encoding="utf-8")
    page.take_file(path)
    qtbot.waitUntil(lambda: page.loaded is not None, timeout=10_000)
    node = page.document.document.graph.nodes["csv_1"]
    assert node.params["path"] == path.as_posix()
    assert "header" not in node.params
    assert page.source_pane.title.toolTip() == path.as_posix()
    assert [(line.name, line.kind, line.role) for line in page.source_pane.columns.columns.lines] == [
        ("features", "number", "feature"), ("size", "number", "feature"), ("town", "category", "feature"),
        ("price", "number", "target")]
    page.document.undo_stack.undo()
    assert page.pages.currentIndex() == 0


def test_a_dropped_table_becomes_the_source_relative_to_the_document(show, qtbot, tmp_path):
    page = show(one("CSV"), tmp_path / "drawing.netloom")
    assert [card.note.title for card in cards(page)] == ["CSV has no file yet"]
    path = tmp_path / "houses.csv"
    path.write_text(HOUSES, encoding="utf-8")
    assert drop_files(page, tmp_path / "x.png", path)
    qtbot.waitUntil(lambda: page.loaded is not None, timeout=10_000)
    assert page.document.document.graph.nodes["csv_1"].params["path"] == "houses.csv"
    assert page.source_pane.title.toolTip() == "houses.csv"
    assert cards(page) == []


@pytest.fixture
def houses(show, qtbot, tmp_path):
    path = tmp_path / "houses.csv"
    path.write_text(HOUSES, encoding="utf-8")
    page = show(one("CSV"), tmp_path / "drawing.netloom")
    page.take_file(path)
    qtbot.waitUntil(lambda: page.loaded is not None, timeout=10_000)
    return page, path


def test_kinds_and_roles_are_changed_from_a_menu(houses, qtbot):
    page, _ = houses
    table = page.source_pane.columns
    menu = table.menu_at(table.columns.index(1, 1))
    assert [a.text() for a in menu.actions()] == ["number", "category", "text", "ignore"]
    assert [a.isChecked() for a in menu.actions()] == [True, False, False, False]
    menu.actions()[1].trigger()
    qtbot.waitUntil(lambda: page.document.document.graph.nodes["csv_1"].params["columns"][0].get("kind") == "category")
    assert page.document.analysis.facts("csv_1").outputs.keys() == {"size", "town", "price"}
    assert table.menu_at(table.columns.index(0, 0)) is None
    role = next(i for i, line in enumerate(table.columns.lines) if line.name == "town")
    table.menu_at(table.columns.index(role, 2)).actions()[1].trigger()
    qtbot.waitUntil(lambda: table.columns.lines[role].role == "target")
    page.document.undo_stack.undo()
    page.document.undo_stack.undo()
    assert list(page.document.analysis.facts("csv_1").outputs) == ["features", "town", "price"]
    assert "set kind of column size" in page.document.undo_stack.text(1)


def test_a_file_that_changed_is_read_again(houses, qtbot):
    page, path = houses
    path.write_text(HOUSES + "99,Ulm,7\n", encoding="utf-8")
    page.reload()
    qtbot.waitUntil(lambda: page.problem is not None, timeout=10_000)
    assert [card.note.title for card in cards(page)] == ["houses.csv has 41 rows now, 40 when it was read"]
    qtbot.mouseClick(button(page, "Read again"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.loaded is not None, timeout=10_000)
    assert page.source_pane.rows.text() == "41 rows"
    assert cards(page) == []


def test_a_bad_file_leaves_the_good_one_in_view(houses, qtbot, tmp_path):
    page, _ = houses
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n3\n", encoding="utf-8")
    page.take_file(bad)
    qtbot.waitUntil(lambda: page.problem is not None, timeout=10_000)
    assert [card.note.title for card in cards(page)] == ["bad.csv, line 3: 1 value, where the first line has 2"]
    assert page.samples_pane.stack.currentWidget() is page.samples_pane.table
    assert page.document.document.graph.nodes["csv_1"].params["path"] == "houses.csv"


def test_what_is_not_downloaded_asks_for_it(show, qtbot):
    page = show(one("CIFAR10"))
    assert [card.note.title for card in cards(page)] == ["CIFAR10 is not on this machine yet"]
    with qtbot.waitSignal(page.download_requested) as asked:
        qtbot.mouseClick(button(page, "Download"), Qt.MouseButton.LeftButton)
    assert asked.args == ["cifar10_1"]
    page.show_progress("Downloading CIFAR-10", 0.25)
    assert cards(page) == []
    assert page.samples_pane.progress.share == 0.25
    page.show_problem("CIFAR10 could not be downloaded", "Check the connection.")
    assert button(page, "Try again") is not None


def test_a_wrong_split_is_said_in_place(show):
    page = show(one("Iris", validation=0.6, test=0.6))
    assert [card.note.title for card in cards(page)] == ["The split leaves no rows to train on"]


def test_several_sources_can_be_picked(show, qtbot):
    nodes = [Node(id="iris_1", type="Iris"), Node(id="wine_1", type="Wine")]
    page = show(Document(Graph(nodes)))
    picker = page.source_pane.picker
    assert picker.isVisibleTo(page)
    with qtbot.waitSignal(page.source_shown) as shown:
        picker.activated.emit(1)
    assert shown.args == ["wine_1"]
    qtbot.waitUntil(lambda: page.loaded is not None)
    assert page.source_pane.rows.text() == "178 rows"
    assert page.column_pane.title.toolTip() == "cultivar"


def test_a_hidden_page_reads_nothing(qtbot):
    page = DataPage(GraphDocument(template("iris"), registry()))
    qtbot.addWidget(page)
    assert not page.reader.busy
    page.show()
    qtbot.waitUntil(lambda: page.loaded is not None, timeout=10_000)
    page.shut_down()


def test_both_themes_paint_every_state(show):
    page = show(template("digits-cnn"))
    try:
        pictures = []
        for chosen in (LIGHT, DARK):
            themes.use(chosen)
            pictures.append(page.grab().toImage())
        middle = [picture.pixelColor(8, 300).name().upper() for picture in pictures]
        assert middle == [LIGHT.panel, DARK.panel]
    finally:
        themes.use(LIGHT)


def test_work_in_the_background_becomes_an_answer_or_a_sentence(qtbot, caplog):
    background = Background()
    with qtbot.waitSignal(background.done) as answer:
        background.run(lambda: np.arange(3))
    assert answer.args[0].tolist() == [0, 1, 2]
    with qtbot.waitSignal(background.failed) as refused:
        background.run(lambda: (_ for _ in ()).throw(DataProblem("No.", hint="So.")))
    assert refused.args[0].hint == "So."
    with qtbot.waitSignal(background.failed) as broken:
        background.run(lambda: 1 / 0)
    assert as_problem(broken.args[0]).title == "The data could not be read"
    assert "reading data failed" in caplog.text
    background.wait()


def test_only_the_newest_answer_is_told(qtbot):
    background, gate, told = Background(), threading.Event(), []
    background.done.connect(told.append)
    background.run(lambda: gate.wait(10) and "old")
    with qtbot.waitSignal(background.done):
        background.run(lambda: "new")
        gate.set()
    assert told == ["new"]
    background.wait()


def test_the_page_imports_no_tensorflow():
    code = "import sys; import widgets.pages.data; assert not {'keras', 'tensorflow', 'sklearn'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_tokens_are_shown_as_text(show):
    page = show(one("Text", length=30))
    table = page.samples_pane.table
    assert page.samples_pane.stack.currentWidget() is table
    assert table.rows.index(0, 1).data() == 'The "assert" statement↵*******'
    summary = page.column_pane.summary
    assert summary.facts.value("Vocabulary") == "98" and summary.facts.value("Tokens in a row") == "30"
    assert summary.bars.accessibleDescription().startswith("blank 8")
    summary.bars.choose(0)
    assert not page.split_pane.split.seed.isVisibleTo(page)


def test_two_numbers_and_a_class_are_points_in_a_plane(show):
    page = show(one("Points2D"))
    points = page.samples_pane.points
    assert page.samples_pane.stack.currentWidget() is points
    assert points.accessibleDescription() == "1,400 points of A, B"
    assert points.place(0, 0).x() == pytest.approx(points.width() / 2, abs=12)
    page.column_pane.summary.bars.choose(1)
    assert points.accessibleDescription() == "700 points of A, B"
    points.grab()


def test_a_text_file_is_taken_by_the_text_source_in_view(show, qtbot, tmp_path):
    (tmp_path / "book.txt").write_text("Once upon a time. " * 100)
    page = show(one("Text", length=30), tmp_path / "drawing.netloom")
    page.take_file(tmp_path / "book.txt")
    qtbot.waitUntil(lambda: page.source.values["path"] == "book.txt" and page.loaded is not None)
    assert page.document.document.graph.nodes["text_1"].params["size"] == 1800
    assert page.samples_pane.table.rows.index(0, 1).data() == "Once upon a time. Once upon a "
    page.document.undo_stack.undo()
    assert page.source.values["path"] == ""


def test_tags_are_shown_in_runs_and_a_settled_split_has_no_fields(show):
    page = show(one("DateTags", languages=["French"], styles=["long"]))
    words = page.samples_pane.table.rows.index(0, 2).data()
    assert words.startswith("day") and words.endswith("other, year ×4")
    split = page.split_pane.split
    assert split.how.isVisibleTo(page)
    assert not any(field.isVisibleTo(page) for field in (split.validation, split.test, split.seed, split.stratify))


RIVER = "date,level,flow\n" + "".join(f"2020-{m:02}-{d:02},{d},{d * d}\n" for m in (1, 3) for d in range(1, 29) if d != 12)


def test_a_table_of_measured_values_becomes_windows(show, qtbot, tmp_path):
    (tmp_path / "river.csv").write_text(RIVER)
    page = show(one("TimeSeries", length=4), tmp_path / "drawing.netloom")
    assert page.problem.code == "no-data"
    page.take_file(tmp_path / "river.csv")
    qtbot.waitUntil(lambda: page.loaded is not None)
    lines = page.source_pane.columns.columns.lines
    assert [(line.name, line.kind, line.role) for line in lines] == [
        ("window", "series", "feature"), ("now", "number", "feature"), ("target", "number", "target"), ("date", "time", "–"),
        ("level", "number", "feature"), ("flow", "number", "target")]
    assert lines[3].holds == "says when" and lines[4].kinds == ("number", "time", "ignore")
    assert page.source_pane.rows.text() == f"{page.loaded.table.rows} rows"
    assert page.split_pane.split.bar.accessibleDescription().startswith("train ")
    page.source_pane.columns.choose("window")
    assert page.column_pane.summary.ranges.value("flow") == "1 to 729"
    page.source_pane.columns.changed.emit("level", "role", "target")
    qtbot.waitUntil(lambda: page.source.values["columns"][1].role == "target")
    assert page.source.values["columns"][2].role == "feature"
    page.grab()


def test_pairs_stand_side_by_side_and_words_below(show):
    page = show(one("DigitPairs", rows=200))
    grid = page.samples_pane.grid
    assert page.samples_pane.stack.currentWidget() is grid
    assert grid._picture(0).width() == 28 + 1 + 28
    assert grid.caption(0) in ("no", "yes")
    words = show(one("DigitWords"))
    assert words.samples_pane.grid.caption(0) == "three"
    traits = show(one("MNISTTraits"))
    assert traits.column_pane.summary.ranges.value("prime") == "40.0 %"


def test_masks_lie_over_their_pictures_in_the_colours_of_their_classes(show):
    page = show(one("StreetScenes", rows=20))
    grid, bars = page.samples_pane.grid, page.column_pane.summary.bars
    image = page.loaded.table.arrays["image"]
    first = int(page.loaded.rows["train"][0])
    assert grid._pictures.size == (64, 64)
    assert not np.array_equal(grid._pictures.draw(first), image[first])
    page.source_pane.columns.choose("image")
    assert np.array_equal(grid._pictures.draw(first), image[first])
    page.source_pane.columns.choose("mask")
    bars.choose(bars._names.index("person"))
    masks = page.loaded.table.arrays["mask"]
    with_people = int((masks[page.loaded.rows["train"]] == 5).any(axis=(1, 2)).sum())
    assert page.samples_pane.note.text() == f"{with_people} rows with mask person"
    page.grab()


def test_clips_are_film_strips(show):
    page = show(one("MovingShapes", rows=80))
    grid = page.samples_pane.grid
    assert grid._picture(0).width() == 5 * 24 + 4
    page.source_pane.columns.choose("shape")
    assert grid.caption(0) in ("circle", "square", "triangle", "cross")


def test_a_folder_of_pictures_is_chosen_and_dropped(show, qtbot, tmp_path):
    from PySide6.QtGui import QImage

    for name, color in (("cats", 0xFFFF0000), ("dogs", 0xFF0000FF)):
        (tmp_path / "pets" / name).mkdir(parents=True)
        for i in range(12):
            image = QImage(20, 20, QImage.Format.Format_RGB32)
            image.fill(color)
            image.save(str(tmp_path / "pets" / name / f"{i}.png"))
    page = show(one("ImageFolder"), tmp_path / "drawing.netloom")
    assert page.source_pane.file_button.text() == "Choose folder…"
    assert button(page, "Choose folder…")
    assert drop_files(page, tmp_path / "pets")
    qtbot.waitUntil(lambda: page.loaded is not None)
    assert page.source.values["classes"] == ("cats", "dogs")
    assert page.samples_pane.grid.caption(0) in ("cats", "dogs")
    assert page.source_pane.rows.text() == "24 rows"


def test_every_number_can_be_read_and_few_columns_need_no_scrolling(show, qtbot):
    table = show(template("iris")).samples_pane.table
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)
    table.set_rows([Column(name="price")], {"price": np.array([304_120.25, 1.0])}, np.arange(2))
    assert table.columnWidth(1) >= text_width("304,120", 13) + 16


def test_curves_give_way_to_numbers(show, qtbot):
    page = show(template("forecast"))
    table = page.samples_pane.table
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)
    wide = table.columnWidth(1)
    page.resize(1300, 468)
    qtbot.waitUntil(lambda: NARROWEST <= table.columnWidth(1) < wide)
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)


def test_a_file_that_cannot_be_the_first_source_says_why(show, qtbot, tmp_path):
    page = show(Document())
    torn = tmp_path / "torn.csv"
    torn.write_text("a;b\n1;2\n3\n")
    assert drop_files(page, torn)
    qtbot.waitUntil(page.unread.isVisible)
    (tmp_path / "empty").mkdir()
    assert hover_files(page, tmp_path / "empty")
    assert page.drops.sign.words == "Read “empty” as a folder of pictures"
    leave(page)
    assert drop_files(page, tmp_path / "empty")
    qtbot.waitUntil(lambda: "no two folders with pictures" in page.unread.notes[0].title + page.unread.notes[0].text)
    assert drop_files(page, torn)
    qtbot.waitUntil(lambda: "empty" not in page.unread.notes[0].title + page.unread.notes[0].text)
    assert "torn.csv" in page.unread.notes[0].title + page.unread.notes[0].text
    sound = tmp_path / "sound.csv"
    sound.write_text(HOUSES)
    assert drop_files(page, sound)
    qtbot.waitUntil(lambda: page.source is not None)
    assert not page.unread.isVisible()


def test_one_row_is_one_row(show, qtbot, tmp_path):
    page, few = show(Document()), tmp_path / "few.csv"
    few.write_text("a,b\n1,2\n2,3\n3,4\n4,6\n5,7\n6,9\n")
    assert drop_files(page, few)
    qtbot.waitUntil(lambda: page.loaded is not None)
    page.samples_pane.part.changed.emit("test")
    words = page.samples_pane.note.toolTip()
    assert words == "1 row" or words.endswith(" rows")
    page.samples_pane.part.set_value("test")
    page.samples_pane.part.changed.emit("test")
    assert page.samples_pane.note.toolTip() == "1 row"
