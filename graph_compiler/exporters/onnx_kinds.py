"""ONNX files of fewer bits: weights kept in 16 bits, or whole numbers by ONNX Runtime's own quantiser."""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.exporters.halves import fewest, halved
from graph_compiler.exporters.layer_names import names_of
from graph_compiler.exporters.layerwise import in_onnxruntime
from graph_compiler.exporters.onnx_file import OPSET, SPEC, checked, described, reopen
from graph_compiler.exporters.onnx_slim import graphs, slim
from graph_compiler.exporters.part import Arrays, ExportProblem, Part, batches
from graph_compiler.exporters.recurrent import recurrent_layers
from graph_compiler.specs.exporters import ExporterSpec, Limits, Option

_WORTH = 24
"""Numbers in an initialiser from which on fewer bits are worth a node."""
_TOGETHER = 16
"""Rows calibrated at a time."""

Kept = Callable[[Any, np.ndarray], tuple[list[Any], Any] | None]
"""(tensor, its values) -> the tensors kept in its place and the node that makes it of them; None where it stays."""


# Weights.


def keep_weights(graph: Any, kept: Kept, worth: int = _WORTH) -> None:
    """Keep weights of `worth` numbers and more in fewer bits; nodes widen them: every operation has its form, in loops too."""
    from onnx import numpy_helper

    tensors, nodes = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        found = kept(tensor, values) if values.dtype == np.float32 and values.size >= worth else None
        tensors += found[0] if found else [tensor]
        nodes += [found[1]] if found else []
    nodes += graph.node
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(tensors)
    graph.node.extend(nodes)
    for inner in [a.g for node in graph.node for a in node.attribute if a.HasField("g")]:
        keep_weights(inner, kept, worth)


def in_16_bits(tensor: Any, values: np.ndarray) -> tuple[list[Any], Any] | None:
    """Half precision; numbers that are too large for it stay."""
    from onnx import TensorProto, helper, numpy_helper

    half, name = halved(values), f"{tensor.name}_16"
    if half is None:
        return None
    return [numpy_helper.from_array(half, name)], helper.make_node("Cast", [name], [tensor.name], to=TensorProto.FLOAT)


def in_8_bits(tensor: Any, values: np.ndarray) -> tuple[list[Any], Any] | None:
    """Whole numbers with a scale for each output: the first axis of a convolution, the second of a recurrence, or the last."""
    from onnx import helper, numpy_helper

    if values.ndim < 2:
        return None
    axis = {3: 1, 4: 0, 5: 0}.get(values.ndim, values.ndim - 1)
    others = tuple(n for n in range(values.ndim) if n != axis)
    scale = np.maximum(np.abs(values).max(axis=others), 1e-12).astype(np.float32) / np.float32(127)
    whole = np.rint(values / np.expand_dims(scale, others)).astype(np.int8)
    names = [f"{tensor.name}_8", f"{tensor.name}_scale", f"{tensor.name}_zero"]
    arrays = (whole, scale, np.zeros(scale.shape, np.int8))
    return [numpy_helper.from_array(a, name) for a, name in zip(arrays, names, strict=True)], helper.make_node(
        "DequantizeLinear", names, [tensor.name], axis=axis)


def _write_weights(part: Part, path: Path, options: dict[str, Any], kept: Kept) -> None:
    proto = described(part, options)
    keep_weights(proto.graph, kept)
    _write(part, path, proto)


def _write(part: Part, path: Path, proto: Any) -> None:
    slim(proto, names_of(part.model))
    path.write_bytes(checked(proto).SerializeToString())


def _write_half(part: Part, path: Path, options: dict[str, Any]) -> None:
    proto = described(part, options)
    exact = deepcopy(proto)
    slim(exact, names_of(part.model))
    sizes = [prod(tensor.dims) for graph in graphs(exact.graph) for tensor in graph.initializer
             if tensor.data_type == tensor.FLOAT]
    keep_weights(proto.graph, in_16_bits, fewest(sizes, exact.ByteSize(), _WORTH))
    _write(part, path, proto)


# What flows.


class _Rows:
    """Training rows as the quantiser asks for them."""

    def __init__(self, rows: Arrays) -> None:
        self._pieces = iter(batches(rows, _TOGETHER))

    def get_next(self) -> dict[str, np.ndarray] | None:
        return next(self._pieces, None)


def _write_int8(part: Part, path: Path, options: dict[str, Any]) -> None:
    """Weights and what flows in 8 bits; only weights where loops hide what flows, or where that is asked for."""
    if options.get("flow") == "float" or recurrent_layers(part.model):
        _write_weights(part, path, options, in_8_bits)
        return
    import onnx

    proto = described(part, options)
    with tempfile.TemporaryDirectory() as folder, _quiet():
        source = Path(folder) / "exact.onnx"
        source.write_bytes(proto.SerializeToString())
        try:
            _throughout(source, path, options.get("calibration") or {})
        except Exception as error:  # the quantiser raises many kinds
            reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
            raise ExportProblem("ONNX Runtime cannot quantise this network.",
                                hint=f"Export ONNX float16. It says: {reason[:200]}") from error
    written = onnx.load(path)
    del written.metadata_props[:]
    written.metadata_props.extend(proto.metadata_props)
    _write(part, path, written)


def _throughout(source: Path, path: Path, rows: Arrays) -> None:
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    ready = source.with_name("ready.onnx")
    quant_pre_process(str(source), str(ready), skip_symbolic_shape=True)
    quantize_static(str(ready), str(path), _Rows(rows), quant_format=QuantFormat.QDQ, per_channel=True,
                    activation_type=QuantType.QInt8, weight_type=QuantType.QInt8)


@contextmanager
def _quiet() -> Iterator[None]:
    """The quantiser advises on the root logger and by warnings; what came of it is measured anyway."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


_FLOW = Option(name="flow", title="What flows", values=("int8", "float"),
               summary="Whole numbers, or float where only weights are to be small; recurrent layers always keep float.")
FLOAT16_SPEC = ExporterSpec(
    name="onnx-float16", title="ONNX float16", suffix="-float16.onnx", family="onnx", usual=False,
    summary="Weights in 16 bits: half the size, the same answers.", runs_on=SPEC.runs_on, write=_write_half, reopen=reopen,
    limits=Limits(largest=5e-3), options=(OPSET,), explain=in_onnxruntime,
    instead="Take float32, or accept the loss.")
INT8_SPEC = ExporterSpec(
    name="onnx-int8", title="ONNX int8", suffix="-int8.onnx", family="onnx", usual=False,
    summary="Quantised by ONNX Runtime: a quarter of the size.", runs_on=SPEC.runs_on, write=_write_int8, reopen=reopen,
    limits=Limits(usual=0.03), options=(_FLOW, OPSET), calibrates=True, explain=in_onnxruntime,
    instead="Let what flows be float, take ONNX float16, or accept the loss.")

SPECS = (SPEC, FLOAT16_SPEC, INT8_SPEC)
