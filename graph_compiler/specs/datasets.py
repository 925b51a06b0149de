"""What a data source declares. A source node of type `name` is made from it: its columns become output ports.

Columns and row counts are known without loading (`schema`); rows are read by `load`, which needs numpy only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import structs

from graph_compiler.specs.nodes import Inferred, Inputs, NodeSpec, Port, Values
from graph_compiler.specs.params import Choice, Float, Int, Param, Text
from graph_compiler.specs.refusal import Refusal
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
    features: tuple[Column, ...] = ()
    """The number columns the `features` vector is made of, in order; they are ports of their own only on request."""
    missing: Mapping[str, int] = field(default_factory=dict)
    """How many values are missing, by column; columns without gaps are left out."""
    chronological: tuple[int, int, int] | None = None
    """Rows by part of the chronological split where the source makes it itself, because its rows are windows."""

    @property
    def every(self) -> tuple[Column, ...]:
        """Ports and parts of the features vector, each column once: what a loaded table has arrays for."""
        named = {column.name for column in self.columns}
        return (*self.columns, *(column for column in self.features if column.name not in named))


@dataclass(frozen=True)
class Table:
    """A loaded source: arrays by column name, aligned row by row, and the rows of each part of the given split.

    There may be more arrays than ports (single columns beside the vector made of them).
    """

    arrays: Mapping[str, np.ndarray]
    given: Mapping[str, np.ndarray] | None = None
    """Row numbers by part (`train`, `test`, maybe `validation`) when the source has a split of its own."""
    chronological: Mapping[str, np.ndarray] | None = None
    """Row numbers by part of the chronological split when rows are windows, as `Schema.chronological` counts them."""
    vocabularies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Tokens by id, by column, where they are known only once the source is read."""

    @property
    def rows(self) -> int:
        """How many rows the table has."""
        return min((len(a) for a in self.arrays.values()), default=0)


def read_schema(schema: Schema, table: Table) -> Schema:
    """The schema with what only the loaded table knows: vocabularies."""
    if not table.vocabularies:
        return schema
    known = table.vocabularies
    columns = tuple(structs.replace(c, vocabulary=known[c.name]) if c.name in known else c for c in schema.columns)
    return replace(schema, columns=columns)


@dataclass(frozen=True)
class Download:
    """One file a source needs: where it comes from, its name in the cache, and how to know it is the right one."""

    url: str
    name: str
    size: int
    """Bytes, for progress and for the sentence that asks for the download."""
    sha256: str = ""
    """Its hash, SHA-256 or, where Keras has no other, MD5; empty where there is none."""
    folder: str = "datasets"
    """Sub-folder of the cache."""
    extract: bool = False
    """Whether the file is an archive that is unpacked into a folder of this name."""


class Fetch(Protocol):
    """Brings a file into the cache and gives its path. The worker supplies it (Keras's own `get_file` does the work)."""

    def __call__(self, download: Download, cache: Path, progress: Callable[[str, float], None] | None) -> Path:
        """The path of the file, or of the unpacked folder. `DataProblem` when it cannot be had."""
        ...


@dataclass(frozen=True)
class Place:
    """Where a source may look: the folder of the document, the cache for downloads (Keras's folder), progress.

    `progress(words, fraction)`; `fetch` downloads and is used only where `may_download` says so.
    """

    folder: Path
    cache: Path
    progress: Callable[[str, float], None] | None = None
    may_download: bool = False
    fetch: Fetch | None = None
    decode: Callable[[bytes], np.ndarray] | None = None
    """Pixels uint8 [h, w, channels] of an encoded picture: Qt's in the window, TensorFlow's in the worker, since neither room
    may use the other's. ValueError when the bytes are no picture."""


class DataProblem(Exception):
    """Data cannot be had or does not fit. `title` for people; `hint` says what to do; `param` is the guilty one."""

    def __init__(self, title: str, *, hint: str = "", param: str = "", code: str = "data") -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint
        self.param = param
        self.code = code


FOLDER = "folder"

SPLITS = ("given", "fractions", "chronological")

