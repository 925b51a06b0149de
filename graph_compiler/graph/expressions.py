"""Arithmetic over block parameters: names, whole and decimal numbers, `+ - * // ( )`.

A parser of our own; nothing is evaluated by Python.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from graph_compiler.graph.values import Json

LONGEST = 200
LARGEST = 1e15
_TOKEN = re.compile(r"\s*(?:(\d+\.\d+|\d+)|([A-Za-z_]\w*)|(//|[-+*()]))")


class ExpressionError(ValueError):
    """The text is not an expression, or has no value here. The message is for people."""


def is_expression(value: Json) -> bool:
    """Whether a stored value is `{"=": text}`."""
    return isinstance(value, dict) and set(value) == {"="} and isinstance(value["="], str)


def evaluate(text: str, names: Mapping[str, Json]) -> Json:
    """The value of `text` with these names: a number, or for a name alone whatever it stands for (a text, a switch).

    ExpressionError with the reason when it has none.
    """
    if len(text) > LONGEST:
        raise ExpressionError(f"The expression has {len(text)} characters; at most {LONGEST} are allowed.")
    tokens = tokens_of(text)
    if len(tokens) == 1 and isinstance(names.get(tokens[0]), (str, bool)):
        return names[tokens[0]]
    parser = _Parser(tokens, names)
    value = parser.sum(0)
    if parser.place < len(parser.tokens):
        raise ExpressionError(f"“{parser.tokens[parser.place]}” is not expected there.")
    return value


def names_in(text: str) -> set[str]:
    """The parameter names an expression mentions. ExpressionError when it cannot be read."""
    return set(filter(is_name, tokens_of(text)))


def is_name(token: str) -> bool:
    """Whether a token is the name of a parameter."""
    return token[0].isalpha() or token[0] == "_"


def tokens_of(text: str) -> list[str]:
    """Names, numbers and signs of an expression. ExpressionError when it cannot be read."""
    return list(_tokens(text))


@lru_cache(maxsize=1024)
def _tokens(text: str) -> tuple[str, ...]:
    """The same; a block says its few expressions again for every instance."""
    tokens, place = list[str](), 0
    stripped = text.rstrip()
    while place < len(stripped):
        match = _TOKEN.match(stripped, place)
        if match is None:
            raise ExpressionError(f"“{stripped[place:].strip()[:12]}” cannot be read. Use numbers, names and + - * // ( ).")
        tokens.append(match.group(match.lastindex or 0))
        place = match.end()
    if not tokens:
        raise ExpressionError("The expression is empty.")
    return tuple(tokens)


class _Parser:
    def __init__(self, tokens: list[str], names: Mapping[str, Json]) -> None:
        self.tokens, self.names, self.place = tokens, names, 0

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.place += 1
        return token

    def sum(self, depth: int) -> int | float:
        value = self.product(depth)
        while self.peek() in ("+", "-"):
            sign = self.take()
            other = self.product(depth)
            value = _bounded(value + other if sign == "+" else value - other)
        return value

    def product(self, depth: int) -> int | float:
        value = self.atom(depth)
        while self.peek() in ("*", "//"):
            sign = self.take()
            other = self.atom(depth)
            if sign == "//" and other == 0:
                raise ExpressionError("Division by zero.")
            value = _bounded(value * other if sign == "*" else value // other)
        return value

    def atom(self, depth: int) -> int | float:
        if depth > 40:
            raise ExpressionError("Too many brackets inside one another.")
        token = self.take()
        if token == "-":
            return -self.atom(depth + 1)
        if token == "(":
            value = self.sum(depth + 1)
            if self.take() != ")":
                raise ExpressionError("A “)” is missing.")
            return value
        if not token:
            raise ExpressionError("Something is missing at the end.")
        if token[0].isdigit():
            return _bounded(float(token) if "." in token else int(token))
        if token in self.names:
            value = self.names[token]
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise ExpressionError(f"{token} is not a number.")
            return _bounded(value)
        if is_name(token):
            raise ExpressionError(f"There is no parameter “{token}” here.")
        raise ExpressionError(f"“{token}” is not expected there.")


def _bounded(value: int | float) -> int | float:
    if abs(value) > LARGEST:
        raise ExpressionError("The value is too large.")
    return value
