"""The ends of what a model says are told to the app, and never wrong."""

from __future__ import annotations

import json

import numpy as np
import pytest

from graph_compiler.exporters.package import export_part
from graph_compiler.exporters.part import Part
from graph_compiler.exporters.proof import samples_of
from graph_compiler.exporters.ranges import output_ranges
from graph_compiler.exporters.snippets.subject import Tensor
from tests.unit.test_beside import described

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def keras():
    import keras

    keras.utils.set_random_seed(1)
    return keras


def last(keras, *layers):
    x = y = keras.Input((4, 4, 2))
    for layer in layers:
        y = layer(y)
    return keras.Model(x, y)


def test_activations_with_two_ends_are_known_behind_layers_that_pass(keras):
    made = keras.layers
    inner = last(keras, made.Conv2DTranspose(1, 2, activation="tanh"))
    models = {
        (0.0, 1.0): [last(keras, made.Dense(3, "sigmoid"), made.Reshape((48,)), made.Dropout(0.5)),
                     last(keras, made.Dense(3), made.Softmax()), last(keras, made.Conv2D(3, 2, activation="softmax")),
                     last(keras, made.TimeDistributed(made.Dense(2, "sigmoid")))],
        (-1.0, 1.0): [inner, last(keras, inner), last(keras, made.Dense(2), made.Activation("tanh"))],
        None: [last(keras, made.Dense(3)), last(keras, made.Dense(3, "relu")),
               last(keras, made.Dense(3, "sigmoid"), made.Rescaling(9)),
               last(keras, made.Reshape((16, 2)), made.LSTM(3))]}
    rows = np.random.default_rng(0).normal(0, 50, (64, 4, 4, 2)).astype("float32")
    for expected, several in models.items():
        for model in several:
            assert output_ranges(model) == [expected]
            found = model.predict(rows, verbose=0)
            assert expected is None or (found.min() >= expected[0] and found.max() <= expected[1])


def test_they_stand_in_model_json_and_in_the_lines(keras, tmp_path):
    x = keras.Input((3,), name="x")
    part = Part("whole", keras.Model(x, [keras.layers.Dense(16, "tanh")(x), keras.layers.Dense(2)(x)]), ("x",), ("made", "raw"))
    samples = samples_of(part, {"x": np.random.default_rng(0).normal(size=(8, 3)).astype("float32")})
    told = {"name": "net", "inputs": [{"name": "x", "shape": [None, 3], "dtype": "float32"}],
            "outputs": [{"name": "made", "shape": [None, 16], "dtype": "float32"},
                        {"name": "raw", "shape": [None, 2], "dtype": "float32"}]}
    assert export_part(part, samples, ["onnx"], tmp_path, "net", told, lambda *_: None)
    outputs = json.loads((tmp_path / "model.json").read_text())["parts"][0]["outputs"]
    assert [out.get("range") for out in outputs] == [[-1.0, 1.0], None]
    for lines in (tmp_path / "examples").iterdir():
        assert "made: float32, 1×16, values -1 to 1" in lines.read_text()


def test_what_a_file_does_inside_is_told_with_its_numbers():
    _, told = described("digits-cnn")
    assert told["inputs"][0]["inside"] == [{"layer": "Rescaling", "settings": {"scale": pytest.approx(1 / 255), "offset": 0.0}}]


@pytest.mark.parametrize(("told", "words"), [
    ({"kind": "noise", "distribution": "uniform", "range": [-1, 1]}, "random numbers, uniform"),
    ({"kind": "noise", "distribution": "normal"}, "random numbers, normal"),
    ({"classes": ["a", "b"], "range": [0.0, 1.0]}, "one of 2 classes"), ({"range": [0.0, 1.0]}, "values 0 to 1")])
def test_one_line_says_what_matters_most(told, words):
    assert Tensor("x", (None, 8), "float32", told).sentence == f"x: float32, 1×8, {words}"
