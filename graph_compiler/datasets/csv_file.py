"""The user's own table. What its columns are is stored in the document; the file is read only to train and to look."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from graph_compiler.arrays import np
from graph_compiler.datasets.csv_layout import ColumnsParam, CsvColumn, CsvSchema, Dialect, FileParam, dialect_of
from graph_compiler.datasets.csv_scan import GAP, numbers_in, scan_csv
from graph_compiler.datasets.csv_text import DELIMITERS, fingerprint, read_rows, readable
from graph_compiler.datasets.missing import MISSING, NO_CLASS, complete
from graph_compiler.datasets.tables import PORTS, table_schema
from graph_compiler.specs.datasets import DataProblem, DatasetSpec, Place, Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.params import Bool, Choice, Int, Text
from graph_compiler.specs.tensors import Column

FILES = "Tables (*.csv *.tsv *.txt);;All files (*)"
READ_AGAIN = "Read the file again in the Data tab, or bring the old file back."


def file_of(p: Values, folder: Path) -> Path:
    """Where the node's file is, counted from the document's folder. DataProblem when none is chosen."""
    if not p["path"]:
        raise DataProblem("No file is chosen", hint="Choose a file in the Data tab.", param="path", code="no-data")
    return (folder / Path(p["path"]).expanduser()).resolve()


def stored_path(path: Path, folder: Path | None) -> str:
    """The path as the document keeps it: relative below its folder, else absolute; always with forward slashes."""
    path = path.resolve()
    if folder is not None and path.is_relative_to(folder.resolve()):
        path = path.relative_to(folder.resolve())
    return path.as_posix()


def scan(path: Path, p: Values | None) -> Mapping[str, Any]:
    """What the document keeps of a table. With the node's values, kinds and roles stay where the columns are still there."""
    same = p is not None and fingerprint(path)[0] == p["sha256"]
    found = scan_csv(path, p["columns"] if p is not None else (), dialect_of(p) if p is not None and same else None).params("")
    return {name: value for name, value in found.items() if name != "path"}


def scan_again(p: Values, folder: Path, columns: tuple[CsvColumn, ...] | None = None) -> CsvSchema:
    """Scan the node's file; kinds and roles stay as stored (or as `columns` says), classes and counts are new."""
    path = file_of(p, folder)
    kept = columns if columns is not None else p["columns"]
    return scan_csv(path, kept, dialect_of(p) if columns is not None else None)


def _column(column: CsvColumn) -> Column:
    return Column(name=column.name, kind=column.kind, classes=column.classes, typical=column.typical)


def schema(p: Values) -> Schema:
    """Columns as stored in the document: `features`, single columns, categories, targets."""
    used = [c for c in p["columns"] if c.kind != "ignore"]
    features = tuple(_column(c) for c in used if c.kind == "number" and c.role == "feature")
    others = sorted((c for c in used if c.kind != "number" or c.role != "feature"), key=lambda c: c.role == "target")
    rows = p["complete_rows"] if p["missing"] == "drop rows" else p["labelled_rows"]
    gaps = {c.name: c.missing for c in used if c.missing}
    return table_schema(p, features, tuple(map(_column, others)), rows if p["rows"] else None, gaps)


def load(p: Values, place: Place) -> Table:
    """All used columns, gaps treated as `missing` says. DataProblem when the file no longer matches."""
    path = file_of(p, place.folder)
    check(p, place)
    columns = read_columns(path, fingerprint(path)[0], p["columns"], dialect_of(p))
    used = [c for c in p["columns"] if c.kind != "ignore"]
    features = [c.name for c in used if c.kind == "number" and c.role == "feature"]
    others = {c.name: columns[c.name] for c in used if c.name not in features}
    targets = frozenset(c.name for c in used if c.role == "target")
    table = complete({name: columns[name] for name in features}, others, targets, p)
    if not table.rows:
        raise DataProblem(f"No row of {path.name} is complete", param="missing",
                          hint="Fill missing values, or ignore the columns that lack them.")
    return table


