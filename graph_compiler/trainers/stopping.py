"""Early stopping: which epoch was best, and when to give up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graph_compiler.graph.values import EarlyStopping

_LARGER = ("accuracy", "auc", "precision", "recall", "r2", "iou", "f1", "match", "psnr")


def larger_is_better(figure: str) -> bool:
    """Whether a figure of that name should grow."""
    return any(word in figure for word in _LARGER)


def available(monitor: str, figures: tuple[str, ...]) -> str:
    """The figure to watch: `monitor`, or its training twin when there are no validation rows, or the loss."""
    plain = monitor.removeprefix("val_")
    return next((name for name in (monitor, f"val_{plain}", plain, "val_loss") if name in figures), "loss")


@dataclass
class Stopper:
    """Follows one figure. `best_epoch` is -1 before the first epoch."""

    settings: EarlyStopping
    monitor: str
    best: float | None = None
    best_epoch: int = -1
    waited: int = 0

    def epoch_done(self, epoch: int, value: float) -> bool:
        """Whether this epoch is the best so far."""
        gain = 0.0 if self.best is None else (value - self.best) * (1 if larger_is_better(self.monitor) else -1)
        if self.best is None or gain > self.settings.min_delta:
            self.best, self.best_epoch, self.waited = value, epoch, 0
            return True
        self.waited += 1
        return False

    @property
    def enough(self) -> bool:
        """Whether patience is at its end."""
        return self.waited >= self.settings.patience

    def state(self) -> dict[str, Any]:
        """What has to be kept to go on exactly."""
        return {"best": self.best, "best_epoch": self.best_epoch, "waited": self.waited}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up a kept state."""
        self.best, self.best_epoch, self.waited = state["best"], state["best_epoch"], state["waited"]
