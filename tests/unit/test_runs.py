"""Run folders: made, read after any end, listed, compared."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_compiler.catalog import registry
from graph_compiler.graph.edits import AddNode, Disconnect, Move, RemoveNode, SetField, SetParam, SetTraining
from graph_compiler.graph.files import loads
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Node
from graph_compiler.runs.differences import differences
from graph_compiler.runs.folder import RunFolder, RunProblem
from graph_compiler.runs.hashing import data_fingerprint, document_hash
from graph_compiler.runs.history import History
from graph_compiler.runs.listing import all_runs, folder_for, next_folder, runs_of, runs_root
from graph_compiler.runs.lock import Lock, LockHeld, is_held
from graph_compiler.runs.record import ablation, figure_of
from tests.benchmarks.figures import templates
from tests.helpers.drawing import block, drawing
from tests.helpers.drawings import iris

HOLDER = """
import sys
sys.path.insert(0, sys.argv[2])
from graph_compiler.runs.folder import RunFolder
from pathlib import Path
run = RunFolder.open(Path(sys.argv[1]))
run.begin()
run.history.append(1, {"loss": 0.5}, 0.001, 1.0)
print("holding", flush=True)
sys.stdin.read()
"""


def default_of(type_name: str, param: str) -> object:
    spec = registry().node(type_name)
    return next(p.default for p in spec.params if p.name == param)


@pytest.fixture
def run(tmp_path) -> RunFolder:
    return RunFolder.create(tmp_path / "iris" / "0001", loads(templates()["iris"]), document="iris")


def test_a_new_run_holds_the_drawing_and_waits(run):
    record = run.record
    assert record.state == "waiting" and record.title == "Iris" and record.id == "iris/0001" and record.document == "iris"
    assert record.document_hash == document_hash(run.document()) and record.settings["epochs"] == run.document().training.epochs
    assert not run.has_weights and not run.evaluated and not run.alive and not record.over
    assert run.title.startswith("1 · waiting · ")


def test_what_is_muted_stands_in_the_note_of_a_run(tmp_path):
    document = loads(templates()["digits-cnn"])
    assert RunFolder.create(tmp_path / "whole", document).record.note == ""
    SetField("dropout_1", "muted", True).apply(document)
    made = RunFolder.create(tmp_path / "one", document)
    assert made.record.note == "without dropout_1"
    made.update(note="Hardly worse.")
    assert made.record.note == "Hardly worse."
    for node_id in ("rescaling_1", "max_pooling2d_1", "max_pooling2d_2"):
        SetField(node_id, "muted", True).apply(document)
    assert ablation(document) == "without rescaling_1, max_pooling2d_1, max_pooling2d_2 and 1 more"
    inside = drawing("b Block block=net", net=block("x BlockInput", "~d Dense", "x > d"))
    assert ablation(inside) == "without net.d"


def test_a_run_is_never_written_over(run):
    with pytest.raises(RunProblem, match="holds a run already"):
        RunFolder.create(run.path, iris())


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunProblem, match="cannot be made"):
        RunFolder.create(tmp_path / "file" / "0001", iris())


def test_a_folder_without_a_run_and_a_torn_record_are_said(tmp_path, run):
    with pytest.raises(RunProblem, match="is not a run"):
        RunFolder.open(tmp_path)
    text = (run.path / "run.json").read_text()
    (run.path / "run.json").write_text(text[:40])
    with pytest.raises(RunProblem, match="cannot be read"):
        RunFolder.open(run.path)


def test_from_begin_to_end(run):
    run.begin()
    assert run.alive and run.record.state == "running" and (run.path / "environment.json").is_file()
    run.end("finished", epochs=3, metrics={"loss": 0.1})
    record = run.record
    assert record.over and record.epochs == 3 and not run.alive
    assert not (run.path / "running.lock").exists()


def test_a_run_whose_process_died_counts_as_killed_with_its_epochs(run):
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(run.path), str(Path(__file__).parents[2])],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline().strip() == b"holding"
        assert run.alive and run.record.state == "running"
        with pytest.raises(LockHeld):
            RunFolder.open(run.path).begin()
        process.kill()
    record = RunFolder.open(run.path).record
    assert record.state == "killed" and record.epochs == 1 and record.reason
    assert "killed" in run.title


def test_the_weights_to_use_are_the_final_ones_or_the_newest_whole_checkpoint(run):
    def checkpoint(name: str, whole: bool = True) -> Path:
        folder = run.checkpoints / name
        folder.mkdir()
        (folder / "model.weights.h5").write_bytes(b"")
        if whole:
            (folder / "state.json").write_text("{}")
        return folder / "model.weights.h5"

    first = checkpoint("epoch-0001-step-000000")
    assert run.last_good() == first
    second = checkpoint("epoch-0002-step-000000")
    checkpoint("epoch-0003-step-000000", whole=False)
    checkpoint(".epoch-0004-step-000000.partial")
    assert run.last_good() == second and len(run.saved()) == 2
    assert run.last_good() != (final := checkpoint("final")) or run.last_good() == final
    assert run.last_good() == final and run.has_weights


def test_removing_a_run_leaves_what_is_not_its_own(run):
    run.checkpoints.joinpath("final").mkdir()
    (run.path / "mine.txt").write_text("keep")
    run.remove()
    assert [p.name for p in run.path.iterdir()] == ["mine.txt"]


def test_runs_are_numbered_listed_newest_first_and_kept_apart(tmp_path):
    for _ in range(3):
        RunFolder.create(next_folder("my net!", tmp_path), iris())
    RunFolder.create(next_folder("other", tmp_path), iris(), started="2001-01-01T00:00:00+00:00")
    (folder_for("my net!", tmp_path) / "0009").mkdir()
    assert [r.path.name for r in runs_of("my net!", tmp_path)] == ["0003", "0002", "0001"]
    assert next_folder("my net!", tmp_path).name == "0010"
    assert len(all_runs(tmp_path)) == 4 and all_runs(tmp_path)[-1].path.parent.name == "other"
    assert runs_of("nothing", tmp_path) == []
    assert folder_for("../../etc", tmp_path).parent == tmp_path
    assert runs_root().parts[-2:] == ("netloom", "runs")


def test_a_lock_is_one_and_its_file_alone_says_nothing(tmp_path):
    path = tmp_path / "lock"
    path.write_text("")
    assert not is_held(path) and not is_held(tmp_path / "none")
    first, second = Lock(path), Lock(path)
    first.take()
    assert is_held(path)
    with pytest.raises(LockHeld):
        second.take()
    first.release()
    second.take()
    second.release()
    assert not path.exists()


# History.


def test_a_history_torn_in_the_middle_of_a_row_is_read_and_mended(tmp_path):
    history = History(tmp_path / "history.csv")
    assert history.read() == []
    history.append(1, {"loss": 0.5, "val_loss": float("nan")}, 0.001, 1.25)
    with history.path.open("a") as file:
        file.write("2,1.0,0.0")
    assert history.read() == [{"epoch": 1, "seconds": 1.25, "learning_rate": 0.001, "loss": 0.5}]
    history.append(2, {"loss": 0.25, "val_loss": 1e-7, "new": 1.0}, 0.0005, 1.0)
    assert history.read()[1] == {"epoch": 2, "seconds": 1.0, "learning_rate": 0.0005, "loss": 0.25, "val_loss": 1e-7}
    history.cut(1)
    assert [row["epoch"] for row in history.read()] == [1]


@given(cut=st.integers(0, 120))
def test_a_history_cut_off_anywhere_gives_its_whole_rows(tmp_path_factory, cut):
    history = History(tmp_path_factory.mktemp("history") / "history.csv")
    for epoch in (1, 2, 3):
        history.append(epoch, {"loss": 1 / epoch}, 0.001, 1.0)
    whole = history.read()
    history.path.write_bytes(history.path.read_bytes()[:cut])
    assert history.read() == whole[:len(history.read())]
    history.append(4, {"loss": 0.1}, 0.001, 1.0)
    assert history.read()[-1]["epoch"] == 4


# Drawings.


@pytest.fixture
def document() -> Document:
    return loads(templates()["digits-cnn"])


def changed(document: Document, *edits: object) -> Document:
    after = document.copy()
    for edit in edits:
        edit.apply(after)
    return after


def first(document: Document, kind: str) -> str:
    return next(n.id for n in document.graph.nodes.values() if n.type == kind)


def test_moving_and_notes_change_nothing(document):
    conv = first(document, "Conv2D")
    after = changed(document, Move({conv: (5.0, 5.0)}), AddNode(Node(id="note_9", type="Note")))
    assert differences(document, after) == [] and document_hash(document) == document_hash(after)


def test_changes_are_told_in_words(document):
    conv = first(document, "Conv2D")
    flatten = first(document, "Flatten")
    old = document.graph.nodes[conv].params.get("filters", default_of("Conv2D", "filters"))
    after = changed(document, SetParam(conv, "filters", 7), SetParam(conv, "kernel_size", [5, 5]),
                    SetField(flatten, "muted", True), SetTraining("epochs", 99), AddNode(Node(id="dense_9", type="Dense")))
    lines = differences(document, after, default_of)
    assert f"{conv}: filters {old} → 7" in lines
    assert any(line.startswith(f"{conv}: kernel_size ") and line.endswith("→ 5×5") for line in lines)
    assert f"{flatten}: muted" in lines and "dense_9 added (Dense)" in lines
    assert f"training: epochs {document.training.epochs} → 99" in lines
    assert not any("training" in line for line in differences(document, after, settings=False))
    assert document_hash(document) != document_hash(after)


def test_a_default_is_named_by_its_value(document):
    conv = first(document, "Conv2D")
    after = changed(document, SetParam(conv, "padding", "same"))
    before = changed(document, SetParam(conv, "padding", "valid"))
    before.graph.nodes[conv].params.pop("padding", None)
    assert f"{conv}: padding valid → same" in differences(before, after, default_of)
    assert f"{conv}: padding default → same" in differences(before, after)


def test_wires_and_nodes_that_went_are_named(document):
    conv = first(document, "Conv2D")
    edge = document.graph.into(conv)[0]
    assert differences(document, changed(document, Disconnect(edge.key))) == [f"wire {edge.source} to {conv} removed"]
    gone = changed(document, RemoveNode(conv))
    assert f"{conv} removed (Conv2D)" in differences(document, gone)


def test_a_drawing_does_not_differ_from_itself():
    for content in templates().values():
        assert differences(loads(content), loads(content)) == []


# Data and figures.


def test_a_fingerprint_knows_values_names_and_types():
    base = {"a": np.arange(4.0), "b": np.arange(3)}
    same = {"b": np.arange(3), "a": np.arange(4.0)}
    others = [{"a": np.arange(4.0), "c": np.arange(3)}, {**base, "a": np.arange(4.0) + 1e-9}, {**base, "b": np.arange(3.0)},
              {**base, "a": np.arange(4.0).reshape(2, 2)}]
    assert data_fingerprint(base) == data_fingerprint(same)
    assert len({data_fingerprint(v) for v in (base, *others)}) == 5


def test_a_promised_figure_is_held_against_its_bound():
    about = {"figure": {"name": "test MAE", "metric": "test_mae", "bound": 2.8, "smaller_is_better": True}}
    assert figure_of(about, {"test_mae": 2.5})["reached"] and not figure_of(about, {"test_mae": 2.9})["reached"]
    missing = figure_of(about, {})
    assert missing["value"] is None and not missing["reached"] and figure_of({}, {"test_mae": 1.0}) is None


@pytest.mark.parametrize("promised", ["lots", [], {"metric": "test_mae"}, {"metric": "test_mae", "bound": "x"},
                                      {"metric": ["test_mae"], "bound": 1}, {"metric": "test_mae", "bound": True}])
def test_a_promise_that_cannot_be_measured_is_none(promised):
    assert figure_of({"figure": promised}, {"test_mae": 1.0}) is None
