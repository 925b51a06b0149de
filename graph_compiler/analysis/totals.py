"""Sums over a drawing."""

from __future__ import annotations

from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Totals
from graph_compiler.graph.model import Document


def totals_of(document: Document, engine: GraphEngine) -> Totals:
    """Weights (shared ones once), trainable weights, multiply-adds, and an estimate of training memory in bytes."""
    sums = engine.sums
    trainable = sums.weights - sums.fixed
    training = sums.weights * 4 + trainable * 12 + 2 * sums.results * document.training.batch_size
    return Totals(sums.weights, trainable, sums.macs, training)
