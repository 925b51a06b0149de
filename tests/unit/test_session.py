"""The session: files opened, saved and asked about; a file that is open elsewhere is noticed."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from app.session import Session
from app.settings import Settings
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import AddNode, SetAbout
from graph_compiler.graph.files import load, save
from graph_compiler.graph.values import Node
from tests.helpers.answering import Answers
from tests.helpers.events import digits


@pytest.fixture
def session(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    made = Session(registry(), Settings(), window)
    yield made
    made.close()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "net.netloom"
    save(digits(), path)
    return path


@pytest.fixture
def said(qtbot):
    """Answers the next question with a verb; collects what the questions said."""
    return Answers()


def change(session: Session) -> None:
    assert session.document.do(SetAbout("title", "Changed"))


def test_templates_open_without_a_file_of_their_own(session, qtbot):
    with qtbot.waitSignal(session.shown) as caught:
        assert session.open_template("digits-cnn")
    assert caught.args == [session.front]
    assert session.document.path is None
    assert session.template == "digits-cnn"


def test_open_edit_save(session, file, qtbot):
    assert session.open(file)
    assert session.document.title == "net"
    assert session.settings.recent == [str(file)]
    change(session)
    with qtbot.waitSignal(session.told) as caught:
        assert session.save()
    assert caught.args == ["Saved"]
    assert session.document.undo_stack.isClean()
    assert load(file).about["title"] == "Changed"


def test_a_file_that_is_not_sound_is_said_and_nothing_changes(session, file, tmp_path, said):
    session.open(file)
    before = session.document
    broken = tmp_path / "broken.netloom"
    broken.write_text('{"format": 1', "utf-8")
    said("Close")
    assert not session.open(broken)
    assert session.document is before
    assert "broken.netloom" in said.words[0]


def test_saving_asks_for_a_name_once_and_adds_the_ending(session, tmp_path, monkeypatch):
    session.new()
    change(session)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "fresh"), ""))
    assert session.save()
    assert session.document.path == tmp_path / "fresh.netloom"
    assert load(tmp_path / "fresh.netloom").about["title"] == "Changed"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: pytest.fail("asked twice"))
    assert session.save()


def test_giving_up_the_dialog_saves_nothing(session, monkeypatch):
    session.new()
    change(session)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    assert not session.save()
    assert not session.document.undo_stack.isClean()


def test_a_place_that_cannot_be_written_is_said(session, tmp_path, monkeypatch, said):
    session.new()
    change(session)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "missing" / "net.netloom"), ""))
    said("Close")
    assert not session.save_as()
    assert "not saved" in said.words[0]


@pytest.mark.parametrize(("button", "goes", "title"), [
    ("", False, None), ("Discard changes", True, None), ("Save", True, "Changed")])
def test_unsaved_changes_are_asked_about(session, file, said, button, goes, title):
    session.open(file)
    change(session)
    said(button)
    assert session.may_leave() is goes
    assert "“net”" in said.words[0]
    assert load(file).about.get("title") == title


def test_without_changes_nothing_is_asked(session, file):
    session.open(file)
    assert session.may_leave()


def test_documents_stand_side_by_side_and_keep_what_is_theirs(session, file):
    session.open(file)
    first = session.front
    change(session)
    session.open_template("iris")
    assert session.front is not first and [d.name for d in session.open_documents] == ["net", "iris"]
    assert (first.dirty, session.front.dirty) == (True, False)
    session.document.do(SetAbout("title", "Mine"))
    session.step(1)
    assert session.front is first
    first.document.undo_stack.undo()
    assert not first.dirty and session.open_documents[1].dirty


def test_a_new_drawing_that_nobody_drew_in_makes_place(session, file):
    assert session.front.untouched
    session.new()
    session.open(file)
    assert [d.name for d in session.open_documents] == ["net"]
    session.new()
    assert len(session.open_documents) == 2


def test_drawings_without_a_name_are_numbered(session, file, monkeypatch):
    for _ in range(3):
        session.document.do(AddNode(Node(id=f"d{len(session.open_documents)}", type="Dense")))
        session.new()
    assert [d.name for d in session.open_documents] == ["Untitled", "Untitled 2", "Untitled 3", "Untitled 4"]
    session.close_document(session.open_documents[1])
    session.open(file)  # in place of the fourth, which nobody has drawn in
    session.new()
    assert [d.name for d in session.open_documents] == ["Untitled", "Untitled 3", "net", "Untitled 2"]
    proposed = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (proposed.append(args[2]), ("", ""))[1])
    session.save_as()
    assert proposed[0].endswith("Untitled 2.netloom")
    session.document.do(SetAbout("title", "Prices"))
    assert session.front.name == "Prices"


def test_a_file_that_is_open_comes_in_front_again(session, file, qtbot):
    session.open(file)
    first = session.front
    session.open_template("iris")
    with qtbot.waitSignal(session.told) as caught:
        assert session.open(file.parent / "." / file.name)
    assert session.front is first and len(session.open_documents) == 2
    assert caught.args == ["“net.netloom” is open already."]


def test_a_template_that_was_not_changed_comes_in_front_again(session):
    session.open_template("iris")
    session.new()
    session.open_template("iris")
    assert [d.name for d in session.open_documents] == ["iris", "Untitled"]
    change(session)
    session.open_template("iris")
    assert [d.name for d in session.open_documents] == ["iris", "Untitled", "iris"]


def test_the_file_of_another_tab_is_not_written_over(session, file, said, monkeypatch):
    session.open(file)
    before = file.read_bytes()
    session.open_template("iris")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    said("Close")
    assert not session.save_as()
    assert "open in another tab" in said.words[0]
    assert file.read_bytes() == before


def test_the_neighbour_comes_in_front_when_a_document_is_closed(session, file, qtbot):
    session.open(file)
    for name in ("iris", "digits-mlp"):
        session.open_template(name)
    session.step(-1)
    with qtbot.waitSignal(session.closed):
        session.close_document(session.front)
    assert session.front.name == "digits-mlp"
    session.close_document(session.front)
    assert session.front.name == "net"
    session.close_document(session.front)
    assert session.front.untouched and len(session.open_documents) == 1


HOLD = """
import sys
from PySide6.QtCore import QLockFile
lock = QLockFile(sys.argv[1])
lock.setStaleLockTime(0)
print(lock.tryLock(0), flush=True)
sys.stdin.read()
"""


def test_a_file_that_is_open_in_another_process_is_noticed(session, file, said):
    lock = file.with_name(f".{file.name}.lock")
    other = subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout.readline().strip() == "True"
        said("Close")
        assert session.open(file)
        assert "open twice" in said.words[0]
        assert str(other.pid) in said.words[0]
    finally:
        other.communicate("", timeout=30)


def test_the_lock_goes_with_the_file(session, file):
    session.open(file)
    assert file.with_name(f".{file.name}.lock").exists()
    session.close_document(session.front)
    assert not file.with_name(f".{file.name}.lock").exists()
