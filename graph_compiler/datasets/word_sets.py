"""Texts that Keras offers as word numbers: downloaded once, cut to a length, with their words from a second file.

The numbers are Keras's: 0 is padding, 1 the start mark, 2 a word beyond the most frequent `num_words`, 4 the most frequent one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from graph_compiler.arrays import np
from graph_compiler.datasets.tokens import PADDING, START, UNKNOWN
from graph_compiler.specs.datasets import DataProblem
from graph_compiler.specs.params import Int, Param
from graph_compiler.specs.tensors import Column

BASE = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
FIRST = 3
"""What is added to the rank of a word, which counts from 1."""
UNUSED = "‹unused›"
OUT = 2


def params(length: int) -> tuple[Param, ...]:
    """How many words are known and how many of a text are read."""
    return (Int(name="num_words", default=10_000, minimum=10, maximum=100_000, key=True,
                summary="So many of the most frequent words have a number; all others are unknown."),
            Int(name="length", default=length, minimum=1, maximum=2000, key=True,
                summary="Words of a text: the last ones of longer texts, padding behind shorter ones."))


def words_column(length: int) -> Column:
    """Word numbers [length]; which words they are is known once the files are there."""
    return Column(name="text", kind="tokens", shape=(length,), tokeniser="words", start=1, summary="The words of the text.")


@lru_cache(maxsize=4)
def vocabulary(path: Path, num_words: int) -> tuple[str, ...]:
    """Words by number from Keras's index of ranks. DataProblem when the file is damaged."""
    try:
        ranks: dict[str, int] = json.loads(path.read_text("utf-8"))
        by_number = {int(rank) + FIRST: word for word, rank in ranks.items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise DataProblem(f"{path.name} in the cache is damaged", code="damaged",
                          hint=f"Delete {path} and download it again.") from error
    return (PADDING, START, UNKNOWN, UNUSED, *(by_number.get(i, UNUSED) for i in range(FIRST + 1, num_words)))


def cut(texts: Sequence[Sequence[int]], length: int, num_words: int) -> np.ndarray:
    """int32 [texts, length] of ranks: the last words of long texts, padding behind short ones."""
    out = np.zeros((len(texts), length), np.int32)
    for row, text in enumerate(texts):
        numbers = np.asarray(text[-length:], np.int64) + FIRST
        out[row, :len(numbers)] = np.where(numbers < num_words, numbers, OUT)
    return out
