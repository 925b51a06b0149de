"""What an export format declares. The exporter writes, the proof reopens; both run in the worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ExporterSpec:
    """A format. `write(part, path, options)` makes the file, `reopen(path, part)` gives a callable that runs it.

    That callable takes arrays [rows, ...] by input name, gives a list of arrays in output order and has `output_names`.
    """

    name: str
    title: str
    suffix: str
    summary: str
    runs_on: str
    write: Callable[[Any, Path, dict[str, Any]], None]
    reopen: Callable[[Path, Any], Any]
    tolerance: float = 1e-5
    """Allowed maximum difference, times max(1, largest Keras output)."""
