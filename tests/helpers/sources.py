"""Sources of the catalogue by name: checked values, schema and table in one call."""

from __future__ import annotations

from pathlib import Path

from graph_compiler.catalog import registry
from graph_compiler.specs.datasets import Place

NOWHERE = Place(Path("/nowhere"), Path("/nowhere"))


def values(name, **changes):
    """The checked parameters of a source, its defaults but for `changes`."""
    spec = registry().nodes[name]
    return {k: spec.param(k).check(v) for k, v in {**spec.defaults(), **changes}.items()}


def load(name, place=NOWHERE, **changes):
    """(table, schema, values) of a source."""
    p = values(name, **changes)
    dataset = registry().datasets[name]
    return dataset.load(p, place), dataset.schema(p), p


def column(schema, name):
    """A column of a schema by name."""
    return next(c for c in schema.every if c.name == name)
