"""The command line as people use it: real processes, real training, real files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.paths import template
from graph_compiler.graph.files import save
from graph_compiler.graph.values import OptimizerSettings
from graph_compiler.runs.folder import RunFolder

ROOT = Path(__file__).resolve().parents[2]
MAIN = (sys.executable, "-m", "app.main")
WITHOUT_QT = """
import sys

class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("PySide6", "shiboken6", "pyqtgraph", "qtawesome"):
            raise ImportError(f"{name} is blocked", name=name)

sys.meta_path.insert(0, NoQt())
"""


def netloom(*given: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A finished call of the program."""
    return subprocess.run([*MAIN, *given], cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True,
                          check=False, timeout=120)


def last_object(done: subprocess.CompletedProcess[str]) -> Any:
    """The last line of standard output as JSON."""
    assert done.stdout, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def digits(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A few steps of digits-mlp, exported to every format: the run's folder and what the call said."""
    folder = tmp_path_factory.mktemp("cli") / "run"
    return folder, netloom("run", "digits-mlp", "--limit-steps", "20", "--export", "tflite,onnx,keras", "--out", str(folder),
                           "--json")


@pytest.fixture
def no_qt(tmp_path) -> dict[str, str]:
    """An environment in which Qt cannot be imported, in no process."""
    (tmp_path / "blocked").mkdir()
    (tmp_path / "blocked" / "sitecustomize.py").write_text(WITHOUT_QT)
    return {"PYTHONPATH": str(tmp_path / "blocked"), "QT_QPA_PLATFORM": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}


def test_a_run_with_exports_ends_with_one_object(digits):
    folder, done = digits
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1
    result = last_object(done)
    assert set(result) == {"doc", "run", "metrics", "epochs", "seconds", "exports", "figure"}
    assert (result["doc"], result["run"]) == ("digits-mlp", str(folder))
    assert set(result["metrics"]) == {"val_loss", "val_accuracy", "test_loss", "test_accuracy"}
    assert set(result["seconds"]) == {"start", "train", "export"}
    assert all(seconds > 0 for seconds in result["seconds"].values())
    assert result["figure"] == {"name": "test accuracy", "value": result["metrics"]["test_accuracy"], "bound": 0.9,
                                "reached": result["metrics"]["test_accuracy"] >= 0.9}
    assert [row["format"] for row in result["exports"]] == ["tflite", "onnx", "keras"]
    for row in result["exports"]:
        assert set(row) == {"format", "part", "path", "bytes", "max_abs_diff", "metric"}
        assert row["part"] == "whole"
        assert Path(row["path"]).parent == folder / "exports"
        assert Path(row["path"]).stat().st_size == row["bytes"]
        assert row["max_abs_diff"] <= 1e-5
        assert row["metric"] == pytest.approx(result["metrics"]["test_accuracy"], abs=1e-6)


def test_a_run_is_remembered_in_its_folder(digits):
    record = RunFolder.open(digits[0]).record
    assert (record.state, record.document, record.steps) == ("finished", "digits-mlp", 20)
    assert len(record.exports) == 3


def test_a_run_predicts_test_rows_and_says_which_are_not_there(digits):
    done = netloom("predict", "digits-mlp", "--weights", str(digits[0]), "--input", "test:0", "--input", "test:7", "--json")
    assert done.returncode == 0, done.stderr
    answers = last_object(done)
    assert [answer["input"] for answer in answers] == ["test:0", "test:7"]
    for answer in answers:
        assert answer["class"] in list("0123456789")
        assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-4)
    gone = netloom("predict", "digits-mlp", "--weights", str(digits[0]), "--input", "test:5000")
    assert gone.returncode == 2
    assert gone.stdout.startswith("test:5000: There is no row")


def test_a_drawing_with_errors_is_not_trained(tmp_path):
    path = tmp_path / "bad.netloom"
    path.write_text('{"format": 1, "nodes": [{"id": "dense_1", "type": "Dense"}], "edges": []}')
    done = netloom("run", str(path), "--out", str(tmp_path / "run"), "--json")
    assert done.returncode == 1
    assert "error: dense_1: " in done.stderr
    assert not (tmp_path / "run").exists()


def test_a_place_that_cannot_be_written_is_wrong_use(tmp_path):
    (tmp_path / "file").write_text("")
    done = netloom("run", "iris", "--out", str(tmp_path / "file" / "run"))
    assert done.returncode == 2
    assert done.stderr.strip().splitlines()[-1].startswith("netloom: The run folder")


