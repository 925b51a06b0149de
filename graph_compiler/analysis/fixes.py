"""Ways out of a problem, as edits. A fix is offered only where it is right; it is made of the diagnostic's facts.

`fixes_for(document, engine, problem)` is asked whenever the list of problems is put together, so that ids, places and
wires in the edits are always those of the drawing as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from graph_compiler.analysis.diagnostics import Diagnostic, Fix
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.every_step import answer_each_step
from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.reach import last_activation
from graph_compiler.analysis.spare import node_for
from graph_compiler.analysis.targets import rewire_target, wire_target
from graph_compiler.graph.edits import UNSET, Batch, Connect, Disconnect, Edit, RemoveNode, ReplaceNode, SetField, SetParam
from graph_compiler.graph.model import with_values
from graph_compiler.graph.plain import plain
from graph_compiler.graph.values import Edge, Json, Node
from graph_compiler.specs.leaving import Offer
from graph_compiler.specs.nodes import NodeSpec
from graph_compiler.specs.refusal import Refusal

WIDE, HIGH = 192.0, 208.0
"""What a card of usual size takes, with room around it, px."""

Maker = Callable[[GraphEngine, Facts, Diagnostic], Iterator[Fix]]


def fixes_for(engine: GraphEngine, problem: Diagnostic) -> tuple[Fix, ...]:
    """Edits that mend the problem, the best first; empty when a person has to decide. `engine` is the problem's graph."""
    facts = engine.facts.get(problem.node)
    if facts is None or (facts.spec is None and problem.code != "lost-port"):
        return ()
    maker = _MAKERS.get(problem.code)
    special = list(maker(engine, facts, problem)) if maker else []
    own = _own_values(engine, facts, problem) if problem.code != "one-hot" else ()
    columns = rewire_target(engine, problem)
    return (*columns, *special, *own) if problem.port == "target" else (*special, *own, *columns)


def insert(engine: GraphEngine, edge: Edge, type_name: str, params: Mapping[str, Json] | None = None) -> Edit:
    """The edit that puts a node into a wire: a new one, or the only one of its type that lies unwired."""
    graph, scope = engine.graph, engine.scope
    source, target = graph.nodes[edge.source], graph.nodes[edge.target]
    place = _free(engine, (source.x + target.x) / 2, max(source.y, target.y))
    node_id, ready = node_for(graph, scope, type_name, params or {}, place)
    into = Edge(source=edge.source, source_port=edge.source_port, target=node_id, target_port="in")
    onward = Edge(source=node_id, source_port="out", target=edge.target, target_port=edge.target_port, index=edge.index)
    return Batch((*ready, Disconnect(edge.key, scope), Connect(into, scope), Connect(onward, scope)), f"insert {type_name}")


def _free(engine: GraphEngine, x: float, y: float) -> tuple[float, float]:
    """The place, or the nearest one below at which a card of usual size covers no other."""
    kinds = {n: facts.spec.kind if facts.spec else "" for n, facts in engine.facts.items()}
    cards = [node for n, node in engine.graph.nodes.items() if kinds.get(n) != "frame"]
    while hit := [node.y for node in cards if abs(node.x - x) < WIDE and abs(node.y - y) < HIGH]:
        y = max(hit) + HIGH
    return x, y


# What the facts of a refusal name directly: parameters of the node itself, units and activations upstream.

def _own_values(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    spec = facts.spec
    if spec is None:
        return
    for name, value in problem.facts.items():
        if spec.param(name, facts.node.params) is not None:
            yield _set(engine, facts.node, name, value)
    if spec.kind != "objective" or not (wires := engine.graph.into_port(problem.node, "prediction")):
        return
    end = wires[0].source, wires[0].source_port
    if problem.facts.get("units"):
        yield from _set_units(engine, end[0], problem.facts["units"])
    if "activation" in problem.facts:
        yield from _set_activation(engine, end, problem.facts["activation"])


def _set(engine: GraphEngine, node: Node, name: str, value: Any) -> Fix:
    default = _default(engine, node, name)
    stored = UNSET if value == default else plain(value)
    return Fix(f"set {name} to {_words(value)}", SetParam(node.id, name, stored, engine.scope))


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_words, value))
    return "none" if value is None else f"{value}"


def _default(engine: GraphEngine, node: Node, name: str) -> Any:
    spec = engine.registry.node(node.type)
    param = spec.param(name, node.params) if spec else None
    return param.default if param else None


