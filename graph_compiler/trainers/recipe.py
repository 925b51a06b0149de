"""The recipe of a drawing as table rows: what is minimised, what is trained, what is held. Needs no TensorFlow."""

from __future__ import annotations

from graph_compiler.analysis.phases import DISCRIMINATE, PhasePlan
from graph_compiler.analysis.plan import Plan
from graph_compiler.graph.values import OptimizerSettings, TrainingSettings
from graph_compiler.specs.trainers import RecipeRow


def recipe(plan: Plan, settings: TrainingSettings) -> tuple[RecipeRow, ...]:
    """One row a phase, in the order they run."""
    return tuple(RecipeRow(phase.name, minimised(plan, phase), _names(plan, phase.trains), _names(plan, phase.held),
                           optimizers(phase, settings)) for phase in plan.phases)


def minimised(plan: Plan, phase: PhasePlan) -> str:
    """The sum of a phase in words: `MeanSquaredError + 0.001 × GaussianKL`, `AdversarialLoss, real and fake`."""
    words = {o.node: _times(o.weight, o.resolved.loss) for o in plan.objectives}
    words |= {term.node: _times(term.weight, term.kind) for term in plan.terms}
    if phase.name == DISCRIMINATE:
        words |= {c.node: _times(c.weight, "AdversarialLoss, real and fake") for c in plan.contests}
    else:
        words |= {c.node: _times(c.weight, "the opposite, fake only") for c in plan.contests}
    return " + ".join(words[node] for node in phase.objectives)


def _times(weight: float, what: str) -> str:
    return what if weight == 1 else f"{weight:g} × {what}"


def _names(plan: Plan, nodes: tuple[str, ...]) -> str:
    judges = {node: c.discriminator for c in plan.contests for node in (c.real_judge, c.fake_judge)}
    return ", ".join(dict.fromkeys(judges.get(node, node) for node in nodes)) or "nothing"


def optimizers(phase: PhasePlan, settings: TrainingSettings) -> str:
    """Who moves the weights of a phase: `Adam 0.001`, each once."""
    found = [settings.optimizers.get(name) or settings.optimizers.get("") or OptimizerSettings() for name in phase.groups]
    return "; ".join(dict.fromkeys(f"{one.name} {one.learning_rate:g}" for one in found))
