"""Training the embedded 5,000 MNIST samples for 5 epochs at batch 32, against plain Keras `fit(numpy)` of the same net.

Both sides are timed in one process, turn by turn, building, tracing and everything included. Our side pays for more: reading
the table, messages, a checkpoint an epoch and the measurement of the test rows.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graph_compiler.graph.model import Document
from tests.helpers.drawings import digits_cnn, digits_mlp
from tests.helpers.training import run as train

TURNS = 5
SEEDS = 3
EPOCHS = 5
Turn = tuple[float, float, float]
"""Seconds on the clock, seconds of the processors, test accuracy."""
_ALL_ROWS = {"validation": 0.0}
"""All 5,000 given training rows train, as in the baseline."""


def run() -> list[dict[str, Any]]:
    """Ratio of the medians of `TURNS` runs, and how far mean accuracies over `SEEDS` seeds are apart."""
    rows: list[dict[str, Any]] = []
    rows += _compare("digits-mlp", digits_mlp, _keras_mlp, 0.70)
    rows += _compare("digits-cnn", digits_cnn, _keras_cnn, 0.95)
    return rows


def _compare(name: str, draw: Callable[..., Document], keras_net: Callable[[], Any], bound: float) -> list[dict[str, Any]]:
    _ours(draw, 0, limit_steps=3)  # libraries that load at first use count for neither side
    _plain(keras_net, 0, epochs=1, rows=96)
    ours: list[Turn] = []
    plain: list[Turn] = []
    for seed in range(TURNS):
        for mine in ((True, False) if seed % 2 else (False, True)):
            (ours if mine else plain).append(_ours(draw, seed) if mine else _plain(keras_net, seed))
    seconds, busy = ([statistics.median(turn[n] for turn in turns) for turns in (ours, plain)] for n in (0, 1))
    accuracy = [statistics.fmean(turn[2] for turn in turns[:SEEDS]) for turns in (ours, plain)]
    return [
        {"name": f"{name}, against plain fit", "value": seconds[0] / seconds[1], "bound": bound, "unit": "x",
         "note": f"{seconds[0]:.2f} s against {seconds[1]:.2f} s (of the processors {busy[0]:.2f} and {busy[1]:.2f}), "
                 f"median of {TURNS}"},
        {"name": f"{name}, accuracy lost", "value": accuracy[1] - accuracy[0], "bound": 0.01, "unit": "",
         "note": f"test accuracy {accuracy[0]:.4f} against {accuracy[1]:.4f}, mean of {SEEDS} seeds"}]


def _ours(draw: Callable[..., Document], seed: int, **options: Any) -> Turn:
    """Our trainer, from reading the table to the test figures."""
    with tempfile.TemporaryDirectory() as folder:
        began, worked = time.perf_counter(), time.process_time()
        result = train(draw(source=_ALL_ROWS, epochs=EPOCHS, seed=seed), Path(folder), **options).result
        return time.perf_counter() - began, time.process_time() - worked, result["metrics"]["test_accuracy"]


def _plain(net: Callable[[], Any], seed: int, epochs: int = EPOCHS, rows: int | None = None) -> Turn:
    """Building, compiling and fitting with Keras alone; the test accuracy is measured outside the clock."""
    import keras

    from graph_compiler.datasets.mnist import table

    data = table()
    assert data.given is not None
    parts = [(data.arrays["image"][n], data.arrays["label"][n]) for n in (data.given["train"][:rows], data.given["test"])]
    (x, y), (x_test, y_test) = [(images.astype("float32"), labels) for images, labels in parts]
    began, worked = time.perf_counter(), time.process_time()
    keras.utils.set_random_seed(seed)
    model = net()
    model.fit(x, y, batch_size=32, epochs=epochs, verbose=0)
    spent, busy = time.perf_counter() - began, time.process_time() - worked
    return spent, busy, float(model.evaluate(x_test, y_test, verbose=0, return_dict=True)["accuracy"])


def _keras_mlp() -> Any:
    import keras

    model = keras.Sequential([
        keras.Input((28, 28, 1)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu"), keras.layers.Dropout(0.2), keras.layers.Dense(10)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"], jit_compile=False)
    return model


def _keras_cnn() -> Any:
    import keras

    layers = keras.layers
    model = keras.Sequential([
        keras.Input((28, 28, 1)), layers.Rescaling(1 / 255), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten(), layers.Dropout(0.5),
        layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model
