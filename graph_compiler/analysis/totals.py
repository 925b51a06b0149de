"""Sums over a drawing."""

from __future__ import annotations

from graph_compiler.analysis.blocks import once
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Totals
from graph_compiler.graph.model import Document

_WIDTH = {"float64": 8, "int64": 8, "uint8": 1, "int8": 1, "bool": 1, "float16": 2, "bfloat16": 2}


def totals_of(document: Document, engine: GraphEngine) -> Totals:
    """Weights (shared ones once), trainable weights, multiply-adds, and an estimate of training memory in bytes."""
    macs = activations = 0
    for facts in engine.facts.values():
        macs += facts.macs or 0
        for tensor in facts.outputs.values():
            activations += (tensor.size or 0) * _WIDTH.get(tensor.dtype, 4)
    counted = once(engine.facts[n] for n in engine.graph.nodes)
    weights = sum(f.weights for f in counted)
    trainable = weights - sum(f.fixed for f in counted)
    training = weights * 4 + trainable * 12 + 2 * activations * document.training.batch_size
    return Totals(weights, trainable, macs, training)
