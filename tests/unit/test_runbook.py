"""The table of runs over real run folders: what it reads, names, compares, brings back and deletes."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import doctor
from app.results import choice_words
from app.runbook import RunBook, drawing_of, row_of
from app.settings import Settings
from app.window import MainWindow
from graph_compiler.graph.edits import SetParam, SetTraining
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.listing import folder_for, next_folder, runs_of
from tests.helpers.answering import Answers
from tests.helpers.window import opened_window
from widgets.runs import RunsPage

HISTORY = ({"loss": 1.0, "val_loss": 0.9, "accuracy": 0.5}, {"loss": 0.5, "val_loss": 0.6, "accuracy": 0.8})


@pytest.fixture
def window(qtbot, monkeypatch) -> MainWindow:
    window = opened_window(qtbot, monkeypatch, "iris", 1600, 1000)
    yield window
    for run in runs_of("iris") + runs_of("elsewhere"):
        run.remove()
    window.close()


def made(window: MainWindow, key: str = "iris", **facts: object) -> RunFolder:
    """A run of the drawing as it is now that has ended, without training."""
    run = RunFolder.create(next_folder(key), window.document.document.copy(), title=key)
    run.begin()
    for epoch, row in enumerate(HISTORY, 1):
        run.history.append(epoch, row, 0.001, 1.0)
    run.end("finished", epochs=2, metrics={**HISTORY[-1], "test_accuracy": 0.9}, **facts)
    return run


@pytest.fixture
def book(window) -> tuple[RunBook, RunsPage]:
    for units in (16, 32):
        window.document.do(SetParam("dense_1", "units", units))
        made(window)
    window.pages.training.show_runs()
    return window.pages.training.runbook, window.pages.training.runbook.page


def test_the_key_opens_the_table_and_the_newest_run_is_held_against_the_drawing(window, book):
    _, page = book
    assert page.isVisible() and [row.number for row in page.table.model_.rows] == ["2", "1"]
    assert page.same.text() == "The drawing and its settings are unchanged."
    window.document.do(SetParam("dense_1", "units", 64))
    lines = page.differences.lines
    assert [(d.place, d.what, d.values) for d in lines.lines] == [("dense_1", "units", ("32", "64"))]
    assert lines.names == ("Run 2", "Now")


def test_two_runs_are_compared_and_drawn(book):
    _, page = book
    page.table.choose([row.folder for row in page.table.model_.rows])
    assert [d.values for d in page.differences.lines.lines] == [("32", "16")]
    assert [len(curve.rows) for curve in page.plot.curves] == [2, 2]


def test_the_drawing_of_a_run_comes_back_as_one_step(window, book):
    _, page = book
    window.document.do(SetTraining("epochs", 77))
    before = window.document.document.copy()
    page.open_drawing.emit(str(runs_of("iris")[-1].path))
    assert window.document.document.graph.nodes["dense_1"].params["units"] == 16
    assert window.document.document.training.epochs != 77
    assert window.document.undo_stack.undoText() == "take the drawing of run 1"
    assert window.document.analysis.facts("dense_1").values["units"] == 16
    assert dict(window.canvas.canvas.boxes["dense_1"].card.rows)["units"] == "16"
    window.document.undo_stack.undo()
    assert window.document.document == before
    assert dict(window.canvas.canvas.boxes["dense_1"].card.rows)["units"] == "32"


def test_the_same_drawing_makes_no_step(window, book):
    _, page = book
    steps = window.document.undo_stack.count()
    page.open_drawing.emit(str(runs_of("iris")[0].path))
    assert window.document.undo_stack.count() == steps


def test_a_drawing_of_another_document_opens_as_a_copy(window, book):
    _, page = book
    other = made(window, "elsewhere")
    page.wants_all.emit(True)
    assert any(row.drawing == "elsewhere" and not row.own for row in page.table.model_.rows)
    page.open_drawing.emit(str(other.path))
    assert window.document.title == "elsewhere, run 1" and window.document.path is None


def test_names_and_notes_are_written_into_the_run(book):
    _, page = book
    folder = page.table.model_.rows[0].folder
    page.renamed.emit(folder, "wide")
    page.noted.emit(folder, "twice the units")
    record = RunFolder.open(Path(folder)).record
    assert (record.name, record.note) == ("wide", "twice the units")
    assert page.table.model_.rows[0].name == "wide"


def test_deleting_asks_first_and_says_what_goes(window, book):
    _, page = book
    answers, folders = Answers(), [row.folder for row in page.table.model_.rows]
    answers("")
    page.delete.emit(folders[:1])
    assert len(runs_of("iris")) == 2
    answers("Delete")
    page.delete.emit(folders)
    assert runs_of("iris") == [] and page.table.model_.rows == []
    assert answers.words[0].startswith("Delete run 2?") and answers.words[1].startswith("Delete 2 runs?")


def test_a_chosen_run_goes_to_evaluate_and_export(window, book):
    _, page = book
    folder = page.table.model_.rows[1].folder
    for name in ("Evaluate", "Export"):
        getattr(page, name.lower()).emit(folder)
        assert window.workbench.current == name and window.workbench.state == "filled"


def test_an_older_run_is_shown_in_the_train_page(window, book):
    _, page = book
    page.show_run.emit(page.table.model_.rows[1].folder)
    assert window.pages.training.page.isVisible() and window.pages.training.page._status.run.text() == "Run 1"


def test_settings_in_force_count_not_those_of_the_drawing(window):
    run = made(window)
    run.update(settings={**run.record.settings, "epochs": 3})
    assert drawing_of(run).training.epochs == 3
    assert row_of(run, own=True).planned == 3
    (run.path / "document.netloom").write_text("torn", "utf-8")
    assert drawing_of(run) is None and folder_for("iris") == run.path.parent


def test_the_train_page_can_be_made_before_any_document_is_open(qtbot, monkeypatch):
    monkeypatch.setenv("NETLOOM_NO_SPARE", "1")
    window = MainWindow(Settings(theme="light"))
    qtbot.addWidget(window)
    window.workbench.page("Train")
    window.open_template("iris")
    window.show_page("Train")
    assert window.pages.training.page._empty_button.isEnabled()


def test_the_newest_run_that_has_curves_is_shown_when_a_document_is_opened_again(window):
    good = made(window)
    broken = RunFolder.create(next_folder("iris"), window.document.document.copy(), title="iris")
    broken.begin()
    broken.end("failed", "It could not start.")
    window.show_page("Train")
    page = window.pages.training.page
    assert page.run_name == f"Run {int(good.path.name)}" and page.record.epochs["loss"].last == 0.5


def test_a_run_in_the_chooser_names_its_figure_and_the_rows_it_is_of(window):
    run = made(window)
    assert choice_words(run).startswith(f"{int(run.path.name)} · Accuracy 90.0 % (test) · ")
    run.update(metrics={"loss": 1.0, "val_mae": 2.5})
    assert " · MAE 2.50 (validation) · " in choice_words(run)


def test_a_gpu_that_is_not_there_leaves_no_run(window, monkeypatch):
    monkeypatch.setattr(doctor, "nvidia_cards", lambda: ([], ""))
    window.document.do(SetTraining("device", "gpu:0"))
    window.pages.runs.train()
    assert not window.pages.runs.busy and runs_of("iris") == []
    assert "gpu:0 was asked for" in window.status.going_on.text()
