"""Blocks in "Show as Python": a class each, which a reader can follow, and which makes exactly the compiled model."""

from __future__ import annotations

from importlib.resources import files as resources
from typing import Any

import numpy as np
import pytest

from graph_compiler.build.compile import compile_document, one_or_list
from graph_compiler.build.source import python_source
from graph_compiler.catalog import registry
from graph_compiler.graph.files import loads
from graph_compiler.graph.model import Document, with_values
from tests.helpers.drawing import block, drawing

IRIS = ("iris Iris", "last Dense units=3", "loss Loss from_logits=true", "last > loss.prediction", "iris.species > loss.target")
LEAF = ("x BlockInput", "dense Dense units==width activation==act", "y BlockOutput", "x > dense > y")


def golden() -> Document:
    return loads((resources("resources") / "golden" / "blocks-1.netloom").read_bytes())


def odd_names() -> Document:
    """Parameters, nodes and blocks whose names mean something to Python, or cannot be names there."""
    strange = block("x BlockInput", "class Dense units==name", "self Dense units==lambda+keras", 'a{b}"c Dense units==Unit',
                    "y BlockOutput", 'x > class > self > a{b}"c > y', name=4, keras=2, Unit=3, **{"lambda": 1})
    return drawing(*IRIS, "model Block block=unit", "keras Block block=2nd", "Unit Dense units=5", "iris.features > model.x",
                   "model.y > keras.x", "keras.y > Unit > last", **{"unit": strange, "2nd": block(*LEAF, width=2, act="relu")})


def several_ports() -> Document:
    """Two inputs, three outputs: one inner tensor twice, and an input that passes straight through."""
    split = block("left BlockInput order=1", "right BlockInput", "d Dense units=4", "e Dense units==size", "sum Add",
                  "both BlockOutput", "one BlockOutput order=1", "through BlockOutput order=2", "left > d > sum",
                  "right > e > sum.in#1", "sum > both", "d > one", "left > through", size=4)
    return drawing(*IRIS, "n Normalization", "s Block block=split", "c Concatenate", "iris.features > s.left",
                   "iris.features > n > s.right", "s.both > c", "s.one > c.in#1", "s.through > c.in#2", "c > last", split=split)


def frozen_and_shared() -> Document:
    """One block frozen here and trained there; names shared inside names; a frozen instance around a shared one."""
    pair = block("x BlockInput", "a Block block=leaf width==size weights=L", "*b Block block=leaf width==size",
                 "c Block block=leaf width==size weights=L", "~d Block block=leaf", "y BlockOutput", "x > a.x", "a.y > b.x",
                 "b.y > c.x", "c.y > d.x", "d.y > y", size=4)
    return drawing(*IRIS, "p Block block=pair weights=P", "q Block block=pair weights=P", "*r Block block=pair",
                   "s Block block=leaf width=4 act=tanh", "iris.features > p.x", "p.y > q.x", "q.y > r.x", "r.y > s.x",
                   "s.y > last", pair=pair, leaf=block(*LEAF, width=2, act="relu"))


def values_of_all_kinds() -> Document:
    """Lists with expressions, decimals that must be whole, and an operation that is not written by its parameters."""
    kinds = block("x BlockInput", "crop RandomCrop height==edge width==edge",
                  'conv Conv2D filters==width*0.5 kernel_size=[{"=":"k"},{"=":"k//1+0"}] padding=same',
                  'pool MaxPooling2D pool_size=[{"=":"k-1"},2]', "drop Dropout rate==rate",
                  "cut Slice axis=-1 start=0 stop==width//4", "y BlockOutput",
                  "x > crop > conv > pool > drop > cut > y", width=8, k=3, rate=0.25, edge=26)
    return drawing("mnist MNIST", "scale Rescaling scale=0.01", "a Block block=kinds",
                   "b Block block=kinds width=16 edge=12 rate=0.5", "c Block block=kinds width=16 edge=6", "flat Flatten",
                   "last Dense units=10", "loss Loss from_logits=true", "mnist.image > scale > a.x", "a.y > b.x", "b.y > c.x",
                   "c.y > flat > last > loss.prediction", "mnist.label > loss.target", kinds=kinds)


CASES = [golden, odd_names, several_ports, frozen_and_shared, values_of_all_kinds]


def run(document: Document) -> Any:
    space: dict[str, Any] = {}
    exec(compile(python_source(document, registry()), "drawing.py", "exec"), space)
    return space["model"]


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_the_classes_make_the_compiled_model(make: Any) -> None:
    document = make()
    compiled = compile_document(document, registry(), seed=3)
    model = run(document)
    assert [layer.name for layer in model.layers] == [layer.name for layer in compiled.model.layers]
    assert [layer.trainable for layer in model.layers] == [layer.trainable for layer in compiled.model.layers]
    assert model.count_params() == compiled.model.count_params() == compiled.analysis.totals.weights
    model.set_weights(compiled.model.get_weights())
    rows = [np.random.default_rng(0).integers(0, 255, (3, *i.shape[1:])).astype(i.dtype) for i in model.inputs]
    np.testing.assert_array_equal(model(one_or_list(rows), training=False), compiled.model(one_or_list(rows), training=False))


def test_a_reader_sees_the_blocks() -> None:
    text = python_source(golden(), registry())
    assert '''
class Residual:
    """Two units and a way around them"""

    def __init__(self, name, filters=8):
        self.one = Unit(f"{name}.one", width=filters)
        self.two = Unit(f"{name}.two", width=filters)
        self.skip = keras.layers.Conv2D(filters=filters, kernel_size=(1, 1), name=f"{name}.skip")
        self.sum = keras.layers.Add(name=f"{name}.sum")

    def __call__(self, image):
        one = self.one(image)
        two = self.two(one)
        skip = self.skip(image)
        sum = self.sum([two, skip])
        return sum
''' in text
    assert text.index("class Unit:") < text.index("class Residual:") < text.index("image = keras.Input(")
    assert '''
judge_J = Judge("judge_1", trainable=False)
judge_1 = judge_J(rescaling_1, residual_1)
judge_2 = judge_J(rescaling_1, residual_2)
''' in text
    assert max(map(len, text.splitlines())) <= 128


def test_one_class_a_block_unless_its_instances_cannot_be_told_by_parameters() -> None:
    text = python_source(values_of_all_kinds(), registry())
    assert "class Kinds:" in text
    assert "class Kinds_2:" in text
    assert "class Kinds_3:" in text
    assert "int(width * 0.5)" in text
    assert python_source(frozen_and_shared(), registry()).count("\nclass ") == 2


def test_a_summary_cannot_break_out_of_its_docstring() -> None:
    document = golden()
    document.blocks["unit"].summary = 'a """ b \\ \n import os'
    document.graph.put_node(with_values(document.graph.nodes["residual_2"], label='x"""'))
    space: dict[str, Any] = {}
    exec(compile(python_source(document, registry()), "drawing.py", "exec"), space)
    assert "os" not in space
