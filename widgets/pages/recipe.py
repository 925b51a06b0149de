"""The recipe in words: what is minimised, what is trained, how, on how many rows. Read from the plan and the settings."""

from __future__ import annotations

import numpy as np

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.datasets.split import split_counts
from graph_compiler.graph.values import OptimizerSettings, ScheduleSettings, TrainingSettings
from graph_compiler.specs.datasets import DataProblem, SourceSpec
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.schedules import check_schedule, rate_factor
from graph_compiler.specs.trainers import RecipeRow
from graph_compiler.trainers.recipe import minimised, optimizers
from widgets.words import count, plain, plural


def recipe_rows(analysis: Analyzer) -> list[tuple[str, str]]:
    """(name, value) rows of the Recipe column; empty while the drawing has no trainer."""
    plan, settings = analysis.plan, analysis.document.training
    if not plan.trainer:
        return []
    minimises = " + ".join(f"{_name(analysis, o.node)} × {plain(o.weight)}" for o in plan.objectives)
    losses = ", ".join(dict.fromkeys(o.resolved.loss for o in plan.objectives))
    layers = sum(1 for path in plan.trainable if (facts := analysis.facts(path)) and facts.weights > facts.fixed)
    optimizer = (settings.optimizers.get("") or OptimizerSettings())
    rows = [
        ("Minimises", minimises),
        ("Loss", losses),
        ("Trains", f"{plural(layers, 'layer')}, {weight_words(analysis.totals.trainable, analysis.totals.weights)}"),
        *_data_rows(analysis),
        ("Optimiser", optimizer.name),
        ("Learning rate", f"{plain(optimizer.learning_rate)}{schedule_words(settings.schedule)}"),
        ("Epochs", f"{count(settings.epochs)}, batches of {count(settings.batch_size)}"),
        ("Seed", str(settings.seed)),
    ]
    if settings.early_stopping:
        rows.append(("Stops early", f"after {plural(settings.early_stopping.patience, 'epoch')} without progress"))
    return rows


FEW = 2
"""Nodes that are called by their names; more are counted."""


def phase_rows(analysis: Analyzer) -> tuple[RecipeRow, ...]:
    """The recipe in phases, with names as people gave them and counts of weights; empty while there is no trainer."""
    plan, settings = analysis.plan, analysis.document.training
    if not plan.trainer:
        return ()
    names = {node: c.discriminator for c in plan.contests for node in (c.real_judge, c.fake_judge)}
    found = []
    for phase in plan.phases:
        facts = [f for path in phase.trains if (f := analysis.facts(path)) is not None]
        moved, whole = sum(f.weights - f.fixed for f in facts), sum(f.weights for f in facts)
        trains = f"{_listed(analysis, phase.trains, names)}, {weight_words(moved, whole)}"
        found.append(RecipeRow(phase.name, minimised(plan, phase), trains, _listed(analysis, phase.held, names) or "nothing",
                               optimizers(phase, settings)))
    return tuple(found)


def weight_words(trained: int, whole: int) -> str:
    """How many weights training moves; out of how many where some stay as they are."""
    return f"{count(trained)} weights" if trained == whole else f"{count(trained)} of {count(whole)} weights"


def phase_words(analysis: Analyzer) -> str:
    """What stands beside the heading of the recipe."""
    plan = analysis.plan
    if not plan.contests:
        return "one phase a step" if plan.phases else ""
    steps = max(c.values["discriminator_steps"] for c in plan.contests)
    return "two phases a step, found in the drawing" if steps == 1 else f"{steps} steps of D for one of G, found in the drawing"


def _listed(analysis: Analyzer, nodes: tuple[str, ...], known: dict[str, str]) -> str:
    names = list(dict.fromkeys(known.get(node) or _name(analysis, node) for node in nodes))
    return ", ".join(names) if len(nodes) <= FEW else plural(len(nodes), "layer")


def _data_rows(analysis: Analyzer) -> list[tuple[str, str]]:
    """How many rows of the driving source train and check; nothing where nobody knows yet."""
    facts = analysis.facts(analysis.plan.sources[0]) if analysis.plan.sources else None
    if facts is None or not isinstance(facts.spec, SourceSpec):
        return []
    try:
        counts = split_counts(facts.spec.dataset.schema(facts.values), facts.values)
    except (DataProblem, Refusal, KeyError, TypeError, ValueError):  # not set up yet: its problem is shown elsewhere
        return []
    if not counts:
        return []
    train, validation = counts.get("train", 0), counts.get("validation", 0)
    return [("Data", f"{count(train)} train, {count(validation)} val." if validation else f"{count(train)} rows")]


def _name(analysis: Analyzer, path: str) -> str:
    facts = analysis.facts(path)
    return facts.node.name if facts else path


def schedule_words(schedule: ScheduleSettings) -> str:
    """What follows the learning rate: `, cosine to 0`, empty when it is constant."""
    words = {"constant": "", "step": ", in steps", "exponential": ", falling", "cosine": ", cosine to 0",
             "plateau": ", on plateau"}
    warm = f", {plain(schedule.warmup_epochs)} epochs warm-up" if schedule.warmup_epochs else ""
    return words.get(schedule.kind, f", {schedule.kind}") + warm


def _corners(schedule: ScheduleSettings, epochs: int, points: int) -> np.ndarray:
    """Places to draw a schedule at, in 0..1 of the run."""
    places = [np.linspace(0.0, 1.0, points)]
    every = schedule.params.get("every_epochs", 10.0)
    if schedule.kind == "step" and isinstance(every, (int, float)) and every > 0:
        drops = np.arange(schedule.warmup_epochs, epochs, every)[:points]
        places += [drops / epochs, (drops - 1e-6) / epochs]
    places.append(np.array([schedule.warmup_epochs]) / epochs)
    found = np.unique(np.concatenate(places))
    return found[(found >= 0) & (found <= 1)]


def planned_rates(settings: TrainingSettings, epochs: int, points: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """The learning rate as planned: x in 0..1 of the run, y the rate. Plateau is drawn as constant: nobody knows yet.

    The end of the warm-up and both sides of each drop are among the points, so that the picture has their corners.
    """
    x = _corners(settings.schedule, epochs, points)
    base = (settings.optimizers.get("") or OptimizerSettings()).learning_rate
    try:
        values = check_schedule(settings.schedule)
    except Refusal:
        return x, np.full(len(x), base)
    return x, np.array([base * rate_factor(settings.schedule, values, share * epochs, epochs) for share in x.tolist()])
