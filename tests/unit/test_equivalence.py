"""A dozen topologies, drawn and written by hand: the same parameters, the same first loss, the same losses after twenty steps.

A contest is held against a hand-written loop in `test_contests`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from graph_compiler.build.compile import compile_document
from graph_compiler.catalog import registry
from graph_compiler.graph.values import OptimizerSettings, TrainingSettings
from graph_compiler.specs.datasets import Place
from graph_compiler.trainers.data import Feed, load_feed
from tests.helpers.equals import PAIRS, Pair
from tests.helpers.training import run

STEPS, ROWS, SEED = 20, 16, 4


def by_hand(pair: Pair, feed: Feed) -> tuple[int, list[float]]:
    """Parameters and the losses of each step, written with Keras alone."""
    import keras
    import tensorflow as tf

    arrays = {name: feed.columns["data", name] for source, name in feed.columns if source == "data"}
    keras.utils.set_random_seed(SEED)
    inputs = {name: keras.Input(arrays[name].shape[1:], dtype=arrays[name].dtype.name, name=name) for name in pair.reads}
    model = keras.Model(inputs, pair.write(inputs))
    optimizer, order = keras.optimizers.Adam(0.003), feed.shuffled(SEED, 0)[0]
    losses = []
    for step in range(STEPS):
        rows = order[step * ROWS:(step + 1) * ROWS]
        batch = {name: tf.constant(array[rows]) for name, array in arrays.items()}
        with tf.GradientTape() as tape:
            outputs = model({name: batch[name] for name in pair.reads}, training=True)
            loss = pair.loss(outputs if isinstance(outputs, list) else [outputs], batch)
            loss += sum(model.losses)
        optimizer.apply(tape.gradient(loss, [v.value for v in model.trainable_variables]), model.trainable_variables)
        losses.append(float(loss))
    return model.count_params(), losses


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_the_drawing_is_the_network(pair: Pair, tmp_path: Path) -> None:
    document = pair.document()
    document.training = TrainingSettings(batch_size=ROWS, epochs=1, seed=SEED,
                                         optimizers={"": OptimizerSettings(learning_rate=0.003)})
    compiled = compile_document(document, registry())
    feed = load_feed(compiled.analysis, [*compiled.columns, *compiled.target_columns], Place(tmp_path, tmp_path))
    parameters, losses = by_hand(pair, feed)
    training = run(document, tmp_path, limit_steps=STEPS)
    assert compiled.training_model.count_params() == compiled.analysis.totals.weights == parameters
    assert training.losses[0] == pytest.approx(losses[0], rel=1e-5)
    np.testing.assert_allclose(training.losses, losses, rtol=2e-3)
