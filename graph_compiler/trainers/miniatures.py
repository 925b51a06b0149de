"""Live miniatures: how the activations of a small fixed batch are spread, at most once a second and only when asked for."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.build.compile import Compiled, one_or_list
from graph_compiler.messages import Live
from graph_compiler.trainers.data import Feed
from graph_compiler.trainers.session import Session

ROWS = 16
BINS = 24
SECONDS = 1.0
DETAILS = "live.npz"


class Miniatures:
    """Looks into the model in inference. Rows are the first of validation, or of training when there are none."""

    def __init__(self, session: Session, compiled: Compiled, feed: Feed) -> None:
        self._session, self._compiled, self._feed = session, compiled, feed
        self._model: Any = None
        self._last = -SECONDS
        session.control.miniatures = session.control.miniatures or session.options.miniatures

    def show(self, step: int) -> None:
        """Emit a Live message when one is wanted and due."""
        now = time.monotonic()
        if self._session.control.miniatures and now - self._last >= SECONDS:
            self._last = now
            self._session.emit(self._message(step))

    def _message(self, step: int) -> Live:
        values = dict(zip(self._compiled.activations, self._run(), strict=True))
        floats = {path: v for path, v in values.items() if v.dtype.kind == "f" and v.size}
        watched = self._session.control.watch
        details = self._details(watched, values[watched]) if watched in values else ""
        return Live(step=step, histograms={path: spread(v) for path, v in floats.items()},
                    zeros={path: round(float(np.mean(v == 0)), 4) for path, v in floats.items()}, details=details)

    def _run(self) -> list[np.ndarray]:
        import keras

        compiled = self._compiled
        if self._model is None:
            self._model = keras.Model(one_or_list(compiled.training_model.inputs), list(compiled.activations.values()))
        part = "validation" if self._feed.count("validation") else "train"
        rows = self._feed.order(part)[:, :ROWS]
        inputs = [self._feed.columns[end][rows[self._feed.sources.index(end[0])]] for end in compiled.columns]
        found = self._model(one_or_list(inputs), training=False)
        return [np.asarray(value) for value in (found if isinstance(found, (list, tuple)) else [found])]

    def _details(self, path: str, values: np.ndarray) -> str:
        """What the watched node gives and its weights, in a file beside the checkpoints that is replaced as a whole."""
        layer = self._compiled.layers.get(path)
        arrays: dict[str, Any] = {"activation": values}
        arrays |= {f"weight_{v.name}": np.asarray(v.numpy()) for v in layer.weights} if layer is not None else {}
        target: Path = self._session.run.checkpoints.parent / DETAILS
        partial = target.with_name(f".{DETAILS}.partial.npz")
        np.savez(partial, **arrays)
        partial.replace(target)
        return str(target)


def spread(values: np.ndarray) -> tuple[float, ...]:
    """Heights 0 to 1 of `BINS` equal bins over the middle 98 % of the values that are finite and not zero.

    Zeros (a relu makes many) are told apart, as a share; far outliers would leave one bar.
    """
    finite = values[np.isfinite(values) & (values != 0)]
    if not finite.size:
        return (0.0,) * BINS
    low, high = np.percentile(finite, (1, 99))
    counts, _ = np.histogram(finite, BINS, (float(low), float(high)) if high > low else None)
    return tuple(round(float(c), 4) for c in counts / counts.max())
