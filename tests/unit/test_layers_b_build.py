"""The Keras side of layers that are not one Keras class: what they compute, and that a saved file opens again."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from graph_compiler.layers import augmentation, operations
from graph_compiler.specs.nodes import LayerSpec
from tests.helpers.parameters import checked


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    return import_module("keras")


def build(keras: ModuleType, spec: LayerSpec, **given: Any) -> Any:
    return spec.build(keras, checked(spec, given), "layer")


def test_random_crop_takes_the_middle_outside_training(keras: ModuleType) -> None:
    layer = build(keras, augmentation.RANDOM_CROP, height=4, width=2)
    x = np.arange(2 * 8 * 6, dtype="float32").reshape(2, 8, 6, 1)
    assert np.array_equal(layer(x, training=False), x[:, 2:6, 2:4])
    corners = {float(np.asarray(layer(x, training=True))[0, 0, 0, 0]) for _ in range(20)}
    assert len(corners) > 1 and layer.name == "layer"


def test_one_hot_cast_stack_and_slice_compute(keras: ModuleType) -> None:
    assert np.array_equal(build(keras, operations.ONE_HOT, num_classes=3)(np.array([2, 0])), [[0, 0, 1], [1, 0, 0]])
    assert np.array_equal(build(keras, operations.CAST, dtype="int32")(np.array([1.7, -1.7], "float32")), [1, -1])
    columns = [np.array([1.0, 2.0], "float32"), np.array([3.0, 4.0], "float32")]
    assert np.array_equal(build(keras, operations.STACK)(columns), [[1, 3], [2, 4]])
    x = np.arange(12, dtype="float32").reshape(2, 6)
    assert np.array_equal(build(keras, operations.SLICE, start=1, stop=-1, step=2)(x), x[:, 1:-1:2])


def test_stop_gradient_holds_back(keras: ModuleType) -> None:
    import tensorflow as tf

    x = tf.Variable([3.0])
    layer = build(keras, operations.STOP_GRADIENT)
    with tf.GradientTape() as tape:
        y = layer(x) * x
    assert float(tape.gradient(y, x)[0]) == 3.0


@pytest.mark.parametrize(("spec", "given"), [
    (augmentation.RANDOM_CROP, {"height": 3, "width": 4, "seed": 5}), (operations.ONE_HOT, {"num_classes": 4}),
    (operations.CAST, {"dtype": "int32"}), (operations.STOP_GRADIENT, {}), (operations.SLICE, {"axis": 1, "start": 1})],
    ids=lambda part: part.name if isinstance(part, LayerSpec) else "")
def test_a_saved_file_opens_again(keras: ModuleType, tmp_path: Path, spec: LayerSpec, given: dict[str, Any]) -> None:
    shape, dtype = ((), "int32") if spec is operations.ONE_HOT else ((8, 6, 1), "float32")
    x = np.random.default_rng(0).integers(0, 4, (2, *shape)).astype(dtype)
    entry = keras.Input(shape, dtype=dtype)
    model = keras.Model(entry, build(keras, spec, **given)(entry))
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", custom_objects=operations.custom_layers(keras))
    assert np.array_equal(again(x, training=False), model(x, training=False))


@pytest.mark.parametrize(("spec", "given"), [
    (augmentation.RANDOM_CROP, {"height": 3, "width": 4}), (operations.ONE_HOT, {"num_classes": 4}), (operations.CAST, {}),
    (operations.STOP_GRADIENT, {}), (operations.SLICE, {"axis": 1, "start": 1}), (operations.SLICE, {"axis": -2, "stop": -1})],
    ids=lambda part: part.name if isinstance(part, LayerSpec) else "")
def test_the_python_source_does_the_same(keras: ModuleType, spec: LayerSpec, given: dict[str, Any]) -> None:
    shape, dtype = ((5,), "int32") if spec is operations.ONE_HOT else ((8, 6, 1), "float32")
    x = np.random.default_rng(0).integers(0, 4, (2, *shape)).astype(dtype)
    assert spec.source is not None
    source = spec.source(checked(spec, given), "layer")
    written = eval(source, {"keras": keras})
    assert written.name == "layer"
    assert np.array_equal(written(x, training=False), build(keras, spec, **given)(x, training=False))


def test_the_source_of_stack_does_the_same(keras: ModuleType) -> None:
    assert operations.STACK.source is not None
    columns = [np.array([1.0, 2.0], "float32"), np.array([3.0, 4.0], "float32")]
    written = eval(operations.STACK.source({}, "layer"), {"keras": keras})
    assert np.array_equal(written(columns), build(keras, operations.STACK)(columns))
