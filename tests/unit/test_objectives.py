"""Which loss and metrics a prediction and a target settle on, and the words for those that do not fit."""

from __future__ import annotations

from typing import Any

import pytest

from graph_compiler.layers.objectives import LOSS, resolve_loss
from graph_compiler.specs.objectives import Resolved
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Column, Shape, Tensor

TEN = tuple("0123456789")


def numbers(*shape: int | None) -> Tensor:
    return Tensor(shape)


def classes(count: int, *shape: int) -> Tensor:
    names = tuple(f"c{i}" for i in range(count))
    return Tensor(shape, "int32", False, Column(name="label", kind="mask" if shape else "category", classes=names))


def one_hot(count: int) -> Tensor:
    return Tensor((count,), "float32", False,
                  Column(name="label", kind="category", classes=tuple(f"c{i}" for i in range(count))))


def picture(*shape: int) -> Tensor:
    return Tensor(shape, "uint8", False, Column(name="image", kind="image", shape=shape))


def settle(prediction: Tensor, target: Tensor, activation: str = "linear", **given: Any) -> Resolved:
    values = {p.name: p.check(given.get(p.name, p.default)) for p in LOSS.params_for(given)}
    return resolve_loss(values, prediction, target, activation)


def refused(prediction: Tensor, target: Tensor, activation: str = "linear", **given: Any) -> Refusal:
    with pytest.raises(Refusal) as found:
        settle(prediction, target, activation, **given)
    return found.value


@pytest.mark.parametrize(("prediction", "target", "activation", "loss", "arguments", "task", "metric"), [
    (numbers(10), classes(10), "softmax", "SparseCategoricalCrossentropy", {"from_logits": False}, "classification",
     "SparseCategoricalAccuracy"),
    (numbers(10), classes(10), "linear", "SparseCategoricalCrossentropy", {"from_logits": True}, "classification",
     "SparseCategoricalAccuracy"),
    (numbers(2), classes(2), "softmax", "SparseCategoricalCrossentropy", {"from_logits": False}, "classification",
     "SparseCategoricalAccuracy"),
    (numbers(1), classes(2), "sigmoid", "BinaryCrossentropy", {"from_logits": False}, "binary", "BinaryAccuracy"),
    (numbers(1), classes(2), "linear", "BinaryCrossentropy", {"from_logits": True}, "binary", "BinaryAccuracy"),
    (numbers(10), one_hot(10), "softmax", "CategoricalCrossentropy", {"from_logits": False}, "classification",
     "CategoricalAccuracy"),
    (numbers(8, 8, 3), classes(3, 8, 8), "softmax", "SparseCategoricalCrossentropy", {"from_logits": False}, "classification",
     "SparseCategoricalAccuracy"),
    (numbers(8, 8, 1), classes(2, 8, 8), "sigmoid", "BinaryCrossentropy", {"from_logits": False}, "binary", "BinaryAccuracy"),
    (numbers(1), numbers(), "linear", "MeanSquaredError", {}, "regression", "MeanAbsoluteError"),
    (numbers(), numbers(), "linear", "MeanSquaredError", {}, "regression", "MeanAbsoluteError"),
    (numbers(12, 3), numbers(12, 3), "linear", "MeanSquaredError", {}, "regression", "MeanAbsoluteError"),
    (numbers(None, 3), numbers(12, 3), "linear", "MeanSquaredError", {}, "regression", "MeanAbsoluteError"),
    (numbers(28, 28, 1), numbers(28, 28, 1), "sigmoid", "MeanSquaredError", {}, "reconstruction", "MeanAbsoluteError"),
    (numbers(28, 28, 1), picture(28, 28, 1), "sigmoid", "MeanSquaredError", {}, "reconstruction", "MeanAbsoluteError")])
def test_auto(prediction: Tensor, target: Tensor, activation: str, loss: str, arguments: dict[str, Any], task: str,
              metric: str) -> None:
    found = settle(prediction, target, activation)
    assert (found.loss, found.arguments, found.task, found.metrics[0][1]) == (loss, arguments, task, metric)
    assert found.classes == (target.column.classes if target.column and task != "reconstruction" else ())


