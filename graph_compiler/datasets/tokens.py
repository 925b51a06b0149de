"""Text to token ids and back, by what a `tokens` column says: tokeniser, vocabulary, marks and length. numpy only.

A row holds its tokens, the end mark where the column has one, then padding. The start mark is in no row: `Shift` puts it
before a sequence that is generated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from graph_compiler.arrays import np
from graph_compiler.specs.datasets import DataProblem
from graph_compiler.specs.tensors import Column

PADDING, START, END, UNKNOWN = "", "‹start›", "‹end›", "‹unknown›"
"""Marks as the vocabulary names them. No character and no word is called so."""

MARKS = frozenset({PADDING, START, END, UNKNOWN})
SHOWN = "�"
"""What stands for the unknown mark in decoded text."""


def characters(name: str, letters: Iterable[str], length: int, *, end: bool = False, unknown: bool = False,
               summary: str = "") -> Column:
    """A column of characters [length]: padding 0, the start mark 1, then the other marks and `letters` in their order."""
    marks = (PADDING, START, *((END,) if end else ()), *((UNKNOWN,) if unknown else ()))
    return Column(name=name, kind="tokens", shape=(length,), vocabulary=(*marks, *letters), tokeniser="characters", start=1,
                  end=2 if end else 0, summary=summary)


def split_text(text: str, column: Column) -> Sequence[str]:
    """The tokens a text consists of: its characters, or its words between blanks."""
    return text.split() if column.tokeniser == "words" else text


@lru_cache(maxsize=64)
def places(vocabulary: tuple[str, ...]) -> dict[str, int]:
    """Ids by token."""
    return {token: i for i, token in enumerate(vocabulary)}


def encode(text: str, column: Column) -> np.ndarray:
    """Ids int32 [length] of one text. DataProblem when a token is not in the vocabulary and there is no unknown mark."""
    length = column.shape[0]
    ids = _ids(split_text(text, column), column)
    if column.end:
        ids.append(column.end)
    size = len(ids) if length is None else length
    row = np.zeros(size, np.int32)
    row[:len(ids)] = ids[:size]
    return row


def left_out(text: str, column: Column) -> str:
    """What of a text has no room in a column, the end mark counted; empty where all of it has."""
    length = column.shape[0]
    tokens = split_text(text, column)
    room = len(tokens) if length is None else max(length - bool(column.end), 0)
    return ("" if column.tokeniser == "characters" else " ").join(tokens[room:])


def encode_rows(texts: Sequence[str], column: Column) -> np.ndarray:
    """Ids int32 [texts, length] of many texts."""
    return np.stack([encode(text, column) for text in texts]) if texts else np.zeros((0, column.shape[0] or 0), np.int32)


def _ids(tokens: Sequence[str], column: Column) -> list[int]:
    known = places(column.vocabulary)
    unknown = known.get(UNKNOWN)
    ids = [known.get(token, unknown) for token in tokens]
    strange = next((token for token, i in zip(tokens, ids, strict=True) if i is None), None)
    if strange is not None:
        what = "character" if column.tokeniser == "characters" else "word"
        raise DataProblem(f"“{strange}” is not in the vocabulary of {column.name}", code="vocabulary",
                          hint=f"The network never saw this {what}. Leave it out.")
    return [i for i in ids if i is not None]


def decode(ids: Iterable[int], column: Column) -> str:
    """The text of one row: up to the end mark, without padding and start marks."""
    return ("" if column.tokeniser == "characters" else " ").join(tokens_of(ids, column))


def tokens_of(ids: Iterable[int], column: Column) -> list[str]:
    """The tokens of one row: up to the end mark, without padding and start marks."""
    tokens: list[str] = []
    for i in map(int, ids):
        if column.end and i == column.end:
            break
        token = column.vocabulary[i] if 0 <= i < len(column.vocabulary) else SHOWN
        if token == UNKNOWN:
            tokens.append(SHOWN)
        elif token not in MARKS:
            tokens.append(token)
    return tokens


def used(ids: np.ndarray) -> np.ndarray:
    """How many places of each row [rows, length] are not padding behind the last token."""
    filled = ids != 0
    return np.where(filled.any(axis=-1), ids.shape[-1] - filled[..., ::-1].argmax(axis=-1), 0)
