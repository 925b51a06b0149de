"""What an app developer must know of a file: inputs, outputs, ranges, decoding, and lines of Python that run it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_compiler.analysis.plan import InputPlan, OutputPlan, Plan
from graph_compiler.build.behind_tables import Behind
from graph_compiler.specs.tensors import Tensor

_RANGES = {"image": [0, 255]}


def describe(title: str, plan: Plan) -> dict[str, Any]:
    """The JSON beside the files: names, shapes (first axis is the batch, null where free), dtypes, ranges, classes."""
    return {"name": title, "inputs": [input_json(i) for i in plan.inputs], "outputs": [_output(o, plan) for o in plan.outputs]}


def _shape(tensor: Tensor) -> list[int | None]:
    return [None, *tensor.shape]


def input_json(planned: InputPlan) -> dict[str, Any]:
    """A column that goes in: what it is called, what it holds, and what must happen to it before."""
    column = planned.tensor.column
    out: dict[str, Any] = {"name": planned.name, "shape": _shape(planned.tensor), "dtype": planned.tensor.dtype}
    if column is not None:
        out["kind"] = column.kind
        if column.kind in _RANGES:
            out["range"] = _RANGES[column.kind]
        if column.classes:
            out["classes"] = list(column.classes)
        if column.vocabulary:
            out["vocabulary"] = list(column.vocabulary)
            out["tokeniser"] = column.tokeniser
        if column.unit:
            out["unit"] = column.unit
        if column.summary:
            out["summary"] = column.summary
    return out


def describe_entries(behind: Behind, columns: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The inputs of a network that begins behind its lookups: columns as they are, and numbers with what they stand for."""
    known = {column["name"]: column for column in columns}
    rows = []
    for entry, tensor in zip(behind.entries, behind.model.inputs, strict=True):
        row: dict[str, Any] = {"name": entry.name, "shape": list(tensor.shape), "dtype": str(tensor.dtype)}
        if entry.layer is None:
            row = known[entry.name]
        else:
            kind = next(made.__name__ for made in type(entry.layer).__mro__ if made.__module__.startswith("keras."))
            row |= {"kind": "numbers", "made_by": kind, "settings": _plain(entry.layer.get_config())}
            row |= {"vocabulary": entry.vocabulary} if entry.vocabulary else {}
        rows.append(row)
    return rows


def _plain(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings that JSON can say, without what every layer has."""
    left_out = ("name", "dtype", "trainable", "vocabulary", "idf_weights", "vocabulary_size")
    return {key: value for key, value in settings.items() if key not in left_out
            and isinstance(value, (str, int, float, bool, list))}


def describe_model(title: str, model: Any, inputs: Sequence[str], outputs: Sequence[str]) -> dict[str, Any]:
    """The same of a Keras model that is a part of a drawing: names, shapes and dtypes."""
    def rows(names: Sequence[str], tensors: Any) -> list[dict[str, Any]]:
        return [{"name": name, "shape": list(tensor.shape), "dtype": str(tensor.dtype)}
                for name, tensor in zip(names, tensors, strict=True)]

    return {"name": title, "inputs": rows(inputs, model.inputs), "outputs": rows(outputs, model.outputs)}


def _output(planned: OutputPlan, plan: Plan) -> dict[str, Any]:
    out: dict[str, Any] = {"name": planned.name, "shape": _shape(planned.tensor), "dtype": planned.tensor.dtype}
    objective = next((o for o in plan.objectives if o.prediction == planned.end), None)
    decoding = planned.decoding
    if objective is not None:
        if objective.resolved.classes:
            out["classes"] = list(objective.resolved.classes)
        if decoding == "none" and objective.resolved.task == "classification":
            decoding = "argmax"
        out["scores"] = "logits" if objective.resolved.arguments.get("from_logits") else "probabilities"
        if objective.resolved.task not in ("classification", "binary", "multilabel"):
            del out["scores"]
        column = objective.target_tensor.column
        if column is not None and column.unit:
            out["unit"] = column.unit
    out["decoding"] = decoding
    return out


def python_snippet(file_name: str, description: dict[str, Any]) -> str:
    """Lines of Python that run a .tflite or .onnx file on one sample of zeros; they work as they stand beside the file."""
    feeds = [(i["name"], [1, *(d or 1 for d in i["shape"][1:])], i["dtype"]) for i in description["inputs"]]
    lines = ["import numpy as np"]
    arrays = [f'{name} = np.zeros({shape}, "{dtype}")' for name, shape, dtype in feeds]
    names = ", ".join(f"{name}={name}" for name, _, _ in feeds)
    first = description["outputs"][0]
    if file_name.endswith(".onnx"):
        fed = ", ".join(f'"{name}": {name}' for name, _, _ in feeds)
        lines += ["import onnxruntime", "", f'net = onnxruntime.InferenceSession("{file_name}")', *arrays,
                  f'out = net.run(["{first["name"]}"], {{{fed}}})[0]']
    else:
        lines += ["from ai_edge_litert.interpreter import Interpreter", "", f'net = Interpreter("{file_name}")',
                  "run = net.get_signature_runner()", *arrays, f'out = run({names})["{first["name"]}"]']
    lines.append("print(np.argmax(out[0]))" if first.get("decoding") == "argmax" else "print(out[0])")
    return "\n".join(lines) + "\n"
