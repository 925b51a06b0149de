"""What a run did on its test rows: figures, confusion, mistakes, residuals. numpy alone; written by the worker.

evaluation.json holds names and figures, evaluation.npz the arrays of every objective; `Evaluation.load` reads one objective.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from graph_compiler.arrays import np
from graph_compiler.graph.files import write_atomically
from graph_compiler.runs.places import Places, class_numbers

JSON, ARRAYS = "evaluation.json", "evaluation.npz"


class NoEvaluation(Exception):
    """A run was not measured yet, or what was written cannot be read."""


PART_WORDS = {"test": "Test", "validation": "Validation", "train": "Training"}
"""What rows of a part are called."""


@dataclass(frozen=True)
class Evaluation:
    """One objective on the rows of `part`. Arrays have one entry a row; a row is named by its number in the table.

    `prediction` is what the model gives: [rows, classes], [rows] or [rows, 1] for two classes, anything for numbers;
    scores before softmax or sigmoid when `logits`. `target` has class numbers, one-hot rows or numbers. With a class at each
    of several places both are class numbers [rows, places...], or as the model gives them with an axis more.
    """

    task: str
    metrics: Mapping[str, float]
    classes: tuple[str, ...]
    prediction: np.ndarray
    target: np.ndarray
    rows: np.ndarray
    pictures: np.ndarray | None = None
    """The first picture the model reads, uint8 [rows, H, W, C]."""
    inputs: Mapping[str, np.ndarray] = field(default_factory=dict)
    """Number and category columns the model reads, by name; vectors [rows, n] are named in `columns`."""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    logits: bool = False
    part: str = "test"
    unit: str = ""
    objective: str = ""
    objectives: tuple[str, ...] = ()
    """Every objective that was measured, by node id."""
    measured: str = ""
    """When, UTC in ISO form."""
    place_classes: tuple[str, ...] = ()
    """Names of the classes of places (of a mask, or the tokens of a vocabulary, whose padding has no name)."""
    tokens: np.ndarray | None = None
    """The text the model reads with one token at each place: ids [rows, places] into `vocabulary`."""
    vocabulary: tuple[str, ...] = ()

    @classmethod
    def load(cls, folder: Path, objective: str = "") -> Evaluation:
        """What was written into a run folder; the first objective unless one is named. NoEvaluation when there is nothing."""
        try:
            about = json.loads((folder / JSON).read_text(encoding="utf-8"))
            names = list(about["objectives"])
            number = names.index(objective) if objective else 0
            told = about["objectives"][names[number]]
            with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
                return cls(
                    metrics=about["metrics"], part=about["part"], measured=about["measured"], rows=arrays["rows"],
                    pictures=arrays["pictures"] if "pictures" in arrays.files else None, objective=names[number],
                    objectives=tuple(names), prediction=arrays[f"prediction_{number}"], target=arrays[f"target_{number}"],
                    inputs={name: arrays[f"input_{i}"] for i, name in enumerate(about["inputs"])},
                    columns={name: tuple(parts) for name, parts in about["inputs"].items()}, task=told["task"],
                    classes=tuple(told["classes"]), logits=told["logits"], unit=told["unit"],
                    place_classes=tuple(told.get("place_classes", ())), vocabulary=tuple(about.get("vocabulary", ())),
                    tokens=arrays["tokens"] if "tokens" in arrays.files else None)
        except FileNotFoundError:
            raise NoEvaluation("This run was not measured on its test rows yet.") from None
        except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
            raise NoEvaluation(f"The evaluation of this run cannot be read: {error}. Evaluate it again.") from None

    # Classes.

    @cached_property
    def _probabilities(self) -> np.ndarray:
        scores = np.asarray(self.prediction, np.float64)
        if self.task == "binary":
            yes = scores.reshape(len(scores))
            yes = 1.0 / (1.0 + np.exp(-np.clip(yes, -500, 500))) if self.logits else yes
            return np.stack([1.0 - yes, yes], axis=1)
        if not self.logits:
            return scores
        raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=-1, keepdims=True))

    def probabilities(self) -> np.ndarray:
        """Shares [rows, classes]; each row adds up to 1. Only where there are classes."""
        return self._probabilities

    def row_name(self, place: int) -> str:
        """What a row is called, counted within its part as the command line does: `Test row 40` is `test:40`."""
        return f"{PART_WORDS.get(self.part, self.part.capitalize())} row {place:,}"

    def row_places(self, place: int) -> str:
        """The other names of a row: on the command line, and in the table."""
        return f"test:{place} on the command line. Row {int(self.rows[place]):,} of the whole table."

    def predicted_classes(self) -> np.ndarray:
        """The likeliest class of each row: whole numbers [rows]."""
        return np.asarray(self.probabilities().argmax(axis=-1))

    def true_classes(self) -> np.ndarray:
        """The class each row has: whole numbers [rows]."""
        target = np.asarray(self.target)
        if target.ndim == 2 and target.shape[1] == len(self.classes) > 1:
            return np.asarray(target.argmax(axis=1))
        return target.reshape(len(target)).astype(np.intp)

    def confusion(self) -> np.ndarray:
        """Counts [classes, classes]: how many rows (or places) of a true class (down) were read as which (across)."""
        if self.placed:
            return self.places.confusion()
        size = len(self.classes)
        places = self.true_classes() * size + self.predicted_classes()
        return np.bincount(places, minlength=size * size)[:size * size].reshape(size, size)

    def per_class(self) -> list[dict[str, float]]:
        """Precision, recall, f1 and count of each class, in order; NaN where a class never came (or was never said)."""
        if self.placed:
            return self.places.per_class()
        confusion = self.confusion().astype(np.float64)
        hits, true, said = np.diag(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            recall, precision = hits / true, hits / said
            f1 = 2 * hits / (true + said)
        return [{"precision": float(p), "recall": float(r), "f1": float(f), "count": float(c)}
                for p, r, f, c in zip(precision, recall, f1, true, strict=True)]

    # A class at each place of a text or picture.

    @property
    def placed(self) -> bool:
        """Whether there is a class at each of several places of a row."""
        unnamed = self.task == "classification" and not self.classes and np.ndim(self.prediction) > 2
        return bool(self.place_classes) or unnamed

    @property
    def outdated(self) -> bool:
        """Whether it was written before places had names: padding cannot be told apart, so it should be measured again."""
        return self.placed and not self.place_classes

    @cached_property
    def places(self) -> Places:
        """What is true and what was said at each place. Only where `placed`."""
        said, true = class_numbers(self.prediction, self.target, self.task == "binary", self.logits)
        return Places(said, true, self.place_classes or tuple(map(str, range(np.shape(self.prediction)[-1]))))

    @property
    def named(self) -> tuple[str, ...]:
        """Names along the axes of the confusion: the classes of rows or of places."""
        return self.places.names if self.placed else self.classes

    def wrong_places(self) -> np.ndarray:
        """Where the likeliest class is not the true one: bool [rows, places...]. Only where `placed`."""
        return self.places.wrong

    # Numbers.

    @property
    def pictured(self) -> bool:
        """Whether a picture is predicted: [rows, H, W, 1 or 3], or [rows, pixels], as many as the picture that is read has."""
        shape = np.shape(self.prediction)
        if self.classes or self.placed:
            return False
        if len(shape) == 4:
            return shape[-1] in (1, 3)
        flat = self.task == "reconstruction" and len(shape) == 2 and self.pictures is not None
        return flat and self.pictures is not None and shape[1] == self.pictures[0].size

    def as_pictures(self, values: np.ndarray) -> np.ndarray:
        """Predictions or targets as pictures [rows, H, W, C]. Only where `pictured`."""
        if np.ndim(self.prediction) == 4 or self.pictures is None:
            return values.reshape(np.shape(self.prediction))
        return values.reshape(len(values), *self.pictures.shape[1:])

    def residuals(self) -> np.ndarray:
        """Predicted minus true, float [rows, ...], shaped as the target."""
        return np.asarray(self.prediction, np.float64).reshape(self.target.shape) - np.asarray(self.target, np.float64)

    def errors(self) -> np.ndarray:
        """One number a row: the root of the mean squared residual (its size, where a row has one number).

        Where there is a class at each place it is the share of wrong ones.
        """
        if self.placed:
            return self.places.wrong_shares()
        squares = self.residuals().reshape(len(self.rows), -1) ** 2
        return np.asarray(np.sqrt(squares.mean(axis=1)))

    # Both.

    def worst(self, n: int) -> np.ndarray:
        """Places of the worst rows, worst first: mistakes by how sure the wrong class was, or the largest residuals."""
        if not self.classes:
            return np.argsort(-self.errors(), kind="stable")[:n]
        sure, said = self.probabilities(), self.predicted_classes()
        wrong = np.flatnonzero(said != self.true_classes())
        return np.asarray(wrong[np.argsort(-sure[wrong, said[wrong]], kind="stable")][:n])

    def headline(self) -> tuple[str, float]:
        """The one figure to quote: accuracy where there are classes, else the mean absolute error."""
        if self.classes:
            return "accuracy", float((self.predicted_classes() == self.true_classes()).mean())
        if self.placed:
            return "accuracy", self.places.accuracy()
        return "mae", float(np.abs(self.residuals()).mean())

    def input_words(self, place: int) -> dict[str, str]:
        """What the model reads of one row, by column name, for people. Pictures are left out."""
        words: dict[str, str] = {}
        for name, values in self.inputs.items():
            row, parts = np.asarray(values[place]).reshape(-1), self.columns.get(name, ())
            several = [name] if len(row) == 1 else [f"{name} {i + 1}" for i in range(len(row))]
            names = parts if len(parts) == len(row) else several
            words |= {key: f"{value:.4g}" if isinstance(value, np.floating) else str(value)
                      for key, value in zip(names, row, strict=True)}
        return words


def write_evaluation(folder: Path, evaluations: Sequence[Evaluation]) -> None:
    """Put the evaluations of all objectives (which share rows and inputs) into a run folder. OSError when it cannot be."""
    first = evaluations[0]
    arrays: dict[str, Any] = {"rows": first.rows}
    if first.pictures is not None:
        arrays["pictures"] = first.pictures
    if first.tokens is not None:
        arrays["tokens"] = first.tokens
    for number, name in enumerate(first.inputs):
        arrays[f"input_{number}"] = first.inputs[name]
    for number, one in enumerate(evaluations):
        arrays |= {f"prediction_{number}": one.prediction, f"target_{number}": one.target}
    draft = folder / f".{ARRAYS}.partial"
    try:
        with draft.open("wb") as file:
            np.savez(file, **arrays)
        draft.replace(folder / ARRAYS)
    finally:
        draft.unlink(missing_ok=True)
    about = {
        "part": first.part, "measured": first.measured, "metrics": dict(first.metrics),
        "inputs": {name: list(first.columns.get(name, ())) for name in first.inputs},
        "vocabulary": list(first.vocabulary),
        "objectives": {one.objective: {"task": one.task, "classes": list(one.classes), "logits": one.logits, "unit": one.unit,
                                       "place_classes": list(one.place_classes)} for one in evaluations}}
    write_atomically(folder / JSON, json.dumps(about, indent=1, ensure_ascii=False).encode())
