"""Expressions inside stored values: which names they mention, and putting values or other names into them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from graph_compiler.graph.expressions import LONGEST, ExpressionError, evaluate, is_expression, names_in, tokens_of
from graph_compiler.graph.values import Json

_NAME = re.compile(r"[A-Za-z_]\w*")


def mapped(value: Json, change: Callable[[str], Json]) -> Json:
    """The value with every expression in it replaced by what `change` makes of its text."""
    if not isinstance(value, (dict, list)):
        return value
    if isinstance(value, dict) and is_expression(value):
        return change(value["="])
    if isinstance(value, list) and any(isinstance(part, (dict, list)) for part in value):
        return [mapped(part, change) for part in value]
    if isinstance(value, dict) and any(isinstance(part, (dict, list)) for part in value.values()):
        return {name: mapped(part, change) for name, part in value.items()}
    return value


def computes(value: Json) -> bool:
    """Whether there is an expression in a stored value."""
    if isinstance(value, dict):
        return is_expression(value) or any(computes(part) for part in value.values() if isinstance(part, (dict, list)))
    return isinstance(value, list) and any(computes(part) for part in value if isinstance(part, (dict, list)))


def mentioned(value: Json) -> set[str]:
    """The names that the expressions of a stored value mention; none for one that cannot be read."""
    found: set[str] = set()

    def look(text: str) -> None:
        try:
            found.update(names_in(text))
        except ExpressionError:
            return

    mapped(value, look)
    return found


def substituted(value: Json, given: Mapping[str, Json]) -> Json:
    """The value with the `given` values put into its expressions; they may be expressions themselves.

    What then mentions no name becomes its value. What has no value, or cannot be read, stays as it is.
    """
    return mapped(value, lambda text: _put_in(text, given))


def _put_in(text: str, given: Mapping[str, Json]) -> Json:
    try:
        names = names_in(text)
        if names <= given.keys() and not any(is_expression(given[name]) for name in names):
            return evaluate(text, given)
        alone = tokens_of(text) == [text.strip()]
        longer = _NAME.sub(lambda found: _as_text(given[found[0]], alone) if found[0] in given else found[0], text)
    except ExpressionError:
        return {"=": text}
    return {"=": longer if len(longer) <= LONGEST else text}


def _as_text(value: Json, alone: bool) -> str:
    """A value as it stands inside an expression. ExpressionError when it is no number."""
    if is_expression(value):
        inner = str(value["="]).strip()
        return inner if alone or len(tokens_of(inner)) == 1 else f"({inner})"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ExpressionError("That is not a number.")
    digits = format(Decimal(repr(value)), "f")
    return f"({digits})" if value < 0 and not alone else digits
