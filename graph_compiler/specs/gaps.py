"""What is said about missing values, in the Data tab and among the problems of a drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graph_compiler.specs.datasets import Schema
from graph_compiler.specs.nodes import Values

NAMED = 3
"""So many columns are named in a title."""


@dataclass(frozen=True)
class Gaps:
    """Gaps of a table. `severity` is warning while rows are left out for them, note when filled, error when none is left."""

    severity: str
    title: str
    hint: str
    column: str
    """The column with most of them."""


def gaps_of(schema: Schema, p: Values, used: int) -> Gaps | None:
    """What to know about the gaps of a table of which `used` rows are left; None without gaps."""
    if not schema.missing:
        return None
    names = sorted(schema.missing, key=lambda name: -schema.missing[name])
    listed, dropped = _listed(names, schema.missing), p["missing"] == "drop rows"
    if not used:
        way = "Fill missing values, or ignore" if dropped else "Ignore"
        return Gaps("error", "No row is complete", f"{way} the columns that lack them: {listed}.", names[0])
    title, rows = f"Missing values: {listed}", _rows(p, used)
    if dropped:
        return Gaps("warning", title, f"Rows with a gap are left out; {rows}. “missing” can fill them.", names[0])
    filler = p["missing"].removeprefix("fill with ")
    return Gaps("note", title, f"They are filled with {filler if filler == 'zero' else f'the {filler}'}; {rows}.", names[0])


def _listed(names: list[str], missing: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {missing[name]:,}" for name in names[:NAMED]) + (" and more" if len(names) > NAMED else "")


def _rows(p: Values, used: int) -> str:
    """How many rows are left, of how many where that is known."""
    every = p.get("rows")
    return f"{used:,} of {every:,} rows are used" if every and every != used else f"{used:,} rows are used"
