"""Who shares weights with whom in one graph: instances by weights name, each name with a hue of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

from graph_compiler.graph.model import Graph
from graph_compiler.graph.values import Node

HUES = ("vermilion", "sky", "green", "purple")
"""Given to the weights names of a graph in turn, in the order in which they appear."""

Key = tuple[str, str]
"""Block and weights name: only instances of one definition share."""


@dataclass(frozen=True)
class Sharing:
    """Instances of every weights name in the order of the drawing; the first one counts the weights."""

    groups: dict[Key, tuple[str, ...]] = field(default_factory=dict)

    def hue(self, node: Node) -> str:
        """The hue of the node's weights name."""
        key = (node.block, node.weights)
        return HUES[list(self.groups).index(key) % len(HUES)] if key in self.groups else HUES[0]

    def counts(self, node: Node) -> bool:
        """Whether the weights count at this node: it has its own, or is the first of its name."""
        return not node.weights or self.twins(node)[0] == node.id

    def twins(self, node: Node) -> tuple[str, ...]:
        """Every instance with the node's weights, itself included."""
        return self.groups.get((node.block, node.weights), (node.id,)) if node.weights else (node.id,)


def sharing_of(graph: Graph) -> Sharing:
    """Read the weights names of a graph."""
    groups: dict[Key, list[str]] = {}
    for node in graph.nodes.values():
        if node.weights and node.block:
            groups.setdefault((node.block, node.weights), []).append(node.id)
    return Sharing({key: tuple(ids) for key, ids in groups.items()})
