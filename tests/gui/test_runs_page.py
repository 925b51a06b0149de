"""The table of runs driven by mouse and keys: choose, filter, sort, name, compare, delete."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from graph_compiler.runs.comparison import Difference
from tests.helpers.events import click, click_row, shown
from widgets.runs import RunRow, RunsPage
from widgets.runs.looks import MOST, run_color
from widgets.runs.rows import columns, when_words
from widgets.runs.table import SLOT
from widgets.theme import DARK, LIGHT, themes

NOON = datetime(2026, 11, 20, 12, 0)


def row(number: int, **rest) -> RunRow:
    facts = {"metrics": {"loss": 0.1 * number, "val_loss": 0.2 * number, "test_accuracy": 0.9 + number / 100}, "epochs": number,
             "planned": 6, "seconds": 3.0 * number, "started": NOON.timestamp() + number, "drawing": "digits"}
    return RunRow(folder=f"/runs/{number:04d}", number=str(number), **{**facts, **rest})


ROWS = [row(3), row(2, state="failed", reason="Out of memory.", usable=False), row(1, note="first try")]
HISTORY = [{"epoch": 1.0, "loss": 1.0, "val_loss": 0.9, "accuracy": 0.5}, {"epoch": 2.0, "loss": 0.5, "accuracy": 0.8}]


@pytest.fixture
def page(qtbot) -> RunsPage:
    made = shown(qtbot, RunsPage(), 1600, 468)
    made.wants_details.connect(lambda folders: made.show_details(dict.fromkeys(folders, HISTORY), [], []))
    made.set_rows(ROWS)
    yield made
    themes.use(LIGHT)


def numbers(page: RunsPage) -> list[str]:
    table = page.table
    return [table.row(table.filtered.index(i, 0)).number for i in range(table.filtered.rowCount())]


def box(page: RunsPage, place: int) -> None:
    """Click the box of choice of a line."""
    table = page.table
    where = table.visualRect(table.filtered.index(place, 0))
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                     QPoint(where.left() + 16, where.center().y()))


def heading(page: RunsPage, id_: str) -> int:
    return [c.id for c in page.table.model_.columns].index(id_)


def test_an_empty_page_says_the_next_step(qtbot):
    page = shown(qtbot, RunsPage(), 1200, 468)
    page.set_rows([])
    assert page._empty.isVisible() and "Train" in page._empty.text.text()


def test_the_newest_run_is_chosen_at_first_and_drawn(page):
    assert page.order == ["/runs/0003"]
    assert [curve.name for curve in page.plot.curves] == ["Run 3"]
    assert page.plot.choice._options == ("Loss", "Accuracy")


def test_boxes_add_runs_and_each_has_a_colour_of_its_own(page):
    box(page, 1)
    box(page, 2)
    assert page.order == ["/runs/0003", "/runs/0002", "/runs/0001"]
    assert [c.color for c in page.plot.curves] == [run_color(0), run_color(1), run_color(2)]
    assert len({c.mark for c in page.plot.curves}) == 3
    box(page, 0)
    assert page.order == ["/runs/0002", "/runs/0001"]
    assert page.table.filtered.index(0, 0).data(SLOT) is None


def test_a_heading_sorts_both_ways(page):
    header, place = page.table.horizontalHeader(), heading(page, "loss")
    where = QPoint(header.sectionViewportPosition(place) + 10, 10)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    first = numbers(page)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    assert sorted([first, numbers(page)]) == [["1", "2", "3"], ["3", "2", "1"]]


def test_the_filter_looks_into_every_word(page):
    QTest.keyClicks(page.filter, "failed")
    assert numbers(page) == ["2"]
    page.filter.setText("first try")
    assert numbers(page) == ["1"]
    page.filter.setText("")
    assert numbers(page) == ["3", "2", "1"]


def test_only_what_can_be_done_is_offered(page):
    state = {name: button.isEnabled() for name, button in page.buttons.items()}
    assert all(state.values())
    click_row(page.table, 1)
    assert not page.buttons["evaluate"].isEnabled() and page.buttons["open_drawing"].isEnabled()
    box(page, 0)
    assert {n for n, b in page.buttons.items() if b.isEnabled()} == {"delete"}
    page.set_rows([row(4, state="running")])
    assert not page.buttons["delete"].isEnabled()


@pytest.mark.parametrize("name", ["evaluate", "export", "go_further", "open_drawing"])
def test_a_button_asks_for_the_chosen_run(page, qtbot, name):
    with qtbot.waitSignal(getattr(page, name)) as caught:
        click(page.buttons[name])
    assert caught.args == ["/runs/0003"]


def test_deleting_asks_for_all_chosen_runs(page, qtbot):
    box(page, 2)
    with qtbot.waitSignal(page.delete) as caught:
        QTest.keyClick(page.table, Qt.Key.Key_Delete)
    assert caught.args == [["/runs/0003", "/runs/0001"]]


def test_name_and_note_are_written_in_place(page, qtbot):
    for column, signal in (("run", page.renamed), ("note", page.noted)):
        index = page.table.filtered.index(0, heading(page, column))
        page.table.setCurrentIndex(index)
        QTest.keyClick(page.table, Qt.Key.Key_F2)
        editor = page.table.viewport().findChild(QLineEdit)
        QTest.keyClicks(editor, "  good   one ")
        with qtbot.waitSignal(signal) as caught:
            QTest.keyClick(editor, Qt.Key.Key_Return)
        assert caught.args == ["/runs/0003", "good one"]
        QApplication.processEvents()


def test_enter_and_a_double_click_show_the_run(page, qtbot):
    with qtbot.waitSignal(page.show_run) as caught:
        QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert caught.args == ["/runs/0003"]
    place = page.table.visualRect(page.table.filtered.index(1, heading(page, "time"))).center()
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    with qtbot.waitSignal(page.show_run) as caught:
        QTest.mouseDClick(page.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert caught.args == ["/runs/0002"]


def test_differences_stand_in_columns_of_the_runs(page):
    box(page, 1)
    page.show_details({}, ["Run 3", "Run 2"], [Difference("conv2d_1", "filters", ("32", "16"))])
    model = page.differences.lines
    assert [model.headerData(i, Qt.Orientation.Horizontal) for i in range(3)] == ["Where", "Run 3", "Run 2"]
    assert [model.index(0, i).data() for i in range(3)] == ["conv2d_1 · filters", "32", "16"]
    assert page.heading.text() == "What differs" and page.differences.isVisible()
    page.show_details({}, ["Run 3", "Run 2"], [])
    assert page.same.text() == "Their drawings and settings are the same." and not page.differences.isVisible()


def test_more_runs_than_colours_are_said(page):
    page.set_rows([row(n) for n in range(9, 0, -1)])
    page.table.selectAll()
    assert len(page.order) == 9 and len(page.plot.curves) == MOST
    assert f"first {MOST} of 9 runs" in page.same.text()


def test_what_is_chosen_stays_when_rows_come_again(page):
    box(page, 2)
    page.set_rows([row(4), *ROWS])
    assert page.order == ["/runs/0003", "/runs/0001"]
    page.set_rows([ROWS[2]])
    assert page.order == ["/runs/0001"]


def test_runs_of_other_drawings_are_named_and_only_looked_at(page, qtbot):
    with qtbot.waitSignal(page.wants_all) as caught:
        click(page.scope, QPoint(page.scope.width() - 20, 10))
    assert caught.args == [True]
    page.set_rows([*ROWS, row(7, own=False, drawing="iris")])
    assert "drawing" in [c.id for c in page.table.model_.columns] and page.count.text() == "3 of 4"
    page.table.choose(["/runs/0007"])
    assert {n for n, b in page.buttons.items() if b.isEnabled()} == {"open_drawing", "delete"}
    assert page.plot.curves[0].name == "Iris, run 7"


def test_the_read_out_names_every_curve(page):
    box(page, 1)
    lines = page.plot.read(1)
    assert [(name, mark, value) for name, _, mark, value in lines] == [
        ("Run 3", "round", "1.00"), ("Run 3, val.", "square", "0.900"), ("Run 2", "round", "1.00"),
        ("Run 2, val.", "square", "0.900")]
    assert page.plot.read(9) == []


def test_colours_follow_the_theme(page):
    before = page.plot.curves[0].color
    themes.use(DARK)
    assert page.plot.curves[0].color != before == run_color_of(LIGHT)


def run_color_of(chosen) -> object:
    themes.use(chosen)
    return run_color(0)


def test_the_figure_most_runs_have_heads_its_column():
    rows = [row(1), row(2), row(3, metrics={"val_mae": 2.5, "loss": 1.0})]
    figure = next(c for c in columns(rows) if c.id == "figure")
    assert figure.heading == "Accuracy, test"
    assert [figure.text(r) for r in rows] == ["91.0 %", "92.0 %", "MAE, val. 2.50"]
    assert figure.text(row(4, metrics={})) == "–"


@pytest.mark.parametrize(("then", "words"), [
    (datetime(2026, 11, 20, 9, 5), "09:05"), (datetime(2026, 11, 19, 9, 5), "yesterday 09:05"),
    (datetime(2026, 11, 16, 9, 5), "Mon 09:05"), (datetime(2026, 3, 1), "1 Mar"), (datetime(2025, 3, 1), "1 Mar 2025")])
def test_times_as_people_say_them(then, words):
    assert when_words(then.timestamp(), NOON) == words


def test_the_loss_says_which_rows_it_is_of():
    loss = next(c for c in columns([row(1), row(2), row(3, metrics={"loss": 1.0})]) if c.id == "loss")
    assert loss.heading == "Loss, val."
    assert [loss.text(r) for r in (row(1), row(3, metrics={"loss": 1.0}))] == ["0.200", "train 1.00"]
