"""Whole numbers that stand for real ones: `real = scale x (whole - zero point)`, as TensorFlow Lite stores them."""

from __future__ import annotations

from typing import Any

import numpy as np


def to_bits(values: np.ndarray, detail: dict[str, Any]) -> np.ndarray:
    """Values as a tensor of LiteRT takes them; `detail` is its description."""
    scale, zero = detail["quantization"]
    dtype = np.dtype(detail["dtype"])
    if not scale or not np.issubdtype(values.dtype, np.floating) or not np.issubdtype(dtype, np.integer):
        return np.ascontiguousarray(values, dtype=dtype)
    limits = np.iinfo(dtype)
    return np.ascontiguousarray(np.clip(np.rint(values / scale) + zero, limits.min, limits.max).astype(dtype))


def from_bits(values: np.ndarray, detail: dict[str, Any]) -> np.ndarray:
    """What a tensor of LiteRT stands for."""
    scale, zero = detail["quantization"]
    if not scale or not np.issubdtype(values.dtype, np.integer):
        return values
    return np.asarray((values.astype(np.float32) - zero) * np.float32(scale), np.float32)
