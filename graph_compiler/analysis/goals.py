"""Objectives that are settled: which tensors each of them reads, and what analysis refuses of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graph_compiler.analysis.diagnostics import Diagnostic, from_refusal
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.reach import Reach, feeding, last_activation
from graph_compiler.analysis.targets import with_columns
from graph_compiler.specs.objectives import ObjectiveSpec, Resolved
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor

End = tuple[str, str]
"""An output port of a node at the root: (node id, port name)."""


@dataclass(frozen=True)
class ObjectivePlan:
    """One Loss that is settled: which tensors meet and under which Keras loss.

    `restored_by` is the path of the inverted Normalization that gives the prediction; it learns from the target.
    """

    node: str
    weight: float
    prediction: End
    target: End
    prediction_tensor: Tensor
    target_tensor: Tensor
    resolved: Resolved
    restored_by: str = ""


@dataclass(frozen=True)
class TermPlan:
    """One objective without a target. `kind` is its node type, `ends` the tensors it reads, by port in port order."""

    node: str
    kind: str
    weight: float
    ends: Mapping[str, End]
    values: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True)
class ContestPlan:
    """One AdversarialLoss. `discriminator` is the weights name, `real_judge` and `fake_judge` its instances.

    `real_inputs` and `fake_inputs` are what these receive, by port. `logits` says that the scores are of any size.
    """

    node: str
    weight: float
    real: End
    fake: End
    discriminator: str
    real_judge: str
    fake_judge: str
    real_inputs: Mapping[str, End]
    fake_inputs: Mapping[str, End]
    logits: bool
    values: Mapping[str, Any] = field(hash=False)

    @property
    def made(self) -> tuple[End, ...]:
        """What is judged as fake and differs from what is judged as real: the generated tensors."""
        return tuple(end for port, end in self.fake_inputs.items() if self.real_inputs.get(port) != end)


@dataclass(frozen=True)
class Goals:
    """Every objective of a drawing that is settled, by kind, in the order of the drawing."""

    losses: tuple[ObjectivePlan, ...] = ()
    terms: tuple[TermPlan, ...] = ()
    contests: tuple[ContestPlan, ...] = ()

    @property
    def settled(self) -> frozenset[str]:
        """Node ids of all of them."""
        return frozenset((*self.plain, *(contest.node for contest in self.contests)))

    @property
    def plain(self) -> tuple[str, ...]:
        """Node ids of those that are no contests."""
        return (*(loss.node for loss in self.losses), *(term.node for term in self.terms))


def settle_goals(engine: GraphEngine, reach: Reach, problems: list[Diagnostic]) -> Goals:
    """Settle every objective whose inputs are known. What is refused becomes a problem at the objective."""
    losses, terms, contests = [], [], []
    for node_id in reach.of("objective"):
        facts, spec = engine.facts[node_id], engine.facts[node_id].spec
        if facts.failed or not isinstance(spec, ObjectiveSpec) or not all(facts.inputs.get(p.name) for p in facts.ports_in):
            continue
        ends = {edge.target_port: (edge.source, edge.source_port) for edge in engine.graph.into(node_id)}
        try:
            if spec.role == "loss":
                losses.append(_loss(engine, facts, spec, ends))
            elif spec.role == "term":
                terms.append(TermPlan(node_id, spec.name, _weight(facts), {p.name: ends[p.name] for p in facts.ports_in},
                                      facts.values))
            else:
                contests.append(_contest(engine, facts, spec, ends))
        except Refusal as refusal:
            problems.append(from_refusal(refusal, node_id, engine.prefix + node_id, engine.scope))
    return Goals(tuple(losses), tuple(terms), tuple(contests))


def _weight(facts: Facts) -> float:
    return float(facts.values.get("weight", 1.0))


def _loss(engine: GraphEngine, facts: Facts, spec: ObjectiveSpec, ends: Mapping[str, End]) -> ObjectivePlan:
    assert spec.resolve is not None
    prediction, target = facts.inputs["prediction"][0], facts.inputs["target"][0]
    activation = last_activation(engine, *ends["prediction"])
    try:
        resolved = spec.resolve(facts.values, prediction, target, activation.name)
    except Refusal as refused:
        raise with_columns(engine, facts, spec, ends, refused) from None
    return ObjectivePlan(facts.node.id, _weight(facts), ends["prediction"], ends["target"], prediction, target, resolved,
                         activation.path if activation.restores else "")


def _contest(engine: GraphEngine, facts: Facts, spec: ObjectiveSpec, ends: Mapping[str, End]) -> ContestPlan:
    """The contest with its discriminator. Refusal (code `discriminator`) when no block judges both sides."""
    judges = {port: _judge(engine, ends[port]) for port in ("real", "fake")}
    for port, found in judges.items():
        if found is None:
            source = engine.graph.nodes[ends[port][0]]
            raise Refusal("discriminator", f"No block judges “{port}”", port=port,
                          expected="a block that gives the scores, with no weights after it",
                          received=f"the result of {source.name} ({source.id})",
                          hint="Select the layers that judge, make them one block, and place it again with shared weights.")
    real, fake = (engine.graph.nodes[str(judges[port])] for port in ("real", "fake"))
    if real.id == fake.id or not real.weights or (real.block, real.weights) != (fake.block, fake.weights):
        share: dict[str, Any] = {"share": (real.id, fake.id)} if real.id != fake.id and real.block == fake.block else {}
        raise Refusal("discriminator", "Real and fake are not judged by one shared discriminator", port="fake",
                      expected="one block, placed twice with one weights name", received=_placed(real, fake),
                      hint="Give both instances the same weights name." if share else "Place the discriminator again, shared.",
                      **share)
    activation = last_activation(engine, *ends["real"])
    if spec.judge is not None:
        spec.judge(facts.values, activation.name)
    return ContestPlan(facts.node.id, _weight(facts), ends["real"], ends["fake"], real.weights, real.id, fake.id,
                       _received(engine, real.id), _received(engine, fake.id),
                       activation.name not in ("sigmoid", "hard_sigmoid"), facts.values)


def _placed(real: Any, fake: Any) -> str:
    if real.id == fake.id:
        return f"one instance for both, {real.id}"
    return " and ".join(f"{n.id} with {f'the weights “{n.weights}”' if n.weights else 'weights of its own'}"
                        for n in (real, fake))


def _judge(engine: GraphEngine, end: End) -> str | None:
    """The block instance whose result arrives at an end through nodes without weights; None when there is none."""
    node_id = end[0]
    while (facts := engine.facts.get(node_id)) is not None and facts.spec is not None:
        if facts.spec.kind == "block" and not facts.node.muted:
            return node_id
        wires = feeding(engine, node_id)
        if (facts.weights and not facts.node.muted) or len(wires) != 1:
            return None
        node_id = wires[0].source
    return None


def _received(engine: GraphEngine, node_id: str) -> dict[str, End]:
    return {edge.target_port: (edge.source, edge.source_port) for edge in engine.graph.into(node_id)}


def ends_of(goals: Goals) -> Iterator[End]:
    """Every tensor that an objective reads, predictions first; targets are left out."""
    for loss in goals.losses:
        yield loss.prediction
    for term in goals.terms:
        yield from term.ends.values()
    for contest in goals.contests:
        yield from (contest.real, contest.fake, *contest.real_inputs.values(), *contest.fake_inputs.values())
