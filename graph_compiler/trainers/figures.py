"""Figures of a run: running means of losses and metrics over rows. Their names are settled here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from graph_compiler.analysis.phases import DISCRIMINATE, PhasePlan
from graph_compiler.analysis.plan import Plan
from graph_compiler.build.own_metrics import metric_class

DISCRIMINATOR = "discriminator_loss"


class Figures:
    """One set for training, one for measuring. `names` begins with `loss`; in a contest that is the generator's."""

    def __init__(self, plan: Plan) -> None:
        import keras

        self._plans = {o.node: o for o in plan.objectives}
        self._contests = frozenset(c.node for c in plan.contests)
        self._several = len(plan.goals.settled) > 1
        self.names: list[str] = []
        self.metrics: dict[str, Any] = {}
        """Keras metrics by name, in the order of `names`."""
        self._places: dict[tuple[str, str], str] = {}
        self._own: dict[str, list[str]] = {}
        phases = sorted(plan.phases, key=lambda phase: phase.name == DISCRIMINATE)
        for phase in phases:
            self._add(total_name(phase), keras.metrics.Mean)
        for phase in phases:
            for node in phase.objectives:
                self._add_parts(phase, node)
        self._warm_up()

    def _add(self, name: str, make: Any) -> None:
        if name not in self.metrics:
            self.names.append(name)
            self.metrics[name] = make(name=name)

    def _add_parts(self, phase: PhasePlan, node: str) -> None:
        import keras

        prefix = f"{node}_" if self._several else ""
        if self._several:
            name = prefix + total_name(phase) if node in self._contests else f"{prefix}loss"
            self._places[phase.name, node] = name
            self._add(name, keras.metrics.Mean)
        if node in self._contests and phase.name == DISCRIMINATE:
            for side in ("real", "fake"):
                self._add(f"{prefix}{side}_score", keras.metrics.Mean)
        if node in self._plans and node not in self._own:
            self._own[node] = []
            for name, kind, given in self._plans[node].resolved.metrics:
                self._add(prefix + name, lambda name, kind=kind, given=given: metric_class(kind)(**{**given, "name": name}))
                self._own[node].append(prefix + name)

    def _warm_up(self) -> None:
        """Some metrics make their variables at the first rows they see; that must not be inside a traced function."""
        for node, names in self._own.items():
            shape = tuple(d or 1 for d in self._plans[node].prediction_tensor.shape)
            for metric in (self.metrics[name] for name in names):
                if getattr(metric, "_built", True) is False:
                    metric.update_state(np.zeros((1, *shape), np.float32), np.zeros((1, *shape), np.float32))
                    metric.reset_state()

    def take(self, phase: PhasePlan, total: Any, parts: Mapping[str, Any], rows: Any) -> None:
        """Take losses of a batch in (inside a traced function). `parts` are by node."""
        self.metrics[total_name(phase)].update_state(total, sample_weight=rows)
        for node, value in parts.items():
            if name := self._places.get((phase.name, node)):
                self.metrics[name].update_state(value, sample_weight=rows)

    def take_pair(self, node: str, target: Any, prediction: Any, mask: Any) -> None:
        """Take a prediction in. Positions the mask leaves out do not count."""
        import tensorflow as tf

        for name in self._own.get(node, ()):
            weights = None if mask is None else tf.cast(mask, tf.float32)
            self.metrics[name].update_state(target, prediction, sample_weight=weights)

    def take_scores(self, node: str, real: Any, fake: Any) -> None:
        """Take the scores of a contest in."""
        prefix = f"{node}_" if self._several else ""
        self.metrics[f"{prefix}real_score"].update_state(real)
        self.metrics[f"{prefix}fake_score"].update_state(fake)

    def reset(self) -> None:
        """Forget what was taken in."""
        for metric in self.metrics.values():
            metric.reset_state()

    def results(self) -> Any:
        """The figures so far, float32 [names]."""
        import tensorflow as tf

        return tf.stack([tf.reduce_mean(tf.cast(metric.result(), tf.float32)) for metric in self.metrics.values()])

    def named(self, values: Sequence[float], prefix: str = "") -> dict[str, float]:
        """Figures by name."""
        return {prefix + name: float(value) for name, value in zip(self.names, values, strict=True)}

    @property
    def variables(self) -> list[Any]:
        """Accumulators, to be kept with a checkpoint inside an epoch."""
        return [variable for metric in self.metrics.values() for variable in metric.variables]


def total_name(phase: PhasePlan) -> str:
    """The figure that a phase minimises."""
    return DISCRIMINATOR if phase.name == DISCRIMINATE else "loss"
