"""The inference graph with every variable and every captured constant folded in: what both converters read.

Without this, converters write files that lack weights or ask for constants as inputs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from graph_compiler.exporters.in_place import in_place
from graph_compiler.exporters.part import Part, as_list
from graph_compiler.exporters.recurrent import on_any_device


@contextmanager
def _without_xla(tf: Any) -> Iterator[None]:
    """Grouped convolutions trace as jit-compiled calls, which neither converter can read."""
    def make(original: Any) -> Any:
        def plain(*args: Any, jit_compile: Any = None, **kwargs: Any) -> Any:
            return original(*args, **kwargs)
        return plain

    with in_place(tf, "function", make):
        yield


@contextmanager
def _without_draws() -> Iterator[None]:
    """Some random layers of Keras 3.15.1 draw outside training too and do nothing with it; the draw cannot be frozen."""
    import keras

    def still(self: Any, ordered: bool = True) -> Any:
        return self.state.value

    with in_place(keras.random.SeedGenerator, "next", lambda _: still):
        yield


@contextmanager
def _means_axis_by_axis() -> Iterator[None]:
    """Global averages leave as one mean an axis: fewer numbers meet in one float32 sum, so fewer digits are lost.

    LiteRT's MEAN and the global pooling of ONNX Runtime add up all places of a channel one after the other; over 28×28 that
    costs more digits than all the rest of a small network. Axis by axis they come as near to float64 as Keras does.
    """
    import keras

    def call(self: Any, inputs: Any) -> Any:
        first = 1 if self.data_format == "channels_last" else 2
        for axis in reversed(range(first, first + len(inputs.shape) - 2)):
            inputs = keras.ops.mean(inputs, axis=axis, keepdims=self.keepdims)
        return inputs

    with in_place(keras.layers.GlobalAveragePooling2D, "call", lambda _: call), \
            in_place(keras.layers.GlobalAveragePooling3D, "call", lambda _: call):
        yield


@contextmanager
def _known_shapes() -> Iterator[None]:
    """Reshape and Flatten leave with the shape they make and a free first axis, where Keras asks how many samples there are.

    To ask takes three operations, and processors that want to know every shape beforehand stop there.
    """
    import keras

    def make(original: Any) -> Any:
        def call(self: Any, inputs: Any) -> Any:
            shape = self.compute_output_shape(inputs.shape)[1:]
            turned = getattr(self, "data_format", "channels_last") == "channels_first"
            if turned or not all(shape):
                return original(self, inputs)
            return keras.ops.reshape(inputs, (-1, *shape))
        return call

    with in_place(keras.layers.Reshape, "call", make), in_place(keras.layers.Flatten, "call", make):
        yield


def signature(part: Part, batch: int | None) -> list[Any]:
    """One TensorSpec an input, named, with this batch size (None leaves it free)."""
    import tensorflow as tf

    return [tf.TensorSpec([batch, *tensor.shape[1:]], tensor.dtype, name=name)
            for tensor, name in zip(part.model.inputs, part.input_names, strict=True)]


def freeze(part: Part, batch: int | None, exact: bool = True) -> Any:
    """A concrete function without variables: flat inputs and flat outputs in the part's order.

    Unless `exact`, global averages stay one operation: where weights have fewer bits, the last digits of a sum are no matter.
    """
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    def run(*tensors: Any) -> Any:
        out = part.model(list(tensors) if len(tensors) > 1 else tensors[0], training=False)
        return tuple(tf.identity(y) for y in as_list(out))

    means = _means_axis_by_axis() if exact else nullcontext()
    with _without_xla(tf), _without_draws(), means, _known_shapes(), on_any_device(part.model):
        traced = tf.function(run, input_signature=signature(part, batch), autograph=False).get_concrete_function()
    return convert_variables_to_constants_v2(traced, lower_control_flow=False, aggressive_inlining=True)
