"""Runs with a class at each of several places are measured: names, class numbers, the text that was read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from graph_compiler.graph.model import Document
from graph_compiler.messages import Evaluate
from graph_compiler.runs.evaluation import Evaluation
from graph_compiler.runs.folder import RunFolder
from graph_compiler.trainers.session import Control
from graph_compiler.worker.jobs.context import Context
from graph_compiler.worker.jobs.evaluate import evaluate
from tests.helpers.drawing import drawing
from tests.helpers.training import run


def measured(document: Document, folder: Path) -> tuple[Evaluation, dict[str, float]]:
    made = RunFolder.create(folder, document, title="Net")
    run(document, made.path, limit_steps=2)
    found = evaluate(Evaluate(run=str(made.path)), Context(lambda message: None, Control(), lambda: None))
    return Evaluation.load(made.path), found["metrics"]


def test_tags_of_letters_leave_padding_out_and_keep_the_text(tmp_path):
    evaluation, metrics = measured(drawing(
        "dates DateTags rows=80", "letters Embedding input_dim=79 output_dim=6 mask_zero=true",
        "tags Dense units=6 activation=softmax",
        "loss Loss loss=SparseCategoricalCrossentropy", "dates.text > letters > tags > loss.prediction",
        "dates.tags > loss.target"), tmp_path)
    assert evaluation.place_classes[:2] == ("", "other") and not evaluation.outdated
    assert evaluation.prediction.dtype == evaluation.target.dtype == np.uint8
    assert evaluation.headline()[1] == pytest.approx(metrics["test_accuracy"], abs=1e-6)
    assert evaluation.tokens.shape == evaluation.target.shape
    assert ((evaluation.tokens == 0) == ~evaluation.places.counted).all()
    text = "".join(evaluation.vocabulary[i] for i in evaluation.tokens[0])
    assert any(letter.isdigit() for letter in text)


@pytest.mark.parametrize("head", ["Conv2D filters=1 kernel_size=3 padding=same activation=sigmoid",
                                  "Conv2D filters=2 kernel_size=3 padding=same"])
def test_masks_are_kept_as_class_numbers(tmp_path, head):
    logits = " from_logits=true" if "sigmoid" not in head else ""
    evaluation, metrics = measured(drawing(
        "cells Nuclei size=16 stride=32", "shrink Rescaling scale=0.004", f"head {head}", f"loss Loss{logits}",
        "cells.image > shrink > head > loss.prediction", "cells.mask > loss.target"), tmp_path)
    assert evaluation.named == ("background", "nucleus") and evaluation.classes == ()
    assert evaluation.prediction.shape == evaluation.target.shape == (len(evaluation.rows), 16, 16)
    assert evaluation.pictures.shape == (len(evaluation.rows), 16, 16, 1) and evaluation.tokens is None
    assert evaluation.headline()[1] == pytest.approx(metrics["test_accuracy"], abs=1e-6)
