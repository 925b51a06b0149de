"""How many steps a call takes, and when compiled steps (XLA) pay."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

CALL_SECONDS = 0.06
"""What a call should last: short enough to pause and plot at once, long enough that Python does not count."""
WORTH = 20
"""XLA has to save its way: the steps ahead must take at least this many times its compile time."""


@dataclass
class Pace:
    """`mode` is plain, multi or xla; `weight_layers` scales the guess of what compiling costs."""

    mode: str
    weight_layers: int
    compiled: bool = False
    _size: int = 1
    _rejected: bool = False
    record: dict[str, Any] = field(default_factory=dict)

    def size(self, seconds_per_step: float) -> int:
        """Steps of the next call: one at first, then as many as fit, growing by at most eight times."""
        if self.mode == "plain":
            return 1
        if seconds_per_step:
            self._size = max(1, min(self._size * 8, int(CALL_SECONDS / seconds_per_step)))
        return self._size

    def should_compile(self, seconds_per_step: float, steps_ahead: int) -> bool:
        """Whether it is time to try compiled steps: asked for, a speed is known, and the run is long enough."""
        if self.mode != "xla" or self.compiled or self._rejected or not seconds_per_step:
            return False
        guess, ahead = 1.0 + 0.4 * self.weight_layers, seconds_per_step * steps_ahead
        worth = ahead >= WORTH * guess
        self._rejected = not worth
        self.record.setdefault("expected_seconds", round(ahead, 2))
        self.record.setdefault("expected_compile_seconds", round(guess, 2))
        return worth

    def tried(self, compile_seconds: float, compiled_step: float, plain_step: float) -> None:
        """What compiled steps cost and take; they are kept only when they are faster."""
        self.compiled = compiled_step < plain_step
        self._rejected = not self.compiled
        self.record |= {"compile_seconds": round(compile_seconds, 2), "seconds_per_step": compiled_step,
                        "seconds_per_step_before": plain_step}

    @property
    def result(self) -> dict[str, Any]:
        """What was used, for the record of the run."""
        used = "xla" if self.compiled else "plain" if self.mode == "plain" else "multi"
        return {"mode": used, "asked": self.mode, **self.record}
