"""Lines from a pipe, each of bounded length, read as they come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

CHUNK = 2**16


class TooLong(Exception):
    """A line has no end within the bound. The argument is its beginning."""


class Torn(Exception):
    """The pipe ended in the middle of a line. The argument is what came of it."""


def lines(pipe: IO[bytes], longest: int) -> Iterator[bytes]:
    """Lines without their newline, until the pipe ends. TooLong or Torn when that is not how it went."""
    rest = bytearray()
    while chunk := pipe.read(CHUNK):
        start = len(rest)
        rest += chunk
        begin = 0
        while (end := rest.find(b"\n", max(start, begin))) >= 0:
            yield bytes(rest[begin:end])
            begin = end + 1
        del rest[:begin]
        if len(rest) > longest:
            raise TooLong(bytes(rest[:200]))
    if rest:
        raise Torn(bytes(rest))


def shown(piece: bytes, most: int = 60) -> str:
    """Bytes as a person can read them, cut to `most` characters."""
    text = "".join(c if c.isprintable() else "·" for c in piece.decode("utf-8", "replace"))
    return text if len(text) <= most else f"{text[:most]}…"
