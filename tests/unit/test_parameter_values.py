"""The generator of parameter values: valid for every parameter of every registered node, and not always the default."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_compiler.catalog import registry
from graph_compiler.specs.nodes import LayerSpec
from tests.helpers.parameters import checked, overrides, values_of

LAYERS = [spec for spec in registry().nodes.values() if isinstance(spec, LayerSpec) and spec.params]


@pytest.mark.parametrize("spec", LAYERS, ids=lambda spec: spec.name)
@settings(max_examples=5, derandomize=True, database=None, deadline=None)
@given(data=st.data())
def test_values_are_valid_json(spec: LayerSpec, data: st.DataObject) -> None:
    for param in spec.params:
        value = data.draw(values_of(param), label=param.name)
        assert json.loads(json.dumps(value)) == value
        param.check(value)
    drawn = data.draw(overrides(spec))
    assert checked(spec, drawn).keys() == {p.name for p in spec.params}
