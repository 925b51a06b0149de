"""Between which numbers the outputs of a model always are, as far as the last layer says: 0 and 1 behind a sigmoid."""

from __future__ import annotations

from typing import Any

_BOUNDS = {"sigmoid": (0.0, 1.0), "hard_sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "tanh": (-1.0, 1.0),
           "hard_tanh": (-1.0, 1.0), "softsign": (-1.0, 1.0), "relu6": (0.0, 6.0)}
"""Activations whose values have two ends."""
_ACTIVE = ("Dense", "EinsumDense", "Activation", "Conv", "DepthwiseConv", "SeparableConv")
"""Beginnings of the names of layers whose output is that of their activation."""
_PASSING = ("Reshape", "Flatten", "Permute", "Cropping", "MaxPooling", "AveragePooling", "GlobalMaxPooling",
            "GlobalAveragePooling", "Dropout", "SpatialDropout", "Identity", "RepeatVector")
"""Layers that leave values between the ends they had."""


def output_ranges(model: Any) -> list[tuple[float, float] | None]:
    """Least and greatest value of each output; None where there is no such thing."""
    return [_range(tensor) for tensor in model.outputs]


def _range(tensor: Any) -> tuple[float, float] | None:
    history = getattr(tensor, "_keras_history", None)
    if history is None:
        return None
    layer, kind = history.operation, _kind(history.operation)
    if hasattr(layer, "outputs") and hasattr(layer, "layers"):  # a model that is a layer of this one
        return _range(layer.outputs[history.tensor_index])
    if kind == "TimeDistributed":
        layer, kind = layer.layer, _kind(layer.layer)
    if kind == "Softmax":
        return _BOUNDS["softmax"]
    if kind.startswith(_ACTIVE) and not kind.startswith("ConvLSTM"):
        return _BOUNDS.get(getattr(getattr(layer, "activation", None), "__name__", ""))
    if kind.startswith(_PASSING):
        sources = layer._inbound_nodes[history.node_index].input_tensors
        return _range(sources[0]) if len(sources) == 1 else None
    return None


def _kind(layer: Any) -> str:
    return next((made.__name__ for made in type(layer).__mro__ if made.__module__.startswith("keras.")), "")
