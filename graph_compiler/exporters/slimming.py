"""What a finished .tflite file does without: nothing that a runtime reads, and no answer changes by it.

A converter writes names of TensorFlow's own graph, ranges that calibration saw, an empty buffer for every tensor that has no
numbers, notes about itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

import numpy as np

from graph_compiler.exporters.halves import constants, halve
from graph_compiler.exporters.layer_names import layer_of

_BLANK = 512
"""Bytes of zeros from which on the operation that makes them is worth it."""


def slim(model: Any, schema: Any, layers: Collection[str] = (), few: int = 0) -> dict[int, str]:
    """Take away what is not needed; the names of `layers` by the tensor that is the last result of each.

    With `few`, constants of so many numbers and more leave in 16 bits.
    """
    model.description = None
    model.metadata = []
    for graph in model.subgraphs:
        _fill_blanks(model, graph, schema)
        _drop_tensors(graph, [end for signature in model.signatureDefs if model.subgraphs[signature.subgraphIndex] is graph
                              for end in (*signature.inputs, *signature.outputs)])
    results = _results(model.subgraphs[0], layers)
    for graph in model.subgraphs:
        if few:
            halve(model, graph, schema, few)
        _slim_tensors(graph, named=graph is model.subgraphs[0])
    _drop_codes(model)
    _join_buffers(model)
    return results


def text(value: Any) -> str:
    """A name of a flatbuffer."""
    return value.decode() if isinstance(value, bytes) else str(value or "")


def _results(graph: Any, layers: Collection[str]) -> dict[int, str]:
    """Layers by their last result; inputs and outputs have names of their own."""
    ends = {*map(int, graph.inputs), *map(int, graph.outputs)}
    last = {layer: index for step in graph.operators for index in map(int, step.outputs) if index not in ends
            if (layer := layer_of(text(graph.tensors[index].name).partition(";")[0], layers))}
    named = {text(graph.tensors[index].name) for index in ends}
    return {index: layer for layer, index in last.items() if layer not in named}


def _slim_tensors(graph: Any, named: bool) -> None:
    """Names stay at ends that are `named`, no ranges beside scales, nothing where nothing is said; a shape tells its rank."""
    ends = {*map(int, graph.inputs), *map(int, graph.outputs)} if named else set()
    for index, tensor in enumerate(graph.tensors):
        if index not in ends:
            tensor.name = None
        tensor.hasRank = tensor.hasRank and not _size(tensor.shape)
        told = tensor.quantization
        if told is not None and _size(told.scale):
            told.min = told.max = None
        elif told is not None and told.details is None:
            tensor.quantization = None


# Constants, and what is used no more.


def _fill_blanks(model: Any, graph: Any, schema: Any) -> None:
    """Constants of many zeros, such as the outputs of a loop before it runs, are made when the file runs."""
    blanks = [index for index, values in constants(model, graph, schema)
              if values.nbytes >= _BLANK and not values.any() and not graph.tensors[index].isVariable]
    graph.operators = [*(_filled(model, graph, schema, index) for index in blanks), *graph.operators]


def _filled(model: Any, graph: Any, schema: Any, index: int) -> Any:
    """The step that makes a tensor of zeros."""
    tensor = graph.tensors[index]
    tensor.buffer = 0
    inputs = [_constant(model, graph, schema, schema.TensorType.INT32, np.array(tensor.shape, np.int32)),
              _constant(model, graph, schema, schema.TensorType.FLOAT32, np.array(0, np.float32))]
    code, step = schema.OperatorCodeT(), schema.OperatorT()
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.FILL
    code.version = 1
    step.opcodeIndex, step.inputs, step.outputs = len(model.operatorCodes), inputs, [index]
    model.operatorCodes.append(code)
    return step


def _constant(model: Any, graph: Any, schema: Any, kind: int, values: np.ndarray) -> int:
    tensor = schema.TensorT()
    tensor.type, tensor.shape, tensor.hasRank = kind, np.array(values.shape, np.int32), True
    tensor.buffer = add_buffer(model, schema, values.tobytes())
    graph.tensors.append(tensor)
    return len(graph.tensors) - 1


def _drop_tensors(graph: Any, ends: list[Any]) -> None:
    """Tensors that nothing reads or writes; `ends` are the entries of signatures that name tensors of this graph."""
    listed = [(step, name) for step in graph.operators for name in ("inputs", "outputs", "intermediates")]
    listed += [(graph, "inputs"), (graph, "outputs")]
    used = {int(index) for owner, name in listed for index in _numbers(getattr(owner, name))} - {-1}
    places = {old: new for new, old in enumerate(sorted(used))} | {-1: -1}
    for owner, name in listed:
        found = [places[int(index)] for index in _numbers(getattr(owner, name))]
        setattr(owner, name, np.array(found, np.int32) if found or name != "intermediates" else None)
    for entry in ends:
        entry.tensorIndex = places[entry.tensorIndex]
    graph.tensors = [graph.tensors[old] for old in sorted(used)]


def _numbers(listed: Any) -> Any:
    return () if listed is None else listed


def _size(listed: Any) -> int:
    return len(_numbers(listed))


def _drop_codes(model: Any) -> None:
    """Kinds of operations that no step uses; the most frequent comes first, for a step of the first does not say its kind."""
    steps = [step for graph in model.subgraphs for step in graph.operators]
    used = [place for place, _ in Counter(step.opcodeIndex for step in steps).most_common()]
    for step in steps:
        step.opcodeIndex = used.index(step.opcodeIndex)
    model.operatorCodes = [model.operatorCodes[place] for place in used]


# Buffers.


def add_buffer(model: Any, schema: Any, data: bytes) -> int:
    """The place of new bytes."""
    buffer = schema.BufferT()
    buffer.data = np.frombuffer(data, np.uint8)
    model.buffers.append(buffer)
    return len(model.buffers) - 1


def _join_buffers(model: Any) -> None:
    """One buffer for equal bytes, the first, empty one for all without; none that nothing refers to."""
    kept, places = model.buffers[:1], {b"": 0}
    for owner in (*(tensor for graph in model.subgraphs for tensor in graph.tensors), *model.metadata):
        data = model.buffers[owner.buffer].data
        key = bytes(_numbers(data))
        if key not in places:
            places[key] = len(kept)
            kept.append(model.buffers[owner.buffer])
        owner.buffer = places[key]
    model.buffers = kept
