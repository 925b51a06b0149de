"""Blocks as Keras models: an instance alone, with the drawing's own layers."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files as resources
from math import prod
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.build.adapt import adapt
from graph_compiler.build.blocks import block_model
from graph_compiler.build.compile import Compiled, compile_document
from graph_compiler.build.problems import BuildProblem
from graph_compiler.build.weights import load_weights, read_weights, save_weights
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import SetField
from graph_compiler.graph.files import loads
from graph_compiler.graph.model import Document
from tests.helpers.drawing import block, drawing
from tests.helpers.layered import same_meaning

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


def golden() -> Document:
    return loads((resources("resources") / "golden" / "blocks-1.netloom").read_bytes())


def sizes(variables: Iterable[Any]) -> int:
    return sum(prod(v.shape) for v in variables)


def test_counts_agree_with_the_analysis_at_every_depth() -> None:
    compiled = build(golden())
    totals = compiled.analysis.totals
    assert (compiled.model.count_params(), sizes(compiled.trainable_variables)) == (totals.weights, totals.trainable)
    for facts in compiled.analysis.all_facts():
        if facts.path in compiled.layers:
            assert compiled.layers[facts.path].count_params() == facts.weights, facts.path
            assert sizes(compiled.layers[facts.path].non_trainable_variables) == facts.fixed, facts.path
    for node_id in ("residual_2", "judge_2"):
        assert block_model(compiled, compiled.analysis.engine, node_id).count_params() == compiled.analysis.facts(
            node_id).weights  # type: ignore[union-attr]


def test_names_shared_inside_names_are_one_set_of_layers() -> None:
    compiled = build(golden())
    made = {path: id(layer) for path, layer in compiled.layers.items()}
    judged = {made[f"judge_{n}.{u}.conv"] for n in (1, 2) for u in "ab"}
    assert len(judged) == 1
    assert len({made[f"residual_{n}.{u}.conv"] for n in (1, 2) for u in ("one", "two")}) == 4
    assert not compiled.layers["judge_2.both"].trainable
    assert "residual_1.drop" not in compiled.layers


def test_a_name_inside_is_local_to_each_instance_with_own_weights() -> None:
    pair = block("x BlockInput", "a Block block=tower width=4 weights=T", "b Block block=tower width=4 weights=T",
                 "y BlockOutput", "x > a.x", "a.y > b.x", "b.y > y")
    document = drawing(*HEAD, "p Block block=pair", "q Block block=pair", "iris.features > p.x", "p.y > q.x", "q.y > last",
                       pair=pair, tower=block(*TOWER, width=2))
    compiled = build(document)
    assert compiled.layers["p.a.dense"] is compiled.layers["p.b.dense"]
    assert compiled.layers["p.a.dense"] is not compiled.layers["q.a.dense"]
    assert compiled.model.count_params() == compiled.analysis.totals.weights == 20 + 20 + 15


def test_a_muted_instance_is_passed_by_and_a_frozen_one_holds_everything_inside() -> None:
    document = golden()
    SetField("residual_2", "muted", True).apply(document)
    SetField("residual_1", "frozen", True).apply(document)
    compiled = build(document)
    assert not any(path.startswith("residual_2.") for path in compiled.layers)
    assert not any(layer.trainable for path, layer in compiled.layers.items() if path.startswith("residual_1."))
    assert (compiled.model.count_params(), sizes(compiled.trainable_variables)) == (
        compiled.analysis.totals.weights, compiled.analysis.totals.trainable)


def test_weights_inside_blocks_come_back_by_their_path(tmp_path: Path) -> None:
    first, second = build(golden(), 1), build(golden(), 2)
    save_weights(first, tmp_path / "a.weights.h5")
    stored = read_weights(tmp_path / "a.weights.h5")
    assert {"residual_2.two.conv", "judge_1.a.norm"} <= stored.keys()
    assert not any(path.startswith("judge_2.") for path in stored)
    first.training_model.save(tmp_path / "a.keras", include_optimizer=False)
    assert load_weights(build(golden(), 3), tmp_path / "a.keras").whole, "a model of Keras has them by the same names"
    assert load_weights(second, tmp_path / "a.weights.h5").whole
    rows = np.random.default_rng(0).integers(0, 255, (2, 28, 28, 1)).astype("uint8")
    np.testing.assert_array_equal(first.model(rows, training=False), second.model(rows, training=False))


@pytest.mark.parametrize(("weights", "learnt"), [("", ["a.inner.n", "b.inner.n"]), (" weights=W", ["a.inner.n"])])
def test_normalization_inside_blocks_learns_once_from_what_reaches_it(weights: str, learnt: list[str]) -> None:
    inner = block("x BlockInput", "s Rescaling scale=2", "n Normalization", "y BlockOutput", "x > s > n > y")
    outer = block("x BlockInput", "inner Block block=inner", "y BlockOutput", "x > inner.x", "inner.y > y")
    document = drawing(*HEAD, f"a Block block=outer{weights}", f"b Block block=outer{weights}",
                       "iris.features > a.x", "a.y > b.x", "b.y > last", outer=outer, inner=inner)
    compiled = build(document)
    rows = np.random.default_rng(0).normal(3, 2, (2000, 4)).astype("float32")
    assert adapt(compiled, {("iris", "features"): rows}) == learnt
    np.testing.assert_allclose(np.ravel(compiled.layers["a.inner.n"].mean), 2 * rows.mean(axis=0), rtol=1e-4)
    if not weights:
        np.testing.assert_allclose(np.ravel(compiled.layers["b.inner.n"].mean), 0, atol=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_cut_another_way_the_model_computes_the_same(seed: int) -> None:
    """Random verbs that keep the meaning keep every number: weights are carried over in the order of the layers."""
    document, rng = golden(), Random(seed)
    before = build(document)
    done = 0
    while done < 4:
        edit = same_meaning(rng, document)
        if edit is None:
            continue
        inverse = edit.apply(document)
        if Analyzer(document, registry()).clean:
            done += 1
        else:
            inverse.apply(document)
    after = build(document)
    assert after.analysis.totals == before.analysis.totals
    after.model.set_weights(before.model.get_weights())
    rows = np.random.default_rng(0).integers(0, 255, (2, 28, 28, 1)).astype("uint8")
    np.testing.assert_allclose(after.model(rows, training=False), before.model(rows, training=False), atol=1e-6)
