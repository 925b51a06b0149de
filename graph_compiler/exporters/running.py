"""A file in its own runtime: opened, run over all rows, timed."""

from __future__ import annotations

import math
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np

from graph_compiler.exporters.part import Arrays, ExportProblem, Part, batches
from graph_compiler.specs.exporters import ExporterSpec

LATENCY_RUNS = 200
LATENCY_SECONDS = 0.3
NOT_KEPT = "The file was not kept."
_FIRST, _MOST = 16, 256
"""Rows that show how long all will take, and rows that are run at once at most."""
_LONG = 0.5
"""Seconds from which on the rows are run side by side."""

Report = Callable[[str, float | None], None]


class NotRun(ExportProblem):
    """A file that its own runtime does not open, or not run on what the drawing takes."""


def opened(spec: ExporterSpec, path: Path, part: Part, threads: int = 1) -> Any:
    """A file in its own runtime; all threads there are with 0. ExportProblem when it does not open."""
    try:
        return spec.reopen(path, part, threads)
    except ExportProblem:
        raise
    except Exception as error:  # each runtime raises kinds of its own
        raise _not_run(spec, error) from error


def _not_run(spec: ExporterSpec, error: Exception) -> NotRun:
    reason = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    reason = re.sub(r"(.{12,}?)\1+", r"\1; ", reason)  # some say the same once a subgraph, without a blank between
    return NotRun(f"The {spec.title} file was written, but its own runtime cannot run it.",
                  hint=f"{NOT_KEPT} The runtime says: {reason[:200]}")


def run_rows(spec: ExporterSpec, runtime: Any, inputs: Arrays, report: Report,
             another: Callable[[], Any] | None = None) -> list[np.ndarray]:
    """Outputs of all rows, piece by piece; where they take long, `another` opens the file again for each further core."""
    count = len(next(iter(inputs.values())))
    few = {name: values[:_FIRST] for name, values in inputs.items()}
    began = time.perf_counter()
    pieces = [_called(spec, runtime, few)]
    left = (time.perf_counter() - began) * (count - _FIRST) / _FIRST
    cores = (os.cpu_count() or 1) if another is not None and spec.threaded and left > _LONG else 1
    rest = batches({name: values[_FIRST:] for name, values in inputs.items()}, _piece(count - _FIRST, cores))
    report("comparing", min(1.0, _FIRST / count))
    for outputs in _side_by_side(spec, [runtime, *(another() for _ in range(cores - 1) if another is not None)], rest):
        pieces.append(outputs)
        report("comparing", sum(len(piece[0]) for piece in pieces) / count)
    return [np.concatenate(columns) for columns in zip(*pieces, strict=True)]


def _piece(rows: int, cores: int) -> int:
    """Rows that are run at a time: equally many for each core, and not too many at once."""
    rounds = max(1, math.ceil(rows / (cores * _MOST)))
    return max(1, math.ceil(rows / (cores * rounds)))


def _side_by_side(spec: ExporterSpec, runtimes: Sequence[Any], pieces: Sequence[Arrays]) -> Iterator[list[np.ndarray]]:
    """Outputs of the pieces in their order; each runtime works on one piece at a time."""
    if len(runtimes) == 1:
        yield from (_called(spec, runtimes[0], piece) for piece in pieces)
        return
    free: SimpleQueue[Any] = SimpleQueue()
    for runtime in runtimes:
        free.put(runtime)

    def run(piece: Arrays) -> list[np.ndarray]:
        runtime = free.get()
        try:
            return _called(spec, runtime, piece)
        finally:
            free.put(runtime)

    pool = ThreadPoolExecutor(max_workers=len(runtimes))
    try:
        yield from pool.map(run, pieces)
    finally:
        pool.shutdown(cancel_futures=True)


def _called(spec: ExporterSpec, runtime: Any, piece: Arrays) -> list[np.ndarray]:
    try:
        outputs: list[np.ndarray] = runtime(piece)
    except ExportProblem:
        raise
    except Exception as error:  # each runtime raises kinds of its own
        raise _not_run(spec, error) from error
    return outputs


def latency(runtime: Any, one: Arrays) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds of runs with one sample."""
    runtime(one)
    times: list[float] = []
    deadline = time.perf_counter() + LATENCY_SECONDS
    while len(times) < LATENCY_RUNS and (len(times) < 5 or time.perf_counter() < deadline):
        start = time.perf_counter()
        runtime(one)
        times.append((time.perf_counter() - start) * 1e3)
    return float(np.median(times)), float(np.percentile(times, 95))
