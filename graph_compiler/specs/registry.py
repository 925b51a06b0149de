"""The registry: node types, data sets, trainers and exporters by name, as one value that is passed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from graph_compiler.specs.datasets import DatasetSpec
from graph_compiler.specs.exporters import ExporterSpec
from graph_compiler.specs.nodes import NodeSpec
from graph_compiler.specs.trainers import TrainerSpec

S = TypeVar("S", NodeSpec, DatasetSpec, ExporterSpec, TrainerSpec)


def _by_name(specs: Iterable[S]) -> dict[str, S]:
    out: dict[str, S] = {}
    for spec in specs:
        if spec.name in out:
            raise ValueError(f"Two plug-ins are named {spec.name}.")
        out[spec.name] = spec
    return out


@dataclass(frozen=True)
class Registry:
    """Everything that can be drawn, loaded, trained with and exported to."""

    nodes: dict[str, NodeSpec] = field(default_factory=dict)
    datasets: dict[str, DatasetSpec] = field(default_factory=dict)
    trainers: dict[str, TrainerSpec] = field(default_factory=dict)
    exporters: dict[str, ExporterSpec] = field(default_factory=dict)

    @classmethod
    def of(cls, nodes: Iterable[NodeSpec] = (), datasets: Iterable[DatasetSpec] = (),
           trainers: Iterable[TrainerSpec] = (), exporters: Iterable[ExporterSpec] = ()) -> Registry:
        """A registry of these plug-ins. ValueError when two share a name."""
        return cls(_by_name(nodes), _by_name(datasets), _by_name(trainers), _by_name(exporters))

    def node(self, type_name: str) -> NodeSpec | None:
        """The spec of a node type, None for a type this program does not know."""
        return self.nodes.get(type_name)
