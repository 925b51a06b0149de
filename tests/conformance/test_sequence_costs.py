"""Multiply-adds of recurrent and attention layers: what the rules count is what stands in TensorFlow's graph."""

from __future__ import annotations

import math
from types import ModuleType
from typing import Any

import pytest

from graph_compiler.catalog import registry
from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.tensors import Tensor
from tests.conformance.oracle import Called, sample
from tests.helpers.parameters import checked

SERIES = {"in": (Tensor((5, 3)),)}
PAIR = {"query": (Tensor((5, 4)),), "value": (Tensor((6, 4)),)}
TRIPLE = {"query": (Tensor((5, 4)),), "value": (Tensor((6, 2)),), "key": (Tensor((6, 4)),)}

CASES: tuple[tuple[str, dict[str, Any], dict[str, tuple[Tensor, ...]]], ...] = (
    ("SimpleRNN", {"units": 4, "unroll": True}, SERIES),
    ("LSTM", {"units": 4, "unroll": True, "return_sequences": True}, SERIES),
    ("GRU", {"units": 4, "unroll": True}, SERIES),
    ("GRU", {"units": 4, "unroll": True, "reset_after": False}, SERIES),
    ("ConvLSTM1D", {"filters": 3, "kernel_size": [2]}, {"in": (Tensor((4, 5, 2)),)}),
    ("ConvLSTM2D", {"filters": 3, "kernel_size": [2, 3], "strides": 2, "padding": "same"}, {"in": (Tensor((3, 5, 6, 2)),)}),
    ("ConvLSTM3D", {"filters": 2, "kernel_size": 2}, {"in": (Tensor((2, 3, 4, 3, 2)),)}),
    ("Attention", {}, TRIPLE),
    ("Attention", {"use_scale": True}, PAIR),
    ("Attention", {"score_mode": "concat", "use_scale": True}, PAIR),
    ("AdditiveAttention", {}, PAIR),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "value_dim": 5}, TRIPLE),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "use_gate": True, "output_shape": [2, 3]}, PAIR),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "attention_axes": 2},
     {"query": (Tensor((3, 5, 4)),), "value": (Tensor((3, 6, 4)),)}),
    ("GroupQueryAttention", {"head_dim": 3, "use_gate": True}, PAIR),
)


def products(graph: Any) -> int:
    """Multiplications of numbers with numbers, scalar factors that only prepare something left out."""
    return sum(_COUNTS[op.type](op) for op in graph.get_operations() if op.type in _COUNTS)


def _matrix(op: Any) -> int:
    inner = op.inputs[0].shape[-2 if op.get_attr(_FLIPPED[op.type]) else -1]
    return int(math.prod(op.outputs[0].shape) * inner)


def _einsum(op: Any) -> int:
    taken = op.get_attr("equation").decode().split("->")[0].split(",")
    sizes: dict[str, int] = {}
    for letters, x in zip(taken, op.inputs, strict=True):
        sizes.update(zip(letters, x.shape, strict=True))
    return math.prod(sizes.values())


def _convolution(op: Any) -> int:
    return math.prod((*op.outputs[0].shape[:-1], *op.inputs[1].shape))


def _product(op: Any) -> int:
    factor = any(math.prod(x.shape) == 1 and x.op.type == "Const" for x in op.inputs)
    return 0 if factor or not op.outputs[0].dtype.is_floating else math.prod(op.outputs[0].shape)


_FLIPPED = {"MatMul": "transpose_a", "BatchMatMulV2": "adj_x"}
_COUNTS = {"MatMul": _matrix, "BatchMatMulV2": _matrix, "Einsum": _einsum, "Mul": _product, "Conv2D": _convolution,
           "Conv3D": _convolution}


@pytest.mark.parametrize(("name", "given", "inputs"), CASES, ids=lambda v: v if isinstance(v, str) else None)
def test_macs_are_the_products_of_the_graph(keras: ModuleType, name: str, given: dict[str, Any],
                                            inputs: dict[str, tuple[Tensor, ...]]) -> None:
    import tensorflow as tf

    spec = registry().nodes[name]
    assert isinstance(spec, LayerSpec)
    p = checked(spec, given)
    layer = Called(spec, p, spec.build(keras, p, "layer"))
    arrays = {port: [tf.constant(sample(x)[:1]) for x in tensors] for port, tensors in inputs.items()}
    if name.startswith("ConvLSTM"):
        layer.layer.unroll = True
    layer(arrays)
    flat = [a for tensors in arrays.values() for a in tensors]
    traced = tf.function(lambda *xs: layer({port: [x] for port, x in zip(arrays, xs, strict=True)}))
    assert spec.infer(p, inputs).macs == products(traced.get_concrete_function(*flat).graph)
