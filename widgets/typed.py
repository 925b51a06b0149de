"""Words typed behind the name of a type as its parameters: `64 3`, `3x3`, `same`, `pad=same`, `return_sequences`, `30%`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import takewhile
from types import MappingProxyType
from typing import Any

from graph_compiler.graph.expressions import ExpressionError, evaluate, is_expression, names_in
from graph_compiler.graph.values import Json
from graph_compiler.specs.nodes import NodeSpec
from graph_compiler.specs.params import Param
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.wrapping import Wrapped
from widgets.arithmetic import NotANumber, compute

YES, NO = ("on", "true", "yes"), ("off", "false", "no", "none")
Names = Mapping[str, Json]
NOTHING: Names = MappingProxyType({})
_TIMES = re.compile(r"[x×,]")
_CALL = re.compile(r"\s*(?:\w+\.)*(\w+)\((.*?)\)?\s*$")
_EQUALS, _MARKS = re.compile(r"\s*=\s*['\"]?"), re.compile(r"[,'\"]")
_PAIR = re.compile(r"[(\[]\s*([^()\[\]]*,[^()\[\]]*?),?\s*[)\]]")


def split_words(text: str) -> list[str]:
    """What is typed as words in lower case; a line of Keras counts too: `layers.Conv2D(64, (3, 3), padding="same")`."""
    call = _CALL.match(text)
    if call is not None:
        inside = _PAIR.sub(lambda pair: re.sub(r"\s*,\s*", "x", pair[1]), call[2])
        text = f"{call[1]} {_MARKS.sub(' ', _EQUALS.sub('=', inside))}"
    return [word for part in text.lower().split() if (word := part.rstrip(","))]


def worths(params: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Typed parameters with what their expressions come to here."""
    return {key: evaluate(value["="], names) if is_expression(value) else value for key, value in params.items()}


def read_typed(spec: NodeSpec, parts: list[str], names: Names = NOTHING) -> tuple[dict[str, Any], list[str]]:
    """Parameters, and the words that are none. `names` are those of the block one is in: `width*2` is kept as it is.

    Numbers fill the key parameters in order, other words the first choice that has them; `name=value` says which, and the
    beginning of a name is enough. The name of a switch, or one of its words, turns it on, with `no_` before it off. What a
    wrapped layer can read is its own.
    """
    found: dict[str, Any] = {}
    unread: list[str] = []
    inner = next((p for p in spec.params if isinstance(p, Wrapped) and p.key), None)
    left = _read_wrapped(inner, list(parts), found) if inner is not None else list(parts)
    while left:
        part = left.pop(0)
        if "," in part and _next_is_whole(spec, found):
            part, *more = part.split(",")
            left = [*more, *left]
        name, sign, value = part.partition("=")
        text, worth = _expression(value if sign else part, names)
        hits = _named(spec, name, worth or value, found) if sign else _first(spec, worth or part, left, found)
        if worth:
            numbers = (spec.param(key) for key in hits)
            hits = {p.name: {"=": text} for p in numbers if p is not None and p.kind in ("int", "float")}
        found.update(hits)
        if not hits:
            unread.append(part)
    return found, unread


def _expression(text: str, names: Names) -> tuple[str, str]:
    """A text over the names of a block, in their own letters, and what it comes to; empty for any other text."""
    own = {name.lower(): name for name in names}
    text = re.sub(r"[a-z_]\w*", lambda word: own.get(word[0], word[0]), text)
    try:
        worth = evaluate(text, names) if names_in(text) & names.keys() else None
    except ExpressionError:
        return "", ""
    return (text, str(worth)) if isinstance(worth, (int, float)) and not isinstance(worth, bool) else ("", "")


def _read_wrapped(param: Wrapped, parts: list[str], found: dict[str, Any]) -> list[str]:
    """The layer inside, named or the default one, and the words that it leaves."""
    names = {option.lower(): option for option in param.options}
    said = next((part for part in parts if part in names), "")
    others = [part for part in parts if part != said]
    name = names.get(said, str(param.default))
    values, unread = read_typed(param.options[name], others) if name in param.options else ({}, others)
    values = {key: value for key, value in values.items() if key not in param.fixed}
    if said or values:
        found[param.name] = {"name": name, **values} if values else name
    return unread


def _next_is_whole(spec: NodeSpec, taken: dict[str, Any]) -> bool:
    free = next((p for p in spec.params if p.key and p.name not in taken), None)
    return free is not None and free.kind == "int"


