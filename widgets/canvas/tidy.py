"""Auto-layout: layers from sources to objectives, fewer crossings by barycentres, columns and rows as the look asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph_compiler.analysis.order import topological
from graph_compiler.graph.model import Graph

PITCH, ROW_GAP = 256.0, 56.0
SWEEPS = 6


def layers_of(graph: Graph, ids: Sequence[str]) -> dict[str, int]:
    """The layer of each node: one more than the last of its predecessors; sources stand right before their first reader."""
    chosen = set(ids)
    order, stuck = topological(graph)
    layer: dict[str, int] = {}
    for node_id in [n for n in order if n in chosen] + sorted(stuck & chosen):
        layer[node_id] = 1 + max((layer[p] for p in graph.predecessors(node_id) if p in layer), default=-1)
    for node_id in reversed([n for n in order if n in chosen]):
        readers = [layer[s] for s in graph.successors(node_id) if s in layer]
        if readers and not any(p in chosen for p in graph.predecessors(node_id)):
            layer[node_id] = min(readers) - 1
    return layer


def tidy(graph: Graph, ids: Sequence[str], sizes: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """New positions (x, y) of these nodes. The upper left corner of the group stays where it is. Linear in nodes and wires."""
    if not ids:
        return {}
    layer = layers_of(graph, ids)
    columns: dict[int, list[str]] = {}
    for node_id in sorted(ids, key=lambda n: (graph.nodes[n].y, graph.nodes[n].x)):
        columns.setdefault(layer[node_id], []).append(node_id)
    _fewer_crossings(graph, columns)
    left = min(graph.nodes[n].x for n in ids)
    top = min(graph.nodes[n].y for n in ids)
    return _place(graph, columns, sizes, left, top)


def _fewer_crossings(graph: Graph, columns: dict[int, list[str]]) -> None:
    place = {n: float(i) for column in columns.values() for i, n in enumerate(column)}
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for index in sorted(columns, reverse=not forward):
            neighbours = graph.predecessors if forward else graph.successors

            def centre(node_id: str, near: object = neighbours) -> float:
                found = [place[n] for n in near(node_id) if n in place]  # type: ignore[operator]
                return sum(found) / len(found) if found else place[node_id]

            columns[index].sort(key=centre)
            for i, node_id in enumerate(columns[index]):
                place[node_id] = float(i)


def _place(graph: Graph, columns: dict[int, list[str]], sizes: Mapping[str, tuple[float, float]],
           left: float, top: float) -> dict[str, tuple[float, float]]:
    """Headers of a chain at one height: each node takes the height of its first predecessor when that is free."""
    placed: dict[str, tuple[float, float]] = {}
    x = left
    for index in sorted(columns):
        bottom = -1e9
        for node_id in columns[index]:
            wish = next((placed[p][1] for p in graph.predecessors(node_id) if p in placed), top)
            y = max(wish, bottom + ROW_GAP, top)
            placed[node_id] = (x, float(round(y)))
            bottom = y + sizes.get(node_id, (168.0, 100.0))[1]
        width = max(sizes.get(n, (168.0, 100.0))[0] for n in columns[index])
        x += max(PITCH, -(-(width + 88) // 8) * 8)
    return placed
