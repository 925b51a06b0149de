"""Tokens to text and back, windows over a text, and the user's own text file."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_compiler.catalog import registry
from graph_compiler.datasets.split import split_rows
from graph_compiler.datasets.text import help_topics, unigram_entropy
from graph_compiler.datasets.tokens import END, START, UNKNOWN, characters, decode, encode, encode_rows, used
from graph_compiler.datasets.windows import segments, window_counts, window_starts
from graph_compiler.specs.datasets import DataProblem, Place
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Column
from tests.helpers.sources import column, load, values

LETTERS = characters("word", "abc", 6, end=True)
WORDS = Column(name="line", kind="tokens", shape=(5,), tokeniser="words", start=1,
               vocabulary=("", START, UNKNOWN, "the", "cat"))


def test_a_row_is_text_then_end_then_padding():
    assert LETTERS.vocabulary == ("", START, END, "a", "b", "c")
    assert (LETTERS.start, LETTERS.end) == (1, 2)
    assert encode("cab", LETTERS).tolist() == [5, 3, 4, 2, 0, 0]
    assert encode("abcabcabc", LETTERS).tolist() == [3, 4, 5, 3, 4, 5]
    assert decode([1, 5, 3, 4, 2, 4, 4], LETTERS) == "cab"
    assert encode_rows(["a", ""], LETTERS).tolist() == [[3, 2, 0, 0, 0, 0], [2, 0, 0, 0, 0, 0]]
    assert encode_rows([], LETTERS).shape == (0, 6)


@given(st.text("abc", max_size=5))
def test_text_comes_back(text):
    assert decode(encode(text, LETTERS), LETTERS) == text


def test_words_and_the_unknown_mark():
    assert encode("the  big cat", WORDS).tolist() == [3, 2, 4, 0, 0]
    assert decode([3, 2, 4, 0, 0], WORDS) == "the � cat"
    assert decode([9], WORDS) == "�"


def test_a_character_that_was_never_seen_is_named():
    with pytest.raises(DataProblem) as caught:
        encode("axe", LETTERS)
    assert caught.value.title == "“x” is not in the vocabulary of word"
    assert caught.value.hint == "The network never saw this character. Leave it out."


def test_used_places_end_at_the_last_token():
    assert used(np.array([[3, 0, 4, 0], [0, 0, 0, 0], [1, 2, 3, 4]])).tolist() == [3, 0, 4]


@given(st.integers(1, 400), st.integers(1, 50), st.integers(1, 60), st.floats(0, 0.45), st.floats(0, 0.45))
def test_no_window_lies_in_two_parts(total, span, stride, validation, test):
    p = {"validation": validation, "test": test}
    parts, starts = segments(total, p), window_starts(total, span, stride, p)
    assert list(parts) == ["train", "validation", "test"]
    assert parts["train"][1] == parts["validation"][0] and parts["validation"][1] == parts["test"][0]
    for part, where in starts.items():
        first, last = parts[part]
        assert all(first <= s and s + span <= last for s in where)
    assert tuple(map(len, starts.values())) == window_counts(total, span, stride, p)


def test_help_topics_are_cut_into_windows():
    table, schema, p = load("Text", length=50, stride=25)
    ids, text, rows = table.arrays["text"], help_topics(), split_rows(table, p)
    assert len(text) > 300_000
    assert decode(ids[0], column(schema, "text")) == text[:50]
    assert decode(ids[1], column(schema, "text")) == text[25:75]
    held = round(len(text) * 0.1)
    assert decode(ids[rows["test"][0]], column(schema, "text")) == text[-held:][:50]
    assert decode(ids[rows["validation"][0]], column(schema, "text")) == text[-2 * held:][:50]
    assert ids.min() >= 2, "no padding and no start mark in a window"
    assert len(column(schema, "text").vocabulary) == 98


def test_without_a_stride_windows_do_not_overlap():
    table, schema, p = load("Text", length=200)
    said = "".join(decode(row, schema.columns[0]) for row in table.arrays["text"][split_rows(table, p)["train"]])
    assert help_topics().startswith(said)
    assert registry().nodes["Text"].param("split").options == ("chronological",)


def test_unigram_entropy_in_bits():
    assert unigram_entropy(np.array([[2, 3, 4, 5], [2, 3, 4, 5]])) == pytest.approx(2.0)
    assert unigram_entropy(np.array([[2, 2, 2, 3], [0, 0, 0, 0]])) == pytest.approx(0.8112781)
    table, _, p = load("Text")
    assert 4.0 < unigram_entropy(table.arrays["text"][split_rows(table, p)["test"]]) < 5.0


@pytest.fixture
def book(tmp_path):
    (tmp_path / "book.txt").write_bytes("Grüße aus Köln.\r\n".encode() * 100)
    return tmp_path


def read(folder, **changes):
    kept = registry().datasets["Text"].scan(folder / "book.txt", None)
    return load("Text", Place(folder, folder), path="book.txt", **{**kept, "length": 17, **changes})


def test_a_text_file_of_the_user(book):
    table, schema, p = read(book)
    text, = schema.columns
    assert p["size"] == 1600
    assert "".join(text.vocabulary[2:]) == "".join(sorted(set("Grüße aus Köln.\n")))
    assert decode(table.arrays["text"][0], text) == "Grüße aus Köln.\nG"
    assert table.rows == schema.rows


def test_a_text_file_that_changed_or_is_none_is_named(book):
    _, _, p = read(book)
    (book / "book.txt").write_text("Something else")
    with pytest.raises(DataProblem, match=r"The text in book\.txt has changed since it was read") as caught:
        registry().datasets["Text"].check(p, Place(book, book))
    assert caught.value.code == "data-changed"
    (book / "book.pdf").write_bytes(b"%PDF-1.7 and more")
    with pytest.raises(DataProblem, match=r"book\.pdf is a PDF, not a text file"):
        registry().datasets["Text"].scan(book / "book.pdf", None)
    (book / "empty.txt").write_text("")
    with pytest.raises(DataProblem, match=r"empty\.txt is empty"):
        registry().datasets["Text"].scan(book / "empty.txt", None)


def test_a_text_too_short_for_a_window_is_refused(book):
    with pytest.raises(DataProblem, match="too few for windows of 5,000") as caught:
        read(book, length=5000)
    assert caught.value.param == "length"
    with pytest.raises(Refusal, match="Text has no columns yet"):
        registry().nodes["Text"].infer(values("Text", path="other.txt"), {})
