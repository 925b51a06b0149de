"""The plan: what a drawing trains. Built from the facts; the compiler, the trainers and Evaluate all read it."""

from __future__ import annotations

from dataclasses import dataclass, field

from graph_compiler.analysis.alike import Alike
from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.goals import ContestPlan, End, Goals, ObjectivePlan, TermPlan, settle_goals
from graph_compiler.analysis.phases import PhasePlan, make_phases
from graph_compiler.analysis.reach import Reach, feeding, needed
from graph_compiler.analysis.sequences import SequencePlan, sequence_plan
from graph_compiler.graph.ids import safe_names
from graph_compiler.graph.values import EdgeKey
from graph_compiler.specs.tensors import Tensor

__all__ = ["ContestPlan", "End", "Goals", "InputPlan", "ObjectivePlan", "OutputPlan", "PhasePlan", "Plan", "TermPlan",
           "make_plan"]


@dataclass(frozen=True)
class OutputPlan:
    """One tensor the exported model returns, under its safe name."""

    name: str
    end: End
    tensor: Tensor
    decoding: str = "none"


@dataclass(frozen=True)
class InputPlan:
    """One column, or noise, that the model reads (not one that is only a target), under its safe name."""

    name: str
    end: End
    tensor: Tensor


@dataclass(frozen=True)
class Plan:
    """What is trained, read and exported. `trainer` is the name of a trainer, empty while the drawing has none."""

    objectives: tuple[ObjectivePlan, ...] = ()
    """The Losses: what is compared with a target."""
    terms: tuple[TermPlan, ...] = ()
    contests: tuple[ContestPlan, ...] = ()
    phases: tuple[PhasePlan, ...] = ()
    sequence: SequencePlan | None = None
    """What is generated token by token; its column is an input of the training model only."""
    inputs: tuple[InputPlan, ...] = ()
    outputs: tuple[OutputPlan, ...] = ()
    sources: tuple[str, ...] = ()
    """Source nodes that matter to the objectives; the first drives the epoch."""
    trainable: tuple[str, ...] = ()
    """Root nodes whose weights the objectives move, in order."""
    held: tuple[str, ...] = ()
    """Root nodes with weights on the way to a prediction that stay as they are."""
    trainer: str = ""
    reason: str = ""
    """Why there is no trainer, in words."""
    notes: tuple[str, ...] = field(default=())
    training_only: frozenset[EdgeKey] = frozenset()
    """Root wires that only feed targets: drawn dashed, never part of an exported model."""
    noisy: frozenset[EdgeKey] = frozenset()
    """Root wires that carry noise: drawn dashed too."""
    live: frozenset[str] = frozenset()
    """Root nodes that a prediction or an Output is computed from (Outputs included)."""
    aimed: frozenset[str] = frozenset()
    """Root nodes that a target is computed from."""

    @property
    def goals(self) -> Goals:
        """All objectives by kind."""
        return Goals(self.objectives, self.terms, self.contests)


def make_plan(engine: GraphEngine, reach: Reach) -> tuple[Plan, list[Diagnostic]]:
    """The plan of the root graph and what stands in its way."""
    problems: list[Diagnostic] = []
    goals = settle_goals(engine, reach, problems)
    phases = make_phases(engine, reach, goals, problems)
    trainable, held = _trained(engine, reach, phases)
    sources = _sources(engine, reach, problems)
    _check_targets(engine, reach, goals.losses, problems)
    sequence = sequence_plan(engine, reach, goals, problems)
    reason = _reason(engine, reach, goals, trainable, sources, problems)
    outputs = _outputs(engine, reach, goals)
    trainer = "" if reason else "adversarial" if goals.contests else "supervised"
    return Plan(
        goals.losses, goals.terms, goals.contests, phases, sequence, _inputs(engine, reach, outputs), outputs, sources,
        trainable, held, trainer, reason, training_only=reach.training_only, noisy=reach.noisy, live=reach.live,
        aimed=reach.aimed), problems


