"""Reading tables off the GUI thread, with numpy alone: a source loaded and summed up, a CSV file scanned."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.datasets.download import keras_home
from graph_compiler.datasets.findings import Finding, findings
from graph_compiler.datasets.split import split_rows
from graph_compiler.datasets.thumbnails import ClassSummary, Summary, class_counts, summarise
from graph_compiler.specs.datasets import DataProblem, DatasetSpec, Place, Schema, Table, read_schema
from widgets.plots.pictures import decode_picture

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
    table = dataset.load(values, Place(folder, keras_home(), decode=decode_picture))
    schema, rows = read_schema(schema, table), split_rows(table, values)
    summaries = summarise(table, schema)
    parts = {c.name: class_counts(table, c, rows) for c in schema.every if c.kind == "category"}
    return Loaded(schema, table, rows, summaries, parts, tuple(findings(table, schema, rows, summaries, values)))


def as_problem(error: Exception) -> DataProblem:
    """The problem to show for whatever went wrong while data were read."""
    if isinstance(error, DataProblem):
        return error
    log.error("reading data failed", exc_info=error)
    return DataProblem("The data could not be read", hint=f"{type(error).__name__}: {error}")
