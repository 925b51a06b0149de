"""The Keras side of preprocessing layers that are not one Keras class: what they compute, and that a saved file opens again."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from graph_compiler.layers.augmentation.moving import RANDOM_CROP
from tests.helpers.parameters import checked


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    return import_module("keras")


def test_random_crop_takes_the_middle_outside_training(keras: ModuleType) -> None:
    layer = RANDOM_CROP.build(keras, checked(RANDOM_CROP, {"height": 4, "width": 2}), "layer")
    x = np.arange(2 * 8 * 6, dtype="float32").reshape(2, 8, 6, 1)
    assert np.array_equal(layer(x, training=False), x[:, 2:6, 2:4])
    corners = {float(np.asarray(layer(x, training=True))[0, 0, 0, 0]) for _ in range(20)}
    assert len(corners) > 1 and layer.name == "layer"


def test_random_crop_is_saved_and_written_as_it_is(keras: ModuleType, tmp_path: Path) -> None:
    p = checked(RANDOM_CROP, {"height": 3, "width": 4, "seed": 5})
    x = np.random.default_rng(0).random((2, 8, 6, 1)).astype("float32")
    entry = keras.Input((8, 6, 1))
    model = keras.Model(entry, RANDOM_CROP.build(keras, p, "layer")(entry))
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert RANDOM_CROP.source is not None
    written = eval(RANDOM_CROP.source(p, "layer"), {"keras": keras})
    assert written.name == "layer"
    for other in (again, written):
        assert np.array_equal(other(x, training=False), model(x, training=False))
