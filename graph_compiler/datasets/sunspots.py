"""The number of sunspots, year by year, embedded."""

from __future__ import annotations

from functools import cache

from graph_compiler.arrays import np
from graph_compiler.datasets import series
from graph_compiler.datasets.embedded import frozen, resource_bytes
from graph_compiler.datasets.series import Cut, Series
from graph_compiler.datasets.timeline import YEAR
from graph_compiler.specs.datasets import DatasetSpec, Place, Schema, Table
from graph_compiler.specs.nodes import Values

NAME = "sunspots"


@cache
def years() -> Series:
    """309 years from 1700 on."""
    body = np.loadtxt(resource_bytes("sunspots.csv").decode("ascii").splitlines()[1:], delimiter=",", dtype=np.float32)
    return Series((NAME,), frozen(body[:, 1:]), (1700 - 1970) * YEAR, YEAR)


def _cut(p: Values) -> Cut:
    return series.cut_of(p, (NAME,), NAME)


def schema(p: Values) -> Schema:
    """`window`, `now` and `target`."""
    return series.series_schema(_cut(p), YEAR, series.counts_of(years(), _cut(p)))


def load(p: Values, place: Place) -> Table:
    """The embedded years, cut into windows."""
    return series.windows_table(years(), _cut(p))


DATASET = DatasetSpec(
    name="Sunspots", title="Sunspots by year", summary="Three centuries of sunspots to forecast",
    text="The mean number of sunspots in each year from 1700 to 2008. They come and go in cycles of about eleven years. A "
         "window of years predicts a year to come; the last years are for the test.",
    origin="SIDC, Royal Observatory of Belgium", licence="Facts, free to use",
    params=tuple(p for p in series.params(22, 1) if p.name not in ("longest_gap", "calendar")), schema=schema, load=load,
    default_split="chronological", default_validation=0.15, splits=("chronological",), thumbnails="window",
    keywords=("time series", "forecast", "sun", "window", "sequence", "regression"))
