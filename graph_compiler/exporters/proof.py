"""The proof of a file: opened in its real runtime, run on real samples, compared with Keras, before it gets its name."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.exporters.part import Arrays, ExportProblem, Part, batches
from graph_compiler.exporters.recurrent import allowance
from graph_compiler.specs.exporters import ExporterSpec

Measure = Callable[[list[np.ndarray]], tuple[str, float]]
"""Outputs of all samples -> (name of the metric, its value)."""

LATENCY_RUNS = 200
LATENCY_SECONDS = 2.0
_CHUNK = 256


@dataclass(frozen=True)
class Samples:
    """Held-out rows: raw inputs by name, the outputs of Keras for them, and how to measure outputs."""

    inputs: Arrays
    expected: list[np.ndarray]
    measure: Measure | None = None

    @property
    def rows(self) -> int:
        """How many rows are compared."""
        return len(next(iter(self.inputs.values())))


@dataclass(frozen=True)
class Proof:
    """One line of the proof table. Differences are absolute; latency in milliseconds for one sample on one thread."""

    format: str
    part: str
    path: str
    bytes: int
    rows: int
    max_abs_diff: float
    mean_abs_diff: float
    allowed: float
    agreement: float
    """Share of samples whose largest output is the same as Keras's (1.0 for outputs with one number)."""
    metric: str = ""
    before: float | None = None
    after: float | None = None
    latency_ms: float = 0.0
    latency_p95_ms: float = 0.0
    seconds: float = 0.0
    notes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Plain values for messages and proof.json."""
        return asdict(self)


Report = Callable[[str, float | None], None]
"""State (`writing`, `reopening`, `comparing`, `timing`) and how far; may raise to cancel."""


def samples_of(part: Part, inputs: Arrays, measure: Measure | None = None) -> Samples:
    """The samples with what Keras says to them."""
    return Samples(inputs, part.run(inputs), measure)


def prove(spec: ExporterSpec, part: Part, samples: Samples, path: Path, options: dict[str, Any], report: Report) -> Proof:
    """Write, reopen, compare; the file gets its name only when it agrees. ExportProblem says why it does not."""
    started = time.perf_counter()
    draft = path.with_name(f".{path.stem}.partial{path.suffix}")
    try:
        report("writing", None)
        spec.write(part, draft, options)
        report("reopening", None)
        runtime = _opened(spec, draft, part)
        if tuple(runtime.output_names) != part.output_names:
            raise ExportProblem(f"The outputs are named {', '.join(runtime.output_names)} "
                                f"instead of {', '.join(part.output_names)}.")
        found = _run(spec, runtime, samples, report)
        proof = replace(_compare(spec, part, samples, found), notes=tuple(getattr(runtime, "notes", ())))
        report("timing", None)
        middle, late = _latency(runtime, samples)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return Proof(**{**asdict(proof), "path": str(path), "bytes": path.stat().st_size, "latency_ms": middle,
                    "latency_p95_ms": late, "seconds": time.perf_counter() - started})


def _opened(spec: ExporterSpec, draft: Path, part: Part) -> Any:
    try:
        return spec.reopen(draft, part)
    except ExportProblem:
        raise
    except Exception as error:  # each runtime raises kinds of its own
        raise _not_run(spec, error) from error


def _not_run(spec: ExporterSpec, error: Exception) -> ExportProblem:
    reason = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return ExportProblem(f"The {spec.title} file was written, but its own runtime cannot run it.",
                         hint=f"The file was not kept. The runtime says: {reason[:200]}")


def _run(spec: ExporterSpec, runtime: Any, samples: Samples, report: Report) -> list[np.ndarray]:
    pieces, done = [], 0
    for piece in batches(samples.inputs, _CHUNK):
        try:
            pieces.append(runtime(piece))
        except ExportProblem:
            raise
        except Exception as error:  # each runtime raises kinds of its own
            raise _not_run(spec, error) from error
        done += len(next(iter(piece.values())))
        report("comparing", done / samples.rows)
    return [np.concatenate(columns) for columns in zip(*pieces, strict=True)]


def _compare(spec: ExporterSpec, part: Part, samples: Samples, found: list[np.ndarray]) -> Proof:
    worst = mean = 0.0
    largest, agree = 1.0, 1.0
    for name, expected, received in zip(part.output_names, samples.expected, found, strict=True):
        if expected.shape != received.shape:
            raise ExportProblem(f"“{name}” has the shape {received.shape} in the file and {expected.shape} in Keras.")
        if not np.isfinite(received).all():
            raise ExportProblem(f"“{name}” has values that are no numbers in the file.")
        gap = np.abs(expected.astype(np.float64) - received.astype(np.float64))
        worst, mean = max(worst, float(gap.max())), max(mean, float(gap.mean()))
        largest = max(largest, float(np.abs(expected).max()))
        if expected.ndim > 1 and expected.shape[-1] > 1:
            agree = min(agree, float((expected.argmax(-1) == received.argmax(-1)).mean()))
    allowed = spec.tolerance * largest * allowance(part.model)
    if worst > allowed:
        raise ExportProblem(f"The file differs from Keras by {worst:.1e}; at most {allowed:.1e} is allowed.",
                            hint="The file was not kept. Export another format, or report the drawing.")
    name, before, after = "", None, None
    if samples.measure is not None:
        name, before = samples.measure(samples.expected)
        after = samples.measure(found)[1]
    return Proof(spec.name, part.name, "", 0, samples.rows, worst, mean, allowed, agree, name, before, after)


def _latency(runtime: Any, samples: Samples) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds of runs with one sample."""
    one = {name: values[:1] for name, values in samples.inputs.items()}
    runtime(one)
    times: list[float] = []
    deadline = time.perf_counter() + LATENCY_SECONDS
    while len(times) < LATENCY_RUNS and (len(times) < 5 or time.perf_counter() < deadline):
        start = time.perf_counter()
        runtime(one)
        times.append((time.perf_counter() - start) * 1e3)
    return float(np.median(times)), float(np.percentile(times, 95))
