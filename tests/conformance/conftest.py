"""Keras for the conformance tests, imported once."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def keras_module() -> ModuleType:
    import keras

    keras.config.set_dtype_policy("float32")
    return keras


@pytest.fixture
def keras(keras_module: ModuleType) -> Iterator[ModuleType]:
    keras_module.utils.set_random_seed(1)
    yield keras_module
    keras_module.backend.clear_session()
