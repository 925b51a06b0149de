"""Live miniatures: how the activations of a small fixed batch are spread, and what is inside the node that is watched.

At most once a second, only what is asked for, and never for more than a small share of the time. When a run ends, every
node is looked into once, so that a trained network can be watched without a worker.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from graph_compiler.build.compile import Compiled, one_or_list
from graph_compiler.graph.model import Graph
from graph_compiler.messages import Live, Log
from graph_compiler.runs import watched as files
from graph_compiler.trainers import inside
from graph_compiler.trainers.data import Feed
from graph_compiler.trainers.figures import Figures
from graph_compiler.trainers.session import Session
from graph_compiler.trainers.steps import Steps

ROWS = 16
BINS = 24
SECONDS = 1.0
SHARE = 0.05
"""Share of the time that looking may take: after a long look comes a longer wait."""


class Miniatures:
    """Looks into the model in inference. Rows are the first of validation, or of training when there are none."""

    def __init__(self, session: Session, compiled: Compiled, feed: Feed, steps: Steps) -> None:
        self._session, self._compiled, self._feed, self._steps = session, compiled, feed, steps
        self._models: dict[str, Any] = {}
        self._figures: Figures | None = None
        self._next = 0.0
        self._seen = ""
        self._folder = session.run.checkpoints.parent
        session.control.miniatures = session.control.miniatures or session.options.miniatures
        session.control.watch = session.control.watch or session.options.watch

    def show(self, step: int) -> None:
        """Emit a Live message when one is wanted and due; a node that has just been chosen does not wait."""
        control = self._session.control
        node = control.watch if control.watch in self._compiled.activations else ""
        if not (control.miniatures or node):
            return
        begun = time.monotonic()
        if begun >= self._next or node != self._seen:
            fresh = ("" if control.miniatures else node) not in self._models
            self._session.emit(self._message(step, control.miniatures, node))
            taken = time.monotonic() - begun
            self._seen, self._next = node, begun + max(SECONDS, 0.0 if fresh else taken / SHARE)

    def finish(self, step: int) -> None:
        """Look into every node, for those who come when the run is over. What cannot be seen must not end a training."""
        try:
            values = self._values("")
            sizes = self._gradients([v for layer in self._compiled.layers.values() for v in layer.trainable_variables])
            for path, found in values.items():
                if found.dtype.kind == "f" and found.size:
                    self._write(path, step, found, sizes)
        except Exception as error:
            self._session.emit(Log(level="warning", text=f"Nodes cannot be looked into: {error}"))

    def _message(self, step: int, every: bool, node: str) -> Live:
        values = self._values("" if every else node)
        floats = {path: v for path, v in values.items() if v.dtype.kind == "f" and v.size}
        details = ""
        if node in floats:
            layer = self._compiled.layers.get(node)
            details = self._write(node, step, floats[node], self._gradients(layer.trainable_variables if layer else []))
        shown = floats if every else {}
        return Live(step=step, histograms={path: spread(v) for path, v in shown.items()},
                    zeros={path: round(float(np.mean(v == 0)), 4) for path, v in shown.items()}, details=details)

    @property
    def _rows(self) -> np.ndarray:
        part = "validation" if self._feed.count("validation") else "train"
        return self._feed.order(part)[:, :ROWS]

    def _columns(self, ends: Any) -> dict[Any, np.ndarray]:
        rows = self._rows
        return {end: self._feed.columns[end][rows[self._feed.sources.index(end[0])]] for end in ends}

    def _values(self, node: str) -> dict[str, np.ndarray]:
        """Activations by path, of every node or of one."""
        import keras

        wanted = {node: self._compiled.activations[node]} if node else self._compiled.activations
        if node not in self._models:
            model = self._compiled.training_model
            self._models[node] = keras.Model(one_or_list(list(model.inputs)), list(wanted.values()))
        inputs = list(self._columns(self._compiled.columns).values())
        found = self._models[node](one_or_list(inputs), training=False)
        return dict(zip(wanted, map(np.asarray, found if isinstance(found, (list, tuple)) else [found]), strict=True))

    def _gradients(self, variables: list[Any]) -> dict[int, float]:
        if not variables:
            return {}
        self._figures = self._figures or Figures(self._compiled.plan)
        inputs, targets = self._columns(self._compiled.columns), self._columns(self._compiled.target_columns)
        return inside.gradients(self._steps.phases, inputs, targets, variables, self._figures)

    def _write(self, path: str, step: int, values: np.ndarray, sizes: dict[int, float]) -> str:
        layer = self._compiled.layers.get(path)
        graph: Graph = self._compiled.analysis.document.graph
        before = inside.picture_before(graph, self._compiled, path)
        return str(files.write(self._folder, inside.watched(path, step, values, layer, sizes, before)))


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
