"""The list of export formats, by the name the command line uses. Importing it imports no TensorFlow."""

from __future__ import annotations

from graph_compiler.exporters import keras_file, onnx_kinds, python_file, saved_model, tflite_kinds
from graph_compiler.specs.exporters import ExporterSpec

FORMATS: dict[str, ExporterSpec] = {spec.name: spec for spec in (
    *tflite_kinds.SPECS, *onnx_kinds.SPECS, keras_file.SPEC, saved_model.SPEC, python_file.SPEC)}
