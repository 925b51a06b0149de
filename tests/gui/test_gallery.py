"""The gallery: cards made of real graphs, tags, search, recent files."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app import paths
from app.gallery import PICTURES_AFTER, Pictures, make_gallery
from app.themes import choose_text_size
from graph_compiler.catalog import registry
from tests.helpers.drawing import drawing
from tests.helpers.events import click, digits, shown
from widgets.gallery import GalleryPage, RecentFile, template_of
from widgets.gallery.miniature import SHOWN, miniature_of
from widgets.gallery.side import day_words


def template(name: str, title: str, *tags: str):
    return template_of(name, {"title": title, "summary": f"{title} in a sentence.", "tags": list(tags), "minutes": 0.5})


@pytest.fixture
def page(qtbot) -> GalleryPage:
    templates = [template("digits", "Digits", "image", "classification"), template("iris", "Iris", "table"),
                 template("prices", "House prices", "table", "regression")]
    return shown(qtbot, GalleryPage(templates), 1600, 900)


def titles(page: GalleryPage) -> list[str]:
    return [card.template.title for card in page.cards if card.isVisible()]


def test_a_click_opens_and_the_button_trains(page, qtbot):
    with qtbot.waitSignal(page.open_template) as caught:
        click(page.cards[1])
    assert caught.args == ["iris", False]
    page.cards[1].setFocus()
    assert page.cards[1].train.isVisible()
    with qtbot.waitSignal(page.open_template) as caught:
        click(page.cards[1].train)
    assert caught.args == ["iris", True]


def test_enter_opens_the_focused_card(page, qtbot):
    page.cards[0].setFocus()
    with qtbot.waitSignal(page.open_template) as caught:
        QTest.keyClick(page.cards[0], Qt.Key.Key_Return)
    assert caught.args == ["digits", False]


def test_only_kinds_that_are_there_can_be_chosen(page):
    page.filter.setFocus()
    assert page.filter.value == "All 3"
    QTest.keyClick(page.filter, Qt.Key.Key_Right)
    assert (page.filter.value, titles(page)) == ("Images", ["Digits"])
    QTest.keyClick(page.filter, Qt.Key.Key_Right)
    assert (page.filter.value, titles(page)) == ("Tables", ["Iris", "House prices"])
    QTest.keyClick(page.filter, Qt.Key.Key_Right)
    assert titles(page) == ["Digits", "Iris", "House prices"]


def test_search_looks_at_titles_summaries_and_tags(page, qtbot):
    QTest.keyClicks(page.search, "regr")
    assert titles(page) == ["House prices"]
    with qtbot.waitSignal(page.open_template) as caught:
        QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert caught.args == ["prices", False]
    QTest.keyClicks(page.search, "zzz")
    assert titles(page) == []
    assert page.nothing.isVisible()


def test_new_open_and_recent(page, qtbot):
    with qtbot.waitSignal(page.new):
        click(page.side.new_button)
    with qtbot.waitSignal(page.browse):
        click(page.side.open_button)
    page.set_recent([RecentFile("/nets/a.netloom", "a", "10 parameters"), RecentFile("/nets/b.netloom", "b")])
    with qtbot.waitSignal(page.open_file) as caught:
        click(page.side.rows[1])
    assert caught.args == ["/nets/b.netloom"]
    page.set_recent([])
    assert not page.side.recent_title.isVisible() and page.side.no_recent.isVisible()


def test_the_device_is_said(page):
    page.set_device("CPU, 8 threads", "No GPU was found.")
    assert page.side.device.accessibleName() == "CPU, 8 threads. No GPU was found."


def test_columns_follow_the_width(page, qtbot):
    def columns() -> int:
        return len({card.x() for card in page.cards})

    assert columns() == 3
    page.resize(1000, 900)
    qtbot.waitUntil(lambda: columns() == 2)
    assert page.cards[0].width() >= 260


def test_the_picture_is_the_graph():
    picture = miniature_of(digits(), registry())
    assert list(picture.bars) == ["mnist", "rescaling", "conv", "flatten", "dense", "loss"]
    assert [bar.column for bar in picture.bars.values()] == [0, 1, 2, 3, 4, 5]
    assert [bar.family for bar in picture.bars.values()] == [
        "sources", "preprocessing", "convolution", "reshape", "core", "objectives"]
    assert ("mnist", "loss") not in picture.wires
    assert picture.bars["conv"].share == max(bar.share for bar in picture.bars.values())


def test_branches_stand_one_below_the_other():
    picture = miniature_of(drawing("iris Iris", "a Dense", "b Dense", "add Add", "note Note", "iris.features > a > add.in#0",
                                   "iris.features > b > add.in#1"), registry())
    assert "note" not in picture.bars
    assert picture.bars["a"].column == picture.bars["b"].column == 1
    assert {picture.bars["a"].row, picture.bars["b"].row} == {-0.5, 0.5}
    assert picture.bars["add"].row == 0


def test_a_block_shows_its_largest_parts():
    picture = miniature_of(paths.template("dcgan"), registry())
    blocks = {name: bar.inside for name, bar in picture.bars.items() if bar.inside}
    assert set(blocks) == {"generator_1", "discriminator_1", "discriminator_2"}
    assert 0 < len(blocks["discriminator_1"]) <= SHOWN
    assert "convolution" in dict(blocks["discriminator_1"])


def test_what_is_generated_can_be_chosen_and_half_a_sentence_is_not_shown(qtbot):
    page = shown(qtbot, GalleryPage([template("gan", "A contest", "image", "generation"),
                                     template("code", "A code", "image", "autoencoder"), template("iris", "Iris", "table")]),
                 1600, 900)
    assert page.hint.isVisible()
    click(page.filter, QPoint(page.filter.width() - 20, 16))
    assert (page.filter.value, titles(page)) == ("Generative", ["A contest", "A code"])
    page.resize(1000, 800)
    qtbot.waitUntil(lambda: not page.hint.isVisible())


def test_a_circle_has_a_picture_too():
    picture = miniature_of(drawing("a Dense", "b Dense", "a > b > a"), registry())
    assert set(picture.bars) == {"a", "b"}


@pytest.mark.parametrize(("days", "words"), [
    (0, "today"), (-1, "yesterday"), (-3, "Tuesday"), (-8, "12 Nov"), (-400, "16 Oct 2025")])
def test_days_as_people_say_them(days, words):
    today = QDate(2026, 11, 20)
    assert day_words(today.addDays(days).startOfDay().toSecsSinceEpoch() + 3600, today) == words


@pytest.fixture
def drawn(qtbot, monkeypatch) -> Iterator[tuple[GalleryPage, Pictures]]:
    """A gallery of two templates on the screen, and what draws its pictures."""
    monkeypatch.setattr(paths, "template_ids", lambda: ["digits-cnn", "iris"])
    window = QWidget()
    qtbot.addWidget(window)
    page = make_gallery(window)
    pictures = Pictures(page)
    window.show()
    yield page, pictures


def test_pictures_come_after_the_cards(qtbot, drawn):
    page, pictures = drawn
    assert [card.picture for card in page.cards] == [None, None] and not pictures.settled
    assert page.cards[0].grab().size() == page.cards[0].size()
    qtbot.waitUntil(lambda: pictures.settled)
    assert [card.picture for card in page.cards] == [miniature_of(paths.template(card.template.id), registry())
                                                  for card in page.cards]
    assert "background" not in {thread.name for thread in threading.enumerate()}


def test_pictures_wait_until_the_gallery_is_seen_again(qtbot, drawn):
    page, pictures = drawn
    page.hide()
    QTest.qWait(3 * PICTURES_AFTER)
    assert pictures.settled and [card.picture for card in page.cards] == [None, None]
    page.show()
    qtbot.waitUntil(lambda: pictures.settled)
    assert all(card.picture is not None for card in page.cards)


def test_a_gallery_that_closes_makes_no_more_pictures(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    pictures = Pictures(make_gallery(window))
    window.show()
    pictures.shut_down()
    QTest.qWait(3 * PICTURES_AFTER)
    assert "background" not in {thread.name for thread in threading.enumerate()}


def test_a_card_tells_what_to_look_at_and_counts_nodes_without_sources_and_notes(qtbot):
    page = shown(qtbot, GalleryPage([template_of("digits", {"title": "Digits", "text": "Watch the pooling."}),
                                     template("iris", "Iris")]), 1600, 900)
    card, plain = page.cards
    card.setFocus()
    assert card.about.isVisible()
    before = card.grab().toImage()
    click(card.about)
    assert card.about.isChecked() and card.grab().toImage() != before
    plain.setFocus()
    assert card.about.isVisible(), "it can be closed again"
    assert not plain.about.isVisible(), "there is nothing to tell"
    page.search.setText("pooling")
    assert titles(page) == ["Digits"]


def test_nodes_are_counted_without_sources_and_notes():
    document = paths.template("digits-cnn")
    kinds = [registry().node(node.type).kind for node in document.graph.nodes.values()]
    assert {"source", "note"} <= set(kinds)
    assert miniature_of(document, registry()).nodes == sum(kind not in ("source", "note", "frame") for kind in kinds)


def test_cards_grow_with_the_text(page, qtbot):
    before = page.cards[0].height()
    choose_text_size(150)
    qtbot.waitUntil(lambda: page.cards[0].height() > before)
    assert page.cards[0].rect().contains(page.cards[0].train.geometry())
    choose_text_size(100)
    qtbot.waitUntil(lambda: page.cards[0].height() == before == 251)


def test_the_keyboard_is_at_the_first_card_that_is_shown(page, qtbot):
    page.take_keyboard()
    assert page.cards[0].hasFocus()
    page.search.setText("iris")
    page.take_keyboard()
    assert next(card for card in page.cards if card.hasFocus()).template.id == "iris"
