"""The palette: families, search, keys, drag."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QHoverEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from graph_compiler.catalog import registry
from tests.helpers.events import click_row, shown
from widgets.controls.focus import shows_focus
from widgets.fonts import fitting_size, text_width
from widgets.fuzzy import Match, search
from widgets.palette import MIME, Palette
from widgets.palette_rows import BAR, ENTRY_HEIGHT, FAMILY_HEIGHT, LINE, Family, entry_lines
from widgets.theme import DARK, LIGHT, themes


@pytest.fixture
def palette(qtbot) -> Palette:
    return shown(qtbot, Palette(registry()), 256, 800)


def names(palette: Palette) -> list[str]:
    return [row.name if isinstance(row, Family) else row.spec.name for row in palette.model.rows]


def row(palette: Palette, name: str) -> int:
    return palette.model.row_of(name)


def test_families_stand_in_order_with_their_counts(palette):
    families = [r for r in palette.model.rows if isinstance(r, Family)]
    assert [f.name for f in families][:6] == ["sources", "preprocessing", "convolution", "pooling", "core", "recurrent"]
    hidden = {"Block", "TimeDistributedBlock", "BlockInput", "BlockOutput"}
    assert sum(f.count for f in families) == len(registry().nodes) - len(hidden)
    assert not hidden & set(names(palette))


def test_a_click_on_a_family_opens_and_closes_it(palette):
    assert "MNIST" not in names(palette)
    click_row(palette.list, row(palette, "sources"))
    assert "MNIST" in names(palette)
    click_row(palette.list, row(palette, "sources"))
    assert "MNIST" not in names(palette)
    assert set(palette.expanded) == {"convolution", "core", "pooling"}


def test_lent_sources_are_folded_again_unless_somebody_chose(palette):
    before, folded = palette.expanded, names(palette)
    assert "MNIST" not in folded
    for _ in range(2):
        palette.lend_sources(True)
    assert "MNIST" in names(palette) and palette.expanded == before
    palette.lend_sources(False)
    assert names(palette) == folded
    palette.lend_sources(True)
    palette.model.toggle("sources")
    assert names(palette) == folded
    palette.model.toggle("sources")
    palette.lend_sources(False)
    assert "MNIST" in names(palette) and "sources" in palette.expanded
    palette.lend_sources(True)
    palette.lend_sources(False)
    assert "MNIST" in names(palette) and "sources" in palette.expanded


def test_folds_are_kept_through_a_search(palette):
    palette.model.toggle("sources")
    palette.model.toggle("pooling")
    before = names(palette)
    QTest.keyClicks(palette.search, "csv")
    assert names(palette) != before
    palette.search.clear()
    assert names(palette) == before


def test_the_ring_is_for_the_keyboard(palette):
    click_row(palette.list, 0)
    assert palette.list.hasFocus() and not shows_focus(palette.list)
    QTest.keyClick(palette.list, Qt.Key.Key_Down)
    assert shows_focus(palette.list)


def test_rows_have_the_heights_of_the_look(palette):
    for place, shown_row in enumerate(palette.model.rows):
        height = palette.list.visualRect(palette.model.index(place)).height()
        if isinstance(shown_row, Family):
            assert height == FAMILY_HEIGHT == 32
        else:
            name, summary = entry_lines(shown_row, palette.list.width() - BAR)
            assert height == ENTRY_HEIGHT + LINE * (len(name) + len(summary) - 2)
            assert len(name) + len(summary) > 2 or height == 44


@pytest.mark.parametrize("width", [224, 256, 320])
def test_no_name_and_no_description_is_cut(width):
    room = width - 50 - 22
    for spec in registry().nodes.values():
        name, summary = entry_lines(Match(spec, 0.0), width)
        assert "".join(name) == spec.name
        assert " ".join(summary).split() == spec.summary.split()
        size = fitting_size(spec.name, room, 13, 500)
        assert all(text_width(line, size, 500) <= room for line in name)
        assert all(text_width(line, 11) <= room for line in summary)


def test_a_double_click_adds(palette, qtbot):
    with qtbot.waitSignal(palette.add) as caught:
        click_row(palette.list, row(palette, "Conv2D"), double=True)
    assert caught.args == ["Conv2D"]


def test_typing_searches_and_enter_adds_the_best(palette, qtbot):
    palette.focus_search()
    QTest.keyClicks(palette.search, "maxp")
    assert names(palette)[0] == "MaxPooling2D"
    with qtbot.waitSignal(palette.add) as caught:
        QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert caught.args == ["MaxPooling2D"]
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    with qtbot.waitSignal(palette.add) as caught:
        QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert caught.args == [names(palette)[1]]
    QTest.keyClick(palette.search, Qt.Key.Key_Escape)
    assert palette.search.text() == ""
    assert "sources" in names(palette)


def test_a_cross_clears_the_search_with_the_mouse(palette):
    everything = names(palette)
    assert palette.search.cross.isHidden()
    QTest.keyClicks(palette.search, "csv")
    assert names(palette) != everything and palette.search.cross.isVisible()
    QTest.mouseClick(palette.search.cross, Qt.MouseButton.LeftButton)
    assert (palette.search.text(), names(palette)) == ("", everything)
    assert palette.search.cross.isHidden() and palette.search.hasFocus()


def test_what_is_not_there_is_said(palette):
    QTest.keyClicks(palette.search, "zzzz")
    assert palette.nothing.isVisible()
    assert not palette.list.isVisible()
    palette.search.clear()
    assert palette.list.isVisible()


def test_the_keyboard_walks_opens_and_adds(palette, qtbot):
    palette.list.setFocus()
    palette.list.setCurrentIndex(palette.model.index(row(palette, "sources")))
    QTest.keyClick(palette.list, Qt.Key.Key_Right)
    QTest.keyClick(palette.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(palette.add) as caught:
        QTest.keyClick(palette.list, Qt.Key.Key_Return)
    assert caught.args == ["MNIST"]
    QTest.keyClick(palette.list, Qt.Key.Key_Left)
    assert isinstance(palette.list.current(), Family)
    QTest.keyClick(palette.list, Qt.Key.Key_Left)
    assert "MNIST" not in names(palette)


def test_a_drag_carries_the_type(palette, monkeypatch):
    carried = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, *_: carried.append(
        (bytes(drag.mimeData().data(MIME).data()).decode(), drag.mimeData().text())))
    start = palette.list.visualRect(palette.model.index(row(palette, "Dense"))).center()
    view = palette.list.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    for step in range(1, 6):
        QTest.mouseMove(view, start + QPoint(8 * step, 4))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton)
    if not carried:  # the offscreen platform moves no pointer between press and release
        palette.list.startDrag(Qt.DropAction.CopyAction)
    assert carried == [("Dense", "Dense")]


def test_no_entry_stays_lit_after_a_drag(palette, monkeypatch):
    monkeypatch.setattr(QDrag, "exec", lambda drag, *_: None)
    lit, view = palette.list.visualRect(palette.model.index(row(palette, "Conv2D"))), palette.list.viewport()
    palette.list.setCurrentIndex(palette.model.index(row(palette, "Dense")))

    def fill() -> str:
        return view.grab().toImage().pixelColor(lit.left() + 4, lit.center().y()).name().upper()

    plain, place = fill(), QPointF(lit.center())
    QApplication.sendEvent(view, QHoverEvent(QEvent.Type.HoverMove, place, place, QPointF(-1, -1)))
    assert fill() == LIGHT.hover != plain
    palette.list.startDrag(Qt.DropAction.CopyAction)
    QApplication.sendEvent(view, QHoverEvent(QEvent.Type.HoverMove, place, place, QPointF(-1, -1)))  # of the move that began it
    QApplication.processEvents()
    assert fill() == plain


def test_families_cannot_be_dragged(palette):
    family, entry = (palette.model.index(row(palette, name)) for name in ("core", "Dense"))
    assert not palette.model.flags(family) & Qt.ItemFlag.ItemIsDragEnabled
    assert palette.model.flags(entry) & Qt.ItemFlag.ItemIsDragEnabled


@pytest.mark.parametrize(("typed", "first"), [
    ("conv", "Conv2D"), ("dense", "Dense"), ("bn", "BatchNormalization"), ("gap2", "GlobalAveragePooling2D"), ("relu", "ReLU"),
    ("fully", "Dense"), ("dropout", "Dropout"), ("mnist", "MNIST"), ("loss", "Loss"), ("max 1d", "MaxPooling1D")])
def test_few_letters_find_the_type_that_is_meant(typed, first):
    assert search(typed, registry().nodes.values())[0].spec.name == first


def test_lit_letters_are_those_that_were_typed():
    best = search("pool", registry().nodes.values())[0]
    assert "".join(best.spec.name[i] for i in best.lit).lower() == "pool"


def test_screen_readers_hear_name_and_description(palette):
    index = palette.model.index(row(palette, "Dense"))
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Dense. Every input to every unit"
    assert palette.search.accessibleName() == "Search layers"


def test_the_theme_is_followed(palette):
    def corner() -> str:
        return palette.grab().toImage().pixelColor(3, 3).name().upper()

    themes.use(DARK)
    try:
        assert corner() == DARK.panel
    finally:
        themes.use(LIGHT)
    assert corner() == LIGHT.panel
