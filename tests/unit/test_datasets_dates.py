"""Dates in words: what Babel writes, one reading each, no date of the test in training, and a tag for each character."""

from __future__ import annotations

import datetime
from functools import cache

import numpy as np
import pytest
from babel.dates import format_date

from graph_compiler.datasets import date_language, spoken_dates
from graph_compiler.datasets.split import split_rows
from graph_compiler.datasets.spoken_dates import CODES, LANGUAGES, STYLES, TAGS, spoken, tags
from graph_compiler.datasets.tokens import decode, used
from tests.helpers.sources import column, load

TUESDAY = datetime.date(1987, 3, 3)


@cache
def every_kind():
    """A date for each weekday, day and month there is: what a spoken date says beside the year."""
    found = {}
    for day in range(28 * 366):
        date = datetime.date(2000, 1, 1) + datetime.timedelta(days=day)
        found.setdefault((date.month, date.day, date.weekday()), date)
    return tuple(found.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("style", STYLES)
def test_dates_are_written_as_babel_writes_them(language, style):
    for date in every_kind()[::17]:
        assert spoken(date, language, style) == format_date(date, style, CODES[language])
        assert len(tags(date, language, style)) == len(spoken(date, language, style))


def test_known_dates_and_tags():
    assert spoken(TUESDAY, "French", "full") == "mardi 3 mars 1987"
    assert spoken(TUESDAY, "Danish", "full") == "tirsdag den 3. marts 1987"
    assert tags(TUESDAY, "French", "long") == ["day", "other", *["month"] * 4, "other", *["year"] * 4]
    assert set(tags(TUESDAY, "Turkish", "full")) == set(TAGS)
    assert len(LANGUAGES) == 13 and len(every_kind()) == 7 * 366


def test_every_spoken_date_has_one_reading():
    read = {}
    for date in every_kind():
        for language in LANGUAGES:
            for style in STYLES:
                text = spoken(date, language, style)
                assert read.setdefault(text, date) == date, text


def test_the_best_possible_accuracy_of_the_language_is_one():
    assert len(date_language.LANGUAGES) == 12
    for date in every_kind():
        texts = [spoken(date, language, "full") for language in date_language.LANGUAGES]
        assert len(set(texts)) == 12, texts


def test_texts_fit_their_vocabulary_and_length():
    allowed, length = set(spoken_dates.letters(LANGUAGES, STYLES)), spoken_dates.longest(LANGUAGES, STYLES)
    texts = [spoken(d, language, style) for d in every_kind()[::13] for language in LANGUAGES for style in STYLES]
    assert set("".join(texts)) <= allowed
    assert 30 < max(map(len, texts)) <= length == 38


@pytest.mark.parametrize("name", ["Dates", "DateLanguage", "DateTags"])
def test_no_date_of_the_test_was_seen_in_training(name):
    rows = 2000
    drawn = spoken_dates.draw(rows, LANGUAGES, STYLES, 0)
    assert len(set(drawn.dates)) == rows
    table, schema, p = load(name, rows=rows)
    parts = split_rows(table, p)
    assert [len(part) for part in parts.values()] == [1600, 200, 200]
    texts = [decode(row, schema.columns[0]) for row in table.arrays[schema.columns[0].name]]
    seen = {texts[i] for i in parts["train"]} | {texts[i] for i in parts["validation"]}
    assert not seen & {texts[i] for i in parts["test"]}


def test_dates_and_their_iso_form():
    table, schema, _ = load("Dates", rows=300, languages=["French"], styles=["full"])
    text, iso = column(schema, "spoken"), column(schema, "iso")
    assert iso.shape == (11,) and (iso.start, iso.end) == (1, 2)
    assert table.arrays["iso"][0, -1] == 2, "the end mark stands behind the date"
    for row in range(20):
        date = datetime.date.fromisoformat(decode(table.arrays["iso"][row], iso))
        assert decode(table.arrays["spoken"][row], text) == spoken(date, "French", "full")


def test_no_language_stands_for_all():
    _, every, _ = load("Dates", rows=300)
    _, none, _ = load("Dates", rows=300, languages=[], styles=[])
    assert every.columns == none.columns


def test_languages_of_dates():
    table, schema, _ = load("DateLanguage", rows=600)
    words = [decode(row, schema.columns[0]) for row in table.arrays["text"]]
    english = table.arrays["language"] == date_language.LANGUAGES.index("English")
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    assert [w.startswith(days) for w in words] == english.tolist()
    assert np.bincount(table.arrays["language"], minlength=12).min() > 25


def test_a_tag_for_each_character():
    table, schema, _ = load("DateTags", rows=300, languages=["English"], styles=["long"])
    text, names = table.arrays["text"], schema.columns[1].vocabulary
    assert np.array_equal(used(text), used(table.arrays["tags"]))
    for row in range(20):
        words = decode(text[row], schema.columns[0])
        day = "".join(c for c, tag in zip(words, table.arrays["tags"][row], strict=False) if names[tag] == "day")
        assert words.split()[1] == f"{day},"
