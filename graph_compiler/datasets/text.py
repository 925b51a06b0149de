"""Windows of characters over a long text: Python's own help topics, or a text file of the user."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from graph_compiler.arrays import np
from graph_compiler.datasets.csv_file import READ_AGAIN, file_of
from graph_compiler.datasets.csv_layout import FileParam
from graph_compiler.datasets.csv_text import fingerprint
from graph_compiler.datasets.embedded import frozen
from graph_compiler.datasets.tokens import characters, places
from graph_compiler.datasets.windows import rows_of, window_counts, window_starts
from graph_compiler.specs.datasets import DataProblem, DatasetSpec, Place, Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.params import Int
from graph_compiler.specs.params import Text as TextParam
from graph_compiler.specs.tensors import Column

LETTERS = "\n" + "".join(map(chr, range(32, 127)))
"""The characters of the help topics: the same for every version of Python, what is not among them is left out."""

MOST_LETTERS = 5_000
"""So many different characters of a file are kept, the most frequent ones."""


@cache
def help_topics() -> str:
    """Python's help topics as one text, some 460,000 characters of English."""
    from pydoc_data.topics import topics

    keep = frozenset(LETTERS)
    return "".join(c for name in sorted(topics) for c in f"{topics[name]}\n\n" if c in keep)


@lru_cache(maxsize=4)
def _read(path: Path, sha256: str) -> str:
    """A whole text file with line feeds between its lines (the hash is part of the memory's key)."""
    return path.read_text(fingerprint(path, "text")[1], errors="replace")


def scan(path: Path, p: Values | None) -> Mapping[str, Any]:
    """What the document keeps of a text file: its characters, how many there are, its hash."""
    sha256 = fingerprint(path, "text")[0]
    counts = Counter(_read(path, sha256))
    kept = [letter for letter, _ in counts.most_common(MOST_LETTERS)]
    size = sum(counts[letter] for letter in kept)
    if size < 2:
        raise DataProblem(f"{path.name} holds no text", param="path", hint="Choose a longer text.")
    return {"letters": "".join(sorted(kept)), "size": size, "sha256": sha256}


def check(p: Values, place: Place) -> None:
    """DataProblem when the file has gone or holds another text than the one the document was made for."""
    if not p["path"]:
        return
    path = file_of(p, place.folder)
    if fingerprint(path, "text")[0] != p["sha256"]:
        raise DataProblem(f"The text in {path.name} has changed since it was read", hint=READ_AGAIN, param="path",
                          code="data-changed")


def _size(p: Values) -> int:
    return int(p["size"]) if p["path"] else len(help_topics())


@lru_cache(maxsize=64)
def _column(letters: str, length: int) -> Column:
    return characters("text", letters, length, summary="Characters, one after the other. Shift it to predict the next one.")


def column_of(p: Values) -> Column:
    """The column `text` with its vocabulary."""
    return _column(p["letters"] if p["path"] else LETTERS, p["length"])


def schema(p: Values) -> Schema:
    """One column of `length` characters; none while the file was not read."""
    if p["path"] and not p["size"]:
        return Schema(())
    counts = window_counts(_size(p), p["length"], p["stride"] or p["length"], p)
    return Schema((column_of(p),), sum(counts), chronological=counts)


def load(p: Values, place: Place) -> Table:
    """Windows int32 [rows, length] of training text, then of validation text, then of test text."""
    check(p, place)
    text = _read(file_of(p, place.folder), p["sha256"]) if p["path"] else help_topics()
    ids = _ids(text, column_of(p).vocabulary)
    starts = window_starts(len(ids), p["length"], p["stride"] or p["length"], p)
    everywhere = np.concatenate(list(starts.values()))
    if not len(everywhere):
        raise DataProblem(f"The text has {len(ids):,} characters, too few for windows of {p['length']:,}", param="length",
                          hint="Make length smaller, or take a longer text.")
    windows = np.lib.stride_tricks.sliding_window_view(ids, p["length"])[everywhere]
    return Table({"text": frozen(windows)}, chronological=rows_of(starts))


@lru_cache(maxsize=4)
def _ids(text: str, vocabulary: tuple[str, ...]) -> np.ndarray:
    """Ids int32 of the characters that are in the vocabulary."""
    known = places(vocabulary)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    letters, where = np.unique(codes, return_inverse=True)
    table = np.array([known.get(chr(code), 0) for code in letters], np.int32)
    ids = table[where]
    return frozen(ids[ids > 0])


def unigram_entropy(ids: np.ndarray) -> float:
    """Bits a token of rows [rows, length] when nothing but how often each token comes is known; padding does not count."""
    counts = np.bincount(ids[ids > 0].ravel())
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log2(shares)).sum())


DATASET = DatasetSpec(
    name="Text", title="Text", summary="Python’s help topics, or your own text",
    text="A long text, cut into windows of characters. Without a file it is Python’s own help, some 460,000 characters of "
         "English. The last tenth is for the test, the tenth before it for validation, and no window lies in two parts. Put "
         "Shift between the text and the network, and the text itself at the target: so each character is predicted from "
         "those before it.",
    origin="Python Software Foundation: pydoc topics", licence="PSF License",
    params=(FileParam(name="path", default="", key=True, summary="Your own text file; empty takes Python’s help topics."),
            Int(name="length", default=100, minimum=2, maximum=10_000, key=True, summary="Characters in a window."),
            Int(name="stride", default=None, minimum=1, optional=True, key=True,
                summary="Characters from one window to the next; none takes the length, so windows do not overlap."),
            TextParam(name="letters", default="", kept=True, summary="The characters of the file."),
            Int(name="size", default=0, minimum=0, kept=True, summary="How many characters it has."),
            TextParam(name="sha256", default="", kept=True, summary="Hash of the file's content.")),
    schema=schema, load=load, check=check, scan=scan, files="Text (*.txt *.md *.rst *.tex *.py);;All files (*)",
    default_split="chronological", default_test=0.1, splits=("chronological",), thumbnails="text",
    keywords=("text", "characters", "language", "own data", "book", "generate", "rnn", "sequence"))
