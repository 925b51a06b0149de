"""Work on a finished .tflite file: give inputs and outputs their order and names back, add metadata.

The converter sorts outputs by name and calls tensors `serving_default_x:0`; apps address them by index or name.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection
from typing import Any

from graph_compiler.exporters.halves import constants, fewest
from graph_compiler.exporters.metadata import NAME, table
from graph_compiler.exporters.part import ExportProblem
from graph_compiler.exporters.sharing import packed
from graph_compiler.exporters.slimming import add_buffer, slim, text

_BROKEN = ("READ_VARIABLE", "VAR_HANDLE")
_LAYERS = "layers"
_FEW = 32
"""Numbers from which on 16 bits are smaller than 32: the operation that widens them takes about 70 bytes."""


def finish(content: bytes, inputs: tuple[str, ...], outputs: tuple[str, ...], description: dict[str, Any],
           layers: Collection[str] = (), halves: bool = False) -> bytes:
    """The file with its tensors in this order under these names; `description` is in it as JSON and as the official table.

    What nothing reads is taken away, names inside too; which result is which of the `layers` is kept beside the description.
    With `halves` large weights of a float32 file leave in 16 bits.
    """
    from ai_edge_litert import schema_py_generated as schema

    def finished(few: int) -> tuple[Any, bytes]:
        model = schema.ModelT.InitFromPackedBuf(bytearray(content), 0)
        _part_outputs(model, schema)
        _restore_order(model, inputs, outputs)
        results = slim(model, schema, layers, few)
        _add_metadata(model, schema, "netloom", _compact(description | ({_LAYERS: results} if results else {})))
        _add_metadata(model, schema, NAME, table(description))
        return model, packed(model, b"TFL3", len(content) + 4096)

    model, exact = finished(0)
    return finished(fewest(_sizes(model, schema), len(exact), _FEW))[1] if halves else exact


def _sizes(model: Any, schema: Any) -> list[int]:
    """How many numbers the constants of a file have, each once."""
    found = {graph.tensors[index].buffer: values.size for graph in model.subgraphs
             for index, values in constants(model, graph, schema)}
    return list(found.values())


def _part_outputs(model: Any, schema: Any) -> None:
    """Give an output that is an input, or another output, a tensor of its own: one tensor has one name only.

    The converter takes every identity away. A cast to the type that is there already copies numbers as they are.
    """
    graph, signature = model.subgraphs[0], model.signatureDefs[0]
    taken = {t.tensorIndex for t in signature.inputs}
    for entry in signature.outputs:
        if entry.tensorIndex in taken:
            entry.tensorIndex = _copied(model, graph, schema, entry.tensorIndex)
        taken.add(entry.tensorIndex)


def _copied(model: Any, graph: Any, schema: Any, index: int) -> int:
    source, copy = graph.tensors[index], schema.TensorT()
    copy.type, copy.shape, copy.shapeSignature, copy.hasRank = source.type, source.shape, source.shapeSignature, True
    copy.quantization = source.quantization
    code, step = schema.OperatorCodeT(), schema.OperatorT()
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.CAST
    codes, place = model.operatorCodes or [], len(graph.tensors)
    step.opcodeIndex, step.inputs, step.outputs = len(codes), [index], [place]
    model.operatorCodes = [*codes, code]
    graph.operators = [*(graph.operators or []), step]
    graph.tensors.append(copy)
    return place


def _restore_order(model: Any, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> None:
    graph, signature = model.subgraphs[0], model.signatureDefs[0]
    into = {text(t.name): t.tensorIndex for t in signature.inputs}
    out_of = {text(t.name): t.tensorIndex for t in signature.outputs}
    if set(into) != set(inputs) or set(out_of) != set(outputs):
        raise ExportProblem(f"The converter lost a tensor: expected {', '.join((*inputs, *outputs))}, "
                            f"received {', '.join((*into, *out_of))}.", hint="Export ONNX, or simplify the outputs.")
    graph.inputs = [into[name] for name in inputs]
    graph.outputs = [out_of[name] for name in outputs]
    signature.inputs.sort(key=lambda t: inputs.index(text(t.name)))
    signature.outputs.sort(key=lambda t: outputs.index(text(t.name)))
    for name, index in (*into.items(), *out_of.items()):
        graph.tensors[index].name = name


def _add_metadata(model: Any, schema: Any, name: str, data: bytes) -> None:
    entry = schema.MetadataT()
    entry.name, entry.buffer = name, add_buffer(model, schema, data)
    model.metadata.append(entry)


def _compact(told: dict[str, Any]) -> bytes:
    return zlib.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(), 9)


def read_metadata(content: bytes) -> dict[str, Any]:
    """The description inside a file. KeyError when there is none."""
    return {key: value for key, value in _stored(content).items() if key != _LAYERS}


def read_layers(content: bytes) -> dict[int, str]:
    """Layers by the tensor that is their last result; of a file of another program none."""
    try:
        return {int(index): name for index, name in _stored(content).get(_LAYERS, {}).items()}
    except KeyError:
        return {}


def _stored(content: bytes) -> dict[str, Any]:
    data = read_buffer(content, "netloom")
    stored: dict[str, Any] = json.loads(data if data.startswith(b"{") else zlib.decompress(data))
    return stored


def read_buffer(content: bytes, name: str) -> bytes:
    """The bytes stored under a metadata name. KeyError when there are none."""
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(bytearray(content), 0)
    for entry in model.metadata or []:
        if text(entry.name) == name:
            return bytes(model.buffers[entry.buffer].data)
    raise KeyError(name)


def refuse_variables(interpreter: Any) -> None:
    """A file that reads variables has lost its weights: refuse it."""
    used = {detail["op_name"] for detail in interpreter._get_ops_details()}
    if lost := sorted(used.intersection(_BROKEN)):
        raise ExportProblem(f"The file has no weights inside (it uses {', '.join(lost)}).", hint="Export ONNX instead.")