def _set_units(engine: GraphEngine, node_id: str, units: int) -> Iterator[Fix]:
    """Units (or filters) of the nearest layer that fixes the last axis, if only shape-keeping layers stand between."""
    while (facts := engine.facts.get(node_id)) is not None and facts.spec is not None:
        for name in ("units", "filters"):
            if facts.spec.param(name) is not None and not facts.node.muted:
                yield Fix(f"set {name} of {facts.node.name} to {units:,}", SetParam(node_id, name, units, engine.scope))
                return
        wires = engine.graph.into(node_id)
        passed = facts.inputs.get("in", ())
        if len(wires) != 1 or facts.output is None or not passed or passed[0].shape[-1:] != facts.output.shape[-1:]:
            return
        node_id = wires[0].source


def _set_activation(engine: GraphEngine, end: tuple[str, str], activation: str | None) -> Iterator[Fix]:
    last = last_activation(engine, *end)
    if last.param and last.scope == engine.scope:
        node = engine.graph.nodes[last.node]
        default = _default(engine, node, last.param)
        value = UNSET if activation == default else activation
        words = f"set activation of {node.name} to {activation or 'linear'}"
        yield Fix(words, SetParam(last.node, last.param, value, engine.scope))


def offered(engine: GraphEngine, facts: Facts, offers: Iterable[Offer]) -> Iterator[Fix]:
    """Changes that help a node to leave in a file; none where it only holds the layer that is spoken of, or has no wire."""
    wires = engine.graph.into(facts.node.id)
    for offer in dict.fromkeys(offers):
        if offer.insert and len(wires) == 1 and engine.registry.node(offer.insert) is not None:
            yield Fix(offer.label, insert(engine, wires[0], offer.insert, dict(offer.params)))
        elif offer.bare:
            yield Fix(offer.label, ReplaceNode(_bare(facts.node, offer.bare), engine.scope))
        elif not offer.insert and all(facts.spec and facts.spec.param(name) is not None for name, _ in offer.params):
            edits = tuple(SetParam(facts.node.id, name, plain(value), engine.scope) for name, value in offer.params)
            yield Fix(offer.label, edits[0] if len(edits) == 1 else Batch(edits, offer.label))


def _bare(node: Node, param: str) -> Node:
    """The layer that a node holds, in its place: a name, or a name with parameters."""
    held = node.params[param]
    params = {name: value for name, value in held.items() if name != "name"} if isinstance(held, dict) else {}
    return with_values(node, type=held["name"] if isinstance(held, dict) else held, params=params)


# One maker for each code that needs more than that.

