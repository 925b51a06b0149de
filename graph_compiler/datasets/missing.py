"""What happens to missing values: rows are left out, or gaps are filled with what the training rows say."""

from __future__ import annotations

from collections.abc import Mapping

from graph_compiler.arrays import np
from graph_compiler.datasets.split import split_rows
from graph_compiler.datasets.tables import table_of
from graph_compiler.specs.datasets import Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.params import Choice

MISSING = Choice(
    name="missing", default="drop rows", options=("drop rows", "fill with mean", "fill with median", "fill with zero"),
    summary="What to do with rows that lack a value. Fills come from training rows; rows without a target are left out.")

NO_CLASS = -1
"""The class number of a missing category."""


def gaps(values: np.ndarray) -> np.ndarray:
    """Where values are missing: NaN in numbers, `NO_CLASS` in categories, nothing in texts."""
    if values.dtype.kind == "U":
        return np.asarray(values == "")
    return np.asarray(np.isnan(values) if values.dtype.kind == "f" else values == NO_CLASS)


def complete(features: Mapping[str, np.ndarray], others: Mapping[str, np.ndarray], targets: frozenset[str], p: Values) -> Table:
    """The table without gaps: `features` are float32 with NaN, `others` numbers, classes or texts.

    `targets` are never filled, and texts stay empty where they are.
    """
    columns = {**features, **others}
    must_have = columns if p["missing"] == "drop rows" else {n: a for n, a in columns.items() if n in targets}
    rows = len(next(iter(columns.values()), ()))
    keep = ~np.any([gaps(a) for a in must_have.values()], axis=0) if must_have else np.ones(rows, bool)
    kept = {name: np.array(a[keep]) for name, a in columns.items()}
    if p["missing"] != "drop rows":
        _fill(kept, p)
    return table_of({name: kept[name] for name in features}, {name: kept[name] for name in others})


def _fill(columns: dict[str, np.ndarray], p: Values) -> None:
    for values in columns.values():
        if values.dtype.kind not in "fU" and (holes := gaps(values)).any():
            values[holes] = np.bincount(values[~holes]).argmax() if not holes.all() else 0
    train = split_rows(Table(columns), p)["train"]
    for values in columns.values():
        if values.dtype.kind == "f" and (holes := gaps(values)).any():
            values[holes] = _filler(values[train], p["missing"])


def _filler(values: np.ndarray, how: str) -> float:
    known = values[~np.isnan(values)]
    if how == "fill with zero" or not len(known):
        return 0.0
    return float(np.median(known) if how == "fill with median" else known.mean(dtype=np.float64))
