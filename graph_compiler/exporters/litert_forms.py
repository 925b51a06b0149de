"""What TensorFlow Lite has no operation for, traced in the operations it has: exact, and without a word to the user.

Volumes are pooled as pictures, slopes of more than four axes as lists. Where numbers are whole, normalisations keep a scale for
each channel and means one for each axis, masked series forget nothing, and categories find their places by distance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from math import prod
from typing import Any

from graph_compiler.exporters.channelwise import channel_by_channel
from graph_compiler.exporters.in_place import in_place
from graph_compiler.exporters.masked_steps import masked_steps

_MOST_AXES = 4
"""Axes of a tensor, the batch included, that the kernel of learnt slopes takes."""


@contextmanager
def litert_forms(model: Any, bits: int = 0) -> Iterator[None]:
    """Inside, a model is traced in these forms; `bits` of the whole numbers a file computes with, 0 where it has others."""
    with ExitStack() as stack:
        stack.enter_context(_volumes_as_pictures())
        stack.enter_context(_slopes_as_lists())
        if bits:
            stack.enter_context(channel_by_channel(model))
            stack.enter_context(masked_steps())
        if bits == 8:
            stack.enter_context(_means_as_products())
            stack.enter_context(_places_by_distance())
        yield


# Volumes.


@contextmanager
def _volumes_as_pictures() -> Iterator[None]:
    """A volume is pooled plane by plane, then across the planes: the largest of largest ones, the mean of means."""
    import tensorflow as tf

    def max_pool(original: Any) -> Any:
        def pool(x: Any, size: Any, strides: Any, padding: Any, data_format: Any = "NHWC", name: Any = None) -> Any:
            if data_format != "NDHWC":
                return original(x, size, strides, padding, data_format, name)
            return _volume(tf, tf.nn.max_pool2d, x, size, strides, padding)
        return pool

    def avg_pool(original: Any) -> Any:
        def pool(x: Any, size: Any, strides: Any, padding: Any, data_format: Any = None, name: Any = None) -> Any:
            if data_format != "NDHWC":
                return original(x, size, strides, padding, data_format, name)
            return _volume(tf, tf.nn.avg_pool2d, x, size, strides, padding)
        return pool

    def any_pool(original: Any) -> Any:
        def pool(x: Any, window_shape: Any, pooling_type: str, strides: Any = None, padding: str = "VALID",
                 data_format: Any = None, dilations: Any = None, name: Any = None) -> Any:
            if data_format != "NDHWC" or dilations is not None:
                return original(x, window_shape, pooling_type, strides, padding, data_format, dilations, name)
            flat = tf.nn.max_pool2d if pooling_type == "MAX" else tf.nn.avg_pool2d
            return _volume(tf, flat, x, window_shape, strides, padding)
        return pool

    with in_place(tf.nn, "max_pool", max_pool), in_place(tf.nn, "avg_pool", avg_pool), in_place(tf.nn, "pool", any_pool):
        yield


def _volume(tf: Any, flat: Any, x: Any, size: Sequence[int], strides: Sequence[int] | int | None, padding: str) -> Any:
    """[rows, depth, height, width, channels] pooled by two pools of pictures; a padded border counts in neither."""
    sizes = tuple(size)
    steps = (strides,) * 3 if isinstance(strides, int) else tuple(strides or sizes)
    _, depth, height, width, channels = _sizes(tf, x)
    if (sizes[1:], steps[1:]) != ((1, 1), (1, 1)):
        planes = flat(tf.reshape(x, (-1, height, width, channels)), sizes[1:], steps[1:], padding)
        _, height, width, channels = _sizes(tf, planes)
        x = tf.reshape(planes, (-1, depth, height, width, channels))
    if (sizes[0], steps[0]) != (1, 1):
        across = flat(tf.reshape(x, (-1, depth, height * width, channels)), (sizes[0], 1), (steps[0], 1), padding)
        x = tf.reshape(across, (-1, _sizes(tf, across)[1], height, width, channels))
    return x


def _sizes(tf: Any, x: Any) -> list[Any]:
    """The size of each axis: a number where it is known."""
    return [tf.shape(x)[axis] if known is None else known for axis, known in enumerate(x.shape.as_list())]


@contextmanager
def _means_as_products() -> Iterator[None]:
    """A mean of patches to a chosen size is a product with a matrix for each axis; its result has a scale of its own.

    LiteRT's average has one scale for what it reads and what it gives. Means along one axis after the other shrink, and in the
    scale of the last ones the numbers before are cut off.
    """
    import keras

    def make(original: Any) -> Any:
        def pool(inputs: Any, output_size: Any, data_format: Any = None) -> Any:
            if data_format != "channels_last":
                return original(inputs, output_size, data_format)
            for axis, places in enumerate(output_size, 1):
                inputs = _shared_out(inputs, axis, places, original)
            return inputs
        return pool

    with in_place(keras.src.ops, "adaptive_average_pool", make):
        yield


def _shared_out(x: Any, axis: int, places: int, pool: Any) -> Any:
    """The same with `places` along an axis. What share of each it takes Keras says, by what it makes of ones on a diagonal."""
    import tensorflow as tf
    from keras import ops

    if x.shape[axis] == places:
        return x
    with tf.init_scope():
        shares = pool(ops.expand_dims(ops.eye(x.shape[axis]), 0), (places,), "channels_last")[0]
    last = len(x.shape) - 1
    turned = ops.matmul(ops.swapaxes(x, axis, last), ops.transpose(shares))
    return ops.swapaxes(turned, axis, last)


# Learnt slopes.


@contextmanager
def _slopes_as_lists() -> Iterator[None]:
    """A PReLU over more axes than the kernel takes works on all places as one list."""
    import keras

    def make(original: Any) -> Any:
        def call(self: Any, inputs: Any) -> Any:
            shape = tuple(inputs.shape[1:])
            rest = 1 + max((axis for axis, size in enumerate(shape) if size is None), default=-1)
            if len(inputs.shape) <= _MOST_AXES or any(size != 1 for size in self.alpha.shape[:rest]):
                return original(self, inputs)
            ops, places = keras.ops, prod(shape[rest:])
            x = ops.reshape(inputs, (-1, places))
            slopes = ops.reshape(ops.broadcast_to(self.alpha, (*(1 for _ in shape[:rest]), *shape[rest:])), (places,))
            return ops.reshape(ops.relu(x) - slopes * ops.relu(-x), ops.shape(inputs))
        return call

    with in_place(keras.layers.PReLU, "call", make):
        yield


# Categories.


@contextmanager
def _places_by_distance() -> Iterator[None]:
    """A place is 1 where it is no distance from the category. The operation itself writes 0.5 for 0 in 8 bits."""
    import tensorflow as tf

    def make(original: Any) -> Any:
        def one_hot(indices: Any, depth: Any, on_value: Any = None, off_value: Any = None, axis: Any = None, dtype: Any = None,
                    name: Any = None) -> Any:
            if on_value is not None or off_value is not None or axis not in (None, -1):
                return original(indices, depth, on_value, off_value, axis, dtype, name)
            off = tf.abs(tf.expand_dims(tf.cast(indices, tf.int32), -1) - tf.range(depth, dtype=tf.int32))
            return tf.cast(1 - tf.minimum(off, 1), dtype or tf.float32)  # two equal numbers would be read as the operation
        return one_hot

    with in_place(tf, "one_hot", make):
        yield
