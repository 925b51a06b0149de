"""What a run has reported so far, in arrays that plots can draw: raw step losses, running figures, epoch figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite, nan

import numpy as np

from graph_compiler.messages import Epoch, Message, Progress, Started

KEPT = 4000
"""Raw points kept for drawing; when there are more, every second one goes."""


class Track:
    """Points in time order that thin themselves out: memory and drawing stay bounded."""

    def __init__(self) -> None:
        self._x: list[float] = []
        self._y: list[float] = []
        self._stride = 1
        self._skipped = 0

    def __len__(self) -> int:
        return len(self._x)

    def add(self, x: float, y: float) -> None:
        """One point; x never goes back."""
        self._skipped += 1
        if self._skipped < self._stride:
            return
        self._skipped = 0
        self._x.append(x)
        self._y.append(y)
        if len(self._x) > KEPT:
            del self._x[1::2], self._y[1::2]
            self._stride *= 2

    @property
    def x(self) -> np.ndarray:
        """Positions in epochs, float64 [n]."""
        return np.asarray(self._x)

    @property
    def y(self) -> np.ndarray:
        """Values, float64 [n]."""
        return np.asarray(self._y)

    @property
    def last(self) -> float | None:
        """The newest value."""
        return self._y[-1] if self._y else None


def smooth(values: np.ndarray, weight: float) -> np.ndarray:
    """Exponential moving average with debiasing; `weight` from 0 (none) to just below 1.

    values: float64 [n] -> float64 [n]. Values that are not finite are passed over.
    """
    out: list[float] = []
    mean = total = 0.0
    for value in values.tolist():
        if isfinite(value):
            mean = weight * mean + (1 - weight) * value
            total = weight * total + (1 - weight)
        out.append(mean / total if total else nan)
    return np.array(out)


def extremes(x: np.ndarray, y: np.ndarray, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """The smallest and the largest value of each of `columns` equal parts of x, in time order.

    x, y: float64 [n], x rising -> float64 [m] each, m at most 2 * columns; few points come back as they are.
    """
    if len(x) <= 2 * columns:
        return x, y
    finite = np.flatnonzero(np.isfinite(y))
    if not len(finite):
        return x[:0], y[:0]
    part = np.minimum((x - x[0]) / ((x[-1] - x[0]) or 1.0) * columns, columns - 1).astype(int)[finite]
    rising = finite[np.lexsort((y[finite], part))]
    first = np.flatnonzero(np.diff(part, prepend=-1))
    last = np.append(first[1:], len(finite)) - 1
    kept = np.sort(np.concatenate([rising[first], rising[last[last > first]]]))
    return x[kept], y[kept]


SETTLED = 0.25
"""Share of an epoch after which a running mean that starts over says as much as the epoch before."""


def by_epochs(done: Track | None, running: Track | None) -> tuple[np.ndarray, np.ndarray]:
    """A figure that starts over with every epoch, without the saw teeth: x and y, float64 [n] each.

    Its way through the first epoch, the value at the end of each epoch, and the way through the epoch under way,
    of which the first quarter is left out when others lie before it.
    """
    if running is None or not len(running):
        return (done.x, done.y) if done is not None else (np.empty(0), np.empty(0))
    ends = done if done is not None else Track()
    x, y = running.x, running.y
    first = x < (ends.x[0] if len(ends) else np.inf)
    tail = (x > ends.x[-1] + SETTLED) if len(ends) else np.zeros(len(x), bool)
    return np.concatenate([x[first], ends.x, x[tail]]), np.concatenate([y[first], ends.y, y[tail]])


@dataclass
class TrainingRecord:
    """One run as its messages told it. `raw` holds step losses; `running` and `epochs` hold tracks by figure name.

    In a contest `raw` are those of the generator and `against` those of the discriminator.
    """

    started: Started | None = None
    raw: Track = field(default_factory=Track)
    against: Track = field(default_factory=Track)
    running: dict[str, Track] = field(default_factory=dict)
    epochs: dict[str, Track] = field(default_factory=dict)
    learning_rate: Track = field(default_factory=Track)
    speed: Track = field(default_factory=Track)
    latest: Progress | None = None
    planned: int = 1
    """Epochs the run will have, until it says so itself."""
    seconds: float = 0.0
    """How long the finished epochs took."""
    version: int = 0
    """Grows with every message that changes a curve."""

    def take(self, message: Message) -> None:
        """Fold one message in; others than Started, Progress and Epoch are passed over."""
        if isinstance(message, Started):
            self.started = message
        elif isinstance(message, Progress):
            self._progress(message)
        elif isinstance(message, Epoch):
            self._epoch(message)
        else:
            return
        self.version += 1

    def _progress(self, message: Progress) -> None:
        self.latest = message
        for x, loss in message.points:
            self.raw.add(x, loss)
        for x, loss in message.against:
            self.against.add(x, loss)
        position = self.position
        for name, value in message.metrics.items():
            self.running.setdefault(name, Track()).add(position, value)
        self.learning_rate.add(position, message.learning_rate)
        if message.samples_per_second:
            self.speed.add(position, message.samples_per_second)

    def _epoch(self, message: Epoch) -> None:
        self.seconds += message.seconds
        for name, value in message.metrics.items():
            self.epochs.setdefault(name, Track()).add(float(message.epoch + 1), value)
        if self.latest is None:
            self.learning_rate.add(float(message.epoch + 1), message.learning_rate)

    def newest(self, figure: str, smoothing: float) -> float | None:
        """Where the curve of a figure ends as plots draw it: a loss as the moving average of its steps with this weight."""
        steps = {"loss": self.raw, "discriminator_loss": self.against}.get(figure)
        if steps is not None and len(steps):
            return float(smooth(steps.y, smoothing)[-1])
        done, running = self.epochs.get(figure), self.running.get(figure)
        drawn = by_epochs(done, running)[1]
        if len(drawn):
            return float(drawn[-1])
        return running.last if running is not None else None

    @property
    def length(self) -> int:
        """Epochs from the start to the planned end."""
        return max(self.started.epochs if self.started else self.planned, 1)

    @property
    def position(self) -> float:
        """Where training is, in epochs from the start."""
        if self.latest is None:
            return 0.0
        steps = self.started.steps if self.started else 0
        return self.latest.epoch + (self.latest.step / steps if steps else 0.0)

    @property
    def share(self) -> float:
        """How much of the planned epochs is done, 0 to 1."""
        return min(1.0, self.position / self.started.epochs) if self.started and self.started.epochs else 0.0

    def at_epoch(self, epoch: int) -> dict[str, float]:
        """Every figure of a finished epoch by name; the first epoch is 1, as people count."""
        found = {}
        for name, track in self.epochs.items():
            hits = np.flatnonzero(track.x == epoch)
            if len(hits):
                found[name] = float(track.y[hits[-1]])
        return found
