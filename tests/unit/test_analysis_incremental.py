"""Analysis kept up to date through random edits equals analysis from scratch; and it is quick."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Facts
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import SetParam
from graph_compiler.graph.model import Document, with_values
from graph_compiler.graph.values import Json
from tests.benchmarks.analysis import nested
from tests.helpers.drawing import apply, block, chain, classifier, codes, drawing
from tests.helpers.edits import Palette, valid_edit

TYPES = ("Iris", "MNIST", "Dense", "Dense", "Add", "Concatenate", "Flatten", "Dropout", "Loss", "Output", "OneHot", "Note",
         "StopGradient", "FromTheFuture")
VALUES: dict[str, dict[str, st.SearchStrategy[Json]]] = {
    "Dense": {"units": st.sampled_from([3, 4, 10, 0, "x", {"=": "width * 2"}]),
              "activation": st.sampled_from(["softmax", "relu", "nonsense", None])},
    "Loss": {"loss": st.sampled_from(["auto", "CategoricalCrossentropy", "MeanSquaredError", "?"]),
             "from_logits": st.booleans()},
    "OneHot": {"num_classes": st.sampled_from([3, 10, -1])}, "Dropout": {"rate": st.sampled_from([0.1, 2.0])},
    "Output": {"order": st.integers(0, 2)}, "Concatenate": {"axis": st.sampled_from([-1, 1, 7])}}
PALETTE = Palette(TYPES, lambda document, type_name: VALUES.get(type_name, {}))


def start() -> Document:
    """Iris with blocks in its middle, one inside another, shared and not, so that edits inside definitions are felt outside."""
    wide = block("in BlockInput", "dense Dense units==width", "out BlockOutput", "in > dense > out", width=6)
    deep = block("x BlockInput", "one Block block=wide width==size weights=W", "two Block block=wide width==size weights=W",
                 "three Block block=wide", "sum Add", "y BlockOutput", "x > one.in", "one > two.in", "two > sum",
                 "x > three.in", "three > sum.in#1", "sum > y", size=6)
    return drawing("iris Iris", "dense_1 Dense units=6", "twin Block block=wide", "deep_1 Block block=deep weights=D",
                   "deep_2 Block block=deep weights=D", "*deep_3 Block block=deep", "dense_2 Dense units=3", "loss Loss",
                   "iris.features > dense_1 > twin.in", "twin > deep_1.x", "deep_1.y > deep_2.x", "deep_2.y > deep_3.x",
                   "deep_3.y > dense_2 > loss.prediction", "iris.species > loss.target", wide=wide, deep=deep)


def everything(engine: GraphEngine) -> dict[str, Any]:
    """Facts of the engine and all engines inside, by path, without positions."""
    found = {facts.path: without_place(facts) for facts in engine.facts.values()}
    for child in engine.children.values():
        found |= everything(child)
    return found


def without_place(facts: Facts) -> tuple[Any, ...]:
    return (with_values(facts.node, x=0.0, y=0.0), facts.values, facts.ports_in, facts.ports_out, facts.inputs, facts.outputs,
            facts.weights, facts.fixed, facts.macs, facts.problems)


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(st.data())
def test_update_equals_a_fresh_analysis(data: st.DataObject) -> None:
    analysis = Analyzer(start(), registry())
    assert analysis.clean
    for _ in range(data.draw(st.integers(1, 12))):
        before = everything(analysis.engine)
        edit = valid_edit(data.draw, analysis.document, PALETTE)
        inverse = edit.apply(analysis.document)
        touched = analysis.update(edit.changes() | inverse.changes())
        fresh = Analyzer(analysis.document, registry())
        now = everything(fresh.engine)
        assert everything(analysis.engine) == now
        assert analysis.engine.order == fresh.engine.order
        assert (analysis.plan, analysis.totals) == (fresh.plan, fresh.totals)
        assert analysis.problems == fresh.problems
        assert "internal" not in {p.code for p in fresh.problems}
        root = analysis.document.graph.nodes.keys() | {path for path in before if "." not in path}
        assert {n for n in root if before.get(n) != now.get(n)} <= touched


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.data())
def test_every_fix_offered_can_be_made_and_changes_the_problem(data: st.DataObject) -> None:
    analysis = Analyzer(start(), registry())
    for _ in range(data.draw(st.integers(1, 10))):
        edit = valid_edit(data.draw, analysis.document, PALETTE)
        inverse = edit.apply(analysis.document)
        analysis.update(edit.changes() | inverse.changes())
    for problem in analysis.problems:
        for fix in problem.fixes:
            twin = analysis.document.copy()
            fix.edit.apply(twin)
            assert problem not in Analyzer(twin, registry()).problems, fix.label


def test_a_drawing_of_500_layers_is_analysed_and_edited() -> None:
    document = chain(500)
    analysis = Analyzer(document, registry())
    assert (codes(analysis), analysis.plan.trainer) == ([], "supervised")

    def full() -> None:
        assert Analyzer(document, registry()).problems == []

    def edit(units: int) -> None:
        apply(analysis, SetParam("dense", "units", units))
        assert len(analysis.problems) == (0 if units == 10 else 1)

    full()
    for number in range(4):
        edit(10 + number % 2)


def test_nested_blocks_are_analysed_and_edited() -> None:
    document = nested(40)
    analysis = Analyzer(document, registry())
    assert codes(analysis) == []

    def edit(size: int) -> None:
        apply(analysis, SetParam("conv", "kernel_size", [size, size], "unit"))
        assert analysis.problems == []

    for number in range(4):
        edit(3 + 2 * (number % 2))
    assert Analyzer(document, registry()).problems == []


@pytest.mark.parametrize("loss", ["auto", "MeanSquaredError"])
def test_an_edit_touches_only_what_it_can_reach(loss: str) -> None:
    analysis = Analyzer(classifier(loss=loss), registry())
    inverse = SetParam("dense_2", "units", 4).apply(analysis.document)
    assert analysis.update(inverse.changes()) == {"dense_2", "loss"}
    inverse = SetParam("dense_1", "units", 9).apply(analysis.document)
    assert analysis.update(inverse.changes()) == {"dense_1", "dense_2"}
