"""Picture files as arrays, read by TensorFlow: the decoder of the worker."""

from __future__ import annotations

import numpy as np


def decode_picture(raw: bytes) -> np.ndarray:
    """Pixels uint8 [h, w, channels] of a PNG, JPEG, BMP or GIF (its first frame). ValueError when it is none of them."""
    import tensorflow as tf

    try:
        return np.asarray(tf.io.decode_image(raw, expand_animations=False).numpy())
    except tf.errors.InvalidArgumentError:
        raise ValueError("not a picture") from None
