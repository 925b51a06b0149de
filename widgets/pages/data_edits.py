"""What the Data page asks of the document: sources found in it, and the edits behind its controls."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.datasets.csv_file import stored_path
from graph_compiler.datasets.csv_layout import TIME, ColumnsParam, CsvColumn
from graph_compiler.datasets.tables import VECTOR
from graph_compiler.graph.edits import UNSET, AddNode, Edit, SetParam
from graph_compiler.graph.ids import fresh_id
from graph_compiler.graph.values import Node
from graph_compiler.specs.datasets import FOLDER, Schema, SourceSpec
from widgets.document import GraphDocument
from widgets.pages.data_tables import ColumnLine, line_of
from widgets.words import count

COLUMN_PITCH = 256.0
UNUSED = ("Left out of training. Columns are guessed so where they count rows, hold words that hardly repeat or dates, "
          "or are mostly empty. Click the kind to use it.")


@dataclass(frozen=True)
class Source:
    """A source node of the drawing with its checked parameters.

    `sound` says whether every value fits its parameter; `wrong` is the first problem there is, a parameter's or of them all.
    """

    id: str
    name: str
    spec: SourceSpec
    values: Mapping[str, Any]
    sound: bool
    wrong: Diagnostic | None = None


def sources_of(document: GraphDocument) -> list[Source]:
    """The tables of the drawing, those that matter to the objectives first."""
    found = []
    for node in document.document.graph.nodes.values():
        spec = document.registry.node(node.type)
        facts = document.analysis.facts(node.id)
        if isinstance(spec, SourceSpec) and facts is not None:
            wrong = next((p for p in facts.problems if p.severity == "error"), None)
            sound = not any(p.code in ("parameter", "expression") for p in facts.problems)
            found.append(Source(node.id, node.name, spec, facts.values, sound, wrong))
    rank = {node_id: i for i, node_id in enumerate(document.analysis.plan.sources)}
    return sorted(found, key=lambda s: rank.get(s.id, len(rank)))


def folder_of(document: GraphDocument) -> Path:
    """The folder relative paths count from: the document's, or the working folder of an unsaved one."""
    return document.path.parent if document.path else Path.cwd()


def set_param(source: Source, name: str, value: Any) -> Edit:
    """The edit that sets a parameter; a default is taken out, not written down."""
    param = source.spec.param(name)
    return SetParam(source.id, name, UNSET if param is not None and value == param.default else value)


def file_edits(source: Source, found: Mapping[str, Any], path: str) -> list[Edit]:
    """The edits that make a source stand for a file that was looked through; `found` are parameters as its `scan` gives."""
    given = {**found, "path": path}
    edits = [set_param(source, name, value) for name, value in given.items()]
    checked = {name: param.check(value) for name, value in given.items() if (param := source.spec.param(name)) is not None}
    columns = source.spec.dataset.schema({**source.values, **checked}).columns
    if source.values.get("stratify") not in (*(c.name for c in columns if c.kind == "category"), ""):
        edits.append(SetParam(source.id, "stratify", UNSET))
    return edits


def stored(document: GraphDocument, path: Path) -> str:
    """A chosen file's path as the document keeps it."""
    return stored_path(path, document.path.parent if document.path else None)


def new_source_node(document: GraphDocument, found: Mapping[str, Any], type_name: str = "CSV") -> AddNode:
    """A source of its own with these parameters, one column to the left of the drawing."""
    nodes = document.document.graph.nodes
    x = min((n.x for n in nodes.values()), default=COLUMN_PITCH) - COLUMN_PITCH
    y = min((n.y for n in nodes.values()), default=0.0)
    spec = document.registry.nodes[type_name]
    params = {k: v for k, v in found.items() if v != spec.defaults().get(k)}
    return AddNode(Node(id=fresh_id(type_name, nodes), type=type_name, params=params, x=x, y=y))


Columns = tuple[CsvColumn, ...]


