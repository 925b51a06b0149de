"""Keras's own `.keras` file: for going on in Python."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.exporters.part import Arrays, Part
from graph_compiler.specs.exporters import ExporterSpec

TOLD = "netloom.json"
"""The description in the archive."""
_KERAS_HOMES = ("keras.", "tensorflow.")


def custom_classes(model: Any) -> dict[str, type]:
    """Layer classes of the model that plain Keras does not know, by name."""
    return {type(layer).__name__: type(layer) for layer in model._flatten_layers()
            if not type(layer).__module__.startswith(_KERAS_HOMES)}


def write(part: Part, path: Path, options: dict[str, Any]) -> None:
    """Save architecture and weights, without the optimiser; the description lies in the same archive."""
    part.model.save(path, include_optimizer=False)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(TOLD, json.dumps(options.get("description", {}), ensure_ascii=False))


class Reopened:
    """A model that Keras has made again. Call it with arrays [rows, ...] by input name."""

    def __init__(self, model: Any, part: Part) -> None:
        self._part = Part(part.name, model, part.input_names, part.output_names)
        self.input_names, self.output_names = part.input_names, part.output_names

    def __call__(self, inputs: Arrays) -> list[np.ndarray]:
        """Outputs in order."""
        return self._part.run(inputs)


def reopen(path: Path, part: Part, threads: int = 1) -> Reopened:
    """The file in Keras, which has its own idea of threads."""
    import keras

    model = keras.saving.load_model(path, custom_objects=custom_classes(part.model), compile=False, safe_mode=True)
    return Reopened(model, part)


SPEC = ExporterSpec(
    name="keras", title="Keras", suffix=".keras", summary="To go on in Python.", runs_on="Keras 3", write=write, reopen=reopen,
    threaded=False)
