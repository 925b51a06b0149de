"""Every template is a sound document: it analyses without a problem, nothing overlaps, and its texts are there."""

from __future__ import annotations

import itertools
from importlib import resources
from pathlib import Path

import pytest

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.catalog import registry
from graph_compiler.datasets.split import split_counts
from graph_compiler.graph.files import dumps, loads
from tests.benchmarks.judges import JUDGES
from widgets.canvas.geometry import layout

TEMPLATES = {Path(f.name).stem: f.read_bytes() for f in resources.files("resources").joinpath("templates").iterdir()
             if f.name.endswith(".netloom")}
WEIGHTS = {"digits-cnn": 34_826, "digits-mlp": 101_770, "fashion-cnn": 94_858, "house-prices": 5_148, "iris": 140}

MEDIANS = {*WEIGHTS, "resnet", "inception", "se-net"}
"""Templates whose figure is a median over three runs at least."""


def test_the_templates_are_these():
    assert WEIGHTS.keys() <= TEMPLATES.keys()


def test_the_readme_names_them_all():
    text = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    assert [name for name in TEMPLATES if f"`{name}`" not in text] == []


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_it_analyses_clean(name):
    analysis = Analyzer(loads(TEMPLATES[name]), registry())
    assert analysis.problems == []
    assert analysis.plan.trainer == ("adversarial" if analysis.plan.contests else "supervised")
    if name in WEIGHTS:
        assert analysis.totals.weights == WEIGHTS[name]


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_the_file_is_as_the_program_writes_it(name):
    assert dumps(loads(TEMPLATES[name])) == TEMPLATES[name]


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_it_tells_the_gallery_what_it_is(name):
    about = loads(TEMPLATES[name]).about
    assert about["title"]
    assert 20 <= len(about["summary"]) <= 80
    assert about["summary"].endswith(".")
    assert about["text"]
    assert about["tags"]
    assert 0 < about["minutes"] <= (5 if name in WEIGHTS else 10)
    figure = about["figure"]
    assert figure["name"]
    assert figure["metric"].startswith("test_") or figure["by"] in JUDGES
    assert figure["bound"] > 0
    assert isinstance(figure["smaller_is_better"], bool)
    assert figure["over"] in ("seed", "split")
    assert len(figure["seeds"]) >= (3 if name in MEDIANS else 1)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_no_card_covers_another(name, qapp):
    """At the root and inside every block, with room for the wires between two cards."""
    engine = Analyzer(loads(TEMPLATES[name]), registry()).engine
    for inside in (engine, *engine.children.values()):
        cards = {n: layout(f).rect.translated(f.node.x, f.node.y)
                 for n, f in inside.facts.items() if f.node.type != "Note"}
        for a, b in itertools.combinations(cards, 2):
            assert not cards[a].adjusted(-16, -16, 16, 16).intersects(cards[b]), f"{a} and {b}"


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_its_data_needs_no_download(name):
    for node in loads(TEMPLATES[name]).graph.nodes.values():
        dataset = registry().datasets.get(node.type)
        if dataset is not None:
            assert dataset.downloads == ()
            p = {**registry().nodes[node.type].defaults(), **node.params}
            counts = split_counts(dataset.schema(p), p)
            assert counts is not None
            assert min(counts.values()) >= 15


def test_digits_cnn_is_the_net_of_the_picture():
    document = loads(TEMPLATES["digits-cnn"])
    assert [n.type for n in document.graph.nodes.values()] == [
        "MNIST", "Rescaling", "Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Flatten", "Dropout", "Dense", "Loss", "Note"]
    facts = Analyzer(document, registry()).facts
    shapes = [facts(path).output.words for path in ("conv2d_1", "max_pooling2d_1", "conv2d_2", "max_pooling2d_2", "flatten_1")]
    assert shapes == ["26×26×32", "13×13×32", "11×11×64", "5×5×64", "1,600"]
    assert document.training.epochs == 6
