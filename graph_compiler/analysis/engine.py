"""The analyser: facts for every node, kept up to date by looking again only where an edit can be felt.

One `GraphEngine` serves one graph in one place: the root, or the inside of a block seen from one instance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from heapq import heapify, heappop, heappush
from typing import Any

from graph_compiler.analysis.diagnostics import Diagnostic, from_refusal
from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.order import on_cycles, topological
from graph_compiler.graph.expressions import ExpressionError, evaluate, is_expression
from graph_compiler.graph.model import Document, Graph
from graph_compiler.graph.values import Json, Node
from graph_compiler.specs.nodes import NodeSpec, Port
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.registry import Registry
from graph_compiler.specs.tensors import Tensor

Bindings = Mapping[str, Json]
"""Values of the block's parameters in force inside it."""


class GraphEngine:
    """Facts of one graph by node id. `prefix` is the path of the enclosing instance with a trailing dot, or empty."""

    def __init__(self, document: Document, registry: Registry, graph: Graph, scope: str, prefix: str = "",
                 bindings: Bindings | None = None, given: Mapping[str, Tensor] | None = None) -> None:
        self.document, self.registry, self.graph = document, registry, graph
        self.scope, self.prefix = scope, prefix
        self.bindings: Bindings = bindings or {}
        self.given: Mapping[str, Tensor] = given or {}
        """Inside a block: the tensor each `BlockInput` delivers, by node id."""
        self.facts: dict[str, Facts] = {}
        self.children: dict[str, GraphEngine] = {}
        self.order: list[str] = []
        self._rank: dict[str, int] = {}
        self._stuck: frozenset[str] = frozenset()
        self._cyclic: frozenset[str] = frozenset()

    def run(self) -> None:
        """Analyse everything."""
        self.facts.clear()
        self.children.clear()
        self._sort()
        for node_id in self.order:
            self.facts[node_id] = self._analyse(node_id)
        for node_id in self._stuck:
            self.facts[node_id] = self._stuck_facts(node_id)

    def update(self, dirty: set[str], rewired: bool) -> set[str]:
        """Look again at `dirty` nodes and whatever their results reach. Returns the ids whose facts changed."""
        gone = self.facts.keys() - self.graph.nodes.keys()
        for node_id in gone:
            del self.facts[node_id]
            self.children.pop(node_id, None)
        changed = set(gone)
        if rewired:
            was_stuck = self._stuck
            self._sort()
            dirty = dirty | (was_stuck ^ self._stuck) | self._stuck
            for node_id in self._stuck & self.graph.nodes.keys():
                self.facts[node_id] = self._stuck_facts(node_id)
                changed.add(node_id)
        queue = [(self._rank[n], n) for n in dirty if n in self._rank]
        heapify(queue)
        waiting = {n for _, n in queue}
        while queue:
            _, node_id = heappop(queue)
            waiting.discard(node_id)
            old, new = self.facts.get(node_id), self._analyse(node_id)
            if old == new:
                continue
            self.facts[node_id] = new
            changed.add(node_id)
            if old is not None and old.outputs == new.outputs:
                continue
            for target in self.graph.successors(node_id):
                if target in self._rank and target not in waiting:
                    waiting.add(target)
                    heappush(queue, (self._rank[target], target))
        return changed

    def _sort(self) -> None:
        self.order, self._stuck = topological(self.graph)
        self._rank = {node_id: i for i, node_id in enumerate(self.order)}
        self._cyclic = on_cycles(self.graph, self._stuck) if self._stuck else frozenset()

    # One node.

    def _path(self, node_id: str) -> str:
        return self.prefix + node_id

    def _diagnostic(self, code: str, title: str, node_id: str, **rest: Any) -> Diagnostic:
        return Diagnostic(code, title, node_id, self._path(node_id), self.scope, **rest)

    def _stuck_facts(self, node_id: str) -> Facts:
        node = self.graph.nodes[node_id]
        spec = self.registry.node(node.type)
        problems: tuple[Diagnostic, ...] = ()
        if node_id in self._cyclic:
            problems = (self._diagnostic("cycle", f"{node.name} is part of a circle", node_id,
                                         expected="wires that run forward", received="a wire that leads back",
                                         hint="Remove one wire of the circle."),)
        ports = (spec.inputs, spec.outputs) if spec else self._shell_ports(node_id)
        return Facts(node, self._path(node_id), self.scope, spec, {}, *ports, problems=problems)

    def _shell_ports(self, node_id: str) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
        """Ports of a node of unknown type: those its wires name."""
        ins = dict.fromkeys(e.target_port for e in self.graph.into(node_id))
        outs = dict.fromkeys(e.source_port for e in self.graph.out_of(node_id))
        return tuple(Port(n, many=True) for n in ins), tuple(map(Port, outs))

    def _analyse(self, node_id: str) -> Facts:
        node = self.graph.nodes[node_id]
        spec = self.registry.node(node.type)
        if spec is None:
            ins, outs = self._shell_ports(node_id)
            problem = self._diagnostic("unknown-type", f"{node.type} is unknown here", node_id,
                                       hint="Its values are kept. Open the file in a newer Netloom, or replace the node.")
            return Facts(node, self._path(node_id), self.scope, None, node.params, ins, outs, problems=(problem,))
        if spec.kind in ("note", "frame"):
            values, problems = self._values(node, spec)
            return Facts(node, self._path(node_id), self.scope, spec, values, problems=problems)
        return self._analyse_known(node, spec)

    def _analyse_known(self, node: Node, spec: NodeSpec) -> Facts:
        values, problems = self._values(node, spec)
        blank = Facts(node, self._path(node.id), self.scope, spec, values)
        try:
            ports_in, ports_out = self._ports(node, spec, values)
        except Refusal as refusal:
            return replace(blank, problems=(*problems, self._refused(refusal, node)))
        inputs, complete, wiring = self._inputs(node, ports_in)
        blank = replace(blank, ports_in=ports_in, ports_out=ports_out, inputs=inputs, problems=(*problems, *wiring))
        if not complete or problems or wiring:
            return blank
        try:
            if node.muted and spec.kind in ("layer", "operation", "block"):
                return replace(blank, outputs=_pass_through(ports_out, inputs, node))
            if spec.kind == "objective" and node.muted:
                return blank
            return self._infer(blank, node, spec, values, inputs)
        except Refusal as refusal:
            return replace(blank, problems=(*blank.problems, self._refused(refusal, node)))

    def _infer(self, blank: Facts, node: Node, spec: NodeSpec, values: Mapping[str, Any],
               inputs: Mapping[str, tuple[Tensor, ...]]) -> Facts:
        if spec.kind == "boundary" and not blank.ports_in:
            given = self.given.get(node.id)
            return replace(blank, outputs={"out": given} if given is not None else {})
        if spec.kind == "block":
            return self._infer_block(blank, node, inputs)
        found = spec.infer(values, inputs)
        outputs = dict(zip((port.name for port in blank.ports_out), found.outputs, strict=True)) if blank.ports_out else {}
        for name, tensor in outputs.items():
            if any(d is not None and d < 1 for d in tensor.shape):
                shrunk = self._diagnostic("empty-shape", f"{node.name} leaves nothing over", node.id, port=name,
                                          expected="every size to be at least 1", received=tensor.words,
                                          hint="Use smaller kernels or strides, padding “same”, or fewer poolings.")
                return replace(blank, problems=(*blank.problems, shrunk))
        fixed = found.weights if node.frozen else found.fixed
        return replace(blank, outputs=outputs, weights=found.weights, fixed=fixed, macs=found.macs)

    def _refused(self, refusal: Refusal, node: Node) -> Diagnostic:
        return from_refusal(refusal, node.id, self._path(node.id), self.scope)

    def _values(self, node: Node, spec: NodeSpec) -> tuple[dict[str, Any], tuple[Diagnostic, ...]]:
        params = self._block_params(node) if spec.kind == "block" else spec.params
        values: dict[str, Any] = {}
        problems: list[Diagnostic] = []
        for param in params:
            given = node.params.get(param.name, param.default)
            try:
                values[param.name] = param.check(self._evaluated(given))
            except Refusal as refusal:
                values[param.name] = given
                problems.append(self._refused(refusal, node))
            except ExpressionError as error:
                values[param.name] = given
                problems.append(self._diagnostic("expression", f"{param.name} cannot be computed", node.id, param=param.name,
                                                 hint=str(error)))
        return values, tuple(problems)

    def _evaluated(self, value: Json) -> Json:
        if is_expression(value):
            return evaluate(value["="], self.bindings)
        if isinstance(value, list) and any(map(is_expression, value)):
            return [self._evaluated(part) for part in value]
        return value

    def _ports(self, node: Node, spec: NodeSpec, values: Mapping[str, Any]) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
        if spec.kind != "block":
            return spec.input_ports(values), spec.output_ports(values)
        from graph_compiler.analysis.blocks import block_ports
        return block_ports(self.document, node)

    def _block_params(self, node: Node) -> tuple[Any, ...]:
        from graph_compiler.analysis.blocks import block_params
        return block_params(self.document, node)

    def _infer_block(self, blank: Facts, node: Node, inputs: Mapping[str, tuple[Tensor, ...]]) -> Facts:
        from graph_compiler.analysis.blocks import infer_block
        return infer_block(self, blank, node, inputs)

    def _inputs(self, node: Node, ports: tuple[Port, ...]) -> tuple[dict[str, tuple[Tensor, ...]], bool, tuple[Diagnostic, ...]]:
        """Tensors by port, whether every needed one is known, and what is wrong with the wires."""
        known = {port.name: port for port in ports}
        found: dict[str, list[Tensor]] = {}
        wired: set[str] = set()
        problems: list[Diagnostic] = []
        complete = True
        for edge in self.graph.into(node.id):
            if edge.target_port not in known:
                problems.append(self._diagnostic("lost-port", f"{node.name} has no port “{edge.target_port}” now", node.id,
                                                 port=edge.target_port, hint="Remove the wire, or bring the port back."))
                continue
            wired.add(edge.target_port)
            source = self.facts.get(edge.source)
            tensor = source.outputs.get(edge.source_port) if source else None
            if tensor is None:
                complete = False
                if source and source.outputs:
                    problems.append(self._diagnostic(
                        "lost-port", f"{source.node.name} has no port “{edge.source_port}” now", node.id, port=edge.target_port,
                        hint="Remove the wire, or bring the port back."))
            else:
                found.setdefault(edge.target_port, []).append(tensor)
        for port in ports:
            if port.name not in wired and not port.optional:
                complete = False
                words = port.name if port.name != "in" else "input"
                problems.append(self._diagnostic("missing-input", f"{node.name} has no {words}", node.id, port=port.name,
                                                 expected="a wire" if not port.many else "at least one wire", received="none",
                                                 hint="Pull a wire to it."))
        return {name: tuple(tensors) for name, tensors in found.items()}, complete, tuple(problems)


def _pass_through(ports_out: tuple[Port, ...], inputs: Mapping[str, tuple[Tensor, ...]], node: Node) -> dict[str, Tensor]:
    if len(ports_out) != 1:
        raise Refusal("mute", f"{node.name} cannot be muted", expected="one output", received=f"{len(ports_out)} outputs",
                      hint="Switch muting off.")
    first = next(iter(inputs.values()), ())
    return {ports_out[0].name: first[0]} if first else {}