def test_training_that_fails_is_three_and_says_why(tmp_path):
    document = template("iris")
    document.training = msgspec.structs.replace(document.training, optimizers={"": OptimizerSettings(
        name="SGD", learning_rate=1e38)})
    save(document, tmp_path / "wild.netloom")
    done = netloom("run", str(tmp_path / "wild.netloom"), "--out", str(tmp_path / "run"), "--json")
    assert done.returncode == 3
    assert "not a number" in done.stderr
    assert "Traceback" not in done.stderr
    assert last_object(done)["metrics"] == {}
    assert RunFolder.open(tmp_path / "run").record.state == "failed"


def test_a_gpu_that_is_not_there_is_refused_before_there_is_a_run(tmp_path):
    done = netloom("run", "iris", "--device", "gpu:7", "--out", str(tmp_path / "run"))
    assert done.returncode == 3 and "gpu:7 was asked for. Choose auto or cpu." in done.stderr
    assert not (tmp_path / "run").exists()


def test_an_export_that_fails_is_three_and_the_metrics_are_still_told(tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    (run / "exports").write_text("a file where the folder should be")
    done = netloom("run", "iris", "--epochs", "1", "--export", "keras", "--out", str(run), "--json")
    assert done.returncode == 3, done.stderr
    assert "test_accuracy" in last_object(done)["metrics"]
    assert last_object(done)["exports"] == []
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to send")
@pytest.mark.parametrize(("times", "state", "words"), [(1, "stopped", "What was trained is kept in"),
                                                       (2, "killed", "The last checkpoint is kept in")])
def test_ctrl_c_keeps_what_was_trained(times, state, words, tmp_path):
    command = [*MAIN, "run", "digits-mlp", "--epochs", "5000", "--out", str(tmp_path / "run"), "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        said = []
        for line in process.stderr or ():
            said.append(line)
            if line.startswith("Epoch 2/"):
                process.send_signal(signal.SIGINT)
            if "Ctrl+C again kills" in line and times == 2:
                process.send_signal(signal.SIGINT)
        out = process.stdout.read() if process.stdout else ""
    assert process.returncode == 130, said
    assert any(words in line for line in said)
    run = RunFolder.open(tmp_path / "run")
    assert run.record.state == state
    assert run.has_weights
    assert 2 <= json.loads(out.splitlines()[-1])["epochs"] < 5000


def test_everything_but_the_window_works_without_qt(no_qt, tmp_path):
    assert "iris" in netloom("templates", **no_qt).stdout
    assert netloom("check", "digits-cnn", **no_qt).returncode == 0
    done = netloom("run", "iris", "--epochs", "2", "--out", str(tmp_path / "run"), "--json", **no_qt)
    assert done.returncode == 0, done.stderr
    assert last_object(done)["epochs"] == 2
    window = netloom("iris", **{**no_qt, "QT_QPA_PLATFORM": "offscreen"})
    assert window.returncode == 2
    assert "Qt cannot be loaded" in window.stderr
    assert "netloom run iris" in window.stderr


def test_the_doctor_asks_a_real_worker(no_qt):
    done = netloom("doctor", "--json", **no_qt)
    assert done.returncode == 0, done.stdout + done.stderr
    report = last_object(done)
    assert report["ready"] is True
    found = {finding["code"]: finding for finding in report["findings"]}
    assert {"python", "packages", "devices", "cpu", "memory", "disk", "window"} <= set(found)
    assert found["devices"]["sentence"].startswith("Runs on ")
    assert found["devices"]["facts"]["tensorflow"].startswith("2.")


def test_a_picture_of_the_window(tmp_path):
    picture = tmp_path / "iris.png"
    done = netloom("shot", "iris", str(picture), "--size", "1200x800", "--theme", "dark", DISPLAY="", WAYLAND_DISPLAY="")
    assert done.returncode == 0, done.stderr
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert (int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")) == (1200, 800)


def test_a_frozen_program_starts_its_workers_by_a_switch():
    pipe = subprocess.PIPE
    with subprocess.Popen([*MAIN, "--worker"], cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write('{"type": "Probe"}\n')
        worker.stdin.flush()  # and it stays open: a worker whose client has gone ends within half a minute, done or not
        kinds = [json.loads(line)["type"] for line in worker.stdout]
    assert worker.returncode == 0
    assert kinds[0] == "Hello"
    assert kinds[-1] == "Done"


@pytest.mark.skipif(os.name == "nt", reason="no pipes of a shell")
def test_a_reader_that_leaves_is_no_error():
    command = f'"{sys.executable}" -m app.main templates | head -c 1'
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert len(done.stdout) == 1
    assert done.stderr == ""


def test_a_picture_of_a_file_leaves_nothing_beside_it(tmp_path: Path) -> None:
    document = tmp_path / "mine.netloom"
    document.write_bytes((ROOT / "resources/templates/iris.netloom").read_bytes())
    done = netloom("shot", str(document), str(tmp_path / "mine.png"), "--size", "1200x800", DISPLAY="", WAYLAND_DISPLAY="")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.netloom", "mine.png"]
