"""Every target of every template from trained weights, proven against Keras; what came of it is kept in exports.json.

A template trains as its document says, for a share of its epochs where all of them would take too long; or the runs lie in a
folder already (`--runs`, a run by the name of its template). Then it leaves, part by part, in every format there is, as from
the command line. `exports_bounds` says what the files must keep.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from app.exporting import readiness_of
from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.parts import WHOLE, Leaving, leaving_parts
from graph_compiler.catalog import registry
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.graph.files import loads
from graph_compiler.graph.model import Document
from graph_compiler.runs.folder import RunFolder
from graph_compiler.runs.hashing import document_hash
from graph_compiler.runs.record import FINISHED
from graph_compiler.specs.readiness import KEPT
from tests.benchmarks.exports_bounds import rows_of
from tests.benchmarks.figures import digest, templates
from tests.benchmarks.figures import stored as figures

FILE = Path(__file__).with_name("exports.json")
ROOT = Path(__file__).parents[2]
LONGEST = 90.0
"""Seconds of training, as figures.json has them, beyond which a template trains a share of its epochs."""
_NUMBERS = ("bytes", "rows", "max_abs_diff", "mean_abs_diff", "judged", "allowed",
            "metric", "before", "after", "latency_ms", "seconds", "notes")


def run(chosen: Sequence[str] = (), runs: Path | None = None) -> list[dict[str, Any]]:
    """Prove the chosen templates (all without a choice), write what came of each at once, give rows with bounds."""
    known = templates()
    if unknown := [name for name in chosen if name not in known]:
        raise SystemExit(f"There is no template {', '.join(unknown)}. Choose of {', '.join(known)}.")
    rows: list[dict[str, Any]] = []
    for name in chosen or known:
        entry = proven(name, known[name], runs)
        kept = {key: row for key, row in stored().items() if key in known} | {name: entry}
        FILE.write_text(json.dumps(dict(sorted(kept.items())), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        rows += rows_of(name, entry)
    return rows


def stored() -> dict[str, dict[str, Any]]:
    """What is written down, by template."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}  # type: ignore[no-any-return]


def stale() -> tuple[str, ...]:
    """Templates without an entry of their present document and of every target that is offered for them."""
    entries = stored()
    return tuple(name for name, content in templates().items()
                 if entries.get(name, {}).get("document") != digest(content)
                 or {(f["part"], f["format"]) for f in entries[name]["files"]} != set(offered(content)))


def offered(content: bytes) -> list[tuple[str, str]]:
    """(part, format) of every file that the program offers: scripts are of the whole, all others of each part."""
    parts = [part.name for part in leaving_parts(Analyzer(loads(content), registry()))]
    return [*((part, name) for part in parts for name, spec in FORMATS.items() if not spec.scripts),
            *((WHOLE, name) for name, spec in FORMATS.items() if spec.scripts)]


def announced(content: bytes) -> set[tuple[str, str]]:
    """(part, format) of files of which the page says beforehand that they cannot be made."""
    analysis = Analyzer(loads(content), registry())
    parts = {part.name: part for part in (Leaving(WHOLE, 0), *leaving_parts(analysis))}
    return {(part.name, name) for part in parts.values()
            for name, ready in readiness_of(analysis, part, registry()).items() if ready.state == KEPT}


# One template.


def proven(name: str, content: bytes, runs: Path | None) -> dict[str, Any]:
    """Train where no run is given, export everything, and tell of each file."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        given = runs / name if runs is not None and is_run_of(runs / name, content) else None
        trained = given or _trained(name, content, Path(folder) / "run")
        epochs, of = RunFolder(trained).record.epochs, loads(content).training.epochs
        told = exported(name, trained, list(dict.fromkeys(kind for _, kind in offered(content))), Path(folder) / "out")
    known = announced(content)
    found = [{"part": place[0], "format": place[1]} | told.get(place, {"state": "missing"}) for place in offered(content)]
    for file in found:
        if file["state"] == "refused":
            file["announced"] = (file["part"], file["format"]) in known
    return {"document": digest(content), "trained": f"{epochs} of {of} epochs", "pictures": reads_pictures(content),
            "weights": weights(content), "seconds": round(time.perf_counter() - started, 1), "files": found}


def _trained(name: str, content: bytes, folder: Path) -> Path:
    usual = figures().get(name, {}).get("train_seconds", LONGEST)
    epochs = max(1, math.ceil(loads(content).training.epochs * min(1.0, LONGEST / usual)))
    _netloom("run", name, "--epochs", str(epochs), "--out", str(folder))
    return folder


def is_run_of(folder: Path, content: bytes) -> bool:
    """Whether a folder holds a finished run of this very document, whatever its number of epochs."""
    if not (folder / "run.json").is_file():
        return False
    made = RunFolder(folder)
    return made.record.state == FINISHED and _meaning(made.document()) == _meaning(loads(content))


def _meaning(document: Document) -> str:
    document.training = msgspec.structs.replace(document.training, epochs=1)
    return document_hash(document)


def exported(name: str, run: Path, formats: Sequence[str], out: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """What came of every file by (part, format): proven, or refused with a sentence."""
    answer = _netloom("export", name, "--weights", str(run), "--to", ",".join(formats), "--part", "all", "--out", str(out))
    told = {(row["part"], row["format"]): {"state": "proven", **_figures(row)}
            for row in json.loads((out / "proof.json").read_text(encoding="utf-8"))}
    return told | {(f["part"], f["format"]): {"state": "refused", "sentence": f["problem"]} for f in answer["failed"]}


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the proof table as it is kept: figures rounded to six digits, and the largest difference over the range."""
    kept = {key: row[key] for key in _NUMBERS} | {"range": max(one["largest"] / one["range"] for one in row["losses"])}
    return {key: float(f"{value:.6g}") if isinstance(value, float) else value for key, value in kept.items()}


def _netloom(*words: str) -> dict[str, Any]:
    """The last line of a command as an object; files that could not be made are told in it."""
    done = subprocess.run([sys.executable, "-m", "app.main", *words, "--json"], cwd=ROOT, capture_output=True, text=True,
                          check=False)
    try:
        answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        raise RuntimeError(f"{' '.join(words)}: {done.stderr[-2000:]}") from None
    if done.returncode and not answer.get("failed"):
        raise RuntimeError(f"{' '.join(words)}: {done.stderr[-2000:]}")
    return answer


def reads_pictures(content: bytes) -> bool:
    """Whether the whole takes pictures: bounds of int8 are for such nets."""
    columns = [planned.tensor.column for planned in Analyzer(loads(content), registry()).plan.inputs]
    return any(column is not None and column.kind == "image" for column in columns)


def weights(content: bytes) -> dict[str, int]:
    """How many weights each part has."""
    return {part.name: part.weights for part in leaving_parts(Analyzer(loads(content), registry()))}
