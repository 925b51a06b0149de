"""The learning rate of every step, and what a plateau does to it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from graph_compiler.graph.values import ScheduleSettings
from graph_compiler.specs.schedules import check_schedule, rate_factor


@dataclass
class Plateau:
    """What a plateau schedule remembers between epochs."""

    scale: float = 1.0
    best: float | None = None
    waited: int = 0


class Schedule:
    """Learning rates of one run. `base` is the optimiser's; `steps` the steps of an epoch. Refusal for wrong parameters."""

    def __init__(self, settings: ScheduleSettings, base: float, epochs: int, steps: int) -> None:
        self.settings, self.base, self.epochs, self.steps = settings, base, epochs, steps
        self.values = check_schedule(settings)
        self.plateau = Plateau()

    def rate(self, epoch: int, step: int) -> float:
        """The learning rate of one step (both counted from 0)."""
        factor = rate_factor(self.settings, self.values, epoch + step / self.steps, self.epochs, 1 / self.steps)
        return max(self.base * factor * self.plateau.scale, self._minimum if self.plateau.scale < 1 else 0.0)

    def rates(self, epoch: int, first: int, last: int) -> np.ndarray:
        """Learning rates of steps `first` to `last` (not included), float32."""
        if self.settings.kind in ("constant", "plateau") and epoch >= self.settings.warmup_epochs:
            return np.full(last - first, self.rate(epoch, first), np.float32)
        return np.array([self.rate(epoch, step) for step in range(first, last)], np.float32)

    @property
    def _minimum(self) -> float:
        return float(self.values.get("minimum", 0.0))

    @property
    def monitor(self) -> str:
        """The figure a plateau watches; empty for other kinds."""
        return str(self.values["monitor"]) if self.settings.kind == "plateau" else ""

    def epoch_done(self, value: float, larger_is_better: bool) -> None:
        """Tell a plateau how the watched figure came out."""
        plateau, least = self.plateau, self.values["min_delta"]
        gain = 0.0 if plateau.best is None else (value - plateau.best) * (1 if larger_is_better else -1)
        if plateau.best is None or gain > least:
            plateau.best, plateau.waited = value, 0
            return
        plateau.waited += 1
        if plateau.waited >= self.values["patience"]:
            plateau.scale, plateau.waited = plateau.scale * self.values["factor"], 0

    def state(self) -> dict[str, Any]:
        """What has to be kept to go on exactly."""
        return asdict(self.plateau)

    def restore(self, state: dict[str, Any]) -> None:
        """Take up a kept state."""
        self.plateau = Plateau(**state)
