"""`python -m tests.benchmarks [NAME...] [--json FILE]`: run benchmarks and print a table of values and bounds.

`figures` trains every template, or those whose ids follow it: `python -m tests.benchmarks figures vae dcgan`; with
`--stale` those that have no row of their present document yet.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

NAMES = ("startup", "canvas", "large", "journal", "analysis", "first_point", "training", "topologies", "watching", "seeing",
         "exports", "figures")


def reached(row: dict[str, Any]) -> bool:
    """Whether a row keeps its bound (rows without one always do), and every further figure its own."""
    if not all(reached(one) for one in row.get("also", ())):
        return False
    if row.get("bound") is None:
        return True
    return bool(row["value"] >= row["bound"]) if row.get("larger_is_better") else bool(row["value"] <= row["bound"])


def show(rows: list[dict[str, Any]]) -> None:
    """Print a table."""
    width = max((len(row["name"]) for row in rows), default=0)
    for row in rows:
        sign = ">=" if row.get("larger_is_better") else "<="
        bound = "" if row.get("bound") is None else f"{sign} {row['bound']:g}"
        mark = "" if row.get("bound") is None else ("ok" if reached(row) else "MISSED")
        value = f"{row['value']:>10.4g} {row.get('unit', ''):<4} {bound:>12}"
        print(f"  {row['name']:<{width}}  {value}  {mark:<7}{row.get('note', '')}", flush=True)
        if row.get("also"):
            show([{"name": f"  {one['metric']}", **one} for one in row["also"]])


def rows_of(name: str, templates: tuple[str, ...], stale: bool) -> list[dict[str, Any]]:
    """Run one benchmark; `figures` with the chosen templates, or with the stale ones."""
    module = importlib.import_module(f"tests.benchmarks.{name}")
    if name != "figures":
        return list(module.run())
    chosen = module.stale() if stale else templates
    return list(module.run(chosen)) if chosen or not stale else []


def main() -> int:
    """Run the named benchmarks (all but `figures` without names); exit code 1 when a bound is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(NAMES)}; all but `figures` without a name")
    parser.add_argument("--json", type=Path, help="also write the rows to this file")
    parser.add_argument("--stale", action="store_true", help="of the templates, those without a row of their document")
    given = parser.parse_args()
    templates = tuple(name for name in given.names if name not in NAMES)
    if templates and "figures" not in given.names:
        parser.error(f"there is no benchmark {', '.join(templates)}: choose of {', '.join(NAMES)}")
    every: dict[str, list[dict[str, Any]]] = {}
    for name in [name for name in given.names if name in NAMES] or NAMES[:-1]:
        print(f"{name}", flush=True)
        every[name] = rows_of(name, templates, given.stale)
        show(every[name])
    if given.json:
        given.json.write_text(json.dumps(every, indent=2) + "\n", encoding="utf-8")
    return 0 if all(reached(row) for rows in every.values() for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
