"""All Keras layer classes of ours in one place: registered under one package name, so that `.keras` files open again."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any

from graph_compiler.layers.custom import of_categories, of_masks, of_operations, of_pictures

PACKAGE = "Netloom"
"""Under this name Keras registers the classes."""

HOMES = (of_operations, of_pictures, of_categories, of_masks)


@cache
def custom_layers(keras: Any) -> dict[str, Any]:
    """The classes by registered name. Call it before reading a `.keras` file that may hold them."""
    register = keras.saving.register_keras_serializable(package=PACKAGE)
    made = [kind for home in HOMES for maker in home.MAKERS for kind in maker(keras)]
    return {f"{PACKAGE}>{kind.__name__}": register(kind) for kind in made}


def custom_class(keras: Any, name: str) -> Any:
    """One of the classes by its short name."""
    return custom_layers(keras)[f"{PACKAGE}>{name}"]


@cache
def definitions() -> dict[str, str]:
    """The Python text of each class by its short name, as a script has it: registered by the same name, without types."""
    here = Path(__file__).parent
    texts = [here.joinpath(f"{home.__name__.rpartition('.')[2]}.py").read_text("utf-8") for home in HOMES]
    nodes = [node for text in texts for node in ast.walk(ast.parse(text))]
    return {node.name: written_class(node) for node in nodes if isinstance(node, ast.ClassDef)}


def written_class(made: ast.ClassDef) -> str:
    """The text of a class, without types, registered under our name."""
    made.decorator_list = []
    for node in ast.walk(made):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
    return f'@keras.saving.register_keras_serializable(package="{PACKAGE}")\n{ast.unparse(made)}'
