"""The plan: what a drawing trains. Built from the facts; the compiler, the trainers and Evaluate all read it."""

from __future__ import annotations

from dataclasses import dataclass, field

from graph_compiler.analysis.diagnostics import Diagnostic, from_refusal
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.reach import Reach, last_activation
from graph_compiler.graph.ids import safe_names
from graph_compiler.graph.values import EdgeKey
from graph_compiler.specs.objectives import ObjectiveSpec, Resolved
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor

End = tuple[str, str]
"""An output port of a node at the root: (node id, port name)."""


@dataclass(frozen=True)
class ObjectivePlan:
    """One objective that is settled: which tensors meet and under which loss."""

    node: str
    weight: float
    prediction: End
    target: End
    prediction_tensor: Tensor
    target_tensor: Tensor
    resolved: Resolved


@dataclass(frozen=True)
class OutputPlan:
    """One tensor the exported model returns, under its safe name."""

    name: str
    end: End
    tensor: Tensor
    decoding: str = "none"


@dataclass(frozen=True)
class InputPlan:
    """One column that the model reads (not one that is only a target), under its safe name."""

    name: str
    end: End
    tensor: Tensor


@dataclass(frozen=True)
class Plan:
    """What is trained, read and exported. `trainer` is the name of a trainer, empty while the drawing has none."""

    objectives: tuple[ObjectivePlan, ...] = ()
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
    live: frozenset[str] = frozenset()
    """Root nodes that a prediction or an Output is computed from (Outputs included)."""
    aimed: frozenset[str] = frozenset()
    """Root nodes that a target is computed from."""


def make_plan(engine: GraphEngine, reach: Reach) -> tuple[Plan, list[Diagnostic]]:
    """The plan of the root graph and what stands in its way."""
    problems: list[Diagnostic] = []
    objectives = _objectives(engine, reach, problems)
    trainable, held = _trained(engine, reach)
    sources = _sources(engine, reach, objectives, problems)
    _check_targets(engine, reach, objectives, problems)
    reason = _reason(engine, reach, objectives, trainable, sources, problems)
    outputs = _outputs(engine, reach, objectives)
    plan = Plan(tuple(objectives), _inputs(engine, reach, outputs), outputs, sources, trainable, held,
                "" if reason else "supervised", reason, (), reach.training_only, reach.live, reach.aimed)
    return plan, problems


def _objectives(engine: GraphEngine, reach: Reach, problems: list[Diagnostic]) -> list[ObjectivePlan]:
    """Every objective of which both sides are known, settled. A refusal becomes a problem at the objective."""
    found = []
    for node_id in reach.of("objective"):
        facts, spec = engine.facts[node_id], engine.facts[node_id].spec
        ends = {edge.target_port: (edge.source, edge.source_port) for edge in engine.graph.into(node_id)}
        if facts.failed or not isinstance(spec, ObjectiveSpec) or spec.resolve is None:
            continue
        if not all(facts.inputs.get(port) for port in ("prediction", "target")):
            continue
        prediction, target = facts.inputs["prediction"][0], facts.inputs["target"][0]
        activation = last_activation(engine, *ends["prediction"])
        try:
            resolved = spec.resolve(facts.values, prediction, target, activation.name)
        except Refusal as refusal:
            problems.append(from_refusal(refusal, node_id, engine.prefix + node_id, engine.scope))
            continue
        found.append(ObjectivePlan(node_id, float(facts.values.get("weight", 1.0)), ends["prediction"], ends["target"],
                                   prediction, target, resolved))
    return found


def _trained(engine: GraphEngine, reach: Reach) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Nodes whose weights the objectives move, and nodes on the way whose weights stay."""
    before: set[str] = set()
    moved: set[str] = set()
    for node_id in reach.of("objective"):
        named = engine.facts[node_id].values.get("trains", ())
        before |= reach.before[node_id]
        moved |= reach.moved[node_id] & set(named) if named else reach.moved[node_id]
    weighted = [(n, f) for n in engine.order if n in before and (f := engine.facts[n]).weights]
    trainable = tuple(n for n, f in weighted if n in moved and f.weights > f.fixed)
    taken = set(trainable)
    return trainable, tuple(n for n, _ in weighted if n not in taken)


def _sources(engine: GraphEngine, reach: Reach, objectives: list[ObjectivePlan], problems: list[Diagnostic]) -> tuple[str, ...]:
    """Tables in the order they matter: the first objective's target first. Two tables in one objective do not fit."""
    found: dict[str, None] = {}
    for objective in objectives:
        joined = reach.tables[objective.node]
        found.update(dict.fromkeys(joined))
        if len(joined) > 1:
            problems.append(_unaligned(engine, objective.node, joined))
    used = reach.live | reach.aimed
    found.update(dict.fromkeys(n for n in reach.of("source") if n in used and hasattr(engine.facts[n].spec, "dataset")))
    return tuple(found)


