"""Splits: every row once, counts known beforehand, seeds and classes respected."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_compiler.datasets.split import PARTS, split_counts, split_rows
from graph_compiler.specs.datasets import DataProblem, Schema, Table


def settings(**changes):
    return {"split": "fractions", "validation": 0.1, "test": 0.2, "split_seed": 0, "stratify": "", **changes}


def table_of(rows, classes=3, given_test=0):
    label = (np.arange(rows) * 7 % classes).astype(np.int32)
    given = {"train": np.arange(rows - given_test), "test": np.arange(rows - given_test, rows)} if given_test else None
    return Table({"x": np.arange(rows, dtype=np.float32), "label": label}, given)


@given(rows=st.integers(1, 400), validation=st.floats(0, 0.49), test=st.floats(0, 0.49), seed=st.integers(0, 5),
       how=st.sampled_from(["fractions", "chronological"]), stratify=st.sampled_from(["", "label"]), classes=st.integers(1, 7))
def test_every_row_is_in_one_part_and_counts_are_known(rows, validation, test, seed, how, stratify, classes):
    p = settings(split=how, validation=validation, test=test, split_seed=seed, stratify=stratify)
    parts = split_rows(table_of(rows, classes), p)
    assert tuple(parts) == PARTS
    assert sorted(np.concatenate(list(parts.values())).tolist()) == list(range(rows))
    assert all((np.diff(at) > 0).all() for at in parts.values())
    assert {part: len(at) for part, at in parts.items()} == split_counts(Schema((), rows), p)
    assert len(parts["train"]) >= 1


@given(rows=st.integers(30, 400), seed=st.integers(0, 5), classes=st.integers(1, 6))
def test_stratified_parts_hold_each_class_in_proportion(rows, seed, classes):
    table = table_of(rows, classes)
    whole = np.bincount(table.arrays["label"], minlength=classes) / rows
    for at in split_rows(table, settings(stratify="label", split_seed=seed)).values():
        here = np.bincount(table.arrays["label"][at], minlength=classes)
        assert np.abs(here - whole * len(at)).max() <= 2


def test_given_split_keeps_test_rows_and_takes_validation_from_train():
    table, p = table_of(100, given_test=20), settings(split="given", validation=0.25)
    parts = split_rows(table, p)
    assert parts["test"].tolist() == list(range(80, 100))
    assert len(parts["validation"]) == 20
    assert set(parts["validation"]) <= set(range(80))
    assert split_counts(Schema((), 100, (80, 0, 20)), p) == {"train": 60, "validation": 20, "test": 20}


def test_given_validation_rows_are_kept():
    own = {"train": np.arange(50), "validation": np.arange(50, 60), "test": np.arange(60, 100)}
    parts = split_rows(Table(table_of(100).arrays, own), settings(split="given"))
    assert [len(parts[part]) for part in PARTS] == [50, 10, 40]
    assert split_counts(Schema((), 100, (50, 10, 40)), settings(split="given")) == {"train": 50, "validation": 10, "test": 40}


def test_the_seed_decides_and_nothing_else():
    table = table_of(100)
    first, again, other = (split_rows(table, settings(split_seed=s))["test"].tolist() for s in (1, 1, 2))
    assert first == again
    assert first != other


def test_chronological_runs_forward():
    parts = split_rows(table_of(10), settings(split="chronological"))
    assert [parts[part].tolist() for part in PARTS] == [[0, 1, 2, 3, 4, 5, 6], [7], [8, 9]]


def test_counts_are_unknown_without_rows():
    assert split_counts(Schema(()), settings()) is None


def test_a_lost_column_to_stratify_by():
    with pytest.raises(DataProblem, match="no column “colour”"):
        split_rows(table_of(10), settings(stratify="colour"))
