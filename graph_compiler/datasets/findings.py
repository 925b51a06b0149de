"""What a person should know about a table before training: gaps, rare classes, constant and very unequal columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from graph_compiler.datasets.thumbnails import ClassSummary, NumberSummary, Summary
from graph_compiler.specs.datasets import Schema, Table
from graph_compiler.specs.gaps import gaps_of
from graph_compiler.specs.nodes import Values

RARE_ROWS = 10
UNEQUAL = 100.0
"""So many times may one feature spread wider than another before normalising is advised."""


@dataclass(frozen=True)
class Finding:
    """One thing to know. `severity` is warning or note; `param` is what may be changed about it; `title` has no full stop."""

    severity: str
    title: str
    hint: str
    column: str = ""
    param: str = ""


def findings(table: Table, schema: Schema, rows: Mapping[str, np.ndarray], summaries: Mapping[str, Summary],
             p: Values) -> list[Finding]:
    """Everything worth saying, warnings first."""
    out = [*_gaps(schema, p, table.rows), *_rare(schema, summaries, p["stratify"]), *_lost(table, schema, rows, p),
           *_constant(schema, summaries), *_unequal(schema, summaries)]
    return sorted(out, key=lambda f: f.severity != "warning")


def _gaps(schema: Schema, p: Values, used: int) -> list[Finding]:
    found = gaps_of(schema, p, used)
    return [Finding(found.severity, found.title, found.hint, found.column, "missing")] if found else []


def _rare(schema: Schema, summaries: Mapping[str, Summary], stratified: str) -> list[Finding]:
    out = []
    for column in schema.every:
        summary = summaries.get(column.name)
        if not isinstance(summary, ClassSummary) or not column.classes:
            continue
        counts = dict(zip(column.classes, summary.counts, strict=False))
        name = min(counts, key=lambda n: counts[n])
        if counts[name] < RARE_ROWS and len(counts) > 1:
            words = "1 row" if counts[name] == 1 else f"{counts[name]:,} rows"
            advice = "Gather more rows" if column.name == stratified else "Stratify the split by it, or gather more rows"
            out.append(Finding("warning", f"“{name}” of {column.name} has only {words}",
                               f"A network can hardly learn it. {advice}.", column.name,
                               "" if column.name == stratified else "stratify"))
    return out


def _lost(table: Table, schema: Schema, rows: Mapping[str, np.ndarray], p: Values) -> list[Finding]:
    out = []
    for column in schema.columns:
        if column.kind == "category" and column.name in table.arrays:
            values = table.arrays[column.name]
            seen = set(np.unique(values[rows["train"]]).tolist())
            lost = [column.classes[c] for c in np.unique(values).tolist() if c not in seen and c < len(column.classes)]
            if lost:
                out.append(Finding("warning", f"No training row of {column.name} is {', '.join(f'“{n}”' for n in lost[:3])}",
                                   "Stratify the split by this column, or take another seed.", column.name, "stratify"))
    if not len(rows["validation"]):
        advice = "Its share holds no whole window: enlarge it." if p["validation"] > 0 else "Give validation a share."
        out.append(Finding("note", "There are no validation rows", f"Curves show training only. {advice}", param="validation"))
    return out


def _constant(schema: Schema, summaries: Mapping[str, Summary]) -> list[Finding]:
    numbers = {c.name: summaries.get(c.name) for c in schema.every if not c.shape}
    names = [name for name, s in numbers.items() if isinstance(s, NumberSummary) and s.low == s.high]
    if not names:
        return []
    return [Finding("note", f"{', '.join(names[:3])} {'is' if len(names) == 1 else 'are'} the same in every row",
                    "It tells a network nothing.", names[0])]


def _unequal(schema: Schema, summaries: Mapping[str, Summary]) -> list[Finding]:
    spreads = {c.name: s.std for c in schema.features if isinstance(s := summaries.get(c.name), NumberSummary) and s.std > 0}
    if len(spreads) < 2:
        return []
    low, high = min(spreads, key=lambda n: spreads[n]), max(spreads, key=lambda n: spreads[n])
    ratio = spreads[high] / spreads[low]
    if ratio < UNEQUAL:
        return []
    return [Finding("note", f"{high} spreads {float(f'{ratio:.2g}'):,.0f} times wider than {low}",
                    "Put Normalization behind the features.", high)]
