"""What a run showed while it learnt: one file a sight and epoch, `sights/samples-made/0003.npz`. numpy alone.

A file holds arrays and, as JSON in `about`, what they are. Epoch 0 is the untrained network, epoch n what n epochs made of
it. Files are bounded: where there are too many, every second one goes, then every second of the rest, and so on.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from graph_compiler.arrays import np

FOLDER = "sights"
MOST = 200
"""Epochs of one sight that are kept at most."""
MOST_BYTES = 24 * 2**20
"""Bytes of one sight that are kept, roughly."""
LEAST = 12
"""Epochs that are kept whatever they weigh."""


class NoLook(Exception):
    """A file of a sight is gone or cannot be read."""


@dataclass(frozen=True)
class Look:
    """One sight at one epoch. `kind` says what the arrays are (trainers/sights, one kind a file), `facts` are JSON values."""

    kind: str
    name: str
    title: str
    epoch: int
    arrays: Mapping[str, np.ndarray]
    facts: Mapping[str, Any] = field(default_factory=dict)


def write(run: Path, look: Look) -> Path:
    """Write a look into a run folder in one step, thin out older ones, and give the path. OSError when it cannot be."""
    folder = run / FOLDER / look.name
    folder.mkdir(parents=True, exist_ok=True)
    about = {"kind": look.kind, "name": look.name, "title": look.title, "epoch": look.epoch, "facts": dict(look.facts)}
    stored: dict[str, Any] = {**look.arrays, "about": np.array(json.dumps(about))}
    target = folder / f"{look.epoch:04d}.npz"
    partial = folder / ".partial.npz"
    try:
        with partial.open("wb") as file:
            np.savez(file, **stored)
        partial.replace(target)
    except OSError:  # a full disk gets its room back
        partial.unlink(missing_ok=True)
        raise
    _thin(folder, target.stat().st_size)
    return target


def read(path: Path) -> Look:
    """The look of a file. NoLook when it is gone or broken."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            about = json.loads(str(stored["about"]))
            arrays = {name: stored[name] for name in stored.files if name != "about"}
        return Look(about["kind"], about["name"], about["title"], about["epoch"], arrays, about["facts"])
    except FileNotFoundError:
        raise NoLook(f"{path} is gone.") from None
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile) as error:
        raise NoLook(f"{path} cannot be read: {error}") from None


def written(run: Path) -> dict[str, dict[int, Path]]:
    """Every look of a run: paths by name of the sight and epoch, both rising."""
    folders = sorted(p for p in (run / FOLDER).glob("*") if p.is_dir())
    return {folder.name: found for folder in folders if (found := _epochs(folder))}


def cut(run: Path, epoch: int) -> None:
    """Forget what was seen after `epoch` epochs: the run goes on from there."""
    for found in written(run).values():
        for number, path in found.items():
            if number > epoch:
                path.unlink(missing_ok=True)


def remove(run: Path) -> None:
    """Forget all of it."""
    shutil.rmtree(run / FOLDER, ignore_errors=True)


def _epochs(folder: Path) -> dict[int, Path]:
    found = {int(p.stem): p for p in folder.glob("*.npz") if re.fullmatch(r"\d{4,}", p.stem)}
    return dict(sorted(found.items()))


def kept(epochs: list[int], most: int) -> set[int]:
    """Which of rising epochs stay when at most `most` may: the multiples of a power of two, and the newest."""
    stride = 1
    while sum(e % stride == 0 for e in epochs[:-1]) + 1 > most:
        stride *= 2
    return {e for e in epochs[:-1] if e % stride == 0} | set(epochs[-1:])


def _thin(folder: Path, size: int) -> None:
    found = _epochs(folder)
    most = max(LEAST, min(MOST, MOST_BYTES // max(size, 1)))
    if len(found) > most:
        stay = kept(list(found), most)
        for number, path in found.items():
            if number not in stay:
                path.unlink(missing_ok=True)
