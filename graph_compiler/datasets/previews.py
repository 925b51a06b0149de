"""The first rows of a source as a card has room for them: pictures, lines of text, curves or points. numpy only."""

from __future__ import annotations

from dataclasses import dataclass

from graph_compiler.arrays import np
from graph_compiler.datasets.tokens import decode
from graph_compiler.specs.datasets import Schema, Table
from graph_compiler.specs.tensors import Column

PICTURES, TEXTS, CURVES, POINTS = 10, 3, 1, 400


@dataclass(frozen=True)
class Preview:
    """One field is filled, by the kind of the column; `masks` belong to the first of `pictures`."""

    pictures: tuple[np.ndarray, ...] = ()
    """uint8 [h, w, 1 or 3], stretched to 0..255."""
    masks: tuple[np.ndarray, ...] = ()
    """int32 [h, w], class numbers of `classes`."""
    classes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    curves: tuple[np.ndarray, ...] = ()
    """float64 [n] between 0 and 1."""
    points: np.ndarray | None = None
    """float64 [n, 2] between 0 and 1, y upwards."""
    groups: np.ndarray | None = None
    """int [n], the class of each point."""


def preview(table: Table, schema: Schema, name: str, rows: np.ndarray | None = None) -> Preview:
    """What a card shows of column `name`: the first rows of the table, or of `rows`."""
    column = next(c for c in schema.every if c.name == name)
    picked = np.arange(min(table.rows, POINTS)) if rows is None else rows[:POINTS]
    values = table.arrays[name]
    if column.kind == "tokens":
        return Preview(texts=tuple(decode(values[row], column) for row in picked[:TEXTS]))
    if column.kind == "series":
        return Preview(curves=tuple(unit(values[row][:, 0]) for row in picked[:CURVES]))
    if column.kind == "number":
        return _points(table, schema, values[picked], picked)
    return _pictures(table, schema, column, picked)


def thumbnails(table: Table, column: str, count: int = PICTURES, rows: np.ndarray | None = None) -> list[np.ndarray]:
    """The first pictures of an image column (of `rows`, when given) as uint8 [h, w, 1 or 3], stretched to 0..255.

    Of clips [t, h, w, c], the first frames of the first two.
    """
    images = table.arrays[column]
    picked = images[:count] if rows is None else images[rows[:count]]
    if images.ndim == 5:
        picked = np.concatenate([clip[frames_of(len(clip), count // 2)] for clip in picked[:2]])
    stretch = stretch_of(images)
    return [np.ascontiguousarray((one * stretch).astype(np.uint8)) for one in picked]


def frames_of(length: int, count: int) -> np.ndarray:
    """Which frames of a clip stand for it: the first, the last and those evenly between."""
    return np.unique(np.linspace(0, length - 1, min(count, length)).round().astype(int))


def stills(images: np.ndarray, count: int = 3) -> np.ndarray:
    """Pictures [n, h, w, c] for pictures or clips [n, t, h, w, c]: of a clip, frames side by side."""
    if images.ndim < 5:
        return images
    frames = images[:, frames_of(images.shape[1], count)]
    rows, shown, height, width, channels = frames.shape
    return np.ascontiguousarray(frames.transpose(0, 2, 1, 3, 4).reshape(rows, height, shown * width, channels))


def stretch_of(images: np.ndarray) -> float:
    """The factor that brings the grey values of a data set to 0..255: 1 where they go beyond 128."""
    top = int(images[:500].max()) if len(images) else 255
    return 255.0 / top if 0 < top <= 128 else 1.0


def unit(values: np.ndarray) -> np.ndarray:
    """The values between 0, the least, and 1, the greatest."""
    low, high = float(np.min(values)), float(np.max(values))
    return (np.asarray(values, np.float64) - low) / ((high - low) or 1.0)


def _pictures(table: Table, schema: Schema, column: Column, rows: np.ndarray) -> Preview:
    mask = next((c for c in schema.columns if c.kind == "mask"), None)
    other = next((c for c in schema.columns if c.kind == "image" and c.name != column.name), None)
    few = rows[:PICTURES // 2]
    if other is not None:
        return Preview(tuple(picture for c in (column, other) for picture in thumbnails(table, c.name, len(few), few)))
    if mask is None:
        return Preview(pictures=tuple(thumbnails(table, column.name, PICTURES, rows)))
    return Preview(tuple(thumbnails(table, column.name, len(few), few)), tuple(table.arrays[mask.name][few]), mask.classes)


def _points(table: Table, schema: Schema, values: np.ndarray, rows: np.ndarray) -> Preview:
    label = next((c for c in schema.columns if c.kind == "category"), None)
    exact = values.astype(np.float64)
    low, span = exact.min(axis=0), np.ptp(exact, axis=0)
    places = (exact - low) / np.where(span == 0, 1, span)
    return Preview(points=places, groups=table.arrays[label.name][rows] if label else None)
