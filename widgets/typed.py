"""Words typed behind the name of a type as its parameters: `64 3`, `3x3`, `same`, `pad=same`, `return_sequences`, `30%`."""

from __future__ import annotations

import re
from typing import Any

from graph_compiler.specs.nodes import NodeSpec
from graph_compiler.specs.params import Param
from graph_compiler.specs.refusal import Refusal
from widgets.arithmetic import NotANumber, compute

YES, NO = ("on", "true", "yes"), ("off", "false", "no")
_TIMES = re.compile(r"[x×,]")


def read_typed(spec: NodeSpec, parts: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Parameters, and the words that are none.

    Numbers fill the key parameters in order, other words the first choice that has them; `name=value` says which, and the
    beginning of a name is enough. The name of a switch turns it on.
    """
    found: dict[str, Any] = {}
    unread: list[str] = []
    left = list(parts)
    while left:
        part = left.pop(0)
        name, sign, value = part.partition("=")
        hit = _named(spec, name, value, found) if sign else _first(spec, part, left, found)
        if hit is None:
            unread.append(part)
        else:
            found[hit[0]] = hit[1]
    return found, unread


def _named(spec: NodeSpec, name: str, value: str, taken: dict[str, Any]) -> tuple[str, Any] | None:
    """The parameter of that name, or the first one that begins so, with its value."""
    fits = [p for p in spec.params if p.name == name] or [p for p in spec.params if name and p.name.startswith(name)]
    for param in sorted(fits, key=lambda p: (p.name in taken, not p.key)):
        read = _value(param, value, named=True)
        if _sound(param, read):
            return param.name, read
    return None


def _first(spec: NodeSpec, part: str, left: list[str], taken: dict[str, Any]) -> tuple[str, Any] | None:
    """The first free parameter that the word fits; a shape takes the numbers behind it too."""
    for param in spec.params:
        if param.kind == "bool" and param.name == part:
            return param.name, True
    for param in sorted(spec.params, key=lambda p: not p.key):
        if param.name in taken or not (param.key or param.kind == "choice"):
            continue
        sides = _shape(part, left) if param.kind == "shape" else None
        read = sides if param.kind == "shape" else _value(param, part)
        if _sound(param, read):
            del left[:len(sides or ()) - len(_TIMES.split(part)) if sides else 0]
            return param.name, read
    return None


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
    """The option of that name in whatever case, or with these initials (`mse`), or the only one that begins so."""
    if not text or text[0].isdigit():
        return None
    options = [o for o in getattr(param, "options", ()) if isinstance(o, str)]
    low = text.lower()
    for fits in ([o for o in options if o.lower() == low],
                 [o for o in options if len(low) > 1 and "".join(c for c in o if c.isupper()).lower() == low],
                 [o for o in options if len(low) > 2 and o.lower().startswith(low)]):
        if len(fits) == 1:
            return fits[0]
    return None


def _number(text: str) -> float | None:
    """A number, sums of numbers, or a share in percent."""
    try:
        return float(compute(text[:-1])) / 100 if text.endswith("%") else float(compute(text))
    except NotANumber:
        return None


def _whole(text: str) -> int | None:
    value = _number(text)
    return int(value) if value is not None and value == int(value) else None


def _wholes(text: str) -> list[int] | None:
    sides = [_whole(side) for side in _TIMES.split(text)]
    return None if None in sides else [side for side in sides if side is not None]
