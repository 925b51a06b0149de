"""Each character of a date in words, and what it belongs to: day, month, year, weekday or something else."""

from __future__ import annotations

from functools import lru_cache

from graph_compiler.arrays import np
from graph_compiler.datasets import spoken_dates
from graph_compiler.datasets.dates import spoken_column
from graph_compiler.datasets.embedded import frozen
from graph_compiler.datasets.spoken_dates import LANGUAGES_PARAM, SEED, STYLES_PARAM, TAGS, chosen
from graph_compiler.datasets.tokens import PADDING, encode_rows
from graph_compiler.specs.datasets import DatasetSpec, Place, Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.tensors import Column

VOCABULARY = (PADDING, *TAGS)


@lru_cache(maxsize=64)
def tag_column(length: int) -> Column:
    """One tag a character; padding where there is none. Without a tokeniser: tags are no text."""
    return Column(name="tags", kind="tokens", shape=(length,), vocabulary=VOCABULARY,
                  summary="What each character belongs to: " + ", ".join(TAGS) + ".")


def schema(p: Values) -> Schema:
    """`text` and `tags`, equally long."""
    text = spoken_column(*chosen(p), "text")
    return Schema((text, tag_column(text.shape[0] or 0)), p["rows"], spoken_dates.shares(p["rows"]))


@lru_cache(maxsize=4)
def _table(rows: int, languages: tuple[str, ...], styles: tuple[str, ...], seed: int) -> Table:
    drawn, text = spoken_dates.draw(rows, languages, styles, seed), spoken_column(languages, styles, "text")
    tags = np.zeros((rows, text.shape[0] or 0), np.int32)
    number = {tag: i for i, tag in enumerate(VOCABULARY)}
    for row, (date, language, style) in enumerate(zip(drawn.dates, drawn.languages, drawn.styles, strict=True)):
        found = spoken_dates.tags(date, language, style)
        tags[row, :len(found)] = [number[tag] for tag in found]
    return Table({"text": frozen(encode_rows(drawn.texts, text)), "tags": frozen(tags)}, spoken_dates.given(rows))


def load(p: Values, place: Place) -> Table:
    """Dates that come once each, so no date of the test was trained on."""
    return _table(p["rows"], *chosen(p), p["seed"])


DATASET = DatasetSpec(
    name="DateTags", title="Parts of a date (generated)", summary="Day, month, year, weekday, letter by letter (generated)",
    text="Each character of a date in words belongs to its day, month, year or weekday, or to something else. Whether “3” is a "
         "day or a month shows only from what stands around it, on both sides.",
    origin="Generated with Babel from the Unicode CLDR", licence="BSD (Babel), Unicode License (CLDR)",
    params=(spoken_dates.rows_param(4000), LANGUAGES_PARAM, STYLES_PARAM, SEED), schema=schema, load=load, splits=("given",),
    thumbnails="text", keywords=("text", "sequence", "tagging", "many to many", "bidirectional", "babel"))
