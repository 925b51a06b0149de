"""Text of several lines: the distances of the look, every word kept, room for all of it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage

from widgets.fonts import ui_font
from widgets.paragraph import line_height, lines, paragraph_height
from widgets.parts import Words

TEXT = "Slides filters over an image. Each filter learns one pattern and draws a map of where it is."


@pytest.mark.parametrize(("px", "height"), [(11, 16), (12, 16), (13, 20), (15, 20), (20, 28)])
def test_lines_stand_as_far_apart_as_the_look_says(qapp, px, height):
    assert line_height(ui_font(px)) == height


@pytest.mark.parametrize("width", [80, 200, 400])
def test_no_word_is_lost_and_no_line_too_long(qapp, width):
    font = ui_font(12)
    broken = lines(TEXT, font.toString(), width)
    assert " ".join(broken).split() == TEXT.split()
    assert paragraph_height(TEXT, font, width) == 16 * len(broken)
    assert lines("one\n\ntwo", font.toString(), width) == ("one", "", "two")


def test_a_long_word_breaks_where_it_must(qapp):
    broken = lines("SparseCategoricalCrossentropy", ui_font(13).toString(), 90)
    assert len(broken) > 1 and "".join(broken) == "SparseCategoricalCrossentropy"


def test_words_ask_for_the_height_they_paint(qtbot):
    words = Words(TEXT, 12, 400, "text", wrap=True)
    qtbot.addWidget(words)
    height = words.heightForWidth(200)
    assert height == 16 * len(lines(TEXT, words.font().toString(), 200)) > 32
    words.resize(200, height)
    words.show()
    picture = QImage(words.size(), QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    words.render(picture)
    assert rows_with_ink(picture)[-1] < picture.height() and rows_with_ink(picture)[-1] > picture.height() * 0.8


def rows_with_ink(picture: QImage) -> list[int]:
    ground = picture.pixelColor(picture.width() - 1, 0)
    return [y for y in range(picture.height())
            if any(differs(picture.pixelColor(x, y), ground) for x in range(0, picture.width(), 2))]


def differs(a: QColor, b: QColor) -> bool:
    return abs(a.lightness() - b.lightness()) > 60
