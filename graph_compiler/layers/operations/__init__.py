"""Tensor arithmetic that Keras has no layer of that name for: one idea a file.

Stock Keras layers do the work wherever they can, classes of ours (`layers.custom`) the rest.
"""

from __future__ import annotations

from graph_compiler.layers.operations import arithmetic, conversion, matrices, reduction, sampling, selection, sequences
from graph_compiler.specs.nodes import LayerSpec

SPECS: tuple[LayerSpec, ...] = tuple(
    spec for idea in (conversion, selection, arithmetic, reduction, matrices, sequences, sampling) for spec in idea.SPECS)
