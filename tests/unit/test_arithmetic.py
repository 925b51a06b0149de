"""Sums in number fields."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.arithmetic import NotANumber, compute


@pytest.mark.parametrize(("text", "value"), [
    ("64", 64), ("64*2", 128), ("64 * 2 + 1", 129), ("1/255", 1 / 255), ("1 / 255", 1 / 255), ("2**8", 256), ("(28-3)/5", 5.0),
    ("-3", -3), ("- -3", 3), ("-2**2", -4), ("2**-1", 0.5), ("7//2", 3), ("1e-3", 0.001), (".5", 0.5), ("34,826", 34826),
    ("1,000,000", 1_000_000), ("0,3", 0.3), ("0,125", 0.125), ("12,5*2", 25), ("1,000.5", 1000.5), ("1,0000", 1.0),
    ("30%", 0.3), ("12.5 %", 0.125), ("100% - 30%", 0.7), ("50%*8", 4), ("3×4", 12), ("5−2", 3), ("2**3**2", 512)])
def test_sums_have_values(text, value):
    assert compute(text) == pytest.approx(value)


def test_whole_stays_whole():
    assert isinstance(compute("64*2"), int)
    assert isinstance(compute("4/2"), float)


@pytest.mark.parametrize(("text", "words"), [
    ("", "missing"), ("64*", "missing"), ("6x", "“x”"), ("(2", "“)”"), ("1/0", "zero"), ("2)", "“)”"), ("9**99", "no value"),
    ("__import__('os')", "not a number"), ("1" * 90, "80 characters"), ("99999999**9", "too large"), ("1 2", "“2”"),
    ("(" * 30 + "1" + ")" * 30, "brackets"), ("*3", "“*”"), ("7 % 3", "“3”"), ("%", "“%”"), ("1,2,3", "“,2,3”"),
    ("1e400", "not expected|too large")])
def test_what_has_no_value_is_said_in_words(text, words):
    with pytest.raises(NotANumber, match=words.replace("(", r"\(").replace(")", r"\)").replace("*", r"\*")):
        compute(text)


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_a_sentence(text):
    try:
        value = compute(text)
    except NotANumber as problem:
        assert str(problem).endswith(".")
    else:
        assert abs(value) <= 1e15


@given(st.integers(-1000, 1000), st.integers(-1000, 1000), st.sampled_from("+-*"))
def test_it_agrees_with_python(a, b, sign):
    assert compute(f"{a} {sign} {b}" if b >= 0 else f"{a} {sign} ({b})") == {"+": a + b, "-": a - b, "*": a * b}[sign]
