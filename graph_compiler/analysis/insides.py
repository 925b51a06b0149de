"""The inside of an instance that has no analysis yet: it waits for an input, is muted, or contains itself."""

from __future__ import annotations

from graph_compiler.analysis.blocks import received_inside
from graph_compiler.analysis.engine import GraphEngine


def look_inside(engine: GraphEngine, node_id: str) -> GraphEngine | None:
    """The block inside one node, analysed with whatever the instance receives; None when the node is no instance.

    Ports without a tensor stay silent, so that the inside can be drawn and edited before the instance is wired.
    """
    node, facts = engine.graph.nodes.get(node_id), engine.facts.get(node_id)
    block = engine.document.blocks.get(node.block) if node is not None else None
    if node is None or facts is None or block is None:
        return None
    given = received_inside(node, block, facts.inputs)
    return engine.core.within(node, facts.values, given).seen_from(f"{engine.prefix}{node_id}.")
