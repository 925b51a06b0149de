"""Windows over measured values: what they hold, gaps, parts of the split, persistence, and the user's own table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_compiler.catalog import registry
from graph_compiler.datasets.series import Cut, Series, counts_of, cycles, filled, persistence, windows_table
from graph_compiler.datasets.split import split_rows
from graph_compiler.datasets.timeline import YEAR, days_of, grid_of, step_words
from graph_compiler.datasets.weather import station
from graph_compiler.specs.datasets import DataProblem, Place
from tests.helpers.sources import column, load, values

NAN = np.nan


def cut(**changes):
    plain = {"columns": ("a",), "target": "a", "length": 3, "horizon": 2, "each": False, "stride": 1, "longest_gap": 0,
             "calendar": (), "validation": 0.2, "test": 0.2}
    return Cut(**{**plain, **changes})


def count_up(steps=20, gaps=()):
    found = np.arange(steps, dtype=np.float32)[:, None].copy()
    found[list(gaps)] = NAN
    return Series(("a",), found)


def test_a_window_its_last_value_and_its_target():
    table = windows_table(count_up(), cut())
    assert table.arrays["window"].shape == (8, 3, 1)
    assert table.arrays["window"][0, :, 0].tolist() == [0, 1, 2]
    assert (table.arrays["now"][0], table.arrays["target"][0]) == (2, 4)
    every = windows_table(count_up(), cut(each=True))
    assert every.arrays["target"][0].tolist() == [3, 4]
    assert persistence(table, np.arange(8)) == 2
    assert persistence(every, np.arange(8)) == 1.5


@given(st.integers(10, 80), st.integers(1, 6), st.integers(1, 5), st.integers(1, 4), st.booleans(), st.integers(0, 3),
       st.sets(st.integers(0, 79), max_size=12))
def test_windows_lie_in_one_part_and_hold_no_gap(steps, length, horizon, stride, each, longest, gaps):
    series = count_up(steps, [g for g in gaps if g < steps])
    asked = cut(length=length, horizon=horizon, stride=stride, each=each, longest_gap=longest)
    counts = counts_of(series, asked)
    if not sum(counts):
        with pytest.raises(DataProblem):
            windows_table(series, asked)
        return
    table = windows_table(series, asked)
    assert table.chronological is not None
    assert tuple(map(len, table.chronological.values())) == counts
    edge = {"train": (0, steps - 2 * round(steps * 0.2)), "test": (steps - round(steps * 0.2), steps)}
    edge["validation"] = (edge["train"][1], edge["test"][0])
    for part, rows in table.chronological.items():
        first, last = edge[part]
        window, target = table.arrays["window"][rows, :, 0], table.arrays["target"][rows]
        assert np.isfinite(window).all() and np.isfinite(target).all()
        assert (window >= first).all() and (target < last).all()
        assert np.array_equal(target[:, -1] if each else target, window[:, -1] + horizon)


def test_short_gaps_are_filled_inside_a_part_only():
    values = np.array([[NAN], [1], [NAN], [NAN], [4], [NAN], [NAN], [NAN], [8], [NAN]], np.float32)
    assert filled(values, 2)[:, 0].tolist()[1:5] == [1, 2, 3, 4]
    assert np.isnan(filled(values, 2)[[0, 5, 6, 7, 9], 0]).all()
    series = count_up(20, [11, 12])  # the gap lies across the boundary of training and validation
    table = windows_table(series, cut(longest_gap=5))
    assert table.chronological is not None
    assert table.arrays["window"][table.chronological["train"]].max() <= 10


def test_too_few_steps_are_named():
    with pytest.raises(DataProblem, match=r"20 steps leave no window of 30 and a target 2 later") as caught:
        windows_table(count_up(), cut(length=30))
    assert caught.value.param == "length"


def test_weather_follows_the_clock():
    table, schema, p = load("Weather")
    window = column(schema, "window")
    assert window.channels == ("temp", "dewp", "humid", "wind_speed", "pressure", "day_sin", "day_cos", "year_sin", "year_cos")
    assert window.summary.endswith("One step is an hour.")
    first = table.arrays["window"][0]
    assert first[0, :3].tolist() == pytest.approx([39.02, 26.06, 59.37])
    assert first[0, 5:7].tolist() == pytest.approx([1, 0], abs=1e-6), "06:00 UTC is a quarter of a day"
    assert np.allclose(first[24, 5:7], first[0, 5:7], atol=1e-6)
    hours = station("JFK").column("temp")
    assert table.arrays["now"][0] == hours[47] and table.arrays["target"][0] == hours[71]
    assert column(schema, "target").unit == "°F" and column(schema, "target").summary == "temp 24 hours later."
    rows = split_rows(table, p)
    assert 6.0 < persistence(table, rows["test"]) < 7.0
    assert len(rows["test"]) > 1400


def test_stations_columns_and_targets_are_parameters():
    newark, schema, _ = load("Weather", station="EWR", columns=["temp"], target="humid", calendar=[], targets="all", horizon=6)
    assert newark.arrays["window"].shape[2] == 1 and newark.arrays["target"].shape[1] == 6
    assert column(schema, "target").unit == "%"
    assert newark.arrays["now"].max() <= 100


def test_embedded_years_and_months():
    spots, schema, _ = load("Sunspots")
    assert spots.arrays["window"][0, :3, 0].tolist() == [5, 11, 16]
    assert column(schema, "target").summary == "sunspots 1 year later."
    air, schema, _ = load("AirPassengers")
    assert column(schema, "window").channels == ("passengers", "year_sin", "year_cos")
    assert air.arrays["window"][0, 0].tolist() == pytest.approx([112, 0, 1], abs=1e-5)
    assert air.arrays["target"][0] == 115


def test_cycles_that_steps_are_too_long_for_are_left_out():
    both = ("day", "year")
    assert [n for n, _ in cycles(1 / 24, both)] == ["day", "year"]
    assert [n for n, _ in cycles(1.0, both)] == ["year"]
    assert cycles(YEAR, both) == () == cycles(0.0, both)


@pytest.mark.parametrize(("cells", "days"), [
    (["1970-01-02", "1970-01-03"], [1, 2]), (["1970-01-01T12:00:00Z", "1970-01-01 18:00"], [0.5, 0.75]),
    (["1970-02", "1970-03"], [31, 59]), (["1970", "1971.5"], [0, 1.5 * YEAR]), (["864000000", "864086400"], [10_000, 10_001]),
    (["864000000000", "864086400000"], [10_000, 10_001])])
def test_times_are_read(cells, days):
    assert days_of(cells).tolist() == pytest.approx(days)


@pytest.mark.parametrize("cells", [["1", "2"], ["monday", "tuesday"], ["1970-13-45"], ["", "1970"], []])
def test_what_is_no_time_is_none(cells):
    assert days_of(cells) is None


def test_grids_and_their_words():
    hours = days_of(["2013-01-01T02:00", "2013-01-01T00:00", "2013-01-01T03:00", "2013-01-01T06:00"])
    step, places = grid_of(hours, "time")
    assert step_words(step) == "hour" and places.tolist() == [2, 0, 3, 6]
    months = days_of([f"{2000 + i // 12}-{i % 12 + 1:02}" for i in range(60)])
    step, places = grid_of(months, "time")
    assert step_words(step) == "month" and places.tolist() == list(range(60))
    assert grid_of(np.array([0.0, 1, 2, 900]), "time") is None
    with pytest.raises(DataProblem, match="A time in “date” comes more than once"):
        grid_of(np.array([0.0, 1, 1]), "date")
    assert [step_words(s) for s in (0, 1 / 96, 2.0, YEAR)] == ["", "15 minutes", "2 days", "year"]


TABLE = "date,place,level,flow\n" + "".join(f"2020-01-{d:02},x,{d},{d * d}\n" for d in range(1, 31) if d != 12)


def scanned(folder, text=TABLE, p=None):
    (folder / "river.csv").write_text(text)
    return {"path": "river.csv", **registry().datasets["TimeSeries"].scan(folder / "river.csv", p)}


def test_a_table_of_the_user(tmp_path):
    kept = scanned(tmp_path)
    assert [(c["name"], c.get("kind", "number")) for c in kept["columns"]] == [
        ("date", "time"), ("place", "ignore"), ("level", "number"), ("flow", "number")]
    assert (kept["steps"], kept["step"], kept["whole"]) == (30, 1.0, False)
    table, schema, p = load("TimeSeries", Place(tmp_path, tmp_path), **kept, length=4, longest_gap=1)
    assert schema.rows is None, "how many windows a gap costs is known when the file is read"
    assert column(schema, "window").channels == ("level", "flow", "year_sin", "year_cos")
    assert table.arrays["window"][0, :, 0].tolist() == [1, 2, 3, 4]
    assert table.arrays["target"][0] == 25
    assert 12 in table.arrays["window"][..., 0], "a gap of one day is filled"
    assert len(split_rows(table, p)["test"]) == 2


def test_roles_and_kinds_can_be_changed(tmp_path):
    kept = scanned(tmp_path)
    chosen = [{**c, "role": "target" if c["name"] == "level" else "feature",
               "kind": "ignore" if c["name"] in ("flow", "date") else c.get("kind", "number")} for c in kept["columns"]]
    again = scanned(tmp_path, p=values("TimeSeries", **{**kept, "columns": chosen}))
    assert (again["steps"], again["step"], again["whole"]) == (29, 0.0, True)
    table, schema, _ = load("TimeSeries", Place(tmp_path, tmp_path), **again, length=4)
    assert schema.rows == table.rows
    assert table.arrays["target"][0] == 5
    assert column(schema, "target").summary == "level 1 step later."


def test_tables_that_cannot_serve_are_named(tmp_path):
    with pytest.raises(DataProblem, match=r"river\.csv has no column of numbers"):
        scanned(tmp_path, "date,word\n2020-01-01,a\n2020-01-02,b\n")
    kept = scanned(tmp_path)
    (tmp_path / "river.csv").write_text(TABLE.replace("30,900", "30,901"))
    with pytest.raises(DataProblem, match=r"The values in river\.csv have changed"):
        load("TimeSeries", Place(tmp_path, tmp_path), **kept, length=4)
    assert registry().datasets["TimeSeries"].schema(values("TimeSeries")).columns == ()
