"""What is said about a table before training."""

from __future__ import annotations

import numpy as np

from graph_compiler.datasets.findings import findings
from graph_compiler.datasets.split import split_rows
from graph_compiler.datasets.tables import numbers, table_of, table_schema
from graph_compiler.datasets.thumbnails import summarise
from graph_compiler.specs.tensors import Column
from tests.helpers.sources import load

FEATURES = numbers("a", "b")
COLOUR = Column(name="colour", kind="category", classes=("red", "blue"))


def look(a, b, colour, holes=None, **changes):
    p = {"split": "fractions", "validation": 0.1, "test": 0.2, "split_seed": 0, "stratify": "", "ports": "together",
         "missing": "drop rows", **changes}
    table = table_of({"a": a, "b": b}, {"colour": np.asarray(colour, np.int32)})
    schema = table_schema(p, FEATURES, (COLOUR,), table.rows, holes)
    return findings(table, schema, split_rows(table, p), summarise(table, schema), p)


RANGE, HALVES = np.arange(100.0), [0, 1] * 50


def test_a_sound_table_needs_no_words():
    assert look(RANGE, RANGE[::-1], HALVES) == []


def test_gaps_say_how_they_are_treated():
    found, = look(RANGE, RANGE, HALVES, {"a": 3, "b": 1234})
    assert (found.severity, found.title) == ("warning", "Missing values: b 1,234, a 3")
    assert found.hint == "Rows with a gap are left out; 100 rows are used. “missing” can fill them."
    found, = look(RANGE, RANGE, HALVES, {"a": 3}, missing="fill with median")
    assert (found.severity, found.hint) == ("note", "They are filled with the median; 100 rows are used.")
    found, = look(RANGE, RANGE, HALVES, {"a": 3}, missing="fill with zero")
    assert found.hint == "They are filled with zero; 100 rows are used."


def test_rare_classes_advise_to_stratify_until_it_is_done():
    rare = [1] * 2 + [0] * 98
    found = next(f for f in look(RANGE, RANGE, rare) if "only" in f.title)
    assert (found.title, found.param, found.column) == ("“blue” of colour has only 2 rows", "stratify", "colour")
    found = next(f for f in look(RANGE, RANGE, rare, stratify="colour") if "only" in f.title)
    assert found.param == ""


def test_a_class_without_training_rows():
    late = [0] * 80 + [1] * 20
    found, = look(RANGE, RANGE, late, split="chronological")
    assert found.title == "No training row of colour is “blue”"


def test_constant_and_unequal_columns_and_no_validation():
    titles = [f.title for f in look(np.full(100, 4.0), RANGE, HALVES, validation=0.0)]
    assert titles == ["There are no validation rows", "a is the same in every row"]
    found, = look(RANGE * 1000, RANGE, HALVES)
    assert (found.severity, found.title) == ("note", "a spreads 1,000 times wider than b")


def test_a_share_too_small_for_a_window_is_said():
    table, schema, p = load("AirPassengers", validation=0.05)
    rows = split_rows(table, p)
    found, = (f for f in findings(table, schema, rows, summarise(table, schema), p) if f.param == "validation")
    assert found.hint == "Curves show training only. Its share holds no whole window: enlarge it."
