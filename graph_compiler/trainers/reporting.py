"""What a training says while it runs: at most 30 messages a second, with the losses of single steps for the plot."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from graph_compiler.messages import Message, Progress

LEAST = 1 / 30
"""Seconds between two Progress messages."""
LEFT_EVERY = 0.5
"""Seconds between two estimates of what is left: all who show it say the same, and no oftener than can be read."""
MOST_POINTS = 60
"""Points of one message; more steps than that are averaged in groups."""


class Reporter:
    """Collects steps and emits Progress. `steps` are those of an epoch; times leave pauses out, as `elapsed` does."""

    def __init__(self, emit: Callable[[Message], None], steps: int, epochs: int, batch_size: int, rows: int,
                 elapsed: Callable[[], float] = lambda: 0.0) -> None:
        self._emit, self._steps, self._epochs, self._batch_size, self._rows = emit, steps, epochs, batch_size, rows
        self._points: list[tuple[float, ...]] = []
        self._told: tuple[int, int, dict[str, float], float] | None = None
        self._elapsed = elapsed
        self._last = self._estimated = 0.0
        self._left = 0.0
        self.seconds_per_step = 0.0

    def steps_done(self, epoch: int, first: int, losses: np.ndarray, figures: dict[str, float], rate: float,
                   seconds: float, traced: bool) -> None:
        """Some steps of an epoch, losses [steps, phases], were taken in `seconds`.

        `traced` says that making the graph was part of it.
        """
        per_step = seconds / len(losses)
        if not traced:
            old = self.seconds_per_step
            self.seconds_per_step = per_step if not old else 0.7 * old + 0.3 * per_step
        places = epoch + (first + 1 + np.arange(len(losses))) / self._steps
        self._points += map(tuple, np.column_stack([places, losses]).tolist())
        done = first + len(losses)
        self._told = epoch, done, figures, rate
        if time.monotonic() - self._last >= LEAST or done == self._steps:
            self.flush()

    def flush(self) -> None:
        """Say what was not said yet: before a pause, and at the end."""
        if self._points and self._told is not None:
            self._last = time.monotonic()
            self._emit(self._progress(*self._told))
            self._points = []

    def _progress(self, epoch: int, done: int, figures: dict[str, float], rate: float) -> Progress:
        speed = self.seconds_per_step
        left = max(0, (self._epochs - epoch) * self._steps - done)
        if not left or not self._left or self._last - self._estimated >= LEFT_EVERY:
            self._left, self._estimated = left * speed, self._last
        batch = self._rows / self._steps
        points = thinned(self._points)
        return Progress(epoch=epoch, step=done, metrics=figures, points=tuple((p[0], p[1]) for p in points),
                        against=tuple((p[0], p[2]) for p in points if len(p) > 2), learning_rate=rate,
                        samples_per_second=batch / speed if speed else 0.0, seconds_per_step=speed,
                        seconds=self._elapsed(), seconds_left=self._left, memory=resident_bytes())


def thinned(points: list[tuple[float, ...]]) -> tuple[tuple[float, ...], ...]:
    """At most `MOST_POINTS` points: neighbours are averaged, positions are those of the last of a group."""
    if len(points) <= MOST_POINTS:
        return tuple(points)
    groups = np.array_split(np.array(points), MOST_POINTS)
    return tuple((float(g[-1, 0]), *g[:, 1:].mean(axis=0).tolist()) for g in groups)


def resident_bytes() -> int:
    """Memory of this process in bytes, 0 where the system does not say."""
    try:
        import resource

        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, ImportError):
        return 0