SPLIT_PARAMS: tuple[Param, ...] = (
    Choice(name="split", default="given", options=SPLITS,
           summary="Which rows train, validate and test."),
    Float(name="validation", default=0.1, minimum=0.0, maximum=0.9, summary="Share of rows for validation."),
    Float(name="test", default=0.2, minimum=0.0, maximum=0.9,
          summary="Share of rows for the test (fractions and chronological)."),
    Int(name="split_seed", default=0, minimum=0, summary="Seed of the shuffle before splitting."),
    Text(name="stratify", default="", of="categories", summary="Column whose classes keep their shares in every part."),
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
    default_stratify: str = ""
    default_validation: float = 0.1
    default_test: float = 0.2
    splits: tuple[str, ...] = ()
    """What `split` may be; empty for fractions and chronological, and given where that is the default."""
    scan: Callable[[Path, Values | None], Mapping[str, Any]] | None = None
    """Looks through a file of the user and gives the parameters that the document keeps of it (`path` is not among them).

    With values it reads the same file again and keeps what a person chose. `DataProblem` when the file cannot serve.
    """
    files: str = ""
    """Which files `path` may name, as a file dialog writes it: `Text (*.txt *.md)`; `FOLDER` when it is a folder."""
    downloads: tuple[Download, ...] = ()
    """Files that must be in the cache before the source can be read."""
    keywords: tuple[str, ...] = ()
    thumbnails: str = ""
    """The column whose first samples the card shows; empty when there is none."""


def idle(schema: Schema, p: Values) -> frozenset[str]:
    """Parameters of the split that change nothing, as `split` and the data stand."""
    settled = p["split"] == "given" and schema.given is not None and schema.given[1] > 0
    drawn = p["split"] != "chronological" and not settled
    rules = {"validation": settled, "test": p["split"] == "given", "split_seed": not drawn,
             "stratify": not drawn or all(column.kind != "category" for column in schema.columns)}
    return frozenset(name for name, without_effect in rules.items() if without_effect)


@dataclass(frozen=True, kw_only=True)
class SourceSpec(NodeSpec):
    """The node type of a data set: one output port per column."""

    kind: str = "source"
    family: str = "sources"
    dataset: DatasetSpec

    def output_ports(self, p: Values) -> tuple[Port, ...]:
        return tuple(Port(column.name) for column in self.dataset.schema(p).columns)

    def infer(self, p: Values, inputs: Inputs) -> Inferred:
        schema = self.dataset.schema(p)
        if not schema.columns:
            raise Refusal("no-data", f"{self.name} has no {'columns' if p.get('path') else 'file'} yet",
                          expected="a file with at least one column", received=str(p.get("path") or "none"), param="path",
                          hint="Choose a file in the Data tab.")
        _check_split(p, schema)
        return Inferred(tuple(column_tensor(column) for column in schema.columns))


def _check_split(p: Values, schema: Schema) -> None:
    shares = p["validation"] + (p["test"] if p["split"] != "given" else 0.0)
    if shares >= 1.0:
        raise Refusal("split", "The split leaves no rows to train on", expected="validation and test to add up to less than 1",
                      received=f"{shares:g}", param="test" if p["split"] != "given" else "validation",
                      hint="Make validation or test smaller.")
    name = p["stratify"]
    if name and not any(c.name == name and c.kind == "category" for c in schema.columns):
        classes = [c.name for c in schema.columns if c.kind == "category"]
        raise Refusal("split", f"There is no category column “{name}” to stratify by",
                      expected=" or ".join(classes) if classes else "an empty field: no column is a category",
                      received=name, param="stratify", hint="Choose a column with classes, or leave stratify empty.")


def column_tensor(column: Column) -> Tensor:
    """The tensor a column delivers. Token columns are not masked until an Embedding masks them."""
    return Tensor(column.shape, column.dtype, False, column)


def source_of(dataset: DatasetSpec) -> SourceSpec:
    """The node type that puts a data set on the canvas."""
    own = {"split": dataset.default_split, "stratify": dataset.default_stratify, "validation": dataset.default_validation,
           "test": dataset.default_test}
    split = [replace(param, default=own.get(param.name, param.default)) for param in SPLIT_PARAMS]
    ways = dataset.splits or tuple(w for w in SPLITS if w != "given" or dataset.default_split == "given")
    split = [replace(p, options=ways) if isinstance(p, Choice) else p for p in split]
    return SourceSpec(name=dataset.name, summary=dataset.summary, text=dataset.text, params=(*dataset.params, *split),
                      keywords=dataset.keywords, dataset=dataset)
