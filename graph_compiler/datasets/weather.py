"""The weather at three airports of New York, hour by hour, embedded."""

from __future__ import annotations

from functools import cache

from graph_compiler.arrays import np
from graph_compiler.datasets import series
from graph_compiler.datasets.embedded import read_npz
from graph_compiler.datasets.series import Cut, Series
from graph_compiler.specs.datasets import DatasetSpec, Place, Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.params import Choice, Choices

STATIONS = ("EWR", "JFK", "LGA")
UNITS = {"temp": "°F", "dewp": "°F", "humid": "%", "wind_speed": "mph", "precip": "in", "pressure": "mbar", "visib": "miles"}
NAMES = tuple(UNITS)
USED = ("temp", "dewp", "humid", "wind_speed", "pressure")


@cache
def station(name: str) -> Series:
    """8,730 hours of one station from 1 January 2013, 06:00 UTC on; NaN where a value is missing."""
    z = read_npz("nyc_weather.npz")
    first = (np.datetime64(str(z["start"])) - np.datetime64("1970-01-01")) / np.timedelta64(1, "D")
    return Series(NAMES, z["values"][STATIONS.index(name)], float(first), 1 / 24)


def _cut(p: Values) -> Cut:
    return series.cut_of(p, p["columns"] or NAMES, p["target"])


def schema(p: Values) -> Schema:
    """`window`, `now` and `target`; the rows follow from the gaps of the station."""
    found = station(p["station"])
    return series.series_schema(_cut(p), found.step, series.counts_of(found, _cut(p)), UNITS[p["target"]])


def load(p: Values, place: Place) -> Table:
    """The embedded hours of one station, cut into windows."""
    return series.windows_table(station(p["station"]), _cut(p))


DATASET = DatasetSpec(
    name="Weather", title="New York weather by hour", summary="A year of weather, hour by hour, to forecast",
    text="Temperature (temp) and dew point in °F, humidity, wind, rain, pressure and visibility at three airports of New "
         "York through 2013. A window of hours predicts a value some hours later. Short gaps are filled, windows over longer "
         "ones are left out. The last part of the year is for the test. “now” is the value at the end of the window: predict "
         "the change and add it.",
    origin="nycflights13 (H. Wickham), ASOS data of the Iowa Environmental Mesonet", licence="CC0",
    params=(Choice(name="station", default="JFK", options=STATIONS, key=True, summary="The airport."),
            Choices(name="columns", default=list(USED), options=NAMES, summary="What a window holds; none takes all."),
            Choice(name="target", default="temp", options=NAMES, key=True, summary="What is predicted."),
            *series.params(48, 24, longest_gap=6)),
    schema=schema, load=load, default_split="chronological", splits=("chronological",), thumbnails="window",
    keywords=("time series", "forecast", "temperature", "window", "sequence", "regression"))
