"""Which arrays of a file leave in 16 bits: the largest ones, until the file is small enough; the rest keep their digits.

Rounding an array moves the outputs about as much whether it has fifty numbers or fifty thousand. The smallest arrays (biases,
normalisations, the convolutions next to a picture) have most of the digits that are lost, and hardly any of the bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

SHARE = 0.54
"""Of the bytes of the float32 file, what a file of halves should have."""
_LARGEST = 65504.0
"""The largest number of 16 bits."""


def fewest(sizes: Sequence[int], exact: int, least: int) -> int:
    """Numbers from which on an array leaves in 16 bits, of arrays of these sizes in a float32 file of `exact` bytes.

    Below `least` numbers none does: the operation that widens them takes more than they save.
    """
    content = float(exact)
    for size in sorted({size for size in sizes if size >= least}, reverse=True):
        content -= 2 * (size - least) * sizes.count(size)
        if content <= SHARE * exact:
            return size
    return least


def halved(values: np.ndarray) -> np.ndarray | None:
    """An array of float32 in half precision; None where a number is too large for it."""
    return None if np.abs(values).max() > _LARGEST else values.astype(np.float16)


def halve(model: Any, graph: Any, schema: Any, few: int) -> None:
    """Constants of at least `few` numbers in a graph of a .tflite file become halves, and steps that widen them."""
    wide = [index for index, values in constants(model, graph, schema) if values.size >= few and halved(values) is not None]
    if not wide:
        return
    code = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.DEQUANTIZE
    code.version = 3  # the first that takes halves
    model.operatorCodes.append(code)
    graph.operators = [*(_widened(model, graph, schema, index) for index in wide), *graph.operators]


def constants(model: Any, graph: Any, schema: Any) -> list[tuple[int, np.ndarray]]:
    """Tensors of a graph that are constants of float32, by their place, with their numbers."""
    found = []
    for index, tensor in enumerate(graph.tensors):
        data = model.buffers[tensor.buffer].data
        if tensor.type == schema.TensorType.FLOAT32 and data is not None and len(data) and index not in graph.outputs:
            found.append((index, np.frombuffer(bytes(data), np.float32)))
    return found


def _widened(model: Any, graph: Any, schema: Any, index: int) -> Any:
    """The step that makes a constant of its halves."""
    wide, half, step, buffer = graph.tensors[index], schema.TensorT(), schema.OperatorT(), schema.BufferT()
    buffer.data = np.frombuffer(bytes(model.buffers[wide.buffer].data), np.float32).astype(np.float16).view(np.uint8)
    half.type, half.shape, half.hasRank, half.buffer = schema.TensorType.FLOAT16, wide.shape, wide.hasRank, len(model.buffers)
    model.buffers.append(buffer)
    wide.buffer = 0
    step.opcodeIndex, step.inputs, step.outputs = len(model.operatorCodes) - 1, [len(graph.tensors)], [index]
    graph.tensors.append(half)
    return step
