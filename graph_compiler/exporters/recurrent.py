"""What recurrent layers mean for a file: a loop that TensorFlow Lite runs for one sample only, and rounding that adds up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from graph_compiler.exporters.part import ExportProblem

LONG = 50
"""From more steps on, rounding errors of a loop may add up to ten times the usual allowance."""

ONE_SAMPLE = "One sample a call: it has recurrent layers."


def recurrent_layers(model: Any) -> list[Any]:
    """Every layer that goes through steps, those inside other layers too."""
    import keras

    return [layer for layer in model._flatten_layers() if isinstance(layer, keras.layers.RNN)]


def loops(model: Any) -> bool:
    """Whether one of them is a loop in the graph; an unrolled one is written out step by step."""
    return any(not layer.unroll for layer in recurrent_layers(model))


def are_long(model: Any) -> bool:
    """Whether some recurrent layer takes more than 50 steps, or any number."""
    return any(n is None or n > LONG for n in (steps_of(layer) for layer in recurrent_layers(model)))


def steps_of(layer: Any) -> int | None:
    """The steps a built layer reads; None when their number is free."""
    built = layer.get_build_config()
    shape = built.get("input_shape") or built["shapes_dict"]["sequences_shape"]
    return None if shape[1] is None else int(shape[1])


def refuse_free_steps(model: Any) -> None:
    """Refuse TimeDistributed over a series of any length: what Keras makes of it, neither runtime computes."""
    import keras

    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.TimeDistributed) and layer.get_build_config()["input_shape"][1] is None:
            raise ExportProblem("TimeDistributed over a series of any length cannot leave in this format.", node=layer.name,
                                hint="Fix the length at the source, or use Dense without it: it works on every step anyway.")


def refuse_unknown_steps(model: Any) -> None:
    """Refuse to write out a loop of which nobody knows how often it runs."""
    for layer in recurrent_layers(model):
        if steps_of(layer) is None:
            raise ExportProblem("Any number of samples a call needs sequences of a fixed length.", node=layer.name,
                                hint="Choose one sample a call, or fix the length at the source.")


@contextmanager
def on_any_device(model: Any) -> Iterator[None]:
    """Inside, recurrent layers are traced as plain loops, not as the kernels of a graphics card."""
    chosen = [layer for layer in recurrent_layers(model) if hasattr(layer, "use_cudnn")]
    before = [layer.use_cudnn for layer in chosen]
    for layer in chosen:
        layer.use_cudnn = False
    try:
        yield
    finally:
        for layer, value in zip(chosen, before, strict=True):
            layer.use_cudnn = value
