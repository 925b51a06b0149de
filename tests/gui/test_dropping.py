"""Files dropped on widgets: who takes them, what is said meanwhile, what is left to the widget around."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from tests.helpers.dropping import drop_files, hover_files, leave
from widgets.dropping import FileDrops
from widgets.theme import DARK, LIGHT, themes


@pytest.fixture
def nested(qtbot):
    """A page in a window: the page takes only tables, the window everything. (window, page, their drops, what was taken)"""
    window = QWidget()
    qtbot.addWidget(window)
    page = QWidget(window)
    page.setGeometry(100, 100, 300, 200)
    taken: list[tuple[str, str]] = []
    outer = FileDrops(window, lambda path: f"Open {path.name}", lambda path: taken.append(("window", path.name)))
    inner = FileDrops(page, lambda path: "Read" * (path.suffix == ".csv"), lambda path: taken.append(("page", path.name)))
    window.resize(600, 400)
    window.show()
    return window, page, outer, inner, taken


def test_the_innermost_widget_that_has_a_use_for_a_file_takes_it(nested, qtbot):
    window, page, _, _, taken = nested
    assert drop_files(page, Path("/x/a.csv"))
    assert drop_files(page, Path("/x/b.png"))
    assert drop_files(window, Path("/x/c.csv"))
    assert taken == []  # the other program does not wait for what follows
    qtbot.waitUntil(lambda: len(taken) == 3)
    assert taken == [("page", "a.csv"), ("window", "b.png"), ("window", "c.csv")]
    assert drop_files(page, Path("/x/b.png"), Path("/x/a.csv"))
    qtbot.waitUntil(lambda: taken[3:] == [("page", "a.csv")])


def test_a_sign_says_what_a_drop_would_do_and_goes_with_the_mouse(nested):
    window, page, outer, inner, _ = nested
    assert hover_files(window, Path("/x/b.png"))
    assert outer.sign.isVisible() and outer.sign.words == outer.sign.accessibleName() == "Open b.png"
    assert outer.sign.geometry() == window.rect()
    leave(window)
    assert not outer.sign.isVisible()
    assert hover_files(page, Path("/x/a.csv"))
    assert inner.sign.isVisible() and not outer.sign.isVisible()
    drop_files(page, Path("/x/a.csv"))
    assert not inner.sign.isVisible()


def test_a_drop_without_files_is_left_alone(nested):
    window, _, outer, _, taken = nested
    assert not hover_files(window)
    assert not drop_files(window)
    assert not outer.sign.isVisible() and taken == []


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_sign_covers_and_frames_its_widget_in_the_colours_of_the_theme(nested, theme):
    window = nested[0]
    themes.use(theme)
    hover_files(window, Path("/x/a-name-that-is-far-too-long-for-the-window-" + "x" * 90 + ".png"))
    image = window.grab().toImage()
    assert image.pixelColor(300, 8).name() == theme.color("accent").name()
    assert image.pixelColor(300, 182).name() == theme.color("card").name()
    themes.use(LIGHT)
