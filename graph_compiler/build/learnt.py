"""What layers learn from training rows before training: statistics, bounds of bins, vocabularies.

Normalization keeps its statistics as variables. The bounds of Discretization and the vocabularies of lookups are none: they
come out of a layer as arrays here, and go in again.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]
_LOOKUPS = ("IntegerLookup", "StringLookup")


def kind_of(layer: Any) -> str:
    """The Keras class a layer is of, also where it is one of ours that mends it."""
    names = [made.__name__ for made in type(layer).__mro__]
    return next((name for name in ("Normalization", "Discretization", *_LOOKUPS, "TextVectorization") if name in names), "")


def learns(layer: Any) -> bool:
    """Whether a layer looks at training rows; one with given statistics or bounds does not."""
    kind = kind_of(layer)
    if kind == "Normalization":
        return bool(layer.input_mean is None)
    return layer.num_bins is not None if kind == "Discretization" else kind != ""


def keeps(layer: Any) -> str:
    """The name of what a layer learns that is no variable, empty for most."""
    kind = kind_of(layer)
    if kind == "Discretization":
        return "bin_boundaries" if learns(layer) else ""
    return "vocabulary" if kind in (*_LOOKUPS, "TextVectorization") else ""


def learnt(layer: Any) -> Arrays:
    """What a layer has learnt that is no variable, by name; empty before it learnt."""
    name = keeps(layer)
    if name == "bin_boundaries":
        return {} if layer.bin_boundaries is None else {name: np.asarray(layer.bin_boundaries, "float64")}
    if not name:
        return {}
    inner = _table(layer)
    words = inner.get_vocabulary(include_special_tokens=False)
    if not len(words):
        return {}
    rare = {"idf_weights": np.asarray(inner.idf_weights_const)} if inner.output_mode == "tf_idf" else {}
    return {"vocabulary": np.asarray([str(word) for word in words]), **rare}


def teach(layer: Any, arrays: Arrays) -> None:
    """Give a layer what it, or one like it, had learnt."""
    if kind_of(layer) == "Discretization":
        layer.bin_boundaries = [float(bound) for bound in arrays["bin_boundaries"]]
        return
    words = [str(word) for word in arrays["vocabulary"]]
    whole = kind_of(layer) == "IntegerLookup"
    inner = _table(layer)
    rare = arrays.get("idf_weights")
    kept = rare if rare is None else rare[inner._token_start_index():][:len(words)]
    inner.set_vocabulary([int(word) for word in words] if whole else words, kept)


def measure(layer: Any, values: np.ndarray) -> None:
    """Let a layer look at training rows [rows, ...]. ValueError says in words what they lack."""
    layer.adapt(values)
    if kind_of(layer) == "Discretization" and len(layer.bin_boundaries) + 1 != layer.num_bins:
        raise ValueError(f"The training rows fill {len(layer.bin_boundaries) + 1:,} bins, not {layer.num_bins:,}.")


def settle(model: Any) -> None:
    """After variables were set: let Normalization take its statistics up again (Keras does not do it by itself)."""
    for layer in model._flatten_layers():
        if kind_of(layer) == "Normalization" and learns(layer):
            layer.finalize_state()


def _table(layer: Any) -> Any:
    return layer._lookup_layer if kind_of(layer) == "TextVectorization" else layer
