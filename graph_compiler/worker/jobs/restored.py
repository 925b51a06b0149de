"""A run brought back to life: its drawing with its weights, and the rows its data is split into."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.analysis.plan import End, ObjectivePlan
from graph_compiler.build.compile import Compiled
from graph_compiler.build.sequences import SequenceModels, sequence_models
from graph_compiler.build.weights import Fit
from graph_compiler.catalog import registry
from graph_compiler.runs.folder import RunFolder
from graph_compiler.specs.datasets import Place
from graph_compiler.trainers.checkpoints import fitted, restored
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
    fit: Fit | None = None
    """How a file of weights fits that was named in place of the run's own; a saved model may be a part of the drawing."""

    @cached_property
    def sequence(self) -> SequenceModels:
        """Encoder and step of a generated sequence."""
        return sequence_models(self.compiled)

    def need(self, *models: Any) -> None:
        """WeightsProblem, by layer, where the file of weights lacks what these models compute with."""
        if self.fit is not None and not self.fit.whole:
            self.fit.within(self._paths_in(models)).demand()

    def _paths_in(self, models: tuple[Any, ...]) -> list[str]:
        """Layers by path that are in the models, themselves or by their weights."""
        inside = {id(one) for model in models for one in (*model._flatten_layers(), *model.variables)}
        return [path for path, layer in self.compiled.layers.items()
                if any(id(one) in inside for one in (layer, *layer.variables))]

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
    """Build the run's models, load its weights (or those of a file, as far as it has them) and data.

    The problems of build, weights and data, or FileProblem.
    """
    document = run.document()
    context.emit(choose(document.training.device).message)
    context.stage("Building the model")
    fit = None
    if weights:
        compiled, fit = fitted(document, registry(), Path(weights))
    else:
        compiled = restored(document, registry(), run.path)
    context.stage("Reading the data")
    return replace(with_data(run, compiled, context.place(folder, run)), fit=fit)


def with_data(run: RunFolder, compiled: Compiled, place: Place) -> Restored:
    """The run with every column its models read or are compared with."""
    ends = [*compiled.columns, *compiled.target_columns, *(i.end for i in compiled.plan.inputs)]
    return Restored(run, compiled, load_feed(compiled.analysis, ends, place))
