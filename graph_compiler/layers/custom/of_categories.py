"""The Keras layer classes that mend layers for categories. Each stands by itself: "Show as Python" prints it."""

from __future__ import annotations

from typing import Any


def _encoding(keras: Any) -> tuple[Any, ...]:
    class CategoryEncoding(keras.layers.CategoryEncoding):
        """Keras's layer, with several categories at once encoded in operations that every runtime has."""

        def call(self, inputs: Any, count_weights: Any = None) -> Any:
            if self.output_mode == "one_hot":
                return super().call(inputs, count_weights)
            places = keras.ops.one_hot(keras.ops.cast(inputs, "int32"), self.num_tokens, dtype=self.compute_dtype)
            return keras.ops.max(places, axis=-2) if self.output_mode == "multi_hot" else keras.ops.sum(places, axis=-2)

    class Discretization(keras.layers.Discretization):
        """Keras's layer, with several bins at once encoded in operations that every runtime has."""

        def call(self, inputs: Any) -> Any:
            if self.output_mode in ("int", "one_hot"):
                return super().call(inputs)
            bins = keras.ops.digitize(inputs, self.bin_boundaries)
            places = keras.ops.one_hot(bins, len(self.bin_boundaries) + 1, dtype=self.compute_dtype)
            return keras.ops.max(places, axis=-2) if self.output_mode == "multi_hot" else keras.ops.sum(places, axis=-2)

    return CategoryEncoding, Discretization


def _hashing(keras: Any) -> tuple[Any, ...]:
    class Hashing(keras.layers.Hashing):
        """Keras's layer, which announces another shape than it returns where each value gets places of its own."""

        def compute_output_spec(self, inputs: Any) -> Any:
            shape = tuple(inputs.shape)
            if self.output_mode == "one_hot":
                shape = (*(shape[:-1] if len(shape) > 1 and shape[-1] == 1 else shape), self.num_bins)
            elif self.output_mode != "int":
                shape = (*shape[:-1], self.num_bins)
            return keras.KerasTensor(shape, dtype=self.dtype)

    return (Hashing,)


MAKERS = (_encoding, _hashing)
