"""Blocks as Keras models: an instance alone, with the drawing's own layers."""

from __future__ import annotations

import numpy as np
import pytest

from graph_compiler.build.blocks import block_model
from graph_compiler.build.compile import Compiled, compile_document
from graph_compiler.build.problems import BuildProblem
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import SetField
from graph_compiler.graph.model import Document
from tests.helpers.drawing import block, drawing

HEAD = ("iris Iris", "scale Rescaling scale=0.5", "last Dense units=3 activation=softmax", "loss Loss",
        "iris.features > scale", "iris.species > loss.target", "last > loss.prediction")
TOWER = ("x BlockInput", "dense Dense units==width activation=tanh", "y BlockOutput", "x > dense > y")


def build(document: Document, seed: int = 0) -> Compiled:
    return compile_document(document, registry(), seed=seed)


def two_ports() -> Document:
    pair = block("x BlockInput order=1", "extra BlockInput", "spare BlockInput order=2", "d Dense units=4", "e Dense units=4",
                 "sum Add", "both BlockOutput", "first BlockOutput order=1", "through BlockOutput order=2",
                 "x > d > sum > both", "extra > e > sum.in#1", "d > first", "x > through", "spare > unused", "unused Dense")
    return drawing(*HEAD, "p Block block=pair", "q Add", "iris.features > p.x", "scale > p.extra", "scale > p.spare",
                   "p.both > q", "p.first > q.in#1", "p.through > q.in#2", "q > last", pair=pair)


def test_an_instance_alone_shares_the_layers_of_the_drawing() -> None:
    document = drawing(*HEAD, "t Block block=tower width=4", "scale > t.x", "t.y > last",
                       tower=block(*TOWER, width=2))
    compiled = build(document)
    model = block_model(compiled, compiled.analysis.engine, "t")
    assert ([i.name for i in model.inputs], model.input_shape, model.output_shape) == (["x"], (None, 4), (None, 4))
    assert model.get_layer("t.dense") is compiled.layers["t.dense"]
    rows = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    whole = compiled.layers["last"](model(rows * 0.5))
    np.testing.assert_allclose(whole, compiled.model(rows), rtol=1e-6)
    assert compiled.model.count_params() == 20 + 15


def test_several_ports_come_in_their_order() -> None:
    document = two_ports()
    compiled = build(document)
    model = block_model(compiled, compiled.analysis.engine, "p")
    assert [i.name for i in model.inputs] == ["extra", "x", "spare"]
    assert [t.shape for t in model.outputs] == [(None, 4)] * 3
    rows = [np.full((2, 4), n, "float32") for n in range(3)]
    np.testing.assert_array_equal(model(rows)[2], rows[1])


@pytest.mark.parametrize("node_id", ["a", "b"])
def test_instances_that_share_weights_give_models_that_share_them(node_id: str) -> None:
    outer = block("x BlockInput", "one Block block=tower width=4 weights=T", "two Block block=tower width=4 weights=T",
                  "y BlockOutput", "x > one.x", "one.y > two.x", "two.y > y")
    document = drawing(*HEAD, "a Block block=outer weights=O", "b Block block=outer weights=O", "iris.features > a.x",
                       "a.y > b.x", "b.y > last", outer=outer, tower=block(*TOWER, width=2))
    compiled = build(document)
    assert compiled.model.count_params() == 20 + 15
    model = block_model(compiled, compiled.analysis.engine, node_id)
    assert model.count_params() == 20
    assert {id(v) for v in model.variables} <= {id(v) for v in compiled.model.variables}


def test_what_cannot_stand_alone_says_so() -> None:
    document = drawing(*HEAD, "t Block block=tower width=4", "iris.features > t.x", "t.y > last", tower=block(*TOWER, width=2))
    SetField("t", "muted", True).apply(document)
    compiled = build(document)
    with pytest.raises(BuildProblem, match="tower cannot stand alone"):
        block_model(compiled, compiled.analysis.engine, "t")
