"""Figures of a proof as a person reads them, and the proof table as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from widgets.words import MINUS, duration, number, percent, size_words

SHARES = frozenset({"accuracy"})


def moved_words(name: str, before: float | None, after: float | None) -> str:
    """How far a metric moved: `±0.00`, `+0.02`, `−0.06`; shares in points."""
    if before is None or after is None:
        return ""
    moved = (after - before) * (100 if name in SHARES else 1)
    words = f"{abs(moved):.2f}" if name in SHARES else f"{abs(moved):.2g}"
    return f"±{words}" if not float(words) else f"{'+' if moved > 0 else MINUS}{words}"


def metric_words(name: str, value: float | None) -> str:
    """A metric as a person reads it."""
    if value is None:
        return "–"
    return percent(value) if name in SHARES else number(value, 4)


def proof_markdown(title: str, rows: Sequence[Mapping[str, Any]], failures: Sequence[tuple[str, str]],
                   titles: Mapping[str, str]) -> str:
    """The proof as a Markdown report."""
    lines = [f"# {title}: exported files", "",
             "| File | Format | Difference | Allowed | Figure before | After | Size | Latency |",
             "|---|---|---:|---:|---:|---:|---:|---:|"]
    for row in rows:
        judged = row.get("judged") or "max_abs_diff"
        before, after = (metric_words(row["metric"], row[key]) for key in ("before", "after"))
        costs = f"{size_words(row['bytes'])} | {duration(row['latency_ms'] / 1000)}"
        before = f"{row['metric']} {before}".strip()
        lines.append(f"| `{str(row['path']).replace(chr(92), '/').rsplit('/', 1)[-1]}` | "
                     f"{titles.get(row['format'], row['format'])} | {row[judged]:.1e} | {row['allowed']:.0e} | "
                     f"{before} | {after} | {costs} |")
    most = max((row["rows"] for row in rows), default=0)
    lines += ["", f"Compared with Keras on {most:,} held-out rows, each file in its own runtime. Latency: median, one sample, "
              "one thread."]
    lines += ["", *(f"- {name}: {problem}" for name, problem in failures)] if failures else []
    return "\n".join(lines) + "\n"
