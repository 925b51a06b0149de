"""The drawing as a picture: whole, sharp, the same whatever the view shows, in the colours of the theme."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor, QImage

from app.paths import template
from tests.helpers.canvas import shown, small
from widgets.canvas.picture import MARGIN, save_picture
from widgets.theme import DARK, LIGHT, theme, themes


@pytest.fixture
def view(qtbot):
    return shown(qtbot, small())


def test_a_png_has_the_whole_drawing_at_twice_the_pixels(view, tmp_path):
    save_picture(view, tmp_path / "net.png")
    image, box = QImage(str(tmp_path / "net.png")), view.canvas.content_rect()
    assert abs(image.width() - 2 * (box.width() + 2 * MARGIN)) <= 2
    assert image.pixelColor(2, 2) == theme().color("canvas")
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    assert len(colours) > 20


def test_an_svg_has_names_and_numbers_as_text(view, tmp_path):
    save_picture(view, tmp_path / "net.svg")
    text = (tmp_path / "net.svg").read_text("utf-8")
    words = set(re.findall(r">([^<>]+)</text>", text))
    assert {"Dense", "Loss"} <= {word.strip() for word in words}
    assert text.count("<path") > 5
    assert theme().canvas.lower() in text.lower()


def test_zoom_selection_and_place_of_the_view_do_not_matter(view, tmp_path):
    save_picture(view, tmp_path / "a.png")
    view.select(["dense_1"])
    view.zoom_to(0.1)
    save_picture(view, tmp_path / "b.png")
    assert QImage(str(tmp_path / "a.png")) == QImage(str(tmp_path / "b.png"))
    assert view.canvas.selected == ["dense_1"] and view.canvas.level == 0


def test_the_inside_of_a_block_is_pictured_where_one_is(qtbot, tmp_path):
    view = shown(qtbot, template("inception"))
    save_picture(view, tmp_path / "outside.png")
    block = next(n.id for n in view.document.document.graph.nodes.values() if n.block)
    view.trail.enter(block)
    save_picture(view, tmp_path / "inside.png")
    assert QImage(str(tmp_path / "inside.png")) != QImage(str(tmp_path / "outside.png"))


def test_the_theme_is_that_of_the_window(view, tmp_path):
    themes.use(DARK)
    try:
        save_picture(view, tmp_path / "dark.png")
    finally:
        themes.use(LIGHT)
    assert QImage(str(tmp_path / "dark.png")).pixelColor(2, 2) == QColor(DARK.canvas)


def test_a_place_that_cannot_be_written_is_an_error_and_an_empty_drawing_a_picture(view, tmp_path):
    with pytest.raises(OSError):
        save_picture(view, tmp_path / "missing" / "net.png")
    view.verbs.select_all()
    view.verbs.delete()
    save_picture(view, tmp_path / "empty.svg")
    assert (tmp_path / "empty.svg").stat().st_size > 100
