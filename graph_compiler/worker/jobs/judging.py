"""How answers are judged that are no classes and no numbers by themselves: neighbours of embeddings, labels that were read.

Both become what Evaluate shows anyway: a class a row with its share, or a class at each of several places.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graph_compiler.analysis.plan import ObjectivePlan

NEIGHBOURS = 10
"""Rows that vote for the class of another, fewer where there are not that many."""
AT_ONCE = 512
"""Rows compared with all others at a time."""


@dataclass(frozen=True)
class Judged:
    """A prediction and target as Evaluate takes them, and figures that only this way of judging gives."""

    task: str
    prediction: np.ndarray
    target: np.ndarray
    classes: tuple[str, ...] = ()
    place_classes: tuple[str, ...] = ()
    figures: tuple[tuple[str, float], ...] = ()


def judged(plan: ObjectivePlan, found: np.ndarray, target: np.ndarray) -> Judged | None:
    """None for answers that are judged as they come."""
    if plan.resolved.task == "embedding":
        names = plan.resolved.classes or tuple(map(str, range(int(target.max(initial=0)) + 1)))
        votes = neighbour_votes(found, target, len(names))
        share = float((votes.argmax(axis=1) == target).mean()) if len(target) else 0.0
        return Judged("classification", votes, target, names, figures=(("neighbour_accuracy", share),))
    if plan.resolved.task == "transcription":
        every = plan.resolved.classes or ("", *map(str, range(1, found.shape[-1])))
        return Judged("classification", aligned(read_labels(found), target), target, place_classes=every)
    return None


def neighbour_votes(vectors: np.ndarray, classes: np.ndarray, count: int) -> np.ndarray:
    """Shares float32 [rows, count] of the classes among the nearest other rows, by cosine."""
    long = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = (vectors / np.maximum(long, 1e-12)).astype(np.float32)
    near = max(1, min(NEIGHBOURS, len(unit) - 1))
    votes = np.zeros((len(unit), count), np.float32)
    for start in range(0, len(unit), AT_ONCE):
        here = np.arange(start, min(start + AT_ONCE, len(unit)))
        alike = unit[here] @ unit.T
        alike[np.arange(len(here)), here] = -np.inf
        best = np.argpartition(-alike, near - 1, axis=1)[:, :near]
        np.add.at(votes, (np.repeat(here, near), classes[best].reshape(-1)), np.float32(1 / near))
    return votes


def read_labels(scores: np.ndarray) -> list[np.ndarray]:
    """The labels that rows of scores [rows, steps, labels] say: the likeliest of each step, without repeats and blanks."""
    said = scores.argmax(axis=-1)
    heard = (said != 0) & (np.diff(said, axis=1, prepend=0) != 0)
    return [row[here] for row, here in zip(said, heard, strict=True)]


def aligned(read: list[np.ndarray], true: np.ndarray) -> np.ndarray:
    """What was read in place of each true label, int32 [rows, length]: 0 where it was left out. Insertions have no place."""
    out = np.zeros(true.shape, np.int32)
    for row, (labels, wanted) in enumerate(zip(read, true, strict=True)):
        length = int((wanted != 0).sum())
        out[row, :length] = _matched(labels, wanted[:length])
    return out


def _matched(read: np.ndarray, true: np.ndarray) -> np.ndarray:
    """The labels beside the true ones along the cheapest edit path (Wagner and Fischer 1974)."""
    costs = np.zeros((len(true) + 1, len(read) + 1), np.int32)
    costs[0], costs[:, 0] = np.arange(len(read) + 1), np.arange(len(true) + 1)
    for i, wanted in enumerate(true, 1):
        for j, label in enumerate(read, 1):
            costs[i, j] = min(costs[i - 1, j] + 1, costs[i, j - 1] + 1, costs[i - 1, j - 1] + (wanted != label))
    beside, i, j = np.zeros(len(true), np.int32), len(true), len(read)
    while i and j:
        if costs[i, j] == costs[i - 1, j - 1] + (true[i - 1] != read[j - 1]):
            i, j = i - 1, j - 1
            beside[i] = read[j]
        elif costs[i, j] == costs[i - 1, j] + 1:
            i -= 1
        else:
            j -= 1
    return beside
