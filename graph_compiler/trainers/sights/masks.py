"""Segmentation: pictures with their true mask and with the predicted one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.goals import End, ObjectivePlan
from graph_compiler.trainers.sights.base import Seen, Sources, logits_of
from graph_compiler.trainers.sights.parts import Part
from graph_compiler.trainers.sights.reading import kind_of, read_by
from graph_compiler.trainers.sights.rows import fixed

ROWS = 6


@dataclass(frozen=True)
class MasksPlan:
    """One Loss whose target is a mask, and the picture it is the mask of (a column, or one of its size)."""

    loss: ObjectivePlan
    picture: End
    classes: tuple[str, ...]
    kind: str = "masks"
    title: str = "Segmentation"

    @property
    def at(self) -> str:
        """The Loss."""
        return self.loss.node

    def make(self, sources: Sources) -> Masks:
        """At work."""
        return Masks(self, sources)


def plans(analysis: Analyzer) -> Iterator[MasksPlan]:
    """One for each Loss against a mask of classes."""
    engine = analysis.engine
    for loss in analysis.plan.objectives:
        column = loss.target_tensor.column
        pictures = [end for end in read_by(engine, loss.prediction) if kind_of(engine, end) == "image"]
        one_hot = not loss.target_tensor.is_integer
        if column is not None and column.kind == "mask" and pictures and not one_hot:
            yield MasksPlan(loss, pictures[0], column.classes)


class Masks:
    """Six fixed rows."""

    def __init__(self, plan: MasksPlan, sources: Sources) -> None:
        compiled, loss = sources.compiled, plan.loss
        self._plan = plan
        self._logits = logits_of(loss)
        self._predicted = Part.of(compiled, loss.prediction)
        self._target = None if loss.target in sources.feed.columns else Part.of(compiled, loss.target)
        columns = {*self._predicted.columns, plan.picture, *(self._target.columns if self._target else (loss.target,))}
        self._given = fixed(sources.feed, columns, ROWS)
        picture = self._given[plan.picture]
        self._picture = picture[..., :3] if picture.shape[-1] >= 3 else picture[..., :1]

    def look(self) -> Seen:
        """`pictures` uint8 [rows, h, w, c], `true` and `predicted` uint8 [rows, h, w], class numbers.

        Facts: the `classes`, and the mean `iou` over the classes that come in these rows.
        """
        true = self._target.run(self._given)[0] if self._target is not None else self._given[self._plan.loss.target]
        true = true.reshape(true.shape[:3]).astype(np.uint8)
        predicted = chosen(self._predicted.run(self._given)[0], true.ndim, self._logits).reshape(true.shape)
        arrays = {"pictures": self._picture, "true": true, "predicted": predicted}
        return arrays, {"classes": list(self._plan.classes), "iou": round(mean_iou(true, predicted), 4)}


def chosen(scores: np.ndarray, axes: int, logits: bool) -> np.ndarray:
    """The class at every place, uint8: the highest of several scores, or by one number that says yes or no."""
    if scores.ndim > axes and scores.shape[-1] > 1:
        return np.asarray(scores.argmax(axis=-1), np.uint8)
    return np.asarray(scores > (0.0 if logits else 0.5), np.uint8)


def mean_iou(true: np.ndarray, predicted: np.ndarray) -> float:
    """Intersection over union of class numbers, averaged over the classes that come at all."""
    found = [np.logical_and(true == c, predicted == c).sum() / np.logical_or(true == c, predicted == c).sum()
             for c in np.union1d(true, predicted)]
    return float(np.mean(found)) if found else 1.0
