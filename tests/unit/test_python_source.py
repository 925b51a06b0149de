"""Show as Python: the script runs as it stands and is the compiled model."""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from graph_compiler.build.compile import compile_document, one_or_list
from graph_compiler.build.problems import BuildProblem
from graph_compiler.build.source import python_source
from graph_compiler.build.source_layers import layer_expression
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import SetField
from graph_compiler.graph.model import Document
from graph_compiler.layers.custom.registry import definitions
from graph_compiler.specs.nodes import LayerSpec
from tests.helpers.drawings import SCALE, Drawing, digits_cnn, digits_mlp, iris
from tests.unit.test_build import two_towers


def rich() -> Document:
    """Regularisers, merges, muting, freezing, custom operations, ids that are no Python names."""
    drawing = Drawing()
    data = drawing.add("MNIST", {})
    scaled = drawing.chain((data, "image"), SCALE)
    conv = drawing.add("Conv2D", {"filters": 4, "kernel_initializer": "HeNormal", "padding": "same",
                                  "kernel_regularizer": {"name": "L2", "l2": 0.001}}, scaled, id="class")
    other = drawing.add("Conv2D", {"filters": 4, "padding": "same", "use_bias": False}, scaled, id="2 lines", frozen=True)
    joined = drawing.add("Concatenate", {}, conv, other)
    muted = drawing.add("Dropout", {}, joined, muted=True)
    cut = drawing.add("Slice", {"axis": -1, "start": 2, "stop": 7}, muted)
    last = drawing.chain(cut, ("GlobalAveragePooling2D", {}), ("Dense", {"units": 10, "activation": "softmax"}))
    drawing.loss(last, (data, "label"), label_smoothing=0.0)
    drawing.add("Output", {}, last, label="which digit?")
    return drawing.document


@pytest.mark.parametrize("document", [digits_mlp(), digits_cnn(), iris(), rich(), two_towers(""), two_towers("T")],
                         ids=["mlp", "cnn", "iris", "rich", "blocks", "shared"])
def test_the_script_makes_the_compiled_model(document: Document) -> None:
    compiled = compile_document(document, registry(), seed=3)
    space: dict[str, Any] = {}
    exec(compile(python_source(document, registry()), "drawing.py", "exec"), space)
    model = space["model"]
    assert model.count_params() == compiled.model.count_params()
    assert [layer.name for layer in model.layers] == [layer.name for layer in compiled.model.layers]
    assert [i.name for i in model.inputs] == list(compiled.input_names)
    assert [layer.trainable for layer in model.layers] == [layer.trainable for layer in compiled.model.layers]
    model.set_weights(compiled.model.get_weights())
    rows = [np.random.default_rng(0).integers(0, 255, (5, *i.shape[1:])).astype(i.dtype) for i in model.inputs]
    np.testing.assert_array_equal(model(one_or_list(rows), training=False), compiled.model(one_or_list(rows), training=False))


def test_only_what_differs_from_the_defaults_is_written() -> None:
    text = python_source(digits_cnn(), registry())
    assert 'flatten_1 = keras.layers.Flatten(name="flatten_1")(max_pooling2d_2)' in text
    assert 'dropout_1 = keras.layers.Dropout(rate=0.5, name="dropout_1")(flatten_1)' in text
    assert "strides" not in text
    assert "loss=keras.losses.SparseCategoricalCrossentropy()," in text
    assert max(map(len, text.splitlines())) <= 120


def test_the_title_of_the_document_cannot_break_out_of_the_docstring() -> None:
    document = iris()
    document.about["title"] = 'a """ b \\ \n import os'
    space: dict[str, Any] = {}
    exec(compile(python_source(document, registry()), "drawing.py", "exec"), space)
    assert "os" not in space


def test_the_window_can_write_scripts_and_recipes_without_keras() -> None:
    rooms = ", ".join(f"graph_compiler.{r}" for r in ("build.source", "trainers.recipe", "specs.optimizers", "specs.schedules"))
    code = f"import sys, {rooms}; sys.exit(bool({{'keras', 'tensorflow'}} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_a_drawing_with_an_error_has_no_script() -> None:
    document = iris()
    SetField("dense_1", "block", "x").apply(document)
    document.graph.drop_edge(next(key for key in document.graph.edges if key[2] == "dense_1"))
    with pytest.raises(BuildProblem) as caught:
        python_source(document, registry())
    assert caught.value.node == "dense_1"


LAYERS = [spec for spec in registry().nodes.values() if isinstance(spec, LayerSpec)]


@pytest.mark.parametrize("spec", LAYERS, ids=lambda spec: spec.name)
def test_every_layer_is_written_so_that_keras_makes_it(spec: LayerSpec) -> None:
    import keras

    values = spec.defaults()
    space: dict[str, Any] = {"keras": keras}
    exec(definitions().get(spec.defined_as, ""), space)
    made = eval(layer_expression(spec, values, "some_name"), space)
    assert made.name == "some_name"
    if spec.make is None:
        asked = [p.name for p in inspect.signature(type(made).__init__).parameters.values()
                 if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD and p.name != "self"]
        assert all(f"{name}=" in layer_expression(spec, values, "x") for name in asked)
