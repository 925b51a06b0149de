"""Layers that learn from data without gradients, such as Normalization: on training rows, in graph order, once a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph_compiler.analysis.plan import End
from graph_compiler.build.compile import Compiled, one_or_list
from graph_compiler.build.learnt import learns, measure
from graph_compiler.build.problems import BuildProblem

BATCH = 1024


def adapt(compiled: Compiled, rows: Mapping[End, np.ndarray]) -> list[str]:
    """Adapt what has to be and return the paths of the layers that learnt.

    `rows` holds training rows only, arrays [rows, ...] by column, targets included. Upstream layers run as in inference,
    so that augmentation is off. Call it before anything is traced: adapted numbers become constants of a traced function.
    """
    done = []
    for path, tensor in compiled.adaptive:
        if learns(compiled.layers[path]):
            _measure(compiled, path, values_at(compiled, tensor, rows))
            done.append(path)
    for path, number in compiled.restoring.items():
        if learns(compiled.layers[path]):
            _measure(compiled, path, _targets(compiled, number, rows))
            done.append(path)
    return done


def _measure(compiled: Compiled, path: str, values: np.ndarray) -> None:
    try:
        measure(compiled.layers[path], values)
    except ValueError as error:
        raise BuildProblem(path, str(error), "Use fewer bins, or more training rows.") from error


def _targets(compiled: Compiled, number: int, rows: Mapping[End, np.ndarray]) -> np.ndarray:
    """The target of an objective on training rows, shaped as its prediction."""
    plan, place = compiled.plan.objectives[number], compiled.computed_targets.get(number)
    found = rows[plan.target] if place is None else values_at(compiled, compiled.training_model.outputs[place], rows)
    lacks_axis = plan.prediction_tensor.rank == plan.target_tensor.rank + 1
    return np.asarray(found, np.float32)[..., None] if lacks_axis else np.asarray(found, np.float32)


def values_at(compiled: Compiled, tensor: Any, rows: Mapping[End, np.ndarray]) -> np.ndarray:
    """A symbolic tensor of the training model, computed in inference on these rows: [rows, ...]."""
    import keras

    columns = dict(zip(compiled.columns, compiled.training_model.inputs, strict=True))
    for end, symbol in columns.items():
        if symbol is tensor:
            return rows[end]
    read = {end: symbol for end, symbol in columns.items() if end in rows}
    part = keras.Model(one_or_list(list(read.values())), tensor)
    count = min(len(rows[end]) for end in read)
    pieces = [np.asarray(part(one_or_list([rows[end][start:start + BATCH] for end in read]), training=False))
              for start in range(0, count, BATCH)]
    return np.concatenate(pieces)
