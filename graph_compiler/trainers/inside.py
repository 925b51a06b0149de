"""Looks inside one node: how its activations are spread, its weights as pictures, and how large their gradients are.

Everything is computed in inference on a few fixed rows, so that looking changes nothing: no moving statistics, no random
numbers, no figures of the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graph_compiler.build.compile import Compiled
from graph_compiler.graph.model import Graph
from graph_compiler.runs.watched import Moved, Watched, nothing

BINS = 20
MOST = 24
"""Filters and channels that are shown."""
SIDE = 32
"""Pixels of a picture at most; the matrix of weights may be twice as wide."""


def watched(node: str, step: int, values: np.ndarray, layer: Any, sizes: dict[int, float],
            template: tuple[int, int] | None = None) -> Watched:
    """What is to be seen in a node. `values` are its activations [rows, ...], `sizes` gradients by the id of a variable.

    `template` is the picture whose pixels a Dense reads: its units are shown as pictures then.
    """
    numbers = np.asarray(values, np.float32)
    counts, low, high = spread(numbers)
    kernel = kernel_of(layer)
    filters, filters_of, filters_words = pictures_of_weights(layer, kernel, template)
    maps, maps_of, maps_words = pictures_of_values(numbers)
    moved = tuple(Moved(str(v.name), tuple(v.shape), size_of(v.numpy()), sizes.get(id(v)))
                  for v in (layer.weights if layer is not None else ()) if "float" in str(v.dtype))
    finite = numbers[np.isfinite(numbers)]
    return Watched(node, step, len(numbers), counts, low, high, float(np.mean(numbers == 0)) if numbers.size else 0.0,
                   float(finite.mean()) if finite.size else 0.0, float(finite.std()) if finite.size else 0.0,
                   filters, filters_of, filters_words, maps, maps_of, maps_words, moved)


def spread(values: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Counts int64 [BINS] of the middle 99 % of the values that are finite and not zero, with the ends of the bins."""
    finite = values[np.isfinite(values) & (values != 0)]
    if not finite.size:
        return np.zeros(BINS, np.int64), 0.0, 0.0
    low, high = (float(x) for x in np.percentile(finite, (0.5, 99.5)))
    if high <= low:
        low, high = low - 0.5, high + 0.5
    return np.histogram(finite, BINS, (low, high))[0], low, high


def size_of(values: np.ndarray) -> float:
    """The root mean square; 0 for nothing."""
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64)))) if values.size else 0.0


def kernel_of(layer: Any) -> np.ndarray | None:
    """The first variable of a layer that is more than a list of numbers."""
    found = (v for v in (layer.weights if layer is not None else ()) if len(v.shape) > 1 and "float" in str(v.dtype))
    variable = next(found, None)
    return np.asarray(variable.numpy(), np.float32) if variable is not None else None


