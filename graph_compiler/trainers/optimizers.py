"""The optimiser of the settings as a Keras object."""

from __future__ import annotations

from typing import Any

from graph_compiler.graph.values import TrainingSettings
from graph_compiler.specs.optimizers import check_optimizer
from graph_compiler.trainers.problems import TrainProblem


def make_optimizer(settings: TrainingSettings, variables: list[Any], mixed: bool = False) -> Any:
    """A Keras optimiser built for `variables`. Refusal for a wrong parameter; with `mixed` it scales losses for float16."""
    import keras

    chosen = settings.optimizers.get("")
    if chosen is None:
        raise TrainProblem("optimizer", "The training settings have no optimiser.", "Choose one in the Train panel.")
    arguments = check_optimizer(chosen)
    optimizer: Any = getattr(keras.optimizers, chosen.name)(**arguments)
    if mixed:
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    optimizer.build(variables)
    return optimizer
