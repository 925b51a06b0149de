"""Train every template as a user would, from the command line, and write what came of it to figures.json.

A template's figure names its metric, its bound, and over which seeds (of the run or of the split) the median is taken.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from graph_compiler.catalog import registry
from graph_compiler.graph.edits import SetParam
from graph_compiler.graph.files import dumps, loads
from tests.benchmarks.judges import JUDGES

FILE = Path(__file__).with_name("figures.json")
FORMATS = "keras,tflite,onnx"


def templates() -> dict[str, bytes]:
    """Every template's file by id."""
    folder = files("resources") / "templates"
    return {Path(item.name).stem: item.read_bytes() for item in sorted(folder.iterdir(), key=lambda i: i.name)
            if item.name.endswith(".netloom")}


def digest(content: bytes) -> str:
    """What ties a row to its document."""
    return hashlib.sha256(content).hexdigest()[:16]


def train(document: str, seed: int, folder: Path) -> dict[str, Any]:
    """One run from the command line in a process of its own; its last line as JSON."""
    command = [sys.executable, "-m", "app.main", "run", document, "--seed", str(seed), "--export", FORMATS,
               "--out", str(folder), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{document}: {done.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def runs_of(content: bytes, figure: dict[str, Any], work: Path) -> list[dict[str, Any]]:
    """One answer a seed: of the run, or of the split where the figure says so."""
    answers = []
    for seed in figure.get("seeds", [0, 1, 2]):
        document = loads(content)
        if figure.get("over") == "split":
            for node in list(document.graph.nodes.values()):
                if node.type in registry().datasets:
                    SetParam(node.id, "split_seed", seed).apply(document)
        path = work / f"seed{seed}.netloom"
        path.write_bytes(dumps(document))
        answers.append(train(str(path), seed if figure.get("over") != "split" else 0, work / f"run{seed}"))
    return answers


def row_of(name: str, content: bytes) -> dict[str, Any]:
    """Train one template and measure it. `also` are further figures that have bounds of their own."""
    figure = loads(content).about["figure"]
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        answers = runs_of(content, figure, Path(folder))
        found = [_figures(answer, figure) for answer in answers]
    values = [one[figure["metric"]] for one in found]
    differences = [e["max_abs_diff"] for a in answers for e in a["exports"]]
    return {
        "name": name, "value": statistics.median(values), "bound": figure["bound"],
        "larger_is_better": not figure.get("smaller_is_better", False), "metric": figure["metric"], "values": values,
        "also": [_also(one, found) for one in figure.get("also", [])],
        "document": digest(content), "seconds": round(time.perf_counter() - started, 1),
        "train_seconds": round(statistics.median(a["seconds"]["train"] for a in answers), 1),
        "max_abs_diff": max(differences), "exports": len(differences),
        "note": f"{figure['metric']}, median of {len(values)}",
    }


def _figures(answer: dict[str, Any], figure: dict[str, Any]) -> dict[str, float]:
    """What the run measured itself, and what the figure's judge says of it."""
    judged = JUDGES[figure["by"]](Path(answer["run"])) if figure.get("by") else {}
    return {**answer["metrics"], **judged}


def _also(figure: dict[str, Any], found: list[dict[str, float]]) -> dict[str, Any]:
    return {"metric": figure["metric"], "value": statistics.median(one[figure["metric"]] for one in found),
            "bound": figure["bound"], "larger_is_better": not figure.get("smaller_is_better", False)}


def stale() -> tuple[str, ...]:
    """Templates without a row, and those whose document has changed since theirs was written."""
    rows = stored()
    return tuple(name for name, content in templates().items() if rows.get(name, {}).get("document") != digest(content))


def run(chosen: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Train the chosen templates (all without a choice), write their rows into figures.json, give these rows.

    Each row is written as soon as it is there, so `stale` goes on where a broken run stopped.
    """
    known = templates()
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise SystemExit(f"There is no template {', '.join(unknown)}. Choose of {', '.join(known)}.")
    rows = []
    for name in chosen or known:
        rows.append(row_of(name, known[name]))
        kept = {key: row for key, row in stored().items() if key in known}
        kept[name] = rows[-1]
        FILE.write_text(json.dumps(dict(sorted(kept.items())), indent=2) + "\n", encoding="utf-8")
    return rows


def stored() -> dict[str, dict[str, Any]]:
    """The rows that are written down."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}  # type: ignore[no-any-return]
