"""Metrics that Keras does not have, as Keras metrics."""

from __future__ import annotations

from functools import cache
from typing import Any


def metric_class(kind: str) -> Any:
    """The class of a metric: Keras's, or one of ours."""
    import keras

    return getattr(keras.metrics, kind, None) or _own()[kind]


@cache
def _own() -> dict[str, Any]:
    import keras

    @keras.saving.register_keras_serializable(package="Netloom")
    class MeanPSNR(keras.metrics.Mean):  # type: ignore[misc]
        """Peak signal-to-noise ratio of samples from 0 to 1, in dB; the mean over samples. Equal samples count 100 dB."""

        def __init__(self, name: str = "psnr", **rest: Any) -> None:
            super().__init__(name=name, **rest)

        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
            ops = keras.ops
            true, made = (ops.cast(y, "float32") for y in (y_true, y_pred))
            squares = ops.square(ops.reshape(true, ops.shape(made)) - made)
            error = ops.mean(squares, axis=tuple(range(1, len(made.shape))))
            super().update_state(-10.0 * ops.log10(ops.maximum(error, 1e-10)), sample_weight)

    return {"MeanPSNR": MeanPSNR}
