"""The registry: node types and data sets by name, as one value that is passed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from graph_compiler.specs.datasets import DatasetSpec
from graph_compiler.specs.nodes import NodeSpec

DRAWING_ONLY = frozenset({"source", "objective", "output"})
"""Kinds of nodes that stand in the drawing itself."""

S = TypeVar("S", NodeSpec, DatasetSpec)


def _by_name(specs: Iterable[S]) -> dict[str, S]:
    out: dict[str, S] = {}
    for spec in specs:
        if spec.name in out:
            raise ValueError(f"Two plug-ins are named {spec.name}.")
        out[spec.name] = spec
    return out


@dataclass(frozen=True)
class Registry:
    """Everything that can be drawn and loaded. Trainers and exporters are listed beside their code, which needs this."""

    nodes: dict[str, NodeSpec] = field(default_factory=dict)
    datasets: dict[str, DatasetSpec] = field(default_factory=dict)

    @classmethod
    def of(cls, nodes: Iterable[NodeSpec] = (), datasets: Iterable[DatasetSpec] = ()) -> Registry:
        """A registry of these plug-ins. ValueError when two share a name."""
        return cls(_by_name(nodes), _by_name(datasets))

    def node(self, type_name: str) -> NodeSpec | None:
        """The spec of a node type, None for a type this program does not know."""
        return self.nodes.get(type_name)

    @property
    def drawing_only(self) -> frozenset[str]:
        """Types that stand in the drawing itself, never inside a block: sources, objectives, outputs."""
        return frozenset(name for name, spec in self.nodes.items() if spec.kind in DRAWING_ONLY)
