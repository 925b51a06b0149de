"""The contrast figures of the look, computed from the tokens: nobody can make a text unreadable without a test that says so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import widgets
from widgets.theme import DARK, FAMILY_HUES, LIGHT, Theme

SURFACES = ("chrome", "panel", "canvas", "card", "field", "sunken", "hover")
THEMES = pytest.mark.parametrize("t", [LIGHT, DARK], ids=lambda t: t.name)


def luminance(color: str) -> float:
    parts = [int(color[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: str, b: str) -> float:
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def worst(t: Theme, ink: str, surfaces: tuple[str, ...]) -> float:
    return min(contrast(getattr(t, ink), getattr(t, surface)) for surface in surfaces)


def test_black_on_white_is_21():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize(("ink", "surfaces", "light", "dark"), [
    ("text", SURFACES, 14.0, 11.7), ("text2", SURFACES, 6.4, 6.9), ("text3", SURFACES, 4.7, 4.9),
    ("accent", SURFACES, 5.9, 6.1), ("error", SURFACES, 5.5, 6.0), ("ok", SURFACES, 5.0, 6.7), ("warn", SURFACES, 5.3, 7.4),
    ("onfill", ("accentfill",), 7.2, 5.1), ("onfill", ("errorfill",), 6.7, 5.2), ("notetext", ("note",), 8.7, 9.2),
    ("wire", ("canvas",), 3.3, 4.3)])
def test_the_worst_contrast_of_each_ink_is_as_the_look_says(ink, surfaces, light, dark):
    assert worst(LIGHT, ink, surfaces) == pytest.approx(light, abs=0.06)
    assert worst(DARK, ink, surfaces) == pytest.approx(dark, abs=0.06)


@THEMES
@pytest.mark.parametrize(("ink", "tint"), [
    ("accent", "accenttint"), ("text", "accenttint"), ("error", "errortint"), ("warn", "warntint"), ("ok", "oktint")])
def test_words_on_tints_can_be_read(t, ink, tint):
    assert contrast(getattr(t, ink), getattr(t, tint)) >= 4.5


@THEMES
def test_curves_stand_out_of_what_they_are_drawn_on(t):
    for curve in ("train", "val"):
        assert worst(t, curve, ("chrome", "panel", "card")) >= 4.5
    assert contrast(t.train, t.panel) != pytest.approx(contrast(t.val, t.panel), abs=0.01)


@THEMES
def test_icons_can_be_read_on_their_tiles(t):
    assert {name for name, hue in t.hues.items() if contrast(hue.ink, hue.tint) < 5.4} == set()


@THEMES
def test_every_family_has_a_hue(t):
    assert set(FAMILY_HUES.values()) <= t.hues.keys()


@THEMES
def test_both_themes_have_the_same_tokens_and_all_are_colours(t):
    values = {name: value for name, value in vars(t).items() if isinstance(value, str) and name != "name"}
    assert all(re.fullmatch(r"#[0-9A-F]{6}", value) for value in values.values())
    assert values.keys() == {name for name, value in vars(LIGHT).items() if isinstance(value, str) and name != "name"}


def test_no_other_file_holds_a_colour():
    root = Path(widgets.__file__).parent
    found = [path.relative_to(root).as_posix() for path in sorted(root.rglob("*.py")) if path.name != "theme.py"
             and re.search(r"#[0-9A-Fa-f]{6}\b", path.read_text("utf-8"))]
    assert found == []
