"""What a data source declares. A source node of type `name` is made from it: its columns become output ports.

Columns and row counts are known without loading (`schema`); rows are read by `load`, which needs numpy only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graph_compiler.specs.nodes import Inferred, Inputs, NodeSpec, Port, Values
from graph_compiler.specs.params import Choice, Float, Int, Param, Text
from graph_compiler.specs.tensors import Column, Tensor

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Schema:
    """What is known of a source without loading: columns, rows, and how many rows a given split has."""

    columns: tuple[Column, ...]
    rows: int | None = None
    given: tuple[int, int, int] | None = None
    """Rows for train, validation and test of the source's own split (validation may be 0: taken from train)."""


@dataclass(frozen=True)
class Table:
    """A loaded source: arrays by column name, aligned row by row, and the rows of each part of the given split."""

    arrays: Mapping[str, np.ndarray]
    given: Mapping[str, np.ndarray] | None = None
    """Row numbers by part (`train`, `test`, maybe `validation`) when the source has a split of its own."""

    @property
    def rows(self) -> int:
        """How many rows the table has."""
        return min((len(a) for a in self.arrays.values()), default=0)


@dataclass(frozen=True)
class Place:
    """Where a source may look: the folder of the document, the cache for downloads, and a progress callback."""

    folder: Path
    cache: Path
    progress: Callable[[str, float], None] | None = None
    may_download: bool = False


class DataProblem(Exception):
    """Data cannot be had or does not fit. `title` for people; `hint` says what to do; `param` is the guilty one."""

    def __init__(self, title: str, *, hint: str = "", param: str = "", code: str = "data") -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint
        self.param = param
        self.code = code


SPLIT_PARAMS: tuple[Param, ...] = (
    Choice(name="split", default="given", options=("given", "fractions", "chronological"),
           summary="Which rows train, validate and test."),
    Float(name="validation", default=0.1, minimum=0.0, maximum=0.9, summary="Share of rows for validation."),
    Float(name="test", default=0.2, minimum=0.0, maximum=0.9, summary="Share of rows for the test (fractions and chronological)."),
    Int(name="split_seed", default=0, minimum=0, summary="Seed of the shuffle before splitting."),
    Text(name="stratify", default="", summary="Column whose classes keep their shares in every part."),
)
"""Parameters every table source has."""


@dataclass(frozen=True, kw_only=True)
class DatasetSpec:
    """A data set. `schema(p)` must not read files; `load(p, place)` may, and raises `DataProblem`."""

    name: str
    title: str
    summary: str
    text: str = ""
    licence: str = ""
    origin: str = ""
    params: tuple[Param, ...] = ()
    schema: Callable[[Values], Schema]
    load: Callable[[Values, Place], Table]
    check: Callable[[Values, Place], None] | None = None
    """Raises `DataProblem` when the file of the user no longer matches the stored schema."""
    default_split: str = "given"
    keywords: tuple[str, ...] = ()
    thumbnails: str = ""
    """The image column whose first samples the card shows; empty when there is none."""


@dataclass(frozen=True, kw_only=True)
class SourceSpec(NodeSpec):
    """The node type of a data set: one output port per column."""

    kind: str = "source"
    family: str = "sources"
    dataset: DatasetSpec

    def output_ports(self, p: Values) -> tuple[Port, ...]:
        return tuple(Port(column.name) for column in self.dataset.schema(p).columns)

    def infer(self, p: Values, inputs: Inputs) -> Inferred:
        return Inferred(tuple(column_tensor(column) for column in self.dataset.schema(p).columns))


def column_tensor(column: Column) -> Tensor:
    """The tensor a column delivers. Token columns are not masked until an Embedding masks them."""
    return Tensor(column.shape, column.dtype, False, column)


def source_of(dataset: DatasetSpec) -> SourceSpec:
    """The node type that puts a data set on the canvas."""
    split: list[Param] = []
    for param in SPLIT_PARAMS:
        if param.name == "split" and isinstance(param, Choice):
            options = param.options if dataset.default_split == "given" else param.options[1:]
            param = Choice(name="split", default=dataset.default_split, options=options, summary=param.summary)
        split.append(param)
    return SourceSpec(name=dataset.name, summary=dataset.summary, text=dataset.text, params=(*dataset.params, *split),
                      keywords=dataset.keywords, dataset=dataset)

