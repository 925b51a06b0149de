"""Tensor arithmetic that Keras has no layer of that name for: one idea a file, the Keras classes in `keras_classes`.

Stock Keras layers do the work wherever they can. A `.keras` file with one of our classes needs `custom_layers` to be read.
"""

from __future__ import annotations

from graph_compiler.layers.operations import arithmetic, conversion, matrices, reduction, sampling, selection, sequences
from graph_compiler.layers.operations.keras_classes import custom_layers
from graph_compiler.specs.nodes import LayerSpec

SPECS: tuple[LayerSpec, ...] = tuple(
    spec for idea in (conversion, selection, arithmetic, reduction, matrices, sequences, sampling) for spec in idea.SPECS)

__all__ = ["SPECS", "custom_layers"]