@pytest.mark.parametrize(("loss", "prediction", "target", "activation", "task"), [
    ("MeanAbsoluteError", numbers(1), numbers(), "linear", "regression"),
    ("Huber", numbers(4), numbers(4), "linear", "regression"),
    ("Poisson", numbers(1), numbers(), "exponential", "regression"),
    ("KLDivergence", numbers(4), numbers(4), "softmax", "regression"),
    ("Hinge", numbers(1), classes(2), "linear", "binary"),
    ("CategoricalHinge", numbers(3), one_hot(3), "linear", "classification"),
    ("BinaryCrossentropy", numbers(4), numbers(4), "sigmoid", "multilabel"),
    ("BinaryCrossentropy", numbers(8, 8, 1), numbers(8, 8, 1), "sigmoid", "reconstruction"),
    ("CategoricalFocalCrossentropy", numbers(3), one_hot(3), "softmax", "classification"),
    ("MeanSquaredError", numbers(1), classes(5), "linear", "regression")])
def test_a_chosen_loss(loss: str, prediction: Tensor, target: Tensor, activation: str, task: str) -> None:
    found = settle(prediction, target, activation, loss=loss)
    assert (found.loss, found.task) == (loss, task)


@pytest.mark.parametrize(("shape", "count", "received"),
                         [((7,), 10, "7 numbers"), ((12,), 10, "12 numbers"), ((1,), 3, "one number")])
def test_units_against_classes(shape: Shape, count: int, received: str) -> None:
    refusal = refused(Tensor(shape), classes(count), "softmax")
    assert (refusal.code, refusal.port, refusal.title) == ("units", "prediction", f"Loss needs {count} scores")
    assert (refusal.expected, refusal.received) == (f"{count} numbers, one for each class", received)
    assert refusal.facts == {"units": count}


def test_a_picture_of_scores_against_one_class() -> None:
    refusal = refused(numbers(28, 28, 10), classes(10), "softmax")
    assert (refusal.code, refusal.facts) == ("units", {})
    assert refusal.hint == "Insert Flatten or a global pooling before the last layers."


def test_one_hot_against_class_numbers() -> None:
    refusal = refused(numbers(10), classes(10), "softmax", loss="CategoricalCrossentropy")
    assert (refusal.code, refusal.port, refusal.title) == ("one-hot", "target", "Loss needs a one-hot target")
    assert (refusal.expected, refusal.received) == ("10 numbers", "one class number int32")
    assert refusal.facts == {"insert": "OneHot", "classes": 10, "loss": "SparseCategoricalCrossentropy"}
    back = refused(numbers(10), one_hot(10), "softmax", loss="SparseCategoricalCrossentropy")
    assert (back.code, back.title, back.facts) == ("target", "Loss needs class numbers", {"loss": "CategoricalCrossentropy"})
    assert refused(numbers(3), classes(3), "sigmoid", loss="BinaryCrossentropy").code == "one-hot"


def test_softmax_against_logits() -> None:
    refusal = refused(numbers(10), classes(10), "softmax", from_logits=True)
    assert (refusal.code, refusal.param, refusal.facts) == ("logits", "from_logits", {"from_logits": False, "activation": None})
    refusal = refused(numbers(10), classes(10), "linear", loss="SparseCategoricalCrossentropy")
    assert (refusal.code, refusal.facts) == ("logits", {"from_logits": True, "activation": "softmax"})
    refusal = refused(numbers(1), classes(2), "relu", loss="BinaryCrossentropy")
    assert (refusal.received, refusal.facts["activation"]) == ("the values after relu", "sigmoid")
    assert settle(numbers(10), classes(10), loss="SparseCategoricalCrossentropy",
                  from_logits=True).arguments == {"from_logits": True}
    assert refused(numbers(1), numbers(), from_logits=True).facts == {"from_logits": False}
    assert refused(numbers(1), classes(2), "softmax").code == "softmax"


@pytest.mark.parametrize(("prediction", "target", "title", "facts"), [
    (numbers(13), numbers(), "Loss needs one number", {"units": 1}),
    (numbers(4), numbers(5), "Loss needs 5 numbers", {"units": 5}),
    (numbers(28, 28, 1), numbers(), "Loss needs one number", {}),
    (numbers(14, 14, 1), numbers(28, 28, 1), "Loss needs a prediction of 28×28×1", {})])
