"""Pickles that hold numpy arrays: what CIFAR's files are, and lists inside .npz files. Imported where such a file is read."""

from __future__ import annotations

from pickle import Unpickler, UnpicklingError
from typing import Any

import numpy as np
from numpy._core.multiarray import _reconstruct as reconstruct

__all__ = ["ArraysOnly", "UnpicklingError"]


class ArraysOnly(Unpickler):
    """Unpickles numpy arrays and plain values, nothing else: pickles can run code."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("_codecs", "encode"):
            return _bytes_of  # how Python 3 writes the bytes of an array for Python 2
        allowed = {"_reconstruct": reconstruct, "ndarray": np.ndarray, "dtype": np.dtype}
        if module.partition(".")[0] != "numpy" or name not in allowed:
            raise UnpicklingError(f"{module}.{name} does not belong into a data file")
        return allowed[name]


def _bytes_of(text: str, codec: str) -> bytes:
    return text.encode("latin-1")
