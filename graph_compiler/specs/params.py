"""Kinds of parameters: each knows its default, how to check a JSON value, and what its editor needs to know.

Values are stored as JSON. `check` returns the value as the rules use it (lists become tuples) or raises `Refusal`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graph_compiler.specs.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class Param:
    """One parameter with Keras's name and default. `summary` is one line for people."""

    name: str
    default: Any = None
    summary: str = ""
    key: bool = False
    """Shown on the card and at the top of the form; the others stand under More."""
    optional: bool = False
    """Whether None is allowed."""
    kept: bool = False
    """Whether it is what a file was found to hold: written by reading it, shown in no form."""

    kind = "any"

    def check(self, value: Any) -> Any:
        """The value as rules use it. Refusal (code `parameter`) when it does not fit."""
        if value is None:
            if self.optional:
                return None
            raise self.refuse(value)
        return self.convert(value)

    def convert(self, value: Any) -> Any:
        """Check a value that is not None."""
        return value

    def keras_value(self, keras: Any, value: Any) -> Any:
        """A checked value as Keras takes it. `keras` is the imported module."""
        return value

    @property
    def expected(self) -> str:
        """Words for what fits, completing "Expected ..."."""
        return "a value"

    def refuse(self, value: Any, expected: str = "") -> Refusal:
        """The refusal for a value that does not fit."""
        words = expected or self.expected
        if self.optional:
            words += " or none"
        return Refusal("parameter", f"{self.name} does not fit", expected=words, received=_words(value), param=self.name,
                       hint=f"Change {self.name}.")


def _words(value: Any) -> str:
    return "nothing" if value is None else f"{value!r}"


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


