"""Which of twelve languages a date is written in."""

from __future__ import annotations

from functools import lru_cache

from graph_compiler.arrays import np
from graph_compiler.datasets import spoken_dates
from graph_compiler.datasets.dates import spoken_column
from graph_compiler.datasets.embedded import frozen
from graph_compiler.datasets.spoken_dates import SEED
from graph_compiler.datasets.tokens import encode_rows
from graph_compiler.specs.datasets import DatasetSpec, Place, Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.tensors import Column

LANGUAGES = tuple(name for name in spoken_dates.LANGUAGES if name != "Portuguese")
"""Twelve of which no two write any date alike. Portuguese and Spanish share “domingo, 4 de agosto de 1985”."""

STYLE = ("full",)
LANGUAGE = Column(name="language", kind="category", classes=LANGUAGES, summary="The language of the date.")


def schema(p: Values) -> Schema:
    """`text` and `language`."""
    return Schema((spoken_column(LANGUAGES, STYLE, "text"), LANGUAGE), p["rows"], spoken_dates.shares(p["rows"]))


@lru_cache(maxsize=4)
def _table(rows: int, seed: int) -> Table:
    drawn = spoken_dates.draw(rows, LANGUAGES, STYLE, seed)
    numbers = np.array([LANGUAGES.index(language) for language in drawn.languages], np.int32)
    texts = encode_rows(drawn.texts, spoken_column(LANGUAGES, STYLE, "text"))
    return Table({"text": frozen(texts), "language": frozen(numbers)}, spoken_dates.given(rows))


def load(p: Values, place: Place) -> Table:
    """Dates that come once each, every one in one language.

    A text that were valid in several languages would have several right answers. There is none: over all 73,049 dates the
    twelve never write the same, so one label is the whole truth and the best possible accuracy is 1.
    """
    return _table(p["rows"], p["seed"])


DATASET = DatasetSpec(
    name="DateLanguage", title="Language of a date (generated)", summary="Which of twelve languages is it? (generated)",
    text="Dates written in full by Babel, with weekday and month in words: English, German, French, Spanish, Italian, Dutch, "
         "Swedish, Danish, Polish, Finnish, Turkish or Hungarian. No date is written alike in two of them, so every one can be "
         "told. Test dates were never seen in training.",
    origin="Generated with Babel from the Unicode CLDR", licence="BSD (Babel), Unicode License (CLDR)",
    params=(spoken_dates.rows_param(6000), SEED), schema=schema, load=load, splits=("given",), thumbnails="text",
    keywords=("text", "language", "sequence", "classification", "many to one", "babel"))
