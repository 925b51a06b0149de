"""ONNX: frozen graph -> tf2onnx -> full check -> ONNX Runtime. The batch is free and named."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.exporters.freezing import freeze
from graph_compiler.exporters.layer_names import names_of
from graph_compiler.exporters.metadata import labels_of
from graph_compiler.exporters.onnx_slim import slim
from graph_compiler.exporters.part import Arrays, ExportProblem, Part
from graph_compiler.exporters.recurrent import refuse_free_steps
from graph_compiler.exporters.rewriting import inference_part
from graph_compiler.specs.exporters import ExporterSpec, Option

OPSETS = (17, 13, 14, 15, 16, 18)
"""What is offered, the usual one first."""


@cache
def _handlers() -> None:
    """Teach tf2onnx what it would write through unchanged into a broken file: Erfc (gelu), Expm1 (celu), Bucketize (bins)."""
    import onnx
    import tf2onnx
    from tf2onnx.handler import tf_op

    def one_like(context: Any, node: Any) -> tuple[Any, ...]:
        dtype, shape = context.get_dtype(node.output[0]), context.get_shape(node.output[0])
        number = np.array(1, tf2onnx.utils.map_onnx_to_numpy_type(dtype))
        return dtype, shape, context.make_const(tf2onnx.utils.make_name("one"), number).output[0]

    @tf_op("Erfc")
    class _Erfc:
        @classmethod
        def version_9(cls, context: Any, node: Any, **_: Any) -> None:
            dtype, shape, one = one_like(context, node)
            source, outputs = node.input[0], node.output
            context.remove_node(node.name)
            erf = context.make_node("Erf", [source], dtypes=[dtype], shapes=[shape])
            context.make_node("Sub", [one, erf.output[0]], name=node.name, outputs=outputs, dtypes=[dtype], shapes=[shape])

    @tf_op("Expm1")
    class _Expm1:
        @classmethod
        def version_7(cls, context: Any, node: Any, **_: Any) -> None:
            dtype, shape, one = one_like(context, node)
            source, outputs = node.input[0], node.output
            context.remove_node(node.name)
            grown = context.make_node("Exp", [source], dtypes=[dtype], shapes=[shape])
            context.make_node("Sub", [grown.output[0], one], name=node.name, outputs=outputs, dtypes=[dtype], shapes=[shape])

    @tf_op("Bucketize")
    class _Bucketize:
        """How many bounds a number has reached."""

        @classmethod
        def version_13(cls, context: Any, node: Any, **_: Any) -> None:
            bounds = np.array(node.get_attr("boundaries").floats, np.float32)
            source, outputs, shape = node.input[0], node.output, context.get_shape(node.output[0])
            context.remove_node(node.name)
            last = context.make_const(tf2onnx.utils.make_name("last"), np.array([-1], np.int64)).output[0]
            limits = context.make_const(tf2onnx.utils.make_name("bounds"), bounds).output[0]
            wide = context.make_node("Unsqueeze", [source, last])
            reached = context.make_node("GreaterOrEqual", [wide.output[0], limits])
            counted = context.make_node("Cast", [reached.output[0]], attr={"to": onnx.TensorProto.INT32})
            context.make_node("ReduceSum", [counted.output[0], last], attr={"keepdims": 0}, name=node.name, outputs=outputs,
                              dtypes=[onnx.TensorProto.INT32], shapes=[shape])


def convert(part: Part, opset: int) -> Any:
    """The ONNX model with the part's tensor names and a free first axis called `batch`."""
    import tf2onnx

    _handlers()
    frozen = freeze(part, None)
    inputs, outputs = [t.name for t in frozen.inputs], [t.name for t in frozen.outputs]
    if len(inputs) != len(part.input_names):
        raise ExportProblem("An input has no influence on the outputs and was folded away.",
                            hint="Remove the wire of the unused input.")
    names = {**dict(zip(inputs, part.input_names, strict=True)), **dict(zip(outputs, part.output_names, strict=True))}
    proto, _ = tf2onnx.convert.from_graph_def(
        frozen.graph.as_graph_def(), name=part.name, input_names=inputs, output_names=outputs, opset=opset,
        tensors_to_rename=names)
    _name_axes(proto, part)
    return proto


def _name_axes(proto: Any, part: Part) -> None:
    shapes = dict(zip(part.input_names, (t.shape for t in part.model.inputs), strict=True))
    shapes.update(zip(part.output_names, (t.shape for t in part.model.outputs), strict=True))
    for value in (*proto.graph.input, *proto.graph.output):
        for axis, dim in enumerate(value.type.tensor_type.shape.dim):
            known = shapes[value.name][axis] if axis < len(shapes[value.name]) else None
            if axis == 0:
                dim.dim_param = "batch"
            elif known is not None:
                dim.dim_value = known
            elif not dim.dim_value:
                dim.dim_param = f"{value.name}_{axis}"


def made(part: Part, options: dict[str, Any]) -> Any:
    """The float32 model as it leaves, checked. ExportProblem when an operation has no ONNX form."""
    proto = described(part, options)
    slim(proto, names_of(part.model))
    return checked(proto)


def described(part: Part, options: dict[str, Any]) -> Any:
    """The float32 model with its description inside, as the converter names things."""
    refuse_free_steps(part.model)
    opset = int(options.get("opset", OPSETS[0]))
    proto = deepcopy(part.once(("onnx", opset), lambda: checked(convert(inference_part(part), opset))))
    for key, value in _metadata(options.get("description", {})).items():
        entry = proto.metadata_props.add()
        entry.key, entry.value = key, value
    return proto


def _metadata(description: dict[str, Any]) -> dict[str, str]:
    """The description as text by key, and labels a line each."""
    told = {key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for key, value in description.items()}
    return told | {name.removesuffix(".txt"): text for name, text in labels_of(description).items()}


def checked(proto: Any) -> Any:
    """The same model, fully checked: the converter writes operations that ONNX does not have into it without a word."""
    import onnx

    try:
        onnx.checker.check_model(proto, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise ExportProblem("ONNX has no operation for a part of this network.",
                            hint=str(error).strip().splitlines()[0][:300]) from error
    return proto


def write(part: Part, path: Path, options: dict[str, Any]) -> None:
    """Convert, check fully and write."""
    path.write_bytes(made(part, options).SerializeToString())


class Reopened:
    """An .onnx file in ONNX Runtime on the CPU. Call it with arrays [rows, ...] by input name."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._names = [i.name for i in self._session.get_inputs()]
        self.input_names = tuple(self._names)
        self.output_names = tuple(o.name for o in self._session.get_outputs())

    def __call__(self, inputs: Arrays) -> list[np.ndarray]:
        """Outputs in the file's order. ExportProblem when the file asks for more inputs than the drawing has."""
        if extra := [name for name in self._names if name not in inputs]:
            raise ExportProblem(f"The file asks for inputs the drawing does not have: {', '.join(extra)}.")
        return [np.asarray(y) for y in self._session.run(None, {name: inputs[name] for name in self._names})]


def reopen(path: Path, part: Part, threads: int = 1) -> Reopened:
    """The file in ONNX Runtime; all threads there are with 0."""
    return Reopened(path, threads)


OPSET = Option(name="opset", title="Opset", values=tuple(map(str, OPSETS)), summary="Older runtimes need a lower one.")
SPEC = ExporterSpec(
    name="onnx", title="ONNX", suffix=".onnx", summary="Any batch size; opset 13 to 18.", runs_on="ONNX Runtime",
    write=write, reopen=reopen, options=(OPSET,))
