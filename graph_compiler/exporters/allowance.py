"""How far a file may be from Keras where last digits weigh more than elsewhere."""

from __future__ import annotations

from typing import Any

from graph_compiler.exporters.recurrent import are_long

MORE = 10.0


def allowance(model: Any) -> float:
    """By what the allowed difference is multiplied: 10 where last digits add up or are made much of, 1 elsewhere.

    They add up in long recurrences. The logarithm of a frequency that is hardly there makes much of them: there Keras itself
    is as far from what it would be with more digits.
    """
    return MORE if are_long(model) or any(map(_has_logarithm, model._flatten_layers())) else 1.0


def _has_logarithm(layer: Any) -> bool:
    import keras

    return isinstance(layer, keras.layers.STFTSpectrogram) and layer.mode == "log"
