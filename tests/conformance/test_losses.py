"""Every loss of Keras is offered with every parameter of its own, and trains as it does in Keras alone."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from graph_compiler.build.compile import compile_document
from graph_compiler.build.source import python_source
from graph_compiler.catalog import registry
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import OptimizerSettings, TrainingSettings
from graph_compiler.layers.loss_meeting import LOSSES, TAKES_LOGITS
from graph_compiler.layers.loss_params import PARAMS
from graph_compiler.specs.datasets import Place
from graph_compiler.trainers.data import load_feed
from tests.helpers.drawing import drawing
from tests.helpers.training import run

EXCLUDED = {"Loss": "The base class of the others, which compares nothing."}
"""Public classes of `keras.losses` that a Loss does not offer, with the reason."""
OURS = {"name": "The node has a name.", "dtype": "Losses are float32.",
        "reduction": "A loss is the mean over what it compares, so that several can be added up."}
AXIS = "The scores of the classes lie on the last axis in every drawing."
WITHOUT = {loss: {"axis": AXIS} for loss in TAKES_LOGITS}
"""Parameters that are not offered, with the reason."""

STEPS, ROWS, SEED = 4, 16, 3


def test_every_loss_of_keras_is_offered_or_has_a_reason(keras: ModuleType) -> None:
    public = {name for name, made in vars(keras.losses).items() if inspect.isclass(made)}
    assert public - set(LOSSES) == set(EXCLUDED)
    assert set(LOSSES) - public == {"auto"}


@pytest.mark.parametrize("loss", LOSSES[1:])
def test_parameters_are_those_of_keras(keras: ModuleType, loss: str) -> None:
    theirs = {name: p.default for name, p in inspect.signature(getattr(keras.losses, loss).__init__).parameters.items()
              if name != "self" and name not in OURS and name not in WITHOUT.get(loss, {})}
    assert {p.name: p.default for p in PARAMS.get(loss, ())} == theirs


@dataclass(frozen=True)
class Case:
    """`settings` are those of the Loss; `write(keras, x)` is the net by hand, `target` the column and what is made of it."""

    loss: str
    lines: tuple[str, ...]
    write: Callable[[Any, Any], Any]
    reads: str
    target: str
    settings: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    shape: Callable[[Any], Any] = lambda target: target

    def document(self) -> Document:
        """The drawing, ready to train for a few steps."""
        made = drawing(*self.lines, f"loss Loss loss={self.loss} metrics=[] {self.settings}",
                       "net > loss.prediction", *([] if any("loss.target" in line for line in self.lines)
                                                  else [f"data.{self.target} > loss.target"]))
        made.training = TrainingSettings(batch_size=ROWS, epochs=1, seed=SEED,
                                         optimizers={"": OptimizerSettings(learning_rate=0.003)})
        return made


def dense(units: int, activation: str | None = None) -> Callable[[Any, Any], Any]:
    return lambda keras, x: keras.layers.Dense(units, activation=activation)(x)


def net(units: int, activation: str = "linear") -> tuple[str, ...]:
    return f"net Dense units={units} activation={activation}", "data.features > net"


IRIS, CANCER = "data Iris", "data BreastCancer"
HOT = ("hot OneHot num_classes=3", "data.species > hot > loss.target")


def hot(target: Any) -> Any:
    return np.eye(3, dtype="float32")[target]


def classes(loss: str, activation: str = "softmax", **more: Any) -> Case:
    return Case(loss, (IRIS, *net(3, activation)), dense(3, activation), "features", "species", **more)


def one_hot(loss: str, activation: str = "softmax", **more: Any) -> Case:
    return Case(loss, (IRIS, *net(3, activation), *HOT), dense(3, activation), "features", "species", shape=hot, **more)


def yes_no(loss: str, activation: str, **more: Any) -> Case:
    lines = (CANCER, "small Rescaling scale=0.01", f"net Dense units=1 activation={activation}", "data.features > small > net")
    return Case(loss, lines, lambda keras, x: keras.layers.Dense(1, activation=activation)(keras.layers.Rescaling(0.01)(x)),
                "features", "diagnosis", shape=lambda y: y[:, None], **more)


def numbers(loss: str, **more: Any) -> Case:
    """The four numbers of a flower from themselves."""
    return Case(loss, (IRIS, *net(4, "softplus")), dense(4, "softplus"), "features", "features", **more)


def unit(keras: Any, x: Any) -> Any:
    return keras.layers.UnitNormalization()(keras.layers.Dense(8)(x))


def read(keras: Any, x: Any) -> Any:
    rows = keras.layers.Reshape((28, 28))(keras.layers.Rescaling(1 / 255)(x))
    read_on = keras.layers.GRU(8, return_sequences=True)(rows)
    return keras.layers.Dense(18)(read_on)


CASES = (
    classes("SparseCategoricalCrossentropy"),
    classes("SparseCategoricalCrossentropy", "linear", settings="from_logits=true ignore_class=1",
            given={"from_logits": True, "ignore_class": 1}),
    classes("CategoricalGeneralizedCrossEntropy", settings="q=0.3", given={"q": 0.3}),
    one_hot("CategoricalCrossentropy", settings="label_smoothing=0.1", given={"label_smoothing": 0.1}),
    one_hot("CategoricalFocalCrossentropy", settings="alpha=[0.2,0.5,0.3] gamma=1.5",
            given={"alpha": [0.2, 0.5, 0.3], "gamma": 1.5}),
    one_hot("CategoricalHinge", "linear"),
    yes_no("BinaryCrossentropy", "sigmoid", settings="label_smoothing=0.2", given={"label_smoothing": 0.2}),
    yes_no("BinaryFocalCrossentropy", "linear", settings="apply_class_balancing=true alpha=0.4 gamma=3 from_logits=true",
           given={"apply_class_balancing": True, "alpha": 0.4, "gamma": 3.0, "from_logits": True}),
    yes_no("Hinge", "tanh"), yes_no("SquaredHinge", "tanh"), yes_no("Dice", "sigmoid"),
    one_hot("Dice", settings="axis=[1]", given={"axis": [1]}),
    one_hot("Tversky", settings="alpha=0.3 beta=0.7", given={"alpha": 0.3, "beta": 0.7}),
    *(numbers(loss) for loss in ("MeanSquaredError", "MeanAbsoluteError", "LogCosh", "MeanAbsolutePercentageError",
                                 "MeanSquaredLogarithmicError", "CosineSimilarity", "Poisson", "KLDivergence")),
    numbers("Huber", settings="delta=0.5", given={"delta": 0.5}),
    Case("Circle", (IRIS, "wide Dense units=8", "net UnitNormalization", "data.features > wide > net"), unit, "features",
         "species", settings="gamma=20 margin=0.3 remove_diagonal=false",
         given={"gamma": 20.0, "margin": 0.3, "remove_diagonal": False}),
    Case("CTC", ("data DigitWords", f"scale Rescaling scale={1 / 255}", "rows Reshape target_shape=[28,28]",
                 "rnn GRU units=8 return_sequences=true", "net Dense units=18",
                 "data.image > scale > rows > rnn > net"), read, "image", "word"),
)


def by_hand(keras: Any, case: Case, feed: Any) -> list[float]:
    """The losses of each step, written with Keras alone."""
    import tensorflow as tf

    inputs, target = feed.columns["data", case.reads], feed.columns["data", case.target]
    keras.utils.set_random_seed(SEED)
    given = keras.Input(inputs.shape[1:], dtype=inputs.dtype.name)
    model = keras.Model(given, case.write(keras, given))
    optimizer, order = keras.optimizers.Adam(0.003), feed.shuffled(SEED, 0)[0]
    loss_of, losses = getattr(keras.losses, case.loss)(**case.given), []
    for step in range(STEPS):
        rows = order[step * ROWS:(step + 1) * ROWS]
        with tf.GradientTape() as tape:
            loss = loss_of(case.shape(target[rows]), model(inputs[rows], training=True))
        weights = model.trainable_variables
        optimizer.apply(tape.gradient(loss, [v.value for v in weights]), weights)
        losses.append(float(loss))
    return losses


def test_there_is_a_case_for_every_loss() -> None:
    assert {case.loss for case in CASES} == set(LOSSES) - {"auto"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.loss}-{case.settings}".rstrip("-").replace(" ", ","))
def test_steps_are_those_of_keras(keras: ModuleType, case: Case, tmp_path: Path) -> None:
    document = case.document()
    compiled = compile_document(document, registry())
    feed = load_feed(compiled.analysis, [*compiled.columns, *compiled.target_columns], Place(tmp_path, tmp_path))
    wanted = by_hand(keras, case, feed)
    found = run(document, tmp_path, limit_steps=STEPS).losses
    assert np.isfinite(wanted).all()
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("case", [c for c in CASES if c.given], ids=lambda case: case.loss)
def test_the_script_has_the_settings(keras: ModuleType, case: Case) -> None:
    text = python_source(case.document(), registry())
    space: dict[str, Any] = {}
    exec(compile(text, "model.py", "exec"), space)
    found, wanted = space["model"].loss, getattr(keras.losses, case.loss)(**case.given)
    assert type(found) is type(wanted)
    np.testing.assert_equal({k: np.asarray(v) for k, v in found._fn_kwargs.items()},
                            {k: np.asarray(v) for k, v in wanted._fn_kwargs.items()})
