"""What a document means, whatever blocks it is cut into: every layer with all that feeds it, and which layers share weights.

Written apart from the program's own walks, so that the two can be held against each other.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

from graph_compiler.graph.expressions import ExpressionError, evaluate
from graph_compiler.graph.model import Document, Graph
from graph_compiler.graph.values import Edge, Json, Node

Meaning = Counter[tuple[str, ...]]
"""Groups of layers that share weights, each layer as a hash of itself and everything before it."""


def meaning(document: Document) -> Meaning:
    """The meaning of the drawing (without circles)."""
    owners: dict[str, list[str]] = {}
    _Inside(document, document.graph, {}, {}, "", False, owners).all()
    return Counter(tuple(sorted(layers)) for layers in owners.values())


class _Inside:
    """One graph in one place: ends as texts, layers written to `owners` under who owns their weights."""

    def __init__(self, document: Document, graph: Graph, names: Mapping[str, Json], fed: Mapping[str, str], place: str,
                 frozen: bool, owners: dict[str, list[str]]) -> None:
        self.document, self.graph, self.names, self.fed = document, graph, names, fed
        self.place, self.frozen, self.owners = place, frozen, owners
        self.done: dict[str, dict[str, str]] = {}

    def all(self) -> None:
        for node_id in self.graph.nodes:
            self.outs(node_id)

    def end(self, edge: Edge) -> str:
        outs, source = self.outs(edge.source), self.graph.nodes[edge.source]
        if source.block:
            return outs.get(edge.source_port, "open")
        return outs[""] if source.type == "BlockInput" else f"{outs['']}.{edge.source_port}"

    def outs(self, node_id: str) -> dict[str, str]:
        if node_id not in self.done:
            node = self.graph.nodes[node_id]
            self.done[node_id] = self._block(node) if node.block else {"": self._leaf(node)}
        return self.done[node_id]

    def _leaf(self, node: Node) -> str:
        if node.type == "BlockInput":
            return self.fed.get(node.label or node.id, "open")
        arriving = sorted((e.target_port, e.index, self.end(e)) for e in self.graph.into(node.id))
        if node.type == "BlockOutput":
            return arriving[0][2] if arriving else "open"
        words = [end for end in arriving if end[2] != "open"]
        text = f"{node.type}{node.label}{self._values(node)}{node.muted}{node.frozen or self.frozen}{words}"
        short = f"{node.type} {hashlib.md5(text.encode()).hexdigest()[:12]}"
        self.owners.setdefault(self.place + node.id, []).append(short)
        return short

    def _block(self, node: Node) -> dict[str, str]:
        block = self.document.blocks[node.block]
        names = {p.name: p.default for p in block.parameters} | {
            name: value for name, value in self._values(node).items() if name in {p.name for p in block.parameters}}
        fed = {e.target_port: self.end(e) for e in self.graph.into(node.id)}
        place = f"{self.place}{f'{node.block}={node.weights}' if node.weights else node.id}/"
        inside = _Inside(self.document, block.graph, names, fed, place, self.frozen or node.frozen, self.owners)
        inside.all()
        return {n.label or n.id: inside.outs(n.id)[""] for n in block.graph.nodes.values() if n.type == "BlockOutput"}

    def _values(self, node: Node) -> dict[str, Json]:
        return {name: self._value(value) for name, value in sorted(node.params.items())}

    def _value(self, value: Any) -> Json:
        if isinstance(value, list):
            return [self._value(part) for part in value]
        if isinstance(value, dict) and "=" in value:
            try:
                return evaluate(value["="], self.names)
            except ExpressionError:
                return f"no value: {value['=']}"
        return value
