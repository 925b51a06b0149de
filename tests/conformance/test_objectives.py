"""Settled losses and metrics in real Keras: every class exists, takes its arguments, and gives a finite number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from graph_compiler.build.own_metrics import metric_class
from graph_compiler.layers.loss_meeting import (
    ALIGNED,
    EMBEDDINGS,
    LOSSES,
    NUMBERED,
    NUMBERS,
    ONE_HOT,
    OVERLAP,
    TAKES_LOGITS,
    YES_NO,
)
from graph_compiler.layers.metric_rules import METRICS
from graph_compiler.layers.objectives import LOSS
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Column, Tensor

ROWS = 12
LABEL = Column(name="label", kind="category", classes=tuple("abcdefg"))
YES = Column(name="label", kind="category", classes=("no", "yes"))


def meeting(loss: str) -> tuple[Tensor, Tensor, np.ndarray]:
    """Prediction, target and target values that a loss can have."""
    random = np.random.default_rng(0)
    if loss in ALIGNED:
        return Tensor((5, 7)), Tensor((3,), "int32", False, LABEL), random.integers(1, 7, (ROWS, 3))
    if loss in NUMBERED or loss in EMBEDDINGS:
        return Tensor((7,)), Tensor((), "int32", False, LABEL), random.integers(0, 7, ROWS)
    if loss in ONE_HOT:
        return Tensor((7,)), Tensor((7,), "float32", False, LABEL), np.eye(7, dtype="float32")[random.integers(0, 7, ROWS)]
    if loss in YES_NO or loss in OVERLAP:
        return Tensor((1,)), Tensor((), "int32", False, YES), np.arange(ROWS).reshape(-1, 1) % 2
    return Tensor((3,)), Tensor((3,)), random.random((ROWS, 3)).astype("float32")


def last_activation(loss: str, logits: bool) -> str:
    """The one that a loss asks for."""
    if loss in EMBEDDINGS:
        return "UnitNormalization"
    if logits or loss in NUMBERS or loss in ALIGNED:
        return "linear"
    return "softmax" if loss in (*NUMBERED, *ONE_HOT) else "sigmoid"


CASES = [(loss, logits, metric) for loss in LOSSES[1:] for logits in (False, True) for metric in METRICS
         if not (logits and loss not in TAKES_LOGITS)]


@pytest.mark.parametrize(("loss", "logits", "metric"), CASES)
def test_keras_takes_what_is_settled(loss: str, logits: bool, metric: str) -> None:
    import keras
    prediction, target, truth = meeting(loss)
    given = {"loss": loss, "from_logits": logits, "metrics": [metric]}
    values: dict[str, Any] = {p.name: p.check(given.get(p.name, p.default)) for p in LOSS.params_for(given)}
    activation = last_activation(loss, logits)
    assert LOSS.resolve is not None
    try:
        settled = LOSS.resolve(values, prediction, target, activation)
    except Refusal as refusal:
        assert refusal.code == "metric"
        return
    scores = np.random.default_rng(1).random((ROWS, *(d or 1 for d in prediction.shape))).astype("float32")
    if activation == "UnitNormalization":
        scores /= np.linalg.norm(scores, axis=-1, keepdims=True)
    elif activation == "softmax":
        scores /= scores.sum(axis=-1, keepdims=True)
    elif logits:
        scores = scores * 6 - 3
    assert np.isfinite(float(getattr(keras.losses, settled.loss)(**settled.arguments)(truth, scores)))
    for name, keras_name, arguments in settled.metrics:
        measured = metric_class(keras_name)(name=name, **arguments)
        measured.update_state(truth, scores)
        assert np.isfinite(np.asarray(measured.result())).all()


def test_accuracy_of_scores_and_of_probabilities_is_the_same() -> None:
    import keras
    truth, scores = np.array([[0], [1], [1], [0]]), np.array([[-2.0], [0.3], [-0.1], [4.0]], "float32")
    found = []
    for activation, given in (("linear", scores), ("sigmoid", 1 / (1 + np.exp(-scores)))):
        values: dict[str, Any] = {p.name: p.check(p.default) for p in LOSS.params_for({})}
        assert LOSS.resolve is not None
        settled = LOSS.resolve(values, Tensor((1,)), Tensor((), "int32", False, YES), activation)
        name, keras_name, arguments = settled.metrics[0]
        metric = getattr(keras.metrics, keras_name)(name=name, **arguments)
        metric.update_state(truth, given)
        found.append((round(float(metric.result()), 6),
                      round(float(getattr(keras.losses, settled.loss)(**settled.arguments)(truth, given)), 5)))
    assert found[0] == found[1]
    assert found[0][0] == 0.5
