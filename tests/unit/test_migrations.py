"""Older formats: golden files are read and brought up to date, exactly."""

from __future__ import annotations

from importlib.resources import files as resources

import pytest

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.catalog import registry
from graph_compiler.graph.files import FileProblem, dumps, loads
from graph_compiler.graph.migrations import STEPS, migrate
from graph_compiler.graph.model import FORMAT
from graph_compiler.graph.values import OptimizerSettings

GOLDEN = resources("resources") / "golden"


def test_every_older_format_has_a_step_and_a_golden_file() -> None:
    assert sorted(STEPS) == list(range(FORMAT))
    names = {entry.name for entry in GOLDEN.iterdir()}
    assert {f"format-{number}.netloom" for number in range(FORMAT + 1)} <= names


@pytest.mark.parametrize("number", range(FORMAT + 1))
def test_golden_files_become_the_current_one_to_the_byte(number: int) -> None:
    old = (GOLDEN / f"format-{number}.netloom").read_bytes()
    assert dumps(loads(old)) == (GOLDEN / f"format-{FORMAT}.netloom").read_bytes()


def test_format_0_means_the_same_now() -> None:
    document = loads((GOLDEN / "format-0.netloom").read_bytes())
    assert document.about == {"title": "Two branches"}
    assert document.extra == {"author": "someone"}
    assert (document.training.batch_size, document.training.epochs, document.training.extra) == (64, 3, {"patience": 4})
    assert document.training.optimizers == {"": OptimizerSettings(name="SGD", learning_rate=0.05)}
    nodes = document.graph.nodes
    assert (nodes["conv2d_1"].label, nodes["conv2d_2"].y, nodes["old_1"].extra) == ("left", 160.5, {"colour": "red"})
    assert [(e.source, e.index) for e in document.graph.into("add_1")] == [("conv2d_1", 0), ("conv2d_2", 1)]
    analysis = Analyzer(document, registry())
    assert [p.code for p in analysis.problems] == ["unknown-type"]
    assert analysis.plan.trainer == "supervised"


def test_blocks_of_format_1_mean_the_same_now() -> None:
    text = (GOLDEN / "blocks-1.netloom").read_bytes()
    document = loads(text)
    assert dumps(document) == text
    assert [(p.name, p.kind, p.default) for p in document.blocks["residual"].parameters] == [
        ("filters", "int", 8), ("rate", "float", 0.25)]
    assert (document.blocks["unit"].summary[:11], document.blocks["residual"].extra) == ("Convolution", {"colour": "sky"})
    judge = document.graph.nodes["judge_2"]
    assert (judge.block, judge.weights, judge.frozen) == ("judge", "J", True)
    assert document.graph.nodes["residual_2"].extra == {"later": [1, {"x": None}]}
    analysis = Analyzer(document, registry())
    assert analysis.problems == []
    assert (analysis.totals.weights, analysis.totals.trainable, analysis.totals.macs) == (2_724, 2_052, 3_324_250)
    assert (analysis.plan.trainable, analysis.plan.held) == (("residual_1", "residual_2", "dense_1"), ("judge_1", "judge_2"))


def test_a_migration_leaves_its_input_alone() -> None:
    tree = {"format": 0, "layers": [{"name": "a", "class": "Dense", "at": [1, 2]}], "links": []}
    copy = {**tree, "layers": [dict(tree["layers"][0])]}  # type: ignore[index]
    assert migrate(tree)["format"] == FORMAT
    assert tree == copy


@pytest.mark.parametrize(("text", "words"), [
    (b'{"format": 0}', "layers: “layers” must be a list."), (b'{"format": 0, "layers": [], "links": 1}', "links"),
    (b'{"format": 0, "layers": [3], "links": []}', "layer 1: Expected an object."),
    (b'{"format": 0, "layers": [{"name": "a", "class": "D", "at": 3}], "links": []}', "layer 1: “at” must be two numbers."),
    (b'{"format": 0, "layers": [], "links": [["a"]]}', "link 1"),
    (b'{"format": 0, "layers": [], "links": [["a", "b"]]}', "wire 1"),
    (b'{"format": 0, "layers": [], "links": [], "fit": 2}', "fit"), (b'{"format": 0, "layers": [{}], "links": []}', "node 1")])
def test_a_broken_old_file_is_one_message(text: bytes, words: str) -> None:
    with pytest.raises(FileProblem) as found:
        loads(text)
    assert words in str(found.value)
