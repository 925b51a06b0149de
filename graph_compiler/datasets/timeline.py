"""When the rows of a table were measured: words and numbers to days, and days to places on a regular grid."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from graph_compiler.arrays import np
from graph_compiler.datasets.csv_scan import NUMBER, numbers_in
from graph_compiler.specs.datasets import DataProblem

NAMES = ("time", "date", "datetime", "timestamp", "time_hour", "day", "month", "year", "ds", "hour")
"""Names that usually mean the time, the surest first."""
YEAR = 365.2425
"""Days."""
EPOCH = datetime.datetime(1970, 1, 1)
_SNAPS = ((27.0, 32.0, YEAR / 12), (88.0, 93.0, YEAR / 4), (364.0, 367.0, YEAR))
"""Steps between these many days are months, quarters or years."""
EVEN = 0.25
"""So much of a step may a row lie beside its place on the grid (months differ in length)."""
_UNITS = ((1 / 86400, "second"), (1 / 1440, "minute"), (1 / 24, "hour"), (1.0, "day"), (7.0, "week"), (YEAR / 12, "month"),
          (YEAR / 4, "quarter"), (YEAR, "year"))


def days_of(cells: Sequence[str], decimal: str = ".") -> np.ndarray | None:
    """Days float64 since 1 January 1970 of times in words; None where they are no times that are understood.

    Understood are ISO dates with or without a time, years such as 1949.25, and seconds or milliseconds since 1970.
    """
    numbers, codes = numbers_in(cells, decimal)
    if not len(cells):
        return None
    if (codes == NUMBER).all():
        return _of_numbers(numbers)
    try:
        return np.array([_of_words(cell) for cell in cells])
    except ValueError:
        return None


def _of_numbers(numbers: np.ndarray) -> np.ndarray | None:
    low, high = numbers.min(), numbers.max()
    if low >= 1000 and high <= 3000:
        return np.asarray((numbers - 1970) * YEAR)
    if low > 1e8:
        return np.asarray(numbers / (86_400_000 if low > 1e11 else 86_400))
    return None


def _of_words(cell: str) -> float:
    text = cell.strip()
    found = datetime.datetime.fromisoformat(f"{text}-01" if len(text) == 7 else text)
    if found.tzinfo is not None:
        found = found.astimezone(datetime.UTC).replace(tzinfo=None)
    return (found - EPOCH) / datetime.timedelta(days=1)


def grid_of(days: np.ndarray, name: str) -> tuple[float, np.ndarray] | None:
    """(step in days, place of each row) on a regular grid; None where times are too uneven for one.

    DataProblem when a time comes twice.
    """
    order = np.argsort(days, kind="stable")
    gaps = np.diff(days[order])
    if not len(gaps):
        return None
    if (gaps == 0).any():
        raise DataProblem(f"A time in “{name}” comes more than once", param="columns",
                          hint="Keep the rows of one place or one thing, so that each time has one row.")
    for step in map(_snapped, (float(np.median(gaps)), float(gaps.min()))):
        exact = (days - days.min()) / step
        places = np.round(exact).astype(np.intp)
        if np.abs(exact - places).max() <= EVEN and len(np.unique(places)) == len(places) and places.max() < 4 * len(places):
            return step, places
    return None


def _snapped(step: float) -> float:
    return next((exact for low, high, exact in _SNAPS if low <= step <= high), step)


def step_words(step: float) -> str:
    """One step in words: `hour`, `month`, `15 minutes`; empty where nothing is known of the time."""
    if step <= 0:
        return ""
    unit, name = min(_UNITS, key=lambda u: abs(np.log(step / u[0])))
    if abs(step / unit - 1) < 0.01:
        return name
    unit, name = next((u for u in reversed(_UNITS) if step / u[0] >= 1), _UNITS[0])
    return f"{step / unit:.3g} {name}s"
