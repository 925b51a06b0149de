"""Checkpoints: folders with weights, optimiser and the place in the run, complete or not there at all.

`epoch-0003-step-000000/` holds `model.weights.h5`, `optimizer.npz`, `figures.npz` and `state.json`. It is written under another
name and renamed when whole. `final/` appears when a run ends: the weights to evaluate and export.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from graph_compiler.build.compile import Compiled, compile_document
from graph_compiler.build.weights import Fit, load_weights, save_weights, variables_of
from graph_compiler.graph.model import Document
from graph_compiler.specs.registry import Registry
from graph_compiler.trainers.problems import TrainProblem

WEIGHTS = "model.weights.h5"
FINAL = "final"
KEPT = 2
"""Checkpoints kept besides the best one."""


class State(msgspec.Struct, kw_only=True):
    """Where a run stands. `epoch` is the epoch in work (or about to start), `step` the steps done in it."""

    epoch: int = 0
    step: int = 0
    total_steps: int = 0
    seconds: float = 0.0
    seed: int = 0
    batch_size: int = 32
    rows: int = 0
    shuffle: bool = True
    schedule: dict[str, Any] = {}
    stopper: dict[str, Any] | None = None
    best: str = ""
    """Name of the checkpoint with the best weights so far."""
    figures: dict[str, float] = {}
    """Figures of the last finished epoch."""
    format: int = 1


def save(folder: Path, name: str, compiled: Compiled, optimizer: Sequence[Any], figures: Sequence[Any], state: State) -> Path:
    """Write a checkpoint and give it its name; `optimizer` has the variables of all optimisers.

    TrainProblem when a weight is not finite, OSError when it cannot be written: nothing is left behind then.
    """
    _need_finite(compiled)
    partial = folder / f".{name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        save_weights(compiled, partial / WEIGHTS)
        _save_list(partial / "optimizer.npz", optimizer)
        _save_list(partial / "figures.npz", figures)
        (partial / "state.json").write_bytes(msgspec.json.format(msgspec.json.encode(state), indent=1))
        target = folder / name
        shutil.rmtree(target, ignore_errors=True)
        partial.replace(target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)  # on a full disk, room for the record of the failure
        raise
    return target


def name_of(state: State) -> str:
    """The folder name of a checkpoint; names sort by time."""
    return f"epoch-{state.epoch:04d}-step-{state.step:06d}"


def prune(folder: Path, keep: str) -> None:
    """Remove all but the newest checkpoints and the one named `keep`."""
    for old in everything(folder)[:-KEPT]:
        if old.name != keep:
            shutil.rmtree(old, ignore_errors=True)


def everything(folder: Path) -> list[Path]:
    """Complete checkpoints of a run, oldest first, without `final`."""
    return sorted(p for p in folder.glob("epoch-*-step-*") if (p / "state.json").is_file())


def latest(folder: Path) -> Path | None:
    """The newest checkpoint to go on from."""
    return next(reversed(everything(folder)), None)


def weights_of(place: Path) -> Path:
    """The weights file to use of a run folder, its `checkpoints` folder, a checkpoint, or the file itself.

    A finished run gives its final weights, another its newest checkpoint. TrainProblem when there are none.
    """
    if place.is_file():
        return place
    if (place / WEIGHTS).is_file():
        return place / WEIGHTS
    folder = place / "checkpoints" if (place / "checkpoints").is_dir() else place
    newest = folder / FINAL if (folder / FINAL / WEIGHTS).is_file() else latest(folder)
    if newest is None:
        raise TrainProblem("no-checkpoint", f"{place.name} holds no weights yet.", "Train it for an epoch at least.")
    return newest / WEIGHTS


def restored(document: Document, registry: Registry, place: Path) -> Compiled:
    """The models of a document with the weights of a run folder, checkpoint or weights file, as `weights_of` finds them.

    BuildProblem, WeightsProblem (with the layers that do not match) or TrainProblem when that cannot be.
    """
    compiled, fit = fitted(document, registry, place)
    fit.demand()
    return compiled


def fitted(document: Document, registry: Registry, place: Path) -> tuple[Compiled, Fit]:
    """The same with the weights as far as they fit, and how far. WeightsProblem when no layer finds its own."""
    compiled = compile_document(document, registry)
    fit = load_weights(compiled, weights_of(place), partly=True)
    if not fit.matching:
        fit.demand()
    return compiled, fit


def load(path: Path, compiled: Compiled, optimizer: Sequence[Any], figures: Sequence[Any]) -> State:
    """Take up weights, optimiser and accumulators, and give the place. WeightsProblem or TrainProblem when they do not fit."""
    state = read_state(path)
    load_weights(compiled, path / WEIGHTS)
    _load_list(path / "optimizer.npz", optimizer, "The optimiser")
    _load_list(path / "figures.npz", figures, "The metrics")
    return state


def read_state(path: Path) -> State:
    """The place of a checkpoint. TrainProblem when it cannot be read."""
    try:
        return msgspec.json.decode((path / "state.json").read_bytes(), type=State)
    except (OSError, msgspec.MsgspecError) as error:
        raise TrainProblem("resume", f"The checkpoint {path.name} cannot be read: {error}",
                           "Resume from an earlier one.") from error


def _save_list(path: Path, variables: Sequence[Any]) -> None:
    arrays: dict[str, Any] = {f"v{number:05d}": np.asarray(v.numpy()) for number, v in enumerate(variables)}
    np.savez(path, **arrays)


def _load_list(path: Path, variables: Sequence[Any], owner: str) -> None:
    with np.load(path, allow_pickle=False) as stored:
        arrays = [stored[name] for name in sorted(stored.files)]
    if [a.shape for a in arrays] != [tuple(v.shape) for v in variables]:
        raise TrainProblem("resume", f"{owner} of this checkpoint is another one.", "Start a run from its weights instead.")
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)


def _need_finite(compiled: Compiled) -> None:
    for path, variables in variables_of(compiled).items():
        for name, variable in variables.items():
            if "float" in str(variable.dtype) and not np.isfinite(variable.numpy()).all():
                raise not_finite(f"{name} of {path} is not a number any more", path)


def not_finite(what: str, node: str = "") -> TrainProblem:
    """The problem of a training that ran away."""
    return TrainProblem("nan", f"Training ran away: {what}.",
                        "Lower the learning rate, set clipnorm, or check the data for missing or very large values. "
                        "The last good checkpoint is kept.", node)
