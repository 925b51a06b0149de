"""50,000 film reviews and whether they praise or pan, downloaded once into Keras's cache."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from graph_compiler.arrays import np
from graph_compiler.datasets import word_sets
from graph_compiler.datasets.download import have, npz_arrays
from graph_compiler.datasets.embedded import frozen
from graph_compiler.datasets.word_sets import BASE
from graph_compiler.specs.datasets import DatasetSpec, Download, Place, Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.tensors import Column

DOWNLOADS = (Download(BASE + "imdb.npz", "imdb.npz", 17_464_789,
                      "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"),
             Download(BASE + "imdb_word_index.json", "imdb_word_index.json", 1_641_221, "bfafd718b763782e994055a2d397834f"))
LABEL = Column(name="label", kind="category", classes=("negative", "positive"), summary="What the review thinks of the film.")
EACH = 25_000


def schema(p: Values) -> Schema:
    """`text` and `label`: 25,000 reviews to train on, 25,000 to test with."""
    return Schema((word_sets.words_column(p["length"]), LABEL), 2 * EACH, (EACH, 0, EACH))


@lru_cache(maxsize=2)
def _table(path: Path, index: Path, length: int, num_words: int) -> Table:
    z = npz_arrays(path, ("x_train", "y_train", "x_test", "y_test"))
    texts = word_sets.cut([*z["x_train"], *z["x_test"]], length, num_words)
    labels = np.concatenate([z["y_train"], z["y_test"]]).astype(np.int32)
    first = len(z["y_train"])
    given = {"train": np.arange(first), "test": np.arange(first, len(labels))}
    return Table({"text": frozen(texts), "label": frozen(labels)}, given,
                 vocabularies={"text": word_sets.vocabulary(index, num_words)})


def load(p: Values, place: Place) -> Table:
    """The reviews from the cache."""
    path, index = have(DOWNLOADS, place, "KerasIMDB")
    return _table(path, index, p["length"], p["num_words"])


DATASET = DatasetSpec(
    name="KerasIMDB", title="IMDB film reviews", summary="Does a review praise or pan? (download)",
    text="50,000 film reviews as words, half of them good and half of them bad: 25,000 to train on and 25,000 to test with. "
         "19 MB, downloaded once. Give Embedding an input_dim of num_words.",
    origin="A. Maas and others: Learning Word Vectors for Sentiment Analysis, 2011", licence="Free to use with citation",
    params=word_sets.params(200), schema=schema, load=load, downloads=DOWNLOADS, thumbnails="text",
    keywords=("text", "sentiment", "words", "reviews", "classification", "download"))
