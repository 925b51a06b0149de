"""Which Keras loss fits a prediction and a target, and in what words the others are refused.

Shapes are without the batch axis. A target of class numbers has one axis less than its prediction of scores.
"""

from __future__ import annotations

from collections.abc import Callable

from graph_compiler.layers.loss_meeting import (
    ALIGNED,
    EMBEDDINGS,
    NUMBERED,
    ONE_HOT,
    OVERLAP,
    YES_NO,
    Meeting,
    apart,
    meets,
    numbers_of,
    numbers_words,
    places_words,
    received,
    same,
    shapes_refusal,
    target_refusal,
    units_refusal,
)
from graph_compiler.specs.refusal import Refusal


def choose(m: Meeting) -> str:
    """The loss `auto` stands for."""
    if m.one_hot:
        return "CategoricalCrossentropy"
    if not m.class_numbers:
        return "MeanSquaredError"
    if m.yes_no:
        return "BinaryCrossentropy"
    if m.classes or not meets(m.prediction.shape, m.target.shape):
        return "SparseCategoricalCrossentropy"
    return "BinaryCrossentropy" if m.probabilities else "MeanSquaredError"


def check(m: Meeting, loss: str) -> None:
    """Refuse the loss where target or prediction cannot be its own."""
    _CHECKS.get(loss, _check_numbers)(m)


def task_of(m: Meeting, loss: str) -> str:
    """What kind of answer is learnt.

    One of classification, binary, multilabel, regression, reconstruction, embedding (rows of a class lie together) and
    transcription (a series read as labels).
    """
    if loss in EMBEDDINGS:
        return "embedding"
    if loss in ALIGNED:
        return "transcription"
    if loss in NUMBERED or loss in ONE_HOT or (loss in OVERLAP and m.one_hot):
        return "classification"
    picture = m.target.rank >= 3 or (m.target.column is not None and m.target.column.kind in ("image", "video"))
    if loss in YES_NO or loss in OVERLAP:
        if m.class_numbers or (m.scores == 1 and not picture):
            return "binary"
        return "reconstruction" if picture else "multilabel"
    return "reconstruction" if picture else "regression"


# Classes.

def _check_sparse(m: Meeting) -> None:
    if not m.class_numbers:
        if apart(m):
            raise target_refusal(m)
        better = "CategoricalCrossentropy" if m.one_hot else "MeanSquaredError"
        raise Refusal("target", "Loss needs class numbers", port="target", expected="one class number",
                      received=received(m.target), hint=f"Set loss to {better}.", loss=better)
    shape = m.prediction.shape
    if not shape or not same(shape[:-1], m.target.shape):
        raise units_refusal(m, len(m.classes) or None, places_words(m.target.shape))
    if m.classes and m.scores != len(m.classes):
        raise units_refusal(m, len(m.classes))
    if m.scores == 1:
        raise units_refusal(m, 2)


def _check_robust(m: Meeting) -> None:
    _check_sparse(m)
    _need_probabilities(m, "softmax", "CategoricalGeneralizedCrossEntropy expects probabilities")


def _check_one_hot(m: Meeting) -> None:
    if m.class_numbers:
        n = len(m.classes) or m.scores
        raise Refusal("one-hot", "Loss needs a one-hot target", port="target", expected=numbers_words(n),
                      received=received(m.target), insert="OneHot", classes=n, loss="SparseCategoricalCrossentropy",
                      hint="Insert OneHot before it, or choose SparseCategoricalCrossentropy.")
    if not same(m.prediction.shape, m.target.shape) or not m.prediction.shape:
        raise shapes_refusal(m)
    if m.scores == 1:
        raise Refusal("units", "Loss needs two scores or more", port="prediction", expected="one number for each class",
                      received="one number", hint="Set loss to BinaryCrossentropy.", loss="BinaryCrossentropy")


def _check_yes_no(m: Meeting) -> None:
    if m.class_numbers and m.target.shape == m.prediction.shape[:-1] and m.scores != 1:
        n = len(m.classes) or m.scores
        raise Refusal("one-hot", "Loss needs a one-hot target", port="target", expected=numbers_words(m.scores),
                      received=received(m.target), loss="SparseCategoricalCrossentropy", insert="OneHot", classes=n,
                      hint="Set loss to SparseCategoricalCrossentropy, or insert OneHot.")
    if not meets(m.prediction.shape, m.target.shape):
        raise shapes_refusal(m)
    if m.class_numbers and len(m.classes) > 2:
        raise units_refusal(m, len(m.classes), loss="SparseCategoricalCrossentropy")
    if m.activation == "softmax" and m.scores == 1:
        raise Refusal("softmax", "Softmax over one number is always 1", port="prediction", expected="sigmoid, or no activation",
                      received="softmax", hint="Set activation to sigmoid.", activation="sigmoid")


