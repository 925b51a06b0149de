"""Exported files as they are: the operations inside, and rows to run them on."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from graph_compiler.exporters.part import Part


def tflite_operations(path: Path) -> set[str]:
    """Names of the operations in all graphs of a .tflite file."""
    from ai_edge_litert import schema_py_generated as schema

    names = {code: name for name, code in vars(schema.BuiltinOperator).items() if isinstance(code, int)}
    model = schema.ModelT.InitFromPackedBuf(bytearray(path.read_bytes()), 0)
    codes = [(code.customCode or b"").decode() or names[max(code.builtinCode, code.deprecatedBuiltinCode)]
             for code in model.operatorCodes or []]
    return {codes[step.opcodeIndex] for graph in model.subgraphs for step in graph.operators or []}


def onnx_operations(path: Path) -> set[str]:
    """Names of the operations of an .onnx file."""
    import onnx

    return {node.op_type for node in onnx.load(path).graph.node}


def rows_for(part: Part, rows: int = 5, seed: int = 0) -> dict[str, np.ndarray]:
    """Random numbers for each input of a part; free axes are 6 long."""
    rng = np.random.default_rng(seed)
    out = {}
    for name, tensor in zip(part.input_names, part.model.inputs, strict=True):
        shape = (rows, *(6 if size is None else size for size in tensor.shape[1:]))
        drawn = rng.normal(size=shape) if "float" in tensor.dtype else rng.integers(0, 3, shape)
        out[name] = drawn.astype(tensor.dtype)
    return out
