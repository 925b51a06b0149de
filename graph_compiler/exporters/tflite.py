"""TensorFlow Lite, float32: frozen graph -> SavedModel with a named signature -> converter -> LiteRT."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.exporters.flatfile import finish, refuse_variables
from graph_compiler.exporters.freezing import freeze, inference_part, signature
from graph_compiler.exporters.part import Arrays, ExportProblem, Part, as_list, batches
from graph_compiler.exporters.recurrent import ONE_SAMPLE, loops, refuse_free_steps
from graph_compiler.specs.exporters import ExporterSpec

_SMALLEST = 64


def convert(part: Part, batch: int | None = None) -> bytes:
    """The bytes of a .tflite file that runs with built-in operations only. The batch stays free unless given."""
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as folder:
        _saved_model(tf, part, batch, folder)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
        try:
            content: bytes = converter.convert()
        except Exception as error:  # the converter raises its own, undocumented kinds
            raise ExportProblem("TensorFlow Lite has no operation for a part of this network.",
                                hint=_reason(str(error))) from error
    if len(content) < _SMALLEST:
        raise ExportProblem("The converter wrote an empty file.", hint="Export ONNX instead.")
    return content


def _reason(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if "error:" in line or "op" in line]
    return (lines[0] if lines else text.strip())[:300]


def _saved_model(tf: Any, part: Part, batch: int | None, folder: str) -> None:
    frozen = freeze(part, batch)
    module = tf.Module()

    def run(**tensors: Any) -> dict[str, Any]:
        return dict(zip(part.output_names, as_list(frozen(*[tensors[name] for name in part.input_names])), strict=True))

    module.run = tf.function(run, autograph=False)
    concrete = module.run.get_concrete_function(**{spec.name: spec for spec in signature(part, batch)})
    # A frozen swish carries a custom gradient that cannot be saved.
    options = tf.saved_model.SaveOptions(experimental_custom_gradients=False)
    tf.saved_model.save(module, folder, signatures={"serving_default": concrete}, options=options)


def write(part: Part, path: Path, options: dict[str, Any]) -> None:
    """Convert and write. ExportProblem when the network has something TensorFlow Lite has not.

    With loops of recurrent layers the file takes one sample a call, and its description says so.
    """
    refuse_free_steps(part.model)
    batch = 1 if loops(part.model) else None
    content = convert(inference_part(part), batch)
    described = options.get("description", {}) | ({"batch": batch} if batch else {})
    path.write_bytes(finish(content, part.input_names, part.output_names, described))


class Reopened:
    """A .tflite file in LiteRT. Call it with arrays [rows, ...] by input name."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self._interpreter = Interpreter(model_path=str(path), num_threads=threads)
        refuse_variables(self._interpreter)  # memory is asked for when sizes are known: a free axis starts out as 1
        self._inputs = {d["name"]: d for d in self._interpreter.get_input_details()}
        self._outputs = self._interpreter.get_output_details()
        self._fitted: dict[str, tuple[int, ...]] = {}
        self.output_names = tuple(d["name"] for d in self._outputs)
        self._alone = any(d["shape_signature"][0] == 1 for d in self._inputs.values())
        self.notes = (ONE_SAMPLE,) if self._alone else ()

    def __call__(self, inputs: Arrays) -> list[np.ndarray]:
        """Outputs in the file's order."""
        if not self._alone:
            return self._run(inputs)
        return [np.concatenate(columns) for columns in zip(*map(self._run, batches(inputs, 1)), strict=True)]

    def _run(self, inputs: Arrays) -> list[np.ndarray]:
        shapes = {name: inputs[name].shape for name in self._inputs}
        if shapes != self._fitted:
            for name, detail in self._inputs.items():
                self._interpreter.resize_tensor_input(detail["index"], shapes[name])
            self._interpreter.allocate_tensors()
            self._fitted = shapes
        for name, detail in self._inputs.items():
            self._interpreter.set_tensor(detail["index"], np.ascontiguousarray(inputs[name], dtype=detail["dtype"]))
        self._interpreter.invoke()
        return [np.array(self._interpreter.get_tensor(d["index"])) for d in self._outputs]


def reopen(path: Path, part: Part) -> Reopened:
    """The file in LiteRT, one thread."""
    return Reopened(path)


SPEC = ExporterSpec(
    name="tflite", title="TFLite float32", suffix=".tflite", summary="Same numbers as in training.",
    runs_on="Android, iOS, Linux", write=write, reopen=reopen)
