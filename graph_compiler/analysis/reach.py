"""Who feeds whom: the nodes that results depend on, the wires that only feed targets, the last activation on a path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graph_compiler.analysis.alike import Alike
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.graph.blocks.inside import boundary, port_name
from graph_compiler.graph.values import Edge, EdgeKey
from graph_compiler.specs.nodes import NodeSpec

End = tuple[str, str]
"""An output port of a node: (node id, port name)."""

_SHAPES_ONLY = frozenset({"reshape", "regularisation"})
_SAME_MEANING = frozenset({"Identity", "Output", "AveragePooling1D", "AveragePooling2D", "AveragePooling3D",
                           "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D"})
_ACTIVATION_LAYERS = {"Softmax": "softmax", "ReLU": "relu", "LeakyReLU": "leaky_relu", "ELU": "elu", "PReLU": "prelu",
                      "UnitNormalization": "UnitNormalization"}


@dataclass(frozen=True)
class Reach:
    """What a drawing's results need; it depends on wires, types, muting and freezing only, not on parameters.

    `live` nodes reach a prediction or an Output, `aimed` ones reach a target; `noisy` wires carry noise. `kinds` has the
    nodes of each kind of spec, muted ones left out. By objective: `before` its prediction, `moved` of those no StopGradient
    holds, `behind` its target without a StopGradient in between, `tables` that it joins, the target's first.
    """

    kinds: dict[str, list[str]]
    live: frozenset[str]
    aimed: frozenset[str]
    training_only: frozenset[EdgeKey]
    noisy: frozenset[EdgeKey]
    before: dict[str, set[str]]
    moved: dict[str, set[str]]
    behind: dict[str, set[str]]
    tables: dict[str, tuple[str, ...]]

    def of(self, kind: str) -> list[str]:
        """Nodes of one kind that are not muted, in the order of the drawing."""
        return self.kinds.get(kind, [])


@dataclass(frozen=True)
class LastActivation:
    """The last activation on a path and the node that applies it (`scope` is its graph, `param` the one that names it).

    `path` is that node from the root; `restores` says that it is a Normalization that goes back to what it has learnt from.
    """

    name: str = "linear"
    node: str = ""
    scope: str = ""
    param: str = ""
    path: str = ""
    restores: bool = False


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

def needed(engine: GraphEngine, ends: Iterable[End], alike: Alike) -> tuple[set[str], set[EdgeKey]]:
    """The nodes that some tensors are computed from when the network is used, and the wires into `alike` nodes that matter."""
    if not alike.nodes:
        return upstream(engine, (node_id for node_id, _ in ends)), set()
    seen: set[End] = set()
    wires: set[EdgeKey] = set()
    todo = list(ends)
    while todo:
        here, port = todo.pop()
        if (here, port) in seen:
            continue
        seen.add((here, port))
        used = feeding(engine, here)
        if here in alike.nodes:
            ports = alike.read(engine.graph.nodes[here], port)
            used = [edge for edge in used if ports is None or edge.target_port in ports]
            wires.update(edge.key for edge in used)
        todo += [(edge.source, edge.source_port) for edge in used]
    return {node_id for node_id, _ in seen}, wires


def reach_of(engine: GraphEngine) -> Reach:
    """Which nodes and wires matter to the predictions and Outputs, and which only to targets."""
    kinds, alike = _kinds(engine), Alike(engine)
    stops = frozenset(n for n, node in engine.graph.nodes.items() if node.type == "StopGradient" and not node.muted)
    tables = {n for n in kinds.get("source", ()) if hasattr(engine.registry.nodes[engine.graph.nodes[n].type], "dataset")}
    live, living = needed(engine, [(n, "out") for n in kinds.get("output", ())], alike)
    aimed, aims = set[str](), set[EdgeKey]()
    before, moved, behind, joined = {}, {}, {}, {}
    for node_id in kinds.get("objective", ()):
        predictions, targets = _ends(engine, node_id)
        before[node_id], used = needed(engine, predictions, alike)
        aim, _ = needed(engine, [(e.source, e.source_port) for e in targets], alike)
        moved[node_id] = upstream(engine, (n for n, _ in predictions), stops) - stops if stops else before[node_id]
        behind[node_id] = upstream(engine, (e.source for e in targets), stops) - stops if stops else aim
        first = aim or upstream(engine, (e.source for e in engine.graph.into_port(node_id, "real")))
        joined[node_id] = tuple(dict.fromkeys((*_sorted(engine, tables & first), *_sorted(engine, tables & before[node_id]))))
        live, living, aimed = live | before[node_id], living | used, aimed | aim
        aims.update(edge.key for edge in targets)
    inner = {edge.key for node_id in aimed & (alike.nodes | aimed - live) for edge in engine.graph.into(node_id)} - living
    noise = (n for n in kinds.get("source", ()) if n not in tables)
    noisy = frozenset(edge.key for node_id in noise for edge in engine.graph.out_of(node_id))
    return Reach(kinds, frozenset(live), frozenset(aimed), frozenset(aims | inner), noisy, before, moved, behind, joined)


def _kinds(engine: GraphEngine) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node_id, node in engine.graph.nodes.items():
        spec = engine.registry.nodes.get(node.type)
        if spec is not None and not node.muted:
            found.setdefault(spec.kind, []).append(node_id)
    return found


def _ends(engine: GraphEngine, node_id: str) -> tuple[list[End], list[Edge]]:
    """What an objective predicts from, and its wires to targets."""
    spec = engine.registry.nodes[engine.graph.nodes[node_id].type]
    roles = {port.name: port.role for port in spec.inputs}
    wires = engine.graph.into(node_id)
    return ([(e.source, e.source_port) for e in wires if roles.get(e.target_port) != "target"],
            [e for e in wires if roles.get(e.target_port) == "target"])


def _sorted(engine: GraphEngine, nodes: set[str]) -> list[str]:
    return [n for n in engine.graph.nodes if n in nodes] if len(nodes) > 1 else list(nodes)


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
            back = restores(facts.spec, facts.values) and not facts.node.muted
            return LastActivation(name, node_id, engine.scope, param, engine.prefix + node_id, back)
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


def restores(spec: NodeSpec, values: Mapping[str, Any]) -> bool:
    """Whether a layer goes back from normalised values to the unit of something it has to learn."""
    return spec.name == "Normalization" and bool(values.get("invert")) and values.get("mean") is None


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
