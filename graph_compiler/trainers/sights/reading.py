"""Which columns a tensor is computed from, and where a code is drawn: read from the drawing alone."""

from __future__ import annotations

from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.goals import End
from graph_compiler.analysis.reach import feeding, upstream
from graph_compiler.specs.tensors import Column
from graph_compiler.trainers.sights.chain import back


def read_by(engine: GraphEngine, end: End, closed: frozenset[str] = frozenset()) -> list[End]:
    """Columns and noise (inside a block: its inputs) that a tensor is computed from, in the order of the drawing.

    What is only read behind `closed` nodes is left out.
    """
    nodes = upstream(engine, [end[0]], closed)
    read = {(edge.source, edge.source_port) for node_id in nodes - closed for edge in feeding(engine, node_id)}
    return [found for node_id in engine.graph.nodes if _is_source(engine, node_id)
            for found in ((node_id, port) for port in engine.facts[node_id].outputs) if found in read or found == end]


def column_of(engine: GraphEngine, end: End) -> Column | None:
    """The column behind a port of a source; None for noise."""
    tensor = engine.facts[end[0]].outputs.get(end[1])
    return tensor.column if tensor is not None else None


def is_noise(engine: GraphEngine, end: End) -> bool:
    """Whether a port gives noise."""
    spec = engine.facts[end[0]].spec
    return spec is not None and spec.name == "Noise"


def kind_of(engine: GraphEngine, end: End) -> str:
    """The kind of the column behind a port of a source, `noise` for noise."""
    column = column_of(engine, end)
    return "noise" if is_noise(engine, end) else column.kind if column is not None else ""


def draws(engine: GraphEngine, prediction: End) -> list[End]:
    """Tensors on the way to a prediction that a Sampling gives, by itself or from inside a block."""
    before = upstream(engine, [prediction[0]])
    found = []
    for node_id in engine.order:
        facts = engine.facts[node_id]
        if node_id not in before or facts.spec is None or facts.node.muted or facts.spec.kind not in ("operation", "block"):
            continue
        for port in facts.outputs:
            nearest = next(back(engine, (node_id, port)), None)
            if nearest is not None and nearest[0].spec is not None and nearest[0].spec.name == "Sampling":
                found.append((node_id, port))
    return found


def cuts(engine: GraphEngine, prediction: End, start: End) -> bool:
    """Whether everything behind a node that the prediction needs of it comes through one of its ports."""
    behind = upstream(engine, [prediction[0]], frozenset([start[0]])) - {start[0]}
    return all(edge.source_port == start[1] for edge in engine.graph.out_of(start[0]) if edge.target in behind)


def _is_source(engine: GraphEngine, node_id: str) -> bool:
    facts = engine.facts.get(node_id)
    if facts is None or facts.spec is None:
        return False
    return facts.spec.kind == "source" or (facts.spec.kind == "boundary" and not facts.ports_in)
