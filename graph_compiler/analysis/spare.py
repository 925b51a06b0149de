"""Nodes that lie unwired on the canvas, ready to be used where a fix would put a new one."""

from __future__ import annotations

from collections.abc import Mapping

from graph_compiler.graph.edits import AddNode, Edit, SetParam
from graph_compiler.graph.ids import fresh_id
from graph_compiler.graph.model import Graph
from graph_compiler.graph.values import Json, Node


def node_for(graph: Graph, scope: str, type_name: str, params: Mapping[str, Json],
             place: tuple[float, float]) -> tuple[str, list[Edit]]:
    """A node of that type with these parameters: the one that lies unwired, else a new one at the place (x, y in px).

    Gives its id and the edits that make it ready.
    """
    found = _spare(graph, type_name, params)
    if found is None:
        fresh = Node(id=fresh_id(type_name, graph.nodes), type=type_name, params=dict(params), x=place[0], y=place[1])
        return fresh.id, [AddNode(fresh, scope)]
    missing = {name: value for name, value in params.items() if name not in found.params}
    return found.id, [SetParam(found.id, name, value, scope) for name, value in missing.items()]


def _spare(graph: Graph, type_name: str, params: Mapping[str, Json]) -> Node | None:
    """The only unwired node of a type, unless it is muted or its own values say something else than the fix has to."""
    loose = [node for node in graph.nodes.values()
             if node.type == type_name and not graph.into(node.id) and not graph.count_out(node.id)]
    if len(loose) != 1 or loose[0].muted:
        return None
    said = loose[0].params
    return loose[0] if all(said.get(name, value) == value for name, value in params.items()) else None
