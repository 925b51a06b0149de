"""Passengers of international flights, month by month, embedded."""

from __future__ import annotations

from functools import cache

from graph_compiler.arrays import np
from graph_compiler.datasets import series
from graph_compiler.datasets.embedded import frozen, resource_bytes
from graph_compiler.datasets.series import Cut, Series
from graph_compiler.datasets.timeline import YEAR
from graph_compiler.specs.datasets import DatasetSpec, Place, Schema, Table
from graph_compiler.specs.nodes import Values

NAME, UNIT = "passengers", "thousands"


@cache
def months() -> Series:
    """144 months from January 1949 on."""
    body = np.loadtxt(resource_bytes("airpassengers.csv").decode("ascii").splitlines()[1:], delimiter=",", dtype=np.float32)
    return Series((NAME,), frozen(body[:, 2:]), (1949 - 1970) * YEAR, YEAR / 12)


def _cut(p: Values) -> Cut:
    return series.cut_of(p, (NAME,), NAME)


def schema(p: Values) -> Schema:
    """`window`, `now` and `target`."""
    return series.series_schema(_cut(p), months().step, series.counts_of(months(), _cut(p)), UNIT)


def load(p: Values, place: Place) -> Table:
    """The embedded months, cut into windows."""
    return series.windows_table(months(), _cut(p))


DATASET = DatasetSpec(
    name="AirPassengers", title="Airline passengers by month", summary="Twelve years of passengers to forecast",
    text="Passengers of international flights in each month from 1949 to 1960, in thousands. They grow, and they follow the "
         "year. A window of months predicts a month to come; the last months are for the test.",
    origin="G. E. P. Box, G. M. Jenkins: Time Series Analysis, 1970", licence="Facts, free to use",
    params=tuple(p for p in series.params(12, 1) if p.name != "longest_gap"), schema=schema, load=load,
    default_split="chronological", default_validation=0.2, splits=("chronological",), thumbnails="window",
    keywords=("time series", "forecast", "airline", "window", "sequence", "regression"))
