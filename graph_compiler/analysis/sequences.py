"""Generated sequences: what `Shift` makes of a drawing - encoder, decoder, and the form of the decoder's single step.

What depends on the Shift is the decoder; what it reads from elsewhere is its context. A step has one of two forms. `state`:
one token and the states of every recurrent layer go in. `prefix`: all tokens so far and the position go in, for decoders
whose layers look back by themselves (causal attention and convolution, positions).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.goals import End, Goals, ObjectivePlan
from graph_compiler.analysis.reach import Reach
from graph_compiler.graph.blocks.inside import EACH_STEP, boundary, port_name
from graph_compiler.graph.model import Graph
from graph_compiler.graph.values import Edge

RECURRENT = {"SimpleRNN": ("h",), "GRU": ("h",), "LSTM": ("h", "c")}
"""Layers whose step is known, with their states."""
_ATTENTION = frozenset({"Attention", "AdditiveAttention", "MultiHeadAttention", "GroupQueryAttention"})
_LOOKING_BACK = frozenset({"PositionalEncoding", "PositionEmbedding"})
_EACH_FAMILIES = frozenset({"merge", "regularisation"})
_EACH = frozenset({
    "Dense", "Embedding", "Masking", "Identity", "Activation", "TimeDistributed", "LayerNormalization", "RMSNormalization",
    "BatchNormalization", "UnitNormalization", "Rescaling", "Cast", "OneHot", "StopGradient", "Arithmetic", "Softmax", "ReLU",
    "LeakyReLU", "ELU", "PReLU", "Sampling", "Normalization"})


@dataclass(frozen=True)
class StatePlan:
    """One state of a recurrent layer behind the Shift: float32 [units]. `initial` is what it starts from, None for zeros."""

    path: str
    name: str
    units: int
    initial: End | None = None


@dataclass(frozen=True)
class SequencePlan:
    """A sequence that is generated token by token: int32 [length] of `tokens` kinds, `start` before the first."""

    shift: str
    column: End
    objective: str
    prediction: End
    length: int
    tokens: int
    start: int
    end: int
    form: str
    decoder: frozenset[str]
    context: tuple[End, ...]
    states: tuple[StatePlan, ...] = ()


def sequence_plan(engine: GraphEngine, reach: Reach, goals: Goals, problems: list[Diagnostic]) -> SequencePlan | None:
    """The generated sequence of a drawing, None where there is none. What has no step form becomes a problem."""
    shifts = [n for n in engine.order if engine.graph.nodes[n].type == "Shift" and not engine.graph.nodes[n].muted]
    found = [(shift, loss) for loss in goals.losses for shift in shifts
             if shift in reach.before[loss.node] and _fed(engine, shift) == loss.target]
    for loss in goals.losses:
        problems += _leaks(engine, reach, loss, {shift for shift, one in found if one is loss})
    if not found:
        return None
    shift, loss = found[0]
    problems += [_second(engine, other) for other, _ in found[1:] if other != shift]
    return _Decoder(engine, shift, loss, problems).plan()


def _fed(engine: GraphEngine, node_id: str) -> End | None:
    wires = engine.graph.into(node_id)
    return (wires[0].source, wires[0].source_port) if len(wires) == 1 else None


def _second(engine: GraphEngine, node_id: str) -> Diagnostic:
    return engine.problem("shift", f"{engine.graph.nodes[node_id].name} is a second Shift", node_id, expected="one Shift",
                          received="another", hint="Take both uses from the same Shift.")


def _leaks(engine: GraphEngine, reach: Reach, loss: ObjectivePlan, shifts: set[str]) -> Iterator[Diagnostic]:
    """Tokens that are predicted from themselves."""
    column = loss.target_tensor.column
    if column is None or column.kind != "tokens":
        return
    source, port = loss.target
    before = reach.before[loss.node]
    for edge in engine.graph.out_of(source):
        if edge.source_port == port and edge.target in before and edge.target not in shifts:
            at = engine.graph.nodes[edge.target]
            yield engine.problem(
                "target-leak", f"{engine.graph.nodes[loss.node].name} predicts “{port}” from itself", edge.target,
                port=edge.target_port, expected="the target to come through Shift", received=f"“{port}” itself at {at.name}",
                hint="Insert Shift: then each token is predicted from those before it.", facts={"insert": "Shift"})


def dependent(graph: Graph, seeds: Iterable[str]) -> set[str]:
    """The nodes and everything that is computed from them."""
    seen = set(seeds)
    todo = list(seen)
    while todo:
        fresh = [n for n in graph.successors(todo.pop()) if n not in seen]
        seen.update(fresh)
        todo.extend(fresh)
    return seen


class _Decoder:
    """Looks at everything behind a Shift."""

    def __init__(self, engine: GraphEngine, shift: str, loss: ObjectivePlan, problems: list[Diagnostic]) -> None:
        self.engine, self.shift, self.loss, self.problems = engine, shift, loss, problems
        self.looking_back = False
        self.states: list[StatePlan] = []

    def plan(self) -> SequencePlan | None:
        facts = self.engine.facts[self.shift]
        tensor = facts.output
        if tensor is None or tensor.rank != 1 or tensor.shape[0] is None:
            return None
        nodes = dependent(self.engine.graph, [self.shift])
        self._look(self.engine, {self.shift})
        form = "prefix" if self.looking_back else "state"
        column = self.loss.target_tensor.column
        assert column is not None
        return SequencePlan(
            self.shift, self.loss.target, self.loss.node, self.loss.prediction, tensor.shape[0],
            self.loss.prediction_tensor.shape[-1] or len(column.vocabulary), int(facts.values["start"]), column.end, form,
            frozenset(nodes), tuple(dict.fromkeys(self._context(nodes, form))), tuple(self.states) if form == "state" else ())

    def _context(self, nodes: set[str], form: str) -> Iterator[End]:
        for node_id in self.engine.order:
            facts = self.engine.facts[node_id]
            if node_id not in nodes or node_id == self.shift or facts.spec is None or facts.spec.kind == "objective":
                continue
            for edge in self.engine.graph.into(node_id):
                carries = form == "state" and facts.node.type in RECURRENT and not facts.node.muted
                starts = carries and edge.target_port.startswith("initial_")
                if edge.source not in nodes and not starts:
                    yield edge.source, edge.source_port

    def _look(self, engine: GraphEngine, seeds: set[str]) -> None:
        """Every layer of one graph that depends on the seeds."""
        nodes = dependent(engine.graph, seeds)
        for node_id in engine.order:
            facts = engine.facts[node_id]
            if node_id in seeds or node_id not in nodes or facts.spec is None or facts.node.muted:
                continue
            if facts.spec.kind == "block":
                if facts.node.type == EACH_STEP:
                    continue  # it works on each position by itself
                self._inside(engine, facts, nodes)
            elif facts.spec.kind in ("layer", "operation"):
                fed = {e.target_port for e in engine.graph.into(node_id) if e.source in nodes}
                self._layer(engine, facts, fed)

    def _inside(self, engine: GraphEngine, facts: Facts, nodes: set[str]) -> None:
        child = engine.children.get(facts.node.id)
        block = engine.document.blocks.get(facts.node.block)
        if child is None or block is None:
            return
        fed = {e.target_port for e in engine.graph.into(facts.node.id) if e.source in nodes}
        self._look(child, {n.id for n in boundary(block, "BlockInput") if port_name(n) in fed})

    def _layer(self, engine: GraphEngine, facts: Facts, fed: set[str]) -> None:
        name, values = facts.node.type, facts.values
        if name in RECURRENT and not values.get("go_backwards"):
            self._recurrent(engine, facts)
        elif self._looks_back(facts):
            self.looking_back = True
        elif not ((name in _ATTENTION and fed == {"query"}) or self._each(facts)):
            self.problems.append(self._no_step(engine, facts))

    def _looks_back(self, facts: Facts) -> bool:
        name, values = facts.node.type, facts.values
        causal = (name in _ATTENTION and values.get("use_causal_mask")) or (
            name == "Conv1D" and values.get("padding") == "causal")
        return bool(causal) or name in _LOOKING_BACK

    def _each(self, facts: Facts) -> bool:
        """Whether the layer works on each position by itself."""
        if not (facts.node.type in _EACH or (facts.spec and facts.spec.family in _EACH_FAMILIES)):
            return False
        axis = facts.values.get("axis", -1)
        axes = axis if isinstance(axis, tuple) else (axis,)
        rank = max((x.rank for tensors in facts.inputs.values() for x in tensors), default=1)
        return rank < 2 or all(a not in (1, -rank) for a in axes)

    def _recurrent(self, engine: GraphEngine, facts: Facts) -> None:
        wired = {e.target_port: e for e in engine.graph.into(facts.node.id) if e.target_port.startswith("initial_")}
        if wired and engine.prefix:
            self.looking_back = True  # a state that comes from outside the block: run over the tokens so far instead
        for state in RECURRENT[facts.node.type]:
            edge: Edge | None = wired.get(f"initial_{state}")
            self.states.append(StatePlan(facts.path, state, int(facts.values["units"]),
                                         (edge.source, edge.source_port) if edge else None))

    def _no_step(self, engine: GraphEngine, facts: Facts) -> Diagnostic:
        name, extra = facts.node.type, dict[str, object]()
        if name in _ATTENTION:
            hint, extra = "Switch use_causal_mask on.", {"use_causal_mask": True}
        elif name == "Conv1D":
            hint, extra = "Set padding to causal.", {"padding": "causal"}
        elif name == "Bidirectional" or name in RECURRENT:
            hint = "Use LSTM or GRU, reading forwards."
        else:
            hint = "Put it before the Shift, or use a layer that works on each position by itself."
        return engine.problem(
            "no-step", f"{facts.node.name} sees positions that are not generated yet", facts.node.id,
            expected="layers that look at earlier positions only", received=facts.node.type, hint=hint, facts=extra)
