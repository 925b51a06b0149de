"""The arithmetic of a contest: what the discriminator and what the generator minimise, and the gradient penalty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graph_compiler.analysis.goals import ContestPlan, End


def discriminator_loss(plan: ContestPlan, real: Any, fake: Any) -> Any:
    """What the discriminator minimises, a scalar; `real` and `fake` are its scores [batch, ...].

    Goodfellow et al. 2014, Mao et al. 2017 (least squares), Lim and Ye 2017 (hinge), Arjovsky et al. 2017 (Wasserstein).
    """
    import tensorflow as tf

    kind, truth = plan.values["loss"], 1.0 - plan.values["label_smoothing"]
    if kind == "non_saturating":
        return _crossentropy(real, truth, plan.logits) + _crossentropy(fake, 0.0, plan.logits)
    if kind == "least_squares":
        return tf.reduce_mean(tf.square(real - truth)) + tf.reduce_mean(tf.square(fake))
    if kind == "hinge":
        return tf.reduce_mean(tf.nn.relu(truth - real)) + tf.reduce_mean(tf.nn.relu(1.0 + fake))
    return tf.reduce_mean(fake) - tf.reduce_mean(real)


def generator_loss(plan: ContestPlan, fake: Any) -> Any:
    """What everything before the fake side minimises, a scalar."""
    import tensorflow as tf

    kind = plan.values["loss"]
    if kind == "non_saturating":
        return _crossentropy(fake, 1.0, plan.logits)
    if kind == "least_squares":
        return tf.reduce_mean(tf.square(fake - 1.0))
    return -tf.reduce_mean(fake)


def _crossentropy(scores: Any, label: float, logits: bool) -> Any:
    import tensorflow as tf

    if logits:
        return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(tf.fill(tf.shape(scores), label), scores))
    sure = tf.clip_by_value(scores, 1e-7, 1.0 - 1e-7)
    return -tf.reduce_mean(label * tf.math.log(sure) + (1.0 - label) * tf.math.log(1.0 - sure))


def gradient_penalty(plan: ContestPlan, judge: Callable[[list[Any]], Any], values: Mapping[End, Any], seed: Any) -> Any:
    """The mean of (norm of the score's gradient - 1) squared at points between real and fake samples, a scalar.

    Inputs that are the same on both sides (labels) are passed as they are. Gulrajani et al. 2017. `judge` takes the
    discriminator's inputs in port order; `seed` int32 [2] settles the points.
    """
    import tensorflow as tf

    given, between = [], []
    for number, (port, fake_end) in enumerate(plan.fake_inputs.items()):
        fake, real = values[fake_end], values[plan.real_inputs[port]]
        if plan.real_inputs[port] == fake_end:
            given.append(fake)
            continue
        shape = tf.concat([tf.shape(fake)[:1], tf.ones(fake.shape.rank - 1, tf.int32)], 0)
        share = tf.random.stateless_uniform(shape, seed + number)
        mixed = tf.stop_gradient(real + share * (fake - real))
        given.append(mixed)
        between.append(mixed)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(between)
        score = judge(given)
    slopes = tape.gradient(score, between)
    squares = tf.add_n([tf.reduce_sum(tf.square(slope), axis=list(range(1, slope.shape.rank))) for slope in slopes])
    return tf.reduce_mean(tf.square(tf.sqrt(squares + 1e-12) - 1.0))
