"""The report of an evaluation as Markdown: classes, numbers, classes at each place."""

from __future__ import annotations

import numpy as np

from app.report import figures_text, report_text
from graph_compiler.runs.evaluation import Evaluation


def made(task: str, prediction: object, target: object, classes: tuple[str, ...] = ()) -> str:
    found = np.asarray(prediction, np.float32)
    return report_text("Net", Evaluation(task, {"test_loss": 0.25}, classes, found, np.asarray(target), np.arange(len(found))))


def test_classes_come_as_tables() -> None:
    text = made("classification", [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], [0, 1, 1], ("cat", "dog"))
    assert text.startswith("# Net: test rows\n")
    assert "| test_loss | 0.25 |" in text
    assert "| dog | 1.0000 | 0.5000 | 0.6667 | 2 |" in text
    assert "| dog | 1 | 1 |" in text


def test_numbers_have_residuals() -> None:
    assert "Residuals: median 0.5, 95th percentile 0.95, largest 1." in made("regression", [1.0, 3.0], [1.0, 2.0])


def test_classes_at_each_place_have_shares() -> None:
    text = made("classification", np.eye(2, dtype=np.float32)[[[0, 1], [1, 1]]], [[0, 1], [0, 1]])
    assert "Wrong places of a row: mean 25.0000%, 95th percentile 47.5000%, largest 50.0000%." in text
    assert "| class | precision | recall | F1 | places |" in text
    assert "| 0 | 1.0000 | 0.5000 | 0.6667 | 2 |" in text and "| 1 | 0 | 2 |" in text


def test_figures_of_what_generates_are_a_table() -> None:
    assert figures_text("Net", [("Exact match, test", "93 %")]) == (
        "# Net\n\n| figure | value |\n|---|---|\n| Exact match, test | 93 % |\n")
