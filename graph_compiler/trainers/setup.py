"""What a run needs before its first step: data, models, objectives, optimiser, schedule, and where to start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.plan import End, ObjectivePlan
from graph_compiler.build.adapt import adapt, values_at
from graph_compiler.build.compile import Compiled, compile_document
from graph_compiler.build.weights import load_weights
from graph_compiler.graph.values import TrainingSettings
from graph_compiler.messages import Stage
from graph_compiler.specs.settings import setting_refusals
from graph_compiler.trainers import checkpoints
from graph_compiler.trainers.checkpoints import State
from graph_compiler.trainers.data import Feed, balanced, load_feed
from graph_compiler.trainers.device import Choice
from graph_compiler.trainers.measures import Measures
from graph_compiler.trainers.penalties import penalise
from graph_compiler.trainers.phases import Phase
from graph_compiler.trainers.problems import TrainProblem
from graph_compiler.trainers.schedules import Schedule
from graph_compiler.trainers.session import Session
from graph_compiler.trainers.sights.choosing import further_columns, wanted
from graph_compiler.trainers.steps import Steps
from graph_compiler.trainers.stopping import Stopper, available


@dataclass
class Prepared:
    """A run that can take its first step. `state` says where it stands (the start, or a checkpoint)."""

    settings: TrainingSettings
    compiled: Compiled
    feed: Feed
    steps: Steps
    measures: Measures
    schedule: Schedule
    stopper: Stopper | None
    state: State

    @property
    def figure_names(self) -> tuple[str, ...]:
        """Names of the figures, `loss` first, with their validation twins when there are validation rows."""
        names = tuple(self.steps.figures.names)
        measured = (*names, *self.measures.names) if self.feed.count("validation") else ()
        return names + tuple(f"val_{name}" for name in measured)


def prepare(session: Session, device: Choice) -> Prepared:
    """Read, build and start up. Raises the problems of data, build, weights and settings."""
    settings, options = session.settings, session.options
    _check(settings)
    session.emit(Stage(text="Building the model"))
    analysis = Analyzer(session.document, session.registry)
    if analysis.clean and not analysis.plan.phases:
        raise TrainProblem("no-objective", analysis.plan.reason or "There is nothing to train.", "Add a Loss.")
    mixed = settings.mixed_precision and device.is_gpu
    compiled = compile_document(session.document, session.registry, analysis, seed=settings.seed,
                                policy="mixed_float16" if mixed else "float32")
    session.emit(Stage(text="Reading the data"))
    shown = further_columns(wanted(analysis))
    feed = load_feed(analysis, [*compiled.columns, *compiled.target_columns, *shown], session.place)
    if not options.resume:
        _starting_weights(session, compiled, feed)
    penalise(compiled, settings.l1, settings.l2)
    if not compiled.trainable_variables:
        raise TrainProblem("nothing-to-train", "No layer has weights that this drawing moves.", "Unfreeze a layer, or add one.")
    weights = _class_weights(settings, compiled, feed)
    phases = [Phase(compiled, phase, settings, weights, mixed) for phase in analysis.plan.phases]
    state = State(seed=settings.seed, batch_size=settings.batch_size, rows=feed.count("train"), shuffle=settings.shuffle)
    if options.resume:  # before anything is traced: adapted statistics become constants of a traced function
        load_weights(compiled, checkpoints.weights_of(Path(options.resume)))
    steps = Steps(compiled, feed, phases, settings.batch_size, settings.seed)
    return _placed(session, settings, compiled, feed, steps, state)


def _placed(session: Session, settings: TrainingSettings, compiled: Compiled, feed: Feed, steps: Steps,
            state: State) -> Prepared:
    """Schedule and early stopping, and the place a resumed run goes on from."""
    base = settings.optimizers[""].learning_rate
    schedule = Schedule(settings.schedule, base, settings.epochs, steps.steps)
    prepared = Prepared(settings, compiled, feed, steps, Measures(compiled, feed, steps), schedule, None, state)
    if settings.early_stopping is not None:
        prepared.stopper = Stopper(settings.early_stopping, available(settings.early_stopping.monitor, prepared.figure_names))
    if session.options.resume:
        _resume(prepared, Path(session.options.resume))
    return prepared


def _check(settings: TrainingSettings) -> None:
    """Refusal for the first setting that no run can have."""
    for refusal in setting_refusals(settings):
        raise refusal


_MUST_AGREE = {"seed": "seed", "batch_size": "batch size", "rows": "number of training rows", "shuffle": "shuffling"}


def _resume(prepared: Prepared, path: Path) -> None:
    steps = prepared.steps
    state = checkpoints.load(path, prepared.compiled, steps.optimizer_variables, steps.figures.variables)
    for name, words in _MUST_AGREE.items():
        old, new = getattr(state, name), getattr(prepared.state, name)
        if old != new:
            raise TrainProblem("resume", f"This run cannot be resumed exactly: its {words} was {old}, now it is {new}.",
                               "Set it back, or start a new run from these weights.")
    prepared.schedule.restore(state.schedule)
    if prepared.stopper is not None and state.stopper is not None:
        prepared.stopper.restore(state.stopper)
    prepared.state = state


def _starting_weights(session: Session, compiled: Compiled, feed: Feed) -> None:
    """Weights of another run, or fresh ones with what layers learn from the training rows."""
    if session.options.continue_from:
        load_weights(compiled, checkpoints.weights_of(Path(session.options.continue_from)))
    elif compiled.adaptive:
        session.emit(Stage(text="Measuring the training rows"))
        adapt(compiled, feed.part("train", dict.fromkeys((*compiled.columns, *compiled.target_columns))))


def _class_weights(settings: TrainingSettings, compiled: Compiled, feed: Feed) -> dict[str, np.ndarray]:
    """Balanced weights [classes] by objective, for those that tell classes apart."""
    if settings.class_weights != "balanced":
        return {}
    found = {}
    for number, plan in enumerate(compiled.plan.objectives):
        classes = _classes(plan)
        if classes:
            found[plan.node] = balanced(_targets(compiled, number, plan.target, feed), classes)
    return found


def _classes(plan: ObjectivePlan) -> int:
    """How many classes an objective tells apart, 0 when it does not."""
    if plan.resolved.joint:
        return 0
    if plan.resolved.task == "binary":
        return 2
    return (plan.prediction_tensor.shape[-1] or 0) if plan.resolved.task == "classification" else 0


def _targets(compiled: Compiled, number: int, end: End, feed: Feed) -> np.ndarray:
    if number not in compiled.computed_targets:
        return feed.part("train", [end])[end]
    place: Any = compiled.training_model.outputs[compiled.computed_targets[number]]
    return values_at(compiled, place, feed.part("train", compiled.columns))
