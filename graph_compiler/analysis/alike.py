"""Layers that change several tensors alike in training: outside it their first output is made of the first input alone.

So a network that is used asks for nothing else, though the drawing shows wires to the other ports; blocks that hold such layers
are seen through.
"""

from __future__ import annotations

from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.graph.blocks.inside import INPUT, OUTPUT, boundary, port_name
from graph_compiler.graph.values import Node


class Alike:
    """`nodes` are the layers of a graph that change several tensors alike, and the instances of blocks that hold some."""

    def __init__(self, engine: GraphEngine) -> None:
        self._document = engine.document
        self._types = {name for name, spec in engine.registry.nodes.items() if getattr(spec, "at_rest", None)}
        self._blocks = self._holding()
        self.nodes = frozenset(n for n, node in engine.graph.nodes.items() if self._is_one(node))

    def _is_one(self, node: Node) -> bool:
        return not node.muted and (node.type in self._types or node.block in self._blocks)

    def _holding(self) -> set[str]:
        """Blocks that hold such a layer, at any depth."""
        found: set[str] = set()
        inside = {name: list(block.graph.nodes.values()) for name, block in self._document.blocks.items()}
        while True:
            more = {name for name, nodes in inside.items() if name not in found
                    and any(n.type in self._types or n.block in found for n in nodes)}
            if not more:
                return found
            found |= more

    def read(self, node: Node, port: str) -> set[str] | None:
        """The input ports that an output port is made of when the network is used; None for all of them."""
        return self._read(node, port, ())

    def _read(self, node: Node, port: str, around: tuple[str, ...]) -> set[str] | None:
        if node.type in self._types:
            return {"in"} if port == "out" else None
        if node.block in around or node.block not in self._document.blocks:
            return None
        definition = self._document.blocks[node.block]
        heads = {n.id: port_name(n) for n in boundary(definition, INPUT)}
        todo = [(n.id, "out") for n in boundary(definition, OUTPUT) if port_name(n) == port]
        seen = set(todo)
        while todo:
            here, end = todo.pop()
            inner = definition.graph.nodes[here]
            ports = self._read(inner, end, (*around, node.block)) if self._is_one(inner) else None
            for edge in definition.graph.into(here):
                source = (edge.source, edge.source_port)
                if (ports is None or edge.target_port in ports) and source not in seen:
                    seen.add(source)
                    todo.append(source)
        return {heads[here] for here, _ in seen if here in heads}
