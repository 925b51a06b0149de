"""The guide is whole: every template, topology and type of node has its article, every link leads somewhere."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from app import paths
from app.guide_texts import GROUPS, TOLD, about_layer, articles, read_about, read_article, written
from graph_compiler.catalog import registry
from widgets.guide.article import LAYERS, Article, search

SPECS = list(registry().nodes.values())
TOPOLOGIES = ("feed-forward", "cnn", "rnn", "one-to-many", "many-to-one", "many-to-many", "encoder-decoder", "attention",
              "transformer", "u-net", "autoencoder", "vae", "gan", "conditional-gan", "wgan-gp", "siamese")
IDEAS = ("tensors", "layers", "loss", "training", "overfitting", "splits", "metrics")
LINK = re.compile(r"\]\((\w+):([\w.-]+)\)")


def article(name: str) -> Article:
    return next(a for a in written() if a.id == name)


@pytest.mark.parametrize("name", [*TOPOLOGIES, *IDEAS, "reinforcement"])
def test_every_topology_and_idea_has_its_article(name):
    found = article(name)
    assert found.summary and len(found.text) > 400
    assert found.group in GROUPS


@pytest.mark.parametrize("name", TOPOLOGIES)
def test_every_topology_has_a_template_to_open(name):
    assert article(name).templates


@pytest.mark.parametrize("name", [t for t in TOPOLOGIES if t != "rnn"])
def test_every_topology_has_a_drawing(name):
    assert "](drawing:" in article(name).text


@pytest.mark.parametrize("template", paths.template_ids())
def test_every_template_has_an_article(template):
    assert [a.id for a in written() if template in a.templates]


def test_every_link_leads_somewhere():
    every = articles(registry())
    known = {"guide": {a.id for a in written()}, "layer": {a.title for a in every if a.group == LAYERS},
             "template": set(paths.template_ids()), "drawing": set(paths.template_ids())}
    lost = [f"{a.id}: {kind}:{what}" for a in every for kind, what in LINK.findall(a.text) if what not in known.get(kind, ())]
    assert not lost
    assert sum(len(LINK.findall(a.text)) for a in written()) > 50


def test_what_the_heads_name_exists():
    types, families = {s.name for s in SPECS}, {s.family for s in SPECS}
    for a in written():
        assert set(a.templates) <= set(paths.template_ids()), a.id
        assert set(a.layers) <= types | families, (a.id, set(a.layers) - types - families)


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.name)
def test_every_type_of_node_leads_to_an_article(spec):
    assert read_about(spec) is not None


@pytest.mark.parametrize("spec", [s for s in SPECS if s.kind in TOLD], ids=lambda s: s.name)
def test_every_parameter_of_every_type_has_its_sentence(spec):
    for param in (*spec.params, *(p for branch in spec.branches.values() for p in branch)):
        assert re.fullmatch(r"\S+ .+[.?…)]", param.summary), f"{spec.name}.{param.name}: “{param.summary}”"
    told = about_layer(spec)
    assert told.summary.endswith((".", "?", "…"))
    for param in spec.params:
        assert param.kept or f"`{param.name}`" in told.text


def test_the_articles_stand_in_order():
    groups = [a.group for a in written()]
    assert groups == sorted(groups, key=GROUPS.index)
    assert len({a.id for a in articles(registry())}) == len(articles(registry()))
    assert len(list(resources.files("resources").joinpath("guide").iterdir())) == len(written())


def test_a_name_comes_before_a_mention():
    assert search("gan", written())[0].id == "gan"
    assert search("lstm", articles(registry()))[0].id == "layer-LSTM"
    assert search("mode collapse", written())[0].id == "gan"
    assert search("", written()) == [] and search("xyzzy", written()) == []


def test_the_search_needs_every_word():
    found = {a.id for a in search("gradient penalty", written())}
    assert "wgan-gp" in found and "tensors" not in found


def test_a_damaged_head_is_said():
    with pytest.raises(ValueError, match="no title"):
        read_article("x", "no title\ngroup: Ideas\n\ntext")
    with pytest.raises(ValueError, match="no line of the head"):
        read_article("x", "# T\nwithout a colon\n\ntext")


def test_reinforcement_learning_is_said_to_be_missing():
    assert "does not train it" in article("reinforcement").summary
    assert not article("reinforcement").templates
