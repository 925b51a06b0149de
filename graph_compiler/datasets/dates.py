"""Dates in words, in many languages, and the same dates as ISO writes them: a small translation with an exact answer."""

from __future__ import annotations

from functools import lru_cache

from graph_compiler.datasets import spoken_dates
from graph_compiler.datasets.embedded import frozen
from graph_compiler.datasets.spoken_dates import LANGUAGES_PARAM, SEED, STYLES_PARAM, chosen
from graph_compiler.datasets.tokens import characters, encode_rows
from graph_compiler.specs.datasets import DatasetSpec, Place, Schema, Table
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.tensors import Column

ISO = characters("iso", "-0123456789", len("1987-03-03") + 1, end=True, summary="The date as ISO 8601 writes it.")


@lru_cache(maxsize=64)
def spoken_column(languages: tuple[str, ...], styles: tuple[str, ...], name: str = "spoken") -> Column:
    """The column of dates in words, as long as the longest of them."""
    return characters(name, spoken_dates.letters(languages, styles), spoken_dates.longest(languages, styles),
                      summary="The date in words.")


def schema(p: Values) -> Schema:
    """`spoken` and `iso`, both characters."""
    columns = (spoken_column(*chosen(p)), ISO)
    return Schema(columns, p["rows"], spoken_dates.shares(p["rows"]))


@lru_cache(maxsize=4)
def _table(rows: int, languages: tuple[str, ...], styles: tuple[str, ...], seed: int) -> Table:
    drawn = spoken_dates.draw(rows, languages, styles, seed)
    iso = encode_rows([date.isoformat() for date in drawn.dates], ISO)
    texts = encode_rows(drawn.texts, spoken_column(languages, styles))
    return Table({"spoken": frozen(texts), "iso": frozen(iso)}, spoken_dates.given(rows))


def load(p: Values, place: Place) -> Table:
    """Dates that come once each, so no date of the test was trained on."""
    return _table(p["rows"], *chosen(p), p["seed"])


DATASET = DatasetSpec(
    name="Dates", title="Dates in words (generated)", summary="Dates in thirteen languages to ISO dates (generated)",
    text="“mardi 3 mars 1987” becomes “1987-03-03”. The dates are written by Babel in thirteen languages and three styles, "
         "each date once, so the test asks for dates that were never seen. Put Shift between iso and the decoder, and iso "
         "itself at the target.",
    origin="Generated with Babel from the Unicode CLDR", licence="BSD (Babel), Unicode License (CLDR)",
    params=(spoken_dates.rows_param(15_000), LANGUAGES_PARAM, STYLES_PARAM, SEED), schema=schema, load=load,
    splits=("given",), thumbnails="spoken",
    keywords=("translation", "sequence", "text", "language", "attention", "encoder", "decoder", "babel"))
