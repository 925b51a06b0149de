"""What picture data sets with one label a picture have in common."""

from __future__ import annotations

from collections.abc import Callable

from graph_compiler.arrays import np
from graph_compiler.datasets.embedded import frozen
from graph_compiler.specs.datasets import Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.tensors import Column

DIGITS = tuple("0123456789")


def image_schema(size: tuple[int, int, int], classes: tuple[str, ...], train: int, test: int,
                 image: str = "Grey values 0 to 255.", label: str = "") -> Schema:
    """`image` uint8 [height, width, channels] and `label`. With `test` 0 the set has no split of its own."""
    columns = (Column(name="image", kind="image", shape=size, summary=image),
               Column(name="label", kind="category", classes=classes, summary=label or f"One of {len(classes)} classes."))
    return Schema(columns, train + test, (train, 0, test) if test else None)


def fixed(schema: Schema) -> Callable[[Values], Schema]:
    """The schema rule of a data set without parameters."""
    return lambda p: schema


def image_table(train: tuple[np.ndarray, np.ndarray], test: tuple[np.ndarray, np.ndarray] | None = None) -> Table:
    """Pictures [n, h, w] or [n, h, w, c] and labels [n], train rows before test rows."""
    parts = [train] if test is None else [train, test]
    images = np.concatenate([np.asarray(x, np.uint8) for x, _ in parts])
    labels = np.concatenate([np.asarray(y).reshape(-1).astype(np.int32) for _, y in parts])
    if images.ndim == 3:
        images = images[..., None]
    first = len(train[0])
    given = None if test is None else {"train": np.arange(first), "test": np.arange(first, len(images))}
    return Table({"image": frozen(images), "label": frozen(labels)}, given)
