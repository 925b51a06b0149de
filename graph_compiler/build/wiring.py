"""Walks a drawing in order and calls one Keras layer a node on symbolic tensors, into blocks and out again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.plan import End
from graph_compiler.build.problems import BuildProblem, from_keras
from graph_compiler.graph.blocks.inside import EACH_STEP, boundary, port_name
from graph_compiler.graph.model import Graph
from graph_compiler.specs.nodes import LayerSpec

Tensors = dict[End, Any]
"""Symbolic Keras tensors of one graph by (node id, port)."""

StandIn = tuple[str, dict[str, Any]]
"""Name and arguments of a Keras layer."""


def upstream(graph: Graph, ends: Iterable[str]) -> set[str]:
    """The nodes and everything their wires come from."""
    seen, todo = set(ends), list(ends)
    while todo:
        for source in graph.predecessors(todo.pop()):
            if source not in seen:
                seen.add(source)
                todo.append(source)
    return seen


class Wiring:
    """Builds layers once each. `layers` maps paths (`conv2d_1`, `block_1.conv2d_1`) to Keras layers.

    Instances of a block that share a weights name share layers: later ones are entries of the same layer objects.
    `fed` keeps what each layer was called with first, by path, and `made` the first output of each layer and block. While
    `resting`, layers that change several tensors alike in training stand aside, and what only they would give is absent.
    """

    def __init__(self, keras: Any, layers: Mapping[str, Any] | None = None, resting: bool = False) -> None:
        self.keras = keras
        self.resting = resting
        self.layers: dict[str, Any] = dict(layers or {})
        self.fed: dict[str, Any] = {}
        self.made: dict[str, Any] = {}
        self._shared: dict[tuple[str, str, str], str] = {}
        self._copiers: dict[str, Any] = {}

    def run(self, engine: GraphEngine, given: Mapping[End, Any], needed: set[str], place: str = "",
            frozen: bool = False) -> Tensors:
        """Tensors of every needed node of `engine`'s graph.

        `given` holds tensors of source columns (or of `BlockInput` nodes), `place` starts the names of layers made here.
        """
        tensors: Tensors = dict(given)
        for node_id in engine.order:
            if node_id in needed:
                self._node(engine, engine.facts[node_id], tensors, place, frozen)
        return tensors

    def _node(self, engine: GraphEngine, facts: Facts, tensors: Tensors, place: str, frozen: bool) -> None:
        node, kind = facts.node, facts.spec.kind if facts.spec else "unknown"
        if kind in ("note", "frame", "objective", "source") or (kind == "boundary" and not facts.ports_in):
            return
        if facts.failed or kind == "unknown":
            raise BuildProblem(facts.path, facts.problems[0].title if facts.problems else f"{node.name} cannot be built.")
        inputs = self._received(engine, facts, tensors)
        if inputs is None:
            return
        if kind in ("output", "boundary") or node.muted:
            outs = [next(iter(inputs.values()))[0]]
        elif kind == "block":
            outs = self._block(engine, facts, inputs, place, frozen)
        elif (stand_in := self.stand_in(facts)) is not None:
            outs = [self.stand(facts, stand_in, inputs["in"][0], place)]
        else:
            outs = self._layer(facts, inputs, place, frozen)
        if kind not in ("output", "boundary") and not node.muted:
            self.made[facts.path] = outs[0]
        names = [port.name for port in facts.ports_out] or ["out"]
        tensors.update({(node.id, name): tensor for name, tensor in zip(names, outs, strict=False) if tensor is not None})

    def stand_in(self, facts: Facts) -> StandIn | None:
        """Name and arguments of the Keras layer that stands for a layer which rests now; None for every other."""
        spec = facts.spec
        if not self.resting or not isinstance(spec, LayerSpec) or spec.at_rest is None or facts.node.muted:
            return None
        return spec.at_rest(facts.values)

    def stand(self, facts: Facts, stand_in: StandIn, tensor: Any, place: str) -> Any:
        """The tensor behind the layer that stands in."""
        return getattr(self.keras.layers, stand_in[0])(name=place + facts.node.id, **stand_in[1])(tensor)

    def _layer(self, facts: Facts, inputs: dict[str, list[Any]], place: str, frozen: bool) -> list[Any]:
        """Outputs of a layer's node; the layer is made when no instance has made it yet."""
        path, spec = place + facts.node.id, facts.spec
        if not isinstance(spec, LayerSpec):
            raise BuildProblem(facts.path, f"{facts.node.name} cannot be built: {facts.node.type} is not a layer.")
        try:
            layer = self.layers.get(path) or spec.build(self.keras, facts.values, path)
            if facts.node.frozen or frozen:
                layer.trainable = False
            arguments, named = call_arguments(facts, self.spared(facts, inputs, path))
            result = layer(*arguments, **named)
        except Exception as error:  # Keras raises whatever its backend raised
            raise from_keras(facts.path, facts.node.name, error) from error
        self.layers[facts.path] = self.layers[path] = layer
        self.fed.setdefault(path, arguments[0])
        return list(result) if isinstance(result, (list, tuple)) else [result]

    def spared(self, facts: Facts, inputs: dict[str, list[Any]], path: str) -> dict[str, list[Any]]:
        """The inputs, with copies for a layer that takes the masks off what it is given; one copy a tensor."""
        if not (isinstance(facts.spec, LayerSpec) and facts.spec.robs_masks):
            return inputs
        copies: dict[int, Any] = {}
        found = dict(inputs)
        for port, tensors in inputs.items():
            if any(tensor.masked for tensor in facts.inputs[port]):
                key = id(tensors[0])
                copies[key] = copies[key] if key in copies else self._copy(f"{path}.{port}", tensors[0])
                found[port] = [copies[key]]
        return found

    def _copy(self, name: str, tensor: Any) -> Any:
        """The same numbers and mask in a tensor of its own, by a layer that every Keras can read."""
        if name not in self._copiers:
            self._copiers[name] = self.keras.layers.Rescaling(1.0, name=name)
        return self._copiers[name](tensor)

    def _block(self, engine: GraphEngine, facts: Facts, inputs: dict[str, list[Any]], place: str, frozen: bool) -> list[Any]:
        node, inside = facts.node, place + facts.node.id + "."
        if node.weights:
            inside = self._shared.setdefault((place, node.block, node.weights), inside)
        if node.type == EACH_STEP:
            return [self._each_step(engine, facts, next(iter(inputs.values()))[0], place, inside, frozen or node.frozen)]
        return self.inside(engine, facts, inputs, inside, frozen or node.frozen)

    def _each_step(self, engine: GraphEngine, facts: Facts, series: Any, place: str, inside: str, frozen: bool) -> Any:
        """TimeDistributed around a model of the block, on a series. What is made inside is no tensor of the drawing's model."""
        child, path = engine.child(facts.node.id), place + facts.node.id
        if child is None:
            raise BuildProblem(facts.path, f"{facts.node.name} cannot be built: nothing is known of its inside.")
        (given,) = child.given.values()
        step = self.keras.Input(given.shape, dtype=given.dtype, name=f"{path}_step")
        within = Wiring(self.keras, self.layers, self.resting)
        made = within.inside(engine, facts, {facts.ports_in[0].name: [step]}, inside, frozen)
        self.layers.update(within.layers)
        try:
            layer = None if self.resting else self.layers.get(path)
            if layer is None:
                layer = self.keras.layers.TimeDistributed(self.keras.Model(step, made[0], name=f"{path}_each"), name=path)
            self.layers.setdefault(path, layer)
            return layer(series)
        except Exception as error:  # Keras raises whatever its backend raised
            raise from_keras(facts.path, facts.node.name, error) from error

    def inside(self, engine: GraphEngine, facts: Facts, inputs: dict[str, list[Any]], place: str, frozen: bool) -> list[Any]:
        """Outputs of an instance in port order, given tensors by port; layers inside are named from `place` on."""
        node, child = facts.node, engine.child(facts.node.id)
        if child is None:
            raise BuildProblem(facts.path, f"{node.name} cannot be built: nothing is known of its inside.")
        definition = engine.document.blocks[node.block]
        ends = boundary(definition, "BlockOutput")
        given = {(n.id, "out"): inputs[port_name(n)][0] for n in boundary(definition, "BlockInput") if port_name(n) in inputs}
        tensors = self.run(child, given, upstream(child.graph, [n.id for n in ends]), place, frozen)
        return [tensors.get((n.id, "out")) if self.resting else tensors[n.id, "out"] for n in ends]

    def _received(self, engine: GraphEngine, facts: Facts, tensors: Tensors) -> dict[str, list[Any]] | None:
        """Tensors that arrive, by port, in wire order; None where one of them is absent. A block goes on without it."""
        inputs: dict[str, list[Any]] = {}
        for port in facts.ports_in[:1] if self.stand_in(facts) else facts.ports_in:
            arriving = [(edge.source, edge.source_port) for edge in engine.graph.into_port(facts.node.id, port.name)]
            if arriving and not (self.resting and any(end not in tensors for end in arriving)):
                inputs[port.name] = [tensors[end] for end in arriving]
            elif arriving and not facts.node.block:
                return None
            elif not arriving and not port.optional:
                raise BuildProblem(facts.path, f"{facts.node.name} has no {port.name if port.name != 'in' else 'input'}.")
        return inputs


def call_arguments(facts: Facts, inputs: dict[str, list[Any]]) -> tuple[list[Any], dict[str, Any]]:
    """How a Keras layer is called, as its spec says it."""
    return facts.spec.call_arguments(facts.values, inputs) if isinstance(facts.spec, LayerSpec) else ([], {})
