"""The real worker process: jobs on real data, held, stopped, killed and abandoned."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from graph_compiler.graph.files import loads
from graph_compiler.graph.model import Document
from graph_compiler.messages import (
    Alive,
    Answer,
    Checkpoint,
    Device,
    Done,
    Epoch,
    Evaluate,
    Export,
    Failed,
    Fetch,
    Log,
    Pause,
    Paused,
    Predict,
    Probe,
    Progress,
    Proof,
    Resume,
    Started,
    Stop,
    Train,
    Warm,
)
from graph_compiler.runs.evaluation import Evaluation
from graph_compiler.runs.folder import RunFolder
from graph_compiler.worker.ending import End, Rung
from graph_compiler.worker.launch import HOME, command
from graph_compiler.worker.protocol import decode_message, encode
from tests.benchmarks.figures import templates
from tests.helpers.drawings import digits_mlp, iris

pytestmark = pytest.mark.slow


def run_of(folder: Path, document: Document | None = None) -> RunFolder:
    return RunFolder.create(folder / "runs" / "0001", document or iris(epochs=3, batch_size=16))


@pytest.fixture(scope="module")
def digits(tmp_path_factory) -> RunFolder:
    """A digit reader after one epoch, trained by a worker of its own."""
    run = RunFolder.create(tmp_path_factory.mktemp("digits") / "0001", loads(templates()["digits-mlp"]))
    job = encode(Train(run=str(run.path), epochs=1))
    done = subprocess.run(command(), input=job + b"\n", capture_output=True, check=True, timeout=120, cwd=run.path)
    assert b'"type":"Done"' in done.stdout, done.stderr[-2000:]
    return run


def test_a_training_is_told_written_down_measured_and_ends(started, tmp_path):
    run = run_of(tmp_path, loads(templates()["iris"]))
    worker = started()
    worker.client.send(Train(run=str(run.path), epochs=3, seed=4))
    assert worker.until(Started).metrics[0] == "loss"
    done = worker.until(Done)
    assert worker.until(End).ok
    assert [m.epoch for m in worker.said(Epoch)] == [0, 1, 2]
    assert worker.said(Warm) and worker.said(Device) and worker.said(Alive)
    record = run.record
    assert record.state == "finished" and record.epochs == 3 and record.settings["seed"] == 4
    assert record.metrics == done.result["metrics"] and "test_accuracy" in record.metrics
    assert record.figure["value"] == record.metrics[record.figure["metric"]]
    assert record.data_fingerprint and record.device == "cpu" and record.parameters > 0
    assert [row["epoch"] for row in run.history.read()] == [1, 2, 3]
    assert json.loads((run.path / "environment.json").read_text())["packages"]["tensorflow"]
    evaluation = Evaluation.load(run.path)
    assert evaluation.headline() == ("accuracy", pytest.approx(record.metrics["test_accuracy"]))
    assert set(evaluation.input_words(0)) > {"petal length"} or len(evaluation.input_words(0)) == 4
    assert not run.alive


def test_pause_holds_resume_goes_on_and_stop_keeps(started, tmp_path):
    run = run_of(tmp_path, digits_mlp(epochs=500))
    worker = started()
    worker.client.send(Train(run=str(run.path)))
    worker.until(Epoch)
    worker.client.send(Pause())
    assert worker.until(Paused).paused
    assert run.record.state == "running" and run.alive
    worker.client.send(Resume())
    assert not worker.until(Paused).paused
    worker.until(Progress)
    worker.client.stop(keep=True)
    assert worker.until(Done).result["stopped"] == "user"
    end = worker.until(End)
    assert end.ok and end.rung is Rung.ASK
    record = run.record
    assert record.state == "stopped" and record.rung == "ask" and run.last_good().parent.name == "final"
    assert Evaluation.load(run.path).metrics.keys() == {"test_loss", "test_accuracy"}


def test_a_dropped_run_leaves_nothing(started, tmp_path):
    run = run_of(tmp_path, digits_mlp(epochs=500))
    worker = started()
    worker.client.send(Train(run=str(run.path)))
    worker.until(Epoch)
    worker.client.stop(keep=False)
    assert worker.until(Done).result == {"dropped": True}
    assert worker.until(End).ok
    assert not run.path.exists()


def test_after_a_kill_the_last_checkpoint_is_evaluated_and_exported(started, tmp_path):
    run = run_of(tmp_path, digits_mlp(epochs=500))
    worker = started()
    worker.client.send(Train(run=str(run.path)))
    worker.until(Checkpoint)
    worker.until(Checkpoint)
    os.kill(worker.client.pid, signal.SIGKILL)
    end = worker.until(End)
    assert "was killed by another program" in end.sentence and "checkpoint is kept" in end.sentence
    record = run.record
    assert record.state == "killed" and record.epochs >= 2 and run.last_good() is not None
    assert len(run.history.read()) >= 2

    measuring = started()
    measuring.client.send(Evaluate(run=str(run.path)))
    assert measuring.until(Done).result["metrics"]["test_accuracy"] > 0.8
    assert run.record.state == "killed" and Evaluation.load(run.path).confusion().sum() == 1000

    exporting = started()
    exporting.client.send(Export(run=str(run.path), formats=("keras", "tflite"), out=""))
    result = exporting.until(Done).result
    assert [row["format"] for row in result["exports"]] == ["keras", "tflite"] and not result["failed"]
    for row in result["exports"]:
        assert row["max_abs_diff"] <= row["allowed"] and row["before"] == row["after"] > 0.8
        assert Path(row["path"]).stat().st_size == row["bytes"]
    assert [row["format"] for row in run.record.exports] == ["keras", "tflite"]


def test_an_export_stopped_halfway_keeps_what_is_proven_and_nothing_else(started, digits, tmp_path):
    before = len(digits.record.exports)
    worker = started()
    worker.client.send(Export(run=str(digits.path), formats=("keras", "onnx", "tflite"), out=str(tmp_path / "out")))
    while worker.until(Proof).state != "proven":
        continue
    worker.client.stop()
    assert worker.until(Failed).code == "cancelled"
    assert worker.until(End).ok
    rows = digits.record.exports[before:]
    assert rows and len(rows) < 3
    there = {p.name for p in (tmp_path / "out").iterdir()}
    beside = {"examples", "labels.txt", "model.json", "model.schema.json", "proof.json"}
    assert there - beside == {Path(row["path"]).name for row in rows}


def test_questions_of_every_kind_are_answered_by_one_worker(started, digits, tmp_path):
    import tensorflow as tf

    evaluation = Evaluation.load(digits.path)
    picture = np.kron(evaluation.pictures[0], np.ones((4, 4, 1), np.uint8))
    (tmp_path / "five.png").write_bytes(tf.io.encode_png(picture).numpy())
    np.save(tmp_path / "drawn.npy", np.repeat(picture, 3, axis=-1))
    np.savez(tmp_path / "raw.npz", image=evaluation.pictures[:3])
    np.save(tmp_path / "raw.npy", evaluation.pictures[:2])
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    words = ["five.png", "drawn.npy", "raw.npz", "raw.npy", "table.csv", "broken.png"]
    worker = started()
    asked = tuple(str(tmp_path / word) for word in words)
    worker.client.send(Predict(run=str(digits.path), inputs=("test:0", "test:5000", *asked), ticket=7))
    answer = worker.until(Answer)
    assert answer.ticket == 7
    by_input: dict[str, list] = {}
    for one in answer.answers:
        by_input.setdefault(Path(one["input"]).name, []).append(one)
    assert {name: len(rows) for name, rows in by_input.items()} == {
        "test:0": 1, "test:5000": 1, "five.png": 1, "drawn.npy": 1, "raw.npz": 3, "raw.npy": 2, "table.csv": 1, "broken.png": 1}
    known = by_input["test:0"][0]
    assert known["true"] == str(evaluation.true_classes()[0]) and known["row"] == evaluation.rows[0]
    assert known["class"] == str(evaluation.predicted_classes()[0]) and sum(known["probabilities"]) == pytest.approx(1)
    np.testing.assert_allclose(known["probabilities"], evaluation.probabilities()[0], atol=1e-6)
    assert by_input["five.png"][0]["class"] == by_input["drawn.npy"][0]["class"] == known["class"]
    assert np.load(by_input["five.png"][0]["seen"]).shape == (28, 28, 1)
    assert [a["index"] for a in by_input["raw.npz"]] == evaluation.predicted_classes()[:3].tolist()
    assert "test:0 to test:999" in by_input["test:5000"][0]["problem"]
    assert "a table, but this network reads “image”" in by_input["table.csv"][0]["problem"]
    assert "not a picture" in by_input["broken.png"][0]["problem"]

    worker.client.send(Predict(run=str(digits.path), inputs=("test:1",), ticket=8))
    assert worker.until(Answer).ticket == 8
    worker.client.quit()
    assert worker.until(End).ok


def test_rows_of_a_table_are_predicted_by_their_headings(started, tmp_path):
    run = run_of(tmp_path, loads(templates()["house-prices"]))
    worker = started()
    worker.client.send(Train(run=str(run.path), epochs=1))
    worker.until(Done)
    worker.until(End)
    evaluation = Evaluation.load(run.path)
    words = evaluation.input_words(0)
    assert len(words) == 13 and evaluation.task == "regression"
    names, values = list(words), list(words.values())
    rows = [",".join(["note", *reversed(names)]), ",".join(["x", *reversed(values)])]
    (tmp_path / "houses.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "gap.csv").write_text(rows[0] + "\n" + ",".join(["x", "", *list(reversed(values))[1:]]) + "\n")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    asking = started()
    asked = tuple(str(tmp_path / name) for name in ("houses.csv", "gap.csv", "other.csv"))
    asking.client.send(Predict(run=str(run.path), inputs=asked))
    good, gap, other = asking.until(Answer).answers
    assert good["value"] == pytest.approx(float(evaluation.prediction.reshape(-1)[0]), rel=2e-2)
    assert "row 1" in gap["problem"] and "empty, not a number" in gap["problem"]
    assert f"“{names[0]}”" in other["problem"] and "“a”, “b”" in other["problem"]


@pytest.mark.parametrize(("job", "code", "words"), [
    (Train(run="/nowhere"), "run", "not a run"), (Predict(run="/nowhere", inputs=("test:0",)), "run", "not a run"),
    (Fetch(dataset="Nothing"), "dataset", "no data set “Nothing”")])
def test_jobs_that_cannot_be_done_fail_with_a_sentence(started, job, code, words):
    worker = started()
    worker.client.send(job)
    failed = worker.until(Failed)
    assert failed.code == code and words in failed.sentence
    assert worker.until(End).ok


def test_a_drawing_that_cannot_be_trained_fails_its_run(started, tmp_path):
    document = loads(templates()["iris"])
    for key in list(document.graph.edges):
        document.graph.drop_edge(key)
    run = run_of(tmp_path, document)
    worker = started()
    worker.client.send(Train(run=str(run.path)))
    failed = worker.until(Failed)
    worker.until(End)
    record = run.record
    assert record.state == "failed" and record.reason.startswith(failed.sentence)


def test_a_run_is_trained_by_one_process_at_a_time(started, tmp_path):
    run = run_of(tmp_path, digits_mlp(epochs=500))
    first, second = started(), started()
    first.client.send(Train(run=str(run.path)))
    first.until(Started)
    second.client.send(Train(run=str(run.path)))
    assert second.until(Failed).code == "busy"
    assert run.record.state == "running"


def test_the_probe_names_the_device(started):
    worker = started()
    worker.client.send(Probe())
    result = worker.until(Done).result
    assert worker.said(Device)[0].sentence.startswith("Runs on") and result["tensorflow"].startswith("2.")


def bare(folder: Path) -> subprocess.Popen[bytes]:
    """A worker process without a client."""
    return subprocess.Popen(command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder)


def test_a_worker_without_a_client_ends(tmp_path):
    process = bare(tmp_path)
    process.stdout.readline()
    process.stdin.close()
    process.stdout.read()
    process.stdout.close()
    assert process.wait(60) == 0


def test_a_training_without_a_client_stops_and_keeps(tmp_path):
    run = run_of(tmp_path, digits_mlp(epochs=100_000))
    process = bare(tmp_path)
    process.stdin.write(encode(Train(run=str(run.path))))
    process.stdin.flush()
    for line in process.stdout:
        if isinstance(decode_message(line), Epoch):
            break
    process.stdin.close()
    process.stdout.close()
    process.wait(60)
    assert run.record.state == "stopped" and run.last_good().parent.name == "final"


NOISY = """
import ctypes, os, subprocess, sys, threading
sys.path.insert(0, {home!r})
import graph_compiler.worker.process as process