def with_column(columns: Columns, name: str, what: str, value: str, single: bool = False) -> Columns:
    """The columns with one of another `kind` or `role`. There is one time; with `single` there is one target as well."""
    if what == "role" and value == "target" and single:
        columns = tuple(replace(c, role="feature") for c in columns)
    if value == TIME:
        columns = tuple(replace(c, kind="ignore") if c.kind == TIME else c for c in columns)
    return tuple(replace(c, **{what: value}) if c.name == name else c for c in columns)


def targets_of(document: GraphDocument, source: Source) -> frozenset[str]:
    """Columns that are wired to a target, or would be: the last one."""
    wired = {e.source_port for e in document.document.graph.out_of(source.id) if e.target_port == "target"}
    return frozenset(wired or {c.name for c in source.spec.dataset.schema(source.values).columns[-1:]})


def lines_of(source: Source, targets: frozenset[str]) -> list[ColumnLine]:
    """The columns of a source as the list shows them; those of a file can be changed, also the ones that are not used."""
    schema = source.spec.dataset.schema(source.values)
    param = source.spec.param("columns")
    if not isinstance(param, ColumnsParam):
        return _fixed(schema, targets)
    if source.spec.name != "CSV":
        return [*_fixed(schema, targets), *_measured(source, param.kinds)]
    known = {c.name: c for c in schema.every}
    lines = [line_of(known[VECTOR], "feature")] if VECTOR in known else []
    for kept in source.values["columns"]:
        column = known.get(kept.name)
        holds = line_of(column, "").holds if column else "not used"
        gap = f" · {count(kept.missing)} missing" if kept.missing else ""
        lines.append(ColumnLine(kept.name, kept.kind, holds + gap, kept.role if column else "–", column is not None,
                                param.kinds, "" if column else UNUSED))
    return lines


def _fixed(schema: Schema, targets: frozenset[str]) -> list[ColumnLine]:
    return [line_of(c, "target" if c.name in targets else "feature") for c in schema.every]


def _measured(source: Source, kinds: tuple[str, ...]) -> list[ColumnLine]:
    """The columns of a file that windows are made of."""
    lines = []
    for kept in source.values["columns"]:
        used = kept.kind == "number"
        holds = "in the window" if used else "says when" if kept.kind == TIME else "not used"
        gap = f" · {count(kept.missing)} missing" if kept.missing else ""
        role = kept.role if used else "–"
        lines.append(ColumnLine(kept.name, kept.kind, holds + gap, role, used, kinds))
    return lines


_TABLES = frozenset({".csv", ".tsv", ".txt"})


def takes(source: Source | None, path: Path) -> bool:
    """Whether a file or folder can be that of a source."""
    if source is None or source.spec.dataset.scan is None:
        return False
    return path.is_dir() == (source.spec.dataset.files == FOLDER)


def drop_words(path: Path, source: Source | None) -> str:
    """What happens to a file or folder that is dropped; empty where neither the source in view nor a new table can take it."""
    endings = set(re.findall(r"\*(\.\w+)", source.spec.dataset.files)) if source is not None else set()
    if not (path.is_dir() or path.suffix.lower() in _TABLES | endings):
        return ""
    if takes(source, path):
        return f"Read “{path.name}” into this source"
    return f"Read “{path.name}” as a folder of pictures" if path.is_dir() else f"Read “{path.name}” as a new source"


_DELIMITERS = {",": "Commas", ";": "Semicolons", "\t": "Tabs", "|": "Bars"}


def words_of(source: Source) -> str:
    """What the page says about a source: its text, or how its file is written."""
    p = source.values
    if source.spec.name != "CSV" or not p["path"]:
        return source.spec.dataset.text
    sign = ", decimal comma" if p["decimal"] == "," else ""
    heading = "" if p["header"] else ", no heading"
    return (f"{_DELIMITERS.get(str(p['delimiter']), 'Signs')} between values, {p['encoding']}{sign}{heading}. "
            f"{count(p['rows'])} rows in the file. Click a kind or a role to change it.")
