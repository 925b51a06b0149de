"""The guide in the real window: opened from everywhere, searched, followed, left."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.window import MainWindow
from graph_compiler.graph.edits import SetTraining
from tests.helpers.window import opened_window
from widgets.guide.page import GuidePage
from widgets.theme import DARK, LIGHT, theme

CONTROL, SHIFT, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
IMAGE = QTextDocument.ResourceType.ImageResource.value


@pytest.fixture
def window(qtbot, monkeypatch) -> MainWindow:
    window = opened_window(qtbot, monkeypatch)
    yield window
    window.guide.shut_down()


def opened(window: MainWindow, article: str = "") -> GuidePage:
    window.guide.open(article)
    assert window.guide.page is not None
    return window.guide.page


def test_f1_on_a_selected_node_explains_its_type(window, qtbot):
    window.open_template("digits-cnn")
    window.canvas.select(["conv2d_2"])
    QTest.keyClick(window.canvas, Qt.Key.Key_F1)
    page = window.guide.page
    assert window.guide.shown and page.current.title == "Conv2D"
    assert "kernel_size" in page.browser.toPlainText()
    QTest.keyClick(page.browser, Qt.Key.Key_Escape)
    assert not window.in_gallery and window.canvas.hasFocus()
    assert window.canvas.canvas.selected == ["conv2d_2"]


def test_f1_in_the_gallery_opens_the_beginning_and_escape_goes_back(window, qtbot):
    QTest.keyClick(window.gallery, Qt.Key.Key_F1)
    assert window.guide.shown and window.guide.page.current.id == "first-steps"
    QTest.keyClick(window.guide.page.browser, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is window.gallery


def test_the_question_mark_of_the_inspector(window, qtbot):
    window.open_template("vae")
    window.canvas.select(["sampling_1"])
    qtbot.mouseClick(window.inspector.page.header.guide, Qt.MouseButton.LeftButton)
    assert window.guide.page.current.title == "Sampling"
    window.guide.leave()
    window.canvas.select(["encoder_1"])
    qtbot.mouseClick(window.inspector.page.header.guide, Qt.MouseButton.LeftButton)
    assert window.guide.page.current.id == "blocks"


def test_search_by_keyboard(window, qtbot):
    page = opened(window)
    page.contents.search.setFocus()
    QTest.keyClicks(page.contents.search, "siamese")
    assert page.contents.listed[0] == "siamese"
    QTest.keyClick(page.contents.search, Qt.Key.Key_Return)
    assert page.current.id == "siamese"
    QTest.keyClick(page.contents.search, Qt.Key.Key_Escape)
    assert window.guide.shown and len(page.contents.listed) > 25
    page.contents.search.setText("xyzzy")
    assert page.contents.nothing.isVisible() and page.contents.listed == []


def test_layers_are_found_though_they_are_not_in_the_contents(window):
    page = opened(window)
    assert "layer-GRU" not in page.contents.listed
    page.contents.search.setText("gru")
    assert page.contents.listed[0] == "layer-GRU"


def test_links_back_and_forward(window, qtbot):
    page = opened(window, "gan")
    page.browser.anchorClicked.emit(QUrl("guide:wgan-gp"))
    page.browser.anchorClicked.emit(QUrl("layer:AdversarialLoss"))
    assert page.current.title == "AdversarialLoss"
    QTest.keyClick(page.browser, Qt.Key.Key_Left, ALT)
    assert page.current.id == "wgan-gp"
    qtbot.mouseClick(page.back, Qt.MouseButton.LeftButton)
    assert page.current.id == "gan"
    qtbot.mouseClick(page.forward, Qt.MouseButton.LeftButton)
    assert page.current.id == "wgan-gp"
    qtbot.mouseClick(page.next, Qt.MouseButton.LeftButton)
    assert page.current.id != "wgan-gp" and page.browser.verticalScrollBar().value() == 0


def test_names_of_layers_lead_to_their_articles_but_not_from_there_to_themselves(window):
    page = opened(window, "attention")
    assert "layer:Attention" in page.browser.toHtml() and "layer:MultiHeadAttention" in page.browser.toHtml()
    page.show_article("layer-Attention")
    assert "layer:Attention" not in page.browser.toHtml()


def test_a_button_opens_the_template(window, qtbot):
    page = opened(window, "vae")
    card = page.templates.cards[0]
    assert card.isVisible() and card.name == "vae"
    qtbot.mouseClick(card.open, Qt.MouseButton.LeftButton)
    assert not window.in_gallery and window.session.template == "vae"


def test_the_drawing_comes_from_the_canvas_with_samples_of_its_data(window, qtbot):
    page = opened(window, "gan")
    first = page.browser.loadResource(IMAGE, QUrl("drawing:dcgan"))
    assert first.width() > 400 and first.height() > 100
    assert first.pixelColor(2, 2) == theme().color("canvas")
    qtbot.waitUntil(lambda: window.guide.settled)
    QApplication.processEvents()
    assert page.browser.loadResource(IMAGE, QUrl("drawing:dcgan")) != first
    assert page.browser.loadResource(IMAGE, QUrl("drawing:no-such")).isNull()


def test_it_follows_theme_and_text_size(window, qtbot):
    page = opened(window, "loss")
    light, height = page.browser.document().defaultStyleSheet(), page.browser.document().size().height()
    window.commands.set_theme("dark")
    assert theme() is DARK and DARK.text in page.browser.document().defaultStyleSheet() != light
    window.commands.set_text_size(130)
    assert page.browser.document().size().height() > height * 1.15
    window.commands.set_text_size(100)
    window.commands.set_theme("light")
    assert LIGHT.text in page.browser.document().defaultStyleSheet()


def test_every_article_is_laid_out_within_its_column(window):
    page = opened(window)
    window.resize(1024, 700)
    QApplication.processEvents()
    wide = []
    for name, article in page.articles.items():
        page.show_article(name)
        if page.browser.document().size().width() > page.browser.viewport().width() + 1:
            wide.append(article.title)
    assert not wide


def test_from_the_palette_of_commands(window):
    window.open_template("iris")
    QTest.keyClick(window.canvas, Qt.Key.Key_P, CONTROL | SHIFT)
    palette = window.command_box.palette
    QTest.keyClicks(palette.field, "guide transformer")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.guide.shown and window.guide.page.current.id == "transformer"


def test_nothing_of_it_is_loaded_before_it_is_wanted():
    names = ("markdown_it", "widgets.guide.page", "app.guide_texts")
    script = f"import sys, app.start; print([name for name in {names} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"


def test_the_age_of_a_drawing_is_not_told_while_the_guide_is_read(window):
    window.open_template("iris")
    window.document.do(SetTraining("epochs", 5))
    window.age.say()
    assert window.status.going_on.text().startswith("Changed")
    opened(window)
    window.age.say()
    assert window.status.going_on.text() == "Esc closes the guide."
