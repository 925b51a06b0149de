"""What `netloom run` says at its end."""

from __future__ import annotations

from app.cli.common import open_document
from app.cli.jobs import Interrupts
from app.cli.report import object_of, summary
from app.cli.training import Training
from graph_compiler.messages import Proof
from graph_compiler.runs.folder import RunFolder

RESULT = {"metrics": {"test_accuracy": 0.9}, "seconds": {"train": 3.0, "start": 1.0}, "epochs": 0, "exports": [],
          "figure": {"name": "test accuracy", "value": 0.9, "bound": 0.97, "reached": False}, "run": "folder"}


def test_a_whole_run_is_held_against_its_bound():
    said = "\n".join(summary({**RESULT, "epochs": 6}, []))
    assert "bound 0.97" in said and "not reached" in said and "6 epochs: 3 s, started in 1 s" in said


def test_a_limited_run_says_so_and_is_not_judged():
    said = "\n".join(summary(RESULT, [], limit=30))
    assert "Stopped after 30 steps, as asked: 3 s" in said and "bound" not in said


def test_files_that_could_not_be_made_are_told_with_their_part(tmp_path):
    heard = []
    training = Training(open_document("iris"), RunFolder(tmp_path), Interrupts(lambda times: None), heard.append, 0.0)
    assert "failed" not in object_of("iris", {}, training)
    training._exporting(Proof(format="onnx", part="whole", state="failed", problem="It differs."))
    training._exporting(Proof(format="tflite-int8", part="step", state="failed", problem="Too far."))
    assert training.troubles == ["The onnx file could not be made: It differs.",
                                 "The tflite-int8 file of step could not be made: Too far."]
    assert object_of("iris", {}, training)["failed"] == [
        {"format": "onnx", "part": "whole", "problem": "It differs."},
        {"format": "tflite-int8", "part": "step", "problem": "Too far."}]
    assert len(heard) == 2
