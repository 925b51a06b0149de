"""Any picture becomes what the network was trained on."""

from __future__ import annotations

import numpy as np
import pytest

from graph_compiler.datasets import digits, fashion_mnist, mnist
from graph_compiler.datasets.pictures import PictureStyle, fit_picture, resize_area, style_of

IMAGES = {"mnist": mnist, "fashion": fashion_mnist, "digits": digits}


def images(name):
    return IMAGES[name].table().arrays["image"]


def photographs(n=40):
    return np.random.default_rng(0).integers(0, 256, (n, 32, 32, 3), np.uint8)


def test_styles_are_measured():
    style = style_of(images("mnist"))
    assert (style.dark, style.plain, style.top, style.box, style.by_mass) == (True, True, 255, 20, True)
    assert style.offset == pytest.approx((0.5, 0.5), abs=0.1)
    assert style_of(images("digits")).top == 16
    assert style_of(255 - images("mnist")).dark is False
    assert style_of(photographs()).plain is False


@pytest.mark.parametrize("kind", ["grey", "colour", "light", "transparent"])
def test_an_enlarged_digit_comes_back_as_it_was(kind):
    style, exact = style_of(images("mnist")), 0
    for picture in images("mnist")[:60]:
        big = np.pad(np.kron(picture[..., 0], np.ones((9, 9), np.uint8)), ((40, 90), (10, 30)))
        given = {"grey": big, "light": 255 - big, "colour": np.stack([255 - big] * 3, axis=-1),
                 "transparent": np.stack([np.zeros_like(big)] * 3 + [big], axis=-1)}[kind]
        seen = fit_picture(given, (28, 28, 1), style)
        assert seen.shape == (28, 28, 1)
        assert seen.dtype == np.uint8
        exact += int(np.abs(seen.astype(int) - picture).mean() <= 1)
    assert exact >= 54  # the centre of mass of a few lies between two pixels


def test_range_and_background_follow_the_data_set():
    drawn = np.full((100, 100), 255, np.uint8)
    drawn[30:70, 45:55] = 0
    seen = fit_picture(drawn, (8, 8, 1), style_of(images("digits")))
    assert (seen.min(), seen.max()) == (0, 16)
    light = fit_picture(drawn, (28, 28, 1), style_of(255 - images("mnist")))
    assert light[0, 0, 0] == 255
    assert light.min() == 0


def test_photographs_are_cropped_and_scaled_only():
    picture = np.zeros((64, 128, 3), np.uint8)
    picture[:, 32:96] = (200, 100, 50)
    seen = fit_picture(picture, (32, 32, 3), style_of(photographs()))
    assert (seen == (200, 100, 50)).all()


def test_grey_pictures_serve_colour_columns():
    assert fit_picture(np.full((50, 50), 90, np.uint8), (32, 32, 3), style_of(photographs())).shape == (32, 32, 3)
    assert fit_picture(np.full((50, 50, 1), 90, np.uint8), (32, 32, 3), style_of(photographs())).max() == 90


def test_an_empty_drawing_is_plain_background():
    assert not fit_picture(np.zeros((280, 280), np.uint8), (28, 28, 1), style_of(images("mnist"))).any()
    assert not fit_picture(np.full((280, 280), 255, np.uint8), (28, 28, 1), style_of(images("mnist"))).any()


def test_area_resize_keeps_means_and_is_exact_for_whole_factors():
    picture = np.arange(36, dtype=np.float32).reshape(6, 6, 1)
    assert resize_area(picture, (3, 2))[0, 0, 0] == pytest.approx(picture[:2, :3].mean())
    assert resize_area(picture, (4, 5)).mean() == pytest.approx(picture.mean())
    assert resize_area(picture, (12, 6))[..., 0].min() == 0
    assert np.array_equal(resize_area(picture, (6, 6)), picture)


@pytest.mark.parametrize("wrong", [np.zeros((5, 5, 2), np.uint8), np.zeros((0, 5), np.uint8), np.zeros(5, np.uint8)])
def test_what_is_no_picture_is_refused(wrong):
    with pytest.raises(ValueError, match="channels"):
        fit_picture(wrong, (28, 28, 1), PictureStyle())


def test_a_free_axis_is_refused():
    with pytest.raises(ValueError, match="three known sizes"):
        fit_picture(np.zeros((5, 5), np.uint8), (None, 28, 1), PictureStyle())
