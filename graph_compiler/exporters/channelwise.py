"""Batch normalisation with a scale for each channel, where whole numbers would have one for all of them.

A converter takes a normalisation into the convolution before it. Where there is none (an activation lies between), the file
multiplies by a constant, and such a constant has one scale for all its numbers: a channel that never moves, whose multiplier is
1/sqrt(epsilon), takes the digits of all others. The weights of a depthwise convolution have a scale for each channel.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from graph_compiler.exporters.in_place import in_place

_TAKES_IN = ("Conv1D", "Conv2D", "Conv3D", "DepthwiseConv1D", "DepthwiseConv2D", "Conv1DTranspose", "Conv2DTranspose",
             "Conv3DTranspose", "SeparableConv1D", "SeparableConv2D", "Dense")


@contextmanager
def channel_by_channel(model: Any) -> Iterator[None]:
    """Inside, normalisations that no layer before them takes in are traced as depthwise convolutions."""
    import keras

    alone = {id(layer) for layer in model._flatten_layers() if _alone(layer)}

    def make(original: Any) -> Any:
        def call(self: Any, inputs: Any, training: Any = None, mask: Any = None) -> Any:
            if id(self) not in alone or not keras.backend.is_float_dtype(inputs.dtype):  # bytes have no convolution
                return original(self, inputs, training=training, mask=mask)
            return _depthwise(self, inputs)
        return call

    with in_place(keras.layers.BatchNormalization, "call", make):
        yield


def _alone(layer: Any) -> bool:
    if type(layer).__name__ != "BatchNormalization" or layer.axis not in (-1, len(layer.input_spec.shape or ()) - 1):
        return False
    before = [tensor._keras_history.operation for node in layer._inbound_nodes for tensor in node.input_tensors]
    return not all(type(one).__name__ in _TAKES_IN and getattr(one.activation, "__name__", "") == "linear" for one in before)


def _depthwise(layer: Any, inputs: Any) -> Any:
    """The layer on tensors [rows, ..., channels] of two to four axes, in inference; others as they are."""
    from keras import ops

    scale = ops.rsqrt(layer.moving_variance + layer.epsilon)
    scale = scale * layer.gamma if layer.scale else scale
    offset = -layer.moving_mean * scale
    offset = offset + layer.beta if layer.center else offset
    rank, x = len(inputs.shape), inputs
    if rank > 4:
        return inputs * scale + offset
    for _ in range(4 - rank):
        x = ops.expand_dims(x, 1)
    x = ops.depthwise_conv(x, ops.reshape(scale, (1, 1, -1, 1)), data_format="channels_last") + offset
    for _ in range(4 - rank):
        x = ops.squeeze(x, 1)
    return x
