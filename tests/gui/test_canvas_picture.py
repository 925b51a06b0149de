"""The drawing as a picture: whole, sharp, the same whatever the view shows, in the colours of the theme."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

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


def test_an_svg_looks_like_the_png_in_another_program(view, tmp_path):
    view.select(["dense_1"])
    view.verbs.freeze()
    view.select(["dense_2"])
    view.verbs.mute()
    save_picture(view, tmp_path / "net.svg")
    save_picture(view, tmp_path / "net.png")
    drawing = QSvgRenderer(str(tmp_path / "net.svg"))
    assert drawing.isValid()
    png = QImage(str(tmp_path / "net.png"))
    svg = QImage(png.size(), QImage.Format.Format_RGB32)
    painter = QPainter(svg)
    drawing.render(painter)
    painter.end()
    both = [to_array(image) for image in (png, svg)]
    apart = np.abs(both[0] - both[1]).max(axis=-1)
    assert (apart > 60).mean() < 0.004  # edges of letters; no strip beyond its corner, no patches of a shadow
    assert apart.mean() < 0.6


def to_array(image: QImage) -> np.ndarray:
    """Pixels as int [H, W, 3]."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, :3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).astype(int)


def test_an_svg_is_as_large_as_on_screen_and_has_letters_everywhere(view, tmp_path):
    save_picture(view, tmp_path / "net.svg")
    text = (tmp_path / "net.svg").read_text("utf-8")
    width = float(re.search(r'<svg width="([\d.]+)mm"', text)[1])
    assert width / 25.4 * 96 == pytest.approx(view.canvas.content_rect().width() + 2 * MARGIN, abs=1)
    families = set(re.findall(r'font-family="([^"]*)"', text))
    assert families and all(names.endswith((",sans-serif", ",monospace")) for names in families)
    assert len({names.rpartition(",")[2] for names in families}) == 2


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
