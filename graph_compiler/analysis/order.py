"""Topological order and cycles."""

from __future__ import annotations

from graph_compiler.graph.model import Graph


def topological(graph: Graph) -> tuple[list[str], frozenset[str]]:
    """Nodes so that each wire runs forward, and the nodes that lie on cycles or behind them (in no order)."""
    waiting = {node_id: sum(1 for _ in graph.predecessors(node_id)) for node_id in graph.nodes}
    ready = [node_id for node_id, count in waiting.items() if not count]
    order: list[str] = []
    for node_id in ready:
        order.append(node_id)
        for target in graph.successors(node_id):
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return order, frozenset(graph.nodes.keys() - set(order))


def on_cycles(graph: Graph, stuck: frozenset[str]) -> frozenset[str]:
    """Of the nodes without an order, those that can reach themselves."""
    return frozenset(n for n in stuck if any(graph.reaches(t, n) for t in graph.successors(n)))


def downstream(graph: Graph, starts: set[str]) -> set[str]:
    """The nodes and everything their wires lead to."""
    seen, todo = set(starts), list(starts)
    while todo:
        for target in graph.successors(todo.pop()):
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen
