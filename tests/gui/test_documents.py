"""Several documents in one window: tabs, each with its own steps, place, pages and run; closing asks."""

from __future__ import annotations

import shutil
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QTabBar

from app import session, settings
from app.recovery import header_of
from app.start import lasting_window
from app.window import MainWindow
from graph_compiler.graph.edits import AddNode, SetAbout, SetParam
from graph_compiler.graph.files import save
from graph_compiler.graph.values import Node
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.listing import next_folder, runs_of
from graph_compiler.specs.datasets import DataProblem
from tests.helpers.answering import Answers
from tests.helpers.dropping import drop_files, hover_files
from tests.helpers.events import digits
from tests.helpers.window import opened_window
from widgets import dialogs

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot, monkeypatch) -> MainWindow:
    return opened_window(qtbot, monkeypatch, "iris")


@contextmanager
def asked():
    """The real questions, answered as a person would."""
    quiet, session.ask = session.ask, dialogs.ask
    try:
        yield Answers()
    finally:
        session.ask = quiet


@pytest.fixture
def pair(window):
    window.open_template("digits-mlp")
    return window


def names(window: MainWindow) -> list[str]:
    tabs = window.header.tabs
    return [tabs.tabText(i) for i in range(tabs.count())]


def place(window: MainWindow, tab: int):
    return window.header.tabs.tabRect(tab).center()


def cross(window: MainWindow, tab: int):
    return window.header.tabs.tabButton(tab, QTabBar.ButtonPosition.RightSide)


def test_one_document_has_its_name_two_have_tabs(window):
    assert window.header.name.isVisible() and not window.header.tabs.isVisible()
    window.open_template("digits-mlp")
    assert window.header.tabs.isVisible() and not window.header.name.isVisible()
    assert names(window) == ["iris", "digits-mlp"]
    QTest.mouseClick(window.header.tabs, LEFT, pos=place(window, 0))
    assert window.session.template == "iris"
    assert "dense_1" in window.canvas.canvas.boxes
    QTest.mouseClick(cross(window, 1), LEFT)
    assert window.header.name.isVisible() and window.session.template == "iris"


def test_keys_go_from_document_to_document_and_close(pair):
    QTest.keyClick(pair.canvas, Qt.Key.Key_Tab, CONTROL)
    assert pair.session.template == "iris"
    assert pair.canvas.hasFocus()
    QTest.keyClick(pair.canvas, Qt.Key.Key_Backtab, CONTROL | SHIFT)
    assert pair.session.template == "digits-mlp"
    QTest.keyClick(pair.canvas, Qt.Key.Key_W, CONTROL)
    assert names(pair) == ["iris"]
    QTest.keyClick(pair.canvas, Qt.Key.Key_W, CONTROL)
    assert pair.in_gallery


def test_each_has_its_own_steps_and_its_dot(pair):
    pair.document.do(SetParam("dense_1", "units", 5))
    assert [f.dirty for f in pair.header.tabs._faces] == [False, True]
    pair.documents.step(1)
    assert not pair.actions_by_id["undo"].isEnabled()
    pair.document.do(SetAbout("title", "Flowers"))
    pair.documents.step(1)
    assert pair.actions_by_id["undo"].text() == "Undo set units of dense_1"
    pair.actions_by_id["undo"].trigger()
    assert [f.dirty for f in pair.header.tabs._faces] == [True, False]
    assert pair.panels.history.model.document is pair.document


def test_each_is_seen_as_it_was_left(pair):
    pair.canvas.look_at(0.6, QPointF(100, 120))
    pair.canvas.select(["dense_1"])
    pair.documents.step(1)
    assert pair.canvas.zoom != pytest.approx(0.6)
    pair.canvas.look_at(1.5, QPointF(0, 0))
    pair.documents.step(1)
    assert pair.canvas.zoom == pytest.approx(0.6)
    middle = pair.canvas.mapToScene(pair.canvas.viewport().rect().center())
    assert (middle - QPointF(100, 120)).manhattanLength() < 6
    assert pair.canvas.canvas.selected == ["dense_1"]
    assert pair.inspector.ids == ["dense_1"]