def _stays(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    yield from offered(engine, facts, problem.facts["offers"])



def _insert_named(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    """The node that the facts name, with its defaults, into the wire of the port."""
    wires, name = engine.graph.into_port(problem.node, problem.port), problem.facts["insert"]
    if wires and engine.registry.node(name) is not None:
        label = problem.facts.get("label", f"insert {name}")
        yield Fix(label, insert(engine, wires[0], name, problem.facts.get("params")))


def _one_hot(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    wires = engine.graph.into_port(problem.node, problem.port)
    if wires and engine.registry.node("OneHot") is not None and problem.facts.get("classes"):
        params = _lean(engine, "OneHot", {"num_classes": problem.facts["classes"]})
        yield Fix("insert OneHot", insert(engine, wires[0], "OneHot", params))
    if "loss" in problem.facts:
        yield _set(engine, facts.node, "loss", problem.facts["loss"])


def _lean(engine: GraphEngine, type_name: str, params: dict[str, Json]) -> dict[str, Json]:
    spec = engine.registry.nodes[type_name]
    return {name: value for name, value in params.items() if (p := spec.param(name)) is not None and p.default != value}


def _parameter(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    """The default, where the default itself is allowed and something else stands there."""
    spec: NodeSpec | None = facts.spec
    param = spec.param(problem.param, facts.node.params) if spec else None
    if param is None or problem.param not in facts.node.params or problem.param in problem.facts:
        return
    try:
        param.check(param.default)
    except Refusal:
        return
    yield Fix(f"set {param.name} back to {_words(param.default)}", SetParam(problem.node, param.name, UNSET, engine.scope))


def _rank(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    """A list of numbers is wanted and a picture or series came: flatten it, or pool it; the other way round: each step."""
    yield from answer_each_step(engine, facts, problem)
    wires, tensors = engine.graph.into_port(problem.node, problem.port or "in"), facts.inputs.get(problem.port or "in", ())
    if problem.facts.get("rank") == 1 and wires and tensors and tensors[0].rank > 1:
        yield from _flattened(engine, wires[0], tensors[0].rank)


def _flattened(engine: GraphEngine, wire: Edge, rank: int) -> Iterator[Fix]:
    pooling = f"GlobalAveragePooling{rank - 1}D"
    for name in ("Flatten", pooling):
        if engine.registry.node(name) is not None:
            yield Fix(f"insert {name}", insert(engine, wire, name))


def _dtype(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    """Pixels are rescaled, categories become one-hot; other kinds of data leave a choice."""
    wires, tensors = engine.graph.into_port(problem.node, problem.port or "in"), facts.inputs.get(problem.port or "in", ())
    column = tensors[0].column if len(wires) == 1 and tensors else None
    if column is None:
        return
    kinds: dict[str, tuple[str, dict[str, Json]]] = {
        "image": ("Rescaling", {"scale": 1 / 255}), "category": ("OneHot", {"num_classes": len(column.classes)})}
    name, params = kinds.get(column.kind, ("", {}))
    if engine.registry.node(name) is not None:
        yield Fix(f"insert {name}", insert(engine, wires[0], name, _lean(engine, name, params)))


def _objective_shape(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    """The prediction has more axes than the target wants: Flatten before the first layer of the straight tail."""
    inputs = facts.inputs
    if not inputs.get("prediction") or not inputs.get("target") or "units" in problem.facts:
        return
    prediction, target = inputs["prediction"][0], inputs["target"][0]
    if target.rank > 1 or prediction.rank < 2 or (target.is_float and target.rank == prediction.rank):
        return
    wire = _first_of_tail(engine, engine.graph.into_port(problem.node, "prediction")[0])
    if wire is not None and len(facts_in := engine.facts[wire.target].inputs.get("in", ())) == 1:
        yield from _flattened(engine, wire, facts_in[0].rank)


def _reshape(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    """As many numbers as the target has, in another shape."""
    wires, shape = engine.graph.into_port(problem.node, "prediction"), problem.facts.get("reshape")
    if wires and shape and engine.registry.node("Reshape") is not None:
        yield Fix("insert Reshape", insert(engine, wires[0], "Reshape", {"target_shape": list(shape)}))


def _first_of_tail(engine: GraphEngine, wire: Edge) -> Edge | None:
    """Walk up through layers that work on the last axis only; the wire into the first of them."""
    found = None
    while (facts := engine.facts.get(wire.source)) is not None and facts.spec is not None:
        wires = engine.graph.into(wire.source)
        if facts.spec.family not in ("core", "regularisation") or len(wires) != 1:
            break
        wire = wires[0]
        if facts.spec.name == "Dense":
            found = wire
    return found


def _shrunk(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    if facts.values.get("padding") == "valid":
        yield Fix("set padding to same", SetParam(problem.node, "padding", "same", engine.scope))


def _lost_port(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    for edge in engine.graph.into_port(problem.node, problem.port):
        source = engine.facts.get(edge.source)
        known = {p.name for p in facts.ports_in}
        if edge.target_port not in known or (source and edge.source_port not in {p.name for p in source.ports_out}):
            yield Fix("remove the wire", Disconnect(edge.key, engine.scope))
            return


def _fill(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    """The two usual ways to fill gaps, where rows are left out for them."""
    if facts.values.get("missing") == "drop rows" and facts.values.get("labelled_rows", 1):
        yield from (_set(engine, facts.node, "missing", f"fill with {how}") for how in ("mean", "median"))


def _extra_wires(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    extra = engine.graph.into_port(problem.node, problem.port)[1:]
    if extra:
        yield Fix("keep the first wire", Batch(tuple(Disconnect(e.key, engine.scope) for e in extra), "remove wires"))


def _remove(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    yield Fix("remove the node", RemoveNode(problem.node, engine.scope))


def _unmute(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    yield Fix("switch muting off", SetField(problem.node, "muted", False, engine.scope))


def _merge_sources(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    """Sources of the same data set with the same settings become one."""
    first, *others = problem.facts["merge"]
    graph, kept = engine.graph, engine.graph.nodes[problem.facts["merge"][0]]
    if any((graph.nodes[n].type, graph.nodes[n].params) != (kept.type, kept.params) for n in others):
        return
    steps: list[Edit] = []
    for node_id in others:
        for edge in graph.out_of(node_id):
            moved = with_source(edge, first)
            steps += [Disconnect(edge.key, engine.scope), Connect(moved, engine.scope)]
        steps.append(RemoveNode(node_id, engine.scope))
    yield Fix("merge the sources", Batch(tuple(steps), "merge sources"))


def with_source(edge: Edge, source: str) -> Edge:
    """The same wire from another node; reroute points are dropped."""
    return Edge(source=source, source_port=edge.source_port, target=edge.target, target_port=edge.target_port,
                index=edge.index, extra=edge.extra)


def _freeze(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    guilty = problem.facts["freeze"]
    yield Fix(f"freeze {engine.graph.nodes[guilty].name}", SetField(guilty, "frozen", True, engine.scope))
    wires = engine.graph.into_port(problem.node, problem.port)
    if problem.code == "trained-target" and wires and engine.registry.node("StopGradient") is not None:
        yield Fix("insert StopGradient", insert(engine, wires[0], "StopGradient"))


def _unfreeze(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    if frozen := problem.facts.get("unfreeze"):
        yield Fix(f"unfreeze {engine.graph.nodes[frozen].name}", SetField(frozen, "frozen", False, engine.scope))


def _share(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    yield Fix("give it weights of its own", SetField(problem.node, "weights", "", engine.scope))
    like = engine.graph.nodes[problem.facts["like"]]
    if like.params != facts.node.params:
        edits = [SetParam(problem.node, n, UNSET, engine.scope) for n in facts.node.params if n not in like.params]
        edits += [SetParam(problem.node, n, v, engine.scope) for n, v in like.params.items()]
        yield Fix(f"take the parameters of {like.name}", Batch(tuple(edits), "agree on parameters"))


def _share_judge(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    """Two instances of one block become one discriminator: a weights name for both."""
    if not (pair := problem.facts.get("share")):
        return
    nodes = [engine.graph.nodes[n] for n in pair]
    taken = {node.weights for node in engine.graph.nodes.values()} - {node.weights for node in nodes}
    name = next((node.weights for node in nodes if node.weights), "") or nodes[0].block[:1].upper()
    while name in taken:
        name += "2"
    edits = tuple(SetField(node.id, "weights", name, engine.scope) for node in nodes if node.weights != name)
    yield Fix(f"share the weights “{name}”", Batch(edits, "share the discriminator"))


def _swap_sides(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    """The wires at fake and real change places."""
    node_id = problem.node
    sides = {"fake": engine.graph.into_port(node_id, "real"), "real": engine.graph.into_port(node_id, "fake")}
    edges = [(edge, port) for port, wires in sides.items() for edge in wires]
    away = tuple(Disconnect(edge.key, engine.scope) for edge, _ in edges)
    back = tuple(Connect(Edge(source=edge.source, source_port=edge.source_port, target=node_id, target_port=port), engine.scope)
                 for edge, port in edges)
    yield Fix("swap fake and real", Batch((*away, *back), "swap fake and real"))


def _insert_shift(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    wires = engine.graph.into_port(problem.node, problem.port)
    if wires:
        tensor = next(iter(facts.inputs.get(problem.port, ())), None)
        start = tensor.column.start if tensor is not None and tensor.column is not None else 1
        yield Fix("insert Shift", insert(engine, wires[0], "Shift", _lean(engine, "Shift", {"start": start})))


def _other_states(engine: GraphEngine, facts: Facts, problem: Diagnostic) -> Iterator[Fix]:
    """All states from the layer that gives one of them: c from where h comes."""
    states = [port.name for port in facts.ports_in if port.role == "state"]
    wires = {name: found[0] for name in states if (found := engine.graph.into_port(problem.node, name))}
    sources = {edge.source for name, edge in wires.items() if name == f"initial_{edge.source_port}"}
    if len(sources) != 1 or len(wires) == len(states):
        return
    source = engine.facts[next(iter(sources))]
    missing = {name.removeprefix("initial_"): name for name in states if name not in wires}
    if missing.keys() <= {port.name for port in source.ports_out}:
        edges = [Edge(source=source.node.id, source_port=start, target=problem.node, target_port=name)
                 for start, name in missing.items()]
        connects = tuple(Connect(edge, engine.scope) for edge in edges)
        yield Fix(f"wire {', '.join(missing)} too", Batch(connects, "wire the states"))


_MAKERS: dict[str, Maker] = {
    "stays": _stays,
    "one-hot": _one_hot, "parameter": _parameter, "expression": _parameter, "rank": _rank, "dtype": _dtype,
    "units": _objective_shape, "shapes": _objective_shape, "empty-shape": _shrunk, "lost-port": _lost_port,
    "missing-input": wire_target, "target": _reshape, "missing-values": _fill,
    "extra-wires": _extra_wires, "mute": _unmute, "unaligned": _merge_sources, "trained-target": _freeze,
    "nothing-to-learn": _unfreeze, "shared-mismatch": _share,
    "unit-length": _insert_named, "target-scale": _insert_named,
    "input-scale": _insert_named, "no-block": _remove, "drawing-only": _remove, "boundary": _remove,
    "state": _other_states, "discriminator": _share_judge, "real-only": _freeze, "target-leak": _insert_shift,
    "swapped": _swap_sides}

