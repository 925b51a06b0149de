"""What `netloom run` says at its end."""

from __future__ import annotations

from app.cli.report import summary

RESULT = {"metrics": {"test_accuracy": 0.9}, "seconds": {"train": 3.0, "start": 1.0}, "epochs": 0, "exports": [],
          "figure": {"name": "test accuracy", "value": 0.9, "bound": 0.97, "reached": False}, "run": "folder"}


def test_a_whole_run_is_held_against_its_bound():
    said = "\n".join(summary({**RESULT, "epochs": 6}, []))
    assert "bound 0.97" in said and "not reached" in said and "6 epochs: 3 s, started in 1 s" in said


def test_a_limited_run_says_so_and_is_not_judged():
    said = "\n".join(summary(RESULT, [], limit=30))
    assert "Stopped after 30 steps, as asked: 3 s" in said and "bound" not in said
