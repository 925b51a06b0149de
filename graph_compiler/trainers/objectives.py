"""Losses of a plan as Keras objects, and what they make of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from graph_compiler.analysis.goals import End, ObjectivePlan
from graph_compiler.layers.loss_meeting import ALIGNED, NUMBERED, OVERLAP


class Compared:
    """One Loss at work: its target shaped as the prediction asks for it, positions without meaning left out."""

    def __init__(self, plan: ObjectivePlan, class_weights: np.ndarray | None = None) -> None:
        import keras

        self.plan, self.class_weights = plan, class_weights
        self.loss = getattr(keras.losses, plan.resolved.loss)(**plan.resolved.arguments)
        self._lacks_axis = _lacks_axis(plan)
        column = plan.target_tensor.column
        aligned = plan.resolved.loss in ALIGNED  # its target says nothing of the steps it is read from
        self._padded = column is not None and column.kind == "tokens" and plan.target_tensor.is_integer and not aligned

    def pair(self, values: Mapping[End, Any], columns: Mapping[End, Any]) -> tuple[Any, Any, Any]:
        """Prediction, target and the mask of positions that count (None: all). No gradient goes through the target."""
        import tensorflow as tf

        prediction = values[self.plan.prediction]
        given = columns.get(self.plan.target)
        target = tf.stop_gradient(values[self.plan.target]) if given is None else given
        mask = getattr(prediction, "_keras_mask", None)
        if mask is None and self._padded:
            mask = tf.not_equal(target, 0)
        return prediction, tf.expand_dims(target, -1) if self._lacks_axis else target, mask

    def value(self, prediction: Any, target: Any, mask: Any, weighted: bool) -> Any:
        """The loss of a batch, a scalar, its weight left out. `weighted` puts class weights on the rows."""
        if mask is not None:
            if self.plan.resolved.loss in ALIGNED:
                return _ctc(prediction, target, mask)
            if self.plan.resolved.loss in OVERLAP:
                return self.loss(_emptied(target, mask, prediction.dtype), _emptied(prediction, mask, prediction.dtype))
            prediction._keras_mask = mask
        return self.loss(target, prediction, sample_weight=self._row_weights(target) if weighted else None)

    def _row_weights(self, target: Any) -> Any:
        import tensorflow as tf

        if self.class_weights is None:
            return None
        if target.dtype.is_integer:
            return tf.gather(tf.constant(self.class_weights), target[..., 0] if self._lacks_axis else target)
        return tf.linalg.matvec(tf.cast(target, tf.float32), tf.constant(self.class_weights))


def _lacks_axis(plan: ObjectivePlan) -> bool:
    """Whether the target is one number where the prediction is a list of one."""
    prediction, target = plan.prediction_tensor, plan.target_tensor
    one_more = prediction.rank == target.rank + 1 and prediction.shape[-1] == 1
    return one_more and plan.resolved.loss not in (*NUMBERED, *ALIGNED)


def _ctc(scores: Any, labels: Any, mask: Any) -> Any:
    """Keras's CTC over the steps that the mask counts (they come first): mean over the rows."""
    import keras
    import tensorflow as tf

    lengths = (tf.reduce_sum(tf.cast(here, tf.int32), axis=-1) for here in (tf.not_equal(labels, 0), mask))
    return tf.reduce_mean(keras.ops.ctc_loss(labels, tf.cast(scores, tf.float32), *lengths, mask_index=0))


def _emptied(values: Any, mask: Any, dtype: Any) -> Any:
    """The values with 0 wherever the mask does not count: there nothing overlaps and nothing is missed."""
    import tensorflow as tf

    counts = tf.cast(mask, dtype)
    while counts.shape.rank < values.shape.rank:
        counts = tf.expand_dims(counts, -1)
    return tf.cast(values, dtype) * counts