def pictures_of_weights(layer: Any, kernel: np.ndarray | None, template: tuple[int, int] | None) -> tuple[np.ndarray, int, str]:
    """Pictures, how many there are in all, and what they show. Grey is 0, white the largest weight, black its opposite."""
    if kernel is None:
        return nothing(), 0, ""
    if kernel.ndim == 2 and template is not None and template[0] * template[1] == len(kernel):
        tiles = kernel.T.reshape(-1, *template)
        return grey(tiles[:MOST]), len(tiles), "units"
    if kernel.ndim == 5:  # through the middle of a volume
        kernel = kernel[kernel.shape[0] // 2]
    if kernel.ndim == 4 and max(kernel.shape[:2]) > 1:
        return _filters(type(layer).__name__, kernel)
    if kernel.ndim == 3 and "Conv" in type(layer).__name__ and kernel.shape[0] > 1:
        tiles = np.moveaxis(kernel, (0, 1, 2), (2, 1, 0))
        return grey(np.stack([shrunk(tile, SIDE, SIDE) for tile in tiles[:MOST]])), len(tiles), "filters"
    matrix = kernel.reshape(-1, kernel.shape[-1])
    return grey(shrunk(matrix.T if matrix.shape[0] > matrix.shape[1] else matrix, SIDE, 2 * SIDE)[None]), 1, "matrix"


def _filters(kind: str, kernel: np.ndarray) -> tuple[np.ndarray, int, str]:
    """Windows [H, W]; where a filter has one for each channel it reads, their mean."""
    if "Depthwise" in kind or "Separable" in kind:
        tiles = kernel.reshape(*kernel.shape[:2], -1)
    else:
        tiles = kernel.mean(axis=3 if "Transpose" in kind else 2)
    tiles = np.moveaxis(tiles, 2, 0)
    return grey(tiles[:MOST]), len(tiles), "filters"


def pictures_of_values(values: np.ndarray) -> tuple[np.ndarray, int, str]:
    """What a node gives as pictures, black is the smallest value: channels of the first row, or all rows below one another."""
    if values.ndim == 5:  # the first frame
        values = values[:, 0]
    if values.ndim == 4:
        row = np.moveaxis(values[0], 2, 0)
        return light(np.stack([shrunk(channel, SIDE, SIDE) for channel in row[:MOST]])), len(row), "channels"
    if values.ndim == 3:
        return light(shrunk(values[0].T, SIDE, 2 * SIDE)[None]), 1, "steps"
    if values.ndim == 2:
        return light(shrunk(values, SIDE, 2 * SIDE)[None], each=False), 1, "rows"
    return nothing(), 0, ""


def shrunk(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """A picture [H, W] of at most this size: means over equal blocks."""
    for axis, most in ((0, height), (1, width)):
        if picture.shape[axis] > most:
            edges = np.linspace(0, picture.shape[axis], most + 1).astype(int)
            sums = np.add.reduceat(picture, edges[:-1], axis=axis)
            shape = (-1, 1) if axis == 0 else (1, -1)
            picture = sums / np.diff(edges).reshape(shape)
    return picture


def grey(tiles: np.ndarray) -> np.ndarray:
    """Signed values as uint8, all on one scale: 128 is 0."""
    largest = float(np.abs(tiles[np.isfinite(tiles)]).max(initial=0.0)) or 1.0
    return np.asarray(np.clip(np.nan_to_num(tiles) / largest * 127 + 128, 0, 255), np.uint8)


def light(tiles: np.ndarray, each: bool = True) -> np.ndarray:
    """Values as uint8 from the smallest to the largest, of each picture or of all."""
    tiles = np.nan_to_num(tiles)
    axes = (1, 2) if each else None
    low, high = tiles.min(axis=axes, keepdims=True), tiles.max(axis=axes, keepdims=True)
    return np.asarray((tiles - low) / np.maximum(high - low, 1e-9) * 255, np.uint8)


def picture_before(graph: Graph, compiled: Compiled, node: str) -> tuple[int, int] | None:
    """Height and width of the one-channel picture that a node reads flattened; None where it does not."""
    edges = [edge for edge in graph.edges.values() if edge.target == node]
    facts = compiled.analysis.facts(edges[0].source) if len(edges) == 1 else None
    if facts is None or facts.node.type not in ("Flatten", "Reshape"):
        return None
    shapes = [tensor.shape for tensors in facts.inputs.values() for tensor in tensors]
    if len(shapes) != 1 or len(shapes[0]) not in (2, 3) or None in shapes[0] or (len(shapes[0]) == 3 and shapes[0][2] != 1):
        return None
    return int(shapes[0][0] or 0), int(shapes[0][1] or 0)


def gradients(phases: Sequence[Any], batch: dict[Any, Any], columns: dict[Any, Any], wanted: Sequence[Any],
              figures: Any) -> dict[int, float]:
    """Root mean squares of gradients by the id of a variable: of the objectives that train it, in inference, on a batch."""
    import tensorflow as tf

    found: dict[int, float] = {}
    own = {id(v) for v in wanted}
    for phase in phases:
        moved = [v for v in phase.variables if id(v) in own]
        if not moved:
            continue
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([v.value for v in moved])
            total, _ = phase.losses(phase.values(batch, training=False), columns, figures)
        for variable, gradient in zip(moved, tape.gradient(total, [v.value for v in moved]), strict=True):
            if gradient is not None:
                found[id(variable)] = size_of(np.asarray(tf.convert_to_tensor(gradient)))
    return found
