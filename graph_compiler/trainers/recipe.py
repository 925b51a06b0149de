"""The recipe of a drawing as table rows: what is minimised, what is trained, what is held. Needs no TensorFlow."""

from __future__ import annotations

from graph_compiler.analysis.plan import Plan
from graph_compiler.graph.values import OptimizerSettings, TrainingSettings
from graph_compiler.specs.trainers import RecipeRow


def supervised(plan: Plan) -> bool:
    """Whether the plan is one that the supervised trainer serves."""
    return plan.trainer == "supervised"


def supervised_recipe(plan: Plan, settings: TrainingSettings) -> tuple[RecipeRow, ...]:
    """One phase: the weighted sum of all losses, by one optimiser."""
    parts = [o.resolved.loss if o.weight == 1 else f"{o.weight:g} × {o.resolved.loss}" for o in plan.objectives]
    optimizer = settings.optimizers.get("") or OptimizerSettings()
    return (RecipeRow("fit", " + ".join(parts), ", ".join(plan.trainable) or "nothing", ", ".join(plan.held) or "nothing",
                      f"{optimizer.name}, {optimizer.learning_rate:g}"),)