def noise():
    libc = ctypes.CDLL(None)
    while True:
        print("python on stdout", flush=True)
        libc.puts(b"C on stdout")
        libc.fflush(None)
        subprocess.run(["echo", "a child on stdout"], check=True)

def warm_up(before=process._warm_up):
    threading.Thread(target=noise, daemon=True).start()
    before()

process._warm_up = warm_up
process.main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the C library by its POSIX name")
def test_prints_of_python_c_and_children_do_not_get_between_messages(tmp_path):
    run = run_of(tmp_path)
    job = encode(Train(run=str(run.path)))
    done = subprocess.run([sys.executable, "-P", "-c", NOISY.format(home=str(HOME))], input=job, capture_output=True,
                          check=False, timeout=120, cwd=tmp_path)
    messages = [decode_message(line) for line in done.stdout.splitlines()]
    assert any(isinstance(m, (Done, Stop, Epoch)) for m in messages)
    for words in (b"python on stdout", b"C on stdout", b"a child on stdout"):
        assert words in done.stderr and words not in done.stdout


def test_folders_beside_a_document_are_not_executed(started, tmp_path):
    for name in ("app", "graph_compiler", "tensorflow", "resources"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('the decoy was executed')\n")
    worker = started()
    worker.until(Warm)
    assert not [m for m in worker.said(Log) if "decoy" in m.text]


