"""11,228 news of Reuters and what they are about, downloaded once into Keras's cache."""

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

DOWNLOADS = (Download(BASE + "reuters.npz", "reuters.npz", 2_110_848,
                      "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916"),
             Download(BASE + "reuters_word_index.json", "reuters_word_index.json", 550_378, "4d44cc38712099c9e383dc6e5f11a921"))
TOPICS = (
    "cocoa", "grain", "veg-oil", "earn", "acq", "wheat", "copper", "housing", "money-supply", "coffee", "sugar", "trade",
    "reserves", "ship", "cotton", "carcass", "crude", "nat-gas", "cpi", "money-fx", "interest", "gnp", "meal-feed", "alum",
    "oilseed", "gold", "tin", "strategic-metal", "livestock", "retail", "ipi", "iron-steel", "rubber", "heat", "jobs", "lei",
    "bop", "zinc", "orange", "pet-chem", "dlr", "gas", "silver", "wpi", "hog", "lead")
LABEL = Column(name="label", kind="category", classes=TOPICS, summary="The topic.")
ROWS, TRAIN = 11_228, 8982
SEED = 113
"""Keras's own: the same texts are its test."""


def schema(p: Values) -> Schema:
    """`text` and `label`: 8,982 news to train on, 2,246 to test with, as Keras splits them."""
    return Schema((word_sets.words_column(p["length"]), LABEL), ROWS, (TRAIN, 0, ROWS - TRAIN))


@lru_cache(maxsize=2)
def _table(path: Path, index: Path, length: int, num_words: int) -> Table:
    z = npz_arrays(path, ("x", "y"))
    order = np.arange(len(z["y"]))
    np.random.RandomState(SEED).shuffle(order)
    texts = word_sets.cut(list(z["x"][order]), length, num_words)
    first = int(len(order) * 0.8)
    given = {"train": np.arange(first), "test": np.arange(first, len(order))}
    return Table({"text": frozen(texts), "label": frozen(z["y"][order].astype(np.int32))}, given,
                 vocabularies={"text": word_sets.vocabulary(index, num_words)})


def load(p: Values, place: Place) -> Table:
    """The news from the cache."""
    path, index = have(DOWNLOADS, place, "KerasReuters")
    return _table(path, index, p["length"], p["num_words"])


DATASET = DatasetSpec(
    name="KerasReuters", title="Reuters news", summary="Which of 46 topics is a piece of news about? (download)",
    text="11,228 short news of 1987 as words, each of one of 46 topics, some of them rare: 8,982 to train on and 2,246 to "
         "test with. 2.7 MB, downloaded once. Give Embedding an input_dim of num_words.",
    origin="Reuters-21578, D. Lewis; as Keras has it", licence="Free to use for research",
    params=word_sets.params(200), schema=schema, load=load, downloads=DOWNLOADS, thumbnails="text",
    keywords=("text", "topics", "words", "news", "classification", "download"))
