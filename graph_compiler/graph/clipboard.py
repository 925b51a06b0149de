"""Copy and paste as text: a part of a drawing as JSON that can be mailed, and the edits that put it back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

from graph_compiler.graph.blocks.definitions import refuse_inside_itself, take_over
from graph_compiler.graph.blocks.inside import BOUNDARY, needed, port_name
from graph_compiler.graph.blocks.names import fresh_name, fresh_weights, weights_of
from graph_compiler.graph.edit import EditRefused
from graph_compiler.graph.edits import AddNode, Connect, Edit
from graph_compiler.graph.ids import fresh_id
from graph_compiler.graph.mailed import object_in
from graph_compiler.graph.model import BlockDefinition, Document, Graph
from graph_compiler.graph.substitution import mentioned, substituted
from graph_compiler.graph.values import ROOT, BlockParameter, Edge, Json, Node

MARK = "netloom-part"
LONGEST = 4_000_000
MOST = 5000


def to_text(document: Document, scope: str, ids: Iterable[str]) -> str:
    """The nodes, the wires between them, the block definitions they need and the parameters their expressions use, as JSON."""
    graph = document.scope(scope)
    chosen = {n: graph.nodes[n] for n in ids if n in graph.nodes}
    nodes = [msgspec.to_builtins(node) for node in chosen.values()]
    edges = [msgspec.to_builtins(e) for e in graph.edges.values() if e.source in chosen and e.target in chosen]
    blocks = {name: _block_json(document.blocks[name]) for name in needed(document, [n.block for n in chosen.values()])}
    declared = document.blocks[scope].parameters if scope != ROOT else ()
    part = {MARK: 1, "nodes": nodes, "edges": edges, "blocks": blocks, "given": {p.name: p.default for p in declared}}
    return json.dumps(part, ensure_ascii=False, indent=1)


def _block_json(block: BlockDefinition) -> dict[str, Any]:
    return {"nodes": [msgspec.to_builtins(n) for n in block.graph.nodes.values()],
            "edges": [msgspec.to_builtins(e) for e in block.graph.edges.values()],
            "parameters": [msgspec.to_builtins(p) for p in block.parameters], "summary": block.summary, "extra": block.extra}


class Part:
    """A pasted part: nodes, wires and blocks, checked. ValueError when the text is none."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST or MARK not in text:
            raise ValueError("The clipboard holds no part of a drawing.")
        try:
            data = object_in(text, MARK)
            self.nodes = msgspec.convert(data["nodes"], list[Node])
            self.edges = msgspec.convert(data["edges"], list[Edge])
            self.blocks = {str(name): self._block(raw) for name, raw in dict(data.get("blocks", {})).items()}
            self.given = msgspec.convert(data.get("given", {}), dict[str, Any])
        except (ValueError, KeyError, TypeError, RecursionError, msgspec.ValidationError) as error:
            raise ValueError(f"The clipboard holds a damaged part of a drawing: {error}") from None
        if len(self.nodes) > MOST:
            raise ValueError(f"The clipboard holds {len(self.nodes):,} nodes; at most {MOST:,} can be pasted at once.")

    @staticmethod
    def _block(raw: dict[str, Any]) -> BlockDefinition:
        graph = Graph(msgspec.convert(raw["nodes"], list[Node]), msgspec.convert(raw["edges"], list[Edge]))
        parameters = msgspec.convert(raw.get("parameters", []), list[BlockParameter])
        block = BlockDefinition(graph, parameters, str(raw.get("summary", "")))
        block.extra = msgspec.convert(raw.get("extra", {}), dict[str, Any])
        return block

    def edits(self, document: Document, scope: str, left: float, top: float) -> tuple[list[Edit], list[str]]:
        """Edits that put the part with its upper left corner at a place, and the fresh ids of its nodes.

        Instances get weights of their own; those that share among themselves go on sharing under a fresh name. A block that is
        here already under its name is used when it is equal, else the pasted one takes a fresh name. Ports of a block come
        along only into a block. EditRefused for a block that would stand inside itself.
        """
        nodes = [n for n in self.nodes if scope != ROOT or n.type not in BOUNDARY]
        if self.nodes and not nodes:
            raise EditRefused("Ports of a block can be pasted into a block only.")
        taken = take_over(document, self.blocks)
        refuse_inside_itself(document, scope, taken, {n.block for n in nodes if n.block})
        ids = self._fresh_ids(document.scope(scope), nodes, taken.names)
        dx = left - min((n.x for n in nodes), default=0.0)
        dy = top - min((n.y for n in nodes), default=0.0)
        fresh = self._fresh(document, scope, nodes, taken.names)
        edits = [*taken.edits]
        edits += [AddNode(msgspec.structs.replace(n, id=ids[n.id], x=n.x + dx, y=n.y + dy), scope) for n in fresh]
        edits += [Connect(msgspec.structs.replace(e, source=ids[e.source], target=ids[e.target],
                                                  points=tuple((x + dx, y + dy) for x, y in e.points)), scope)
                  for e in self.edges if e.source in ids and e.target in ids]
        return edits, list(ids.values())

    @staticmethod
    def _fresh_ids(graph: Graph, nodes: list[Node], names: dict[str, str]) -> dict[str, str]:
        taken, ids = set(graph.nodes), dict[str, str]()
        for node in nodes:
            ids[node.id] = fresh_id(names.get(node.block, node.block) or node.type, taken)
            taken.add(ids[node.id])
        return ids

    def _fresh(self, document: Document, scope: str, nodes: list[Node], names: dict[str, str]) -> list[Node]:
        """The nodes with blocks, weights names, port names and expressions as they fit the place."""
        weights = _fresh_weights(document.scope(scope), nodes)
        given = {name: value for name, value in self.given.items() if name not in _declared(document, scope)}
        ports = {port_name(n) for n in document.scope(scope).nodes.values() if n.type in BOUNDARY}
        found = []
        for node in nodes:
            params = {name: self._computed(value, given) for name, value in node.params.items()}
            changed = {"block": names.get(node.block, node.block), "weights": weights.get((node.block, node.weights), "")}
            if node.type in BOUNDARY:
                changed["label"] = fresh_name(port_name(node), ports)
                ports.add(changed["label"])
            found.append(msgspec.structs.replace(node, params=params, **changed))
        return found

    @staticmethod
    def _computed(value: Json, given: dict[str, Json]) -> Json:
        return substituted(value, given) if mentioned(value) & given.keys() else value


def _declared(document: Document, scope: str) -> set[str]:
    return {p.name for p in document.blocks[scope].parameters} if scope != ROOT else set()


def _fresh_weights(graph: Graph, nodes: list[Node]) -> dict[tuple[str, str], str]:
    """A fresh name for every weights name that two or more of the nodes share; the others have weights of their own."""
    taken, found = weights_of(graph), dict[tuple[str, str], str]()
    for key, count in Counter((n.block, n.weights) for n in nodes if n.weights).items():
        if count > 1:
            found[key] = fresh_weights(key[0], taken)
            taken.add(found[key])
    return found
