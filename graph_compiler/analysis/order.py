"""Topological order and circles."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop, heappush

from graph_compiler.graph.model import Graph


def topological(graph: Graph) -> tuple[list[str], frozenset[str]]:
    """Nodes so that each wire runs forward, and the nodes that lie on circles or behind them (in no order).

    Of the nodes that may come next, the one that stands first in the drawing comes first: the order depends on nodes and
    wires alone, never on how they came there.
    """
    names = list(graph.nodes)
    place = {node_id: i for i, node_id in enumerate(names)}
    waiting = [graph.count_into(node_id) for node_id in names]
    ready = [i for i, count in enumerate(waiting) if not count]
    heapify(ready)
    order: list[str] = []
    while ready:
        here = names[heappop(ready)]
        order.append(here)
        for target in graph.successors(here):
            goal = place[target]
            waiting[goal] -= 1
            if not waiting[goal]:
                heappush(ready, goal)
    return order, frozenset(place.keys() - set(order)) if len(order) < len(names) else frozenset()


def circles(graph: Graph, stuck: frozenset[str]) -> list[list[str]]:
    """The circles among nodes without an order: groups in which each node reaches every other, in the order of the drawing."""
    place = {node_id: i for i, node_id in enumerate(graph.nodes)}
    groups = [group for group in _components(graph, sorted(stuck, key=place.__getitem__))
              if len(group) > 1 or group[0] in graph.successors(group[0])]
    return sorted((sorted(group, key=place.__getitem__) for group in groups), key=lambda group: place[group[0]])


def _components(graph: Graph, nodes: list[str]) -> Iterator[list[str]]:
    """Strongly connected components (Tarjan 1972), without recursion."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    held: set[str] = set()
    inside = set(nodes)
    for root in nodes:
        todo: list[tuple[str, Iterator[str]]] = [] if root in index else [_enter(graph, root, index, low, stack, held)]
        while todo:
            here, targets = todo[-1]
            for target in targets:
                if target not in inside:
                    continue
                if target not in index:
                    todo.append(_enter(graph, target, index, low, stack, held))
                    break
                if target in held:
                    low[here] = min(low[here], index[target])
            else:
                todo.pop()
                if todo:
                    low[todo[-1][0]] = min(low[todo[-1][0]], low[here])
                if low[here] == index[here]:
                    yield _leave(here, stack, held)


def _enter(graph: Graph, node_id: str, index: dict[str, int], low: dict[str, int], stack: list[str],
           held: set[str]) -> tuple[str, Iterator[str]]:
    index[node_id] = low[node_id] = len(index)
    stack.append(node_id)
    held.add(node_id)
    return node_id, iter(list(graph.successors(node_id)))


def _leave(node_id: str, stack: list[str], held: set[str]) -> list[str]:
    cut = stack.index(node_id)
    group = stack[cut:]
    del stack[cut:]
    held.difference_update(group)
    return group