def _named(spec: NodeSpec, name: str, value: str, taken: dict[str, Any]) -> dict[str, Any]:
    """The parameter of that name, or the first one that begins so, with its value."""
    fits = [p for p in spec.params if p.name == name] or [p for p in spec.params if name and p.name.startswith(name)]
    for param in sorted(fits, key=lambda p: (p.name in taken, not p.key)):
        read = _value(param, value, named=True)
        if _sound(param, read):
            return {param.name: read}
    return {}


def _first(spec: NodeSpec, part: str, left: list[str], taken: dict[str, Any]) -> dict[str, Any]:
    """The first free parameter that the word fits; a shape takes the numbers behind it too."""
    for param in spec.params:
        if param.kind == "bool" and param.name == part:
            return {param.name: True}
    free = [p for p in sorted(spec.params, key=lambda p: not p.key) if p.name not in taken]
    for param in free:
        if not (param.key or param.kind in ("choice", "ints")):
            continue
        sides = _shape(part, left) if param.kind == "shape" else None
        read = sides if param.kind == "shape" else _value(param, part)
        if _sound(param, read):
            del left[:len(sides or ()) - len(_TIMES.split(part)) if sides else 0]
            return {param.name: read}
    return _sides(free, part) or _switch(free, part)


def _sides(free: list[Param], part: str) -> dict[str, Any]:
    """`32x32` over whole numbers that stand one behind the other: height and width."""
    sides, row = _wholes(part) or [], list(takewhile(lambda p: p.key and p.kind == "int", free))
    pairs = list(zip(row, sides, strict=False))
    sound = 1 < len(sides) <= len(row) and all(_sound(param, side) for param, side in pairs)
    return {param.name: side for param, side in pairs} if sound else {}


def _switch(free: list[Param], part: str) -> dict[str, Any]:
    """A word of a switch's name (`seq`, `no_bias`), or `true` for the first that counts."""
    switches = [p for p in free if p.kind == "bool"]
    if part in YES or part in NO[:2]:
        return next(({p.name: part in YES} for p in switches if p.key), {})
    off = re.match(r"no[_-]?(?=\w{3})", part)
    word = part[off.end():] if off else part
    fits = [p for p in switches if any(piece.startswith(word) for piece in (p.name, *p.name.split("_")))]
    return {fits[0].name: off is None} if len(word) > 2 and len(fits) == 1 else {}


def _sound(param: Param, value: Any) -> bool:
    if value is None:
        return False
    try:
        param.check(value)
    except Refusal:
        return False
    return True


def _shape(part: str, left: list[str]) -> list[int] | None:
    """`7x7x128`, or `7 7 128`."""
    sides = _wholes(part)
    if sides is None:
        return None
    for more in left:
        if (side := _whole(more)) is None:
            break
        sides.append(side)
    return sides


def _value(param: Param, text: str, named: bool = False) -> Any:
    """What the text is for a parameter of this kind, None for nothing."""
    if param.kind == "int":
        return _whole(text)
    if param.kind == "float":
        return _number(text)
    if param.kind in ("ints", "pairs"):
        sides = _wholes(text)
        return sides[0] if sides is not None and len(sides) == 1 else sides
    if param.kind == "shape":
        return _wholes(text)
    if param.kind == "choice":
        return _option(param, text)
    if param.kind == "choices":
        return [option] if (option := _option(param, text)) is not None else None
    if param.kind == "bool" and named:
        return True if text in YES else False if text in NO else None
    return text if param.kind == "text" and named else None


def _option(param: Param, text: str) -> Any:
    """The option of that name in whatever case, or with these initials (`mse`, `bce`), or the only one that begins so.

    Keras writes names of losses with and without lines between their words.
    """
    if not text or text[0].isdigit():
        return None
    options = [o for o in getattr(param, "options", ()) if isinstance(o, str)]
    low = text.lower().replace("_", "")
    for fits in ([o for o in options if o.lower().replace("_", "") == low],
                 [o for o in options if len(low) > 1 and _initials(o) == low],
                 [o for o in options if len(low) > 2 and o.lower().replace("_", "").startswith(low)]):
        if len(fits) == 1:
            return fits[0]
    return None


def _initials(option: str) -> str:
    return "".join(c for c in option.replace("Crossentropy", "CrossEntropy") if c.isupper()).lower()


def _number(text: str) -> float | None:
    """A number, sums of numbers, or a share in percent."""
    try:
        return float(compute(text))
    except NotANumber:
        return None


def _whole(text: str) -> int | None:
    number = _number(text)
    return int(number) if number is not None and number.is_integer() else None


def _wholes(text: str) -> list[int] | None:
    sides = [_whole(part) for part in _TIMES.split(text)]
    return [side for side in sides if side is not None] if None not in sides else None
