"""Facts inside a block are those of an instance of it: finds the first one."""

from __future__ import annotations

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.facts import Facts
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import ROOT


def instance_path(document: Document, scope: str) -> str | None:
    """Ids from the root to the first instance of a block, `outer.inner`; None while nothing uses it."""
    todo: list[tuple[str, str]] = [(ROOT, "")]
    seen = {ROOT}
    while todo:
        here, path = todo.pop(0)
        for node in document.scope(here).nodes.values():
            if not node.block or node.block not in document.blocks or node.block in seen:
                continue
            if node.block == scope:
                return path + node.id
            seen.add(node.block)
            todo.append((node.block, f"{path}{node.id}."))
    return None


def facts_in(analysis: Analyzer, document: Document, scope: str, node_id: str) -> Facts | None:
    """Facts of a node of a scope; None when nothing is known of it."""
    if scope == ROOT:
        return analysis.facts(node_id)
    path = instance_path(document, scope)
    return analysis.facts(f"{path}.{node_id}") if path is not None else None
