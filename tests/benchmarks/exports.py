"""Float exports of every template: how far a file is from Keras, as a share of what is allowed, and the metric it keeps.

Each template is trained for a few steps from the command line and exported to every float format; the numbers are those of
the proof beside the files.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import FORMATS, templates

STEPS = 30
ROOT = Path(__file__).parents[2]


def run() -> list[dict[str, Any]]:
    """Two rows a template: the largest difference over what is allowed, and the largest change of the metric."""
    rows: list[dict[str, Any]] = []
    for name in templates():
        with tempfile.TemporaryDirectory() as folder:
            rows += rows_of(name, proofs(name, Path(folder) / "run"))
    return rows


def proofs(name: str, folder: Path) -> list[dict[str, Any]]:
    """Train a template and export it in a process of its own; the rows of its proof, one a file."""
    command = [sys.executable, "-m", "app.main", "run", name, "--limit-steps", str(STEPS), "--export", FORMATS,
               "--out", str(folder), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-2000:]}")
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    beside = {Path(export["path"]).parent for export in answer["exports"]}
    found = [row for place in sorted(beside) for row in json.loads((place / "proof.json").read_text(encoding="utf-8"))]
    if {row["format"] for row in found} != set(FORMATS.split(",")):
        raise RuntimeError(f"{name}: the proof has only {', '.join(row['format'] for row in found)}")
    return found


def rows_of(name: str, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The worst of a template's files, as rows of the table."""
    worst = max(found, key=lambda row: row["max_abs_diff"] / row["allowed"])
    moved = max(found, key=lambda row: abs(row["before"] - row["after"]))
    return [
        {"name": f"{name}, difference over the allowed", "value": worst["max_abs_diff"] / worst["allowed"], "bound": 1.0,
         "unit": "x", "note": f"{worst['format']}: {worst['max_abs_diff']:.1e} of {worst['allowed']:.1e}, "
                              f"{worst['rows']} rows, {len(found)} files"},
        {"name": f"{name}, change of the metric", "value": abs(moved["before"] - moved["after"]),
         "bound": 0.0 if _counts(moved["metric"]) else worst["allowed"], "unit": "",
         "note": f"{moved['format']}: {moved['metric']} {moved['before']:.6g} before, {moved['after']:.6g} after"}]


def _counts(metric: str) -> bool:
    """Whether a metric counts rows; others follow the outputs and may move as far as these."""
    return "accuracy" in metric
