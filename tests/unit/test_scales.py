"""Targets and inputs of another size than a network starts with: what is said, the way out, and what it brings."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import msgspec
import numpy as np
import pytest

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.build.adapt import adapt
from graph_compiler.build.compile import compile_document
from graph_compiler.catalog import registry
from graph_compiler.datasets.csv_scan import scan_csv
from graph_compiler.graph.edits import SetParam
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Node, OptimizerSettings, TrainingSettings
from graph_compiler.specs.datasets import Place
from graph_compiler.trainers.data import load_feed
from tests.helpers.drawing import drawing, wires
from tests.helpers.training import run

ROWS = 4001


@pytest.fixture
def houses(tmp_path: Path) -> Path:
    """California districts as a person would have them: prices in dollars, rooms by the thousand, gaps, words."""
    text = files("resources").joinpath("data/california_housing.csv").read_text()
    lines = text.splitlines()
    drawn = np.random.default_rng(0).permutation(len(lines) - 1)[:ROWS] + 1
    path = tmp_path / "houses.csv"
    path.write_text("\n".join([lines[0], *(lines[i] for i in drawn)]))
    return path


def prices(path: Path, *more: str, settings: TrainingSettings | None = None) -> Document:
    """Features through two Dense layers to the price, from an empty canvas with default settings."""
    document = drawing("hidden Dense units=64 activation=relu", "price Dense units=1",
                       'loss Loss metrics=["mae","r2"]', *more)
    stored = json.loads(msgspec.json.encode(scan_csv(path).params(path.name)))
    document.graph.put_node(Node(id="data", type="CSV", params=stored))
    for edge in wires("data.features > hidden > price > loss.prediction") + wires("data.median_house_value > loss.target"):
        document.graph.put_edge(edge)
    document.training = settings or TrainingSettings()
    return document


def problems(document: Document) -> list[Diagnostic]:
    """What is said beside the rows that are left out for their gaps."""
    return [p for p in Analyzer(document, registry()).problems if p.code != "missing-values"]


def mended(document: Document) -> Document:
    """The same with every fix that is offered for the size of numbers taken."""
    while found := [p for p in problems(document) if p.fixes]:
        found[0].fixes[0].edit.apply(document)
    return document


def test_a_scan_notes_how_large_numbers_are(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,word,y\n3,x,30000\n-4,x,40000\n0,y,0\n")
    columns = {c.name: c.typical for c in scan_csv(path).columns}
    assert columns == {"a": 2.89, "word": 0.0, "y": 28900.0}


def test_dollars_and_thousands_are_spoken_of_with_a_way_out(houses: Path) -> None:
    document = prices(houses)
    found = {p.code: p for p in problems(document)}
    assert set(found) == {"target-scale", "input-scale"}
    target = found["target-scale"]
    assert (target.severity, target.node, target.port) == ("warning", "loss", "prediction")
    assert target.title == "median_house_value is large for a network" and "around 23" in target.received
    assert [f.label for f in target.fixes] == ["insert an inverted Normalization"]
    assert [f.label for f in found["input-scale"].fixes] == ["insert Normalization"]
    mended(document)
    inverted = [n.params for n in document.graph.nodes.values() if n.type == "Normalization"]
    assert sorted(inverted, key=len) == [{}, {"invert": True}]
    assert not problems(document)


@pytest.mark.parametrize("line", ["price Dense units=1 activation=relu", "price Dense units=1 activation=sigmoid"])
def test_bounded_answers_have_no_such_way_out(houses: Path, line: str) -> None:
    document = prices(houses)
    name, value = line.rsplit(maxsplit=1)[-1].split("=")
    SetParam("price", name, value).apply(document)
    assert "target-scale" not in {p.code for p in Analyzer(document, registry()).problems}


def test_small_targets_and_moderate_ones(tmp_path: Path) -> None:
    for factor, said in ((1e-4, True), (1.0, False), (1e5, True)):
        path = tmp_path / f"t{factor}.csv"
        rows = np.random.default_rng(0).normal(size=(60, 2))
        path.write_text("a,y\n" + "\n".join(f"{a},{y * factor}" for a, y in rows))
        document = drawing("price Dense units=1", "loss Loss")
        stored = json.loads(msgspec.json.encode(scan_csv(path).params(path.name)))
        document.graph.put_node(Node(id="data", type="CSV", params=stored))
        for edge in wires("data.features > price > loss.prediction") + wires("data.y > loss.target"):
            document.graph.put_edge(edge)
        assert ("target-scale" in {p.code for p in Analyzer(document, registry()).problems}) is said


def test_the_inverted_layer_learns_from_training_targets(houses: Path, tmp_path: Path) -> None:
    document = mended(prices(houses))
    compiled = compile_document(document, registry())
    (path,) = compiled.restoring
    assert document.graph.nodes[path].params == {"invert": True}
    assert [p for p, _ in compiled.adaptive] == [n for n, node in document.graph.nodes.items()
                                                 if node.type == "Normalization" and not node.params]
    feed = load_feed(compiled.analysis, [*compiled.columns, *compiled.target_columns], Place(houses.parent, houses.parent))
    end = ("data", "median_house_value")
    assert path in adapt(compiled, feed.part("train", [*compiled.columns, end]))
    targets = feed.part("train", [end])[end]
    assert float(compiled.layers[path].mean.numpy().squeeze()) == pytest.approx(targets.mean(), rel=1e-3)
    assert float(compiled.layers[path].variance.numpy().squeeze()) == pytest.approx(targets.var(), rel=1e-3)


def test_an_optimiser_that_steps_by_the_unit_is_named(houses: Path) -> None:
    document = mended(prices(houses))
    document.training = TrainingSettings(optimizers={"": OptimizerSettings(name="SGD", learning_rate=0.01)})
    (found,) = problems(document)
    assert (found.code, found.node, found.severity) == ("unit-steps", "loss", "warning")
    assert found.title == "SGD steps by the unit of median_house_value" and "Choose Adam" in found.sentence
    document.training = TrainingSettings(optimizers={"": OptimizerSettings(name="RMSprop")})
    assert not problems(document)


def test_default_settings_learn_prices_in_dollars(houses: Path) -> None:
    plain = run(prices(houses), houses.parent).result["metrics"]
    assert plain["val_r2"] < 0.1
    good = run(mended(prices(houses)), houses.parent).result["metrics"]
    assert good["val_r2"] > 0.55
    assert 20_000 < good["val_mae"] < 70_000
