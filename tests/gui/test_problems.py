"""The Problems and Log tabs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from graph_compiler.analysis.diagnostics import Diagnostic, Fix
from graph_compiler.graph.edits import RemoveNode, SetParam
from graph_compiler.graph.model import Document
from tests.helpers.drawing import drawing
from tests.helpers.events import click, open_document, shown
from widgets.controls import FixButton
from widgets.log import MOST_LINES, LogPage
from widgets.problem_card import ProblemCard
from widgets.problems import ProblemsPage


@pytest.fixture
def page(qtbot) -> ProblemsPage:
    return shown(qtbot, ProblemsPage(open_document()), 900, 320)


def words(widget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def test_a_sound_drawing_says_the_next_step(page, qtbot):
    assert page.rows == []
    assert (page.heading.text(), page.hint.text()) == ("No problems", "Next: press Train.")
    empty = shown(qtbot, ProblemsPage(open_document(Document())), 900, 320)
    assert "Loss" in words(empty)


def test_problems_come_and_go_with_the_edits(page, qtbot):
    with qtbot.waitSignal(page.counted) as caught:
        page.document.do(SetParam("dense", "units", 0))
    assert caught.args[0] == len([p for p in page.document.analysis.problems if p.severity == "error"])
    assert "units" in words(page.rows[0])
    assert "whole number from 1" in words(page.rows[0])
    page.document.undo_stack.undo()
    assert page.rows == []


def test_a_click_and_enter_jump_to_the_node(page, qtbot):
    page.document.do(SetParam("dense", "units", 0))
    with qtbot.waitSignal(page.jump) as caught:
        click(page.rows[0])
    assert caught.args == ["dense"]
    page.rows[0].setFocus()
    with qtbot.waitSignal(page.jump):
        QTest.keyClick(page.rows[0], Qt.Key.Key_Return)


def test_the_fix_is_an_edit_that_can_be_undone(page, qtbot):
    page.document.do(SetParam("dense", "units", 7))
    row = next(row for row in page.rows if row.buttons)
    assert row.buttons[0].text().startswith("Fix: ")
    click(row.buttons[0])
    qtbot.waitUntil(lambda: page.rows == [])
    assert page.document.document.graph.nodes["dense"].params.get("units", 10) == 10
    page.document.undo_stack.undo()
    assert page.rows


def test_rows_stay_while_the_problems_stay(page):
    page.document.do(SetParam("dense", "units", 0))
    before = page.rows
    page.document.do(SetParam("loss", "weight", 2.0))
    assert page.rows is before


def test_everything_is_listed_when_a_part_goes(page):
    page.document.do(RemoveNode("flatten"))
    assert len(page.rows) == len(page.document.analysis.problems) >= 1
    assert page.rows[0].accessibleName().startswith("error: ")


def test_a_card_offers_the_way_out(page, qtbot):
    page.document.do(SetParam("dense", "units", 7))
    problem = next(p for p in page.document.analysis.problems if p.fixes)
    card = shown(qtbot, ProblemCard(problem), 280, 130)
    wanted = f"Fix: {problem.fixes[0].label}"
    button = next(b for b in card.children() if hasattr(b, "click") and getattr(b, "text", str)() == wanted)
    with qtbot.waitSignal(card.fix) as caught:
        click(button)
    assert caught.args == [problem.fixes[0]]


@pytest.mark.parametrize(("labels", "rows"), [
    (("one", "two"), 1), (("set missing to fill with mean", "set missing to fill with median"), 2)])
def test_long_ways_out_stand_below_one_another(qtbot, labels, rows):
    fixes = tuple(Fix(label, RemoveNode("dense")) for label in labels)
    problem = Diagnostic("missing-values", "Missing values", "dense", severity="warning", fixes=fixes)
    card = shown(qtbot, ProblemCard(problem), 255, 140)
    buttons = card.findChildren(FixButton)
    assert len({button.y() for button in buttons}) == rows
    assert all(card.rect().contains(button.geometry()) for button in buttons)


@pytest.fixture
def log(qtbot) -> LogPage:
    return shown(qtbot, LogPage(), 900, 320)


def test_lines_are_kept_with_time_and_level(log, qtbot):
    log.append("Worker started.")
    with qtbot.waitSignal(log.noticed) as caught:
        log.append("It died.\nReally.", "error")
    assert caught.args == ["error"]
    said = [line.split(maxsplit=1)[1] for line in log.lines]
    assert said == ["info    Worker started.", "error   It died.", "error   Really."]
    assert log.view.toPlainText().count("\n") == 2
    assert log.hint.text() == "3 lines"


def test_levels_are_filtered(log):
    log.append("details", "debug")
    log.append("news")
    assert "details" not in log.view.toPlainText()
    log.levels.setFocus()
    QTest.keyClick(log.levels, Qt.Key.Key_Left)
    assert "details" in log.view.toPlainText()
    log.levels.setFocus()
    QTest.keyClick(log.levels, Qt.Key.Key_Left)
    assert log.levels.value == "Problems"
    assert log.view.toPlainText() == ""


def test_it_is_bounded(log):
    log.append("\n".join(f"line {i}" for i in range(MOST_LINES + 50)))
    log.append("x" * 10_000)
    assert len(log.lines) == MOST_LINES
    assert log.view.blockCount() <= MOST_LINES
    assert len(log.lines[-1]) < 5000


def test_copy_and_clear(log):
    log.append("one")
    click(log.copy)
    assert QGuiApplication.clipboard().text().endswith("one")
    click(log.clear)
    assert log.lines == []
    assert log.view.toPlainText() == ""


def test_notes_on_files_are_a_level_of_their_own(qtbot):
    document = open_document(drawing(
        "data Digits", "s Rescaling scale=0.004", "up UpSampling2D interpolation=bicubic", "flat Flatten", "net Dense units=10",
        "loss Loss", "data.image > s > up > flat > net > loss.prediction", "data.label > loss.target"))
    found = shown(qtbot, ProblemsPage(document), 900, 320)
    assert found.heading.text() == "1 note" and "file" in found.hint.text()
    assert found.rows[0].accessibleName().startswith("note: UpSampling2D cannot leave as TFLite")
    document.do(SetParam("net", "units", 0))
    assert found.heading.text() == "1 error, 1 note"
    assert found.rows[0].problem.severity == "error"
