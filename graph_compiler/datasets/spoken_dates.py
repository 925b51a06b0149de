"""Dates in words, as Babel (Unicode CLDR) writes them in thirteen languages, with what each character belongs to.

The style `short` is not used: it has two readings. Those that are used have one, whatever the language. Dates lie between 1900
and 2099.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from graph_compiler.arrays import np
from graph_compiler.specs.nodes import Values
from graph_compiler.specs.params import Choices, Int

CODES = {"English": "en", "German": "de", "French": "fr", "Spanish": "es", "Italian": "it", "Portuguese": "pt", "Dutch": "nl",
         "Swedish": "sv", "Danish": "da", "Polish": "pl", "Finnish": "fi", "Turkish": "tr", "Hungarian": "hu"}
"""CLDR codes by the English name of the language."""
LANGUAGES = tuple(CODES)
STYLES = ("full", "long", "medium")
TAGS = ("other", "day", "month", "year", "weekday")
_FIELDS = {"d": "day", "M": "month", "L": "month", "y": "year", "E": "weekday", "c": "weekday", "e": "weekday"}
"""What a field of a CLDR pattern tells, by its letter."""
_FIRST, _LAST = datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)
DAYS = (_LAST - _FIRST).days + 1
"""How many different dates there are: 73,049."""


@dataclass(frozen=True)
class Part:
    """A piece of a written date. `texts` are what it can say: by day of the month, month or weekday; one text otherwise."""

    tag: str
    texts: tuple[str, ...]

    def say(self, date: datetime.date) -> str:
        """The piece for one date."""
        if self.tag == "year":
            return str(date.year)
        place = {"day": date.day - 1, "month": date.month - 1, "weekday": date.weekday()}.get(self.tag, 0)
        return self.texts[place]


@cache
def parts(language: str, style: str) -> tuple[Part, ...]:
    """The pieces a date consists of in one language and style, in order."""
    from babel import Locale
    from babel.dates import format_date, tokenize_pattern

    locale = Locale.parse(CODES[language])
    january = [datetime.date(2024, 1, d) for d in range(1, 32)]  # the first is a Monday
    samples = {"day": january, "month": [datetime.date(2024, m, 1) for m in range(1, 13)], "weekday": january[:7]}
    out = []
    for _, piece in tokenize_pattern(locale.date_formats[style].pattern):
        if isinstance(piece, str):
            out.append(Part("other", (piece,)))
        else:
            letter, width = piece
            dates = samples.get(_FIELDS[letter], ())
            out.append(Part(_FIELDS[letter], tuple(format_date(d, letter * int(width), locale) for d in dates)))
    return tuple(out)


def spoken(date: datetime.date, language: str, style: str) -> str:
    """A date in words: `spoken(date(1987, 3, 3), "French", "full")` is `mardi 3 mars 1987`."""
    return "".join(part.say(date) for part in parts(language, style))


def tags(date: datetime.date, language: str, style: str) -> list[str]:
    """What each character of the spoken date belongs to, one of `TAGS`."""
    return [part.tag for part in parts(language, style) for _ in part.say(date)]


@lru_cache(maxsize=64)
def letters(languages: tuple[str, ...], styles: tuple[str, ...]) -> str:
    """Every character such dates can have, in the order of their codes."""
    found = set("0123456789")
    for language in languages:
        for style in styles:
            found.update(c for part in parts(language, style) for text in part.texts for c in text)
    return "".join(sorted(found))


@lru_cache(maxsize=64)
def longest(languages: tuple[str, ...], styles: tuple[str, ...]) -> int:
    """Characters of the longest of such dates."""
    return max(sum(max(map(len, part.texts), default=4) for part in parts(language, style))
               for language in languages for style in styles)


@dataclass(frozen=True)
class Drawn:
    """Rows of dates, each date once: what is written, how, and which rows train, validate and test (80, 10, 10 %)."""

    dates: tuple[datetime.date, ...]
    languages: tuple[str, ...]
    styles: tuple[str, ...]

    @property
    def texts(self) -> list[str]:
        """The spoken dates."""
        return [spoken(*row) for row in zip(self.dates, self.languages, self.styles, strict=True)]


def draw(rows: int, languages: Sequence[str], styles: Sequence[str], seed: int) -> Drawn:
    """So many different dates, each in a language and style drawn for it."""
    random = np.random.default_rng(seed)
    days = random.permutation(DAYS)[:rows]
    dates = tuple(_FIRST + datetime.timedelta(days=int(day)) for day in days)
    spoken_in = tuple(languages[i] for i in random.integers(0, len(languages), rows))
    return Drawn(dates, spoken_in, tuple(styles[i] for i in random.integers(0, len(styles), rows)))


def shares(rows: int) -> tuple[int, int, int]:
    """Rows for training, validation and test."""
    tenth = max(1, rows // 10)
    return rows - 2 * tenth, tenth, tenth


def given(rows: int) -> dict[str, np.ndarray]:
    """Row numbers by part: the dates stand in no order, so the parts follow one another."""
    train, validation, _ = shares(rows)
    return {"train": np.arange(train), "validation": np.arange(train, train + validation),
            "test": np.arange(train + validation, rows)}


def chosen(p: Values) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Languages and styles of a source; an empty list stands for all."""
    return p["languages"] or LANGUAGES, p["styles"] or STYLES


def rows_param(default: int) -> Int:
    """How many dates; each comes once."""
    return Int(name="rows", default=default, minimum=30, maximum=DAYS, key=True, summary="How many dates, all different.")


LANGUAGES_PARAM = Choices(name="languages", default=list(LANGUAGES), options=LANGUAGES,
                          summary="The languages dates come in; none takes all.")
STYLES_PARAM = Choices(name="styles", default=list(STYLES), options=STYLES,
                       summary="full has the weekday, medium the month in short or as a number; none takes all.")
SEED = Int(name="seed", default=0, minimum=0, summary="Seed of the dates.")
