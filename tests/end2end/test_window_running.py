"""Networks that generate, in the real window with a real worker: a translator is trained a little and asked."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.settings import Settings
from app.window import MainWindow
from graph_compiler.graph.files import save
from graph_compiler.graph.model import Document
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.listing import next_folder, runs_of
from tests.helpers.contests import contest
from tests.helpers.drawings import iris
from tests.helpers.sequences import translator
from tests.helpers.training import run
from widgets.pages.running.parts import State

PATIENCE = 90_000


@pytest.fixture
def window(qtbot) -> MainWindow:
    """A shown window."""
    window = MainWindow(Settings(theme="light"))
    qtbot.addWidget(window)
    window.resize(1600, 1000)
    window.show()
    yield window
    window.close()


def opened(window: MainWindow, document: Document, path, steps: int):
    """The Evaluate page of a drawing that was trained for a few steps."""
    save(document, path)
    window.open(path)
    made = RunFolder.create(next_folder(window.pages.runs.key), document, title="Net")
    run(document, made.path, limit_steps=steps)
    window.show_page("Evaluate", fill=True)
    return window.pages.results.evaluate


@pytest.mark.timeout(240)
def test_a_translator_is_asked_in_the_window(window, qtbot, tmp_path):
    page = opened(window, translator(), tmp_path / "dates.netloom", 3)
    runner = page.runner
    assert runner.running.reads == "text"
    qtbot.waitUntil(lambda: len(runner.table.rows.rows) > 0, timeout=PATIENCE)
    rows = runner.table.rows.rows
    assert all(len(row.wanted) == 10 and row.given for row in rows) and not rows[0].right
    assert not window.pages.jobs.busy, "the rows come from the worker that answers, no other is needed"
    qtbot.waitUntil(lambda: runner.result.text() != "", timeout=PATIENCE)

    runner.field.clear()
    qtbot.keyClicks(runner.field, "3 mars 1987")
    runner.way._choose("Beam")
    qtbot.waitUntil(lambda: len(runner.beams.rows) == 4, timeout=PATIENCE)
    scores = [score for _, score in runner.beams.rows]
    assert scores == sorted(scores, reverse=True) and scores[0] < 0

    said = runner.right.findChild(State)
    runner.field.clear()
    qtbot.keyClicks(runner.field, "3 = 4")
    qtbot.keyClick(runner.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "“=” is not in the vocabulary of spoken." in said.text(), timeout=PATIENCE)

    window.pages.oracle._link.client.kill()
    runner.field.setText("3 mars")
    runner._ask_typed()
    qtbot.waitUntil(lambda: not runner._own_slot.busy, timeout=PATIENCE)
    assert "vocabulary" not in said.text()


@pytest.mark.timeout(240)
def test_a_generator_is_asked_in_the_window(window, qtbot, tmp_path):
    page = opened(window, contest(), tmp_path / "contest.netloom", 2)
    runner = page.runner
    qtbot.waitUntil(lambda: len(runner.samples.pictures) == 16 and len(runner.walk.pictures) == 12, timeout=PATIENCE)
    first = np.array([[image.pixelColor(x, 3).red() for x in range(8)] for image in runner.samples.pictures])
    qtbot.mouseClick(runner.more, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "seed 1" in runner.above.hint.toolTip(), timeout=PATIENCE)
    more = np.array([[image.pixelColor(x, 3).red() for x in range(8)] for image in runner.samples.pictures])
    assert (first != more).any()


@pytest.mark.timeout(240)
def test_the_selected_node_is_looked_into_while_it_learns_and_afterwards(window, qtbot, tmp_path):
    document = iris(epochs=100_000)
    save(document, tmp_path / "iris.netloom")
    window.open(tmp_path / "iris.netloom")
    window.canvas.select(["dense_1"])
    runs = window.pages.runs
    runs.train()
    qtbot.waitUntil(window.inspector.page.live.isVisible, timeout=PATIENCE)
    assert runs.state == "running" and window.inspector.page.live.gradients.value("kernel") != "not trained"
    qtbot.mouseClick(window.header.pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: runs.state == "paused", timeout=PATIENCE)
    assert (window.header.pause.text(), window.header.pause._icon) == ("Go on", "play")
    qtbot.mouseClick(window.header.pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: runs.state == "running", timeout=PATIENCE)
    assert window.pages.training.page.loss.train_item.text.endswith(
        window.canvas.canvas.boxes["loss_1"].look.live_text), "one loss everywhere"
    window.canvas.select(["dense_2"])
    qtbot.waitUntil(window.inspector.page.live.isVisible, timeout=PATIENCE)
    runs.stop(keep=True)
    qtbot.waitUntil(lambda: not runs.busy, timeout=PATIENCE)
    window.canvas.select(["dropout_1"])
    assert window.inspector.page.live.isVisible(), "every node was looked into at the end"


@pytest.mark.timeout(240)
def test_a_gpu_that_tensorflow_does_not_find_leaves_no_empty_run(window, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr("app.doctor.missing_gpu", lambda wished: "")  # as where TensorFlow cannot use the card
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    save(iris(device="gpu:0"), tmp_path / "iris.netloom")
    window.open(tmp_path / "iris.netloom")
    runs = window.pages.runs
    runs.train()
    qtbot.waitUntil(lambda: not runs.busy, timeout=PATIENCE)
    assert runs.state == "failed" and runs_of(runs.key) == [] and runs.run is None
    status = window.pages.training.page._status
    assert "gpu:0 was asked for" in status.sentence.text() and status.train_button.isVisible()
