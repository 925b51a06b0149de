"""One phase of a training step at work: forward, losses, gradients of what it trains, and nothing else moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graph_compiler.analysis.goals import ContestPlan, End
from graph_compiler.analysis.phases import DISCRIMINATE, FIT, PhasePlan
from graph_compiler.build.compile import Compiled, one_or_list
from graph_compiler.graph.values import TrainingSettings
from graph_compiler.trainers.contests import discriminator_loss, generator_loss, gradient_penalty
from graph_compiler.trainers.figures import Figures
from graph_compiler.trainers.objectives import Compared
from graph_compiler.trainers.optimizers import make_optimizer
from graph_compiler.trainers.terms import term_value

Tensors = Mapping[End, Any]


@dataclass(frozen=True)
class Group:
    """What one optimiser moves. `factor` is its learning rate as a multiple of the default group's."""

    optimizer: Any
    variables: list[Any]
    factor: float = 1.0


class Phase:
    """Built for measuring when `settings` are None, else with the optimisers of its groups."""

    def __init__(self, compiled: Compiled, plan: PhasePlan, settings: TrainingSettings | None = None,
                 class_weights: Mapping[str, np.ndarray] | None = None, mixed: bool = False) -> None:
        self.compiled, self.plan = compiled, plan
        drawn, wanted = compiled.plan, set(plan.objectives)
        self.compared = [Compared(o, (class_weights or {}).get(o.node)) for o in drawn.objectives if o.node in wanted]
        self.terms = [term for term in drawn.terms if term.node in wanted]
        self.contests = [contest for contest in drawn.contests if contest.node in wanted]
        self.model, self._reads, self._ends = self._model()
        self._judges = {c.node: self._judge(c) for c in self.contests if c.values["penalty"] == "gradient"}
        self.every = max((c.values["discriminator_steps"] for c in self.contests), default=1) if not self.judging else 1
        self.variables = compiled.variables_of(plan.trains)
        self.groups = [self._group(name, nodes, settings, mixed) for name, nodes in plan.groups.items()] if settings else []
        self._limited = {node: compiled.variables_of(nodes) for node, nodes in plan.limits.items()}
        self._held = [] if plan.name == FIT else self._states()

    @property
    def judging(self) -> bool:
        """Whether this is the discriminators' phase."""
        return self.plan.name == DISCRIMINATE

    def _model(self) -> tuple[Any, tuple[End, ...], tuple[End, ...]]:
        """The model of what this phase reads: all of the training model in the only phase of a drawing."""
        computed = {self.compiled.plan.objectives[n].target for n in self.compiled.computed_targets}
        ends = [c.plan.prediction for c in self.compared] + [c.plan.target for c in self.compared if c.plan.target in computed]
        ends += [end for term in self.terms for end in term.ends.values()]
        for contest in self.contests:
            ends += [contest.fake, *((contest.real,) if self.judging else ())]
            if self.judging and contest.values["penalty"] == "gradient":
                ends += [*contest.real_inputs.values(), *contest.fake_inputs.values()]
        once = tuple(dict.fromkeys(ends))
        model, columns = self.compiled.part(once)
        return model, columns, once

    def _judge(self, contest: ContestPlan) -> Any:
        """The discriminator alone, as a model of its inputs in port order."""
        import keras

        tensors = self.compiled.tensors
        return keras.Model(one_or_list([tensors[end] for end in contest.fake_inputs.values()]), tensors[contest.fake])

    def _group(self, name: str, nodes: Sequence[str], settings: TrainingSettings, mixed: bool) -> Group:
        variables = self.compiled.variables_of(nodes)
        base, own = settings.optimizers[""], settings.optimizers.get(name) or settings.optimizers[""]
        factor = own.learning_rate / base.learning_rate if base.learning_rate else 1.0
        return Group(make_optimizer(own, variables, mixed), variables, factor)

    def _states(self) -> list[Any]:
        """Moving statistics and the like of what this phase does not train."""
        nodes = {node_id.split(".")[0] for node_id in self.compiled.layers}
        graph = self.compiled.analysis.engine.graph.nodes
        names = {c.discriminator for c in self.compiled.plan.contests}
        judging = {n for n in nodes if graph[n].weights in names}
        still = nodes - judging if self.judging else judging
        found = {id(v): v for layer in self.compiled.layers_of(still) for v in _moving(layer) if "float" in str(v.dtype)}
        return list(found.values())

    # What a batch gives.

    def values(self, batch: Tensors, training: bool) -> dict[End, Any]:
        """The tensors that objectives read, by end."""
        found = self.model(one_or_list([batch[end] for end in self._reads]), training=training)
        return dict(zip(self._ends, found if isinstance(found, (list, tuple)) else [found], strict=True))

    def losses(self, values: Tensors, columns: Tensors, figures: Figures, seed: Any = None) -> tuple[Any, dict[str, Any]]:
        """The sum that is minimised and each objective's share of it, by node. Scalars. Figures take predictions in.

        Without a `seed` (in measuring) there are no class weights and no gradient penalties.
        """
        import tensorflow as tf

        parts: dict[str, Any] = {}
        for compared in self.compared:
            prediction, target, mask = compared.pair(values, columns)
            parts[compared.plan.node] = _times(compared.value(prediction, target, mask, seed is not None), compared.plan.weight)
            figures.take_pair(compared.plan.node, target, prediction, mask)
        for term in self.terms:
            value = term_value(term, {port: values[end] for port, end in term.ends.items()})
            parts[term.node] = _times(value, term.weight)
        for contest in self.contests:
            parts[contest.node] = _times(self._contest(contest, values, figures, seed), contest.weight)
        return tf.add_n([*(tf.cast(part, tf.float32) for part in parts.values()), *self._penalties()]), parts

    def _contest(self, contest: ContestPlan, values: Tensors, figures: Figures, seed: Any) -> Any:
        if not self.judging:
            return generator_loss(contest, values[contest.fake])
        real, fake = values[contest.real], values[contest.fake]
        figures.take_scores(contest.node, real, fake)
        loss = discriminator_loss(contest, real, fake)
        if seed is not None and contest.node in self._judges:
            judge = self._judges[contest.node]
            penalty = gradient_penalty(contest, lambda x: judge(one_or_list(x), training=True), values, seed)
            loss += contest.values["penalty_weight"] * penalty
        return loss

    def _penalties(self) -> list[Any]:
        """Regularisers of layers: all of the drawing's in the only phase, else those of what is trained."""
        import tensorflow as tf

        if self.plan.name == FIT:
            found = self.model.losses
        else:
            layers = {id(layer): layer for layer in self.compiled.layers_of(self.plan.trains)}
            found = [loss for layer in layers.values() for loss in layer.losses]
        return [tf.cast(loss, tf.float32) for loss in found]

    # A gradient step.

    def step(self, rate: Any, batch: Tensors, columns: Tensors, figures: Figures, seed: Any, rows: Any) -> Any:
        """One step of every group on a batch; the loss is returned. What is held still is put back as it was."""
        import tensorflow as tf

        before = [tf.identity(variable.value) for variable in self._held]
        several = len(self.groups) > 1 or bool(self._limited)
        with tf.GradientTape(persistent=several, watch_accessed_variables=False) as tape:
            tape.watch([variable.value for variable in self.variables])
            total, parts = self.losses(self.values(batch, training=True), columns, figures, seed)
            open_ = total - tf.add_n([parts[node] for node in self._limited]) if self._limited else total
            scaled = [(group.optimizer.scale_loss(open_),
                       {node: group.optimizer.scale_loss(parts[node]) for node in self._limited}) for group in self.groups]
        for variable, value in zip(self._held, before, strict=True):
            variable.assign(value)
        for group, (loss, limited) in zip(self.groups, scaled, strict=True):
            gradients = tape.gradient(loss, [v.value for v in group.variables])
            for node, part in limited.items():
                gradients = self._added(tape, gradients, part, group, self._limited[node])
            inner = getattr(group.optimizer, "inner_optimizer", group.optimizer)
            inner._learning_rate.assign(rate * group.factor)
            group.optimizer.apply(gradients, group.variables)
        figures.take(self.plan, total, parts, rows)
        return total

    def _added(self, tape: Any, gradients: list[Any], part: Any, group: Group, variables: list[Any]) -> list[Any]:
        """The gradients with those of an objective that trains only some of the variables."""
        own = {id(v) for v in variables}
        wanted = [v for v in group.variables if id(v) in own]
        if not wanted:
            return gradients
        found = dict(zip(map(id, wanted), tape.gradient(part, [v.value for v in wanted]), strict=True))
        return [_sum(old, found.get(id(v))) for old, v in zip(gradients, group.variables, strict=True)]


def _times(value: Any, weight: float) -> Any:
    return value if weight == 1 else value * weight


def _moving(layer: Any) -> list[Any]:
    """Variables that a call in training changes by itself; SpectralNormalization divides its weights then, too."""
    found = layer.variables if type(layer).__name__ == "SpectralNormalization" else layer.non_trainable_variables
    return list(found)


def _sum(old: Any, new: Any) -> Any:
    return new if old is None else old if new is None else old + new
