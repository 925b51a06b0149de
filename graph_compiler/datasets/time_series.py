"""Windows over the user's own table of measured values, one row a time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from graph_compiler.arrays import np
from graph_compiler.datasets import series
from graph_compiler.datasets.csv_file import FILES, READ_AGAIN, file_of, read_columns
from graph_compiler.datasets.csv_layout import TIME, ColumnsParam, CsvColumn, Dialect, FileParam, dialect_of
from graph_compiler.datasets.csv_scan import scan_csv
from graph_compiler.datasets.csv_text import DELIMITERS, fingerprint, read_rows
from graph_compiler.datasets.embedded import frozen
from graph_compiler.datasets.series import Cut, Series
from graph_compiler.datasets.timeline import NAMES, days_of, grid_of
from graph_compiler.datasets.windows import window_counts
from graph_compiler.specs.datasets import DataProblem, DatasetSpec, Place, Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.params import Bool, Choice, Float, Int, Text


def scan(path: Path, p: Values | None) -> Mapping[str, Any]:
    """What the document keeps of a table of values: its columns, how far apart its rows are, whether values are missing."""
    found = scan_csv(path, p["columns"] if p is not None else ())
    columns = _measured(found.columns, guess=p is None)
    if not any(c.kind == "number" for c in columns):
        raise DataProblem(f"{path.name} has no column of numbers", param="columns", hint="Choose a table with measured values.")
    read = _series(path, found.sha256, columns, found.dialect)
    out = {name: value for name, value in found.params("").items() if name in _KEPT}
    return {**out, "columns": msgspec.to_builtins(columns), "steps": len(read.values), "step": read.step,
            "whole": not bool(np.isnan(read.values).any())}


_KEPT = frozenset({"delimiter", "encoding", "decimal", "header", "sha256"})


def _measured(columns: tuple[CsvColumn, ...], guess: bool) -> tuple[CsvColumn, ...]:
    """The columns as numbers, time or not used; one number is the target, the last one unless one was chosen."""
    time = next((c.name for word in NAMES for c in columns if c.name.lower() == word), "") if guess else ""
    kinds = {c.name: TIME if c.name == time else c.kind if c.kind in ("number", TIME) else "ignore" for c in columns}
    used = [c for c in columns if kinds[c.name] == "number"]
    target = next((c.name for c in used if c.role == "target"), used[-1].name if used else "")
    return tuple(CsvColumn(name=c.name, kind=kinds[c.name], role="target" if c.name == target else "feature",
                           missing=c.missing if kinds[c.name] == "number" else 0) for c in columns)


@lru_cache(maxsize=4)
def _series(path: Path, sha256: str, columns: tuple[CsvColumn, ...], dialect: Dialect) -> Series:
    """The used columns on a grid of times; rows as they come where no time is known."""
    used = tuple(c for c in columns if c.kind == "number")
    arrays, names = read_columns(path, sha256, used, dialect), tuple(c.name for c in used)
    values = np.stack([arrays[name] for name in names], axis=1)
    time = next((c.name for c in columns if c.kind == TIME), "")
    days = days_of(_cells(path, dialect, time), dialect.decimal) if time else None
    grid = grid_of(days, time) if days is not None else None
    if days is None or grid is None:
        return Series(names, frozen(values))
    step, places = grid
    spread = np.full((int(places.max()) + 1, len(names)), np.nan, np.float32)
    spread[places] = values
    return Series(names, frozen(spread), float(days.min()), step)


def _cells(path: Path, dialect: Dialect, name: str) -> list[str]:
    """One column as it stands in the file."""
    chunks = read_rows(path, dialect)
    place = next(chunks)[0].index(name)
    return [row[place] for chunk in chunks for row in chunk]


def _cut(p: Values) -> Cut:
    used = [c for c in p["columns"] if c.kind == "number"]
    return series.cut_of(p, [c.name for c in used], next((c.name for c in used if c.role == "target"), used[-1].name))


def schema(p: Values) -> Schema:
    """`window`, `now` and `target`; none while the file was not read. Rows are known ahead where no value is missing."""
    if not any(c.kind == "number" for c in p["columns"]):
        return Schema(())
    cut = _cut(p)
    counts = window_counts(p["steps"], cut.length + cut.horizon, cut.stride, p) if p["whole"] else None
    return series.series_schema(cut, p["step"], counts)


def check(p: Values, place: Place) -> None:
    """DataProblem when the file has gone or holds other values than those that were read."""
    path = file_of(p, place.folder)
    if fingerprint(path)[0] != p["sha256"]:
        raise DataProblem(f"The values in {path.name} have changed since it was read", hint=READ_AGAIN, param="path",
                          code="data-changed")


def load(p: Values, place: Place) -> Table:
    """The file's values, cut into windows."""
    path = file_of(p, place.folder)
    check(p, place)
    return series.windows_table(_series(path, p["sha256"], p["columns"], dialect_of(p)), _cut(p))


DATASET = DatasetSpec(
    name="TimeSeries", title="Time series from a file", summary="Windows over your own measured values",
    text="A table with one row a time, such as measured values by hour. Columns of numbers become windows, and one of them "
         "some steps later is the target. Times are put in order; missing rows and values count as gaps. Training comes first "
         "in time, the test last, and no window lies in two parts.",
    params=(FileParam(name="path", default="", key=True, summary="The file, relative to the document."),
            *series.params(24, 1),
            ColumnsParam(name="columns", default=[], kinds=("number", TIME, "ignore"), kept=True,
                         summary="Which columns are used and which is the target."),
            Text(name="delimiter", default=",", likely=DELIMITERS, summary="What stands between two values."),
            Choice(name="encoding", default="utf-8", options=("utf-8", "utf-8-sig", "utf-16", "cp1252"),
                   summary="How letters are stored."),
            Choice(name="decimal", default=".", options=(".", ","), summary="Decimal sign."),
            Bool(name="header", default=True, summary="Whether the first line names the columns."),
            Int(name="steps", default=0, minimum=0, kept=True, summary="Steps from the first row to the last."),
            Float(name="step", default=0.0, minimum=0.0, kept=True, summary="Days from one step to the next, 0 when unknown."),
            Bool(name="whole", default=True, kept=True, summary="Whether no value is missing."),
            Text(name="sha256", default="", kept=True, summary="Hash of the file's content.")),
    schema=schema, load=load, check=check, scan=scan, files=FILES, default_split="chronological", splits=("chronological",),
    thumbnails="window", keywords=("time series", "forecast", "own data", "file", "csv", "window", "sequence", "regression"))
