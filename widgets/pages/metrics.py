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


def difference_words(value: float, figures: int = 2) -> str:
    """How far a file is from Keras: `3.6e-07`, `0.59`, or `0`."""
    if not value:
        return "0"
    return f"{value:.{figures}g}" if 0.00995 <= value < 1000 else f"{value:.{figures - 1}e}"


def notes_of(row: Mapping[str, Any]) -> list[str]:
    """What one must know of a proven file: its notes, and by what it is over its limits where that was accepted."""
    names = [f"“{name}”" for name, _ in row.get("causes", ())]
    causes = f" Most of it comes from {' and '.join(filter(None, (', '.join(names[:-1]), names[-1])))}." if names else ""
    return [*row.get("notes", ()), *([f"Accepted: {row['accepted']}{causes}"] if row.get("accepted") else [])]


def _file_of(row: Mapping[str, Any]) -> str:
    return f"`{str(row['path']).replace(chr(92), '/').rsplit('/', 1)[-1]}`"


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
        differs = f"{difference_words(row[judged])} | {difference_words(row['allowed'], 1)}"
        title = titles.get(row["format"], row["format"])
        lines.append(f"| {_file_of(row)} | {title} | {differs} | {before} | {after} | {costs} |")
    most = max((row["rows"] for row in rows), default=0)
    lines += ["", f"Compared with Keras on {most:,} held-out rows, each file in its own runtime. Latency: median, one sample, "
              "one thread."]
    known = [f"- {_file_of(row)}: {note}" for row in rows for note in notes_of(row)]
    known += [f"- {name}, not written: {problem}" for name, problem in failures]
    lines += ["", *known] if known else []
    return "\n".join(lines) + "\n"