@lru_cache(maxsize=4)
def read_columns(path: Path, sha256: str, columns: tuple[CsvColumn, ...], dialect: Dialect) -> dict[str, np.ndarray]:
    """Used columns by name: float32 with NaN, class numbers with `NO_CLASS`, or text (the hash is part of the memory's key)."""
    parts: dict[str, list[np.ndarray]] = {c.name: [] for c in columns if c.kind != "ignore"}
    kinds, names = {c.name: c for c in columns}, []
    for i, chunk in enumerate(read_rows(path, dialect)):
        if i == 0:
            names = chunk[0]
        elif chunk:
            for name, cells in zip(names, zip(*chunk, strict=True), strict=True):
                if name in parts:
                    parts[name].append(_values(cells, kinds[name], dialect.decimal))
    return {name: np.concatenate(arrays) for name, arrays in parts.items()}


def _values(cells: tuple[str, ...], column: CsvColumn, decimal: str) -> np.ndarray:
    values, codes = numbers_in(cells, decimal)
    if column.kind == "number":
        return values.astype(np.float32)
    if column.kind == "text":
        return np.array(["" if code == GAP else cell.strip() for cell, code in zip(cells, codes, strict=True)], str)
    place = {word: i for i, word in enumerate(column.classes)}
    classes = np.array([place.get(cell.strip(), NO_CLASS) for cell in cells], np.int32)
    classes[codes == GAP] = NO_CLASS
    return classes


def check(p: Values, place: Place) -> None:
    """DataProblem when the file has gone or is no longer what the document says it is: which column, and how."""
    path = readable(file_of(p, place.folder))
    if fingerprint(path)[0] == p["sha256"]:
        return
    fresh = scan_csv(path, [c for c in p["columns"] if c.kind == "category"], _unless_changed(path, p))
    raise DataProblem(_difference(path.name, p, fresh), hint=READ_AGAIN, param="path", code="data-changed")


def _unless_changed(path: Path, p: Values) -> Dialect | None:
    """The stored dialect while the file still has the stored heading, else None: find it anew."""
    heading = next(iter(read_rows(path, dialect_of(p))))[0]
    return dialect_of(p) if {c.name for c in p["columns"]} & set(heading) else None


def _difference(name: str, p: Values, fresh: CsvSchema) -> str:
    """One sentence on what changed, the gravest first."""
    now = {c.name: c for c in fresh.columns}
    used = [c for c in p["columns"] if c.kind != "ignore"]
    gone = [c.name for c in used if c.name not in now]
    if gone:
        return f"{name} has no column{'s' if len(gone) > 1 else ''} {', '.join(f'“{n}”' for n in gone)} any more"
    for column in used:
        other = now[column.name]
        if column.kind == "number" and other.kind != "number" and other.missing < fresh.rows:
            return f"“{column.name}” of {name} was a column of numbers and now holds words"
        if column.kind == "category" and (new := sorted(set(other.classes) - set(column.classes))):
            return f"“{column.name}” of {name} has new classes: {', '.join(new[:3])}{' and more' if len(new) > 3 else ''}"
    if fresh.rows != p["rows"]:
        return f"{name} has {fresh.rows:,} rows now, {p['rows']:,} when it was read"
    return f"The values in {name} have changed since it was read"


DATASET = DatasetSpec(
    name="CSV", title="CSV file", summary="Your own table",
    text="A text file with one row a line. Delimiter, encoding and decimal sign are found; what each column is, is guessed and "
         "can be changed in the Data tab. Number features come as one vector “features”, categories and targets as ports of "
         "their own.",
    params=(FileParam(name="path", default="", key=True, summary="The file, relative to the document."),
            MISSING, PORTS,
            ColumnsParam(name="columns", default=[], kept=True, summary="Kind and role of each column."),
            Text(name="delimiter", default=",", likely=DELIMITERS, summary="What stands between two values."),
            Choice(name="encoding", default="utf-8", options=("utf-8", "utf-8-sig", "utf-16", "cp1252"),
                   summary="How letters are stored."),
            Choice(name="decimal", default=".", options=(".", ","), summary="Decimal sign."),
            Bool(name="header", default=True, summary="Whether the first line names the columns."),
            Int(name="rows", default=0, minimum=0, kept=True, summary="Rows when the file was read."),
            Int(name="complete_rows", default=0, minimum=0, kept=True, summary="Rows without a missing value."),
            Int(name="labelled_rows", default=0, minimum=0, kept=True, summary="Rows whose targets are not missing."),
            Text(name="sha256", default="", kept=True, summary="Hash of the file's content.")),
    schema=schema, load=load, check=check, scan=scan, files=FILES, default_split="fractions",
    keywords=("table", "file", "own data", "spreadsheet", "excel", "regression", "classification"))
