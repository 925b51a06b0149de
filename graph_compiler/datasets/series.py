"""Windows over measured values: gaps, calendar channels, targets some steps ahead, and what persistence would say.

Values stand on a regular grid of steps, NaN where one is missing. Gaps of up to `longest_gap` steps are filled in a straight
line between their neighbours, inside one part of the split; a window that needs a value of a longer gap is left out. A window
and its target lie in one part of the split.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from graph_compiler.arrays import np
from graph_compiler.datasets.embedded import frozen
from graph_compiler.datasets.timeline import YEAR, step_words
from graph_compiler.datasets.windows import rows_of, segments
from graph_compiler.specs.datasets import DataProblem, Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.params import Choice, Choices, Int, Param
from graph_compiler.specs.tensors import Column

DAY = 1.0
CYCLES = (("day", DAY, 0.5), ("year", YEAR, 130.0))
"""Name, length in days, and up to which step in days a cycle can be seen."""
CALENDAR = tuple(name for name, _, _ in CYCLES)


@dataclass(frozen=True, eq=False)
class Series:
    """Values float32 [steps, columns] on a regular grid, and when they were measured: `first` and `step` in days.

    `step` 0 means that nothing is known of the time; `first` counts from 1 January 1970.
    """

    names: tuple[str, ...]
    values: np.ndarray
    first: float = 0.0
    step: float = 0.0

    def column(self, name: str) -> np.ndarray:
        """The values [steps] of one column."""
        return np.asarray(self.values[:, self.names.index(name)])


@dataclass(frozen=True)
class Cut:
    """How windows are cut: the parameters of a source as one value."""

    columns: tuple[str, ...]
    target: str
    length: int
    horizon: int
    each: bool
    stride: int
    longest_gap: int
    calendar: tuple[str, ...]
    validation: float
    test: float


def params(length: int, horizon: int, longest_gap: int = 3) -> tuple[Param, ...]:
    """What every source of windows asks, with its own defaults."""
    return (
        Int(name="length", default=length, minimum=1, maximum=10_000, key=True, summary="Steps in a window."),
        Int(name="horizon", default=horizon, minimum=1, maximum=10_000, key=True,
            summary="Steps from the end of the window to the target."),
        Choice(name="targets", default="last", options=("last", "all"),
               summary="The value at the horizon alone, or all values up to it."),
        Int(name="stride", default=1, minimum=1, summary="Steps from one window to the next."),
        Int(name="longest_gap", default=longest_gap, minimum=0,
            summary="Gaps of up to so many steps are filled in a straight line; windows over longer ones are left out."),
        Choices(name="calendar", default=list(CALENDAR), options=CALENDAR,
                summary="Time of day and of the year as channels of their own, sine and cosine, where the time is known."))


def cut_of(p: Values, columns: Sequence[str], target: str) -> Cut:
    """The cut a source's parameters ask for."""
    return Cut(tuple(columns), target, p["length"], p["horizon"], p["targets"] == "all", p["stride"], p.get("longest_gap", 0),
               p.get("calendar", ()), p["validation"], p["test"])


def cycles(step: float, calendar: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """Names and lengths in days of the cycles that are wanted and that values so many days apart can show."""
    return tuple((name, length) for name, length, most in CYCLES if name in calendar and 0 < step <= most)


def channels(cut: Cut, step: float) -> tuple[str, ...]:
    """What a window holds: the columns, then sine and cosine of each cycle."""
    return (*cut.columns, *(f"{name}_{wave}" for name, _ in cycles(step, cut.calendar) for wave in ("sin", "cos")))


def series_schema(cut: Cut, step: float, counts: tuple[int, int, int] | None, unit: str = "") -> Schema:
    """`window` [length, channels], `now` and `target`; without counts the rows are unknown until they are read.

    `unit` is that of the target.
    """
    inside = channels(cut, step)
    ahead = _later(cut.horizon, step)
    columns = (
        Column(name="window", kind="series", shape=(cut.length, len(inside)), channels=inside,
               summary=", ".join(inside) + "." + _one_step(step)),
        Column(name="now", kind="number", unit=unit, summary=f"{cut.target} at the end of the window."),
        Column(name="target", kind="number", shape=(cut.horizon,) if cut.each else (), unit=unit,
               summary=f"{cut.target} 1 to {ahead}." if cut.each else f"{cut.target} {ahead}."))
    return Schema(columns, None if counts is None else sum(counts), chronological=counts)


def _one_step(step: float) -> str:
    name = step_words(step)
    article = "an " if name == "hour" else "a " if name.isalpha() else ""
    return f" One step is {article}{name}." if name else ""


def _later(horizon: int, step: float) -> str:
    """`24 hours later`, or in steps where the time is not known."""
    name = step_words(step)
    if name.isalpha():
        return f"{horizon:,} {name}{'s' if horizon > 1 else ''} later"
    return f"{horizon:,} step{'s' if horizon > 1 else ''} later"


def filled(values: np.ndarray, longest: int) -> np.ndarray:
    """Values [steps, columns] with gaps of up to `longest` steps filled in a straight line; longer ones stay NaN."""
    out = np.array(values, np.float32)
    for column in out.T:
        holes = np.isnan(column)
        known = np.flatnonzero(~holes)
        if not len(known) or not holes.any():
            continue
        edges = np.diff(np.concatenate([[0], holes.astype(np.int8), [0]]))
        for first, last in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True):
            if last - first <= longest and first > 0 and last < len(column):
                column[first:last] = np.interp(np.arange(first, last), (first - 1, last), (column[first - 1], column[last]))
    return out


