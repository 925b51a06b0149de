"""Keras for the conformance tests, imported once and cleared after each module."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def keras_module() -> ModuleType:
    import keras

    keras.config.set_dtype_policy("float32")
    return keras


@pytest.fixture(scope="module")
def cleared_keras(keras_module: ModuleType) -> Iterator[ModuleType]:
    yield keras_module
    keras_module.backend.clear_session()


@pytest.fixture
def keras(cleared_keras: ModuleType) -> ModuleType:
    cleared_keras.utils.set_random_seed(1)
    return cleared_keras
