"""Training steps of four topologies, against the loop a person would write: `tf.function` over a shuffled, batched `tf.data`.

Both sides start from the same built models and take the same number of steps, tracing included; they run turn by turn.
"""

from __future__ import annotations

import math
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from graph_compiler.build.compile import Compiled, compile_document
from graph_compiler.catalog import registry
from graph_compiler.graph.files import loads
from graph_compiler.graph.model import Document
from graph_compiler.messages import Message, Progress, Started
from graph_compiler.specs.datasets import Place
from graph_compiler.trainers.data import Feed, load_feed
from tests.benchmarks.figures import templates
from tests.helpers.training import Training

STEPS = {"text-rnn": 40, "date-translator": 80, "dcgan": 40, "vae": 60}
TURNS = 3
TOGETHER, EACH = 0.9, 1.05


def run() -> list[dict[str, Any]]:
    """A ratio of medians a template, and their geometric mean."""
    rows = []
    for name, steps in STEPS.items():
        document = loads(templates()[name])
        ours, plain = [], []
        for turn in range(TURNS + 1):
            pair = _ours(document, steps), _by_hand(document, steps)
            if turn:  # libraries that load at first use count for neither side
                ours.append(pair[0])
                plain.append(pair[1])
        seconds = statistics.median(ours), statistics.median(plain)
        rows.append({"name": f"{name}, against a plain loop", "value": seconds[0] / seconds[1], "bound": EACH, "unit": "x",
                     "note": f"{seconds[0]:.2f} s against {seconds[1]:.2f} s, {steps} steps, median of {TURNS}"})
    mean = math.exp(statistics.fmean(math.log(row["value"]) for row in rows))
    return [*rows, {"name": "geometric mean", "value": mean, "bound": TOGETHER, "unit": "x"}]


def _ours(document: Document, steps: int) -> float:
    """Seconds from the first step to the last one asked for."""
    times: list[float] = []

    def hear(message: Message, session: Any) -> None:
        if isinstance(message, (Started, Progress)):
            times.append(time.perf_counter())

    with tempfile.TemporaryDirectory() as folder:
        Training(document, Path(folder), hear, limit_steps=steps).run()
    return times[-1] - times[0]


def _by_hand(document: Document, steps: int) -> float:
    """The same steps in a hand-written loop."""
    import keras

    compiled = compile_document(document, registry(), seed=0)
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), Path(folder))
        feed = load_feed(compiled.analysis, [*compiled.columns, *compiled.target_columns], place)
    optimizers = [keras.optimizers.Adam(0.001) for _ in compiled.plan.phases]
    step, batches = _contest(compiled, feed, document, optimizers) if compiled.plan.contests else _fit(
        compiled, feed, document, optimizers[0])
    began = time.perf_counter()
    for number, batch in zip(range(steps), batches, strict=False):
        loss = step(*batch)
        if number % 10 == 0:  # as people print it
            float(loss)
    float(loss)
    return time.perf_counter() - began


Loop = tuple[Callable[..., Any], Iterator[tuple[Any, ...]]]


def _dataset(feed: Feed, ends: list[Any], size: int) -> Iterator[tuple[Any, ...]]:
    import tensorflow as tf

    rows = feed.part("train", ends)
    data = tf.data.Dataset.from_tensor_slices(tuple(rows[end] for end in ends))
    return iter(data.shuffle(10_000, seed=0).batch(size).repeat())


def _fit(compiled: Compiled, feed: Feed, document: Document, optimizer: Any) -> Loop:
    """A sequence with padding left out, or a variational autoencoder."""
    import keras
    import tensorflow as tf

    model, loss = compiled.training_model, compiled.plan.objectives[0]
    compare = getattr(keras.losses, loss.resolved.loss)(**loss.resolved.arguments)
    columns = list(dict.fromkeys([*compiled.columns, *compiled.target_columns]))
    count = len(compiled.columns)
    variables = model.trainable_variables

    @tf.function
    def step(*batch: Any) -> Any:
        given = dict(zip(columns, batch, strict=True))
        inputs = [given[end] for end in columns[:count]]
        with tf.GradientTape() as tape:
            found = model(inputs if count > 1 else inputs[0], training=True)
            if compiled.plan.terms:
                made, wanted, mean, logvar = found[0], found[1], *found[-2:]
                kl = tf.reduce_mean(tf.reduce_sum(-0.5 * (1 + logvar - mean ** 2 - tf.exp(logvar)), axis=1))
                value = compare(wanted, made) + compiled.plan.terms[0].weight * kl
            else:
                value = compare(given[loss.target], found, sample_weight=tf.cast(given[loss.target] != 0, tf.float32))
        optimizer.apply(tape.gradient(value, [v.value for v in variables]), variables)
        return value

    return step, _dataset(feed, columns, document.training.batch_size)


def _contest(compiled: Compiled, feed: Feed, document: Document, optimizers: list[Any]) -> Loop:
    """The textbook loop of a GAN: fresh noise for each of the two updates."""
    import keras
    import tensorflow as tf

    contest, tensors = compiled.plan.contests[0], compiled.tensors
    generator = compiled.model
    judge = keras.Model(tensors[contest.made[0]], tensors[contest.fake])
    columns = [end for end in compiled.columns if end not in feed.noise]
    real_of = keras.Model(tensors[columns[0]], tensors[next(iter(contest.real_inputs.values()))])
    dim = generator.inputs[0].shape[-1]
    mine, theirs = compiled.variables_of([compiled.plan.phases[1].trains[0]]), compiled.variables_of([contest.fake_judge])
    bce = keras.losses.BinaryCrossentropy(from_logits=True)

    @tf.function
    def step(images: Any) -> Any:
        rows = tf.shape(images)[0]
        with tf.GradientTape() as tape:
            fake = judge(generator(tf.random.normal((rows, dim)), training=True), training=True)
            real = judge(real_of(images, training=True), training=True)
            score = bce(tf.ones_like(real), real) + bce(tf.zeros_like(fake), fake)
        optimizers[0].apply(tape.gradient(score, [v.value for v in theirs]), theirs)
        with tf.GradientTape() as tape:
            fake = judge(generator(tf.random.normal((rows, dim)), training=True), training=True)
            made = bce(tf.ones_like(fake), fake)
        optimizers[1].apply(tape.gradient(made, [v.value for v in mine]), mine)
        return made

    return step, _dataset(feed, columns, document.training.batch_size)
