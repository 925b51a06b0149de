"""Which layer of a model a converter's tensor is the result of."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

_STILL = ("InputLayer", "Functional", "Sequential")


def names_of(model: Any) -> frozenset[str]:
    """Names of all layers of a model that compute something."""
    return frozenset(layer.name for layer in model._flatten_layers() if type(layer).__name__ not in _STILL)


def layer_of(tensor: str, layers: Collection[str]) -> str:
    """The layer whose result a tensor is, by its name or the path in it; empty when it is none's."""
    if tensor in layers:
        return tensor
    found = ""
    for step in re.split(r"[/;:]", tensor):
        for name in (step, re.sub(r"_\d+$", "", step)):
            if name in layers:
                found = name
    return found
