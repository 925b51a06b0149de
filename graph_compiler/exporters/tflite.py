"""TensorFlow Lite: frozen graph -> SavedModel with a named signature -> converter -> LiteRT. Kinds of files: `tflite_kinds`."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.exporters.flatfile import finish, refuse_variables
from graph_compiler.exporters.layer_names import names_of
from graph_compiler.exporters.litert_forms import litert_forms
from graph_compiler.exporters.masked_steps import with_full_rows
from graph_compiler.exporters.metadata import attach, labels_of
from graph_compiler.exporters.part import Arrays, ExportProblem, Part, batches
from graph_compiler.exporters.quantised import from_bits, to_bits
from graph_compiler.exporters.recurrent import ONE_SAMPLE, loops, refuse_free_steps, refuse_unknown_steps
from graph_compiler.exporters.rewriting import inference_part
from graph_compiler.exporters.saved_model import save

_SMALLEST = 64
FLOAT, DYNAMIC, FLOAT16, INT8, INT16X8 = "float32", "dynamic", "float16", "int8", "int16x8"
CALIBRATED = (INT8, INT16X8)
"""Kinds whose converter looks at what flows for training rows."""
_WIDE = (FLOAT, FLOAT16)
"""Kinds that a converter leaves in float32: `finish` makes halves of it."""
_BITS = {INT8: 8, INT16X8: 16}


@dataclass(frozen=True)
class Kind:
    """How numbers are stored: one of the names above, whole numbers at the ends or not, the rows that show the ranges."""

    name: str = FLOAT
    whole_ends: bool = False
    rows: Arrays | None = None


def convert(part: Part, batch: int | None = None, kind: Kind | None = None) -> bytes:
    """The bytes of a .tflite file that runs with built-in operations only. The batch stays free unless given."""
    import tensorflow as tf

    kind = kind or Kind()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the converter calibrates with an interpreter that its own package calls old
        with litert_forms(part.model, _BITS.get(kind.name, 0)):
            save(part, batch, Path(folder), exact=kind.name in _WIDE)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        _set(tf, converter, replace(kind, rows=with_full_rows(part.model, kind.rows)) if kind.rows else kind)
        try:
            content: bytes = converter.convert()
        except Exception as error:  # the converter raises its own, undocumented kinds
            raise ExportProblem("TensorFlow Lite has no operation for a part of this network.",
                                hint=_reason(str(error))) from error
    return whole(content)


def whole(content: bytes) -> bytes:
    """The bytes of a converter, unless there are hardly any: some networks come back as nothing, without an error."""
    if len(content) < _SMALLEST:
        raise ExportProblem("The converter wrote an empty file.", hint="Export ONNX instead.")
    return content


def _set(tf: Any, converter: Any, kind: Kind) -> None:
    """Tell the converter how numbers are stored."""
    operations = tf.lite.OpsSet
    converter.target_spec.supported_ops = [operations.TFLITE_BUILTINS]
    if kind.name in _WIDE:  # a converter rounds every weight to 16 bits, small ones too; `halves` does not
        return
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if kind.name in CALIBRATED:
        converter.representative_dataset = lambda: _rows(kind.rows or {})
    if kind.name == INT8:
        converter.target_spec.supported_ops = [operations.TFLITE_BUILTINS_INT8]
        if kind.whole_ends:
            converter.inference_input_type = converter.inference_output_type = tf.int8
    if kind.name == INT16X8:
        wide = operations.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
        converter.target_spec.supported_ops = [wide, operations.TFLITE_BUILTINS]


def _rows(rows: Arrays) -> Iterator[dict[str, np.ndarray]]:
    yield from batches(rows, 1)


def _reason(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if "error:" in line or "op" in line]
    return (lines[0] if lines else text.strip())[:300]


NOTHING_GAINED = "Its layers are too small for 8 bits: it is the float32 file."
ONE, ANY = "one", "any"
"""Values of the option `batch`."""


def made(part: Part, options: dict[str, Any], kind: Kind | None = None) -> bytes:
    """A whole file: converted, tensors named and in order, description and labels inside.

    With loops of recurrent layers it takes one sample a call, and its description says so; asked for any batch, the loops
    are written out.
    """
    refuse_free_steps(part.model)
    kind = kind or Kind()
    content, batch = _converted(part, options, kind)
    described = options.get("description", {}) | ({"batch": batch} if batch else {})
    layers = names_of(part.model)
    file = finish(content, part.input_names, part.output_names, described, layers, halves=kind.name == FLOAT16)
    return attach(file, labels_of(described))


def _converted(part: Part, options: dict[str, Any], kind: Kind) -> tuple[bytes, int | None]:
    """What the converter writes, and the batch (None: any). Files of float32 and float16 begin with the same bytes."""
    def fresh() -> tuple[bytes, int | None]:
        ready, batch = fitted(part, options, kind)
        return convert(ready, batch, kind), batch

    found: tuple[bytes, int | None] = part.once(("tflite", options.get("batch")), fresh) if kind.name in _WIDE else fresh()
    return found


def fitted(part: Part, options: dict[str, Any], kind: Kind) -> tuple[Part, int | None]:
    """The part as the converter can read it, and the batch (None: any). A loop that is calibrated kills the process."""
    unrolled = loops(part.model) and (options.get("batch") == ANY or kind.name in CALIBRATED)
    if unrolled:
        refuse_unknown_steps(part.model)
    ready = inference_part(part, unrolled=unrolled)
    return ready, 1 if loops(ready.model) or options.get("batch") == ONE else None


def write(part: Part, path: Path, options: dict[str, Any]) -> None:
    """Convert and write, float32. ExportProblem when the network has something TensorFlow Lite has not."""
    path.write_bytes(made(part, options))


class Reopened:
    """A .tflite file in LiteRT. Call it with arrays [rows, ...] by input name; whole numbers at its ends are translated."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self._interpreter = Interpreter(model_path=str(path), num_threads=threads or os.cpu_count() or 1)
        refuse_variables(self._interpreter)  # memory is asked for when sizes are known: a free axis starts out as 1
        self._inputs = {d["name"]: d for d in self._interpreter.get_input_details()}
        self._outputs = self._interpreter.get_output_details()
        self._fitted: dict[str, tuple[int, ...]] = {}
        self.input_names = tuple(self._inputs)
        self.output_names = tuple(d["name"] for d in self._outputs)
        self._alone = any(d["shape_signature"][0] == 1 for d in self._inputs.values())
        self.notes: tuple[str, ...] = (ONE_SAMPLE,) if self._alone else ()

    def __call__(self, inputs: Arrays) -> list[np.ndarray]:
        """Outputs in the file's order."""
        if not self._alone:
            return self._run(inputs)
        return [np.concatenate(columns) for columns in zip(*map(self._run, batches(inputs, 1)), strict=True)]

    @property
    def has_bytes(self) -> bool:
        """Whether some tensor is stored in 8 bits."""
        return any(detail["dtype"] is np.int8 for detail in self._interpreter.get_tensor_details())

    def _run(self, inputs: Arrays) -> list[np.ndarray]:
        shapes = {name: inputs[name].shape for name in self._inputs}
        if shapes != self._fitted:
            for name, detail in self._inputs.items():
                self._interpreter.resize_tensor_input(detail["index"], shapes[name])
            self._interpreter.allocate_tensors()
            self._fitted = shapes
        for name, detail in self._inputs.items():
            self._interpreter.set_tensor(detail["index"], to_bits(inputs[name], detail))
        self._interpreter.invoke()
        return [from_bits(np.array(self._interpreter.get_tensor(d["index"])), d) for d in self._outputs]


def reopen(path: Path, part: Part, threads: int = 1) -> Reopened:
    """The file in LiteRT; all threads there are with 0."""
    return Reopened(path, threads)


def reopen_dynamic(path: Path, part: Part, threads: int = 1) -> Reopened:
    """The same of a file whose large weights should be in 8 bits; a note says when there are none."""
    runtime = Reopened(path, threads)
    if not runtime.has_bytes:
        runtime.notes += (NOTHING_GAINED,)
    return runtime