def _check_overlap(m: Meeting) -> None:
    """Dice and Tversky: shares from 0 to 1 that overlap with a yes/no, one-hot or fractional target."""
    _check_yes_no(m)
    several = m.one_hot and m.scores != 1
    _need_probabilities(m, "softmax" if several else "sigmoid", "The overlap is one of probabilities")


def _need_probabilities(m: Meeting, wanted: str, title: str) -> None:
    if not m.probabilities:
        raise Refusal("logits", title, port="prediction", expected=f"numbers from 0 to 1, such as {wanted} gives them",
                      received="scores of any size" if m.activation == "linear" else f"the values after {m.activation}",
                      hint=f"Set activation of the last layer to {wanted}.", activation=wanted)


# Numbers.

def _check_numbers(m: Meeting) -> None:
    if m.target.dtype == "string":
        raise Refusal("target", "Loss needs numbers", port="target", expected="numbers", received="text",
                      hint="Turn the text into tokens first.")
    if not meets(m.prediction.shape, m.target.shape):
        raise shapes_refusal(m)


# Rows that are compared with each other, and series that are read.

def _check_embeddings(m: Meeting) -> None:
    """Circle: one vector of length 1 a row, beside the number of its class."""
    if not m.class_numbers or m.target.shape:
        raise Refusal("target", "Circle needs one class number a row", port="target", expected="one class number",
                      received=received(m.target), hint="Connect the column that says the class.")
    if m.prediction.rank != 1 or m.scores == 1:
        raise Refusal("rank", "Circle compares lists of numbers", port="prediction",
                      expected="two numbers or more, one list a row", received=numbers_of(m.prediction),
                      hint="Insert Flatten or a global pooling, then Dense.", rank=1)
    if m.activation != "UnitNormalization":
        raise Refusal("unit-length", "Circle compares directions", port="prediction", expected="lists of length 1",
                      received="lists of any length", hint="Insert UnitNormalization before it.", insert="UnitNormalization")


def _check_aligned(m: Meeting) -> None:
    """CTC: scores of every label and of the blank, which is number 0, at each step of a series."""
    target, prediction = m.target, m.prediction
    if not m.class_numbers or target.rank != 1:
        raise Refusal("target", "CTC needs a list of label numbers", port="target",
                      expected="label numbers [length], filled up with 0", received=received(target),
                      hint="Connect a column of tokens.")
    if prediction.rank != 2:
        raise Refusal("rank", "CTC reads a series", port="prediction", expected="scores [steps, labels and blank]",
                      received=numbers_of(prediction), hint="Let the recurrent layers return sequences, and end with Dense.")
    if m.probabilities:
        raise Refusal("logits", "CTC expects scores, not probabilities", port="prediction", expected="scores of any size",
                      received=f"the values after {m.activation}", hint="Take the activation away.", activation=None)
    steps, length = prediction.shape[0], target.shape[0]
    if steps is not None and length is not None and steps < length:
        raise Refusal("steps", "The series is shorter than its labels", port="prediction",
                      expected=f"{length:,} steps or more, one for each label", received=f"{steps:,} steps",
                      hint="Pool less, or stride less.")
    if (m.classes and m.scores != len(m.classes)) or m.scores == 1:
        n = len(m.classes) or 2
        raise Refusal("units", f"CTC needs {n:,} scores at each step", port="prediction",
                      expected=f"{n - 1:,} labels and the blank, number 0", received=f"{numbers_words(m.scores)} at each step",
                      hint=f"Set units of the last layer to {n:,}.", units=n)


_CHECKS: dict[str, Callable[[Meeting], None]] = {
    "SparseCategoricalCrossentropy": _check_sparse, "CategoricalGeneralizedCrossEntropy": _check_robust,
    **dict.fromkeys(ONE_HOT, _check_one_hot), **dict.fromkeys(YES_NO, _check_yes_no), **dict.fromkeys(OVERLAP, _check_overlap),
    **dict.fromkeys(EMBEDDINGS, _check_embeddings), **dict.fromkeys(ALIGNED, _check_aligned)}
