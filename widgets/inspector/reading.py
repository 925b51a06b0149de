"""What a typed text means: a number or a sum, and inside a block a text over its parameters, which is kept as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from graph_compiler.graph.expressions import ExpressionError, evaluate, is_expression
from graph_compiler.graph.values import Json
from widgets.arithmetic import NotANumber, compute
from widgets.words import plain

Names = Mapping[str, Json]
"""The parameters of the block one is in, with the values in force; empty in the drawing itself."""


def read_number(text: str, whole: bool, names: Names) -> Json:
    """The number a text stands for, or `{"=": text}`. NotANumber says what is wrong."""
    if names and any(letter.isalpha() or letter == "_" for letter in text) and not _computes(text):
        return _expression(text.strip(), whole, names)
    number = compute(text)
    return _whole(number) if whole else number


def worth_of(value: Json, names: Names) -> Json:
    """What a stored value comes to; None for an expression without a value here."""
    if not is_expression(value):
        return value
    try:
        return evaluate(value["="], names)
    except ExpressionError:
        return None


def words_of(value: Json) -> str:
    """A stored value as a field shows it: `64`, `1 / 255`, an expression, nothing for none."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return str(value.get("=", ""))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return plain(value)
    return str(value)


def kept_words(read: Callable[[str], Json], text: str, kept: str) -> str:
    """Why a typed text was not taken, and what stays in its place; empty for one that can be read."""
    try:
        read(text)
    except NotANumber as problem:
        return f"{problem} {kept or 'none'} is kept."
    return ""


def _expression(text: str, whole: bool, names: Names) -> Json:
    try:
        value = evaluate(text, names)
    except ExpressionError as problem:
        raise NotANumber(str(problem)) from None
    if isinstance(value, (str, bool)):
        raise NotANumber(f"{text} is not a number.")
    if whole:
        _whole(value)
    return {"=": text}


def _whole(number: int | float) -> int:
    if isinstance(number, float) and not number.is_integer():
        raise NotANumber(f"{plain(number)} is not a whole number.")
    return int(number)


def _computes(text: str) -> bool:
    """Whether a text is a number by itself (`1e-3` has a letter and no name)."""
    try:
        compute(text)
    except NotANumber:
        return False
    return True
