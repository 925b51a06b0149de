"""Multiply-adds: what the rules count is what TensorFlow's own profiler counts."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from graph_compiler.catalog import registry
from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.tensors import Tensor
from tests.conformance.oracle import sample
from tests.helpers.parameters import checked

CASES: tuple[tuple[str, dict[str, Any], Tensor], ...] = (
    ("Dense", {"units": 7}, Tensor((12,))),
    ("Conv1D", {"filters": 5}, Tensor((16, 3))),
    ("Conv2D", {"filters": 5, "kernel_size": [3, 2], "strides": 2}, Tensor((16, 14, 3))),
    ("Conv2D", {"filters": 4, "padding": "same"}, Tensor((9, 9, 2))),
    ("DepthwiseConv2D", {"depth_multiplier": 2}, Tensor((9, 8, 3))),
    ("SeparableConv2D", {"filters": 6, "depth_multiplier": 2}, Tensor((9, 8, 3))),
    ("Conv3D", {"filters": 2}, Tensor((5, 6, 7, 2))),
    ("Conv2DTranspose", {"filters": 3, "strides": 2, "padding": "same"}, Tensor((5, 6, 2))),
    ("EinsumDense", {"equation": "abc,cd->abd", "output_shape": [None, 5]}, Tensor((6, 4))),
)


def profiled(layer: Any, x: Tensor) -> int:
    """Floating point operations of one sample in the graph of a call, biases and activations left out."""
    import tensorflow as tf

    array = tf.constant(sample(x)[:1])
    layer(array)
    traced = tf.function(layer).get_concrete_function(array)
    options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
    options["output"] = "none"
    with contextlib.redirect_stdout(io.StringIO()), Path(os.devnull).open("w") as null, contextlib.redirect_stderr(null):
        return int(tf.compat.v1.profiler.profile(graph=traced.graph, options=options).total_float_ops)


@pytest.mark.parametrize(("name", "given", "x"), CASES, ids=lambda v: v if isinstance(v, str) else None)
def test_macs_are_half_of_the_profilers_operations(keras: ModuleType, name: str, given: dict[str, Any], x: Tensor) -> None:
    spec = registry().nodes[name]
    assert isinstance(spec, LayerSpec)
    p = checked(spec, {"use_bias": False, **given} if spec.param("use_bias") else given)
    macs = spec.infer(p, {"in": (x,)}).macs
    assert macs is not None
    assert 2 * macs == profiled(spec.build(keras, p, "layer"), x)
