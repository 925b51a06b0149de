"""Kills the real program in the middle of editing, looks at what is left, and opens the program again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph_compiler.graph.edits import SetParam
from graph_compiler.graph.files import FileProblem, load, save
from graph_compiler.graph.model import Document
from tests.helpers.events import digits
from tests.helpers.hand import LAYER

ROOT = Path(__file__).parents[2]
ALLOWED = 2.0
"""Seconds of edits that a kill may cost."""
START = 100
"""Units of the layer before the first edit."""
PATIENCE = 120.0


@dataclass
class Killed:
    """What was done before the kill, what lay in the user's file after it, and what the program brought back."""

    edits: list[dict[str, Any]]
    died: float
    file: int
    """The units in the user's file."""
    damaged: str
    """What is wrong with the user's file, empty when nothing is."""
    left: list[str] = field(default_factory=list)
    """Files beside the user's own that are no business of his."""
    back: dict[str, Any] = field(default_factory=dict)

    @property
    def lost(self) -> float:
        """Seconds between the first edit that is gone and the kill; 0 when none is.

        What came back beside a newer file was told so; then the file is what a person goes on with.
        """
        kept = self.back["units"] if self.back["there"] else max(self.back["units"], self.file)
        gone = [edit["at"] for edit in self.edits if edit["edit"] > kept]
        return max(0.0, self.died - min(gone)) if gone else 0.0


def surroundings(home: Path) -> dict[str, str]:
    """The environment of a person whose folders are all below `home`."""
    places = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "APPDATA", "LOCALAPPDATA"), str(home))
    return {**os.environ, **places, "QT_QPA_PLATFORM": "offscreen", "NETLOOM_NO_SPARE": "1"}


def killed(home: Path, seconds: float, document: Document | None = None) -> Killed:
    """Edit a document for so many seconds after the first edit, kill the program, open it again. All in an empty folder."""
    file, document = home / "net.netloom", document or digits()
    SetParam(LAYER, "units", START).apply(document)
    save(document, file)
    edits, died = _kill(file, home, seconds)
    damaged, left = _damage(file, edits), _left_beside(file)
    done = subprocess.run([sys.executable, "-m", "tests.helpers.hand", "look", str(file)], cwd=ROOT, env=surroundings(home),
                          capture_output=True, text=True, timeout=PATIENCE, check=False)
    if done.returncode or not done.stdout.strip():
        raise RuntimeError(done.stderr[-2000:])
    back = json.loads(done.stdout.strip().splitlines()[-1])
    return Killed([e for e in edits if "edit" in e], died, _units(file), damaged or _damage(file, edits), left, back)


def _kill(file: Path, home: Path, seconds: float) -> tuple[list[dict[str, Any]], float]:
    with (home / "errors").open("w+") as errors, subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.hand", "edit", str(file)], cwd=ROOT, env=surroundings(home), text=True,
            stdout=subprocess.PIPE, stderr=errors) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        if not first:
            errors.seek(0)
            raise RuntimeError(errors.read()[-2000:])
        time.sleep(seconds)  # the moment of the kill, not a wait for something
        process.kill()
        died = time.time()
        lines = [first, *process.stdout.read().splitlines()]
    whole = [line for line in lines if line.rstrip().endswith("}")]
    return [json.loads(line) for line in whole], died


def _units(file: Path) -> int:
    units = load(file).graph.nodes[LAYER].params["units"]
    assert isinstance(units, int)
    return units


def _damage(file: Path, edits: list[dict[str, Any]]) -> str:
    """What is wrong with the user's file, or with the one before it that lies beside it."""
    saved = {START, *(line["saving"] for line in edits if "saving" in line)}
    for one in (file, file.with_name(file.name + "~")):
        if one is file or one.exists():
            try:
                units = _units(one)
            except (FileProblem, KeyError) as problem:
                return f"{one.name}: {problem}"
            if units not in saved:
                return f"{one.name} holds {units}, which was never saved"
    return ""


def _left_beside(file: Path) -> list[str]:
    known = {file.name, f"{file.name}~", f".{file.name}.lock"}
    return [one.name for one in file.parent.iterdir() if one.is_file() and one.name not in known and one.name != "errors"]
