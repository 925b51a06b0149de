"""Sums over a drawing."""

from __future__ import annotations

from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Totals
from graph_compiler.graph.model import Document

_WIDTH = {"float64": 8, "int64": 8, "uint8": 1, "int8": 1, "bool": 1, "float16": 2, "bfloat16": 2}


def totals_of(document: Document, engine: GraphEngine) -> Totals:
    """Weights (shared ones once), trainable weights, multiply-adds, and an estimate of training memory in bytes."""
    weights = trainable = macs = activations = 0
    shared: set[tuple[str, str]] = set()
    for facts in engine.facts.values():
        macs += facts.macs or 0
        for tensor in facts.outputs.values():
            activations += (tensor.size or 0) * _WIDTH.get(tensor.dtype, 4)
        key = (facts.node.block, facts.node.weights)
        if facts.node.weights:
            if key in shared:
                continue
            shared.add(key)
        weights += facts.weights
        trainable += facts.weights - facts.fixed
    training = weights * 4 + trainable * 12 + 2 * activations * document.training.batch_size
    return Totals(weights, trainable, macs, training)
