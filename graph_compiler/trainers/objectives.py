"""Losses and metrics of a plan as Keras objects, and what they make of a batch. Names of figures are settled here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_compiler.analysis.plan import ObjectivePlan
from graph_compiler.build.compile import Compiled


class Objectives:
    """Losses of a compiled drawing, and the figures measured with them.

    A batch comes as the outputs of `training_model` and the columns that are targets as they are.
    """

    def __init__(self, compiled: Compiled, class_weights: dict[int, Any] | None = None) -> None:
        import keras

        self.compiled = compiled
        self.plans = compiled.plan.objectives
        self.losses = [getattr(keras.losses, o.resolved.loss)(**o.resolved.arguments) for o in self.plans]
        self.class_weights = class_weights or {}

    def targets(self, outputs: Sequence[Any], columns: Sequence[Any]) -> list[Any]:
        """The target of each objective, shaped as its prediction asks for it. No gradient goes through a computed one."""
        import tensorflow as tf

        given, found = iter(columns), []
        for number, plan in enumerate(self.plans):
            place = self.compiled.computed_targets.get(number)
            target = next(given) if place is None else tf.stop_gradient(outputs[place])
            found.append(tf.expand_dims(target, -1) if _lacks_axis(plan) else target)
        return found

    def loss(self, outputs: Sequence[Any], targets: Sequence[Any], weighted: bool) -> tuple[Any, list[Any]]:
        """The weighted sum with the penalties of layers, and each objective's own loss. Scalars.

        `weighted` puts class weights on the rows: in training, not in measuring.
        """
        import tensorflow as tf

        parts = []
        for number, (plan, loss) in enumerate(zip(self.plans, self.losses, strict=True)):
            weights = self._row_weights(number, targets[number]) if weighted else None
            value = loss(targets[number], outputs[number], sample_weight=weights)
            parts.append(value if plan.weight == 1 else value * plan.weight)
        return tf.add_n([*parts, *(tf.cast(p, tf.float32) for p in self.compiled.training_model.losses)]), parts

    def _row_weights(self, number: int, target: Any) -> Any:
        import tensorflow as tf

        weights = self.class_weights.get(number)
        if weights is None:
            return None
        if target.dtype.is_integer:
            flat = target[..., 0] if _lacks_axis(self.plans[number]) else target
            return tf.gather(tf.constant(weights), flat)
        return tf.linalg.matvec(tf.cast(target, tf.float32), tf.constant(weights))


def _lacks_axis(plan: ObjectivePlan) -> bool:
    """Whether the target is one number where the prediction is a list of one."""
    prediction, target = plan.prediction_tensor, plan.target_tensor
    return prediction.rank == target.rank + 1 and prediction.shape[-1] == 1 and not plan.resolved.loss.startswith("Sparse")


class Figures:
    """Running means of the loss and the metrics over rows; one set for training, one for measuring."""

    def __init__(self, objectives: Objectives) -> None:
        import keras

        self.total = keras.metrics.Mean(name="loss")
        self.parts: list[Any] = []
        self.metrics: list[list[Any]] = []
        self.names: list[str] = ["loss"]
        several = len(objectives.plans) > 1
        for plan in objectives.plans:
            prefix = f"{plan.node}_" if several else ""
            if several:
                self.parts.append(keras.metrics.Mean(name=f"{prefix}loss"))
                self.names.append(f"{prefix}loss")
            made = [getattr(keras.metrics, kind)(**{**given, "name": name}) for name, kind, given in plan.resolved.metrics]
            self.metrics.append(made)
            self.names += [prefix + metric.name for metric in made]
        self._warm_up(objectives.plans)

    def _warm_up(self, plans: Sequence[ObjectivePlan]) -> None:
        """Some metrics make their variables at the first rows they see; that must not be inside a traced function."""
        import numpy as np

        for plan, metrics in zip(plans, self.metrics, strict=True):
            shape = tuple(d or 1 for d in plan.prediction_tensor.shape)
            for metric in metrics:
                if getattr(metric, "_built", True) is False:
                    metric.update_state(np.zeros((1, *shape), np.float32), np.zeros((1, *shape), np.float32))
                    metric.reset_state()

    @property
    def all(self) -> list[Any]:
        """Every Keras metric, in the order of `names`."""
        found = [self.total]
        for number, metrics in enumerate(self.metrics):
            found += self.parts[number:number + 1] + metrics
        return found

    def update(self, total: Any, parts: Sequence[Any], outputs: Sequence[Any], targets: Sequence[Any], rows: Any) -> None:
        """Take a batch in (inside a traced function)."""
        self.total.update_state(total, sample_weight=rows)
        for number, metrics in enumerate(self.metrics):
            if self.parts:
                self.parts[number].update_state(parts[number], sample_weight=rows)
            for metric in metrics:
                metric.update_state(targets[number], outputs[number])

    def reset(self) -> None:
        """Forget what was taken in."""
        for metric in self.all:
            metric.reset_state()

    def results(self) -> Any:
        """The figures so far, float32 [names]."""
        import tensorflow as tf

        return tf.stack([tf.reduce_mean(tf.cast(metric.result(), tf.float32)) for metric in self.all])

    def named(self, values: Sequence[float], prefix: str = "") -> dict[str, float]:
        """Figures by name."""
        return {prefix + name: float(value) for name, value in zip(self.names, values, strict=True)}

    @property
    def variables(self) -> list[Any]:
        """Accumulators, to be kept with a checkpoint inside an epoch."""
        return [variable for metric in self.all for variable in metric.variables]
