"""Which picture stands for a row, and what is written below it: plain, several side by side, with a mask, or a film strip."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

import numpy as np

from graph_compiler.datasets.previews import frames_of, stretch_of
from graph_compiler.datasets.tokens import decode
from graph_compiler.specs.datasets import Table
from graph_compiler.specs.tensors import Column
from widgets.pages.data_loading import Loaded
from widgets.plots.masks import overlaid
from widgets.plots.strips import beside
from widgets.theme import theme

FRAMES = 5
"""Frames of a clip that are shown."""


@dataclass(frozen=True)
class Pictures:
    """`draw(row)` gives uint8 [h, w, 1 or 3] of `size` (h, w); `caption(row)` the words below, None where there are none.

    Equal keys draw alike, so that what was drawn is kept.
    """

    draw: Callable[[int], np.ndarray]
    size: tuple[int, int]
    caption: Callable[[int], str] | None = None
    key: Hashable = field(default=None)


def pictures_of(loaded: Loaded, chosen: Column | None) -> Pictures | None:
    """The pictures of a source while column `chosen` is looked at; None for a source without any."""
    columns = [c for c in loaded.schema.columns if c.kind in ("image", "video")]
    if not columns:
        return None
    alike = [c for c in columns if c.shape[:-1] == columns[0].shape[:-1]]
    mask = next((c for c in loaded.schema.columns if c.kind == "mask"), None)
    plain = chosen is not None and chosen.kind in ("image", "video")
    draws = [_drawing(loaded.table, c, None if plain else mask) for c in alike]
    height, width = (int(n) for n in columns[0].shape[-3:-1] if n is not None)
    frames = FRAMES if len(columns[0].shape) == 4 else 1
    gap = max(1, height // 24)
    count = len(alike) * frames
    key = (id(loaded.table), tuple(c.name for c in alike), plain, theme().name)
    size = (height, count * width + (count - 1) * gap)
    return Pictures(lambda row: beside([p for draw in draws for p in draw(row)], gap), size, _caption(loaded, chosen), key)


def _drawing(table: Table, column: Column, mask: Column | None) -> Callable[[int], list[np.ndarray]]:
    images = table.arrays[column.name]
    stretch = stretch_of(images)

    def stretched(pixels: np.ndarray) -> np.ndarray:
        return pixels if stretch == 1 else (pixels * stretch).astype(np.uint8)

    if images.ndim == 5:
        return lambda row: [stretched(frame) for frame in images[row][frames_of(images.shape[1], FRAMES)]]
    if mask is None:
        return lambda row: [stretched(images[row])]
    masks = table.arrays[mask.name]
    return lambda row: [overlaid(stretched(images[row]), masks[row], mask.classes)]


def _caption(loaded: Loaded, chosen: Column | None) -> Callable[[int], str] | None:
    """The class of a row, or its text."""
    labels = [c for c in loaded.schema.columns if c.kind == "category"]
    label = chosen if chosen in labels else next(iter(reversed(labels)), None)
    words = next((c for c in loaded.schema.columns if c.kind == "tokens"), None)
    if label is not None:
        return lambda row: _class(label, int(loaded.table.arrays[label.name][row]))
    if words is not None:
        return lambda row: decode(loaded.table.arrays[words.name][row], words)
    return None


def _class(column: Column, number: int) -> str:
    return column.classes[number] if 0 <= number < len(column.classes) else str(number)
