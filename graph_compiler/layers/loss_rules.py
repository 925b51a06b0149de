"""Which Keras loss fits a prediction and a target, and in what words the others are refused.

Shapes are without the batch axis. A target of class numbers has one axis less than its prediction of scores.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graph_compiler.specs.nodes import Values
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Shape, Tensor

SPARSE = ("SparseCategoricalCrossentropy",)
ONE_HOT = ("CategoricalCrossentropy", "CategoricalFocalCrossentropy", "CategoricalHinge")
YES_NO = ("BinaryCrossentropy", "BinaryFocalCrossentropy", "Hinge", "SquaredHinge")
NUMBERS = ("MeanSquaredError", "MeanAbsoluteError", "Huber", "LogCosh", "MeanAbsolutePercentageError",
           "MeanSquaredLogarithmicError", "CosineSimilarity", "Poisson", "KLDivergence")
LOSSES = ("auto", *SPARSE, *ONE_HOT, *YES_NO, *NUMBERS)
TAKES_LOGITS = frozenset({*SPARSE, "CategoricalCrossentropy", "CategoricalFocalCrossentropy", "BinaryCrossentropy",
                          "BinaryFocalCrossentropy"})
SMOOTHS = TAKES_LOGITS - set(SPARSE)

PROBABILITIES = frozenset({"softmax", "sigmoid", "hard_sigmoid", "sparse_sigmoid", "sparsemax"})
"""Activations whose values are between 0 and 1 and stand for a probability."""


@dataclass
class Meeting:
    """What meets at a loss: the parameters, both tensors, and the last activation before the prediction."""

    p: Values
    prediction: Tensor
    target: Tensor
    activation: str
    classes: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        column = self.target.column
        self.classes = (column.classes or column.vocabulary) if column is not None else ()

    @property
    def class_numbers(self) -> bool:
        """Whether the target holds class numbers (not one-hot, not quantities)."""
        column = self.target.column
        return self.target.is_integer and not (column is not None and column.kind in ("image", "video"))

    @property
    def one_hot(self) -> bool:
        """Whether the target holds one number for each class of a category."""
        column = self.target.column
        known = column is not None and column.kind in ("category", "mask", "tokens")
        return known and not self.target.is_integer and self.target.rank > 0

    @property
    def yes_no(self) -> bool:
        """Whether one number a sample (or a place) can say which of two classes it is."""
        return self.class_numbers and len(self.classes) == 2 and meets(self.prediction.shape, self.target.shape)

    @property
    def probabilities(self) -> bool:
        """Whether the prediction holds probabilities and not scores."""
        return self.activation in PROBABILITIES

    @property
    def scores(self) -> int | None:
        """How many numbers the prediction has on its last axis, 1 for a scalar."""
        return self.prediction.shape[-1] if self.prediction.shape else 1


def meets(prediction: Shape, target: Shape) -> bool:
    """Whether the shapes are equal, or differ by a last axis of size 1; a free axis meets every size."""
    if len(prediction) == len(target) + 1 and prediction[-1] == 1:
        prediction = prediction[:-1]
    elif len(target) == len(prediction) + 1 and target[-1] == 1:
        target = target[:-1]
    return _same(prediction, target)


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
    if loss in SPARSE:
        _check_sparse(m)
    elif loss in ONE_HOT:
        _check_one_hot(m)
    elif loss in YES_NO:
        _check_yes_no(m)
    else:
        _check_numbers(m)


def arguments(m: Meeting, loss: str, chosen: bool) -> dict[str, Any]:
    """Keras's arguments of the loss. Refusal where scores and probabilities are mixed up."""
    out: dict[str, Any] = {}
    if loss in TAKES_LOGITS:
        out["from_logits"] = _from_logits(m, loss, chosen)
    elif m.p["from_logits"]:
        raise Refusal("from-logits", f"{loss} knows no scores", expected="from_logits off", received="from_logits on",
                      param="from_logits", hint="Switch from_logits off.", from_logits=False)
    if m.p["label_smoothing"]:
        if loss not in SMOOTHS:
            raise Refusal("label-smoothing", f"{loss} cannot smooth labels", expected="label_smoothing 0",
                          received=f"{m.p['label_smoothing']:g}", param="label_smoothing",
                          hint="Set it to 0, or give the loss a one-hot target.", label_smoothing=0.0)
        out["label_smoothing"] = m.p["label_smoothing"]
    return out


def task_of(m: Meeting, loss: str) -> str:
    """What kind of answer is learnt: classification, binary, multilabel, regression or reconstruction."""
    if loss in SPARSE or loss in ONE_HOT:
        return "classification"
    picture = m.target.rank >= 3 or (m.target.column is not None and m.target.column.kind in ("image", "video"))
    if loss in YES_NO:
        if m.class_numbers or (m.scores == 1 and not picture):
            return "binary"
        return "reconstruction" if picture else "multilabel"
    return "reconstruction" if picture else "regression"


def _check_sparse(m: Meeting) -> None:
    if not m.class_numbers:
        better = "CategoricalCrossentropy" if m.one_hot else "MeanSquaredError"
        raise Refusal("target", "Loss needs class numbers", port="target", expected="one class number",
                      received=_received(m.target), hint=f"Set loss to {better}.", loss=better)
    shape = m.prediction.shape
    if not shape or not _same(shape[:-1], m.target.shape):
        raise _units(m, len(m.classes) or None, _places(m.target.shape))
    if m.classes and m.scores != len(m.classes):
        raise _units(m, len(m.classes))
    if m.scores == 1:
        raise _units(m, 2)


def _check_one_hot(m: Meeting) -> None:
    if m.class_numbers:
        n = len(m.classes) or m.scores
        raise Refusal("one-hot", "Loss needs a one-hot target", port="target", expected=_numbers(n),
                      received=_received(m.target), insert="OneHot", classes=n, loss="SparseCategoricalCrossentropy",
                      hint="Insert OneHot before it, or choose SparseCategoricalCrossentropy.")
    if not _same(m.prediction.shape, m.target.shape) or not m.prediction.shape:
        raise _shapes(m)
    if m.scores == 1:
        raise Refusal("units", "Loss needs two scores or more", port="prediction", expected="one number for each class",
                      received="one number", hint="Set loss to BinaryCrossentropy.", loss="BinaryCrossentropy")


def _check_yes_no(m: Meeting) -> None:
    if m.class_numbers and m.target.shape == m.prediction.shape[:-1] and m.scores != 1:
        n = len(m.classes) or m.scores
        raise Refusal("one-hot", "Loss needs a one-hot target", port="target", expected=_numbers(m.scores),
                      received=_received(m.target), loss="SparseCategoricalCrossentropy", insert="OneHot", classes=n,
                      hint="Set loss to SparseCategoricalCrossentropy, or insert OneHot.")
    if not meets(m.prediction.shape, m.target.shape):
        raise _shapes(m)
    if m.class_numbers and len(m.classes) > 2:
        raise _units(m, len(m.classes), loss="SparseCategoricalCrossentropy")
    if m.activation == "softmax" and m.scores == 1:
        raise Refusal("softmax", "Softmax over one number is always 1", port="prediction", expected="sigmoid, or no activation",
                      received="softmax", hint="Set activation to sigmoid.", activation="sigmoid")


def _check_numbers(m: Meeting) -> None:
    if m.target.dtype == "string":
        raise Refusal("target", "Loss needs numbers", port="target", expected="numbers", received="text",
                      hint="Turn the text into tokens first.")
    if not meets(m.prediction.shape, m.target.shape):
        raise _shapes(m)


def _from_logits(m: Meeting, loss: str, chosen: bool) -> bool:
    """Whether the loss is told that it gets scores. `auto` sees by itself; a chosen loss takes the switch at its word."""
    wanted = "sigmoid" if loss in YES_NO else "softmax"
    if m.p["from_logits"] and m.probabilities:
        raise Refusal("logits", "Loss expects scores, not probabilities", port="prediction", param="from_logits",
                      expected="scores before softmax or sigmoid", received=f"the values after {m.activation}",
                      hint="Switch from_logits off, or take the activation away.", from_logits=False, activation=None)
    if chosen and not m.p["from_logits"] and not m.probabilities:
        raise Refusal("logits", "Loss expects probabilities, not scores", port="prediction", param="from_logits",
                      expected=f"probabilities, such as {wanted} gives them",
                      received="scores of any size" if m.activation == "linear" else f"the values after {m.activation}",
                      hint=f"Switch from_logits on, or set activation to {wanted}.", from_logits=True, activation=wanted)
    return not m.probabilities


def _units(m: Meeting, n: int | None, places: str = "", loss: str = "") -> Refusal:
    """The prediction has the wrong number of scores for its classes."""
    title = f"Loss needs {n} scores{places}" if n else f"Loss needs scores{places}"
    each = "one for each class" + places
    same_places = _same(m.prediction.shape[:-1], m.target.shape)
    facts: dict[str, Any] = {"units": n} if same_places else {}
    if loss:
        facts["loss"] = loss
    hint = "Change the layers before it until the shapes meet."
    if n and same_places:
        hint = f"Set units of the last layer to {n}."
    elif m.prediction.rank > m.target.rank + 1:
        hint = "Insert Flatten or a global pooling before the last layers."
    return Refusal("units", title, port="prediction", expected=f"{n or 'several'} numbers, {each}",
                   received=_numbers_of(m.prediction), hint=hint, **facts)


def _shapes(m: Meeting) -> Refusal:
    """The shapes cannot be compared number by number."""
    prediction, target = m.prediction.shape, m.target.shape
    wanted = target or (1,)
    n = wanted[-1]
    facts: dict[str, Any] = {}
    if n is not None and prediction and _same(prediction[:-1], wanted[:-1]):
        facts["units"] = n
        hint = f"Set units of the last layer to {n}."
    elif n is not None and len(wanted) == 1 and None not in prediction:
        hint = "Insert Flatten and Dense, or a global pooling, before it."
    else:
        hint = "Change the layers before it until both shapes agree."
    plain = len(wanted) == 1 and n is not None
    title = f"Loss needs {_numbers(n) if plain else f'a prediction of {m.target.words}'}"
    return Refusal("shapes", title, port="prediction", expected=f"{_numbers_of(m.target)}, like the target",
                   received=_numbers_of(m.prediction), hint=hint, **facts)


def _same(a: Shape, b: Shape) -> bool:
    return len(a) == len(b) and all(x is None or y is None or x == y for x, y in zip(a, b, strict=True))


def _numbers(n: int | None) -> str:
    return "several numbers" if n is None else "one number" if n == 1 else f"{n:,} numbers"


def _numbers_of(x: Tensor) -> str:
    return _numbers(x.shape[0] if x.shape else 1) if x.rank <= 1 else x.words


def _received(x: Tensor) -> str:
    if x.is_integer:
        return f"one class number {x.dtype}" if not x.shape else f"{x.words} class numbers {x.dtype}"
    return f"{_numbers_of(x)} {x.dtype}"


def _places(shape: Shape) -> str:
    return " at each place" if shape else ""
