"""Weights on disk, by node and variable, so that a file fits as far as the layers do.

A `.weights.h5` file holds one group a layer path and one dataset a variable (`/conv2d_1/kernel`); composed layers count
names that repeat (`kernel_2`). Random seeds of layers and adapted statistics are variables too and are kept with them, and so
are bounds of bins and vocabularies (`/string_lookup_1/vocabulary`), which are none.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.build.compile import Compiled
from graph_compiler.build.learnt import keeps, learnt, settle, teach
from graph_compiler.layers.custom.registry import custom_layers


class WeightsProblem(Exception):
    """A weights file does not fit. `layers` are the guilty paths; the message lists them with both shapes."""

    def __init__(self, sentence: str, layers: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.layers = layers


@dataclass(frozen=True)
class Fit:
    """What of a file fits a model: paths that match, that differ (with words), that only one side has."""

    matching: tuple[str, ...]
    differing: dict[str, str]
    missing: tuple[str, ...]
    """Layers with weights that the file does not have."""
    left: tuple[str, ...]
    """Layers of the file that the model does not have."""

    @property
    def whole(self) -> bool:
        """Whether every layer with weights finds its own in the file."""
        return not self.differing and not self.missing

    def within(self, paths: Iterable[str]) -> Fit:
        """The same of some layers only."""
        asked = set(paths)
        return Fit(tuple(p for p in self.matching if p in asked), {p: w for p, w in self.differing.items() if p in asked},
                   tuple(p for p in self.missing if p in asked), self.left)

    def demand(self) -> None:
        """WeightsProblem with the layers that do not match."""
        if not self.whole:
            raise WeightsProblem(self.sentence, (*self.differing, *self.missing))

    @property
    def sentence(self) -> str:
        """What does not fit, layer by layer."""
        parts = [f"{path}: {words}" for path, words in self.differing.items()]
        parts += [f"{path}: not in the file" for path in self.missing]
        return "The weights do not fit these layers. " + "; ".join(parts) + "."


def variables_of(compiled: Compiled) -> dict[str, dict[str, Any]]:
    """Variables by layer path and name inside the layer, each variable once."""
    found: dict[str, dict[str, Any]] = {}
    seen: set[int] = set()
    for path, layer in compiled.layers.items():
        for variable in layer.variables:
            if id(variable) not in seen:
                seen.add(id(variable))
                found.setdefault(path, {})[_name(variable.path, found.get(path, {}))] = variable
    return found


def _name(path: str, taken: Iterable[str]) -> str:
    """The last part of Keras's variable path, counted where it repeats: the parts before it carry numbers of the process."""
    base = path.rsplit("/", 1)[-1]
    name, count = base, 2
    while name in taken:
        name, count = f"{base}_{count}", count + 1
    return name


def save_weights(compiled: Compiled, path: Path) -> None:
    """Write every variable of every layer. The caller makes the write atomic (see `trainers.checkpoints`)."""
    import h5py

    with h5py.File(path, "w") as file:
        for layer, variables in variables_of(compiled).items():
            for name, variable in variables.items():
                file.create_dataset(f"{layer}/{name}", data=_array(variable))
        for place, keeper in _keepers(compiled).items():
            for name, array in learnt(keeper).items():
                words = array.dtype.kind == "U"
                file.create_dataset(f"{place}/{name}", data=array.astype(object) if words else array,
                                    dtype=h5py.string_dtype() if words else array.dtype)


def load_weights(compiled: Compiled, path: Path, *, partly: bool = False) -> Fit:
    """Set weights from a file. WeightsProblem when layers do not match, unless `partly`, which takes those that do."""
    stored = read_weights(path)
    fit = compare(compiled, stored)
    if not partly:
        fit.demand()
    for layer, variables in variables_of(compiled).items():
        if layer in fit.matching:
            for name, variable in variables.items():
                variable.assign(stored[layer][name])
    for place, keeper in _keepers(compiled).items():
        if place in fit.matching:
            teach(keeper, stored[place])
    settle(compiled.training_model)
    settle(compiled.model)
    return fit


def read_weights(path: Path) -> dict[str, dict[str, np.ndarray]]:
    """Arrays by layer path and variable name, of a file of ours or a `.keras` file. WeightsProblem when it cannot be read."""
    import h5py

    if path.suffix.lower() == ".keras":
        return _of_keras(path)
    found: dict[str, dict[str, np.ndarray]] = {}

    def take(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            layer, _, rest = name.partition("/")
            found.setdefault(layer, {})[rest] = item.asstr()[()] if h5py.check_string_dtype(item.dtype) else np.asarray(item)

    try:
        with h5py.File(path, "r") as file:
            file.visititems(take)
    except OSError as error:
        raise WeightsProblem(f"The weights in {path.name} cannot be read: the file is missing or torn.") from error
    return found


def _of_keras(path: Path) -> dict[str, dict[str, np.ndarray]]:
    """The same of a model that Keras saved; its layers have the names of the drawing."""
    import keras

    try:
        model = keras.saving.load_model(path, custom_objects=custom_layers(keras), compile=False, safe_mode=True)
    except Exception as error:  # Keras raises kinds of its own
        words = f"The model in {path.name} cannot be read: it is torn, or not of Keras 3."
        if zipfile.is_zipfile(path):  # of anything else Keras says that it is not there
            words += f" Keras says: {next(iter(str(error).strip().splitlines()), 'nothing')[:200]}"
        raise WeightsProblem(words) from error
    found: dict[str, dict[str, np.ndarray]] = {}
    for layer in model._flatten_layers(include_self=False):
        own: dict[str, np.ndarray] = {}
        for variable in layer.variables:
            own[_name(variable.path, own)] = _array(variable)
        if own or keeps(layer):
            found.setdefault(layer.name, {**own, **learnt(layer)})
    return found


def compare(compiled: Compiled, stored: dict[str, dict[str, np.ndarray]]) -> Fit:
    """Which layers of the model find their weights among `stored`."""
    matching, differing, missing = [], {}, []
    mine, keepers = variables_of(compiled), _keepers(compiled)
    paths = dict.fromkeys((*mine, *keepers))
    for path in paths:
        theirs = stored.get(path)
        if theirs is None:
            missing.append(path)
        elif words := _difference(mine.get(path, {}), theirs) or _unlearnt(keepers.get(path), theirs):
            differing[path] = words
        else:
            matching.append(path)
    return Fit(tuple(matching), differing, tuple(missing), tuple(stored.keys() - paths.keys()))


def _keepers(compiled: Compiled) -> dict[str, Any]:
    """Layers by path, each once, that learn what is no variable."""
    found: dict[int, str] = {}
    for path, layer in compiled.layers.items():
        if keeps(layer):
            found.setdefault(id(layer), path)
    return {path: compiled.layers[path] for path in found.values()}


def _unlearnt(layer: Any, stored: dict[str, np.ndarray]) -> str:
    name = keeps(layer) if layer is not None else ""
    return f"{name} is not in the file" if name and name not in stored else ""


def _difference(variables: dict[str, Any], stored: dict[str, np.ndarray]) -> str:
    for name, variable in variables.items():
        if name not in stored:
            return f"{name} is not in the file"
        if tuple(variable.shape) != stored[name].shape:
            return f"{name} is {_shape(variable.shape)} in the drawing and {_shape(stored[name].shape)} in the file"
    return ""


def _shape(shape: Iterable[int]) -> str:
    return "×".join(map(str, shape)) or "one number"


def _array(variable: Any) -> np.ndarray:
    import keras

    return np.asarray(keras.ops.convert_to_numpy(variable))
