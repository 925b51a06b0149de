"""The command line without processes: what it prints, its exit codes, and how it tells problems."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest

from app import doctor, paths
from app.cli import common, predict, report, run, shot, weights, window
from app.cli.progress import Teller
from app.main import main
from graph_compiler.datasets.csv_scan import scan_csv
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.graph.edits import SetParam
from graph_compiler.graph.files import save
from graph_compiler.graph.model import Document, Graph
from graph_compiler.graph.values import Node
from graph_compiler.messages import Device, Epoch, Log, Progress, Proof, Stage, Started
from graph_compiler.runs.folder import RunFolder


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def broken(folder: Path) -> Path:
    """Iris with a layer of minus three units."""
    document = paths.template("iris")
    SetParam("dense_1", "units", -3).apply(document)
    path = folder / "broken.netloom"
    save(document, path)
    return path


# templates and check


def test_templates_say_what_they_are(capsys):
    assert main(["templates", "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert set(rows) >= {"house-prices", "digits-mlp", "digits-cnn", "fashion-cnn", "iris"}
    iris = rows["iris"]
    assert set(iris) == {"id", "title", "summary", "tags", "minutes", "nodes", "parameters", "figure"}
    assert (iris["title"], iris["nodes"], iris["parameters"]) == ("Iris", 4, 140)
    assert iris["figure"]["metric"] == "test_accuracy"


def test_templates_are_listed_for_people(capsys):
    assert main(["templates"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("iris ") and "140 weights" in line for line in lines)
    assert len(lines) == len(paths.template_ids())


def test_a_sound_document_has_no_problems(capsys):
    assert main(["check", "iris"]) == 0
    assert capsys.readouterr().out == "iris: no problems.\n"
    assert main(["check", "iris", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_errors_are_told_with_node_and_sentence(tmp_path, capsys):
    path = broken(tmp_path)
    assert main(["check", str(path)]) == 1
    out = capsys.readouterr().out
    assert "error: dense_1: units does not fit.\n    Expected a whole number from 1 on, received -3." in out
    assert out.endswith(f"{path}: 1 error.\n")
    assert main(["check", str(path), "--json"]) == 1
    (problem,) = json.loads(capsys.readouterr().out)
    assert (problem["severity"], problem["node"], problem["param"]) == ("error", "dense_1", "units")
    assert problem["title"]
    assert problem["sentence"]


def test_a_damaged_file_is_one_sentence(tmp_path, capsys):
    path = tmp_path / "torn.netloom"
    path.write_bytes(b'{"format": 1, "nodes": [')
    assert main(["check", str(path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("netloom: “torn.netloom”, line 1")
    assert "Traceback" not in said.err


def test_a_missing_data_file_is_an_error_of_the_document(tmp_path, capsys):
    table = tmp_path / "table.csv"
    table.write_text("a,b\n" + "\n".join(f"{i},{i * 2}" for i in range(40)) + "\n")
    node = Node(id="csv_1", type="CSV", params=scan_csv(table).params("table.csv"))
    save(Document(Graph([node])), tmp_path / "mine.netloom")
    table.unlink()
    assert main(["check", str(tmp_path / "mine.netloom"), "--json"]) == 1
    assert "data-mismatch" in [problem["code"] for problem in json.loads(capsys.readouterr().out)]


# what is asked wrongly


@pytest.mark.parametrize(("given", "words"), [
    (["check", "iri"], "There is no file and no template “iri”. Did you mean iris?"),
    (["check", "zzz"], "Templates are"),
    (["run", "digits"], "Did you mean digits-"),
    (["iri"], "Did you mean iris?"),
    (["doctr"], "Did you mean netloom doctor?"),
    (["run", "iris", "--epochs", "0"], "0 is not a number from 1"),
    (["run", "iris", "--seed", "-1"], "-1 is not a number from 0"),
    (["run", "iris", "--epochs", "many"], "“many” is not a whole number"),
    (["run", "iris", "--export", "keras,pdf"], "“pdf” is no export format: choose from keras, onnx, onnx-float16"),
    (["run", "iris", "--export", ","], "“,” is no export format"),
    (["run", "iris", "--export", "tflite-int,onxx"], "Did you mean tflite-int8 and onnx?"),
    (["run", "iris", "--device", "tpu"], "“tpu” is no device"),
    (["run", "iris", "--step", "fast"], "invalid choice"),
    (["run"], "the following arguments are required: DOC"),
    (["predict", "iris", "--weights", "."], "--input"),
    (["predict", "iris", "--weights", "nowhere", "--input", "test:0"], "is not a run"),
    (["shot", "iris", "x.png", "--size", "big"], "“big” is not a size such as 1600x1000"),
    (["shot", "iris", "x.png", "--size", "9x9"], "is not between"),
    (["shot", "iris", "x.jpg"], "does not end with .png"),
    (["shot", "iris", "nowhere/x.png"], "There is no folder"),
    (["check", "."], "“.” is a folder"),
    (["check", "bad\0name"], "There is no file"),
])
def test_wrong_use_is_said_and_is_two(given, words, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(given) == 2
    said = capsys.readouterr()
    assert words in said.err
    assert said.out == ""


def test_documents_with_near_names_are_named(tmp_path, capsys):
    save(paths.template("iris"), tmp_path / "flowers.netloom")
    assert main(["check", str(tmp_path / "flower.netloom")]) == 2
    assert f"Did you mean {tmp_path / 'flowers.netloom'}?" in capsys.readouterr().err


def test_help_and_version_are_fine(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("netloom ")
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(command in out for command in ("templates", "check", "run", "predict", "shot", "doctor", "exit codes"))


def test_an_unexpected_error_is_one_sentence_and_its_details_a_file(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(paths, "user_log", lambda: tmp_path / "log")
    monkeypatch.setattr(paths, "template_ids", lambda: {}["gone"])
    assert main(["templates"]) == 3
    said = capsys.readouterr().err
    (file,) = (tmp_path / "log").iterdir()
    assert said == f"netloom: Something went wrong inside Netloom: KeyError: 'gone'. The details are in {file}.\n"
    assert "Traceback" in file.read_text()


def test_details_that_cannot_be_written_are_not_another_error(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(paths, "user_log", lambda: tmp_path / "file" / "log")
    assert "could not be written" in common.unexpected(ValueError("x"))


# the window that cannot open


def test_without_a_display_the_line_to_run_is_shown(monkeypatch, capsys):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(window.sys, "platform", "linux")
    assert main([]) == 2
    said = capsys.readouterr().err
    assert "There is no display" in said
    assert "netloom run digits-cnn --export keras,tflite,onnx" in said
    assert main(["iris"]) == 2
    assert "netloom run iris --export" in capsys.readouterr().err


@pytest.mark.parametrize("platform", ["", "xcb"])
def test_libraries_that_are_missing_are_named_with_the_line_that_installs_them(monkeypatch, platform):
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(window.sys, "platform", "linux")
    monkeypatch.setattr(window, "missing_libraries", lambda: ["libEGL.so.1"])
    assert "libEGL.so.1" in window.obstacle()
    assert "apt-get install libegl1" in window.obstacle()


def test_a_display_that_does_not_answer_is_noticed(monkeypatch):
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":9731")
    monkeypatch.setattr(window.sys, "platform", "linux")
    monkeypatch.setattr(window, "missing_libraries", list)
    assert window.obstacle() == "The display :9731 does not answer."


def test_a_platform_of_the_user_is_believed(monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert window.obstacle() == ""


def test_only_errors_of_qt_are_errors_of_qt():
    assert window.of_qt(ImportError("No module named 'PySide6'", name="PySide6.QtCore"))
    assert window.of_qt(ImportError("libEGL.so.1: cannot open shared object file"))
    assert not window.of_qt(ImportError("cannot import name 'x' from 'app.pages'", name="app.pages"))


# runs


def quiet() -> Teller:
    return Teller(io.StringIO())


def test_a_run_without_a_place_gets_a_numbered_one_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    opened = paths.find("iris")
    first, second = (run.make_run(opened, None, quiet()).path for _ in range(2))
    assert (first.name, second.name) == ("0001", "0002")
    assert first.parent.name == "iris"
    assert RunFolder.open(first).record.document == "iris"


def test_a_run_in_the_way_is_moved_aside_and_kept(tmp_path):
    opened, out, stream = paths.find("iris"), tmp_path / "out", io.StringIO()
    run.make_run(opened, out, quiet()).update(note="the old one")
    run.make_run(opened, out, Teller(stream)).update(note="the next one")
    run.make_run(opened, out, quiet())
    assert stream.getvalue() == f"The run that was in {out} is now {tmp_path / 'out.1'}\n"
    assert RunFolder.open(tmp_path / "out.1").record.note == "the old one"
    assert RunFolder.open(tmp_path / "out.2").record.note == "the next one"
    assert RunFolder.open(out).record.note == ""


def test_a_run_that_is_trained_right_now_is_left_alone(tmp_path):
    opened = paths.find("iris")
    busy = run.make_run(opened, tmp_path / "out", quiet())
    busy.begin()
    try:
        with pytest.raises(common.Stop, match="is being trained right now") as end:
            run.make_run(opened, tmp_path / "out", quiet())
        assert end.value.code == 2
    finally:
        busy.end("stopped")


def test_a_place_that_cannot_be_written_is_wrong_use(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(common.Stop, match="cannot be made") as end:
        run.make_run(paths.find("iris"), tmp_path / "file" / "run", quiet())
    assert end.value.code == 2


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions do not bind here")
def test_a_folder_without_permission_is_wrong_use(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(common.Stop, match="cannot be made") as end:
        run.make_run(paths.find("iris"), tmp_path / "run", quiet())
    assert end.value.code == 2


def test_a_run_without_weights_does_not_predict(tmp_path):
    run.make_run(paths.find("iris"), tmp_path / "out", quiet())
    with pytest.raises(common.Stop, match="has no weights yet"):
        predict.open_run(tmp_path / "out")


# what is told


def teller_of(stream: io.StringIO) -> Teller:
    teller = Teller(stream)
    teller.hear(Started(epochs=4, steps=50, rows={"train": 1600, "test": 100}, parameters=34826, metrics=("loss",)))
    return teller


def test_a_terminal_gets_a_bar_that_moves():
    stream = Terminal()
    teller = teller_of(stream)
    teller.hear(Progress(epoch=1, step=25, metrics={"loss": 0.5, "accuracy": 0.75}, seconds_left=12.4))
    teller.hear(Epoch(epoch=1, metrics={"loss": 0.25}, learning_rate=0.1, seconds=2.0))
    passing, gone, kept = stream.getvalue().partition("\r\033[KEpoch 2/4  █")[2].rpartition("\r\033[K")
    assert passing == "█" * 9 + "░" * 10 + "   50 %  loss 0.5000  accuracy 0.7500  12 s left"
    assert gone
    assert kept == "Epoch 2/4  loss 0.2500  2 s\n"


def test_anything_else_gets_a_line_an_epoch():
    stream = io.StringIO()
    teller = teller_of(stream)
    teller.hear(Stage(text="Reading the data"))
    teller.hear(Progress(epoch=0, step=25, metrics={"loss": 0.5}, seconds_left=12.4))
    teller.hear(Epoch(epoch=0, metrics={"loss": 0.25}, learning_rate=0.1, seconds=2.0))
    teller.close()
    assert stream.getvalue().splitlines() == ["4 epochs of 50 steps, 34,826 weights, rows: 1,600 train, 100 test",
                                              "Epoch 1/4  loss 0.2500  2 s"]


def test_the_device_is_told_once_and_tensorflow_keeps_its_chatter_to_itself():
    stream = io.StringIO()
    teller = Teller(stream)
    for _ in range(2):
        teller.hear(Device(name="cpu", sentence="Runs on the CPU."))
    teller.hear(Log(text="W0000 00:00:1 cuda.cc] chatter", level="warning"))
    teller.hear(Log(text="Early stopping watches loss.", level="warning"))
    teller.hear(Proof(format="onnx", part="whole", state="failed", problem="It differs."))
    assert stream.getvalue().splitlines() == ["Runs on the CPU.", "warning: Early stopping watches loss.", "onnx: It differs."]


def test_a_loss_that_can_be_accepted_is_told_with_the_word_for_it():
    stream = io.StringIO()
    for spec in (spec for spec in FORMATS.values() if spec.limits is not None):
        Teller(stream).hear(Proof(format=spec.name, part="whole", state="failed", problem=f"It is far off. {spec.instead}"))
    lines = stream.getvalue().splitlines()
    assert len(lines) > 5
    assert all(line.endswith("or accept the loss. --accept keeps it as it is.") for line in lines)


ABOUT = {"figure": {"name": "test error", "metric": "test_mae", "bound": 2.8, "smaller_is_better": True}}


@pytest.mark.parametrize(("value", "reached"), [(2.8, True), (2.9, False), (None, False)])
def test_the_figure_of_a_document_has_four_values(value, reached):
    assert report.figure(ABOUT, {"test_mae": value}) == {"name": "test error", "value": value, "bound": 2.8, "reached": reached}
    assert report.figure({}, {"test_mae": value}) is None


def test_figures_that_are_no_numbers_become_null():
    assert common.finite({"a": float("nan"), "b": float("inf"), "c": 1.0}) == {"a": None, "b": None, "c": 1.0}


@pytest.mark.parametrize(("answer", "words"), [
    ({"class": "7", "probability": 0.998, "classes": ["2", "7", "9"], "probabilities": [0.0015, 0.998, 0.0005], "true": "7"},
     "7 (99.8 %), then 2 (0.1 %), 9 (0.1 %); true is 7"),
    ({"value": 21.25, "unit": "thousand dollars", "true": 20.0}, "21.25 thousand dollars; true is 20.00"),
    ({"problem": "There is no row 5."}, "There is no row 5."),
    ({"values": [1, 2]}, '{"values": [1, 2]}'),
])
def test_an_answer_is_one_line(answer, words):
    assert predict.words(answer) == words


def test_sizes_are_read():
    assert shot.size("1600x1000") == (1600, 1000)


# names of documents


def test_a_file_wins_over_a_template(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    document = paths.template("iris")
    document.about["title"] = "Mine"
    save(document, tmp_path / "iris")
    assert paths.find("iris").title == "Mine"
    assert paths.find("iris").folder == str(tmp_path)
    assert paths.find("digits-cnn").folder == ""


def test_a_run_of_another_drawing_is_refused_with_what_does_not_fit(tmp_path, capsys):
    made = RunFolder.create(tmp_path / "run", paths.template("digits-mlp"), title="Digits MLP")
    opened = paths.find("iris")
    with pytest.raises(common.Stop) as stopped:
        weights.tell_changes(made, opened, "predicts")
    assert "does not fit iris: it reads 28×28×1 " in str(stopped.value) and "the run (Digits MLP)" in str(stopped.value)
    weights.tell_changes(made, paths.find("digits-cnn"), "predicts")
    assert "whose own drawing predicts" in capsys.readouterr().err, "what reads and gives the same may stand in"


def test_a_gpu_that_is_not_there_is_known_without_tensorflow(monkeypatch):
    monkeypatch.setattr(doctor, "nvidia_cards", lambda: ([], ""))
    assert doctor.missing_gpu("gpu:0") == "No GPU was found, but gpu:0 was asked for. Choose auto or cpu."
    assert doctor.missing_gpu("auto") == doctor.missing_gpu("cpu") == ""
    monkeypatch.setattr(doctor, "nvidia_cards", lambda: (["RTX"], ""))
    assert doctor.missing_gpu("gpu:0") == "" and doctor.missing_gpu("gpu:3").startswith("Found 1 GPU, counted from 0")
