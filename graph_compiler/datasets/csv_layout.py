"""How a user's table is written down and what its columns are: the values that `CSV` stores in the document.

Nothing is read here; `csv_text` finds the dialect, `csv_scan` fills a `CsvSchema`, `csv_file` loads by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from graph_compiler.datasets.tables import VECTOR
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.params import Param, Text

KINDS = ("number", "category", "text", "ignore")
TIME = "time"
"""The kind of the column that says when, in tables of measured values."""
ROLES = ("feature", "target")
MOST_CLASSES = 1000


class CsvColumn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One column of the file. `missing` counts empty values and, in a number column, words that are no number.

    `typical` says how large the numbers are: the root of their mean square, 0 where nobody looked.
    """

    name: str
    kind: str = "number"
    role: str = "feature"
    classes: tuple[str, ...] = ()
    missing: int = 0
    typical: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How the file writes a table: delimiter, encoding, decimal sign, and whether the first line names the columns."""

    delimiter: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    header: bool = True


@dataclass(frozen=True, kw_only=True)
class CsvSchema:
    """What a scan found. `complete_rows` have no gap in any used column, `labelled_rows` none in a target."""

    dialect: Dialect
    columns: tuple[CsvColumn, ...]
    rows: int
    complete_rows: int
    labelled_rows: int
    sha256: str

    def params(self, path: str) -> dict[str, Any]:
        """The parameters of a CSV node that stands for this file, as JSON values."""
        return {"path": path, "delimiter": self.dialect.delimiter, "encoding": self.dialect.encoding,
                "decimal": self.dialect.decimal, "header": self.dialect.header, "columns": msgspec.to_builtins(self.columns),
                "rows": self.rows, "complete_rows": self.complete_rows, "labelled_rows": self.labelled_rows,
                "sha256": self.sha256}


def dialect_of(p: Values) -> Dialect:
    """The dialect stored in a node's checked parameters."""
    return Dialect(delimiter=p["delimiter"], encoding=p["encoding"], decimal=p["decimal"], header=p["header"])


@dataclass(frozen=True, kw_only=True)
class ColumnsParam(Param):
    """The columns of a table, as a list of `{name, kind, role, classes, missing}`; `kinds` are those a column may have."""

    kinds: tuple[str, ...] = KINDS
    kind = "columns"

    def convert(self, value: Any) -> tuple[CsvColumn, ...]:
        try:
            columns = msgspec.convert(value, tuple[CsvColumn, ...])
        except msgspec.ValidationError:
            raise self.refuse("something else") from None
        names = [c.name for c in columns]
        if len(set(names)) != len(names) or VECTOR in names or not all(names):
            raise self.refuse(", ".join(names), f"columns with names of their own (“{VECTOR}” is taken)")
        for column in columns:
            if column.kind not in self.kinds or column.role not in ROLES or len(column.classes) > MOST_CLASSES:
                raise self.refuse(f"{column.kind}, {column.role}",
                                  f"a kind of {', '.join(self.kinds)} and a role of {', '.join(ROLES)}")
        return columns

    @property
    def expected(self) -> str:
        return "a list of columns with name, kind and role"


class FileParam(Text):
    """The path of a file, relative to the document's folder where it lies below it."""

    kind = "file"