def test_the_inside_of_a_block_is_come_back_to(window):
    window.open_template("inception")
    block = next(n.id for n in window.document.document.graph.nodes.values() if n.block)
    window.canvas.trail.enter(block)
    window.documents.step(1)
    assert window.canvas.trail.path == ""
    window.documents.step(1)
    assert window.canvas.trail.path == block


def test_pages_belong_to_their_document(pair):
    pair.show_page("Problems")
    problems, shelf = pair.workbench.page("Problems"), pair.pages.shelf
    pair.documents.step(1)
    assert pair.workbench.current == "Problems"
    assert pair.workbench.page("Problems") is not problems
    pair.documents.step(1)
    assert pair.workbench.page("Problems") is problems and pair.pages.shelf is shelf


def test_runs_are_those_of_the_document(pair, qtbot):
    made = RunFolder.create(next_folder("iris"), pair.session.open_documents[0].document.document.copy(), title="iris")
    made.begin()
    made.history.append(1, {"loss": 1.0, "val_loss": 0.9}, 0.001, 1.0)
    made.end("finished", epochs=1, metrics={"loss": 1.0})
    try:
        pair.show_page("Train")
        other = pair.pages.training.page
        pair.documents.step(1)
        assert pair.pages.training.page is not other
        assert pair.pages.training.page.run_name == "Run 1"
    finally:
        for run in runs_of("iris"):
            run.remove()


def test_runs_of_a_template_go_with_the_file_it_is_saved_to_and_stay_with_it(window, tmp_path, monkeypatch):
    path = tmp_path / "mine.netloom"
    made = RunFolder.create(next_folder("iris"), window.document.document.copy(), title="iris")
    made.begin()
    made.history.append(1, {"loss": 1.0, "val_loss": 0.9}, 0.001, 1.0)
    made.end("finished", epochs=1, metrics={"loss": 1.0})
    monkeypatch.setattr(session.QFileDialog, "getSaveFileName", lambda *_, **__: (str(path), ""))
    try:
        window.actions_by_id["save"].trigger()
        assert path.exists()
        mine = runs_of(window.pages.runs.key)
        assert window.pages.runs.key != "iris"
        assert [r.record.metrics for r in mine] == [r.record.metrics for r in runs_of("iris")] == [{"loss": 1.0}]
        mine[0].history.append(2, {"loss": 0.5}, 0.001, 1.0)
        assert len(runs_of("iris")[0].history.read()) == 1
    finally:
        for run in [*runs_of("iris"), *runs_of(window.pages.runs.key)]:
            run.remove()


def test_a_double_click_on_the_open_tab_fills_the_window_and_a_click_closes_it(window, qtbot):
    strip = window.workbench.strip
    window.show_page("Problems")
    place = strip.tab_rects()[strip.current].center().toPoint()
    QTest.mouseClick(strip, LEFT, pos=place)
    QTest.mouseDClick(strip, LEFT, pos=place)
    assert window.workbench.state == "filled"
    QTest.qWait(QApplication.doubleClickInterval() + 50)
    assert window.workbench.state == "filled"
    window.workbench.set_state("open")
    QTest.mouseClick(strip, LEFT, pos=place)
    qtbot.waitUntil(lambda: window.workbench.state == "closed")


def test_an_edit_of_one_changes_nothing_of_another(pair):
    other = pair.session.open_documents[0].document
    before = pair.status.parameters.text()
    pair.documents.step(1)
    shown = pair.status.parameters.text()
    pair.session.open_documents[1].document.do(SetParam("dense_1", "units", 999))
    assert pair.status.parameters.text() == shown != before
    assert pair.document is other


def test_closing_asks_and_stays_when_told_to(pair):
    pair.document.do(SetParam("dense_1", "units", 5))
    with asked() as said:
        said("")
        QTest.mouseClick(cross(pair, 1), LEFT)
        assert names(pair) == ["iris", "digits-mlp"] and "digits-mlp" in said.words[0]
        said("Discard changes")
        QTest.mouseClick(pair.header.tabs, Qt.MouseButton.MiddleButton, pos=place(pair, 1))
    assert not pair.header.tabs.isVisible() and pair.session.template == "iris"