def _unaligned(engine: GraphEngine, node_id: str, joined: tuple[str, ...]) -> Diagnostic:
    name = engine.graph.nodes[node_id].name
    words = " and ".join(f"{engine.graph.nodes[n].name} ({n})" for n in joined)
    return Diagnostic("unaligned", f"{name} joins rows of {len(joined)} sources", node_id, engine.prefix + node_id,
                      engine.scope, "target", expected="prediction and target from the same source", received=words,
                      hint="Sources are shuffled each by itself, so their rows do not belong together. Merge the sources.",
                      facts={"merge": joined})


def _check_targets(engine: GraphEngine, reach: Reach, objectives: list[ObjectivePlan], problems: list[Diagnostic]) -> None:
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


def _reason(engine: GraphEngine, reach: Reach, objectives: list[ObjectivePlan], trainable: tuple[str, ...],
            sources: tuple[str, ...], problems: list[Diagnostic]) -> str:
    """Why the drawing cannot be trained; empty when it can."""
    drawn = reach.of("objective")
    if not drawn:
        return "Add a Loss."
    settled = {objective.node for objective in objectives}
    for node_id in drawn:
        name, spec = engine.graph.nodes[node_id].name, engine.facts[node_id].spec
        if not isinstance(spec, ObjectiveSpec) or spec.resolve is None:
            return f"There is no trainer for {name}."
        if node_id not in settled:
            own = [*engine.facts[node_id].problems, *(p for p in problems if p.node == node_id)]
            return f"{own[0].title}." if own else f"Something before {name} is not complete."
    if not sources:
        return "No data reaches the Loss."
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


def _outputs(engine: GraphEngine, reach: Reach, objectives: list[ObjectivePlan]) -> tuple[OutputPlan, ...]:
    """The Output nodes in their order; without any, the predictions, each tensor once."""
    drawn = [(int(engine.facts[n].values.get("order", 0)), i, n) for i, n in enumerate(reach.of("output"))
             if not engine.facts[n].failed]
    found: list[tuple[str, End, Tensor, str]] = []
    for _, _, node_id in sorted(drawn):
        facts, wires = engine.facts[node_id], engine.graph.into(node_id)
        if wires and facts.inputs.get("in"):
            found.append((facts.node.label or node_id, (wires[0].source, wires[0].source_port), facts.inputs["in"][0],
                          str(facts.values.get("decoding", "none"))))
    if not reach.of("output"):
        ends = {o.prediction: o.prediction_tensor for o in objectives}
        found = [(engine.graph.nodes[end[0]].label or end[0], end, tensor, "none") for end, tensor in ends.items()]
    names = safe_names(name for name, *_ in found)
    return tuple(OutputPlan(name, end, tensor, decoding) for name, (_, end, tensor, decoding) in zip(names, found, strict=True))


def _inputs(engine: GraphEngine, reach: Reach, outputs: tuple[OutputPlan, ...]) -> tuple[InputPlan, ...]:
    """Columns that a prediction or an Output is computed from, in the order of the drawing."""
    ends: list[tuple[str, End, Tensor]] = []
    reading = reach.live | set(reach.of("objective"))
    for node_id in reach.of("source"):
        facts = engine.facts[node_id]
        used = {edge.source_port for edge in engine.graph.out_of(node_id)
                if edge.key not in reach.training_only and edge.target in reading}
        used |= {port for source, port in (o.end for o in outputs) if source == node_id}
        label = facts.node.label if len(facts.ports_out) == 1 else ""
        ends += [(label or port, (node_id, port), tensor) for port, tensor in facts.outputs.items() if port in used]
    names = safe_names(name for name, *_ in ends)
    return tuple(InputPlan(name, end, tensor) for name, (_, end, tensor) in zip(names, ends, strict=True))
