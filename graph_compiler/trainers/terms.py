"""Objectives without a target, as numbers: what each of them makes of the tensors it reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graph_compiler.analysis.goals import TermPlan


def term_value(plan: TermPlan, tensors: Mapping[str, Any]) -> Any:
    """The value of a term, a scalar, its weight left out. `tensors` are [batch, ...] by port."""
    return TERMS[plan.kind](plan.values, tensors)


def _gaussian_kl(p: Mapping[str, Any], tensors: Mapping[str, Any]) -> Any:
    """KL(N(mean, exp(logvar)) || N(0, 1)), summed over the latent axes, mean over the batch (Kingma and Welling 2013)."""
    import tensorflow as tf

    mean, logvar = (tf.cast(tensors[port], tf.float32) for port in ("mean", "logvar"))
    each = -0.5 * (1.0 + logvar - tf.square(mean) - tf.exp(logvar))
    return _sum_then_mean(each)


def _penalty(p: Mapping[str, Any], tensors: Mapping[str, Any]) -> Any:
    import tensorflow as tf

    x = tf.cast(tensors["in"], tf.float32)
    return _sum_then_mean(tf.abs(x) if p["norm"] == "L1" else tf.square(x))


def _sum_then_mean(x: Any) -> Any:
    import tensorflow as tf

    return tf.reduce_mean(tf.reduce_sum(x, axis=list(range(1, x.shape.rank))) if x.shape.rank > 1 else x)


TERMS: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Any]] = {"GaussianKL": _gaussian_kl, "Penalty": _penalty}
