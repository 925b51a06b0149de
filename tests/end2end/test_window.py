"""The main job in the real window with a real worker: train, watch, evaluate, draw a digit, export."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QFileDialog

from app import session
from app.paths import runs_name
from app.settings import Settings
from app.window import MainWindow
from graph_compiler.graph.edits import SetTraining
from graph_compiler.graph.files import save
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.listing import next_folder, runs_of
from tests.helpers.contests import contest
from tests.helpers.dropping import drop_files, hover_files


@pytest.fixture
def window(qtbot, monkeypatch) -> MainWindow:
    """A shown window; leaving it never asks."""
    monkeypatch.setattr(session, "ask", lambda *_, **__: session.DISCARD)
    window = MainWindow(Settings(theme="light"))
    qtbot.addWidget(window)
    window.resize(1600, 1000)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()


def press(qtbot, button) -> None:
    """A real click."""
    assert button.isVisible() and button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.timeout(240)
def test_the_whole_main_job(window, qtbot, tmp_path):
    window.open_template("digits-mlp")
    window.document.do(SetTraining("epochs", 2))
    press(qtbot, window.header.train)
    runs = window.pages.runs
    qtbot.waitUntil(lambda: runs.state == "running", timeout=60_000)
    train = window.pages.training.page
    qtbot.waitUntil(lambda: len(train.record.raw) > 0, timeout=30_000)
    qtbot.waitUntil(lambda: not runs.busy, timeout=60_000)
    assert runs.state == "finished", window.pages.log_lines
    assert train.record.at_epoch(2)["val_accuracy"] > 0.7
    run = runs_of("digits-mlp")[0]
    assert run.record.metrics["test_accuracy"] > 0.7

    window.show_page("Evaluate", fill=True)
    evaluate = window.pages.results.evaluate
    qtbot.waitUntil(lambda: evaluate.evaluation is not None, timeout=60_000)
    assert evaluate.evaluation.confusion().sum() == 1000
    assert evaluate.bar.pill.text == "Drawing unchanged since this run"

    pad = evaluate.ask.pad
    middle = pad.rect().center()
    qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=middle - QPoint(0, 90))
    for y in range(-80, 100, 20):
        qtbot.mouseMove(pad, middle + QPoint(0, y))
    qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=middle + QPoint(0, 90))
    qtbot.waitUntil(lambda: evaluate.ask.best.toolTip() != "" or evaluate.ask.note.text() != "", timeout=60_000)
    assert evaluate.ask.best.toolTip() in set("0123456789"), evaluate.ask.note.text()
    assert evaluate.ask.sure.text().endswith("%")

    window.show_page("Export", fill=True)
    export = window.pages.results.export
    export.folder.setText(str(tmp_path / "models"))
    press(qtbot, export.start)
    qtbot.waitUntil(lambda: not export.busy, timeout=120_000)
    assert {line["format"] for line in export.table.lines} == {"tflite", "onnx", "keras"}, export.table.words.text()
    assert all(line["max_abs_diff"] <= line["allowed"] for line in export.table.lines)
    written = sorted(p.name for p in Path(tmp_path / "models").iterdir() if p.suffix not in (".keras", ".onnx", ".tflite"))
    assert written == ["examples", "labels.txt", "model.json", "model.schema.json", "proof.json"]
    assert export.beside.folder == tmp_path / "models" and "axis=-1" in export.beside.code.toPlainText()


def test_what_a_contest_makes_is_seen_while_it_trains_and_when_it_is_opened_again(window, qtbot, tmp_path):
    save(contest(), tmp_path / "contest.netloom")
    window.open_named(str(tmp_path / "contest.netloom"))
    press(qtbot, window.header.train)
    page = window.pages.training.page
    qtbot.waitUntil(lambda: page.sights.view is not None and page.sights.view.isVisible(), timeout=60_000)
    strip = page.sights.view.stack.boxes["samples-made_y"].body
    qtbot.waitUntil(lambda: strip.epochs == [0, 1], timeout=60_000)
    qtbot.waitUntil(lambda: not window.pages.runs.busy, timeout=60_000)
    assert window.pages.runs.state == "finished", window.pages.log_lines
    window.documents.close()
    window.open_named(str(tmp_path / "contest.netloom"))
    window.show_page("Train")
    page = window.pages.training.page
    assert page.sights.shown and page.sights.view.stack.boxes["samples-made_y"].body.epochs == [0, 1]


def test_an_edit_is_seen_everywhere_and_undone(window, qtbot):
    window.open_template("digits-cnn")
    qtbot.keyClick(window.canvas, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(window.canvas.canvas.selected) == len(window.document.document.graph.nodes)
    window.canvas.select(["conv2d_2"])
    qtbot.keyClick(window.canvas, Qt.Key.Key_Delete)
    assert "conv2d_2" not in window.document.document.graph.nodes
    assert "problem" in window.status.problems.text()
    assert not window.header.train.isEnabled()
    press(qtbot, window.header.undo)
    assert window.status.problems.text() == "No problems"
    assert window.header.train.isEnabled()


def test_the_workbench_opens_and_closes_without_a_hole(window, qtbot):
    window.open_template("iris")
    window.workbench.toggle()
    qtbot.waitUntil(lambda: window.split.sizes()[1] > 300)
    window.workbench.toggle()
    qtbot.waitUntil(lambda: window.split.sizes()[1] <= 48)
    assert window.split.sizes()[0] > 700
    window.workbench.toggle()
    assert window.workbench.current == "Data"
    window.show_page("Log", fill=True)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.editor.isVisible() and window.split.sizes()[1] <= 48)
    window.workbench.toggle()
    assert window.workbench.current == "Log", "the last tab comes back"


def test_a_new_drawing_has_no_runs_and_takes_its_own_along_when_saved(window, qtbot, tmp_path, monkeypatch):
    window.new()
    first = window.pages.runs.key
    window.new()
    assert window.pages.runs.key != first
    RunFolder.create(next_folder(window.pages.runs.key), window.document.document.copy())
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine.netloom"), ""))
    assert window.commands.save()
    assert window.pages.runs.key == runs_name(tmp_path / "mine.netloom")
    assert len(runs_of(window.pages.runs.key)) == 1


def test_stop_and_drop_leaves_no_run(window, qtbot):
    window.open_template("iris")
    window.document.do(SetTraining("epochs", 400))
    before = len(runs_of("iris"))
    window.pages.runs.train()
    qtbot.waitUntil(lambda: window.pages.runs.state == "running", timeout=60_000)
    window.pages.runs.stop(False)
    qtbot.waitUntil(lambda: not window.pages.runs.busy, timeout=60_000)
    assert len(runs_of("iris")) == before


def test_the_window_says_what_a_drop_would_do(window, qtbot, tmp_path):
    table, picture, drawing = tmp_path / "homes.csv", tmp_path / "five.png", tmp_path / "mine.netloom"
    table.write_text("size,price\n" + "".join(f"{50 + i},{100 + 2 * i}\n" for i in range(40)))
    assert not hover_files(window, picture)  # nothing is open yet that could look at a picture
    said = []
    for path in (table, drawing):
        assert hover_files(window, path)
        said.append(window.drops.files.sign.words)
    assert drop_files(window, table)
    qtbot.waitUntil(lambda: any(n.type == "CSV" for n in window.document.document.graph.nodes.values()), timeout=20_000)
    assert window.stack.currentWidget() is window.split and window.workbench.current == "Data"
    for path in (table, picture):
        assert hover_files(window.canvas, path)
        said.append(window.drops.files.sign.words)
    assert said == ["Start a drawing with “homes.csv”", "Open “mine.netloom”", "Read “homes.csv” as a table",
                    "Train the network first, then show it “five.png”"]
    assert drop_files(window.canvas, picture)
    qtbot.waitUntil(lambda: window.workbench.current == "Evaluate")
    assert "First train the network" in window.status.going_on.text()


def test_a_folder_of_pictures_dropped_on_the_window_is_a_source(window, qtbot, tmp_path):
    folder = tmp_path / "pets"
    for name in ("cats", "dogs"):
        (folder / name).mkdir(parents=True)
        for i in range(6):
            picture = QImage(12, 12, QImage.Format.Format_RGB32)
            picture.fill(QColor(20 * i, 100, 200))
            assert picture.save(str(folder / name / f"{i}.png"))
    assert hover_files(window, folder)
    assert window.drops.files.sign.words == "Start a drawing with “pets”"
    assert drop_files(window, folder)
    qtbot.waitUntil(lambda: bool(window.document.document.graph.nodes), timeout=20_000)
    (source,) = window.document.document.graph.nodes.values()
    assert source.type == "ImageFolder"
    assert (source.params["classes"], source.params["rows"]) == (["cats", "dogs"], 12)
    assert window.document.undo_stack.count() == 1
    assert hover_files(window.canvas, folder)
    assert window.drops.files.sign.words == "Read “pets” as a folder of pictures"


def test_a_data_file_that_no_longer_matches_is_a_problem_on_its_node(window, qtbot, tmp_path):
    table = tmp_path / "homes.csv"
    table.write_text("size,price\n" + "".join(f"{50 + i},{100 + 2 * i}\n" for i in range(40)))
    window.new()
    assert drop_files(window, table)
    graph = window.document.document.graph
    qtbot.waitUntil(lambda: any(n.type == "CSV" for n in graph.nodes.values()), timeout=20_000)
    source = next(n.id for n in graph.nodes.values() if n.type == "CSV")
    assert not any(p.code == "data-mismatch" for p in window.document.analysis.problems)
    table.write_text("width,cost\n1,2\n3,4\n")
    window.pages.data_check.look()
    qtbot.waitUntil(lambda: any(p.code == "data-mismatch" and p.node == source for p in window.document.analysis.problems),
                    timeout=20_000)


def test_muted_nodes_are_said_above_the_canvas_and_found(window, qtbot):
    window.open_template("digits-cnn")
    assert window.breadcrumb.ablation.isHidden()
    node = next(n.id for n in window.document.document.graph.nodes.values() if n.type == "Dropout")
    window.canvas.select([node])
    window.canvas.verbs.mute()
    assert window.breadcrumb.ablation.text() == "1 muted"
    window.canvas.select([])
    qtbot.mouseClick(window.breadcrumb.ablation, Qt.MouseButton.LeftButton)
    assert window.canvas.canvas.selected == [node]
    window.document.undo_stack.undo()
    assert window.breadcrumb.ablation.isHidden()
