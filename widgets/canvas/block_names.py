"""What a new block is called until somebody says otherwise: a word for its content, not taken yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable

from graph_compiler.graph.blocks.names import fresh_name
from graph_compiler.graph.ids import stem_of
from graph_compiler.graph.model import Graph
from graph_compiler.graph.plain import id_problem
from graph_compiler.graph.values import Node
from graph_compiler.specs.registry import Registry

WORDS = {"convolution": "conv", "core": "dense", "recurrent": "recurrent", "attention": "attention",
         "preprocessing": "augmentation", "normalisation": "norm", "pooling": "pooling"}
"""From families to the words blocks are named by, in the order of their weight."""


def suggested(graph: Graph, ids: Iterable[str], registry: Registry, taken: Container[str]) -> str:
    """A fresh name for a block of these nodes: a frame's title, `residual` for a sum around layers, else the kind of layers."""
    nodes = [graph.nodes[n] for n in ids]
    title = next((str(n.params.get("title", "")) for n in nodes if n.type == "Frame"), "")
    name = stem_of(title) if title else _word(graph, nodes, registry)
    return fresh_name(name if not id_problem(name) else "block", taken)


def _word(graph: Graph, nodes: list[Node], registry: Registry) -> str:
    chosen = {n.id for n in nodes}
    for node in nodes:
        sources = {e.source for e in graph.into(node.id)}
        if len(sources) > 1 and sources & chosen:
            if node.type in ("Add", "Average"):
                return "residual"
            if node.type == "Multiply":
                return "gate"
            if node.type == "Concatenate":
                return "branches"
    if blocks := {node.block for node in nodes if node.block}:
        return f"{blocks.pop()}_stack" if len(blocks) == 1 else "part"
    families = Counter(spec.family for node in nodes if (spec := registry.node(node.type)) is not None)
    if len(nodes) == 1:
        return f"{stem_of(nodes[0].name)}_block"
    return next((f"{word}_block" for family, word in WORDS.items() if families[family]), "block")
