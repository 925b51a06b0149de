"""What a finished file itself says it takes and gives: read from the file, not from the drawing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graph_compiler.exporters.keras_file import custom_classes
from graph_compiler.exporters.part import Part

_ONNX = {"float": "float32", "double": "float64", "float16": "float16"}


def interface_of(path: Path, part: Part) -> dict[str, list[Any]]:
    """Inputs and outputs in the file's order: name, shape (null where free), dtype; scale and zero point of whole numbers.

    Of a .keras file also its `custom` layers.
    """
    if path.suffix == ".tflite":
        return _tflite(path)
    if path.suffix == ".onnx":
        return _onnx(path)
    told = {"inputs": _tensors(part.input_names, part.model.inputs), "outputs": _tensors(part.output_names, part.model.outputs)}
    custom = sorted(custom_classes(part.model)) if path.suffix == ".keras" else []
    return told | ({"custom": custom} if custom else {})


def _tensors(names: tuple[str, ...], tensors: Any) -> list[dict[str, Any]]:
    return [{"name": name, "shape": list(tensor.shape), "dtype": str(tensor.dtype)}
            for name, tensor in zip(names, tensors, strict=True)]


def _tflite(path: Path) -> dict[str, list[Any]]:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(path))

    def row(detail: dict[str, Any]) -> dict[str, Any]:
        shape = [None if size < 0 else int(size) for size in detail["shape_signature"]]
        out = {"name": detail["name"], "shape": shape, "dtype": detail["dtype"].__name__}
        scale, zero = detail["quantization"]
        return out | ({"scale": float(scale), "zero_point": int(zero)} if scale else {})

    return {"inputs": [row(d) for d in interpreter.get_input_details()],
            "outputs": [row(d) for d in interpreter.get_output_details()]}


def _onnx(path: Path) -> dict[str, list[Any]]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def row(value: Any) -> dict[str, Any]:
        kind = value.type.removeprefix("tensor(").removesuffix(")")
        return {"name": value.name, "shape": [d if isinstance(d, int) else None for d in value.shape],
                "dtype": _ONNX.get(kind, kind)}

    return {"inputs": [row(i) for i in session.get_inputs()], "outputs": [row(o) for o in session.get_outputs()]}
