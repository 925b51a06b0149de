"""Functions of Keras and TensorFlow that are other ones while a model is traced for a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def in_place(owner: Any, name: str, make: Callable[[Any], Any]) -> Iterator[None]:
    """Inside, a function is another one, made of the original."""
    original = getattr(owner, name)
    setattr(owner, name, make(original))
    try:
        yield
    finally:
        setattr(owner, name, original)
