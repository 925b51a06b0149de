"""Metrics that Keras does not have, as Keras metrics."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any

from graph_compiler.layers.custom.registry import written_class


def metric_class(kind: str) -> Any:
    """The class of a metric: Keras's, or one of ours."""
    import keras

    return getattr(keras.metrics, kind, None) or _own()[kind]


def metric_text(kind: str) -> str:
    """The Python text of one of our classes, as a script has it."""
    nodes = ast.walk(ast.parse(Path(__file__).read_text(encoding="utf-8")))
    return written_class(next(node for node in nodes if isinstance(node, ast.ClassDef) and node.name == kind))


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

    @keras.saving.register_keras_serializable(package="Netloom")
    class LabelErrorRate(keras.metrics.Metric):  # type: ignore[misc]
        """Mistakes a label when the likeliest labels of a series are read (CTC, 0 is the blank and the padding).

        Mistakes are insertions, deletions and swaps, the fewest that lead to the true labels.
        """

        def __init__(self, name: str = "label_error_rate", **rest: Any) -> None:
            super().__init__(name=name, **rest)
            self.mistakes = self.add_variable((), "zeros", name="mistakes")
            self.labels = self.add_variable((), "zeros", name="labels")

        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
            ops = keras.ops
            true = ops.cast(y_true, "int32")
            self.mistakes.assign_add(ops.sum(_mistakes(true, y_pred, sample_weight)))
            self.labels.assign_add(ops.cast(ops.sum(ops.cast(true != 0, "int32")), "float32"))

        def result(self) -> Any:
            return self.mistakes / keras.ops.maximum(self.labels, 1.0)

    return {"MeanPSNR": MeanPSNR, "LabelErrorRate": LabelErrorRate}


def _mistakes(true: Any, scores: Any, counts: Any) -> Any:
    """Edit distance float32 [rows] of the greedy reading of `scores` [rows, steps, labels] to `true` [rows, length].

    One pass over the steps keeps the distances to every beginning of the true labels (Wagner and Fischer 1974). `counts` is 0
    at steps that are padding (None: none is).
    """
    import tensorflow as tf

    said = tf.argmax(scores, axis=-1, output_type=tf.int32)
    before = tf.pad(said, [[0, 0], [1, 0]])[:, :-1]
    heard = tf.logical_and(said != 0, said != before)
    if counts is not None:
        heard = tf.logical_and(heard, tf.cast(counts, tf.bool))
    length = tf.shape(true)[1]
    at = tf.range(length + 1, dtype=tf.float32)
    apart = at[:, None] - at[None, :]
    cost = tf.where(apart >= 0, apart, tf.float32.max)

    def step(distance: Any, here: Any) -> Any:
        label, is_heard = here
        swapped = distance[:, :-1] + tf.cast(label[:, None] != true, tf.float32)
        least = tf.concat([distance[:, :1] + 1, tf.minimum(distance[:, 1:] + 1, swapped)], axis=1)
        inserted = tf.reduce_min(least[:, None, :] + cost, axis=2)
        return tf.where(is_heard[:, None], inserted, distance)

    start = tf.tile(at[None], [tf.shape(true)[0], 1])
    last = tf.foldl(step, (tf.transpose(said), tf.transpose(heard)), start)
    lengths = tf.reduce_sum(tf.cast(true != 0, tf.int32), axis=1)
    return tf.gather(last, lengths, batch_dims=1)
