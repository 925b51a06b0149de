"""Reading tables off the GUI thread, with numpy alone: a source loaded and summed up, a CSV file scanned."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from graph_compiler.datasets.download import keras_home
from graph_compiler.datasets.findings import Finding, findings
from graph_compiler.datasets.split import split_rows
from graph_compiler.datasets.thumbnails import ClassSummary, Summary, class_counts, summarise
from graph_compiler.specs.datasets import DataProblem, DatasetSpec, Place, Schema, Table

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Loaded:
    """One source as the page shows it."""

    schema: Schema
    table: Table
    rows: Mapping[str, np.ndarray]
    """Row numbers by part of the split."""
    summaries: Mapping[str, Summary]
    parts: Mapping[str, Mapping[str, ClassSummary]]
    """Class counts by column and part."""
    findings: tuple[Finding, ...]


def load_source(dataset: DatasetSpec, values: Mapping[str, Any], folder: Path) -> Loaded:
    """Load a source and look at it. DataProblem when it cannot be had; nothing is downloaded."""
    schema = dataset.schema(values)
    table = dataset.load(values, Place(folder, keras_home()))
    rows = split_rows(table, values)
    summaries = summarise(table, schema)
    parts = {c.name: class_counts(table, c, rows) for c in schema.every if c.kind == "category"}
    return Loaded(schema, table, rows, summaries, parts, tuple(findings(table, schema, rows, summaries, values)))


class _Reply(QObject):
    done = Signal(int, object)
    failed = Signal(int, object)


class _Job(QRunnable):
    def __init__(self, ticket: int, work: Callable[[], Any], reply: _Reply) -> None:
        super().__init__()
        self._ticket, self._work, self._reply = ticket, work, reply

    def run(self) -> None:
        try:
            result = self._work()
        except DataProblem as problem:
            self._reply.failed.emit(self._ticket, problem)
        except Exception as error:
            log.exception("reading data failed")
            unforeseen = DataProblem("The data could not be read", hint=f"{type(error).__name__}: {error}")
            self._reply.failed.emit(self._ticket, unforeseen)
        else:
            self._reply.done.emit(self._ticket, result)


class Background(QObject):
    """Runs one piece of work after another in a thread; only what the newest one brings is told."""

    done = Signal(object)
    failed = Signal(object)
    """DataProblem: why not."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ticket = 0
        self._busy = False
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._reply = _Reply()
        self._reply.done.connect(self._on_done)
        self._reply.failed.connect(self._on_failed)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._busy

    def run(self, work: Callable[[], Any]) -> None:
        """Start; what is still waiting or under way is forgotten."""
        self._ticket += 1
        self._busy = True
        self._pool.clear()
        self._pool.start(_Job(self._ticket, work, self._reply))

    def forget(self) -> None:
        """Tell nothing of what is under way."""
        self._ticket += 1
        self._busy = False
        self._pool.clear()

    def wait(self) -> None:
        """Block until the thread is idle (when the page goes away)."""
        self.forget()
        self._pool.waitForDone()

    def _on_done(self, ticket: int, result: object) -> None:
        if ticket == self._ticket:
            self._busy = False
            self.done.emit(result)

    def _on_failed(self, ticket: int, problem: object) -> None:
        if ticket == self._ticket:
            self._busy = False
            self.failed.emit(problem)
