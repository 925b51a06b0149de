"""Which rows train, validate and test. Counts are known from the schema alone; rows need the table.

A split never depends on the seed of a run, only on the source's own parameters, and every row is in exactly one part.
"""

from __future__ import annotations

from graph_compiler.arrays import np
from graph_compiler.specs.datasets import DataProblem, Schema, Table
from graph_compiler.specs.nodes import Values

PARTS = ("train", "validation", "test")


def split_rows(table: Table, p: Values) -> dict[str, np.ndarray]:
    """Row numbers of `train`, `validation` and `test`, each rising. DataProblem when the column to stratify by is not there.

    `given` keeps the source's own test rows and takes validation from its train rows where it has none of its own.
    `chronological` is the source's own where rows are windows, so that none straddles a boundary.
    """
    if p["split"] == "chronological" and table.chronological is not None:
        return {part: np.asarray(table.chronological.get(part, ())).astype(np.intp) for part in PARTS}
    classes = _classes(table, p)
    if p["split"] == "given" and table.given is not None:
        rows = {part: np.asarray(table.given.get(part, ())).astype(np.intp) for part in PARTS}
        if not len(rows["validation"]):
            counts = {"validation": _share(len(rows["train"]), p["validation"])}
            rows |= _deal(rows["train"], counts, classes, p["split_seed"])
        return rows
    counts = _counts(table.rows, p)
    if p["split"] == "chronological":
        first, last = counts["train"], counts["train"] + counts["validation"]
        return dict(zip(PARTS, np.split(np.arange(table.rows), [first, last]), strict=True))
    return _deal(np.arange(table.rows), {part: counts[part] for part in ("validation", "test")}, classes, p["split_seed"])


def split_counts(schema: Schema, p: Values) -> dict[str, int] | None:
    """Rows of each part without loading anything; None while the number of rows is unknown."""
    if p["split"] == "given" and schema.given is not None:
        train, validation, test = schema.given
        taken = 0 if validation else _share(train, p["validation"])
        return {"train": train - taken, "validation": validation or taken, "test": test}
    if p["split"] == "chronological" and schema.chronological is not None:
        return dict(zip(PARTS, schema.chronological, strict=True))
    return None if schema.rows is None else _counts(schema.rows, p)


def _share(rows: int, share: float) -> int:
    """A share in whole rows, at least one where there is anything to share, never all of them."""
    if share <= 0 or rows < 2:
        return 0
    return min(max(1, int(rows * share + 0.5)), rows - 1)


def _counts(rows: int, p: Values) -> dict[str, int]:
    test = _share(rows, p["test"])
    validation = min(_share(rows, p["validation"]), max(0, rows - test - 1))
    return {"train": rows - test - validation, "validation": validation, "test": test}


def _classes(table: Table, p: Values) -> np.ndarray | None:
    name = p["stratify"]
    if not name or p["split"] == "chronological":
        return None
    if name not in table.arrays:
        raise DataProblem(f"There is no column “{name}” to stratify by", hint="Choose a column with classes.", param="stratify")
    return np.asarray(table.arrays[name])


def _deal(rows: np.ndarray, counts: dict[str, int], classes: np.ndarray | None, seed: int) -> dict[str, np.ndarray]:
    """Deal `rows` out: the counted parts first, the rest to train; with `classes` every part gets its share of each."""
    generator = np.random.default_rng(seed)
    dealt = rows[generator.permutation(len(rows))]
    if classes is not None:
        dealt = _interleaved(dealt, classes[dealt])
    out: dict[str, np.ndarray] = {}
    start = 0
    for part in ("test", "validation"):
        if part in counts:
            out[part] = np.sort(dealt[start:start + counts[part]])
            start += counts[part]
    out["train"] = np.sort(dealt[start:])
    return {part: out[part] for part in PARTS if part in out}


def _interleaved(rows: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Rows in an order in which any stretch holds each class in proportion: sorted by relative rank inside their class."""
    rank = np.empty(len(rows))
    for value in np.unique(classes):
        members = np.flatnonzero(classes == value)
        rank[members] = (np.arange(len(members)) + 0.5) / len(members)
    return rows[np.argsort(rank, kind="stable")]
