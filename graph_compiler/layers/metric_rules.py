"""Which Keras metrics stand for `accuracy`, `auc` and the like, given the loss they accompany."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_compiler.layers.loss_meeting import NUMBERED, TAKES_LOGITS, Meeting
from graph_compiler.specs.refusal import Refusal

METRICS = ("auto", "accuracy", "top_k_accuracy", "auc", "precision", "recall", "f1", "mean_iou", "mae", "mse",
           "rmse", "r2", "psnr", "label_error_rate")
OWN = frozenset({"MeanPSNR", "LabelErrorRate"})
"""Metrics that Keras does not have; the trainer brings them."""
Metric = tuple[str, str, dict[str, Any]]
"""Name in the history, Keras class, arguments."""

_ERRORS = {"mae": "MeanAbsoluteError", "mse": "MeanSquaredError", "rmse": "RootMeanSquaredError", "r2": "R2Score"}
_CLASSED = frozenset({"classification", "binary", "multilabel"})
_APART = {"embedding": "", "transcription": "label_error_rate"}
"""Tasks that no metric of the others fits, and the one that does."""


def metrics_of(m: Meeting, loss: str, task: str, logits: bool) -> tuple[Metric, ...]:
    """The chosen metrics settled, each name once. Refusal (param `metrics`) for one that says nothing here."""
    names = dict.fromkeys(_auto(task) if name == "auto" else name for name in m.p["metrics"])
    return tuple(_metric(name, m, loss, task, logits) for name in names if name)


def _auto(task: str) -> str:
    return "accuracy" if task in _CLASSED else _APART.get(task, "mae")


def _metric(name: str, m: Meeting, loss: str, task: str, logits: bool) -> Metric:
    if task in _APART or name == _APART["transcription"]:
        return _apart(name, loss, task)
    if name in _ERRORS:
        return _error(name, m, task)
    if name == "psnr":
        return _psnr(m, task)
    if task not in _CLASSED:
        if name != "accuracy" or loss not in TAKES_LOGITS:
            raise _unfit(name, "mae, mse, rmse or r2", "a target of numbers")
        return name, "BinaryAccuracy", {"threshold": 0.0 if logits else 0.5}
    if name == "accuracy":
        return _accuracy(m, loss, task, logits)
    if name == "top_k_accuracy":
        return _top_k(m, loss, task)
    if name == "mean_iou":
        return _mean_iou(m, loss, task)
    if name == "f1":
        return _f1(m, loss, task, logits)
    return _ranking(name, m, loss, task, logits)


def _apart(name: str, loss: str, task: str) -> Metric:
    if task == "embedding":
        raise _unfit(name, "no metric", f"lists that {loss} compares with each other",
                     "Take the metrics away. Evaluate shows how well neighbours agree.", ())
    if task != "transcription":
        raise _unfit(name, "the loss CTC", f"the loss {loss}")
    if name != _APART[task]:
        raise _unfit(name, _APART[task], "a list of labels")
    return name, "LabelErrorRate", {}


def _error(name: str, m: Meeting, task: str) -> Metric:
    if task == "classification":
        raise _unfit(name, "accuracy or top_k_accuracy", "a target of classes")
    if name == "r2" and m.prediction.rank > 1:
        raise _unfit(name, "mae, mse or rmse", f"a prediction of {m.prediction.words}")
    return name, _ERRORS[name], {}


def _accuracy(m: Meeting, loss: str, task: str, logits: bool) -> Metric:
    if task == "classification":
        return "accuracy", "SparseCategoricalAccuracy" if loss in NUMBERED else "CategoricalAccuracy", {}
    hinge = loss in ("Hinge", "SquaredHinge")
    return "accuracy", "BinaryAccuracy", {"threshold": 0.0 if logits or (hinge and not m.probabilities) else 0.5}


def _top_k(m: Meeting, loss: str, task: str) -> Metric:
    if task != "classification":
        raise _unfit("top_k_accuracy", "accuracy", "a target without several classes")
    keras = "SparseTopKCategoricalAccuracy" if loss in NUMBERED else "TopKCategoricalAccuracy"
    return "top_k_accuracy", keras, {"k": min(5, max(1, (m.scores or 6) - 1))}


def _mean_iou(m: Meeting, loss: str, task: str) -> Metric:
    """Overlap over union of each class, averaged: for a class at each place of a picture."""
    if task != "classification" or m.prediction.rank < 2:
        raise _unfit("mean_iou", "a class at each place of a picture", f"a prediction of {m.prediction.words}")
    left_out = {} if m.p.get("ignore_class") is None else {"ignore_class": m.p["ignore_class"]}
    return "mean_iou", "MeanIoU", {"num_classes": m.scores or len(m.classes), "sparse_y_true": loss in NUMBERED,
                                   "sparse_y_pred": False, **left_out}


def _f1(m: Meeting, loss: str, task: str, logits: bool) -> Metric:
    """The harmonic mean of precision and recall, averaged over the answers (macro)."""
    if loss in NUMBERED or m.prediction.rank != 1:
        raise _unfit("f1", "one-hot or yes/no answers", "class numbers", "Evaluate shows f1 of every class; or insert OneHot.")
    if logits or not m.probabilities:
        raise _unfit("f1", "probabilities", "scores",
                     f"Set activation of the last layer to {'softmax' if task == 'classification' else 'sigmoid'}.")
    return "f1", "F1Score", {"average": "macro", **({} if task == "classification" else {"threshold": 0.5})}


def _psnr(m: Meeting, task: str) -> Metric:
    """Peak signal-to-noise ratio in dB of pictures from 0 to 1, the mean over samples."""
    if task not in ("reconstruction", "regression") or m.prediction.rank < 2:
        other = "mae, mse or rmse" if task == "regression" else "accuracy"
        raise _unfit("psnr", other, f"a prediction of {m.prediction.words}")
    return "psnr", "MeanPSNR", {}


def _ranking(name: str, m: Meeting, loss: str, task: str, logits: bool) -> Metric:
    """auc, precision, recall: of a yes/no answer, or of each number of a one-hot or multi-label prediction."""
    if loss in NUMBERED:
        raise _unfit(name, "accuracy or top_k_accuracy", "class numbers",
                     "Evaluate shows precision and recall of every class; or insert OneHot.")
    scores = logits or (loss not in TAKES_LOGITS and not m.probabilities)
    if scores and task == "classification":
        raise _unfit(name, "probabilities", "scores", "Set activation of the last layer to softmax.")
    if name == "auc":
        many = {"multi_label": True, "num_labels": m.scores} if task != "binary" and m.prediction.rank == 1 else {}
        return name, "AUC", {**many, "from_logits": scores} if scores else many
    return name, name.capitalize(), {"thresholds": 0.0} if scores else {}


def _unfit(name: str, expected: str, received: str, hint: str = "", instead: Sequence[str] = ("auto",)) -> Refusal:
    return Refusal("metric", f"{name} says nothing here", param="metrics", expected=expected, received=received,
                   hint=hint or "Choose another metric, or auto.", metrics=list(instead))