def test_closing_the_window_asks_for_each_that_is_not_saved(pair):
    for opened in pair.session.open_documents:
        opened.document.do(SetAbout("title", "Changed"))
    with asked() as said:
        said("Discard changes")
        QTimer.singleShot(50, lambda: said(""))
        assert not pair.close()
    assert pair.isVisible() and len(said.words) == 2


def test_a_file_in_two_tabs_is_one(window, tmp_path):
    path = tmp_path / "net.netloom"
    save(digits(), path)
    window.open(path)
    window.documents.step(1)
    window.open(path)
    assert names(window) == ["iris", "net"]
    assert window.status.going_on.text() == "“net.netloom” is open already."


def test_an_empty_drawing_shows_the_sources_it_speaks_of(window):
    palette = window.palette_dock
    assert palette.model.row_of("MNIST") < 0
    window.new()
    assert palette.model.row_of("MNIST") >= 0 and "sources" not in palette.expanded
    window.documents.step(1)
    assert palette.model.row_of("MNIST") < 0


def test_recent_files_are_written_down_before_the_window_closes(qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "settings_file", lambda: tmp_path / "settings.json")
    opened, saved = tmp_path / "opened.netloom", tmp_path / "saved.netloom"
    save(digits(), opened)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(saved), ""))
    made = lasting_window(settings.Settings(theme="light"))
    qtbot.addWidget(made)
    assert made.open(opened)
    assert settings.load_settings().recent == [str(opened)]
    assert made.session.save_as()
    assert settings.load_settings().recent == [str(saved), str(opened)]


def test_the_templates_show_what_is_open_and_lead_back(pair):
    pair.show_gallery()
    assert pair.header.tabs.isVisible() and pair.header.tabs.away
    QTest.mouseClick(pair.header.tabs, LEFT, pos=place(pair, 1))
    assert not pair.in_gallery and pair.session.template == "digits-mlp"
    pair.show_gallery()
    pair.open_template("digits-mlp")
    assert not pair.in_gallery


def test_closed_documents_are_gone(pair, qtbot):
    opened = pair.session.open_documents[1]
    pair.show_page("Train")
    with qtbot.waitSignal(opened.destroyed):
        pair.documents.close(opened)


def test_tabs_say_what_they_are_to_those_who_hear_them(pair):
    pair.document.do(SetParam("dense_1", "units", 5))
    tabs = pair.header.tabs
    assert tabs.accessibleName() == "Open documents"
    assert tabs.accessibleTabName(1) == "digits-mlp, not saved"
    assert cross(pair, 1).accessibleName() == "Close digits-mlp"


def test_a_new_drawing_is_seen_whatever_filled_the_window(window, qtbot):
    window.open_template("iris")
    window.show_page("Export", fill=True)
    window.show_drawing()
    assert window.workbench.state == "filled" and not window.canvas.hasFocus()
    window.new()
    assert window.workbench.state == "closed"
    window.show_page("Export", fill=True)
    window.open_template("digits-cnn")
    assert window.workbench.state == "closed"


def test_a_tab_without_a_run_gives_way_to_the_drawing_and_comes_back(pair, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))  # no runs but the one made here
    first = pair.session.open_documents[0]
    made = RunFolder.create(next_folder("iris"), first.document.document.copy(), title="iris")
    made.begin()
    final = made.checkpoints / "final"
    final.mkdir()
    (final / "model.weights.h5").write_bytes(b"")
    made.end("finished", epochs=1, metrics={"loss": 1.0})
    try:
        pair.session.show(first)
        pair.show_page("Export", fill=True)
        assert pair.pages.results.export.bar.combo.isVisible()
        pair.documents.step(1)
        assert pair.workbench.state == "closed" and pair.canvas.isVisible() and pair.canvas.hasFocus()
        pair.show_page("Export")
        assert not pair.pages.results.export.bar.combo.isVisible()
        pair.workbench.set_state("closed")
        pair.documents.step(1)
        assert (pair.workbench.state, pair.workbench.current) == ("filled", "Export")
        pair.show_page("Problems", fill=True)
        pair.documents.step(1)
        assert (pair.workbench.state, pair.workbench.current) == ("filled", "Problems")
    finally:
        shutil.rmtree(made.path.parent)


