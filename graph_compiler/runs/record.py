"""run.json: what a run was, and what became of it."""

from __future__ import annotations

from typing import Any

import msgspec

from graph_compiler.graph.model import Document

MOST_NAMED = 3
"""Muted nodes that a note names."""
RUNNING, WAITING = "running", "waiting"
FINISHED, STOPPED, FAILED, KILLED = "finished", "stopped", "failed", "killed"
STATES = (WAITING, RUNNING, FINISHED, STOPPED, FAILED, KILLED)


class RunRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a run that is not weights or figures of single epochs. Times are UTC in ISO form."""

    format: int = 1
    id: str = ""
    name: str = ""
    note: str = ""
    title: str = ""
    """The document's title when the run began."""
    document: str = ""
    """The file or template the drawing came from, as it was named."""
    document_folder: str = ""
    """Folder that relative data paths count from."""
    document_hash: str = ""
    data_fingerprint: str = ""
    settings: dict[str, Any] = {}
    """The training settings in force."""
    state: str = WAITING
    """waiting, running, finished, stopped, failed or killed."""
    reason: str = ""
    """One sentence about how it ended, empty when there is nothing to say."""
    rung: str = ""
    """How far the stop ladder had to go: empty, ask, terminate or kill."""
    started: str = ""
    seconds: float = 0.0
    epochs: int = 0
    """Epochs done."""
    steps: int = 0
    parameters: int = 0
    device: str = ""
    metrics: dict[str, float] = {}
    """Figures by name: training ones plain, `val_` and `test_` before the others."""
    figure: dict[str, Any] | None = None
    """The figure a template promises, with the value that was reached."""
    continued_from: str = ""
    exports: list[dict[str, Any]] = []
    """Rows of the proof table, one a file."""

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to the run by itself."""
        return self.state not in (WAITING, RUNNING)


def ablation(document: Document) -> str:
    """What of a drawing is muted, as the note a run begins with: `without dropout_1`; empty when nothing is."""
    muted = [f"{scope}.{node.id}" if scope else node.id for scope, graph in document.scopes()
             for node in graph.nodes.values() if node.muted]
    more = len(muted) - MOST_NAMED
    return f"without {', '.join(muted[:MOST_NAMED])}{f' and {more} more' if more > 0 else ''}" if muted else ""


def figure_of(about: dict[str, Any], metrics: dict[str, float]) -> dict[str, Any] | None:
    """The promised figure of a document with the value reached: name, value, bound, reached.

    None where nothing is promised, or nothing that can be measured: the file may come from anybody.
    """
    promised = about.get("figure")
    if not isinstance(promised, dict):
        return None
    metric, bound = promised.get("metric"), promised.get("bound")
    if not isinstance(metric, str) or isinstance(bound, bool) or not isinstance(bound, (int, float)):
        return None
    value, smaller = metrics.get(metric), bool(promised.get("smaller_is_better"))
    reached = value is not None and (value <= bound if smaller else value >= bound)
    return {"name": str(promised.get("name") or metric), "metric": metric, "value": value, "bound": float(bound),
            "reached": reached, "smaller_is_better": smaller}