def _starts(values: np.ndarray, target: np.ndarray, cut: Cut, part: tuple[int, int]) -> np.ndarray:
    """Where the windows of one part begin whose values, and whose target, are all known."""
    first, last = part
    span = cut.length + cut.horizon
    starts = np.arange(first, last - span + 1, cut.stride)
    if not len(starts):
        return starts
    lacking = np.concatenate([[0], np.cumsum(np.isnan(values).any(axis=1))])
    whole = lacking[starts + cut.length] == lacking[starts]
    ends = starts + cut.length
    lost = np.concatenate([[0], np.cumsum(np.isnan(target))])
    whole &= lost[ends] == lost[ends - 1]  # `now` is known
    if cut.each:
        return np.asarray(starts[whole & (lost[starts + span] == lost[ends])])
    return np.asarray(starts[whole & (lost[starts + span] == lost[starts + span - 1])])


@lru_cache(maxsize=16)
def _prepared(series: Series, cut: Cut) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Filled columns [steps, columns], the filled target [steps], and where windows begin, by part."""
    values, target = np.stack([series.column(name) for name in cut.columns], axis=1), series.column(cut.target)[:, None]
    parts = segments(len(values), {"validation": cut.validation, "test": cut.test})
    whole = np.concatenate([filled(values[a:b], cut.longest_gap) for a, b in parts.values()])
    aims = np.concatenate([filled(target[a:b], cut.longest_gap) for a, b in parts.values()])[:, 0]
    return whole, aims, {part: _starts(whole, aims, cut, where) for part, where in parts.items()}


def counts_of(series: Series, cut: Cut) -> tuple[int, int, int]:
    """Windows of each part."""
    train, validation, test = map(len, _prepared(series, cut)[2].values())
    return train, validation, test


def windows_table(series: Series, cut: Cut) -> Table:
    """Rows of training, then of validation, then of the test. DataProblem when there is no window at all."""
    values, target, starts = _prepared(series, cut)
    where = np.concatenate(list(starts.values()))
    if not len(where):
        raise DataProblem(f"{len(values):,} steps leave no window of {cut.length:,} and a target {cut.horizon:,} later",
                          param="length", hint="Make length or horizon smaller, or let longer gaps be filled.")
    inside = np.concatenate([values, _waves(series, cut)], axis=1)
    windows = np.lib.stride_tricks.sliding_window_view(inside, cut.length, axis=0)[where].transpose(0, 2, 1)
    ends = where + cut.length
    aims = target[ends[:, None] + np.arange(cut.horizon)] if cut.each else target[ends + cut.horizon - 1]
    return Table({"window": frozen(np.ascontiguousarray(windows, np.float32)), "now": frozen(target[ends - 1]),
                  "target": frozen(aims)}, chronological=rows_of(starts))


def _waves(series: Series, cut: Cut) -> np.ndarray:
    """Sine and cosine of each cycle, float32 [steps, 2 a cycle]."""
    days = series.first + series.step * np.arange(len(series.values))
    found = [wave(2 * np.pi * days / length) for _, length in cycles(series.step, cut.calendar) for wave in (np.sin, np.cos)]
    return np.stack(found, axis=1).astype(np.float32) if found else np.zeros((len(series.values), 0), np.float32)


def persistence(table: Table, rows: np.ndarray) -> float:
    """The mean absolute error, on these rows, of saying that the target stays what it is now."""
    now, target = table.arrays["now"][rows].astype(np.float64), table.arrays["target"][rows].astype(np.float64)
    return float(np.abs(target - (now[:, None] if target.ndim == 2 else now)).mean())
