"""What Keras itself says of a layer: its symbolic result, and real calls on tiny tensors in training and in inference."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graph_compiler.build.learnt import keeps, measure
from graph_compiler.specs.nodes import LayerSpec, Values
from graph_compiler.specs.tensors import Shape, Tensor

BATCH = 2
ROWS = 60
FREE = 13
"""Rows of a real call, and the size a free axis gets in it."""


@dataclass(frozen=True)
class Out:
    """One output of Keras: shape without batch, dtype, whether a mask comes with it."""

    shape: Shape
    dtype: str
    masked: bool

    @property
    def words(self) -> str:
        return f"{self.shape} {self.dtype}{' masked' if self.masked else ''}"


@dataclass(frozen=True)
class Answer:
    """Keras's full answer. `real` holds the outputs of the real calls by mode, `training` and `inference`."""

    symbolic: tuple[Out, ...]
    real: Mapping[str, tuple[Out, ...]]
    weights: int
    trainable: int


class KerasRefused(Exception):
    """Keras raised. `stage` is construct, symbolic, training (with its gradient), inference or constraints."""

    def __init__(self, stage: str, error: BaseException) -> None:
        super().__init__(f"{stage}: {type(error).__name__}: {str(error)[:300]}")
        self.stage = stage
        self.error = error


Inputs = Mapping[str, tuple[Tensor, ...]]


def ask(keras: Any, spec: LayerSpec, p: Values, inputs: Inputs) -> Answer:
    """Build the layer, call it symbolically and for real. KerasRefused when any step raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        layer = _try("construct", lambda: spec.build(keras, p, "layer"))
        symbols = {port: [_symbol(keras, x) for x in tensors] for port, tensors in inputs.items()}
        called = Called(spec, p, layer)
        symbolic = _try("symbolic", lambda: _outputs(keras, called(symbols)))
        if spec.adapts and keeps(layer):
            _try("adapt", lambda: measure(layer, learning(inputs["in"][0])))
        real = {mode: _try(mode, lambda training=training: _really(keras, called, inputs, training))
                for mode, training in (("training", True), ("inference", False))}
        _try("constraints", lambda: [v.constraint(v) for v in layer.trainable_variables if v.constraint is not None])
    return Answer(symbolic, real, layer.count_params(), sum(math.prod(v.shape) for v in layer.trainable_weights))


@dataclass(frozen=True)
class Called:
    """A layer that is called as the compiler calls it."""

    spec: LayerSpec
    p: Values
    layer: Any

    def __call__(self, tensors: Mapping[str, Sequence[Any]], **more: Any) -> Any:
        arguments, named = self.spec.call_arguments(self.p, tensors)
        return self.layer(*arguments, **named, **more)


def _try(stage: str, step: Any) -> Any:
    try:
        return step()
    except Exception as error:
        raise KerasRefused(stage, error) from error


def _symbol(keras: Any, x: Tensor) -> Any:
    tensor = keras.KerasTensor((None, *x.shape), dtype=x.dtype)
    if x.masked:
        tensor._keras_mask = keras.KerasTensor((None, *x.shape[:-1]), dtype="bool")
    return tensor


def _outputs(keras: Any, outputs: Any) -> tuple[Out, ...]:
    flat = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
    return tuple(Out(tuple(x.shape)[1:], keras.backend.standardize_dtype(x.dtype),
                     getattr(x, "_keras_mask", None) is not None) for x in flat)


def _really(keras: Any, called: Called, inputs: Inputs, training: bool) -> tuple[Out, ...]:
    """A real call; in training with one step of learning. Where an axis is free it is traced with that axis unknown, as the
    trainers do."""
    import tensorflow as tf

    tensors = [x for port in inputs.values() for x in port]
    found: list[tuple[Out, ...]] = []

    def call(*flat: Any) -> Any:
        rest = iter(flat)
        arrays = {port: [next(rest) for _ in xs] for port, xs in inputs.items()}
        if training:
            outputs, gradients = _learn(called, inputs, arrays)
        else:
            outputs, gradients = _call_masked(called, inputs, arrays, training=False), []
        found.append(_outputs(keras, outputs))
        return outputs, gradients

    arrays = [tf.constant(sample(x)) for x in tensors]
    if not any(None in x.shape for x in tensors):
        call(*arrays)
        return found[-1]
    signature = [tf.TensorSpec((None, *x.shape), x.dtype) for x in tensors]
    results, _ = tf.function(call, input_signature=signature, autograph=False)(*arrays)
    flat = results if isinstance(results, (list, tuple)) else [results]
    return tuple(Out(tuple(r.shape)[1:], out.dtype, out.masked) for r, out in zip(flat, found[-1], strict=True))


def _call_masked(layer: Called, inputs: Inputs, arrays: Mapping[str, Sequence[Any]], training: bool) -> Any:
    import tensorflow as tf

    for port, tensors in inputs.items():
        for x, array in zip(tensors, arrays[port], strict=True):
            if x.masked:
                array._keras_mask = tf.ones(tf.shape(array)[:-1], "bool")
    return layer(arrays, training=training)


def _learn(called: Called, inputs: Inputs, arrays: Mapping[str, Sequence[Any]]) -> tuple[Any, list[Any]]:
    """Outputs and gradients of one step of learning: penalties count, and the gradient reaches weights and inputs."""
    import tensorflow as tf

    floats = [a for port in arrays.values() for a in port if a.dtype.is_floating]
    with tf.GradientTape() as tape:
        tape.watch(floats)
        outputs = _call_masked(called, inputs, arrays, training=True)
        flat = outputs if isinstance(outputs, (list, tuple)) else [outputs]
        loss = sum((tf.reduce_sum(y) for y in flat if y.dtype.is_floating), start=tf.constant(0.0)) + sum(called.layer.losses)
    gradients = tape.gradient(loss, [*called.layer.trainable_variables, *floats])
    return outputs, [g for g in gradients if g is not None]


def learning(x: Tensor) -> np.ndarray:
    """Enough rows [ROWS, ...] for a layer to learn from."""
    one = sample(x)
    if x.dtype == "string":
        return np.resize(np.array(["a word", "another", "one more word"], dtype=object), (ROWS, *one.shape[1:]))
    return np.random.default_rng(1).uniform(0, 9, (ROWS, *one.shape[1:])).astype(x.dtype)


def sample(x: Tensor) -> np.ndarray:
    """A tiny array [BATCH, ...] of a tensor's shape and dtype; free axes get `FREE`."""
    shape = (BATCH, *(FREE if d is None else d for d in x.shape))
    if x.dtype == "string":
        return np.full(shape, "a word", dtype=object)
    numbers = np.random.default_rng(0).uniform(0, 2, shape)
    return numbers.astype(x.dtype)
