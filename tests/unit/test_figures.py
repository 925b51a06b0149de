"""Every template has a current row in figures.json, and reaches its bound there."""

from __future__ import annotations

import json

import pytest

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.catalog import registry
from graph_compiler.graph.files import loads
from tests.benchmarks.__main__ import reached
from tests.benchmarks.figures import FILE, digest, templates

TEMPLATES = templates()


def test_there_are_templates():
    assert {"house-prices", "digits-mlp", "digits-cnn", "fashion-cnn", "iris"} <= TEMPLATES.keys()


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_template_has_a_current_row_that_reaches_its_bound(name):
    row = json.loads(FILE.read_text())[name]
    assert row["document"] == digest(TEMPLATES[name]), "the document changed: run `python -m tests.benchmarks figures`"
    assert reached(row), f"{row['metric']} is {row['value']}, the bound is {row['bound']}"
    assert row["exports"] == 3 * parts_of(TEMPLATES[name]) * len(row["values"])


def parts_of(content):
    """How many parts leave: the whole, or the encoder (where there is one) and the step of a generated sequence."""
    plan = Analyzer(loads(content), registry()).plan.sequence
    return 2 if plan is not None and (plan.context or any(state.initial for state in plan.states)) else 1
