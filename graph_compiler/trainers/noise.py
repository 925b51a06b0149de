"""Noise for training and for looking: drawn anew each step from the run's seed, or one fixed table of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def drawn(p: Mapping[str, Any], rows: Any, seed: Any) -> Any:
    """Noise [rows, dim] of a Noise node inside a TensorFlow graph; the same for the same `seed` int32 [2]."""
    import tensorflow as tf

    shape = tf.stack([rows, p["dim"]])
    if p["distribution"] == "uniform":
        return tf.random.stateless_uniform(shape, seed, -1.0, 1.0)
    return tf.random.stateless_normal(shape, seed)


def table(p: Mapping[str, Any], rows: int, seed: int) -> np.ndarray:
    """Fixed noise float32 [rows, dim] of a Noise node: what is measured and shown with it stays comparable."""
    generator = np.random.default_rng((seed, p["dim"]))
    if p["distribution"] == "uniform":
        return generator.uniform(-1.0, 1.0, (rows, p["dim"])).astype(np.float32)
    return generator.standard_normal((rows, p["dim"])).astype(np.float32)
