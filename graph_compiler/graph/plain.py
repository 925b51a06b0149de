"""What may be stored in a document: JSON values of bounded depth and size. Edits and the file reader ask the same question."""

from __future__ import annotations

import math
from typing import Any

from graph_compiler.graph.values import Json

DEEPEST = 32
"""Lists and objects inside one another in one stored value."""
LARGEST = 2 ** 63
LONGEST_ID = 120
LONGEST_NAME = 200
"""Characters of a type, a port, a block's or a weights name."""
LARGEST_PLACE = 1e9
"""How far from the origin a node may stand, in px."""


class NotPlain(ValueError):
    """The value cannot be stored. The message is for people."""


def plain(value: Any, depth: int = 0) -> Json:
    """The value as it will be read back: tuples become lists. NotPlain when JSON cannot hold it."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        if abs(value) >= LARGEST:
            raise NotPlain("The number is too large to store.")
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NotPlain(f"{value} is not a number that can be stored.")
        return float(value)
    if depth >= DEEPEST:
        raise NotPlain(f"More than {DEEPEST} lists stand inside one another.")
    if isinstance(value, (list, tuple)):
        return [plain(part, depth + 1) for part in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {_text(key): plain(part, depth + 1) for key, part in value.items()}
    raise NotPlain(f"A value of type {type(value).__name__} cannot be stored.")


def id_problem(node_id: str) -> str:
    """Why a text cannot be the id of a node or the name of a block; empty when it can."""
    if not node_id or len(node_id) > LONGEST_ID:
        return f"An id has 1 to {LONGEST_ID} characters."
    if not node_id.isprintable() or node_id != node_id.strip() or "/" in node_id or "." in node_id:
        return "An id has no “/”, no “.”, no space at its ends and no control characters."
    return ""


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise NotPlain("The text holds half a character (a lone surrogate).") from None
    return value
