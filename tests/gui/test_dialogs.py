"""Questions: verbs on the buttons, Esc leaves, Enter does what most people want, and no word is cut."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest

from tests.helpers.answering import Answers
from widgets.dialogs import Choice, Question, ask, tell

DELETE = (Choice("Delete the run", destroys=True),)
SAVE = (Choice("Save", primary=True), Choice("Discard changes"))
LONG = "What was learnt, its curves and the files that were exported from it are deleted with it. " * 3


@pytest.fixture
def question(qtbot):
    def made(*args, **kwargs) -> Question:
        shown = Question(None, *args, **kwargs)
        qtbot.addWidget(shown)
        shown.show()
        return shown
    return made


def test_the_verb_that_was_pressed_comes_back(qtbot):
    answers = Answers()
    answers("Discard changes")
    assert ask(None, "Save first?", "It has changes.", SAVE) == "Discard changes"
    assert answers.words == ["Save first?: It has changes."]
    answers("")
    assert ask(None, "Save first?", "It has changes.", SAVE) == ""


def test_enter_takes_the_filled_button_and_escape_leaves(question):
    first = question("Save first?", "", SAVE)
    QTest.keyClick(first, Qt.Key.Key_Return)
    assert first.answer == "Save"
    second = question("Save first?", "", SAVE)
    QTest.keyClick(second, Qt.Key.Key_Escape)
    assert second.answer == "" and not second.isVisible()


def test_enter_never_destroys(question):
    box = question("Delete run 3?", LONG, DELETE)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.answer == ""


@pytest.mark.parametrize("text", ["", "One line.", LONG])
def test_every_word_has_room(question, text):
    box = question("A title that is long enough for two lines of this box at least", text, SAVE, tone="warn")
    for words in (box.title, box.text):
        if words.isVisible():
            need = QFontMetrics(words.font()).boundingRect(
                0, 0, words.width(), 10_000, Qt.TextFlag.TextWordWrap, words.text()).height()
            assert words.height() >= need
    for button in box.buttons.values():
        assert button.width() >= button.sizeHint().width()


def test_telling_needs_one_button(qtbot):
    answers = Answers()
    answers("Close")
    tell(None, "The file cannot be opened", "It is torn.", "error")
    assert answers.words == ["The file cannot be opened: It is torn."]
