"""Models as they run on a phone: float32 in place of mixed precision, recurrent layers written out step by step."""

from __future__ import annotations

import json
from typing import Any

from graph_compiler.exporters.masked_steps import WRITTEN_OUT
from graph_compiler.exporters.part import Part
from graph_compiler.exporters.recurrent import loops, recurrent_layers

_HALF = ("float16", "bfloat16")
_STEPPING = ("SimpleRNN", "LSTM", "GRU", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")


def inference_part(part: Part, unrolled: bool = False) -> Part:
    """The part in float32, its loops written out where `unrolled`; the part itself when there is nothing to change."""
    unroll = unrolled and loops(part.model)
    if not unroll and not half_precision(part.model):
        return part
    return Part(part.name, _clone(part.model, unroll), part.input_names, part.output_names)


def half_precision(model: Any) -> bool:
    """Whether some layer computes in 16 bits."""
    return any(getattr(layer, "compute_dtype", None) in _HALF for layer in model._flatten_layers())


def _clone(model: Any, unroll: bool) -> Any:
    config = json.loads(json.dumps(model.get_config(), default=_plain))
    _rewrite(config, unroll)
    custom = {type(layer).__name__: type(layer) for layer in model._flatten_layers()}
    clone = type(model).from_config(config, custom_objects=custom)
    clone.set_weights(model.get_weights())
    for layer, original in zip(recurrent_layers(clone), recurrent_layers(model), strict=True):
        setattr(layer, WRITTEN_OUT, layer.unroll and not original.unroll)
    for layer in clone._flatten_layers():  # set_weights alone leaves an adapted Normalization with its old mean
        if type(layer).__name__ == "Normalization" and layer.input_mean is None:
            layer.finalize_state()
    return clone


def _plain(value: Any) -> Any:
    return value.get_config() if hasattr(value, "get_config") else str(value)


def _rewrite(value: Any, unroll: bool) -> None:
    if isinstance(value, list):
        for part in value:
            _rewrite(part, unroll)
    elif isinstance(value, dict):
        config = value.get("config")
        if isinstance(config, dict):
            if value.get("class_name") == "DTypePolicy" and "float16" in str(config.get("name")):
                config["name"] = "float32"
            if unroll and value.get("class_name") in _STEPPING and "unroll" in config:
                config["unroll"] = True
        for key, part in value.items():
            if key == "dtype" and isinstance(part, str) and "float16" in part:
                value[key] = "float32"
            else:
                _rewrite(part, unroll)
