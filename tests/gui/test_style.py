"""Style sheet, palette and focus ring."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLineEdit, QPushButton, QSlider, QVBoxLayout, QWidget

from tests.helpers.events import shown
from widgets import style
from widgets.focus_ring import FocusRing
from widgets.theme import DARK, LIGHT

THEMES = pytest.mark.parametrize("t", [LIGHT, DARK], ids=lambda t: t.name)


@THEMES
def test_every_token_and_picture_of_the_sheet_is_filled_in(qapp, t):
    sheet = style.sheet(t)
    assert "@" not in sheet
    pictures = re.findall(r"url\((.*?)\)", sheet)
    assert pictures
    assert all(Path(name).is_file() for name in pictures)
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", sheet)) <= {value for value in vars(t).values() if isinstance(value, str)}


@THEMES
def test_the_palette_is_the_theme(qapp, t):
    made = style.palette(t)
    assert made.color(QPalette.ColorRole.Window).name().upper() == t.panel
    assert made.color(QPalette.ColorRole.Highlight).name().upper() == t.accentfill


@THEMES
def test_high_contrast_draws_lines_in_the_colour_of_captions(t):
    assert style.high_contrast(t).line2 == style.high_contrast(t).line == t.text3
    assert style.high_contrast(t).text == style.high_contrast(t).text2 == t.text
    assert style.high_contrast(t).text3 == t.text2 and style.high_contrast(t).halo == t.accent


def test_the_ring_follows_fields_and_leaves_other_widgets_alone(qtbot):
    home = QWidget()
    box = QVBoxLayout(home)
    field, other, button = QLineEdit(), QLineEdit(), QPushButton("x")
    for widget in (field, other, button):
        box.addWidget(widget)
    shown(qtbot, home, 200, 160)
    ring = FocusRing(home)
    ring.follow(None, field)
    assert ring._ring is not None
    assert ring._ring.geometry() == field.geometry().adjusted(-2, -2, 2, 2)
    home.resize(260, 160)
    qtbot.waitUntil(lambda: ring._ring.geometry() == field.geometry().adjusted(-2, -2, 2, 2))
    ring.follow(field, other)
    assert ring._ring.geometry() == other.geometry().adjusted(-2, -2, 2, 2)
    other.hide()
    assert ring._ring is None
    ring.follow(other, button)
    assert ring._ring is None


def test_the_ring_finds_room_around_a_tight_editor(qtbot):
    home, tight, field = QWidget(), QWidget(), QLineEdit()
    for outside, inside, margin in ((home, tight, 8), (tight, field, 0)):
        box = QVBoxLayout(outside)
        box.setContentsMargins(margin, margin, margin, margin)
        box.addWidget(inside)
    shown(qtbot, home, 200, 60)
    ring = FocusRing(home)
    ring.follow(None, field)
    assert ring._ring.parentWidget() is home
    assert ring._ring.geometry() == QRect(field.mapTo(home, QPoint()), field.size()).adjusted(-2, -2, 2, 2)
    home.resize(300, 60)
    qtbot.waitUntil(lambda: ring._ring.width() == tight.width() + 4)
    tight.hide()
    assert ring._ring is None


@THEMES
def test_the_knob_of_a_slider_is_whole_and_told_from_its_ground_by_the_accent(qtbot, t):
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setStyleSheet(style.sheet(t))
    slider.setValue(50)
    shown(qtbot, slider, 72, slider.sizeHint().height())
    slider.clearFocus()
    picture = slider.grab().toImage()
    middle = range(25, 47)

    def rows_of(token: str) -> list[int]:
        return [y for y in range(picture.height()) for x in middle if picture.pixelColor(x, y).name().upper() == token]

    ring = rows_of(t.accent)
    assert max(ring) - min(ring) == 15 and min(ring) > 0, "16 px high, not cut"
    slider.setFocus()
    qtbot.waitUntil(slider.hasFocus)
    filled, picture = len(ring), slider.grab().toImage()
    assert len(rows_of(t.accent)) > 1.5 * filled
