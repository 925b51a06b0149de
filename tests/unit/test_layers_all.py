"""What every registered layer owes the palette, the form and the card."""

from __future__ import annotations

import json

import pytest

from graph_compiler.catalog import registry
from graph_compiler.specs.nodes import FAMILIES, LayerSpec, NodeSpec
from graph_compiler.specs.refusal import Refusal
from tests.conformance.cases import Case, inputs_of
from tests.conformance.verdict import rule_of
from tests.helpers.parameters import checked

LAYERS = [spec for spec in registry().nodes.values() if isinstance(spec, LayerSpec)]

each_layer = pytest.mark.parametrize("spec", LAYERS, ids=lambda spec: spec.name)


@each_layer
def test_words_for_people(spec: NodeSpec) -> None:
    assert spec.family in FAMILIES
    assert spec.summary and not spec.summary.endswith(".") and len(spec.summary) <= 44
    assert spec.text.endswith((".", "?")) and len(spec.text) >= 30
    assert spec.keywords
    assert all(param.summary.endswith((".", "”")) for param in spec.params)


@each_layer
def test_a_card_shows_three_parameters_at_most(spec: NodeSpec) -> None:
    keys = [param.name for param in spec.params if param.key]
    assert len(keys) <= 3
    assert keys or len(spec.params) <= 2


@each_layer
def test_defaults_are_json_and_fit(spec: NodeSpec) -> None:
    for param in spec.params:
        assert json.loads(json.dumps(param.default)) == param.default
        param.check(param.default)


@each_layer
def test_the_explanation_is_told_whenever_the_rule_accepts(spec: LayerSpec) -> None:
    for inputs in inputs_of(spec):
        case = Case(spec.name, {}, inputs)
        if spec.explain is not None and not isinstance(rule_of(spec, case), Refusal):
            words = spec.explain(checked(spec, {}), case.x)
            assert words and "None" not in words and not words.endswith(".")
