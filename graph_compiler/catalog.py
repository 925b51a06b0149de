"""The one list of plug-ins. Adding a layer, data set, trainer or exporter adds its module here and nothing else."""

from __future__ import annotations

from functools import cache

from graph_compiler.layers import core, objectives, structure
from graph_compiler.specs.registry import Registry


@cache
def registry() -> Registry:
    """Everything this program can draw, load, train and export."""
    families = (core, objectives, structure)
    return Registry.of(nodes=[spec for family in families for spec in family.SPECS])
