"""`python -m tests.benchmarks [NAME...] [--json FILE]`: run benchmarks and print a table of values and bounds.

`figures` trains every template, or those whose ids follow it: `python -m tests.benchmarks figures vae dcgan`; with
`--stale` those that have no row of their present document yet. `exports` proves every file of them in the same way, from
runs in the folder `--runs` or from its own.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

NAMES = ("startup", "canvas", "large", "journal", "analysis", "first_point", "training", "topologies", "watching", "seeing",
         "leaving", "exports", "figures")
OF_TEMPLATES = ("exports", "figures")
"""Benchmarks that train templates and keep what came of them; they run when they are named."""

LOOP = 1_000_000
"""Steps of the loop that tells how fast the machine is."""


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


def pace() -> dict[str, Any]:
    """How fast this machine is at the moment: what bounds in milliseconds are to be read with."""
    taken = []
    for _ in range(3):
        start, total = time.perf_counter(), 0
        for i in range(LOOP):
            total += i * i
        taken.append((time.perf_counter() - start) * 1e3)
    return {"name": "this machine, a plain loop", "value": min(taken), "unit": "ms",
            "note": f"{LOOP:,} products; {min(taken):.0f} to {max(taken):.0f} ms"}


def rows_of(name: str, given: argparse.Namespace, templates: tuple[str, ...]) -> list[dict[str, Any]]:
    """Run one benchmark; one of templates with the chosen ones, or with the stale ones."""
    module = importlib.import_module(f"tests.benchmarks.{name}")
    if name not in OF_TEMPLATES:
        return list(module.run())
    chosen = module.stale() if given.stale else templates
    if given.stale and not chosen:
        return []
    return list(module.run(chosen, given.runs) if name == "exports" else module.run(chosen))


def main() -> int:
    """Run the named benchmarks (without names all but those of templates); exit code 1 when a bound is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(NAMES)}; without a name all but the last two")
    parser.add_argument("--json", type=Path, help="also write the rows to this file")
    parser.add_argument("--stale", action="store_true", help="of the templates, those without a row of their document")
    parser.add_argument("--runs", type=Path, help="a folder of trained runs for `exports`, each by the name of its template")
    given = parser.parse_args()
    templates = tuple(name for name in given.names if name not in NAMES)
    if templates and not set(OF_TEMPLATES) & set(given.names):
        parser.error(f"there is no benchmark {', '.join(templates)}: choose of {', '.join(NAMES)}")
    every: dict[str, list[dict[str, Any]]] = {}
    for name in [name for name in given.names if name in NAMES] or NAMES[:-len(OF_TEMPLATES)]:
        print(f"{name}", flush=True)
        every[name] = [pace(), *rows_of(name, given, templates)]
        show(every[name])
    if given.json:
        given.json.write_text(json.dumps(every, indent=2) + "\n", encoding="utf-8")
    return 0 if all(reached(row) for rows in every.values() for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
