"""Sums over a drawing."""

from __future__ import annotations

from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Totals
from graph_compiler.graph.model import Document, Graph
from graph_compiler.specs.registry import Registry

BESIDE = frozenset({"source", "note", "frame", "boundary"})
"""Kinds that are not counted as nodes of the network: the data, and what is there for people."""
WORKING = frozenset({"layer", "operation", "block"})


def totals_of(document: Document, engine: GraphEngine) -> Totals:
    """Weights (shared ones once), trainable weights, multiply-adds, and an estimate of training memory in bytes."""
    sums = engine.sums
    trainable = sums.weights - sums.fixed
    training = sums.weights * 4 + trainable * 12 + 2 * sums.results * document.training.batch_size
    facts = [engine.facts[node_id] for node_id in engine.graph.nodes]
    partial = any((one.spec is None or one.spec.kind in WORKING) and not one.outputs for one in facts)
    return Totals(sums.weights, trainable, sums.macs, training, counted(engine.graph, engine.registry), partial)


def counted(graph: Graph, registry: Registry) -> int:
    """How many nodes of a graph are part of the network: sources, notes, frames and ports are not."""
    specs = [registry.node(node.type) for node in graph.nodes.values()]
    return sum(spec is None or spec.kind not in BESIDE for spec in specs)
