"""What an export format declares. The exporter writes, the proof reopens; both run in the worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ExporterSpec:
    """A format. `write(model, path, options)` makes the file; `reopen(path, options)` returns a callable that runs it.

    The callable takes arrays [rows, ...] by input name and gives a list of arrays in output order.
    """

    name: str
    title: str
    suffix: str
    summary: str
    runs_on: str
    write: Callable[..., None]
    reopen: Callable[..., Callable[[dict[str, Any]], list[Any]]]
    tolerance: float = 1e-5
    """Allowed maximum difference, times max(1, largest Keras output)."""
    check: Callable[[Any], Any] | None = None
