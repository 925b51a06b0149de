"""Who feeds whom: the nodes that results depend on, the wires that only feed targets, the last activation on a path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph_compiler.analysis.blocks import boundary, port_name
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.graph.values import Edge, EdgeKey
from graph_compiler.specs.nodes import NodeSpec

_SHAPES_ONLY = frozenset({"reshape", "regularisation"})
_SAME_MEANING = frozenset({"Identity", "Output", "AveragePooling1D", "AveragePooling2D", "AveragePooling3D",
                           "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D"})
_ACTIVATION_LAYERS = {"Softmax": "softmax", "ReLU": "relu", "LeakyReLU": "leaky_relu", "ELU": "elu", "PReLU": "prelu"}


@dataclass(frozen=True)
class Reach:
    """What a drawing's results need. `live` nodes reach a prediction or an Output, `aimed` ones reach a target."""

    live: frozenset[str]
    aimed: frozenset[str]
    training_only: frozenset[EdgeKey]


@dataclass(frozen=True)
class LastActivation:
    """The last activation on a path and the node that applies it (`scope` is its graph, `param` the one that names it)."""

    name: str = "linear"
    node: str = ""
    scope: str = ""
    param: str = ""


def feeding(engine: GraphEngine, node_id: str) -> list[Edge]:
    """The wires whose tensors a node uses: all of them, or the one that a muted node passes on."""
    wires = engine.graph.into(node_id)
    node = engine.graph.nodes[node_id]
    if node.muted and wires:
        ports = [port.name for port in facts.ports_in] if (facts := engine.facts.get(node_id)) else []
        return sorted(wires, key=lambda e: ports.index(e.target_port) if e.target_port in ports else len(ports))[:1]
    return wires


def upstream(engine: GraphEngine, starts: Iterable[str], closed: frozenset[str] = frozenset()) -> set[str]:
    """The nodes and everything they are computed from; what lies behind a `closed` node is left out."""
    seen = set(starts)
    todo = list(seen)
    muted = {node_id for node_id, node in engine.graph.nodes.items() if node.muted}
    while todo:
        here = todo.pop()
        if here in closed:
            continue
        sources = (e.source for e in feeding(engine, here)) if here in muted else engine.graph.predecessors(here)
        for source in sources:
            if source not in seen:
                seen.add(source)
                todo.append(source)
    return seen


def of_kind(engine: GraphEngine, kind: str) -> Iterator[tuple[str, NodeSpec]]:
    """Nodes of one kind with their specs, in the order of the drawing, muted ones left out."""
    for node_id, node in engine.graph.nodes.items():
        spec = engine.registry.nodes.get(node.type)
        if spec is not None and spec.kind == kind and not node.muted:
            yield node_id, spec


def reach_of(engine: GraphEngine) -> Reach:
    """Which nodes and wires matter to the predictions and Outputs, and which only to targets."""
    predicted: list[str] = [node_id for node_id, _ in of_kind(engine, "output")]
    targeted: list[str] = []
    aims: set[EdgeKey] = set()
    for node_id, spec in of_kind(engine, "objective"):
        roles = {port.name: port.role for port in spec.inputs}
        for edge in engine.graph.into(node_id):
            if roles.get(edge.target_port) == "target":
                targeted.append(edge.source)
                aims.add(edge.key)
            else:
                predicted.append(edge.source)
    live = upstream(engine, predicted)
    aimed = upstream(engine, targeted)
    only = aimed - live
    inner = {edge.key for node_id in only for edge in engine.graph.into(node_id)} if only else set()
    return Reach(frozenset(live), frozenset(aimed), frozenset(aims | inner))


def last_activation(engine: GraphEngine, node_id: str, port: str) -> LastActivation:
    """The activation whose values arrive at an output port; `linear` when a layer without one comes first."""
    return _follow(engine, node_id, port, ())


def _follow(engine: GraphEngine, node_id: str, port: str, outer: tuple[tuple[GraphEngine, str], ...]) -> LastActivation:
    while True:
        facts = engine.facts.get(node_id)
        if facts is None or facts.spec is None:
            return LastActivation()
        if facts.spec.kind == "block" and not facts.node.muted:
            return _inside(engine, node_id, port, outer)
        if facts.spec.kind == "boundary" and not facts.ports_in:
            return _outside(facts.node.label or node_id, outer)
        found = _own(facts.spec, facts.values) if not facts.node.muted else None
        wires = feeding(engine, node_id)
        if found is not None or len(wires) != 1:
            name, param = found or ("linear", "")
            return LastActivation(name, node_id, engine.scope, param)
        node_id, port = wires[0].source, wires[0].source_port


def _inside(engine: GraphEngine, node_id: str, port: str, outer: tuple[tuple[GraphEngine, str], ...]) -> LastActivation:
    child = engine.children.get(node_id)
    block = engine.document.blocks.get(engine.graph.nodes[node_id].block)
    end = next((n for n in boundary(block, "BlockOutput") if port_name(n) == port), None) if block else None
    if child is None or end is None:
        return LastActivation()
    return _follow(child, end.id, "out", (*outer, (engine, node_id)))


def _outside(port: str, outer: tuple[tuple[GraphEngine, str], ...]) -> LastActivation:
    if not outer:
        return LastActivation()
    engine, instance = outer[-1]
    wires = engine.graph.into_port(instance, port)
    return _follow(engine, wires[0].source, wires[0].source_port, outer[:-1]) if wires else LastActivation()


def _own(spec: NodeSpec, values: object) -> tuple[str, str] | None:
    """The activation of a node and its parameter; None where values pass through with their meaning."""
    if spec.name in _ACTIVATION_LAYERS:
        return _ACTIVATION_LAYERS[spec.name], ""
    if spec.param("activation") is not None:
        chosen = values.get("activation") if hasattr(values, "get") else None
        return str(chosen or "linear"), "activation"
    if spec.family in _SHAPES_ONLY or spec.name in _SAME_MEANING or spec.kind in ("boundary", "output"):
        return None
    return "linear", ""
