"""The Keras layer classes that take a mask off a tensor as numbers and put it back: a file has no masks between its parts."""

from __future__ import annotations

from typing import Any


def _masks(keras: Any) -> tuple[Any, ...]:
    class MaskOf(keras.layers.Layer):
        """[batch, T, ...] with a mask -> its mask, float32 [batch, T]; ones without one."""

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.supports_masking = True

        def call(self, inputs: Any, mask: Any = None) -> Any:
            return keras.ops.ones_like(inputs[..., 0]) if mask is None else keras.ops.cast(mask, "float32")

        def compute_mask(self, inputs: Any, previous_mask: Any = None) -> None:
            return None

        def compute_output_shape(self, input_shape: Any) -> Any:
            return tuple(input_shape[:2])

    class WithMask(keras.layers.Layer):
        """A tensor and a mask float32 [batch, T] -> the tensor, which carries the mask."""

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.supports_masking = True

        def call(self, inputs: Any) -> Any:
            return inputs[0] * keras.ops.ones_like(inputs[0])

        def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
            return keras.ops.greater(inputs[1], 0.5)

        def compute_output_shape(self, input_shape: Any) -> Any:
            return input_shape[0]

    return MaskOf, WithMask


MAKERS = (_masks,)