@dataclass(frozen=True, kw_only=True)
class Int(Param):
    """A whole number within bounds."""

    minimum: int | None = None
    maximum: int | None = None
    kind = "int"

    def convert(self, value: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not _is_int(value) or not _within(value, self.minimum, self.maximum):
            raise self.refuse(value)
        return int(value)

    @property
    def expected(self) -> str:
        return f"a whole number{_bounds(self.minimum, self.maximum)}"


@dataclass(frozen=True, kw_only=True)
class Float(Param):
    """A number within bounds; `open_low` and `open_high` leave a bound itself out."""

    minimum: float | None = None
    maximum: float | None = None
    open_low: bool = False
    open_high: bool = False
    kind = "float"

    def convert(self, value: Any) -> float:
        if not (_is_int(value) or isinstance(value, float)) or not math.isfinite(value):
            raise self.refuse(value)
        fits = _within(value, self.minimum, self.maximum)
        if not fits or (self.open_low and value == self.minimum) or (self.open_high and value == self.maximum):
            raise self.refuse(value)
        return float(value)

    @property
    def expected(self) -> str:
        low = "more than" if self.open_low else "at least"
        high = "less than" if self.open_high else "at most"
        return f"a number{_bounds(self.minimum, self.maximum, low, high)}"


@dataclass(frozen=True, kw_only=True)
class Bool(Param):
    """On or off."""

    kind = "bool"

    def convert(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self.refuse(value)
        return value

    @property
    def expected(self) -> str:
        return "true or false"


@dataclass(frozen=True, kw_only=True)
class Choice(Param):
    """One of a few words."""

    options: tuple[str, ...] = ()
    kind = "choice"

    def convert(self, value: Any) -> str:
        if value not in self.options or not isinstance(value, str):
            raise self.refuse(value)
        return value

    @property
    def expected(self) -> str:
        return "one of " + ", ".join(self.options)


@dataclass(frozen=True, kw_only=True)
class Choices(Param):
    """Any number of a few words, each once, in the order chosen."""

    options: tuple[str, ...] = ()
    kind = "choices"

    def convert(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, (list, tuple)) or len(set(map(str, value))) != len(value):
            raise self.refuse(value)
        if not all(isinstance(v, str) and v in self.options for v in value):
            raise self.refuse(value)
        return tuple(value)

    @property
    def expected(self) -> str:
        return "any of " + ", ".join(self.options)


@dataclass(frozen=True, kw_only=True)
class Text(Param):
    """A line of text. The form offers what `of` names in the drawing, or `likely` answers."""

    kind = "text"
    multiline: bool = False
    of: str = ""
    """Which names of the drawing answer it: `categories` (nothing else does, but an empty text) or `figures` (of training)."""
    likely: tuple[str, ...] = ()
    """Usual answers; others may be right too."""

    def convert(self, value: Any) -> str:
        if not isinstance(value, str):
            raise self.refuse(value)
        return value

    @property
    def expected(self) -> str:
        return "text"


@dataclass(frozen=True, kw_only=True)
class Names(Param):
    """Names of nodes, shared weights or classes, each once. A line of text with commas between them is taken too."""

    kind = "names"
    of: str = ""
    """Which names of the drawing may be among them: `trainable`; empty where any text may."""

    def convert(self, value: Any) -> tuple[str, ...]:
        parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
        if not isinstance(parts, (list, tuple)) or not all(isinstance(part, str) for part in parts):
            raise self.refuse(value)
        return tuple(dict.fromkeys(part for part in parts if part))

    @property
    def expected(self) -> str:
        return "names with commas between them"


@dataclass(frozen=True, kw_only=True)
class Ints(Param):
    """`length` whole numbers, such as a kernel size. One number alone stands for all of them."""

    length: int = 2
    minimum: int = 1
    maximum: int | None = None
    kind = "ints"

    def convert(self, value: Any) -> tuple[int, ...]:
        values = (value,) * self.length if _is_int(value) else value
        if not isinstance(values, (list, tuple)) or len(values) != self.length:
            raise self.refuse(value)
        if not all(_is_int(v) and _within(v, self.minimum, self.maximum) for v in values):
            raise self.refuse(value)
        return tuple(values)

    @property
    def expected(self) -> str:
        return f"{self.length} whole number{'s' if self.length > 1 else ''}{_bounds(self.minimum, self.maximum)}"


@dataclass(frozen=True, kw_only=True)
class Pairs(Param):
    """`length` pairs of whole numbers (cropping, padding): one number, one a side, or a pair each."""

    length: int = 2
    minimum: int = 0
    kind = "pairs"

    def convert(self, value: Any) -> tuple[tuple[int, int], ...]:
        if _is_int(value):
            value = [[value, value]] * self.length
        elif isinstance(value, (list, tuple)) and self.length == 1 and len(value) == 2 and all(map(_is_int, value)):
            value = [value]
        if not isinstance(value, (list, tuple)) or len(value) != self.length:
            raise self.refuse(value)
        pairs = [(v, v) if _is_int(v) else v for v in value]
        for pair in pairs:
            if not isinstance(pair, (list, tuple)) or len(pair) != 2:
                raise self.refuse(value)
            if not all(_is_int(v) and v >= self.minimum for v in pair):
                raise self.refuse(value)
        return tuple((int(a), int(b)) for a, b in pairs)

    @property
    def expected(self) -> str:
        return f"{self.length} pair{'s' if self.length > 1 else ''} of whole numbers from {self.minimum} on"


@dataclass(frozen=True, kw_only=True)
class Axes(Param):
    """One axis or several, negative ones from the end; 0 is the batch."""

    many: bool = True
    kind = "axes"

    def convert(self, value: Any) -> int | tuple[int, ...]:
        if _is_int(value):
            return int(value)
        if self.many and isinstance(value, (list, tuple)) and value and all(map(_is_int, value)):
            return tuple(value)
        raise self.refuse(value)

    @property
    def expected(self) -> str:
        return "an axis number or a list of them" if self.many else "an axis number"


@dataclass(frozen=True, kw_only=True)
class ShapeParam(Param):
    """A target shape or an order of axes: whole numbers, at most one of them -1 where `free`, any of them none where `open`."""

    free: bool = False
    open: bool = False
    minimum: int = 1
    kind = "shape"

    def convert(self, value: Any) -> tuple[int | None, ...]:
        if not isinstance(value, (list, tuple)) or not all(_is_int(v) or (self.open and v is None) for v in value):
            raise self.refuse(value)
        sizes = [v for v in value if v is not None and not (self.free and v == -1)]
        if any(v < self.minimum for v in sizes) or (self.free and list(value).count(-1) > 1):
            raise self.refuse(value)
        return tuple(value)

    @property
    def expected(self) -> str:
        one = ", one of them may be -1" if self.free else ""
        return f"whole numbers from {self.minimum} on{one}" + (", or none for a free size" if self.open else "")


@dataclass(frozen=True, kw_only=True)
class Floats(Param):
    """A number, or a list of numbers (Normalization's mean, a factor's lower and upper bound)."""

    length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    kind = "floats"

    def convert(self, value: Any) -> float | tuple[float, ...]:
        values = value if isinstance(value, (list, tuple)) else [value]
        if not all((_is_int(v) or isinstance(v, float)) and math.isfinite(v) for v in values):
            raise self.refuse(value)
        if not all(_within(v, self.minimum, self.maximum) for v in values):
            raise self.refuse(value)
        if isinstance(value, (list, tuple)):
            if not value or (self.length is not None and len(value) != self.length):
                raise self.refuse(value)
            return tuple(float(v) for v in value)
        return float(value)

    @property
    def expected(self) -> str:
        many = "a list of numbers" if self.length is None else f"{self.length} numbers"
        return f"a number or {many}{_bounds(self.minimum, self.maximum)}"


@dataclass(frozen=True, kw_only=True)
class Rules(Param):
    """A named Keras object: initialiser, regulariser, constraint. A name, or `{"name": ..., parameter: value}`."""

    options: dict[str, tuple[Param, ...]] = field(default_factory=dict)
    """The names that may be chosen with the parameters each takes."""
    kind = "rules"

    def keras_value(self, keras: Any, value: Any) -> Any:
        return keras_object(keras, value) if isinstance(value, dict) else value

    def convert(self, value: Any) -> dict[str, Any]:
        given = {"name": value} if isinstance(value, str) else value
        if not isinstance(given, dict) or not isinstance(given.get("name"), str) or given["name"] not in self.options:
            raise self.refuse(value)
        fields = {p.name: p for p in self.options[given["name"]]}
        out: dict[str, Any] = {"name": given["name"]}
        for name, part in given.items():
            if name == "name":
                continue
            if name not in fields:
                raise self.refuse(value, f"parameters {', '.join(fields) or 'none'} for {given['name']}")
            out[name] = fields[name].check(part)
        return out

    @property
    def expected(self) -> str:
        return "one of " + ", ".join(self.options)


_HOMES = ("initializers", "regularizers", "constraints")


def keras_object(keras: Any, value: Mapping[str, Any]) -> Any:
    """The initialiser, regulariser or constraint that `{"name": ..., ...}` names."""
    arguments = {k: v for k, v in value.items() if k != "name"}
    for home in _HOMES:
        made = getattr(getattr(keras, home), value["name"], None)
        if made is not None:
            return made(**arguments)
    raise LookupError(value["name"])


def _within(value: float, minimum: float | None, maximum: float | None) -> bool:
    return (minimum is None or value >= minimum) and (maximum is None or value <= maximum)


def _bounds(minimum: float | None, maximum: float | None, low: str = "from", high: str = "to") -> str:
    least, most = (None if bound is None else f"{bound:,.15g}" for bound in (minimum, maximum))
    if least is None and most is None:
        return ""
    if most is None:
        return f" {low} {least}" + (" on" if low == "from" else "")
    if least is None:
        return f" {'up to' if high == 'to' else high} {most}"
    joint = "" if low == "from" else " and"
    return f" {low} {least}{joint} {high} {most}"
