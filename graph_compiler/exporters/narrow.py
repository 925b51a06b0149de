"""What cannot be computed with whole numbers, said before a converter tries: it would crash, or write a file that fails."""

from __future__ import annotations

from typing import Any

from graph_compiler.exporters.part import ExportProblem
from graph_compiler.exporters.recurrent import recurrent_layers, steps_of
from graph_compiler.specs.leaving import LONGEST_UNROLLED

_SQUARES = ("LayerNormalization", "GroupNormalization", "RMSNormalization", "UnitNormalization")


def refuse_int8(model: Any) -> None:
    """Refuse long recurrences and celu."""
    for layer in recurrent_layers(model):
        steps = steps_of(layer)
        if steps is None or steps > LONGEST_UNROLLED:
            raise ExportProblem("int8 needs a fixed, short sequence.", node=_place(model, layer),
                                hint="Dynamic range stores the same int8 weights and keeps the file small.")
    for layer in model._flatten_layers():
        if _activation(layer) == "celu":
            raise ExportProblem("celu is not usable in int8.", node=_place(model, layer), hint="Use elu.")


def refuse_int16x8(model: Any) -> None:
    """Refuse whole numbers, at the entry or inside, and normalisations over a row, besides what int8 does not take."""
    refuse_int8(model)
    at_entry = any(_whole(tensor) for tensor in model.inputs)
    inside = next((layer for layer in model._flatten_layers() if type(layer).__name__ in _SQUARES or _reads_whole(layer)), None)
    if at_entry or inside is not None:
        raise ExportProblem("16-bit activations are not supported for this model.", hint="Use int8 or float16.",
                            node="" if inside is None else _place(model, inside))


def _reads_whole(layer: Any) -> bool:
    """Whether it takes whole numbers, or makes them of what it takes: a range of those is never recorded."""
    return type(layer).__name__ == "Embedding" or any(
        _whole(tensor) for node in layer._inbound_nodes for tensor in node.input_tensors)


def _whole(tensor: Any) -> bool:
    return "int" in str(tensor.dtype) and str(tensor.dtype) != "uint8"


def _place(model: Any, layer: Any) -> str:
    """The layer of the drawing that is one, or wraps it."""
    return str(next((own.name for own in model.layers if layer in own._flatten_layers()), layer.name))


def _activation(layer: Any) -> str:
    return str(getattr(getattr(layer, "activation", None), "__name__", ""))
