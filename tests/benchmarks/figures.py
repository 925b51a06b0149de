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
from importlib.resources import files
from pathlib import Path
from typing import Any

from graph_compiler.catalog import registry
from graph_compiler.graph.edits import SetParam
from graph_compiler.graph.files import dumps, loads

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
    """Train one template and measure it."""
    figure = loads(content).about["figure"]
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        answers = runs_of(content, figure, Path(folder))
    values = [a["figure"]["value"] for a in answers]
    differences = [e["max_abs_diff"] for a in answers for e in a["exports"]]
    return {
        "name": name, "value": statistics.median(values), "bound": figure["bound"],
        "larger_is_better": not figure.get("smaller_is_better", False), "metric": figure["metric"], "values": values,
        "document": digest(content), "seconds": round(time.perf_counter() - started, 1),
        "train_seconds": round(statistics.median(a["seconds"]["train"] for a in answers), 1),
        "max_abs_diff": max(differences), "exports": len(differences),
        "note": f"{figure['metric']}, median of {len(values)}",
    }


def run() -> list[dict[str, Any]]:
    """Train all templates, write figures.json, give its rows."""
    rows = []
    for name, content in templates().items():
        rows.append(row_of(name, content))
        FILE.write_text(json.dumps({row["name"]: row for row in rows}, indent=2) + "\n", encoding="utf-8")
    return rows
