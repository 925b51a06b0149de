"""A run brought back to life: its drawing with its weights, and the rows its data is split into."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graph_compiler.analysis.plan import End, ObjectivePlan
from graph_compiler.build.compile import Compiled
from graph_compiler.catalog import registry
from graph_compiler.runs.folder import RunFolder
from graph_compiler.specs.datasets import Place
from graph_compiler.trainers.checkpoints import restored
from graph_compiler.trainers.data import Feed, load_feed
from graph_compiler.trainers.device import choose
from graph_compiler.worker.jobs.context import Context

TRAIN = "train"
PARTS = ("test", "validation", TRAIN)


@dataclass(frozen=True)
class Restored:
    """The models of a run with its weights, and its data."""

    run: RunFolder
    compiled: Compiled
    feed: Feed

    @property
    def part(self) -> str:
        """The rows to measure with: test, or what comes nearest where the split has none."""
        return next(part for part in PARTS if self.feed.count(part))

    def rows(self, part: str, end: End) -> np.ndarray:
        """Row numbers of a part, aligned over all sources: those of the source of `end`."""
        return np.asarray(self.feed.order(part)[self.feed.sources.index(end[0])])

    def column(self, part: str, end: End, most: int | None = None) -> np.ndarray:
        """The values [rows of the part, ...] of a column, at most the first `most`."""
        return np.asarray(self.feed.columns[end][self.rows(part, end)[:most]])

    def spread(self, end: End, most: int) -> np.ndarray:
        """At most so many training values of a column, taken from its whole length: tables are often in some order."""
        rows = self.rows(TRAIN, end)
        chosen = rows[np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(int)]
        return np.asarray(self.feed.columns[end][chosen])

    def objective_of(self, end: End) -> ObjectivePlan | None:
        """The objective that judges this tensor, None when there is none."""
        return next((o for o in self.compiled.plan.objectives if o.prediction == end), None)


def bring_back(run: RunFolder, folder: str, context: Context, weights: str = "") -> Restored:
    """Build the run's models, load its weights (or those of a file) and data.

    The problems of build, weights and data, or FileProblem.
    """
    document = run.document()
    context.emit(choose(document.training.device).message)
    context.stage("Building the model")
    compiled = restored(document, registry(), Path(weights) if weights else run.path)
    context.stage("Reading the data")
    return with_data(run, compiled, context.place(folder, run))


def with_data(run: RunFolder, compiled: Compiled, place: Place) -> Restored:
    """The run with every column its models read or are compared with."""
    ends = [*compiled.columns, *compiled.target_columns, *(i.end for i in compiled.plan.inputs)]
    return Restored(run, compiled, load_feed(compiled.analysis, ends, place))
