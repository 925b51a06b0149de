"""What was seen inside one node of a run: `watched/conv2d_2.npz`, replaced as a whole with every look. numpy alone."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from graph_compiler.arrays import np

FOLDER = "watched"


def nothing() -> np.ndarray:
    """No pictures."""
    return np.zeros((0, 1, 1), np.uint8)


@dataclass(frozen=True)
class Moved:
    """One variable: its shape, the root mean square of its values, and that of its gradient; None where it is not trained."""

    name: str
    shape: tuple[int, ...]
    size: float
    gradient: float | None = None


@dataclass(frozen=True)
class Watched:
    """One node after `step` steps, on `rows` fixed rows. Pictures are uint8 [n, H, W].

    `counts` is the histogram of what the node gives between `low` and `high`, zeros left out: they are told apart, as a
    share. `filters` shows the first of `filters_of` filters, or the whole matrix of weights as one picture; `maps` the
    first of `maps_of` channels for one row, or all rows as one picture.
    """

    node: str
    step: int
    rows: int
    counts: np.ndarray
    low: float = 0.0
    high: float = 0.0
    zeros: float = 0.0
    mean: float = 0.0
    deviation: float = 0.0
    filters: np.ndarray = field(default_factory=nothing)
    filters_of: int = 0
    filters_words: str = ""
    maps: np.ndarray = field(default_factory=nothing)
    maps_of: int = 0
    maps_words: str = ""
    moved: tuple[Moved, ...] = ()


ARRAYS = ("counts", "filters", "maps")


def path_of(run: Path, node: str) -> Path:
    """The file of a node, by its path in the drawing."""
    return run / FOLDER / f"{re.sub(r'[^A-Za-z0-9_.-]', '_', node)}.npz"


def write(run: Path, seen: Watched) -> Path:
    """Put a look into a run folder in one step, and give its file. OSError when it cannot be."""
    target = path_of(run, seen.node)
    target.parent.mkdir(exist_ok=True)
    facts = {f.name: getattr(seen, f.name) for f in fields(seen) if f.name not in ARRAYS}
    facts["moved"] = [asdict(moved) for moved in seen.moved]
    partial = target.with_name(f".{target.name}.partial")
    try:
        with partial.open("wb") as file:
            np.savez(file, about=np.array(json.dumps(facts)), **{name: getattr(seen, name) for name in ARRAYS})
        partial.replace(target)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    return target


def read(path: Path) -> Watched | None:
    """The look of a file, None when there is none or it cannot be read."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            facts: dict[str, Any] = json.loads(str(stored["about"]))
            moved = tuple(Moved(**{**row, "shape": tuple(row["shape"])}) for row in facts.pop("moved"))
            return Watched(**facts, moved=moved, **{name: stored[name] for name in ARRAYS})
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile):
        return None
