"""Patches cut from large pictures, so that no pixel of one part of the split is in another: each part has a band of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph_compiler.arrays import np
from graph_compiler.datasets.split import PARTS

Bands = Mapping[str, tuple[int, int]]
"""First and last column (that one not) of each part."""
Corners = Mapping[str, Sequence[tuple[int, int]]]


def corners(height: int, bands: Bands, size: int, stride: int) -> dict[str, list[tuple[int, int]]]:
    """The upper left corners (y, x) of the patches of each part."""
    return {part: [(y, x) for y in range(0, height - size + 1, stride) for x in range(first, last - size + 1, stride)]
            for part, (first, last) in bands.items()}


def counts(found: Corners, pictures: int = 1) -> tuple[int, int, int]:
    """Patches for training, validation and test, of so many pictures."""
    train, validation, test = (len(found[part]) * pictures for part in PARTS)
    return train, validation, test


def cut(pictures: Sequence[np.ndarray], found: Corners, size: int) -> np.ndarray:
    """Patches [n, size, size, ...]: those of training from every picture, then those of validation, then those of the test.

    Inside a part they stand in a fixed order that means nothing, so that the first ones show a bit of everything.
    """
    return np.stack([pictures[i][y:y + size, x:x + size] for part in PARTS for i, y, x in _mixed(found[part], len(pictures))])


def _mixed(where: Sequence[tuple[int, int]], pictures: int) -> list[tuple[int, int, int]]:
    """Picture, y and x of the patches of one part."""
    every = [(i, y, x) for i in range(pictures) for y, x in where]
    return [every[i] for i in np.random.default_rng(0).permutation(len(every))]


def given(found: Corners, pictures: int = 1) -> dict[str, np.ndarray]:
    """Row numbers by part of what `cut` gives."""
    edges = np.cumsum([0, *counts(found, pictures)])
    return {part: np.arange(edges[i], edges[i + 1]) for i, part in enumerate(PARTS)}
