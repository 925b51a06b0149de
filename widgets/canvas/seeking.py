"""Which nodes of a drawing a few words mean: by name, type, id, text of a note, or by what is wrong with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.graph.model import Document, Graph
from graph_compiler.graph.values import ROOT, Node

PROBLEM = ("problem", "problems")
"""Words that mean every node with an error or a warning."""


def seek(document: Document, analysis: Analyzer, text: str) -> list[str]:
    """Paths of the nodes that every word of the text fits, through the blocks they stand in, each block once.

    The drawing itself comes first, inside a graph from left to right.
    """
    words = text.lower().split()
    if not words:
        return []
    troubles: dict[str, list[str]] = defaultdict(list)
    for problem in analysis.problems:
        if problem.path and problem.severity in ("error", "warning"):
            troubles[problem.path] += [*PROBLEM, problem.severity, *problem.title.lower().split()]
    return [path for path, node in _every(document) if all(_fits(word, node, troubles.get(path, [])) for word in words)]


def _fits(word: str, node: Node, troubles: list[str]) -> bool:
    texts = [node.name, node.type, node.id, node.weights, str(node.params.get("title", "")), str(node.params.get("text", ""))]
    states = ["muted"] * node.muted + ["frozen"] * node.frozen
    return any(word in text.lower() for text in texts) or any(trouble.startswith(word) for trouble in (*troubles, *states))


def _every(document: Document) -> Iterator[tuple[str, Node]]:
    """Every node with its path; the inside of a block as its first instance has it."""
    seen, todo = {ROOT}, [("", document.graph)]
    while todo:
        outer, graph = todo.pop(0)
        for node in _in_order(graph):
            path = f"{outer}.{node.id}" if outer else node.id
            yield path, node
            if node.block in document.blocks and node.block not in seen:
                seen.add(node.block)
                todo.append((path, document.blocks[node.block].graph))


def _in_order(graph: Graph) -> list[Node]:
    return sorted(graph.nodes.values(), key=lambda node: (node.x, node.y))
