"""What meets at a loss, the families of losses, and the words for shapes that do not fit.

Shapes are without the batch axis.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graph_compiler.specs.nodes import Values
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Shape, Tensor

SPARSE = ("SparseCategoricalCrossentropy",)
ROBUST = ("CategoricalGeneralizedCrossEntropy",)
ONE_HOT = ("CategoricalCrossentropy", "CategoricalFocalCrossentropy", "CategoricalHinge")
YES_NO = ("BinaryCrossentropy", "BinaryFocalCrossentropy", "Hinge", "SquaredHinge")
OVERLAP = ("Dice", "Tversky")
NUMBERS = ("MeanSquaredError", "MeanAbsoluteError", "Huber", "LogCosh", "MeanAbsolutePercentageError",
           "MeanSquaredLogarithmicError", "CosineSimilarity", "Poisson", "KLDivergence")
EMBEDDINGS, ALIGNED = ("Circle",), ("CTC",)
LOSSES = ("auto", *SPARSE, *ROBUST, *ONE_HOT, *YES_NO, *OVERLAP, *NUMBERS, *EMBEDDINGS, *ALIGNED)
TAKES_LOGITS = frozenset({*SPARSE, "CategoricalCrossentropy", "CategoricalFocalCrossentropy", "BinaryCrossentropy",
                          "BinaryFocalCrossentropy"})
SMOOTHS = TAKES_LOGITS - set(SPARSE)
NUMBERED = (*SPARSE, *ROBUST)
"""Losses of classes whose target is the number of the class."""
JOINT = frozenset({*OVERLAP, *EMBEDDINGS, *ALIGNED})
"""Losses that have no number for each single answer, so that classes cannot weigh differently in them."""

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
    return same(prediction, target)


def units_refusal(m: Meeting, n: int | None, places: str = "", loss: str = "") -> Refusal:
    """The prediction has the wrong number of scores for its classes."""
    title = f"Loss needs {n} scores{places}" if n else f"Loss needs scores{places}"
    each = "one for each class" + places
    same_places = same(m.prediction.shape[:-1], m.target.shape)
    facts: dict[str, Any] = {"units": n} if same_places else {}
    if loss:
        facts["loss"] = loss
    hint = "Change the layers before it until the shapes meet."
    if n and same_places:
        hint = _last_layer_gives(m, n)
    elif m.prediction.rank > m.target.rank + 1:
        hint = "Insert Flatten or a global pooling before the last layers."
    return Refusal("units", title, port="prediction", expected=f"{n or 'several'} numbers, {each}",
                   received=numbers_of(m.prediction), hint=hint, **facts)


def _last_layer_gives(m: Meeting, n: int) -> str:
    """What to set: convolutions call the size of their last axis filters."""
    return f"Set {'filters' if m.prediction.rank > 2 else 'units'} of the last layer to {n}."


def shapes_refusal(m: Meeting) -> Refusal:
    """The shapes cannot be compared number by number."""
    if apart(m):
        return target_refusal(m)
    prediction, target = m.prediction.shape, m.target.shape
    wanted = target or (1,)
    n = wanted[-1]
    facts: dict[str, Any] = {}
    if n is not None and prediction and same(prediction[:-1], wanted[:-1]):
        facts["units"] = n
        hint = _last_layer_gives(m, n)
    elif n is not None and len(wanted) == 1 and None not in prediction:
        hint = "Insert Flatten and Dense, or a global pooling, before it."
    else:
        hint = "Change the layers before it until both shapes agree."
    plain = len(wanted) == 1 and n is not None
    title = f"Loss needs {numbers_words(n) if plain else f'a prediction of {m.target.words}'}"
    return Refusal("shapes", title, port="prediction", expected=f"{numbers_of(m.target)}, like the target",
                   received=numbers_of(m.prediction), hint=hint, **facts)


def apart(m: Meeting) -> bool:
    """Whether the target is an image, a film, a series or a block of numbers, and the prediction no more than a list."""
    return not m.class_numbers and m.target.rank > 1 and m.prediction.rank <= 1


def target_refusal(m: Meeting) -> Refusal:
    """The target is something else than what the prediction gives: one of the two wires is probably not meant."""
    given, wanted = numbers_of(m.prediction), m.target.words
    facts: dict[str, Any] = {}
    hint = f"Connect the column that holds the answer, or let the layers before it give {wanted}."
    if m.prediction.size is not None and m.prediction.size == m.target.size:
        hint = f"Insert Reshape to {wanted} before the prediction, or connect the column that holds the answer."
        facts["reshape"] = m.target.shape
    return Refusal("target", f"The target is {thing(m.target)}, the prediction is {given}", port="target",
                   expected=f"a target for the {given} of the prediction", received=thing(m.target), hint=hint, **facts)


def thing(x: Tensor) -> str:
    """What a target is, with its shape: `an image of 28×28×1`."""
    noun = {"image": "an image of ", "video": "a video of ", "series": "a series of "}
    return f"{noun.get(x.column.kind, '') if x.column is not None else ''}{x.words}"


def same(a: Shape, b: Shape) -> bool:
    """Whether shapes are equal; a free axis meets every size."""
    return len(a) == len(b) and all(x is None or y is None or x == y for x, y in zip(a, b, strict=True))


def numbers_words(n: int | None) -> str:
    """A count of numbers for people."""
    return "several numbers" if n is None else "one number" if n == 1 else f"{n:,} numbers"


def numbers_of(x: Tensor) -> str:
    """What a row of a tensor holds: a count of numbers, or its shape."""
    return numbers_words(x.shape[0] if x.shape else 1) if x.rank <= 1 else x.words


def received(x: Tensor) -> str:
    """What a target is, with its dtype."""
    if x.is_integer:
        return f"one class number {x.dtype}" if not x.shape else f"{x.words} class numbers {x.dtype}"
    return f"{numbers_of(x)} {x.dtype}"


def places_words(shape: Shape) -> str:
    """An ending for targets with several places a row."""
    return " at each place" if shape else ""
