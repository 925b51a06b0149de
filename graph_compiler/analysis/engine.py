"""The analyser: facts for every node, kept up to date by looking again only where an edit can be felt.

One `GraphEngine` serves one graph in one place: the root, or the inside of a block seen from one instance.
A problem is reported where it is wrong first; what stands downstream of it just has no facts yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from heapq import heapify, heappop, heappush
from typing import Any

from msgspec.structs import replace

from graph_compiler.analysis.diagnostics import Diagnostic, from_refusal
from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.leaving import staying
from graph_compiler.analysis.order import circles, topological
from graph_compiler.analysis.places import Insides, PlacedFacts, Sorted
from graph_compiler.analysis.sums import Sums, sums_of
from graph_compiler.analysis.values import Bindings
from graph_compiler.analysis.wires import received
from graph_compiler.graph.model import Document, Graph
from graph_compiler.graph.substitution import computes
from graph_compiler.graph.values import ROOT, EdgeKey, Node
from graph_compiler.specs.nodes import NodeSpec, Port
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.registry import DRAWING_ONLY, Registry
from graph_compiler.specs.tensors import Tensor

_MUTABLE = frozenset({"layer", "operation", "block"})
_NEVER_MUTED = frozenset({"source", "output", "boundary"})


class GraphEngine:
    """Facts of one graph by node id.

    Instances of a block that agree in values and inputs share one engine. Its facts have paths that begin inside the block;
    `children` gives it as seen from one instance, with `prefix`, the path of that instance and a dot, before every path.
    """

    def __init__(self, document: Document, registry: Registry, graph: Graph, scope: str, shared: Insides,
                 bindings: Bindings | None = None, given: Mapping[str, Tensor] | None = None, frozen: bool = False) -> None:
        self.document, self.registry, self.graph = document, registry, graph
        self.scope, self.prefix = scope, ""
        self.shared = shared
        self.bindings: Bindings = bindings or {}
        self.given: Mapping[str, Tensor] = given or {}
        """Inside a block: the tensor each `BlockInput` delivers, by node id."""
        self.frozen = frozen
        """Whether an instance around it is frozen."""
        self._facts: dict[str, Facts] = {}
        self.facts: Mapping[str, Facts] = self._facts
        self.inner: dict[str, GraphEngine] = {}
        """Insides of instances by their node id, as they are shared."""
        self._core: GraphEngine | None = None
        self._views: dict[str, GraphEngine] = {}
        self.order: list[str] = []
        """Nodes so that wires run forward; nodes on circles and behind them are left out."""
        self.rank: dict[str, int] = {}
        self.unread: tuple[str, ...] = ()
        """Nodes without a wire that leaves them."""
        self._stuck: frozenset[str] = frozenset()
        self._circles: dict[str, list[str]] = {}
        self._sums: Sums | None = None

    def within(self, node: Node, values: Bindings, given: Mapping[str, Tensor]) -> GraphEngine:
        """The inside of an instance with these values and inputs: the one that is known, or a fresh one."""
        frozen = self.frozen or node.frozen
        key = (node.block, repr(dict(values)), tuple(given.items()), frozen)
        found = self.shared.known.get(key)
        if found is None:
            found = GraphEngine(self.document, self.registry, self.document.blocks[node.block].graph, node.block, self.shared,
                                values, given, frozen)
            found.run()
            self.shared.known[key] = found
        return found

    @property
    def children(self) -> dict[str, GraphEngine]:
        """Insides of instances by their node id, each as seen from its instance."""
        return {node_id: self._view(node_id, core) for node_id, core in self.inner.items()}

    @property
    def core(self) -> GraphEngine:
        """The shared engine that this one shows; itself where it is not seen from an instance."""
        return self._core or self

    def child(self, node_id: str) -> GraphEngine | None:
        """The inside of one instance as seen from it; None when the node has no analysed inside."""
        core = self.inner.get(node_id)
        return self._view(node_id, core) if core is not None else None

    def _view(self, node_id: str, core: GraphEngine) -> GraphEngine:
        known = self._views.get(node_id)
        if known is None or known.core is not core:
            known = self._views[node_id] = core.seen_from(f"{self.prefix}{node_id}.")
        return known

    def seen_from(self, prefix: str) -> GraphEngine:
        """The same analysis with `prefix` before every path. It follows when this one is updated."""
        twin = copy(self)
        twin._core, twin.prefix, twin.facts, twin._views = self.core, prefix, PlacedFacts(self._facts, prefix), {}
        return twin

    @property
    def sums(self) -> Sums:
        """What the graph costs, and what is wrong in it as a whole."""
        core = self.core
        if core._sums is None:
            core._sums = sums_of(core)
        return core._sums

    def run(self) -> None:
        """Analyse everything."""
        self._facts.clear()
        self.inner.clear()
        self._sums = None
        self._sort()
        for node_id in self.order:
            self._facts[node_id] = self._analyse(node_id)
        for node_id in self._stuck:
            self._facts[node_id] = self._stuck_facts(node_id)

    def look_again(self, nodes: Iterable[str], edges: Iterable[EdgeKey]) -> set[str]:
        """Look again after these nodes and wires were added, changed or removed. Returns the ids whose facts changed."""
        dirty = set(nodes)
        rewired = any((n in self._facts) != (n in self.graph.nodes) for n in dirty)
        for key in edges:
            rewired = True
            dirty |= {key[0], key[2]}
        return self.update(dirty & self.graph.nodes.keys(), rewired)

    def update(self, dirty: Iterable[str], rewired: bool) -> set[str]:
        """Look again at `dirty` nodes and whatever their results reach. Returns the ids whose facts changed."""
        self._sums = None
        gone = self._facts.keys() - self.graph.nodes.keys()
        for node_id in gone:
            del self._facts[node_id]
            self.inner.pop(node_id, None)
        again = set(dirty)
        changed = set(gone)
        if rewired:
            was_stuck = self._stuck
            self._sort()
            again |= was_stuck - self._stuck
            again |= {target for n in self._stuck for target in self.graph.successors(n)}
        for node_id in self._stuck:
            self._store(node_id, self._stuck_facts(node_id), changed)
        self._flow(again, changed)
        return changed

    def _flow(self, dirty: set[str], changed: set[str]) -> None:
        """Analyse in order; a node's readers follow as long as its results change."""
        queue = [(self.rank[n], n) for n in dirty if n in self.rank]
        heapify(queue)
        waiting = {n for _, n in queue}
        while queue:
            _, node_id = heappop(queue)
            waiting.discard(node_id)
            old, new = self._facts.get(node_id), self._analyse(node_id)
            self._store(node_id, new, changed)
            if old is not None and _looks_the_same(old, new):
                continue
            for target in self.graph.successors(node_id):
                if target in self.rank and target not in waiting:
                    waiting.add(target)
                    heappush(queue, (self.rank[target], target))

    def _store(self, node_id: str, facts: Facts, changed: set[str]) -> None:
        if self._facts.get(node_id) != facts:
            changed.add(node_id)
            self._facts[node_id] = facts

    def _sort(self) -> None:
        found = self.shared.sorted.get(self.scope) if self.scope != ROOT else None
        if found is None:
            order, stuck = topological(self.graph)
            unread = tuple(node_id for node_id in self.graph.nodes if not self.graph.count_out(node_id))
            found = Sorted(order, stuck, {group[0]: group for group in circles(self.graph, stuck)} if stuck else {}, unread)
            if self.scope != ROOT:
                self.shared.sorted[self.scope] = found
        self.order[:], self._stuck, self._circles = found.order, found.stuck, found.circles
        self.unread = found.unread
        self.rank.clear()
        self.rank.update((node_id, i) for i, node_id in enumerate(self.order))

    # One node.

    def problem(self, code: str, title: str, node_id: str, **rest: Any) -> Diagnostic:
        """A diagnostic at a node of this graph."""
        return Diagnostic(code, title, node_id, self.prefix + node_id, self.scope, **rest)

    def _refused(self, refusal: Refusal, node_id: str) -> Diagnostic:
        return from_refusal(refusal, node_id, self.prefix + node_id, self.scope)

    def _blank(self, node: Node, spec: NodeSpec | None, values: Mapping[str, Any]) -> Facts:
        return Facts(node, self.prefix + node.id, self.scope, spec, values)

    def _stuck_facts(self, node_id: str) -> Facts:
        """A node on a circle or behind one; the first node of a circle carries the problem."""
        self.inner.pop(node_id, None)
        facts = self._unwired(node_id)
        if node_id not in self._circles:
            return facts
        names = [self.graph.nodes[n].name for n in self._circles[node_id]]
        words = " → ".join([*names[:4], "…"] if len(names) > 4 else [*names, names[0]])
        circle = self.problem("cycle", f"{names[0]} is part of a circle", node_id, expected="wires that run forward",
                              received=f"the circle {words}", hint="Remove one wire of the circle.")
        return replace(facts, problems=(*facts.problems, circle))

    def _unwired(self, node_id: str) -> Facts:
        """What is known of a node without looking at its wires: values, ports, parameters that do not fit."""
        node = self.graph.nodes[node_id]
        known = self.shared.fronts.get((self.scope, node_id))
        if known is not None and known.node is node:
            return known
        spec = self.registry.nodes.get(node.type)
        if spec is None:
            return self._shell(node)
        found = self._front(node, spec)
        if spec.kind != "block" and not computes(node.params):
            self.shared.fronts[self.scope, node_id] = found
        return found

    def _front(self, node: Node, spec: NodeSpec) -> Facts:
        values, refusals = self._values(node, spec)
        facts = self._blank(node, spec, values)
        if spec.kind == "objective" and node.muted:
            refusals = []
        if self.scope != ROOT and spec.kind in DRAWING_ONLY:
            refusals = [_misplaced(node, spec, self.scope)]
        problems = tuple(self._refused(refusal, node.id) for refusal in refusals)
        try:
            ports_in, ports_out = self._ports(node, spec, values)
        except Refusal as refusal:
            return replace(facts, problems=(*problems, self._refused(refusal, node.id)))
        except (ArithmeticError, LookupError, TypeError, ValueError):  # ports that depend on a parameter that does not fit
            return replace(facts, problems=problems or (self._failed(node, "its ports"),))
        return Facts(node, facts.path, self.scope, spec, values, ports_in, ports_out, problems=problems)

    def _shell(self, node: Node) -> Facts:
        """A node of unknown type: its ports are those its wires name."""
        ins = dict.fromkeys(e.target_port for e in self.graph.into(node.id))
        outs = dict.fromkeys(e.source_port for e in self.graph.out_of(node.id))
        problem = self.problem("unknown-type", f"{node.type} is unknown here", node.id,
                               hint="Its values are kept. Open the file in a newer Netloom, or replace the node.")
        return replace(self._blank(node, None, node.params), ports_in=tuple(Port(n, many=True) for n in ins),
                       ports_out=tuple(map(Port, outs)), problems=(problem,))

    def _analyse(self, node_id: str) -> Facts:
        self.inner.pop(node_id, None)
        facts = self._unwired(node_id)
        node, spec = facts.node, facts.spec
        if spec is None or (facts.problems and not facts.ports_in and not facts.ports_out):
            return facts
        if node.muted and spec.kind == "objective":
            return facts
        inputs, complete, wiring = received(self, node, facts.ports_in)
        if not facts.ports_in and not wiring:
            blank = facts
        else:
            blank = replace(facts, inputs=inputs, problems=(*facts.problems, *wiring))
        if node.muted and spec.kind in _NEVER_MUTED:
            refused = self.problem("mute", f"{node.name} cannot be muted", node_id, expected="a node that passes a tensor on",
                                   received=f"a muted {spec.kind}", hint="Switch muting off.")
            return replace(blank, problems=(*blank.problems, refused))
        if not complete or blank.problems:
            return blank
        return self._inferred(blank, node, spec)

    def _inferred(self, blank: Facts, node: Node, spec: NodeSpec) -> Facts:
        try:
            if node.muted and spec.kind in _MUTABLE:
                return replace(blank, outputs=_pass_through(blank, node))
            return self._infer(blank, node, spec)
        except Refusal as refusal:
            return replace(blank, problems=(*blank.problems, self._refused(refusal, node.id)))
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            return replace(blank, problems=(*blank.problems, self._failed(node, f"{type(error).__name__}: {error}")))

    def _failed(self, node: Node, what: str) -> Diagnostic:
        """A rule that broke instead of refusing: the drawing stays usable and the words say that it is not the user's fault."""
        return self.problem("internal", f"{node.name} cannot be analysed", node.id, expected="a rule that answers",
                            received=what[:200], hint="This is a fault of Netloom. Change its parameters and report it.")

    def _infer(self, blank: Facts, node: Node, spec: NodeSpec) -> Facts:
        if spec.kind == "boundary":
            return self._boundary(blank, node)
        if spec.kind == "block":
            from graph_compiler.analysis.blocks import infer_block
            return infer_block(self, blank, node, blank.inputs)
        found = spec.infer(blank.values, blank.inputs)
        outputs: dict[str, Tensor] = {}
        if blank.ports_out:
            outputs = dict(zip((port.name for port in blank.ports_out), found.outputs, strict=True))
        for name, tensor in outputs.items():
            if any(d is not None and d < 1 for d in tensor.shape):
                raise Refusal("empty-shape", f"{node.name} leaves nothing over", port=name, received=tensor.words,
                              expected="every size to be at least 1",
                              hint="Use smaller kernels or strides, padding “same”, or fewer poolings.")
        fixed = found.weights if node.frozen or self.frozen else found.fixed
        if notes := tuple(staying(self, blank)):
            blank = replace(blank, problems=(*blank.problems, *notes))
        return replace(blank, outputs=outputs, weights=found.weights, fixed=fixed, macs=found.macs)

    def _boundary(self, blank: Facts, node: Node) -> Facts:
        if self.scope == ROOT:
            raise Refusal("boundary", f"{node.name} stands outside a block", expected="a port inside a block",
                          received="a port in the drawing itself", hint="Remove it, or use a source or an Output.")
        given = self.given.get(node.id)
        return replace(blank, outputs={"out": given}) if blank.ports_out and given is not None else blank

    def _values(self, node: Node, spec: NodeSpec) -> tuple[dict[str, Any], list[Refusal]]:
        if node.muted and spec.kind in _MUTABLE:
            return self._quiet_values(node, spec)
        if spec.kind == "block":
            from graph_compiler.analysis.blocks import doors_of
            doors = doors_of(self, node)
            return self.shared.checked.of_params(node, doors.params if doors else (), self.bindings)
        return self.shared.checked.of(node, spec, self.bindings)

    def _quiet_values(self, node: Node, spec: NodeSpec) -> tuple[dict[str, Any], list[Refusal]]:
        """A muted layer has values to show, but nothing about them can be wrong."""
        from graph_compiler.analysis.blocks import block_params
        params = block_params(self.document, node) if spec.kind == "block" else spec.params_for(node.params)
        return self.shared.checked.of_params(node, params, self.bindings)[0], []

    def _ports(self, node: Node, spec: NodeSpec, values: Mapping[str, Any]) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
        if spec.kind != "block":
            return spec.input_ports(values), spec.output_ports(values)
        from graph_compiler.analysis.blocks import door_ports
        return door_ports(self, node)


def _looks_the_same(old: Facts, new: Facts) -> bool:
    """Whether a node's readers can tell no difference."""
    return (old.spec is new.spec and old.ports_out == new.ports_out and old.outputs == new.outputs
            and old.node.name == new.node.name)


def _misplaced(node: Node, spec: NodeSpec, scope: str) -> Refusal:
    instead = {"source": "Bring its tensor in through an input port.", "output": "Lead its tensor out through an output port."}
    return Refusal("drawing-only", f"{node.name} stands inside a block", expected="a place in the drawing itself",
                   received=f"a place inside “{scope}”",
                   hint=instead.get(spec.kind, "Lead what it compares out through output ports, and place it there."))


def _pass_through(facts: Facts, node: Node) -> dict[str, Tensor]:
    """The first connected port of a muted node goes to its only output."""
    if len(facts.ports_out) != 1:
        raise Refusal("mute", f"{node.name} cannot be muted", expected="one output", received=f"{len(facts.ports_out)} outputs",
                      hint="Switch muting off.")
    first = next((facts.inputs[port.name] for port in facts.ports_in if facts.inputs.get(port.name)), ())
    return {facts.ports_out[0].name: first[0]} if first else {}
