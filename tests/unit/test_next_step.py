"""What stands in the strip of tabs while a drawing cannot be trained yet."""

from __future__ import annotations

import pytest

from app.pages import next_step
from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.catalog import registry
from tests.helpers.blocks import twins
from tests.helpers.drawing import analysed

SOUND = ("iris Iris", "dense Dense units=3 activation=softmax", "loss Loss", "iris.features > dense > loss.prediction",
         "iris.species > loss.target")


@pytest.mark.parametrize(("lines", "words"), [
    ((), ""), (SOUND, ""), (("iris Iris", "dense Dense units=3", "iris.features > dense"), "add a Loss, then Train"),
    ((SOUND[0], "dense Dense units=7", *SOUND[2:]), "set units of Dense to 3"),
    ((*SOUND[:2], "loss Loss", "iris.features > dense > loss.prediction"), "wire species to target"),
    ((SOUND[0], *SOUND[1:3], "dense > loss.prediction", SOUND[4]), "pull a wire to Dense")])
def test_the_next_step_in_a_few_words(lines, words):
    assert next_step(analysed(*lines)) == words


def test_the_next_step_inside_a_block():
    document = twins()
    inside = document.blocks["net"].graph
    inside.drop_edge(next(iter(inside.into("conv"))).key)
    assert next_step(Analyzer(document, registry())) == "pull a wire to Conv2D"
