"""A window that is killed in the middle of editing, and the next one that brings everything back."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from app import recovery, session
from app.journal import Header, write_journal
from app.settings import Settings
from app.window import MainWindow
from graph_compiler.graph.edits import SetParam
from graph_compiler.graph.files import load, save
from tests.helpers.answering import Answers
from tests.helpers.events import digits
from tests.helpers.killing import ALLOWED
from tests.helpers.killing import killed as killed_program

EDITING = """
import sys, time
from itertools import count
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app.settings import Settings
from app.window import MainWindow
from pathlib import Path
from graph_compiler.graph.edits import SetAbout, SetParam
app = QApplication([])
window = MainWindow(Settings(theme="light"))
window.show()
window.open_template("iris")
window.document.do(SetAbout("title", "Mine"))
window.new()
window.document.do(SetAbout("title", "Nothing yet"))
window.open(Path(sys.argv[1]))
numbers = count(1)
def edit():
    number = next(numbers)
    window.document.do(SetParam("dense", "units", number))
    window.document.end_gesture()
    print(number, time.time(), flush=True)
timer = QTimer()
timer.timeout.connect(edit)
timer.start(20)
app.exec()
"""


@pytest.fixture
def killed(tmp_path, monkeypatch):
    """Kills a window that edits three documents, after so many seconds of editing; the last edits with their times."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("NETLOOM_NO_SPARE", "1")
    save(digits(), tmp_path / "net.netloom")

    def run(seconds: float) -> tuple[list[tuple[int, float]], float]:
        process = subprocess.Popen([sys.executable, "-c", EDITING, str(tmp_path / "net.netloom")], stdout=subprocess.PIPE,
                                   text=True, env=dict(os.environ))
        lines = [process.stdout.readline()]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            lines.append(process.stdout.readline())
        process.kill()
        died = time.time()
        lines += process.communicate(timeout=30)[0].splitlines()
        return [(int(a), float(b)) for a, b in (line.split() for line in lines if len(line.split()) == 2)], died

    return run


@pytest.fixture
def window(qtbot, monkeypatch):
    monkeypatch.setenv("NETLOOM_NO_SPARE", "1")

    def make() -> MainWindow:
        monkeypatch.setattr(session, "ask", lambda *_, **__: session.DISCARD)
        made = MainWindow(Settings(theme="light"))
        qtbot.addWidget(made)
        made.show()
        return made

    return make


@pytest.mark.timeout(120)
def test_everything_is_offered_and_restored_after_a_kill(killed, window, qtbot, tmp_path):
    edits, died = killed(3.0)
    before = (tmp_path / "net.netloom").read_bytes()
    again, said = window(), Answers()
    said(recovery.RESTORE)
    again.recovery.offer()
    assert "3 drawings were not saved" in said.words[0]
    there = {d.name: d for d in again.session.open_documents}
    assert set(there) == {"iris", "Nothing yet", "net"}
    assert all(d.dirty for d in there.values())
    assert there["iris"].document.document.about["title"] == "Mine"
    assert there["net"].document.path == tmp_path / "net.netloom"
    units = there["net"].document.document.graph.nodes["dense"].params["units"]
    due = max(number for number, moment in edits if moment < died - 2.0)
    assert due <= units <= edits[-1][0] + 1
    assert (tmp_path / "net.netloom").read_bytes() == before, "the user's file is not touched"
    qtbot.waitUntil(lambda: len(list((tmp_path / "data").glob("netloom/recovery/*"))) == 1)
    assert len(list((tmp_path / "data").glob("netloom/recovery/*/*.journal"))) == 3, "restored, and kept again"
    again.session.show(there["net"])
    assert again.commands.save()
    assert load(tmp_path / "net.netloom").graph.nodes["dense"].params["units"] == units


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("answer", "left"), [(recovery.DISCARD, 0), ("", 3)])
def test_what_is_offered_can_be_let_go_or_kept_for_later(killed, window, qtbot, tmp_path, answer, left):
    killed(1.5)
    again, said = window(), Answers()
    said(answer)
    again.recovery.offer()
    assert len(again.session.open_documents) == 1
    assert len(list((tmp_path / "data").glob("netloom/recovery/*/*.journal"))) == left
    again.close()
    assert len(list((tmp_path / "data").glob("netloom/recovery/*/*.journal"))) == left
    if left:
        assert len(window().recovery.journals.left_behind()) == left


def test_what_is_older_than_its_file_comes_back_beside_it(window, tmp_path, monkeypatch, qtbot):
    """The program was killed after the file was saved and before the journal was gone."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    older, newer, file = digits(), digits(), tmp_path / "net.netloom"
    SetParam("dense", "units", 7).apply(older)
    SetParam("dense", "units", 8).apply(newer)
    (tmp_path / "data" / "netloom" / "recovery" / "1-a").mkdir(parents=True)
    write_journal(tmp_path / "data" / "netloom" / "recovery" / "1-a" / "a.journal",
                  Header("net", str(file), at=time.time() - 60), older)
    save(newer, file)
    again, said = window(), Answers()
    said(recovery.RESTORE)
    again.recovery.offer()
    assert "its file is newer, so it comes back beside it" in said.words[0]
    assert again.document.document.graph.nodes["dense"].params["units"] == 7
    assert (again.document.path, again.session.front.name) == (None, "net")
    again.open(file)
    assert again.document.document.graph.nodes["dense"].params["units"] == 8


@pytest.mark.timeout(120)
def test_the_program_killed_while_it_edits_and_saves_loses_two_seconds_at_most(tmp_path):
    """Real processes and real keys; a hundred kills at random moments are in `python -m tests.benchmarks journal`."""
    kill = killed_program(tmp_path, 2.6)
    assert (kill.damaged, len(kill.edits) > 5) == ("", True)
    assert kill.lost <= ALLOWED
    assert kill.edits[-1]["journal"] < 20.0, "ms of the GUI thread, in a process among many"


def test_a_window_that_is_closed_in_peace_leaves_nothing_to_recover(window, tmp_path, monkeypatch, qtbot):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    made = window()
    made.open_template("iris")
    made.document.undo_stack.resetClean()
    made.recovery.journals.touch_all()
    qtbot.waitUntil(lambda: made.recovery.journals.settled)
    assert len(list((tmp_path / "data").glob("netloom/recovery/*/*.journal"))) == 1
    assert made.close()
    assert list((tmp_path / "data").glob("netloom/recovery/*")) == []
