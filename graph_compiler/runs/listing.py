"""Where runs live and which there are."""

from __future__ import annotations

import re
from pathlib import Path

import platformdirs

from graph_compiler.runs.folder import RECORD, RunFolder, RunProblem


def runs_root() -> Path:
    """The folder of all runs in the user's data folder."""
    return Path(platformdirs.user_data_dir("netloom", appauthor=False)) / "runs"


def folder_for(stem: str, root: Path | None = None) -> Path:
    """The folder of all runs of a document, by the stem of its file name or its template id."""
    safe = re.sub(r"[^\w.-]+", "-", stem).strip(".-") or "untitled"
    return (root or runs_root()) / safe[:80]


def next_folder(stem: str, root: Path | None = None) -> Path:
    """A numbered folder that nobody has: `runs/digits-cnn/0007`. It exists when this returns."""
    base = folder_for(stem, root)
    base.mkdir(parents=True, exist_ok=True)
    number = max((int(p.name) for p in base.iterdir() if p.name.isdigit()), default=0) + 1
    while True:
        path = base / f"{number:04d}"
        try:
            path.mkdir()
        except FileExistsError:  # another process was faster
            number += 1
            continue
        return path


def runs_of(stem: str, root: Path | None = None) -> list[RunFolder]:
    """Runs of a document, newest first; folders that hold no readable run are passed over."""
    base = folder_for(stem, root)
    found = sorted((p for p in base.glob(f"*/{RECORD}")), reverse=True) if base.is_dir() else []
    return [run for path in found if (run := _readable(path.parent)) is not None]


def all_runs(root: Path | None = None) -> list[RunFolder]:
    """Every run, newest first."""
    base = root or runs_root()
    found = [run for path in base.glob(f"*/*/{RECORD}") if (run := _readable(path.parent)) is not None]
    return sorted(found, key=lambda run: run.record.started, reverse=True)


def _readable(path: Path) -> RunFolder | None:
    try:
        return RunFolder.open(path)
    except RunProblem:
        return None
