"""Work on a finished .tflite file: give inputs and outputs their order and names back, add metadata.

The converter sorts outputs by name and calls tensors `serving_default_x:0`; apps address them by index or name.
"""

from __future__ import annotations

import json
from typing import Any

from graph_compiler.exporters.metadata import NAME, table
from graph_compiler.exporters.part import ExportProblem

_BROKEN = ("READ_VARIABLE", "VAR_HANDLE")


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def finish(content: bytes, inputs: tuple[str, ...], outputs: tuple[str, ...], description: dict[str, Any]) -> bytes:
    """The file with its tensors in this order under these names; `description` is in it as JSON and as the official table."""
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(bytearray(content), 0)
    _part_outputs(model, schema)
    _restore_order(model, inputs, outputs)
    _slim(model)
    _add_metadata(model, schema, "netloom", json.dumps(description, ensure_ascii=False).encode())
    _add_metadata(model, schema, NAME, table(description))
    return _packed(model, len(content) + 4096)


def _packed(model: Any, room: int) -> bytes:
    """The bytes of a model. Vectors of the same numbers are stored once: an int8 file has a zero point for every channel."""
    import flatbuffers

    class Builder(flatbuffers.Builder):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(room)
            self.stored: dict[tuple[str, bytes], int] = {}

        def CreateNumpyVector(self, x: Any) -> int:
            key = (x.dtype.str, x.tobytes())
            if key not in self.stored:
                self.stored[key] = super().CreateNumpyVector(x)
            return self.stored[key]

    builder = Builder()
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


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
    into = {_text(t.name): t.tensorIndex for t in signature.inputs}
    out_of = {_text(t.name): t.tensorIndex for t in signature.outputs}
    if set(into) != set(inputs) or set(out_of) != set(outputs):
        raise ExportProblem(f"The converter lost a tensor: expected {', '.join((*inputs, *outputs))}, "
                            f"received {', '.join((*into, *out_of))}.", hint="Export ONNX, or simplify the outputs.")
    graph.inputs = [into[name] for name in inputs]
    graph.outputs = [out_of[name] for name in outputs]
    signature.inputs.sort(key=lambda t: inputs.index(_text(t.name)))
    signature.outputs.sort(key=lambda t: outputs.index(_text(t.name)))
    for name, index in (*into.items(), *out_of.items()):
        graph.tensors[index].name = name


def _slim(model: Any) -> None:
    """Take away what no runtime reads: ranges that calibration saw, and all but the first name of what was put together."""
    graph = model.subgraphs[0]
    for index, tensor in enumerate(graph.tensors):
        if index not in (*graph.inputs, *graph.outputs):
            tensor.name = _text(tensor.name).partition(";")[0]
        if tensor.quantization is not None and tensor.quantization.scale is not None:
            tensor.quantization.min = tensor.quantization.max = None


def _add_metadata(model: Any, schema: Any, name: str, data: bytes) -> None:
    buffer = schema.BufferT()
    buffer.data = list(data)
    model.buffers.append(buffer)
    entry = schema.MetadataT()
    entry.name, entry.buffer = name, len(model.buffers) - 1
    model.metadata = [*(model.metadata or []), entry]


def read_metadata(content: bytes, name: str = "netloom") -> dict[str, Any]:
    """The JSON stored under a metadata name. KeyError when there is none."""
    stored: dict[str, Any] = json.loads(read_buffer(content, name))
    return stored


def read_buffer(content: bytes, name: str) -> bytes:
    """The bytes stored under a metadata name. KeyError when there are none."""
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(bytearray(content), 0)
    for entry in model.metadata or []:
        if _text(entry.name) == name:
            return bytes(model.buffers[entry.buffer].data)
    raise KeyError(name)


def refuse_variables(interpreter: Any) -> None:
    """A file that reads variables has lost its weights: refuse it."""
    used = {detail["op_name"] for detail in interpreter._get_ops_details()}
    if lost := sorted(used.intersection(_BROKEN)):
        raise ExportProblem(f"The file has no weights inside (it uses {', '.join(lost)}).", hint="Export ONNX instead.")
