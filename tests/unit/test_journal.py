"""The recovery journal: written soon, whole or not at all, gone with what it is for, found by the next process."""

from __future__ import annotations

import os
import resource
import subprocess
import sys

import pytest
from PySide6.QtCore import QObject

from app import journal
from app.journal import Found, Header, Journals, read_journal, write_journal
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import SetAbout, SetParam
from graph_compiler.graph.files import dumps, save, snapshot
from graph_compiler.graph.model import Document
from tests.helpers.blocks import residual
from tests.helpers.events import digits
from widgets.document import GraphDocument


@pytest.fixture
def owner(qtbot):
    return QObject()


@pytest.fixture
def journals(owner, tmp_path):
    made = Journals(tmp_path / "recovery", owner)
    yield made
    made.shut_down()


@pytest.fixture
def document(owner):
    return GraphDocument(digits(), registry(), None, owner)


def files(tmp_path):
    return sorted((tmp_path / "recovery").glob("*/*.journal"))


def test_a_snapshot_is_written_like_its_document_and_keeps_still():
    for made in (digits(), residual(), Document()):
        still, before = snapshot(made), dumps(made)
        assert dumps(still) == before
        SetAbout("title", "Other").apply(made)
        assert dumps(still) == before != dumps(made)


def test_an_edit_is_on_disk_soon_and_gone_once_it_is_saved(journals, document, tmp_path, qtbot):
    journals.watch(document, lambda: Header("net", "/home/net.netloom", "iris"))
    assert files(tmp_path) == []
    document.do(SetParam("dense", "units", 77))
    qtbot.waitUntil(lambda: journals.settled and bool(files(tmp_path)))
    found = read_journal(files(tmp_path)[0])
    assert dumps(found.document) == dumps(document.document)
    assert (found.header.name, found.header.path, found.header.template) == ("net", "/home/net.netloom", "iris")
    document.undo_stack.setClean()
    qtbot.waitUntil(lambda: not files(tmp_path))


def test_undo_to_what_was_saved_leaves_no_journal(journals, document, tmp_path, qtbot):
    journals.watch(document, lambda: Header("net"))
    document.do(SetParam("dense", "units", 77))
    qtbot.waitUntil(lambda: bool(files(tmp_path)))
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: not files(tmp_path))


def test_saving_takes_the_journal_away_at_once(journals, document, tmp_path, qtbot, monkeypatch):
    journals.watch(document, lambda: Header("net"))
    document.do(SetParam("dense", "units", 77))
    qtbot.waitUntil(lambda: bool(files(tmp_path)) and journals.settled)
    monkeypatch.setattr(journal, "DELAY", 600_000)
    document.do(SetParam("dense", "units", 78))
    document.undo_stack.setClean()
    qtbot.waitUntil(lambda: not files(tmp_path) and journals.settled)


def test_a_journal_knows_that_its_file_was_saved_after_it(tmp_path):
    file = tmp_path / "net.netloom"
    found = Found(Header("net", str(file), at=1000.0), digits())
    assert not found.overtaken, "there is no file"
    save(digits(), file)
    assert found.overtaken
    os.utime(file, (999.0, 999.0))
    assert not found.overtaken
    assert not Found(Header("net", at=1000.0), digits()).overtaken


def test_many_edits_are_few_writings_and_the_last_one_counts(journals, document, tmp_path, qtbot):
    journals.watch(document, lambda: Header("net"))
    for units in range(1, 60):
        document.do(SetParam("dense", "units", units))
    qtbot.waitUntil(lambda: journals.settled and bool(files(tmp_path)))
    assert read_journal(files(tmp_path)[0]).document.graph.nodes["dense"].params["units"] == 59


def test_a_full_disk_is_said_once_and_the_last_journal_stays_whole(journals, document, tmp_path, qtbot, monkeypatch):
    monkeypatch.setattr(journal, "AGAIN", 300)
    said = []
    journals.failed.connect(said.append)
    journals.watch(document, lambda: Header("net"))
    document.do(SetParam("dense", "units", 5))
    qtbot.waitUntil(lambda: journals.settled and bool(files(tmp_path)))
    before = files(tmp_path)[0].read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    document.do(SetParam("dense", "units", 6))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
    try:
        qtbot.waitUntil(lambda: len(said) == 1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "cannot be kept for recovery" in said[0]
    assert files(tmp_path)[0].read_bytes() == before
    assert not list(files(tmp_path)[0].parent.glob("*.tmp"))
    assert not journals.settled, "it is tried again"
    qtbot.waitUntil(lambda: journals.settled, timeout=20_000)
    assert read_journal(files(tmp_path)[0]).document.graph.nodes["dense"].params["units"] == 6


def test_a_closed_document_and_a_closed_window_leave_nothing(journals, document, tmp_path, qtbot):
    journals.watch(document, lambda: Header("net"))
    document.do(SetParam("dense", "units", 5))
    qtbot.waitUntil(lambda: bool(files(tmp_path)))
    journals.forget(document)
    assert files(tmp_path) == []
    journals.shut_down()
    assert list((tmp_path / "recovery").iterdir()) == []


KILLED = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from app import journal
from app.journal import Found, Header, Journals, write_journal
from tests.helpers.events import digits
app = QCoreApplication([])
journals = Journals(Path(sys.argv[1]), app)
journals._claim()
write_journal(journals._folder / "a.journal", Header("net", at=5.0), digits())
(journals._folder / "torn.journal").write_bytes(b'{"name": "torn"')
print("there", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def process(tmp_path):
    made = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path / "recovery")], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, text=True)
    assert made.stdout.readline().strip() == "there"
    yield made
    made.kill()
    made.communicate(timeout=30)


def test_journals_of_a_living_process_are_its_own_those_of_a_killed_one_are_found(journals, process, tmp_path):
    assert journals.left_behind() == []
    process.kill()
    process.wait(30)
    found = journals.left_behind()
    assert [one.header.name for one in found] == ["net"], "a torn file hides nothing and is not offered"
    assert dumps(found[0].document) == dumps(digits())
    assert journals.left_behind() == [], "two windows do not both offer it"
    journals.leave()
    assert len(journals.left_behind()) == 1
    journals.clear()
    assert files(tmp_path) == []


def test_what_cannot_be_read_is_none(tmp_path):
    assert read_journal(tmp_path / "missing.journal") is None
    write_journal(tmp_path / "a.journal", Header("net"), digits())
    (tmp_path / "a.journal").write_bytes((tmp_path / "a.journal").read_bytes()[:-40])
    assert read_journal(tmp_path / "a.journal") is None
