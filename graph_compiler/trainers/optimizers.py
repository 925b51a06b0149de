"""The optimiser of the settings as a Keras object."""

from __future__ import annotations

from typing import Any

from graph_compiler.graph.values import OptimizerSettings
from graph_compiler.specs.optimizers import check_optimizer


def make_optimizer(chosen: OptimizerSettings, variables: list[Any], mixed: bool = False) -> Any:
    """A Keras optimiser built for `variables`. Refusal for a wrong parameter; with `mixed` it scales losses for float16."""
    import keras

    arguments = check_optimizer(chosen)
    optimizer: Any = getattr(keras.optimizers, chosen.name)(**arguments)
    if mixed:
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    optimizer.build(variables)
    return optimizer
