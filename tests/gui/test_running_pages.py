"""The pages of generating networks with answers given by hand: tables, texts, samples, waiting, problems."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from graph_compiler.messages import Asking
from widgets.pages.evaluate import EvaluatePage
from widgets.pages.running import Running
from widgets.pages.running.base import AT_WORK, STARTING, Slot
from widgets.pages.running.parts import NOTHING, State
from widgets.pages.running.rows import PIECES, VERDICTS, WRITTEN, SpokenRow
from widgets.pages.running.sheet import Sheet
from widgets.tables import TOKEN

FIGURES = (("Exact match, test", "50.0 %"),)


class Worker:
    """Keeps what a page asks and answers when it is told to."""

    def __init__(self, page: EvaluatePage) -> None:
        self.page = page
        self.questions: list[tuple[list[str], Asking, int]] = []
        page.predict_wanted.connect(lambda run, inputs, ticket, asking: self.questions.append((inputs, asking, ticket)))

    def answer(self, *answers: dict[str, Any], number: int = -1) -> None:
        """Answer one of the questions, the newest unless it is named."""
        self.page.answer(self.questions[number][2], answers)


@pytest.fixture
def page(qtbot) -> EvaluatePage:
    page = EvaluatePage()
    qtbot.addWidget(page)
    page.resize(1600, 840)
    page.show()
    return page


@pytest.fixture
def worker(page) -> Worker:
    return Worker(page)


def row(place: int, given: str, true: str, text: str) -> dict[str, Any]:
    return {"input": f"test:{place}", "place": place, "given": given, "true": true, "text": text, "milliseconds": 4.0}


def translated() -> tuple[dict[str, Any], ...]:
    """Three rows of which the second is wrong, and a row that is not there."""
    return (row(0, "3 mars 1987", "1987-03-03", "1987-03-03"), row(1, "4 mai 1990", "1990-05-04", "1990-06-04"),
            row(2, "5 june 2001", "2001-06-05", "2001-06-05"), {"input": "test:3", "problem": "There is no row “test:3”."})


# Questions.


def test_only_the_newest_of_the_wishes_that_wait_is_sent(qtbot):
    slot, sent = Slot(QGuiApplication.instance()), []
    slot.sent.connect(lambda inputs, asking, ticket: sent.append((inputs, ticket)))
    for word in ("a", "b", "c"):
        slot.ask((word,), Asking())
    assert [inputs for inputs, _ in sent] == [["a"]]
    slot.take(sent[0][1] - 7, ({"text": "of another"},))
    assert slot.busy
    slot.take(sent[0][1], ({"text": "A"},))
    assert [inputs for inputs, _ in sent] == [["a"], ["c"]]
    assert sent[1][1] < sent[0][1] < 0
    slot.deleteLater()


def test_a_long_wait_says_what_is_going_on_and_for_how_long(qtbot):
    slot = Slot(QGuiApplication.instance(), patience=5)
    words = State(slot)
    qtbot.addWidget(words)
    slot.ask(("a",), Asking())
    assert words.isHidden()
    qtbot.waitUntil(lambda: words.text() == f"{STARTING} …")
    slot.stage("Reading the data")
    qtbot.waitUntil(lambda: words.text() == "Reading the data …")
    slot.take(slot.ticket, ({"text": "A"},))
    assert words.isHidden() and words.text() == ""
    slot.deleteLater()


def test_a_worker_that_is_gone_is_told_in_every_place_that_waits(page, worker):
    page.show_running(Running("/runs/1", "samples"))
    page.say("The worker ended.")
    runner = page.runner
    assert [words.text() for words in runner.findChildren(State)] == ["The worker ended."] * 2
    assert not runner.busy
    runner.more.click()
    assert runner.busy
    assert worker.questions[-1][0] == ["draw:16"]


# Sequences.


def test_rows_are_told_wrong_first_by_word_and_colour(page, worker):
    page.show_running(Running("/runs/1", "sequence", "text", figures=FIGURES))
    assert worker.questions[0][0][:2] == ["test:0", "test:1"] and len(worker.questions[0][0]) == 50
    worker.answer(*translated(), number=0)
    runner = page.runner
    model = runner.table.model()
    assert [model.index(i, VERDICTS).data() for i in range(3)] == ["wrong", "right", "right"]
    assert [model.index(i, VERDICTS).data(TOKEN) for i in range(2)] == ["error", "ok"]
    assert model.index(0, WRITTEN).data() == "1990-06-04"
    assert [mine for mine, right in model.index(0, WRITTEN).data(PIECES) if not right] == ["6"]
    assert runner.left.hint.toolTip() == "exact match 2 of 3"


def test_only_wrong_rows_are_left_by_a_click(page, worker, qtbot):
    page.show_running(Running("/runs/1", "sequence", "text"))
    worker.answer(*translated(), number=0)
    switch = page.runner.filter
    assert switch.isVisible()
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=switch.rect().center() + switch.rect().topRight() / 3)
    assert switch.value == "Only wrong 1"
    assert [r.place for r in page.runner.table.rows.rows] == [1]


def test_without_wrong_rows_there_is_nothing_to_filter(page, worker):
    page.show_running(Running("/runs/1", "sequence", "text"))
    worker.answer(translated()[0], number=0)
    assert not page.runner.filter.isVisible()
    assert page.runner.left.hint.toolTip() == "exact match 1 of 1"


def test_a_chosen_row_is_asked_once_more_with_beams(page, worker):
    page.show_running(Running("/runs/1", "sequence", "text"))
    worker.answer(*translated(), number=0)
    runner = page.runner
    assert worker.questions[-1][:2] == (["text:4 mai 1990"], Asking()) and runner.field.text() == "4 mai 1990"
    worker.answer({"text": "1990-06-04", "given": "4 mai 1990", "milliseconds": 4.0})
    assert runner.result.text() == "1990-06-04" and runner.took.text() == "4.00 ms"
    assert not runner.width_field.isEnabled()
    runner.way._choose("Beam")
    assert worker.questions[-1][1] == Asking(beam=4) and runner.width_field.isEnabled()
    worker.answer({"text": "1990-05-04", "beams": [{"text": "1990-05-04", "log_probability": -0.1},
                                                   {"text": "", "log_probability": -2.5}]})
    assert runner.result.text() == "1990-05-04"
    assert runner.beams.rows == [("1990-05-04", -0.1), ("", -2.5)]
    runner.width_field.setValue(2)
    assert worker.questions[-1][1] == Asking(beam=2)


def test_where_the_network_looked_is_drawn_below_its_answer(page, worker, qtbot):
    page.show_running(Running("/runs/1", "sequence", "text"))
    worker.answer(*translated(), number=0)
    runner = page.runner
    assert not runner.map.isVisible()
    worker.answer({"text": "87", "attention": {"given": ["8", "7"], "made": ["8", "7"], "weights": [[0.9, 0.1], [0.25, 0.75]]}})
    assert runner.map.isVisible() and runner.looked.isVisible()
    assert runner.map.accessibleDescription() == "from 87 to 87"
    picture = runner.map.grab().toImage()
    full, faint = (picture.pixelColor(runner.map.cell(0, column).center().toPoint()) for column in (0, 1))
    assert full.lightness() < faint.lightness()
    runner._ask()
    worker.answer({"text": "87"})
    assert not runner.map.isVisible()


def test_a_typed_text_is_asked_and_a_strange_letter_is_told(page, worker, qtbot):
    page.show_running(Running("/runs/1", "sequence", "text"))
    worker.answer(*translated(), number=0)
    worker.answer({"text": "1990-06-04"})
    runner = page.runner
    runner.field.clear()
    qtbot.keyClicks(runner.field, "5 ~")
    qtbot.keyClick(runner.field, Qt.Key.Key_Return)
    assert worker.questions[-1][0] == ["text:5 ~"]
    worker.answer({"input": "text:5 ~", "problem": "“~” is not in the vocabulary of spoken. Leave it out."})
    assert runner.result.text() == ""
    assert "“~” is not in the vocabulary of spoken. Leave it out." in [w.text() for w in runner.findChildren(State)]
    worker.page.runner._given = "text:5"
    runner._ask()
    worker.answer({"text": ""})
    assert runner.result.text() == NOTHING


def test_an_answer_to_a_text_that_was_deleted_is_not_shown(page, worker, qtbot):
    page.show_running(Running("/runs/1", "sequence", "text"))
    worker.answer(*translated(), number=0)
    runner = page.runner
    runner.field.clear()
    qtbot.keyClick(runner.field, Qt.Key.Key_Return)
    worker.answer({"text": "1990-06-04"})
    assert runner.result.text() == "" and not runner.result.isVisible()


def test_rows_of_pictures_show_them_and_are_asked_by_their_number(page, worker, tmp_path):
    np.save(tmp_path / "given.npy", np.full((8, 8, 1), 200, np.uint8))
    page.show_running(Running("/runs/1", "sequence", "picture"))
    seen = {"input": "test:0", "place": 0, "true": "six", "text": "five", "seen": str(tmp_path / "given.npy")}
    worker.answer(seen, number=0)
    runner = page.runner
    assert runner.table.model().index(0, 0).data(Qt.ItemDataRole.DecorationRole).width() == 8
    assert worker.questions[-1][0] == ["test:0"] and not runner.field.isVisible()
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(0)
    image.save(str(tmp_path / "own.png"))
    worker.answer(seen)
    page.drop_file(tmp_path / "own.png")
    assert worker.questions[-1][0] == [str(tmp_path / "own.png")]


def test_a_longer_text_than_wanted_is_wrong_at_its_end():
    assert SpokenRow(0, "", "ab", "abc").pieces() == [("a", True), ("b", True), ("c", False)]
    assert not SpokenRow(0, "", "abc", "ab").right


# Texts.


def test_a_text_is_written_again_with_every_change(page, worker, qtbot):
    page.show_running(Running("/runs/1", "text", "text", 20, 5000))
    runner = page.runner
    assert worker.questions[0][:2] == (["text:"], Asking(temperature=0.8, length=400))
    worker.answer({"given": "", "text": "the rain", "milliseconds": 16.0})
    assert runner.view.toPlainText() == "the rain"
    assert runner.took.text() == "8 characters in 16.0 ms, 500 characters a second"
    with qtbot.waitSignal(runner.asked):
        runner.temperature.slider.setValue(0)
    assert worker.questions[-1][1].temperature == 0.0 and runner.temperature.number.text() == "0.00"
    worker.answer({"given": "", "text": "the the"})
    with qtbot.waitSignal(runner.asked):
        qtbot.mouseClick(runner.again, Qt.MouseButton.LeftButton)
    assert worker.questions[-1][1].seed == 1
    worker.answer({"given": "", "text": "the the"})
    with qtbot.waitSignal(runner.asked):
        runner.beginning.setPlainText("It ")
    assert worker.questions[-1][0] == ["text:It "]


def test_several_texts_are_shown_and_copied(page, worker, qtbot):
    page.show_running(Running("/runs/1", "text", "text", 20, 5000))
    runner = page.runner
    assert not runner.copy.isEnabled()
    worker.answer({"given": "It ", "text": "It is", "texts": ["It is", "It was"], "milliseconds": 1.0})
    qtbot.mouseClick(runner.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "It is\n\nIt was"
    assert runner.view.toPlainText().startswith("It is\n\n") and runner.view.toPlainText().endswith("It was")


def test_a_network_that_looks_back_writes_no_more_than_it_was_trained_for(page, worker):
    page.show_running(Running("/runs/1", "text", "text", 64, 64))
    assert page.runner.length.maximum() == 64 and worker.questions[0][1].length == 64


def test_a_dropped_text_becomes_the_beginning(page, worker, tmp_path):
    page.show_running(Running("/runs/1", "text", "text", 20, 5000))
    (tmp_path / "a.txt").write_text("Once upon", encoding="utf-8")
    page.drop_file(tmp_path / "a.txt")
    assert page.runner.beginning.toPlainText() == "Once upon"
    (tmp_path / "b.png").write_bytes(b"\xff\xfe\x00")
    page.drop_file(tmp_path / "b.png")
    assert page.runner.findChild(State).text() == "“b.png” is not a text this program can read. Expected UTF-8."


# Samples.


def drawn(folder, count: int, labels: tuple[str, ...] = ()) -> dict[str, Any]:
    np.save(folder / "drawn.npy", np.zeros((count, 8, 8, 1), np.uint8))
    return {"pictures": str(folder / "drawn.npy"), "count": count, "labels": list(labels), "milliseconds": 2.0}


def test_sixteen_samples_and_sixteen_more(page, worker, qtbot, tmp_path):
    page.show_running(Running("/runs/1", "samples"))
    assert [inputs for inputs, _, _ in worker.questions] == [["draw:16"], ["walk:12"]]
    runner = page.runner
    worker.answer(drawn(tmp_path, 16), number=0)
    worker.answer(drawn(tmp_path, 12), number=1)
    assert (runner.above.title.text(), runner.below.title.text()) == ("16 samples", "A walk in 12 steps")
    assert runner.above.hint.toolTip() == "seed 0 · 2.00 ms each"
    assert not runner.classes.isVisible() and not runner.before.isEnabled()
    qtbot.mouseClick(runner.more, Qt.MouseButton.LeftButton)
    assert worker.questions[-1][1].seed == 1 and runner.before.isEnabled()
    worker.answer(drawn(tmp_path, 16))
    qtbot.mouseClick(runner.before, Qt.MouseButton.LeftButton)
    assert worker.questions[-1][1].seed == 0
    walk = worker.questions[1][1].seed
    qtbot.mouseClick(runner.another, Qt.MouseButton.LeftButton)
    assert worker.questions[-1][0] == ["walk:12"] and worker.questions[-1][1].seed == walk + 1


def test_classes_are_drawn_in_turn_or_one_of_them(page, worker, tmp_path):
    names = ("cat", "dog", "cow")
    page.show_running(Running("/runs/1", "samples", classes=names))
    runner = page.runner
    assert worker.questions[0][:2] == (["draw:9"], Asking()) and runner.more.text() == "Draw 9 more"
    assert worker.questions[1][1].label == "cat"
    worker.answer(drawn(tmp_path, 9, names * 3), number=0)
    worker.answer(drawn(tmp_path, 12, ("cat",) * 12), number=1)
    assert runner.samples.columns == 3 and runner.samples.heads[:3] == list(names)
    assert runner.below.hint.toolTip().startswith("cat · ")
    runner.classes.setCurrentIndex(2)
    runner.classes.activated.emit(2)
    assert [q[0] + [q[1].label] for q in worker.questions[-2:]] == [["draw:16", "dog"], ["walk:12", "dog"]]
    worker.answer(drawn(tmp_path, 16, ("dog",) * 16), number=-2)
    assert runner.samples.heads == [] and runner.above.hint.toolTip().startswith("dog · seed 0")


def test_samples_are_saved_as_one_picture(page, worker, qtbot, tmp_path, monkeypatch):
    page.show_running(Running("/runs/1", "samples"))
    runner = page.runner
    assert not runner.save.isEnabled()
    worker.answer(drawn(tmp_path, 16), number=0)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "sheet.png"), ""))
    qtbot.mouseClick(runner.save, Qt.MouseButton.LeftButton)
    assert QImage(str(tmp_path / "sheet.png")).width() > 8 * 128


def test_pictures_are_as_large_as_the_room_allows(qtbot):
    sheet = Sheet("Samples")
    qtbot.addWidget(sheet)
    sheet.set_pictures([QImage(4, 4, QImage.Format.Format_RGB32)] * 16, [])
    sheet.resize(600, 600)
    assert sheet.columns == 4 and sheet.side == 144
    sheet.resize(1600, 100)
    assert sheet.columns == 16
    last = sheet.rect_of(15)
    assert last.right() <= 1600 and last.bottom() <= 100


def test_a_file_is_refused_where_noise_is_read(page, worker, tmp_path):
    page.show_running(Running("/runs/1", "samples"))
    page.drop_file(tmp_path / "a.png")
    assert "reads no files" in page.runner.findChild(State).text()


# The tab.


def test_the_same_run_stays_and_another_starts_anew(page, worker):
    page.show_running(Running("/runs/1", "samples", figures=FIGURES))
    first = page.runner
    page.show_running(Running("/runs/1", "samples", figures=FIGURES))
    assert page.runner is first and page.ready and page.report.isEnabled()
    page.show_running(Running("/runs/2", "text", "text", 20, 5000))
    assert page.runner is not first and len(worker.questions) == 3
    page.let_go()
    assert page.runner is None and not page.ready


def test_words_while_waiting_follow_the_worker(page, worker):
    page.show_running(Running("/runs/1", "text", "text", 20, 5000))
    slot = page.runner._slot
    page.stage("Building the model")
    assert slot._words == "Building the model"
    worker.answer({"given": "", "text": "a"})
    assert slot._words == AT_WORK
    page.say("The worker ended.")
    assert slot._words == STARTING


@pytest.mark.parametrize(("height", "lines"), [(860, 2), (360, 1)])
def test_samples_and_walk_share_the_height(page, worker, tmp_path, height, lines):
    page.resize(1280, height + 57)
    page.show_running(Running("/runs/1", "samples"))
    worker.answer(drawn(tmp_path, 16), number=0)
    worker.answer(drawn(tmp_path, 12), number=1)
    runner = page.runner
    QGuiApplication.processEvents()
    assert -(-16 // runner.samples.columns) == lines
    assert runner.samples.rect_of(15).bottom() <= runner.samples.height() <= runner.samples.rect_of(15).bottom() + 16
    assert runner.walk.side > 80 and runner.walk.rect_of(11).bottom() <= runner.walk.height()


def test_a_run_with_samples_and_test_rows_lets_one_choose(page, worker, qtbot):
    page.offer_ways(True)
    assert page.way.isVisible() and page.way.value == "Samples"
    page.way.setFocus()
    with qtbot.waitSignal(page.way_chosen) as caught:
        QTest.keyClick(page.way, Qt.Key.Key_Right)
    assert caught.args == ["Test rows"]
    page.offer_ways(False)
    assert page.way.isHidden()