def test_shapes_that_do_not_meet(prediction: Tensor, target: Tensor, title: str, facts: dict[str, Any]) -> None:
    refusal = refused(prediction, target)
    assert (refusal.code, refusal.port, refusal.title, refusal.facts) == ("shapes", "prediction", title, facts)
    assert refusal.hint


def test_text_is_no_target() -> None:
    assert refused(numbers(3), Tensor((), "string")).port == "target"


def test_label_smoothing() -> None:
    found = settle(numbers(3), one_hot(3), "softmax", label_smoothing=0.1)
    assert found.arguments == {"from_logits": False, "label_smoothing": 0.1}
    assert refused(numbers(3), classes(3), "softmax", label_smoothing=0.1).facts == {"label_smoothing": 0.0}


@pytest.mark.parametrize(("name", "prediction", "target", "activation", "expected"), [
    ("top_k_accuracy", numbers(10), classes(10), "softmax", ("SparseTopKCategoricalAccuracy", {"k": 5})),
    ("top_k_accuracy", numbers(3), one_hot(3), "softmax", ("TopKCategoricalAccuracy", {"k": 2})),
    ("auc", numbers(1), classes(2), "sigmoid", ("AUC", {})),
    ("auc", numbers(1), classes(2), "linear", ("AUC", {"from_logits": True})),
    ("auc", numbers(3), one_hot(3), "softmax", ("AUC", {"multi_label": True, "num_labels": 3})),
    ("precision", numbers(1), classes(2), "sigmoid", ("Precision", {})),
    ("recall", numbers(1), classes(2), "linear", ("Recall", {"thresholds": 0.0})),
    ("accuracy", numbers(1), classes(2), "linear", ("BinaryAccuracy", {"threshold": 0.0})),
    ("rmse", numbers(1), numbers(), "linear", ("RootMeanSquaredError", {})),
    ("r2", numbers(1), numbers(), "linear", ("R2Score", {})),
    ("mean_iou", numbers(8, 8, 3), Tensor((8, 8), "int32"), "softmax",
     ("MeanIoU", {"num_classes": 3, "sparse_y_true": True, "sparse_y_pred": False})),
    ("f1", numbers(3), one_hot(3), "softmax", ("F1Score", {"average": "macro"})),
    ("psnr", numbers(8, 8, 1), numbers(8, 8, 1), "sigmoid", ("MeanPSNR", {}))])
def test_metrics(name: str, prediction: Tensor, target: Tensor, activation: str, expected: tuple[str, dict[str, Any]]) -> None:
    assert settle(prediction, target, activation, metrics=[name]).metrics == ((name, *expected),)


def test_metrics_come_once() -> None:
    found = settle(numbers(10), classes(10), "softmax", metrics=["auto", "accuracy", "top_k_accuracy"])
    assert [name for name, _, _ in found.metrics] == ["accuracy", "top_k_accuracy"]


@pytest.mark.parametrize(("name", "prediction", "target", "activation"), [
    ("accuracy", numbers(1), numbers(), "linear"), ("mae", numbers(10), classes(10), "softmax"),
    ("precision", numbers(10), classes(10), "softmax"), ("auc", numbers(3), one_hot(3), "linear"),
    ("top_k_accuracy", numbers(1), classes(2), "sigmoid"), ("r2", numbers(8, 8, 1), numbers(8, 8, 1), "linear"),
    ("mean_iou", numbers(10), classes(10), "softmax"), ("f1", numbers(10), classes(10), "softmax"),
    ("f1", numbers(3), one_hot(3), "linear"), ("psnr", numbers(10), classes(10), "softmax")])
def test_metrics_that_say_nothing(name: str, prediction: Tensor, target: Tensor, activation: str) -> None:
    refusal = refused(prediction, target, activation, metrics=[name])
    assert (refusal.code, refusal.param, refusal.title) == ("metric", "metrics", f"{name} says nothing here")
    assert refusal.facts == {"metrics": ["auto"]}
    assert refusal.expected
    assert refusal.hint
