"""Specs of operations that a Keras class of ours does."""

from __future__ import annotations

from typing import Any

from graph_compiler.layers.custom.registry import custom_class
from graph_compiler.specs.nodes import LayerSpec, Values, keras_arguments


def operation(name: str, **more: Any) -> LayerSpec:
    """The spec of what our class of the same name does; the class takes the parameters as they are."""
    def make(keras: Any, p: Values, layer: str) -> Any:
        return custom_class(keras, name)(name=layer, **keras_arguments(keras, spec, p))

    spec = LayerSpec(name=name, family="operations", kind="operation", **{"make": make, "defined_as": name, **more})
    return spec
