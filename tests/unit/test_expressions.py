"""Arithmetic over block parameters: values, refusals, bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_compiler.graph.expressions import ExpressionError, evaluate, is_expression, names_in
from graph_compiler.graph.substitution import mentioned, substituted

NAMES = {"filters": 32, "rate": 0.5, "_x2": 3, "on": True, "word": "text"}


@pytest.mark.parametrize(("text", "value"), [
    ("7", 7), ("filters * 2", 64), ("filters//3", 10), ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("-filters + 40", 8), ("--4", 4),
    ("2 - 3 - 4", -5), ("rate * 4", 2.0), ("1.5 + _x2", 4.5), ("  filters\t", 32), ("8 // 3 // 2", 1),
    ("word", "text"), (" on ", True)])
def test_values(text: str, value: float) -> None:
    found = evaluate(text, NAMES)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(("text", "words"), [
    ("", "empty"), ("   ", "empty"), ("1 +", "missing at the end"), ("(1", "“)” is missing"), ("1 2", "“2” is not expected"),
    (")", "not expected"), ("width", "no parameter “width”"), ("on + 1", "on is not a number"), ("word + 1", "not a number"),
    ("1 // 0", "Division by zero"), ("filters ** 2", "not expected"), ("2 / 3", "cannot be read"), ("a.b", "cannot be read"),
    ("__import__('os')", "cannot be read"), ("filters[0]", "cannot be read"), ("9" * 30, "too large"),
    ("999999999 * 999999999", "too large"),
    ("1" + "+1" * 200, "characters"), ("(" * 60 + "1" + ")" * 60, "brackets"), ("-" * 60 + "1", "brackets"),
    ("ü", "cannot be read")])
def test_refusals(text: str, words: str) -> None:
    with pytest.raises(ExpressionError) as found:
        evaluate(text, NAMES)
    assert words in str(found.value)


@given(st.text(alphabet="0123456789.+-*/() abfilters_", max_size=60))
def test_any_text_has_a_value_or_a_refusal(text: str) -> None:
    try:
        assert isinstance(evaluate(text, NAMES), (int, float))
    except ExpressionError as error:
        assert str(error)


def test_what_an_expression_is() -> None:
    assert is_expression({"=": "a"})
    assert not any(map(is_expression, ["a", {"=": 1}, {"=": "a", "b": 1}, {}, None, ["="]]))
    assert names_in("filters * (rate + 2)") == {"filters", "rate"}


@pytest.mark.parametrize(("text", "found"), [
    ("filters * 2", 64), ("filters*wide", {"=": "32*wide"}), ("a * 2", {"=": "(b + 1) * 2"}), ("a", {"=": "b + 1"}),
    ("low + wide", {"=": "(-3) + wide"}), ("low", -3), ("tiny * wide", {"=": "0.00001 * wide"}), ("word", "text"),
    ("word + a", {"=": "word + a"}), ("word * 2", {"=": "word * 2"}), ("wide", {"=": "wide"}), ("1 +", {"=": "1 +"}),
    ("filters // 0", {"=": "filters // 0"}), ("a * " + "9" * 196, {"=": "a * " + "9" * 196})])
def test_substitution(text: str, found: object) -> None:
    given = {"filters": 32, "a": {"=": "b + 1"}, "low": -3, "tiny": 1e-05, "word": "text"}
    assert substituted({"=": text}, given) == found
    assert substituted([{"=": text}, 3, "x"], given) == [found, 3, "x"]


def test_what_is_mentioned() -> None:
    assert mentioned([{"=": "a*2"}, [{"=": "b"}], {"=": "1 §"}, {"name": {"=": "c"}}]) == {"a", "b", "c"}
