"""Arithmetic in number fields: `64*2`, `1/255`, `2**8`, `(28-3)/2`, `30%`. Evaluated once, the number is what is stored.

A parser of our own over bounded text; nothing is evaluated by Python.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

LONGEST = 80
LARGEST = 1e15
DEEPEST = 20
_TOKEN = re.compile(r"\s*(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|\*\*|//|[-+*/()%])")
_WITH_COMMAS = re.compile(r"\d[\d,]*,\d+")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
_SIGNS = str.maketrans({"×": "*", "·": "*", "−": "-", "÷": "/", "\u2009": " ", "\u00a0": " "})

Number = int | float


class NotANumber(ValueError):
    """The text has no value. The message is for people."""


def compute(text: str) -> Number:
    """The value of a text. NotANumber says what is wrong with it; `34,826` and `0,3` are understood."""
    if len(text) > LONGEST:
        raise NotANumber(f"At most {LONGEST} characters.")
    parser = _Parser(_tokens(_WITH_COMMAS.sub(_without_commas, text.translate(_SIGNS))))
    value = parser.sum(0)
    if parser.peek():
        raise NotANumber(f"“{parser.peek()}” is not expected there.")
    return value


def _without_commas(number: re.Match[str]) -> str:
    """Commas between thousands go; a single one elsewhere stands before a fraction, as many people write it."""
    text = number[0]
    return text.replace(",", "") if _THOUSANDS.fullmatch(text) else text.replace(",", ".") if text.count(",") == 1 else text


def _tokens(text: str) -> list[str]:
    tokens, place, text = [], 0, text.strip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise NotANumber(f"“{text[place:].strip()[:12]}” is not a number.")
        tokens.append(match[1])
        place = match.end()
    if not tokens:
        raise NotANumber("A number is missing.")
    return tokens


class _Parser:
    """Sums of products of powers, with brackets and signs."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens, self._place = tokens, 0

    def peek(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _take(self) -> str:
        token = self.peek()
        self._place += 1
        return token

    def sum(self, depth: int) -> Number:
        return self._chain(depth, ("+", "-"), self._product)

    def _product(self, depth: int) -> Number:
        return self._chain(depth, ("*", "/", "//"), self._power)

    def _chain(self, depth: int, signs: tuple[str, ...], part: Callable[[int], Number]) -> Number:
        value = part(depth)
        while self.peek() in signs:
            value = _apply(self._take(), value, part(depth))
        return value

    def _power(self, depth: int) -> Number:
        value = self._atom(depth)
        if self.peek() == "**":
            self._take()
            return _apply("**", value, self._power(depth + 1))
        return value

    def _atom(self, depth: int) -> Number:
        if depth > DEEPEST:
            raise NotANumber("Too many brackets inside one another.")
        token = self._take()
        if token == "-":
            return -self._power(depth + 1)
        if token == "+":
            return self._power(depth + 1)
        if token == "(":
            value = self.sum(depth + 1)
            if self._take() != ")":
                raise NotANumber("A “)” is missing.")
            return value
        if not token or not (token[0].isdigit() or token[0] == "."):
            raise NotANumber("A number is missing." if not token else f"“{token}” is not expected there.")
        value = _bounded(int(token) if token.isdigit() else float(token))
        if self.peek() != "%":
            return value
        self._take()
        return value / 100


def _apply(sign: str, a: Number, b: Number) -> Number:
    if sign in ("/", "//") and b == 0:
        raise NotANumber("Division by zero.")
    if sign == "**":
        return _bounded(_power_of(a, b))
    return _bounded({"+": a + b, "-": a - b, "*": a * b}[sign] if sign in "+-*" else (a / b if sign == "/" else a // b))


def _power_of(a: Number, b: Number) -> Number:
    if abs(b) > 64 or (a < 0 and b != int(b)) or (a == 0 and b < 0):
        raise NotANumber("That power has no value.")
    try:
        return float(a) ** float(b) if b < 0 or isinstance(a, float) or isinstance(b, float) else int(a**b)
    except OverflowError:
        raise NotANumber("The value is too large.") from None


def _bounded(value: Number) -> Number:
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise NotANumber("The value is too large.")
    return value
