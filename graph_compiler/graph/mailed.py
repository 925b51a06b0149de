"""JSON out of a text as a mail leaves it: words around it, marks of an answer before each line, broken lines, other spaces."""

from __future__ import annotations

import json
import re
from typing import Any

_ANSWERED = re.compile(r"^[ \t]*(?:[>|][ \t]?)+", re.MULTILINE)
"""What programs for mail put before each line of what they answer to."""
_SPACES = re.compile("[\u00a0\u2000-\u200b\u202f\u2060\ufeff]")
_CURLED = str.maketrans("“”„‟", '""""')
_DECODER = json.JSONDecoder(strict=False)


def object_in(text: str, mark: str) -> dict[str, Any]:
    """The object whose first key is the mark. ValueError as `json` raises it when there is none, of the text as it came."""
    try:
        found = json.loads(text)
    except ValueError as error:
        return _within(text, mark, error)
    if not isinstance(found, dict):
        raise ValueError(f"expected an object, received a {type(found).__name__}")
    return found


def _within(text: str, mark: str, error: ValueError) -> dict[str, Any]:
    """The object somewhere in the text, mended as little as it takes."""
    plain = _SPACES.sub(" ", text)
    unquoted = _ANSWERED.sub("", plain)
    for mended in (text, plain, unquoted, unquoted.translate(_CURLED)):
        start = re.search(rf'\{{\s*"{re.escape(mark)}"', mended)
        if start is None:
            continue
        try:
            found: dict[str, Any] = _DECODER.raw_decode(mended, start.start())[0]
        except (ValueError, RecursionError):
            continue
        return found
    raise error
