"""How a learning rate may move, with the parameters of each kind, and what they make of it. The form and the plot read this."""

from __future__ import annotations

import math
from typing import Any

from graph_compiler.graph.values import ScheduleSettings
from graph_compiler.specs.optimizers import check_values
from graph_compiler.specs.params import Float, Int, Param, Text
from graph_compiler.specs.refusal import Refusal

_FACTOR = Float(name="factor", default=0.5, minimum=0.0, maximum=1.0, open_low=True, key=True,
                summary="What the rate is multiplied by.")

SCHEDULES: dict[str, tuple[Param, ...]] = {
    "constant": (),
    "step": (Float(name="every_epochs", default=10.0, minimum=0.0, open_low=True, key=True,
                   summary="Epochs between two drops."),
             _FACTOR),
    "exponential": (Float(name="rate", default=0.95, minimum=0.0, maximum=1.0, open_low=True, key=True,
                          summary="What is left of it after each epoch."),),
    "cosine": (Float(name="final", default=0.0, minimum=0.0, maximum=1.0, key=True,
                     summary="What is left of it at the end of the run, as a share."),),
    "plateau": (Text(name="monitor", default="val_loss", of="figures", key=True, summary="The figure that is watched."),
                _FACTOR,
                Int(name="patience", default=3, minimum=1, key=True, summary="Epochs without improvement before a drop."),
                Float(name="min_delta", default=1e-4, minimum=0.0, summary="The least change that counts as improvement."),
                Float(name="minimum", default=0.0, minimum=0.0, summary="The smallest learning rate.")),
}
"""Parameters by kind of schedule. Every kind may follow a linear warm-up of `warmup_epochs`."""


def check_schedule(settings: ScheduleSettings) -> dict[str, Any]:
    """All parameters of a schedule, defaults filled in. Refusal names the guilty one."""
    table = SCHEDULES.get(settings.kind)
    if table is None:
        raise Refusal("parameter", f"There is no schedule “{settings.kind}”", expected="one of " + ", ".join(SCHEDULES),
                      received=settings.kind, param="kind", hint="Choose another schedule.")
    if settings.warmup_epochs < 0:
        raise Refusal("parameter", "The warm-up does not fit", expected="at least 0 epochs",
                      received=f"{settings.warmup_epochs}", param="warmup_epochs", hint="Change the warm-up.")
    return {**{p.name: p.default for p in table}, **check_values(table, settings.params, settings.kind)}


def rate_factor(settings: ScheduleSettings, values: dict[str, Any], epoch: float, epochs: int, step: float = 0.0) -> float:
    """What the base learning rate is multiplied by at a position in epochs (0 is the first step, `epochs` the end).

    During warm-up it grows linearly, the schedule proper starts after it; `step` is the length of one step in epochs, so that
    the first is not zero. `plateau` depends on figures and is left to the trainer: here it counts 1.
    """
    warm = settings.warmup_epochs
    if epoch < warm:
        return min(1.0, (epoch + step) / warm)
    since = epoch - warm
    if settings.kind == "step":
        return float(values["factor"] ** math.floor(since / values["every_epochs"] + 1e-9))
    if settings.kind == "exponential":
        return float(values["rate"] ** since)
    if settings.kind == "cosine":
        done = min(1.0, since / max(epochs - warm, 1e-9))
        return float(values["final"] + (1 - values["final"]) * (1 + math.cos(math.pi * done)) / 2)
    return 1.0
