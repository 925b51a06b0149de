"""Specs of operations that a Keras class of ours does: how it is made, and how "Show as Python" writes it."""

from __future__ import annotations

import ast
from functools import cache
from importlib import resources
from typing import Any

from graph_compiler.layers.operations.keras_classes import PACKAGE, custom_layers
from graph_compiler.specs.nodes import LayerSpec, Values, keras_arguments


def operation(name: str, **more: Any) -> LayerSpec:
    """The spec of an operation done by the class of the same name, which takes its parameters as they are."""
    def make(keras: Any, p: Values, layer: str) -> Any:
        return custom_class(keras, name)(name=layer, **keras_arguments(keras, spec, p))

    spec = LayerSpec(name=name, family="operations", kind="operation", **{"make": make, "defined_as": name, **more})
    return spec


def custom_class(keras: Any, name: str) -> Any:
    """One of our Keras classes by its short name."""
    return custom_layers(keras)[f"{PACKAGE}>{name}"]


@cache
def definitions() -> dict[str, str]:
    """The Python text of each class by its short name, as a script has it: registered by the same name, without types."""
    text = resources.files(__package__).joinpath("keras_classes.py").read_text("utf-8")
    classes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)]
    return {made.name: _written(made) for made in classes}


def _written(made: ast.ClassDef) -> str:
    for node in ast.walk(made):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
    return f'@keras.saving.register_keras_serializable(package="{PACKAGE}")\n{ast.unparse(made)}'
