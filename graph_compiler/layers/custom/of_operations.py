"""The Keras layer classes of the operations.

Keras comes in as an argument: the window lists operations and must not import it. "Show as Python" prints these texts, so
each class stands by itself.
"""

from __future__ import annotations

from typing import Any


def _selecting(keras: Any) -> tuple[Any, ...]:
    class Stack(keras.layers.Layer):
        """Stacks tensors of one shape along a new last axis."""

        def call(self, inputs: Any) -> Any:
            return keras.ops.stack(inputs, axis=-1)

    class Slice(keras.layers.Layer):
        """Takes `start:stop:step` of one axis; axis 0 is the batch."""

        def __init__(self, axis: int = -1, start: int = 0, stop: int | None = None, step: int = 1, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.axis, self.start, self.stop, self.step = axis, start, stop, step

        def call(self, inputs: Any) -> Any:
            index = [slice(None)] * len(inputs.shape)
            index[self.axis] = slice(self.start, self.stop, self.step)
            return inputs[tuple(index)]

    class Gather(keras.layers.Layer):
        """Takes the places of one axis that the indices name, sample by sample."""

        def __init__(self, axis: int = 1, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.axis = axis

        def call(self, inputs: Any, indices: Any) -> Any:
            import tensorflow as tf

            place, count = self.axis % len(inputs.shape), len(indices.shape) - 1
            taken = tf.gather(keras.ops.moveaxis(inputs, place, 1), indices, axis=1, batch_dims=1)
            return keras.ops.moveaxis(taken, tuple(range(1, 1 + count)), tuple(range(place, place + count)))

    class ArgMax(keras.layers.Layer):
        """The place of the largest number along an axis, as int32."""

        def __init__(self, axis: int = -1, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.axis = axis

        def call(self, inputs: Any) -> Any:
            import tensorflow as tf  # keras.ops.argmax makes an operation that cannot be exported

            return tf.argmax(inputs, axis=self.axis, output_type="int32")

    return Stack, Slice, Gather, ArgMax


def _counting(keras: Any) -> tuple[Any, ...]:
    class Arithmetic(keras.layers.Layer):
        """One operation of `keras.ops` between every number and a constant."""

        def __init__(self, operation: str = "add", value: float = 1.0, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.operation, self.value = operation, value
            self.supports_masking = True

        def call(self, inputs: Any) -> Any:
            return getattr(keras.ops, self.operation)(inputs, self.value)

    class Function(keras.layers.Layer):
        """One function of `keras.ops` on every number."""

        def __init__(self, function: str = "abs", **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.function = function
            self.supports_masking = True

        def call(self, inputs: Any) -> Any:
            return getattr(keras.ops, self.function)(inputs)

    class Clip(keras.layers.Layer):
        """Brings numbers outside a range to its nearer end."""

        def __init__(self, minimum: float = 0.0, maximum: float = 1.0, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.minimum, self.maximum = minimum, maximum
            self.supports_masking = True

        def call(self, inputs: Any) -> Any:
            return keras.ops.clip(inputs, self.minimum, self.maximum)

    class AbsoluteDifference(keras.layers.Subtract):
        """How far two tensors lie apart, number by number."""

        def call(self, inputs: Any) -> Any:
            return keras.ops.abs(super().call(inputs))

    class Reduce(keras.layers.Layer):
        """The mean, sum or largest number along axes; none means all but the batch."""

        def __init__(self, function: str, axis: Any = -1, keepdims: bool = False, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.function, self.axis, self.keepdims = function, axis, keepdims

        def call(self, inputs: Any) -> Any:
            axes = tuple(range(1, len(inputs.shape))) if self.axis is None else self.axis
            return getattr(keras.ops, self.function)(inputs, axis=axes, keepdims=self.keepdims)

    return Arithmetic, Function, Clip, AbsoluteDifference, Reduce


def _multiplying(keras: Any) -> tuple[Any, ...]:
    class MatMul(keras.layers.Layer):
        """The product of matrices, sample by sample."""

        def __init__(self, transpose_a: bool = False, transpose_b: bool = False, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.transpose_a, self.transpose_b = transpose_a, transpose_b

        def call(self, a: Any, b: Any) -> Any:
            a = keras.ops.swapaxes(a, -1, -2) if self.transpose_a else a
            b = keras.ops.swapaxes(b, -1, -2) if self.transpose_b else b
            return keras.ops.matmul(a, b)

    class Transpose(keras.layers.Layer):
        """Changes the order of the axes, the batch left in front; without an order the last two trade places."""

        def __init__(self, order: Any = None, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.order = order

        def call(self, inputs: Any) -> Any:
            if self.order is None:
                return keras.ops.swapaxes(inputs, -1, -2)
            return keras.ops.transpose(inputs, (0, *self.order))

    return MatMul, Transpose


def _placing(keras: Any) -> tuple[Any, ...]:
    class Shift(keras.layers.Layer):
        """Moves a sequence one step back and puts a start token in front."""

        def __init__(self, start: int = 1, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.start = start

        def call(self, inputs: Any) -> Any:
            front = [(0, 0), (1, 0)] + [(0, 0)] * (len(inputs.shape) - 2)
            return keras.ops.pad(inputs[:, :-1], front, constant_values=self.start)

    class PositionalEncoding(keras.layers.Layer):
        """Adds sines and cosines of the position (Vaswani and others, 2017)."""

        def __init__(self, max_wavelength: float = 10000.0, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.max_wavelength = max_wavelength
            self.supports_masking = True

        def call(self, inputs: Any) -> Any:
            ops = keras.ops
            steps, size = ops.shape(inputs)[1], inputs.shape[2]
            places = ops.arange(size)
            waves = ops.power(1 / self.max_wavelength, ops.cast(places // 2 * 2, "float32") / size)
            angles = ops.expand_dims(ops.cast(ops.arange(steps), "float32"), 1) * waves
            table = ops.where(places % 2 == 0, ops.sin(angles), ops.cos(angles))
            return inputs + ops.cast(table, inputs.dtype)

    class PositionEmbedding(keras.layers.Layer):
        """Adds a learnt vector for each position."""

        def __init__(self, max_length: int = 100, initializer: Any = "RandomUniform", **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.max_length, self.initializer = max_length, keras.initializers.get(initializer)
            self.supports_masking = True

        def build(self, input_shape: Any) -> None:
            shape = (self.max_length, input_shape[-1])
            self.embeddings = self.add_weight(shape, self.initializer, name="embeddings")

        def call(self, inputs: Any) -> Any:
            return inputs + self.embeddings[:inputs.shape[1]]

        def get_config(self) -> Any:
            own = {"max_length": self.max_length, "initializer": keras.initializers.serialize(self.initializer)}
            return {**super().get_config(), **own}

    return Shift, PositionalEncoding, PositionEmbedding


def _learning(keras: Any) -> tuple[Any, ...]:
    class Sampling(keras.layers.Layer):
        """Draws around a mean in training: mean + exp(logvar / 2) * noise. Outside training it is the mean."""

        def __init__(self, seed: int | None = None, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.seed, self.seed_generator = seed, keras.random.SeedGenerator(seed)
            self.supports_masking = True

        def call(self, mean: Any, logvar: Any, training: bool = False) -> Any:
            if not training:
                return mean
            noise = keras.random.normal(keras.ops.shape(mean), dtype=mean.dtype, seed=self.seed_generator)
            return mean + keras.ops.exp(logvar / 2) * noise

    class StopGradient(keras.layers.Layer):
        """Passes values on and holds gradients back."""

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.supports_masking = True

        def call(self, inputs: Any) -> Any:
            return keras.ops.stop_gradient(inputs)

    return Sampling, StopGradient


MAKERS = (_selecting, _counting, _multiplying, _placing, _learning)
