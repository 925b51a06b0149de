"""What a run did on its test rows: predictions beside targets, and the tables made from them. numpy only.

Arrays lie in evaluation.npz (`prediction` [N, ...], `target` [N, ...], `rows` [N], `pictures` uint8 [N, H, W, C] or none,
`inputs` [N, n] of single numbers), everything else in evaluation.json.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.runs.folder import RunProblem, write

JSON, ARRAYS = "evaluation.json", "evaluation.npz"
CLASSED = frozenset({"classification", "binary"})


@dataclass(frozen=True)
class Evaluation:
    """One objective on test rows. `prediction` holds probabilities where the task has classes."""

    task: str
    metrics: dict[str, float]
    prediction: np.ndarray
    target: np.ndarray
    rows: np.ndarray
    """Row numbers in the source's table."""
    classes: tuple[str, ...] = ()
    pictures: np.ndarray | None = None
    inputs: np.ndarray | None = None
    input_names: tuple[str, ...] = ()
    unit: str = ""
    measured: float = 0.0
    """Unix time."""
    node: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Write both files, arrays first, each whole or not at all. OSError as the system gives it."""
        arrays = {"prediction": self.prediction, "target": self.target, "rows": self.rows}
        if self.pictures is not None:
            arrays["pictures"] = self.pictures
        if self.inputs is not None:
            arrays["inputs"] = self.inputs
        packed = BytesIO()
        np.savez(packed, **arrays)  # type: ignore[arg-type]
        write(folder / ARRAYS, packed.getvalue())
        words = {"task": self.task, "metrics": self.metrics, "classes": self.classes, "input_names": self.input_names,
                 "unit": self.unit, "measured": self.measured, "node": self.node, "extra": self.extra, "format": 1}
        write(folder / JSON, json.dumps(words, indent=1, ensure_ascii=False).encode())

    @classmethod
    def load(cls, folder: Path) -> Evaluation:
        """What `save` wrote. RunProblem when there is nothing or it is damaged."""
        try:
            words = json.loads((folder / JSON).read_text(encoding="utf-8"))
            with np.load(folder / ARRAYS, allow_pickle=False) as packed:
                arrays = {name: packed[name] for name in packed.files}
            return cls(words["task"], words["metrics"], arrays["prediction"], arrays["target"], arrays["rows"],
                       tuple(words["classes"]), arrays.get("pictures"), arrays.get("inputs"), tuple(words["input_names"]),
                       words["unit"], words["measured"], words["node"], words["extra"])
        except FileNotFoundError:
            raise RunProblem(f"The run in {folder} has not been evaluated.") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RunProblem(f"The evaluation in {folder} is damaged: {error}. Evaluate again.") from None

    @cached_property
    def _probabilities(self) -> np.ndarray:
        flat = self.prediction.reshape(len(self.prediction), -1).astype(np.float64)
        if self.classes and flat.shape[1] == 1 and len(self.classes) == 2:
            return np.concatenate([1 - flat, flat], axis=1)
        return flat

    def probabilities(self) -> np.ndarray:
        """float64 [N, classes]; one sigmoid becomes two columns."""
        return self._probabilities

    def predicted_classes(self) -> np.ndarray:
        """int [N], the most likely class of each row."""
        return self.probabilities().argmax(axis=1)

    def true_classes(self) -> np.ndarray:
        """int [N]; one-hot targets are read back."""
        flat = self.target.reshape(len(self.target), -1)
        if flat.shape[1] > 1:
            return flat.argmax(axis=1)
        return flat[:, 0].astype(int)

    def confusion(self) -> np.ndarray:
        """int [classes, classes]: rows are true, columns predicted."""
        n = len(self.classes)
        out = np.zeros((n, n), int)
        np.add.at(out, (self.true_classes(), self.predicted_classes()), 1)
        return out

    def per_class(self) -> list[dict[str, float]]:
        """precision, recall, f1 and count of each class; nan where a class has no rows or was never predicted."""
        table = self.confusion()
        out = []
        for i in range(len(self.classes)):
            hit, true, predicted = int(table[i, i]), int(table[i].sum()), int(table[:, i].sum())
            recall = hit / true if true else float("nan")
            precision = hit / predicted if predicted else float("nan")
            f1 = 2 * hit / (true + predicted) if true + predicted else float("nan")
            out.append({"precision": precision, "recall": recall, "f1": f1, "count": float(true)})
        return out

    def residuals(self) -> np.ndarray:
        """Predicted minus true, float64 [N] (mean over everything else an output has)."""
        gap = self.prediction.astype(np.float64).reshape(len(self.prediction), -1)
        gap = gap - self.target.astype(np.float64).reshape(len(self.target), -1)
        return gap[:, 0] if gap.shape[1] == 1 else gap.mean(axis=1)

    def worst(self, most: int) -> np.ndarray:
        """Places of the worst rows, worst first: mistakes by how sure the wrong class was, else the largest residuals."""
        if self.classes and self.task in CLASSED:
            predicted = self.predicted_classes()
            wrong = np.flatnonzero(predicted != self.true_classes())
            sure = self.probabilities()[wrong, predicted[wrong]]
            return wrong[np.argsort(-sure, kind="stable")][:most]
        if self.prediction.reshape(len(self.prediction), -1).shape[1] == 1:
            return np.argsort(-np.abs(self.residuals()), kind="stable")[:most]
        gap = self.prediction.astype(np.float64).reshape(len(self.prediction), -1)
        gap = np.abs(gap - self.target.astype(np.float64).reshape(len(self.target), -1)).mean(axis=1)
        return np.argsort(-gap, kind="stable")[:most]

    def input_words(self, place: int) -> dict[str, str]:
        """The single numbers a row had as input, by name, as text."""
        if self.inputs is None:
            return {}
        return {name: f"{value:g}" for name, value in zip(self.input_names, self.inputs[place].tolist(), strict=False)}
