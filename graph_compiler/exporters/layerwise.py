"""Which layers make a file of fewer bits differ: what flows through it beside what flows through the float32 file.

Both files come from one graph, and both know the last result of each layer. What a layer adds is its own difference less the
largest one that arrived at it; differences are root mean squares over the spread of the float32 values, channel by channel.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.exporters.flatfile import read_layers
from graph_compiler.exporters.layer_names import layer_of, names_of
from graph_compiler.exporters.part import Arrays, Part, batches
from graph_compiler.exporters.quantised import from_bits, to_bits

ROWS = 32
"""Samples that flow through both files."""
_STILL = 1e-6
"""Share of the largest spread below which a channel stands still."""
LEAST = 0.005
"""Additions below this share of the spread are not worth a name."""


@dataclass
class Flow:
    """What flows: results by the layer that gives them (its last ones), and the layers whose results arrive at each."""

    values: dict[str, np.ndarray] = field(default_factory=dict)
    before: dict[str, set[str]] = field(default_factory=dict)


def ranked(exact: Flow, narrow: Flow) -> tuple[tuple[str, float], ...]:
    """Layers by what they add to the difference, the largest first."""
    shared = [name for name in exact.values if name in narrow.values
              and exact.values[name].shape == narrow.values[name].shape]
    far = {name: _distance(exact.values[name], narrow.values[name]) for name in shared}
    own = {name: far[name] - max((far[other] for other in exact.before.get(name, ()) if other in far), default=0.0)
           for name in shared}
    return tuple(sorted(((name, round(share, 6)) for name, share in own.items() if share >= LEAST), key=lambda one: -one[1]))


def _distance(exact: np.ndarray, narrow: np.ndarray) -> float:
    """The mean over channels; one that is lost altogether counts as 1, one that never moves does not count."""
    exact, narrow = exact.astype(np.float64), narrow.astype(np.float64)
    others = tuple(range(exact.ndim - 1))
    gap, spread = np.sqrt(np.mean((exact - narrow) ** 2, axis=others)), exact.std(axis=others)
    moves = spread > _STILL * np.max(spread)
    return float(np.minimum(gap[moves] / spread[moves], 1.0).mean()) if moves.any() else 0.0


def traced(steps: list[tuple[list[str], list[str]]], values: Mapping[str, np.ndarray], layers: Collection[str]) -> Flow:
    """The flow of operations (inputs, outputs) in order."""
    flow, source = Flow(), dict[str, set[str]]()
    for inputs, outputs in steps:
        arrived = {layer for name in inputs for layer in source.get(name, ())}
        for name in outputs:
            layer = layer_of(name, layers)
            if layer and name in values:
                flow.before.setdefault(layer, set()).update(arrived - {layer})
                flow.values[layer] = values[name]
            source[name] = {layer} if layer else arrived
    return flow


# TensorFlow Lite.


def in_litert(part: Part, path: Path, inputs: Arrays, options: dict[str, Any]) -> tuple[tuple[str, float], ...]:
    """Layers of a .tflite file by what they add."""
    from graph_compiler.exporters.tflite import CALIBRATED, Kind, made

    calibrated = any(name in path.name for name in CALIBRATED)
    with tempfile.TemporaryDirectory() as folder:
        exact = Path(folder) / "exact.tflite"
        unrolled = {"batch": "any"} if calibrated else {}
        exact.write_bytes(made(part, {"description": options.get("description", {}), **unrolled}, Kind()))
        layers, rows = names_of(part.model), {name: values[:ROWS] for name, values in inputs.items()}
        return ranked(_flow_of(exact, rows, layers), _flow_of(path, rows, layers))


def _flow_of(path: Path, inputs: Arrays, layers: Collection[str]) -> Flow:
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that keeping everything takes memory
        net = Interpreter(model_path=str(path), experimental_preserve_all_tensors=True,
                          experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
    kept: dict[str, list[np.ndarray]] = {}
    ends = {d["name"]: d for d in net.get_input_details()}
    alone = any(d["shape_signature"][0] == 1 for d in ends.values())
    known = read_layers(path.read_bytes())
    tensors = {d["index"]: known.get(d["index"]) or d["name"] or f"#{d['index']}" for d in net.get_tensor_details()}
    for piece in batches(inputs, 1 if alone else ROWS):
        for name, detail in ends.items():
            net.resize_tensor_input(detail["index"], piece[name].shape)
        net.allocate_tensors()
        for name, detail in ends.items():
            net.set_tensor(detail["index"], to_bits(piece[name], detail))
        net.invoke()
        _keep(net, tensors, layers, kept)
    steps = [([tensors[i] for i in op["inputs"] if i in tensors], [tensors[i] for i in op["outputs"] if i in tensors])
             for op in net._get_ops_details()]
    return traced(steps, {name: np.concatenate(pieces) for name, pieces in kept.items()}, layers)


def _keep(net: Any, tensors: Mapping[int, str], layers: Collection[str], kept: dict[str, list[np.ndarray]]) -> None:
    made = {int(i) for op in net._get_ops_details() for i in op["outputs"]}
    for detail in net.get_tensor_details():
        if detail["index"] in made and len(detail["shape"]) and layer_of(tensors[detail["index"]], layers):
            try:
                values = from_bits(np.array(net.get_tensor(detail["index"])), detail)
            except ValueError:  # a tensor inside a loop has no values outside of it
                continue
            if np.issubdtype(values.dtype, np.floating):
                kept.setdefault(tensors[detail["index"]], []).append(values)


# ONNX.


def in_onnxruntime(part: Part, path: Path, inputs: Arrays, options: dict[str, Any]) -> tuple[tuple[str, float], ...]:
    """Layers of an .onnx file by what they add."""
    import onnx

    from graph_compiler.exporters.onnx_file import made

    layers, rows = names_of(part.model), {name: values[:ROWS] for name, values in inputs.items()}
    exact, narrow = made(part, options), onnx.load(path)
    shared = _made(exact) & _made(narrow)
    return ranked(_told(exact, shared, rows, layers), _told(narrow, shared, rows, layers))


def _made(proto: Any) -> set[str]:
    return {name for node in proto.graph.node for name in node.output}


def _told(proto: Any, names: Collection[str], inputs: Arrays, layers: Collection[str]) -> Flow:
    import onnx
    import onnxruntime

    ends = {value.name for value in proto.graph.output}
    shown = sorted(name for name in names if name not in ends and layer_of(name, layers))
    proto.graph.output.extend(onnx.ValueInfoProto(name=name) for name in shown)
    quiet = onnxruntime.SessionOptions()
    quiet.log_severity_level = 4
    session = onnxruntime.InferenceSession(proto.SerializeToString(), quiet, providers=["CPUExecutionProvider"])
    found = session.run(shown, {i.name: inputs[i.name] for i in session.get_inputs()}) if shown else []
    arrays = {name: np.asarray(value) for name, value in zip(shown, found, strict=True)}
    values = {name: array for name, array in arrays.items() if np.issubdtype(array.dtype, np.floating)}
    return traced([(list(node.input), list(node.output)) for node in proto.graph.node], values, layers)
