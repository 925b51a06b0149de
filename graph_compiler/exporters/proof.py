"""The proof of a file: opened in its real runtime, run on real samples, compared with Keras, before it gets its name."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.exporters.allowance import allowance
from graph_compiler.exporters.memory import Peak
from graph_compiler.exporters.part import Arrays, ExportProblem, Part
from graph_compiler.exporters.running import NOT_KEPT, NotRun, latency, opened, run_rows
from graph_compiler.specs.exporters import ExporterSpec, Limits

Measure = Callable[[list[np.ndarray]], tuple[str, float]]
"""Outputs of all samples -> (name of the metric, its value)."""

SHARES = frozenset({"accuracy"})
"""Metrics that are shares: the larger the better. Of the others, errors, the smaller the better."""
MOST_NAMED = 3
"""Layers that are named as the cause of a difference."""
_STILL = 1e-5
"""An output that moves by no more of its size stands still: what is left of it are last digits."""
_familiar: set[str] = set()
"""Formats of which this process has opened a file."""
_ANOTHER = "It was made of another drawing, or of this one before it changed."


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
class OutputLoss:
    """How far one output is from Keras: absolute, and as shares of the range Keras's values have over the samples."""

    output: str
    largest: float
    mean: float
    range: float
    agreement: float
    """Share of samples whose largest number is the same as Keras's (1.0 for outputs with one number)."""

    @property
    def shares(self) -> tuple[float, float]:
        """The largest and the mean difference over the range."""
        return self.largest / self.range, self.mean / self.range


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
    """What `judged` may come to at most."""
    agreement: float
    metric: str = ""
    before: float | None = None
    after: float | None = None
    latency_ms: float = 0.0
    latency_p95_ms: float = 0.0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    judged: str = "max_abs_diff"
    """The difference that is compared with `allowed`: `mean_abs_diff` for files whose numbers are rounded to 8 bits."""
    latency_all_ms: float = 0.0
    latency_all_p95_ms: float = 0.0
    """The same on all threads."""
    memory: int | None = None
    """Bytes the process grew by, at most, while the file was opened and run on one sample; None where it cannot be measured."""
    losses: tuple[OutputLoss, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    accepted: str = ""
    """By what the file misses its limits, where the user accepted that."""
    causes: tuple[tuple[str, float], ...] = ()
    """Layers that make a file over its limits differ, the worst first, with what each adds (a share of its spread)."""

    def as_json(self) -> dict[str, Any]:
        """Plain values for messages and proof.json."""
        return {**asdict(self), "options": dict(self.options), "causes": [list(cause) for cause in self.causes]}


class OverLimit(ExportProblem):
    """A file of fewer bits is too far from Keras; the user may accept it all the same."""


Report = Callable[[str, float | None], None]
"""State (`writing`, `reopening`, `comparing`, `timing`, `explaining`) and how far; may raise to cancel."""


def samples_of(part: Part, inputs: Arrays, measure: Measure | None = None) -> Samples:
    """The samples with what Keras says to them."""
    return Samples(inputs, part.run(inputs), measure)


def prove(spec: ExporterSpec, part: Part, samples: Samples, path: Path, options: dict[str, Any], report: Report) -> Proof:
    """Write, reopen, compare; the file gets its name only when it agrees. ExportProblem says why it does not.

    With `accept` among the options a file over its limits is kept, and its proof says so.
    """
    started = time.perf_counter()
    draft = path.with_name(f".{path.stem}.partial{path.suffix}")
    _remove(draft)  # of an export that was killed
    if spec.calibrates and not options.get("calibration"):
        raise ExportProblem(f"{spec.title} needs training rows to find the ranges of what flows.", hint="Export float16.")
    try:
        report("writing", None)
        spec.write(part, draft, options)
        report("reopening", None)
        proof, runtime = _compared(spec, part, samples, draft, options, report)
        report("timing", None)
        proof = _timed(spec, part, samples, draft, proof, runtime)
        _give_name(draft, path)
    finally:
        _remove(draft)
    chosen = tuple((option.name, str(options.get(option.name, option.default))) for option in spec.options)
    return replace(proof, path=str(path), bytes=size_of(path), options=chosen, seconds=time.perf_counter() - started)


def verify(spec: ExporterSpec, part: Part, samples: Samples, path: Path, report: Report) -> Proof:
    """The proof of a file that is there already; it is never removed. ExportProblem says why it is not right, or not whole."""
    started = time.perf_counter()
    report("reopening", None)
    try:
        proof = _timed(spec, part, samples, path, *_compared(spec, part, samples, path, {}, report))
    except NotRun as problem:
        raise ExportProblem(f"{path.name} does not run: it is damaged, or was not made of this drawing.",
                            hint=problem.hint.removeprefix(NOT_KEPT).strip()) from problem
    except ExportProblem as problem:
        problem.hint = problem.hint.removeprefix(NOT_KEPT).strip() or _ANOTHER
        raise
    return replace(proof, path=str(path), bytes=size_of(path), seconds=time.perf_counter() - started)


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files of a folder."""
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file()) if path.is_dir() else path.stat().st_size


def _give_name(draft: Path, path: Path) -> None:
    """Put the draft in the place of what was there; a folder cannot be replaced in one move."""
    aside = path.with_name(f".{path.name}.aside")
    if path.is_dir():
        _remove(aside)
        path.rename(aside)
    draft.replace(path)
    _remove(aside)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _compared(spec: ExporterSpec, part: Part, samples: Samples, path: Path, options: dict[str, Any],
              report: Report) -> tuple[Proof, Any]:
    """The proof without its times, and the runtime that ran the rows."""
    _make_familiar(spec, path, part)
    with Peak() as peak:
        runtime = opened(spec, path, part)
        if tuple(runtime.output_names) != part.output_names:
            raise ExportProblem(f"The outputs are named {', '.join(runtime.output_names)} "
                                f"instead of {', '.join(part.output_names)}.")
        run_rows(spec, runtime, {name: values[:1] for name, values in samples.inputs.items()}, lambda *_: None)
    found = run_rows(spec, runtime, samples.inputs, report, lambda: opened(spec, path, part))
    proof = _judged(spec, part, samples, found)
    proof = replace(proof, notes=tuple(getattr(runtime, "notes", ())), memory=peak.bytes)
    if spec.limits is None or not (problem := _over(spec.limits, proof)):
        return proof, runtime
    report("explaining", None)
    causes = _causes(spec, part, samples, path, options)
    if options.get("accept"):
        return replace(proof, accepted=problem, causes=causes), runtime
    raise OverLimit(f"{problem}{_named(causes)}", node=causes[0][0] if causes else "",
                    hint=f"{NOT_KEPT} {spec.instead or 'Choose a format with more bits, or accept the loss.'}")


def _make_familiar(spec: ExporterSpec, path: Path, part: Part) -> None:
    """What the runtime's library takes for itself when it opens its first file is not that file's."""
    if spec.kin not in _familiar:
        opened(spec, path, part)
        _familiar.add(spec.kin)


# The comparison.


def _judged(spec: ExporterSpec, part: Part, samples: Samples, found: list[np.ndarray]) -> Proof:
    losses = [_loss(*one) for one in zip(part.output_names, samples.expected, found, strict=True)]
    worst, mean = max(one.largest for one in losses), max(one.mean for one in losses)
    largest = max(1.0, *(float(np.abs(e).max()) for e in samples.expected))
    judged, allowed = "max_abs_diff", spec.tolerance * largest * allowance(part.model)
    if spec.limits is not None:
        judged = "max_abs_diff" if spec.limits.largest is not None else "mean_abs_diff"
        allowed = (spec.limits.largest or spec.limits.usual or 0.0) * max(one.range for one in losses)
    elif worst > allowed:
        raise ExportProblem(f"The file differs from Keras by {worst:.1e}; at most {allowed:.1e} is allowed.",
                            hint=f"{NOT_KEPT} Export another format, or report the drawing.")
    name, before, after = "", None, None
    if samples.measure is not None:
        name, before = samples.measure(samples.expected)
        after = samples.measure(found)[1]
    return Proof(spec.name, part.name, "", 0, samples.rows, worst, mean, allowed, min(one.agreement for one in losses), name,
                 before, after, judged=judged, losses=tuple(losses))


def _loss(name: str, expected: np.ndarray, received: np.ndarray) -> OutputLoss:
    if expected.shape != received.shape:
        raise ExportProblem(f"“{name}” has the shape {received.shape} in the file and {expected.shape} in Keras.")
    if not np.isfinite(received).all():
        raise ExportProblem(f"“{name}” has values that are no numbers in the file.")
    exact = expected.astype(np.float64)
    gap = np.abs(exact - received.astype(np.float64))
    spread, size = float(exact.max() - exact.min()), float(np.abs(exact).max())
    spread = spread if spread > _STILL * size else size or 1.0
    agree = float((expected.argmax(-1) == received.argmax(-1)).mean()) if expected.ndim > 1 and expected.shape[-1] > 1 else 1.0
    return OutputLoss(name, float(gap.max()), float(gap.mean()), spread, agree)


def _over(limits: Limits, proof: Proof) -> str:
    """By what a file is over its limits, in words; empty when it is not."""
    for one in proof.losses:
        largest, usual = one.shares
        if limits.largest is not None and largest > limits.largest:
            return f"“{one.output}” differs by {_percent(largest)} of its range; at most {_percent(limits.largest)} is allowed."
        if limits.usual is not None and usual > limits.usual:
            return (f"“{one.output}” differs by {_percent(usual)} of its range on average; "
                    f"at most {_percent(limits.usual)} is allowed.")
    if proof.before is None or proof.after is None:
        return ""
    if proof.metric in SHARES:
        lost, allowed = proof.before - proof.after, max(limits.points, 1.5 / proof.rows)  # one row may always change sides
        if lost > allowed:
            return f"{proof.metric.capitalize()} falls by {100 * lost:.1f} points; at most {100 * allowed:.1f} are allowed."
    elif proof.after - proof.before > limits.relative * abs(proof.before):
        return (f"The {proof.metric.upper()} grows from {proof.before:.4g} to {proof.after:.4g}; "
                f"at most {_percent(limits.relative)} more is allowed.")
    return ""


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %"


def _causes(spec: ExporterSpec, part: Part, samples: Samples, path: Path, options: dict[str, Any]) -> tuple[
        tuple[str, float], ...]:
    return spec.explain(part, path, samples.inputs, options)[:MOST_NAMED] if spec.explain is not None else ()


def _named(causes: Sequence[tuple[str, float]]) -> str:
    if not causes:
        return ""
    names = [f"“{name}”" for name, _ in causes]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f" Most of it comes from {listed}."


# Time.


def _timed(spec: ExporterSpec, part: Part, samples: Samples, path: Path, proof: Proof, runtime: Any) -> Proof:
    one = {name: values[:1] for name, values in samples.inputs.items()}
    middle, late = latency(runtime, one)
    middle_all, late_all = latency(opened(spec, path, part, threads=0), one) if spec.threaded else (middle, late)
    return replace(proof, latency_ms=middle, latency_p95_ms=late, latency_all_ms=middle_all, latency_all_p95_ms=late_all)