def _trained(engine: GraphEngine, reach: Reach, phases: tuple[PhasePlan, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Nodes whose weights the objectives move, and nodes on the way whose weights stay."""
    moved = {n for phase in phases for n in phase.trains}
    before = set[str]().union(*(reach.before[node_id] for node_id in reach.of("objective")))
    weighted = [n for n in engine.order if n in before and engine.facts[n].weights]
    shared = {(node.block, node.weights) for n in moved if (node := engine.graph.nodes[n]).weights}
    still = [n for n in weighted if n not in moved
             and (engine.graph.nodes[n].block, engine.graph.nodes[n].weights) not in shared]
    return tuple(n for n in weighted if n in moved), tuple(still)


def _sources(engine: GraphEngine, reach: Reach, problems: list[Diagnostic]) -> tuple[str, ...]:
    """Tables in the order they matter: the target or real side of the first objective first, noise last.

    Two tables in one Loss do not fit; a contest may join them.
    """
    found: dict[str, None] = {}
    for node_id in reach.of("objective"):
        joined = reach.tables[node_id]
        found.update(dict.fromkeys(joined))
        spec = engine.facts[node_id].spec
        if len(joined) > 1 and getattr(spec, "role", "") != "contest":
            problems.append(_unaligned(engine, node_id, joined))
    used = reach.live | reach.aimed
    drawn = [n for n in reach.of("source") if n in used]
    found.update(dict.fromkeys(n for n in drawn if hasattr(engine.facts[n].spec, "dataset")))
    found.update(dict.fromkeys(drawn))
    return tuple(found)


def _unaligned(engine: GraphEngine, node_id: str, joined: tuple[str, ...]) -> Diagnostic:
    name = engine.graph.nodes[node_id].name
    words = " and ".join(f"{engine.graph.nodes[n].name} ({n})" for n in joined)
    return Diagnostic("unaligned", f"{name} joins rows of {len(joined)} sources", node_id, engine.prefix + node_id,
                      engine.scope, "target", expected="prediction and target from the same source", received=words,
                      hint="Sources are shuffled each by itself, so their rows do not belong together. Merge the sources.",
                      facts={"merge": joined})


def _check_targets(engine: GraphEngine, reach: Reach, objectives: tuple[ObjectivePlan, ...],
                   problems: list[Diagnostic]) -> None:
    """A target computed with weights that could be trained."""
    for objective in objectives:
        before = reach.behind[objective.node]
        guilty = next((n for n in engine.order if n in before and engine.facts[n].weights > engine.facts[n].fixed), None)
        if guilty is not None:
            names = engine.graph.nodes[objective.node].name, engine.graph.nodes[guilty].name
            problems.append(Diagnostic(
                "trained-target", f"The target of {names[0]} is computed with weights", objective.node,
                engine.prefix + objective.node, engine.scope, "target", expected="a target without weights that are trained",
                received=f"the result of {names[1]} ({guilty})", hint=f"Freeze {names[1]}, or insert StopGradient.",
                facts={"freeze": guilty}))


def _reason(engine: GraphEngine, reach: Reach, goals: Goals, trainable: tuple[str, ...],
            sources: tuple[str, ...], problems: list[Diagnostic]) -> str:
    """Why the drawing cannot be trained; empty when it can."""
    drawn = reach.of("objective")
    if not drawn:
        return "Add a Loss."
    for node_id in drawn:
        if node_id not in goals.settled:
            own = [*engine.facts[node_id].problems, *(p for p in problems if p.node == node_id)]
            name = engine.graph.nodes[node_id].name
            return f"{own[0].title}." if own else f"Something before {name} is not complete."
    if not any(hasattr(engine.facts[n].spec, "dataset") for n in sources):
        return "No data reaches the objective." if goals.contests else "No data reaches the Loss."
    if not trainable:
        first = drawn[0]
        problems.append(Diagnostic(
            "nothing-to-learn", "There is nothing to learn", first, engine.prefix + first, engine.scope, "prediction",
            expected="a layer with weights before it, not frozen", received="none",
            hint="Add a layer such as Dense, or unfreeze one.", facts={"unfreeze": _frozen(engine, reach)}))
        return "There is nothing to learn: no layer before the Loss has weights that may move."
    broken = next((p for p in problems if p.severity == "error"), None)
    return f"{broken.title}." if broken else ""


def _frozen(engine: GraphEngine, reach: Reach) -> str:
    """The one frozen node that could learn, empty when there are none or several."""
    before = set[str]().union(*reach.moved.values())
    frozen = [n for n in engine.order if n in before and engine.graph.nodes[n].frozen and engine.facts[n].weights]
    return frozen[0] if len(frozen) == 1 else ""


def _outputs(engine: GraphEngine, reach: Reach, goals: Goals) -> tuple[OutputPlan, ...]:
    """The Output nodes in their order; without any, the predictions and what is generated, each tensor once."""
    drawn = [(int(engine.facts[n].values.get("order", 0)), i, n) for i, n in enumerate(reach.of("output"))
             if not engine.facts[n].failed]
    found: list[tuple[str, End, Tensor, str]] = []
    for _, _, node_id in sorted(drawn):
        facts, wires = engine.facts[node_id], engine.graph.into(node_id)
        if wires and facts.inputs.get("in"):
            found.append((facts.node.label or node_id, (wires[0].source, wires[0].source_port), facts.inputs["in"][0],
                          str(facts.values.get("decoding", "none"))))
    if not reach.of("output"):
        made = [end for contest in goals.contests for end in contest.made]
        judging = {end for contest in goals.contests for end in (contest.real, contest.fake)}
        ends = dict.fromkeys(end for end in [*made, *(o.prediction for o in goals.losses)] if end not in judging)
        known = {end: engine.facts[end[0]].outputs.get(end[1]) for end in ends}
        found = [(engine.graph.nodes[end[0]].label or end[0], end, tensor, "none") for end, tensor in known.items() if tensor]
    names = safe_names(name for name, *_ in found)
    return tuple(OutputPlan(name, end, tensor, decoding) for name, (_, end, tensor, decoding) in zip(names, found, strict=True))


def _inputs(engine: GraphEngine, reach: Reach, outputs: tuple[OutputPlan, ...]) -> tuple[InputPlan, ...]:
    """Columns and noise that what is returned is computed from, in the order of the drawing."""
    ends: list[tuple[str, End, Tensor]] = []
    alike = Alike(engine)
    reading, wires = needed(engine, [o.end for o in outputs], alike)
    for node_id in reach.of("source"):
        facts = engine.facts[node_id]
        used = {edge.source_port for edge in engine.graph.out_of(node_id) if edge.target in reading
                and (edge.key in wires if edge.target in alike.nodes else edge in feeding(engine, edge.target))}
        used |= {port for source, port in (o.end for o in outputs) if source == node_id}
        table = hasattr(facts.spec, "dataset")
        label = facts.node.label if len(facts.ports_out) == 1 else ""
        ends += [(label or (port if table else facts.node.type.lower()), (node_id, port), tensor)
                 for port, tensor in facts.outputs.items() if port in used]
    names = safe_names(name for name, *_ in ends)
    return tuple(InputPlan(name, end, tensor) for name, (_, end, tensor) in zip(names, ends, strict=True))
