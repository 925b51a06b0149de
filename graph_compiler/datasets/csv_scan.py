"""Looks through a whole CSV file once: kinds, classes and gaps of its columns, row counts, content hash."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graph_compiler.arrays import np
from graph_compiler.datasets.csv_layout import MOST_CLASSES, CsvColumn, CsvSchema, Dialect
from graph_compiler.datasets.csv_text import MISSING_WORDS, find_dialect, fingerprint, parse_number, read_rows
from graph_compiler.specs.datasets import DataProblem

TARGETS = ("target", "label", "class", "species", "price", "y", "outcome", "diagnosis", "category", "quality", "survived",
           "medv", "median_house_value", "cultivar", "mpg", "value")
"""Names that usually mean what is to be predicted, the surest first."""

CLASS_NAMES = frozenset({"target", "label", "class", "species", "category", "y", "outcome", "diagnosis", "cultivar",
                         "survived"})
COUNTERS = frozenset({"id", "index", "rownames", "row", "no", "nr", "unnamed: 0", "column_1"})
MOST_GUESSED_CLASSES = 100

NUMBER, WORD, GAP = 0, 1, 2


def numbers_in(cells: Sequence[str], decimal: str) -> tuple[np.ndarray, np.ndarray]:
    """float64 values (NaN where there is no number) and what each cell is: NUMBER, WORD or GAP."""
    try:
        values = np.fromiter(map(float, cells), np.float64, len(cells))
        codes = np.zeros(len(cells), np.int8)
    except ValueError:
        values, codes = _one_by_one(cells, decimal)
    with np.errstate(over="ignore"):
        lost = ~np.isfinite(values.astype(np.float32)) & (codes == NUMBER)
    codes[lost], values[lost] = GAP, np.nan
    return values, codes


def _one_by_one(cells: Sequence[str], decimal: str) -> tuple[np.ndarray, np.ndarray]:
    values, codes = np.full(len(cells), np.nan), np.zeros(len(cells), np.int8)
    known: dict[str, tuple[float, int]] = {}
    for i, cell in enumerate(cells):
        if cell not in known:
            known[cell] = _one(cell, decimal)
        values[i], codes[i] = known[cell]
    return values, codes


def _one(cell: str, decimal: str) -> tuple[float, int]:
    if cell.strip().lower() in MISSING_WORDS:
        return math.nan, GAP
    try:
        return parse_number(cell, decimal), NUMBER
    except ValueError:
        return math.nan, WORD


@dataclass
class _Seen:
    """What one pass found in one column."""

    name: str
    codes: list[np.ndarray] = field(default_factory=list)
    words: set[str] | None = field(default_factory=set)
    """Different values, None once there are too many to be classes."""
    whole: bool = True
    counting: bool = True
    """Whether the values are 1, 2, 3 ... or 0, 1, 2 ..."""
    last: float | None = None
    squares: float = 0.0
    numbers: int = 0

    def take(self, cells: Sequence[str], decimal: str) -> None:
        """Look at a chunk."""
        values, codes = numbers_in(cells, decimal)
        self.codes.append(codes)
        if self.words is not None:
            self.words.update(cell.strip() for cell, code in zip(cells, codes.tolist(), strict=True) if code != GAP)
            if len(self.words) > MOST_CLASSES:
                self.words = None
        known = values[codes == NUMBER]
        self.squares += float(np.square(known).sum())
        self.numbers += len(known)
        self.whole = self.whole and bool((known == np.round(known)).all())
        if self.counting and len(values):
            steps = np.diff(values, prepend=self.last if self.last is not None else values[0] - 1)
            self.counting = bool((codes == NUMBER).all() and (steps == 1).all())
            self.last = float(values[-1])

    @property
    def typical(self) -> float:
        """The root of the mean square, to three digits; 0 without numbers."""
        size = math.sqrt(self.squares / self.numbers) if self.numbers else 0.0
        return float(f"{size:.3g}") if math.isfinite(size) else 0.0

    def code(self) -> np.ndarray:
        """What each cell of the column is."""
        return np.concatenate(self.codes) if self.codes else np.zeros(0, np.int8)


def scan_csv(path: Path, columns: Sequence[CsvColumn] = (), dialect: Dialect | None = None) -> CsvSchema:
    """Everything `CSV` stores about a file. `columns` fix kinds and roles by name; others are guessed. DataProblem: why not."""
    sha256, _ = fingerprint(path)
    dialect = dialect or find_dialect(path)
    seen: list[_Seen] = []
    for i, chunk in enumerate(read_rows(path, dialect)):
        if i == 0:
            seen = [_Seen(name) for name in chunk[0]]
        elif chunk:
            for column, cells in zip(seen, zip(*chunk, strict=True), strict=True):
                column.take(cells, dialect.decimal)
    codes = {column.name: column.code() for column in seen}
    rows = len(next(iter(codes.values()), ()))
    if not rows:
        raise DataProblem(f"{path.name} has a heading but no rows", param="path", hint="Choose a file with rows.")
    fixed = {c.name: c for c in columns}
    guessed = _with_target([_guess(column, codes[column.name], rows) for column in seen], keep=bool(fixed))
    return _summed(dialect, [_settled(c, fixed.get(c.name), s, codes[c.name]) for c, s in zip(guessed, seen, strict=True)],
                   codes, rows, sha256)


def _guess(column: _Seen, codes: np.ndarray, rows: int) -> CsvColumn:
    name = column.name.lower()
    present = int((codes != GAP).sum())
    if present * 2 < rows or (name in COUNTERS and column.counting and rows > 2):
        return CsvColumn(name=column.name, kind="ignore")
    few = column.words is not None and len(column.words) <= MOST_GUESSED_CLASSES
    if not (codes == WORD).any():
        classes = name in CLASS_NAMES and few and column.whole and len(column.words or ()) * 2 <= present
        return CsvColumn(name=column.name, kind="category" if classes else "number")
    repeated = few and len(column.words or ()) * 2 <= max(present, 4)
    return CsvColumn(name=column.name, kind="category" if repeated else "ignore")


def _with_target(columns: list[CsvColumn], keep: bool) -> list[CsvColumn]:
    """One column becomes the target: by its name, else the last one that is used."""
    used = [c.name for c in columns if c.kind != "ignore"]
    if not used or keep:
        return columns
    by_name = [n for word in TARGETS for n in used if n.lower() == word]
    target = (by_name or used[-1:])[0]
    return [CsvColumn(name=c.name, kind=c.kind, role="target" if c.name == target else "feature") for c in columns]


def _settled(guess: CsvColumn, fixed: CsvColumn | None, seen: _Seen, codes: np.ndarray) -> CsvColumn:
    """The column with classes and gaps as its kind, chosen or guessed, counts them."""
    kind, role = (fixed.kind, fixed.role) if fixed else (guess.kind, guess.role)
    classes: tuple[str, ...] = ()
    if kind == "category":
        if seen.words is None:
            raise DataProblem(f"“{seen.name}” has more than {MOST_CLASSES:,} different values, too many for classes",
                              param="columns", hint="Make it a number or ignore it.")
        classes = tuple(sorted(seen.words, key=_class_order))
    return CsvColumn(name=seen.name, kind=kind, role=role, classes=classes, missing=int(holes(codes, kind).sum()),
                     typical=seen.typical if kind == "number" else 0.0)


def holes(codes: np.ndarray, kind: str) -> np.ndarray:
    """Where a column of that kind lacks a value."""
    return np.asarray(codes != NUMBER if kind == "number" else codes == GAP)


def _class_order(word: str) -> tuple[int, float, str]:
    try:
        return 0, float(word), word
    except ValueError:
        return 1, 0.0, word


def _summed(dialect: Dialect, columns: list[CsvColumn], codes: dict[str, np.ndarray], rows: int, sha256: str) -> CsvSchema:
    lacking, unlabelled = np.zeros(rows, bool), np.zeros(rows, bool)
    for column in columns:
        if column.kind == "ignore":
            continue
        here = holes(codes[column.name], column.kind)
        lacking |= here
        if column.role == "target":
            unlabelled |= here
    return CsvSchema(dialect=dialect, columns=tuple(columns), rows=rows, complete_rows=rows - int(lacking.sum()),
                     labelled_rows=rows - int(unlabelled.sum()), sha256=sha256)