def test_what_a_look_at_the_files_finds_reaches_badge_status_and_train(window):
    source = next(n.id for n in window.document.document.graph.nodes.values() if n.type == "Iris")
    train, strip = window.actions_by_id["train"], window.workbench.strip
    place = strip.names.index("Problems")
    assert train.isEnabled() and not strip.badges[place]
    window.document.set_data_problems({source: DataProblem("No file is chosen", hint="Choose a file.", code="no-data")})
    assert not train.isEnabled() and strip.badges[place] == 1
    assert window.workbench.hint.text() == "Next: No file is chosen"
    window.document.set_data_problems({})
    assert train.isEnabled() and not strip.badges[place]
    assert "Next" not in window.workbench.hint.text()


def test_a_drawing_without_a_file_finds_its_runs_again_after_a_crash(window):
    window.new()
    window.document.do(SetAbout("summary", "not saved"))
    first = window.pages.runs.key
    made = RunFolder.create(next_folder(first), window.document.document.copy(), title="Untitled")
    try:
        header = header_of(window.session.front)
        assert (header.path, header.template, header.runs) == ("", "", first)
        window.session.take_back(window.document.document.copy(), None, header.template, header.runs)
        assert window.pages.runs.key == first
        assert [run.path for run in runs_of(window.pages.runs.key)] == [made.path]
        window.new()
        assert window.pages.runs.key not in (first, "")
    finally:
        shutil.rmtree(made.path.parent)


def test_the_folder_beside_a_path_asks_for_the_file_of_that_source(window, qtbot, tmp_path, monkeypatch):
    table = tmp_path / "homes.csv"
    table.write_text("size,price\n" + "".join(f"{50 + i},{100 + 2 * i}\n" for i in range(40)))
    window.new()
    for node_id in ("first", "second"):
        window.document.do(AddNode(Node(id=node_id, type="CSV")))
    window.canvas.select(["second"])
    editor = window.inspector.page.key_form.rows["path"].editor
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(table), ""))
    QTest.mouseClick(editor.button, LEFT)
    assert window.workbench.current == "Data"
    nodes = window.document.document.graph.nodes
    qtbot.waitUntil(lambda: "path" in nodes["second"].params, timeout=20_000)
    assert nodes["second"].params["path"].endswith("homes.csv") and nodes["second"].params["rows"] == 40
    assert nodes["first"].params == {}
    qtbot.waitUntil(lambda: window.pages.settled, timeout=20_000)
    assert editor.field.cursorPosition() == len(editor.field.text())


def test_a_new_drawing_is_not_covered_by_the_page_of_another_which_gets_it_back(pair):
    QTest.keyClick(pair, Qt.Key.Key_2, CONTROL)
    assert (pair.workbench.state, pair.workbench.current) == ("open", "Train")
    QTest.keyClick(pair, Qt.Key.Key_N, CONTROL)
    assert pair.workbench.state == "closed" and pair.canvas.hasFocus()
    QTest.keyClick(pair, Qt.Key.Key_Tab, CONTROL | SHIFT)
    assert (pair.workbench.state, pair.workbench.current) == ("open", "Train")
    QTest.keyClick(pair, Qt.Key.Key_Tab, CONTROL)
    assert pair.workbench.state == "closed"
    QTest.keyClick(pair, Qt.Key.Key_1, CONTROL)
    QTest.keyClick(pair, Qt.Key.Key_Tab, CONTROL | SHIFT)
    QTest.keyClick(pair, Qt.Key.Key_Tab, CONTROL)
    assert (pair.workbench.state, pair.workbench.current) == ("open", "Data")  # opened there by choice


def test_drawings_dropped_together_are_opened_each_in_a_tab(window, qtbot, tmp_path):
    files = [tmp_path / f"{name}.netloom" for name in ("one", "two", "three")]
    for path in files:
        save(digits(), path)
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    assert hover_files(window, *files, tmp_path / "table.csv")
    assert window.drops.files.sign.words == "Open 3 drawings"
    assert drop_files(window, *files, tmp_path / "table.csv")
    qtbot.waitUntil(lambda: names(window) == ["iris", "one", "two", "three"])
    assert window.session.front.name == "three"
