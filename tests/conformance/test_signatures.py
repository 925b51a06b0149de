"""Every layer has every parameter of its Keras class, by Keras's name and with Keras's default."""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

import pytest

from graph_compiler.catalog import registry
from graph_compiler.layers.common import ACTIVATIONS, INITIALIZERS, REGULARIZERS, constraint
from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.params import Param, Rules, keras_object
from graph_compiler.specs.refusal import Refusal
from tests.conformance.known import OUR_DEFAULTS, OUR_PARAMETERS, WITHOUT

DOCUMENT = frozenset({"self", "name", "dtype", "trainable", "kwargs"})
"""Arguments that are the document's business, not the form's."""

FAN = frozenset({"input_axes", "output_axes"})
"""Arguments of initialisers that a layer sets itself (EinsumDense, from its equation)."""

LAYERS = [spec for spec in registry().nodes.values() if isinstance(spec, LayerSpec) and spec.kind == "layer"]


def arguments(made: Any) -> dict[str, inspect.Parameter]:
    found = inspect.signature(made.__init__).parameters
    loose = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    return {n: p for n, p in found.items() if n not in DOCUMENT and p.kind not in loose}


def rule_table(name: str) -> dict[str, str]:
    """Rows of a table for one layer, those for all layers included."""
    return {**WITHOUT.get("*", {}), **WITHOUT.get(name, {})}


def as_json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [as_json(v) for v in value]
    return value


def same_default(keras: ModuleType, param: Param, default: Any) -> bool:
    if isinstance(param, Rules) and default is not None:
        ours = keras_object(keras, param.check(param.default))
        theirs = keras.initializers.get(default) if "initializer" in param.name else keras.regularizers.get(default)
        return type(ours) is type(theirs) and ours.get_config() == theirs.get_config()
    try:
        return bool(param.check(param.default) == param.check(as_json(default)))
    except Refusal:
        return False


@pytest.mark.parametrize("spec", LAYERS, ids=lambda spec: spec.name)
def test_parameters_are_those_of_keras(keras: ModuleType, spec: LayerSpec) -> None:
    theirs = arguments(getattr(keras.layers, spec.name))
    wanted = set(theirs) - rule_table(spec.name).keys()
    ours = {p.name for p in spec.params} - OUR_PARAMETERS.get(spec.name, {}).keys()
    assert ours == wanted


@pytest.mark.parametrize("spec", LAYERS, ids=lambda spec: spec.name)
def test_defaults_are_those_of_keras(keras: ModuleType, spec: LayerSpec) -> None:
    theirs = arguments(getattr(keras.layers, spec.name))
    for param in spec.params:
        if param.name in OUR_PARAMETERS.get(spec.name, {}):
            continue
        default = theirs[param.name].default
        if default is inspect.Parameter.empty:
            assert param.check(param.default) is not None, f"{param.name} is required and needs a default of ours"
        elif param.name in OUR_DEFAULTS.get(spec.name, {}):
            assert not same_default(keras, param, default), f"{param.name} has Keras's default now"
        else:
            assert same_default(keras, param, default), f"{param.name}: {param.default!r}, Keras {default!r}"


def test_exceptions_name_what_exists(keras: ModuleType) -> None:
    for table in (WITHOUT, OUR_PARAMETERS, OUR_DEFAULTS):
        for layer, rows in table.items():
            assert all(why.endswith(".") for why in rows.values())
            if layer != "*":
                assert layer in registry().nodes
    for layer, rows in WITHOUT.items():
        if layer != "*":
            assert rows.keys() <= arguments(getattr(keras.layers, layer)).keys()


@pytest.mark.parametrize(("home", "table"), [("initializers", INITIALIZERS), ("regularizers", REGULARIZERS),
                                             ("constraints", constraint("c", "weights", 2).options)], ids=lambda v: str(v)[:12])
def test_named_objects_are_those_of_keras(keras: ModuleType, home: str, table: dict[str, tuple[Param, ...]]) -> None:
    for name, params in table.items():
        theirs = arguments(getattr(getattr(keras, home), name))
        assert {p.name for p in params} == set(theirs) - FAN, name
        for param in params:
            assert param.default == theirs[param.name].default, f"{name}.{param.name}"
            assert param.summary, f"{name}.{param.name}"


def test_every_named_object_of_keras_is_offered(keras: ModuleType) -> None:
    for home, table, base, without in (
            ("initializers", INITIALIZERS, "Initializer", {"STFT"}),
            ("regularizers", REGULARIZERS, "Regularizer", set()),
            ("constraints", constraint("c", "weights", 2).options, "Constraint", set())):
        module = getattr(keras, home)
        classes = {getattr(module, n) for n in dir(module) if isinstance(getattr(module, n), type)} - {getattr(module, base)}
        classes -= {getattr(module, name) for name in without}
        assert {getattr(module, name) for name in table} == classes, home


def test_activations_are_those_of_keras(keras: ModuleType) -> None:
    from keras.src.activations import ALL_OBJECTS

    assert set(ACTIVATIONS) == {made.__name__ for made in ALL_OBJECTS} - {"threshold", "glu"}
    assert all(keras.activations.get(name) for name in ACTIVATIONS)
