"""Download a data set into Keras's cache."""

from __future__ import annotations

from typing import Any

from graph_compiler.analysis.values import CheckedValues
from graph_compiler.catalog import registry
from graph_compiler.graph.values import Node
from graph_compiler.messages import Fetch
from graph_compiler.worker.failures import JobProblem
from graph_compiler.worker.jobs.context import Context


def fetch(request: Fetch, context: Context) -> dict[str, Any]:
    """The rows of the data set, which is in the cache from now on. DataProblem when it cannot be had."""
    dataset, spec = registry().datasets.get(request.dataset), registry().node(request.dataset)
    if dataset is None or spec is None:
        raise JobProblem("dataset", f"There is no data set “{request.dataset}”.", "Open the document in a newer Netloom.")
    values, refusals = CheckedValues().of(Node(id="fetched", type=request.dataset, params=request.params), spec, {})
    if refusals:
        raise refusals[0]
    context.stage(f"Reading {dataset.title}")
    return {"dataset": request.dataset, "rows": dataset.load(values, context.place("")).rows}
