"""Copy and paste as text: a part of a drawing as JSON that can be mailed, and the edits that put it back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import msgspec

from graph_compiler.graph.edits import AddBlock, AddNode, Connect, Edit
from graph_compiler.graph.ids import fresh_id
from graph_compiler.graph.model import BlockDefinition, Document, Graph
from graph_compiler.graph.values import BlockParameter, Edge, Node

MARK = "netloom-part"
LONGEST = 4_000_000
MOST = 5000


def to_text(document: Document, scope: str, ids: Iterable[str]) -> str:
    """The nodes, the wires between them and the block definitions they need, as JSON."""
    graph, wanted = document.scope(scope), list(ids)
    chosen = set(wanted)
    nodes = [msgspec.to_builtins(graph.nodes[n]) for n in wanted if n in graph.nodes]
    edges = [msgspec.to_builtins(e) for e in graph.edges.values() if e.source in chosen and e.target in chosen]
    blocks = {name: _block_json(document.blocks[name]) for name in _needed(document, scope, chosen)}
    return json.dumps({MARK: 1, "nodes": nodes, "edges": edges, "blocks": blocks}, ensure_ascii=False, indent=1)


def _needed(document: Document, scope: str, ids: set[str]) -> list[str]:
    todo = [document.scope(scope).nodes[n].block for n in ids if n in document.scope(scope).nodes]
    found: list[str] = []
    while todo:
        name = todo.pop()
        if name and name not in found and name in document.blocks:
            found.append(name)
            todo.extend(n.block for n in document.blocks[name].graph.nodes.values())
    return found


def _block_json(block: BlockDefinition) -> dict[str, Any]:
    return {"nodes": [msgspec.to_builtins(n) for n in block.graph.nodes.values()],
            "edges": [msgspec.to_builtins(e) for e in block.graph.edges.values()],
            "parameters": [msgspec.to_builtins(p) for p in block.parameters], "summary": block.summary}


class Part:
    """A pasted part: nodes, wires and blocks, checked. ValueError when the text is none."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST or MARK not in text:
            raise ValueError("The clipboard holds no part of a drawing.")
        try:
            data = json.loads(text)
            self.nodes = msgspec.convert(data["nodes"], list[Node])
            self.edges = msgspec.convert(data["edges"], list[Edge])
            self.blocks = {str(name): self._block(raw) for name, raw in dict(data.get("blocks", {})).items()}
        except (ValueError, KeyError, TypeError, RecursionError, msgspec.ValidationError) as error:
            raise ValueError(f"The clipboard holds a damaged part of a drawing: {error}") from None
        if len(self.nodes) > MOST:
            raise ValueError(f"The clipboard holds {len(self.nodes):,} nodes; at most {MOST:,} can be pasted at once.")

    @staticmethod
    def _block(raw: dict[str, Any]) -> BlockDefinition:
        graph = Graph(msgspec.convert(raw["nodes"], list[Node]), msgspec.convert(raw["edges"], list[Edge]))
        parameters = msgspec.convert(raw.get("parameters", []), list[BlockParameter])
        return BlockDefinition(graph, parameters, str(raw.get("summary", "")))

    def edits(self, document: Document, scope: str, left: float, top: float) -> tuple[list[Edit], list[str]]:
        """Edits that put the part with its upper left corner at a place, and the fresh ids of its nodes."""
        graph = document.scope(scope)
        taken, names = set(graph.nodes), {}
        for node in self.nodes:
            names[node.id] = fresh_id(node.block or node.type, taken)
            taken.add(names[node.id])
        dx = left - min((n.x for n in self.nodes), default=0.0)
        dy = top - min((n.y for n in self.nodes), default=0.0)
        edits: list[Edit] = [AddBlock(name, block) for name, block in self.blocks.items() if name not in document.blocks]
        edits += [AddNode(msgspec.structs.replace(n, id=names[n.id], x=n.x + dx, y=n.y + dy), scope) for n in self.nodes]
        edits += [Connect(msgspec.structs.replace(e, source=names[e.source], target=names[e.target],
                                                  points=tuple((x + dx, y + dy) for x, y in e.points)), scope)
                  for e in self.edges if e.source in names and e.target in names]
        return edits, list(names.values())
