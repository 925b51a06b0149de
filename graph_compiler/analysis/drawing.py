"""Problems that no single node sees: dangling parts and a drawing without an objective."""

from __future__ import annotations

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.graph.model import Document


def drawing_problems(document: Document, engine: GraphEngine) -> list[Diagnostic]:
    """Problems of the root graph as a whole."""
    return []
