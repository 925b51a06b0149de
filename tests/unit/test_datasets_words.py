"""Texts that Keras offers as word numbers, read from a cache of this machine."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from graph_compiler.datasets.download import npz_arrays
from graph_compiler.datasets.split import split_rows
from graph_compiler.datasets.tokens import decode, encode
from graph_compiler.specs.datasets import DataProblem, Place, read_schema
from tests.helpers.sources import column, load

WORDS = {"the": 1, "film": 2, "good": 3, "bad": 4, "rare": 30}


def _texts(*lists):
    out = np.empty(len(lists), object)
    out[:] = [list(one) for one in lists]
    return out


def _cache(folder, name, **arrays):
    folder = folder / "datasets"
    folder.mkdir(exist_ok=True)
    np.savez(folder / f"{name}.npz", **arrays)
    (folder / f"{name}_word_index.json").write_text(json.dumps(WORDS))


def test_imdb_is_read_from_the_cache(tmp_path):
    _cache(tmp_path, "imdb", x_train=_texts([1, 2, 3], [30, 4]), y_train=np.array([1, 0]),
           x_test=_texts([1] * 5 + [3], [4]), y_test=np.array([1, 0]))
    table, schema, p = load("KerasIMDB", Place(tmp_path, tmp_path), num_words=12, length=4)
    assert schema.given == (25_000, 0, 25_000) and column(schema, "text").vocabulary == ()
    assert table.arrays["text"].tolist() == [[4, 5, 6, 0], [2, 7, 0, 0], [4, 4, 4, 6], [7, 0, 0, 0]]
    known = column(read_schema(schema, table), "text")
    assert len(known.vocabulary) == 12 and known.shape == (4,)
    assert [decode(row, known) for row in table.arrays["text"]] == ["the film good", "� bad", "the the the good", "bad"]
    assert encode("the rare film", known).tolist() == [4, 2, 5, 0]
    assert split_rows(table, {**p, "validation": 0.0})["test"].tolist() == [2, 3]


def test_reuters_is_split_as_keras_splits_it(tmp_path):
    texts = _texts(*([i % 9 + 1] * 3 for i in range(50)))
    _cache(tmp_path, "reuters", x=texts, y=np.arange(50) % 46)
    table, schema, _ = load("KerasReuters", Place(tmp_path, tmp_path), length=3)
    order = np.arange(50)
    np.random.RandomState(113).shuffle(order)
    assert table.arrays["label"].tolist() == (order % 46).tolist()
    assert table.arrays["text"][:, 0].tolist() == (order % 9 + 4).tolist()
    assert table.given is not None and len(table.given["test"]) == 10
    assert len(column(schema, "label").classes) == 46


def test_torn_word_files_are_named(tmp_path):
    _cache(tmp_path, "imdb", x_train=_texts([1]), y_train=np.array([1]), x_test=_texts([1]), y_test=np.array([1]))
    (tmp_path / "datasets" / "imdb_word_index.json").write_text("[1, 2")
    with pytest.raises(DataProblem, match=r"imdb_word_index\.json in the cache is damaged"):
        load("KerasIMDB", Place(tmp_path, tmp_path))
    (tmp_path / "datasets" / "imdb.npz").write_bytes(b"PK torn")
    with pytest.raises(DataProblem, match=r"imdb\.npz in the cache is damaged"):
        load("KerasIMDB", Place(tmp_path, tmp_path))


class _Trap:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_an_array_that_would_run_code_is_refused(tmp_path):
    trap = np.empty(1, object)
    trap[0] = _Trap(tmp_path / "run")
    np.savez(tmp_path / "x.npz", x=trap)
    with pytest.raises(DataProblem, match="damaged"):
        npz_arrays(tmp_path / "x.npz", ("x",))
    assert not (tmp_path / "run").exists()
